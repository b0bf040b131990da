/** Tests that run on each runtime. */
import { createRequire } from "node:module";
import { env } from "node:process";
import { beforeAll, describe, expect } from "vitest";
import { openRuntime, type Runtime, type RuntimeName } from "../runtime/index.ts";

export const runtimeNames: readonly RuntimeName[] = ["onnxruntime-node", "onnxruntime-web"];

/**
 * Whether tests may use the native runtime. npm leaves it out where it cannot be installed; its tests are skipped
 * there, visibly, unless UNLABELED_REQUIRE_NATIVE is set.
 */
export const nativeExpected: boolean = env.UNLABELED_REQUIRE_NATIVE !== undefined || isInstalled();

/** For tests that need some runtime: the native one where it may be used. */
export const anyRuntime: RuntimeName = nativeExpected ? "onnxruntime-node" : "onnxruntime-web";

const shared = new Map<RuntimeName, Promise<Runtime>>();

/**
 * A runtime on one thread that all files of a process share, and nobody closes: to load WebAssembly takes a second. What
 * closes a runtime, or may break it, opens one of its own.
 */
export async function sharedRuntime(only: RuntimeName = anyRuntime): Promise<Runtime> {
  const opened = shared.get(only) ?? openRuntime({ only, threads: 1 });
  shared.set(only, opened);
  return { ...(await opened), close: () => {} };
}

function isInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve("onnxruntime-node");
    return true;
  } catch {
    return false;
  }
}

/**
 * Describes what holds on every runtime; each must be there, and must be the one that runs.
 *
 * WebAssembly is slow: what has no kernels of its own holds on one runtime if it holds on the other, and is described by
 * {@link describeNative}.
 *
 * @param body gets the runtime once tests run
 */
export function describeRuntimes(
  title: string,
  body: (runtime: () => Runtime, name: RuntimeName) => void,
  names: readonly RuntimeName[] = runtimeNames,
): void {
  for (const only of names) {
    describe.skipIf(only === "onnxruntime-node" && !nativeExpected)(`${title} (${only})`, () => {
      let runtime: Runtime;
      beforeAll(async () => {
        runtime = await sharedRuntime(only);
        expect(runtime.name).toBe(only);
      });
      body(() => runtime, only);
    });
  }
}

/** Describes what is enough to be seen on one runtime: the native one, where it may be used. */
export function describeNative(title: string, body: (runtime: () => Runtime) => void): void {
  describeRuntimes(title, body, [anyRuntime]);
}

/**
 * What a program wrote to standard error, less the one line that tells of the missing native runtime. Where tests use
 * the native one, nothing is taken.
 */
export function withoutRuntimeNotice(error: string): string {
  return nativeExpected ? error : error.replace(/^unlabeled: onnxruntime-node cannot be loaded .*\n/m, "");
}
