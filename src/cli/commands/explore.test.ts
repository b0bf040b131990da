import { mkdir } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { record, type World } from "../testing/recorder.ts";
import { inEmptyFolders } from "../testing/working-folder.ts";

inEmptyFolders();

/** Asks the server something as soon as its address is printed, then presses Ctrl-C. */
async function explore(words: readonly string[], ask: (url: URL) => Promise<unknown>) {
  let answer: Promise<unknown> | undefined;
  const onWrite: World["onWrite"] = (text, cancel) => {
    const url = /http:\S+/.exec(text.replace(/"/g, " "))?.[0];
    if (url !== undefined) answer = ask(new URL(url)).finally(cancel);
  };
  const said = await record(["explore", ...words], { onWrite });
  return { ...said, answer: await answer };
}

const list = async (url: URL): Promise<unknown> => {
  const token = url.searchParams.get("token") ?? "";
  const response = await fetch(new URL("/api/runs", url), { headers: { "X-Unlabeled-Token": token } });
  return response.json();
};

test("serves a run, opens the browser, and ends at Ctrl-C as it should", async () => {
  await record(["cluster", "tiny", "--clusters", "3", "--out", "runs/first"]);
  const { exitCode, out, error, shown, answer } = await explore(["runs/first"], list);
  expect([exitCode, error]).toEqual([0, ""]);
  expect(out).toMatch(
    /^Explorer of runs\/first: http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}\nCtrl-C ends it\.\n$/,
  );
  expect(shown).toEqual([/http:\S+/.exec(out)?.[0]]);
  expect(answer).toMatchObject({ first: "first", runs: [{ id: "first", source: "tiny", clusters: 3 }] });
});

test("shows the list without a run, prints one line of JSON, and opens no browser where that is not wanted", async () => {
  await mkdir("runs");
  const { exitCode, out, shown, answer } = await explore(["--json", "--no-open"], list);
  expect(exitCode).toBe(0);
  expect(JSON.parse(out)).toEqual({ url: expect.any(String), port: expect.any(Number) });
  expect(out.trimEnd()).not.toContain("\n");
  expect(shown).toEqual([]);
  expect(answer).toEqual({ runs: [], first: null });
});

test("shows the first run of a comparison, and works without any folder of runs", async () => {
  await record(["compare", "tiny", "--methods", "pixels+kmeans", "--runs", "2", "--out", "elsewhere"]);
  const { answer } = await explore(["elsewhere", "--json", "--runs", "nowhere"], list);
  const { runs, first } = answer as { runs: { id: string }[]; first: string };
  expect(runs).toHaveLength(2);
  expect(runs.map(({ id }) => id)).toContain(first);
});

test("says what to do where the port is taken, and where there is no such run", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  const taken = await record(["explore", "--port", String(port)]);
  expect([taken.exitCode, taken.out]).toEqual([2, ""]);
  expect(taken.error).toContain(`port ${port} must be free; got one that another program listens on`);
  expect(taken.error).toContain("--port");
  other.close();
  await mkdir("empty");
  const empty = await record(["explore", "empty"]);
  expect(empty.exitCode).toBe(2);
  expect(empty.error).toContain('"empty" must be a finished run, or a folder of such');
  const nothing = await record(["explore", "runs/nothing"]);
  expect(nothing.exitCode).toBe(2);
  expect(nothing.error).toContain('"runs/nothing" must be');
});
