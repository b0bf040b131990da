/** The library prints nothing, nor does ONNX Runtime in it, whatever goes wrong. Needs `npm run build`. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { nativeExpected, runtimeNames } from "../src/neural/testing/runtimes.ts";

const program = (only: string): string => `
  import assert from "node:assert/strict";
  import { neural, openRuntime } from "unlabeled";
  const runtime = await openRuntime({ only: ${JSON.stringify(only)}, threads: 2 });
  await assert.rejects(runtime.load(Uint8Array.of(1, 2, 3)), { name: "FormatError" });
  const [a, b] = ["a", "b"].map((name) => neural.input(name, "float32", ["n"]));
  const model = neural.encodeModel({ name: "sum", inputs: [a, b], outputs: { sum: neural.add(a, b) } });
  const session = await runtime.load(model);
  const vector = (length) => ({ type: "float32", shape: [length], data: new Float32Array(length) });
  const run = (m, n) => session.run({ a: vector(m), b: vector(n) }, { fetch: ["sum"] });
  await assert.rejects(run(2, 3), { name: "InputError" });
  await run(2, 2);
  // Neither closed nor released: an idle runtime does not keep the program alive.
`;

test.each(runtimeNames.filter((name) => name !== "onnxruntime-node" || nativeExpected))(
  "a program that uses %s, and uses it wrongly, ends by itself and prints nothing",
  async (only) => {
    const words = ["--input-type=module", "--eval", program(only)];
    const cwd = fileURLToPath(new URL("..", import.meta.url));
    const { stdout, stderr } = await promisify(execFile)(process.execPath, words, { cwd });
    expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "" });
  },
);
