import type { CompareSettings } from "../command-settings.ts";
import type { Effects } from "../effects.ts";
import { runAll } from "../runs.ts";

/** Methods of a comparison that names none: from pixels upwards. */
const ladder = "pixels+kmeans,dense-ae+kmeans,conv-ae+kmeans";

/** The same for `strokes`, the first thing that people run: well under a minute. */
const shortLadder = "pixels+kmeans,conv-ae+kmeans";

/** Clusters a source with several methods, each with several seeds. */
export async function run(settings: CompareSettings, effects: Effects): Promise<number> {
  return runAll(settings, { command: "compare", methods: comparedMethods(settings) }, effects);
}

/** The methods that were asked for, separated by commas, or those that suit the source. */
export function comparedMethods({ methods, source }: CompareSettings): string {
  return methods ?? (source === "strokes" ? shortLadder : ladder);
}
