import { describe, expect, test } from "vitest";
import { platform } from "#platform";
import type { WorkerHandle } from "./platform.ts";

/** What a worker tells first. */
function told(worker: WorkerHandle): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.onMessage(resolve);
    worker.onError(reject);
    worker.keepAlive(true);
  });
}

describe("a worker of Node", () => {
  test("gets its first message as a start, and all others too, each with its buffers", async () => {
    const worker = platform.startWorker(`
      function serve(start, tell) {
        return (bytes) => tell({ start, bytes }, [bytes.buffer]);
      }`);
    worker.post("go");
    const bytes = Uint8Array.of(1, 2);
    worker.post(bytes, [bytes.buffer]);
    expect(await told(worker)).toEqual({ start: "go", bytes: Uint8Array.of(1, 2) });
    expect(bytes.length).toBe(0);
    worker.terminate();
  });

  test("that ends without being told to is an error", async () => {
    const worker = platform.startWorker("function serve() { process.exit(3); }");
    worker.post("go");
    await expect(told(worker)).rejects.toThrow("it ended with code 3");
  });

  test("finishes what it must before it ends, and begins nothing more", async () => {
    const steps = new Int32Array(new SharedArrayBuffer(8));
    const worker = platform.startWorker(`
      function serve(steps, tell, finish) {
        finish(async () => {
          tell("begun");
          Atomics.wait(steps, 1, 0, 200); // stands for native code
          await null;
          Atomics.store(steps, 0, 1);
        }).then(() => finish(() => Atomics.store(steps, 0, 2)));
      }`);
    worker.post(steps);
    expect(await told(worker)).toBe("begun");
    worker.terminate();
    worker.terminate();
    while (Atomics.load(steps, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(Atomics.load(steps, 0)).toBe(1);
  });
});
