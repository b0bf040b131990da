import { parseMethods } from "../../pipeline/index.ts";
import type { ClusterSettings } from "../command-settings.ts";
import type { Effects } from "../effects.ts";
import { methodChoice } from "../methods.ts";
import { runAll } from "../runs.ts";
import { UsageError } from "../usage-error.ts";

/** Clusters a source with one method, once or with several seeds. */
export async function run(settings: ClusterSettings, effects: Effects): Promise<number> {
  const { method } = settings;
  if (method !== undefined && parseMethods(method, settings).length > 1) {
    throw new UsageError(
      `unlabeled cluster: --method must be one method; got "${method}". Several: unlabeled compare --methods.`,
    );
  }
  return runAll(settings, { command: "cluster", methods: methodChoice(settings) }, effects);
}
