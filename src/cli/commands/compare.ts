import type { CompareSettings } from "../command-settings.ts";
import type { Effects } from "../effects.ts";
import { runAll } from "../runs.ts";

/**
 * Methods of a comparison that names none, from pixels upwards: codes of networks, their mixtures and graphs, views and
 * their graph, consensus, joint training. Methods with the same network share it.
 */
const ladder =
  "pixels+kmeans,conv-ae+kmeans,conv-ae+gmm,deep-ae+kmeans,deep-ae+graph,pca:hog+graph,pca:hog:scattering+consensus,idec";

/** The same for `strokes`, the first thing that people run: under a minute, even where networks run on WebAssembly. */
const shortLadder = "pixels+kmeans,conv-ae+kmeans,conv-ae+gmm,pca:hog+graph";
const SHORT_EPOCHS = 10;

/** Clusters a source with several methods, each with several seeds. */
export async function run(settings: CompareSettings, effects: Effects): Promise<number> {
  const methods = comparedMethods(settings);
  const short = settings.methods === undefined && methods === shortLadder;
  const epochs = settings.epochs ?? (short ? SHORT_EPOCHS : undefined);
  return runAll({ ...settings, epochs }, { command: "compare", methods }, effects);
}

/** The methods that were asked for, separated by commas, or those that suit the source. */
export function comparedMethods({ methods, source }: CompareSettings): string {
  return methods ?? (source === "strokes" ? shortLadder : ladder);
}
