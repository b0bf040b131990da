import type { CompareSettings } from "../command-settings.ts";
import type { Effects } from "../effects.ts";
import { runAll } from "../runs.ts";

/** Clusters a source with several methods, each with several seeds. */
export async function run(settings: CompareSettings, effects: Effects): Promise<number> {
  return runAll(settings, { command: "compare", methods: settings.methods }, effects);
}
