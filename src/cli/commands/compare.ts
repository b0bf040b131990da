import { isVectors } from "../../images/index.ts";
import type { CompareSettings } from "../command-settings.ts";
import type { Effects } from "../effects.ts";
import type { MethodChoice } from "../methods.ts";
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

/**
 * The same for vectors, which are somebody's code already: what K-Means, a mixture and graphs make of them. A mixture of
 * more columns is left out: with so many, each of its probabilities is 0 or 1, and it says no more than K-Means.
 */
const vectorLadder = "vectors+kmeans,vectors+gmm,vectors+umap+kmeans,vectors+graph,vectors+consensus";
const MIXTURE_WIDTH = 512;

/** Clusters a source with several methods, each with several seeds. */
export async function run(settings: CompareSettings, effects: Effects): Promise<number> {
  const short = settings.methods === undefined && settings.source === "strokes";
  const epochs = settings.epochs ?? (short ? SHORT_EPOCHS : undefined);
  return runAll({ ...settings, epochs }, { command: "compare", methods: comparedMethods(settings) }, effects);
}

/** The methods that were asked for, or those that suit the source. */
export function comparedMethods({ methods, source }: CompareSettings): MethodChoice {
  return (images) => {
    if (methods !== undefined) return methods;
    if (!images || !isVectors(images)) return source === "strokes" ? shortLadder : ladder;
    return images.width > MIXTURE_WIDTH ? vectorLadder.replace(",vectors+gmm", "") : vectorLadder;
  };
}
