import { parseMethods } from "../../pipeline/index.ts";
import type { ClusterSettings } from "../command-settings.ts";
import type { Effects } from "../effects.ts";
import { runAll } from "../runs.ts";
import { UsageError } from "../usage-error.ts";

/** Clusters a source with one method, once or with several seeds. */
export async function run(settings: ClusterSettings, effects: Effects): Promise<number> {
  if (parseMethods(settings.method, settings).length > 1) {
    throw new UsageError(
      `unlabeled cluster: --method must be one method; got "${settings.method}". Several: unlabeled compare --methods.`,
    );
  }
  return runAll(settings, { command: "cluster", methods: settings.method }, effects);
}
