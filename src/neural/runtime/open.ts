import { platform } from "#platform";
import { messageOf, OptionError, UnlabeledError } from "../../errors.ts";
import type { OnnxPackage, Platform } from "../../platform/platform.ts";
import { threadsOf } from "../../platform/threads.ts";
import { apply, input } from "../graph/tensor.ts";
import { encodeModel } from "../onnx/index.ts";
import { Connection } from "./connection.ts";
import { workerSource } from "./generated/worker.ts";
import { startInPage } from "./in-page.ts";
import type { Opened } from "./messages.ts";
import type { Runtime, RuntimeName } from "./runtime.ts";
import { loadSession } from "./session.ts";

/** Which runtime {@link openRuntime} starts, and with how many threads. */
export interface RuntimeOptions {
  /** Integer in 1..256; default one for each core. */
  readonly threads?: number | undefined;
  /** No other than this one; default the first that can be loaded. */
  readonly only?: RuntimeName | undefined;
}

/**
 * Starts ONNX Runtime in a thread of its own, the native one where it can be had, else WebAssembly.
 *
 * It sleeps between calls and does not keep a program alive.
 *
 * @param options.threads integer in 1..256, default one for each core; 1 where memory cannot be shared
 * @param options.only takes this runtime or fails
 * @throws {OptionError} for a number of threads out of range, or a runtime that this platform does not have
 * @throws {UnlabeledError} if no runtime can be loaded
 */
export function openRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  return openRuntimeOn(platform, options);
}

/** {@link openRuntime} on any platform. */
export async function openRuntimeOn(platform: Platform, options: RuntimeOptions): Promise<Runtime> {
  const threads = threadsOf("openRuntime", platform, options.threads);
  const packages = platform.onnxPackages.filter(({ name }) => name === (options.only ?? name));
  if (packages.length === 0) {
    const names = platform.onnxPackages.map(({ name }) => name).join(", ");
    throw new OptionError(`openRuntime: only must be one of ${names} here; got "${options.only}".`);
  }
  const failures: { readonly name: RuntimeName; readonly error: unknown }[] = [];
  for (const candidate of packages) {
    try {
      return await open(platform, candidate, platform.sharedMemory ? threads : 1, failures[0]);
    } catch (error) {
      failures.push({ name: candidate.name, error });
    }
  }
  const reasons = failures.map(({ name, error }) => `${name}: ${firstLine(error)}`).join("; ");
  throw new UnlabeledError(`openRuntime: ONNX Runtime must be installed; got ${reasons}. ${remedy}`, {
    cause: failures[0]?.error,
  });
}

const remedy = "Remedy: npm i onnxruntime-node --ignore-scripts";

async function open(
  platform: Platform,
  candidate: OnnxPackage,
  threads: number,
  failure: { readonly name: RuntimeName; readonly error: unknown } | undefined,
): Promise<Runtime> {
  const { name } = candidate;
  const location = candidate.locate();
  const connection =
    location.from === "worker"
      ? new Connection(platform.startWorker(workerSource), { name, threads, url: location.url })
      : new Connection(startInPage(), { name, threads, module: await location.load() });
  let opened: Opened;
  try {
    opened = await connection.ask<Opened>({ ask: "open", session: 0, probe: probe() });
  } catch (error) {
    connection.close();
    throw error;
  }
  let lastSession = 0;
  return {
    name,
    version: opened.version,
    threads: opened.threads,
    ...(failure && { notice: notice(failure) }),
    load: (model) => loadSession(connection, ++lastSession, model),
    close: () => connection.close(),
  };
}

/** The least of models: what goes in comes out. */
function probe(): Uint8Array {
  const value = input("in", "float32", [1]);
  const same = apply("Identity", [value], { type: "float32", shape: [1] });
  return encodeModel({ name: "probe", inputs: [value], outputs: { out: same } });
}

function notice({ name, error }: { readonly name: RuntimeName; readonly error: unknown }): string {
  return `${name} cannot be loaded (${firstLine(error)}), so networks run on WebAssembly, 3 to 8 times slower. ${remedy}`;
}

function firstLine(error: unknown): string {
  const [line = ""] = messageOf(error).split("\n");
  return line.replace(/\.$/, "");
}
