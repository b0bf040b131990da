/** The end of a program must not cut off native code in a worker. Needs `npm run build`. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

describe("a program whose worker must finish some work", () => {
  const source = `
    function serve(start, tell, finish) {
      finish(async () => {
        tell("begun");
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
        require("node:fs").writeSync(1, "finished");
      });
    }`;
  /** Runs a program with such a worker, on the built package's platform; gives what the worker writes. */
  async function run(program: string): Promise<string> {
    const built = new URL("../dist/platform/node.js", import.meta.url);
    const text = `
      import { platform } from ${JSON.stringify(built.href)};
      const worker = platform.startWorker(${JSON.stringify(source)});
      ${program}`;
    const words = ["--input-type=module", "--eval", text];
    const cwd = fileURLToPath(new URL("..", import.meta.url));
    return (await promisify(execFile)(process.execPath, words, { cwd })).stdout;
  }

  test("waits for it when it exits", async () => {
    const program = 'worker.onMessage(() => process.exit()); worker.keepAlive(true); worker.post("go");';
    expect(await run(program)).toBe("finished");
  });

  test("waits for it when it ends by itself, though the worker does not keep it alive", async () => {
    const program = `
      worker.onMessage(() => worker.keepAlive(false));
      worker.keepAlive(true);
      worker.post("go");`;
    expect(await run(program)).toBe("finished");
  });
});
