import { describe, expect, test } from "vitest";
import { platform } from "#platform";
import { OptionError, UnlabeledError } from "../../errors.ts";
import type { OnnxPackage, PackageLocation, Platform } from "../../platform/platform.ts";
import { apply, input } from "../graph/tensor.ts";
import { encodeModel } from "../onnx/index.ts";
import { nativeExpected } from "../testing/runtimes.ts";
import { openRuntime, type RuntimeName } from "./index.ts";
import { openRuntimeOn } from "./open.ts";

function found(name: RuntimeName): PackageLocation {
  return (platform.onnxPackages.find((candidate) => candidate.name === name) as OnnxPackage).locate();
}

/** This platform, where the named packages are found by other means. */
function platformWith(locations: Partial<Record<RuntimeName, () => PackageLocation>>): Platform {
  const onnxPackages = platform.onnxPackages.map(({ name, locate }) => ({
    name,
    locate: locations[name] ?? locate,
  }));
  return { ...platform, onnxPackages };
}

const missing = (name: RuntimeName) => (): PackageLocation => {
  throw new Error(`Cannot find module '${name}'\nRequire stack:\n- here`);
};

/** A package that is there and whose native part does not load. */
const broken = (): PackageLocation => ({
  from: "worker",
  url: "data:text/javascript,throw new Error('libonnxruntime.so.1: wrong ELF class.')",
});

const remedy = "Remedy: npm i onnxruntime-node --ignore-scripts";
const slower = `so networks run on WebAssembly, 3 to 8 times slower. ${remedy}`;

describe("openRuntime", () => {
  test.skipIf(!nativeExpected)(
    "takes the native runtime where it can be had, with nothing to excuse",
    async () => {
      const runtime = await openRuntime({ threads: 1 });
      expect(runtime).toMatchObject({ name: "onnxruntime-node", threads: 1 });
      expect(runtime.notice).toBeUndefined();
      runtime.close();
    },
  );

  test.each([
    ["missing", missing("onnxruntime-node"), "Cannot find module 'onnxruntime-node'"],
    ["broken", broken, "libonnxruntime.so.1: wrong ELF class"],
  ])(
    "takes WebAssembly where the native runtime is %s, and says why in one line",
    async (_, locate, reason) => {
      const runtime = await openRuntimeOn(platformWith({ "onnxruntime-node": locate }), { threads: 2 });
      expect(runtime).toMatchObject({ name: "onnxruntime-web", threads: 2 });
      expect(runtime.notice).toBe(`onnxruntime-node cannot be loaded (${reason}), ${slower}`);
      runtime.close();
    },
  );

  test("throws where nothing can be loaded, with every reason and the remedy", async () => {
    const nothing = platformWith({
      "onnxruntime-node": broken,
      "onnxruntime-web": missing("onnxruntime-web"),
    });
    const failure: unknown = await openRuntimeOn(nothing, {}).catch((error) => error);
    expect(failure).toBeInstanceOf(UnlabeledError);
    expect((failure as Error).message).toBe(
      `openRuntime: ONNX Runtime must be installed; got onnxruntime-node: libonnxruntime.so.1: wrong ELF class; onnxruntime-web: Cannot find module 'onnxruntime-web'. ${remedy}`,
    );
  });

  test("takes no other runtime than the one that is asked for", async () => {
    const withoutNative = platformWith({ "onnxruntime-node": missing("onnxruntime-node") });
    await expect(openRuntimeOn(withoutNative, { only: "onnxruntime-node" })).rejects.toThrow(
      "openRuntime: ONNX Runtime must be installed; got onnxruntime-node: Cannot find module",
    );
    const page = { ...platform, onnxPackages: platform.onnxPackages.slice(1) };
    await expect(openRuntimeOn(page, { only: "onnxruntime-node" })).rejects.toThrow(
      new OptionError('openRuntime: only must be one of onnxruntime-web here; got "onnxruntime-node".'),
    );
  });

  test.each([0, 1.5, 257, Number.NaN])("throws for %d threads", async (threads) => {
    await expect(openRuntime({ threads })).rejects.toThrow(
      new OptionError(`openRuntime: threads must be an integer in 1..256; got ${threads}.`),
    );
  });

  test("runs on one thread, and says so, where memory cannot be shared", async () => {
    const runtime = await openRuntimeOn({ ...platform, sharedMemory: false }, { threads: 4 });
    expect(runtime.threads).toBe(1);
    runtime.close();
  });
});

describe("a package that only the page can load", () => {
  test("is served beside the page's own code, with the same answers", async () => {
    const { url } = found("onnxruntime-web") as { readonly url: string };
    const load = (): Promise<unknown> => import(/* @vite-ignore */ url);
    const page = platformWith({ "onnxruntime-web": () => ({ from: "page", load }) });
    const runtime = await openRuntimeOn(page, { only: "onnxruntime-web", threads: 1 });
    const a = input("a", "float32", [2]);
    const double = apply("Add", [a, a], { type: "float32", shape: [2] });
    const session = await runtime.load(encodeModel({ name: "double", inputs: [a], outputs: { double } }));
    const value = { type: "float32", shape: [2], data: Float32Array.of(1, 2) } as const;
    await session.set({ a: value });
    await session.run({}, { fetch: [], carry: { double: "a" } });
    expect(await session.run({}, { fetch: ["double"] })).toEqual({
      double: { ...value, data: Float32Array.of(4, 8) },
    });
    expect(value.data).toEqual(Float32Array.of(1, 2));
    const running = session.run({}, { fetch: ["double"] });
    runtime.close();
    await expect(running).rejects.toThrow("onnxruntime-web: the runtime was closed.");
  });
});
