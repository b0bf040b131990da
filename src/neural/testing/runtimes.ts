/** Tests that run on each runtime. */
import { afterAll, beforeAll, describe, expect } from "vitest";
import { openRuntime, type Runtime, type RuntimeName } from "../runtime/index.ts";

export const runtimeNames: readonly RuntimeName[] = ["onnxruntime-node", "onnxruntime-web"];

/**
 * Describes what holds on every runtime; each must be there, and must be the one that runs.
 *
 * Loading WebAssembly takes two seconds for each file of tests: what has no kernels of its own holds on one runtime if
 * it holds on the other, and is described by {@link describeNative}.
 *
 * @param body gets the runtime once tests run
 */
export function describeRuntimes(
  title: string,
  body: (runtime: () => Runtime, name: RuntimeName) => void,
  names: readonly RuntimeName[] = runtimeNames,
): void {
  describe.each(names)(`${title} (%s)`, (only) => {
    let runtime: Runtime;
    beforeAll(async () => {
      runtime = await openRuntime({ only, threads: 1 });
      expect(runtime.name).toBe(only);
    });
    afterAll(() => runtime.close());
    body(() => runtime, only);
  });
}

/** Describes what is enough to be seen on the native runtime. */
export function describeNative(title: string, body: (runtime: () => Runtime) => void): void {
  describeRuntimes(title, body, ["onnxruntime-node"]);
}
