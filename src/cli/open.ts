/** Steps that several commands begin with. */

import type { AskedSettings, EnvironmentRecord } from "../experiment/index.ts";
import { type Compute, createCompute } from "../kernels/index.ts";
import type { Runtime } from "../neural/index.ts";
import { randomGenerator } from "../random/index.ts";
import type { NetworkSettings } from "./command-settings.ts";
import type { Effects } from "./effects.ts";
import { networkChoices } from "./network.ts";
import { UsageError } from "./usage-error.ts";

/** The settings that a command asks for. */
export function runSettings(
  settings: Omit<AskedSettings, "network"> & NetworkSettings & { readonly encoder: string | undefined },
): AskedSettings {
  const { init, restarts, maxIterations, tolerance, covariance, neighbors, sample, resolution, encoder } =
    settings;
  const { scaling } = settings;
  const network = { ...networkChoices(settings), ...(encoder !== undefined && { encoder }) };
  const asked = Object.keys(network).length > 0;
  const fit = {
    init,
    restarts,
    maxIterations,
    tolerance,
    covariance,
    neighbors,
    sample,
    resolution,
    scaling,
  };
  return { ...fit, ...(asked && { network }) };
}

/** Number of threads that a command computes on. */
export function threadsOf({ threads }: { readonly threads: number | undefined }, effects: Effects): number {
  return threads ?? Math.min(effects.hardwareThreads, 256);
}

/** Threads for a command; the caller closes them. */
export function openCompute(threads: number | undefined, effects: Effects): Compute {
  return createCompute({ threads: threadsOf({ threads }, effects) });
}

/** ONNX Runtime for a command, which the caller closes; where it is not the fastest one, the user is told once. */
export async function openNetworks(threads: number, effects: Effects): Promise<Runtime> {
  const runtime = await effects.openRuntime(threads);
  if (runtime.notice) effects.warn(`unlabeled: ${runtime.notice}`);
  return runtime;
}

/** What a run's record keeps of program and machine. */
export function environment(effects: Effects, compute: Compute): EnvironmentRecord {
  return {
    unlabeled: effects.version,
    random: randomGenerator,
    runtime: effects.runtime,
    threads: compute.threads,
    createdAt: effects.date(),
  };
}

/** @throws {UsageError} if a flag asks for more clusters than there are images */
export function checkFlagClusters(command: string, flag: string, clusters: number, images: number): void {
  if (clusters > images) {
    throw new UsageError(
      `unlabeled ${command}: ${flag} must be an integer in 1..${images} (the number of images); got ${clusters}.`,
    );
  }
}

/** What the folder of a result is called: `<source>-<what>-<seed>`, in characters that every file system takes. */
export function defaultName(source: string, what: string, seed: number): string {
  return fileName(`${source}-${what}-${seed}`);
}

/** Default folder of a result. */
export function defaultFolder(source: string, what: string, seed: number): string {
  return `runs/${defaultName(source, what, seed)}`;
}

/** The text as a name for a file: letters and digits of any language, and `. _ + -`. */
export function fileName(text: string): string {
  return text.replace(/[^\p{L}\p{N}._+-]+/gu, "-");
}
