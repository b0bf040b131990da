import { describe, expect, test } from "vitest";
import { CancelledError } from "../../errors.ts";
import type { WorkerHandle } from "../../platform/platform.ts";
import { Connection } from "./connection.ts";

/** A worker that writes down what happens to it, and says what the test tells it to. */
function fakeWorker() {
  const log: unknown[] = [];
  let say: (message: unknown) => void = () => {};
  let die: (error: Error) => void = () => {};
  const worker: WorkerHandle = {
    post: (message) => log.push(message),
    onMessage: (listener) => {
      say = listener;
    },
    onError: (listener) => {
      die = listener;
    },
    keepAlive: (on) => log.push(on ? "awake" : "asleep"),
    terminate: () => log.push("ended"),
  };
  const connection = new Connection(worker, { name: "onnxruntime-node", threads: 1 });
  log.length = 0;
  return { connection, log, say: (m: unknown) => say(m), die: (e: Error) => die(e) };
}

const get = (name: string) => ({ ask: "get", session: 1, names: [name] }) as const;

describe("a connection to the runtime's worker", () => {
  test("keeps the program alive exactly while someone waits for an answer", async () => {
    const { connection, log, say } = fakeWorker();
    const answers = [connection.ask(get("a")), connection.ask(get("b"))];
    expect(log.filter((entry) => typeof entry === "string")).toEqual(["awake", "awake"]);
    say({ id: 1, result: "first" });
    expect(log.at(-1)).toBe("awake");
    say({ id: 2, result: "second" });
    expect(log.at(-1)).toBe("asleep");
    expect(await Promise.all(answers)).toEqual(["first", "second"]);
  });

  test("gives each answer to its question, and refusals as errors", async () => {
    const { connection, say } = fakeWorker();
    const [a, b] = [connection.ask(get("a")), connection.ask(get("b"))];
    say({ id: 2, error: "no" });
    say({ id: 1, result: 1 });
    await expect(b).rejects.toThrow("no");
    expect(await a).toBe(1);
  });

  test("tells all who wait, and all who come later, that the worker died", async () => {
    const { connection, log, die } = fakeWorker();
    const waiting = connection.ask(get("a"));
    die(new Error("it ended with code 9"));
    const message = "onnxruntime-node: its thread ended unexpectedly: it ended with code 9";
    await expect(waiting).rejects.toThrow(message);
    await expect(connection.ask(get("b"))).rejects.toThrow(message);
    expect(log.slice(-2)).toEqual(["asleep", "ended"]);
    connection.close();
    await expect(connection.ask(get("b"))).rejects.toThrow(message);
  });

  test("cancels all who wait when it is closed, ends the worker once, and hears no late answers", async () => {
    const { connection, log, say } = fakeWorker();
    const waiting = connection.ask(get("a"));
    connection.close();
    connection.close();
    say({ id: 1, result: "late" });
    await expect(waiting).rejects.toThrow(CancelledError);
    expect(log.filter((entry) => entry === "ended")).toHaveLength(1);
  });
});
