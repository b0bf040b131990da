import { parseMethods } from "../../pipeline/index.ts";
import type { ClusterSettings } from "../command-settings.ts";
import type { Effects } from "../effects.ts";
import { methodChoice } from "../methods.ts";
import { type RunsPlan, runAll } from "../runs.ts";
import { UsageError } from "../usage-error.ts";

/** Clusters a source with one method, once or with several seeds. */
export async function run(settings: ClusterSettings, effects: Effects): Promise<number> {
  return runAll(settings, clusterPlan(settings), effects);
}

/** @throws {UsageError} for several methods */
export function clusterPlan(settings: ClusterSettings): RunsPlan {
  const { method } = settings;
  if (method !== undefined && parseMethods(method, settings).length > 1) {
    throw new UsageError(
      `unlabeled cluster: --method must be one method; got "${method}". Several: unlabeled compare --methods.`,
    );
  }
  return { command: "cluster", methods: methodChoice(settings) };
}
