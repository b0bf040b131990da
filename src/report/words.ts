/** Methods and sources in plain words. */

import type { RunRecord, SourceRecord, TrainingRecord } from "../experiment/index.ts";
import { count, enumeration, quantity } from "../presentation/index.ts";

const featureWords: Readonly<Record<string, string>> = {
  pixels: "raw pixels",
  vectors: "the vectors",
  pca: "principal components of the pixels",
  hog: "histograms of oriented gradients",
  scattering: "wavelet scattering",
  "dense-ae": "the code of a dense autoencoder",
  "conv-ae": "the code of a convolutional autoencoder",
  "seed-conv-ae": "the code of a convolutional and dense autoencoder",
  "vanilla-ae": "the code of a one-layer autoencoder",
  "deep-ae": "the code of a deep autoencoder",
  "denoising-ae": "the code of a denoising autoencoder",
  "sparse-ae": "the code of a sparse autoencoder",
  vae: "the code of a variational autoencoder",
  onnx: "the user's own encoder",
};

/** What the clusters were sought among; everything that measures a distance depends on it. */
export type Space = "pixels" | "vectors" | "code" | "features";

/** The space that a run's clusterer worked in: `code` where a network, and nothing after it, made the numbers. */
export function spaceOf({ method }: Pick<RunRecord, "method">): Space {
  if (method in jointWords) return "code";
  const parts = method.split("+");
  const features = parts[0] ?? "";
  if (parts.length !== 2) return "features";
  if (features === "pixels" || features === "vectors") return features;
  return features === "onnx" || isNetwork(features) ? "code" : "features";
}

/** An architecture in words: `convolutional autoencoder`; as it is spelled where the word is not known. */
export function networkWords(architecture: string): string {
  if (!isNetwork(architecture)) return architecture;
  return (featureWords[architecture] ?? "").slice(codeOf.length);
}

const codeOf = "the code of a ";

function isNetwork(word: string): boolean {
  return featureWords[word]?.startsWith(codeOf) ?? false;
}

const clustererWords: Readonly<Record<string, string>> = {
  kmeans: "K-Means",
  "minibatch-kmeans": "mini-batch K-Means",
  gmm: "a Gaussian mixture",
  graph: "communities of the neighbour graph",
  consensus: "a consensus of many partitions",
};

const jointWords: Readonly<Record<string, string>> = {
  dec: "deep embedded clustering (DEC)",
  idec: "improved deep embedded clustering (IDEC)",
};

/** What a source holds, one of it: `image` or `vector`. */
export function itemOf({ vectors }: Pick<SourceRecord, "vectors">): string {
  return vectors ? "vector" : "image";
}

/** A sentence of ours that speaks of images, as it is of vectors where the source holds these. Not for words of users. */
export function ofItems(text: string, source: Pick<SourceRecord, "vectors">): string {
  if (!source.vectors) return text;
  return text
    .replace(/\b([Aa])n image\b/g, "$1 vector")
    .replace(/\bimage(s?)\b/g, "vector$1")
    .replace(/\bImage(s?)\b/g, "Vector$1");
}

/**
 * A method in words, `K-Means on raw pixels`; as it is spelled where a word is not known.
 *
 * @param source what it clustered; default: images
 */
export function methodWords(method: string, source?: Pick<SourceRecord, "vectors">): string {
  const words = wordsOf(method);
  return source?.vectors ? words.replace("components of the pixels", "components of the vectors") : words;
}

function wordsOf(method: string): string {
  const joint = jointWords[method];
  if (joint !== undefined) return joint;
  const parts = method.split("+");
  const clusterer = clustererWords[parts[parts.length - 1] ?? ""];
  const features = parts[0]?.split(":").map((word) => featureWords[word]);
  const manifold = parts.slice(1, -1);
  if (clusterer === undefined || features === undefined || features.some((word) => word === undefined)) {
    return `the method ${method}`;
  }
  if (manifold.some((word) => word !== "umap")) return `the method ${method}`;
  return `${clusterer} on ${manifold.length > 0 ? "a UMAP map of " : ""}${enumeration(features as string[])}`;
}

/** Whether a method's iterations are batches of images, so that its objective is an estimate that also rises. */
export function worksInBatches(method: string): boolean {
  return method.endsWith("+minibatch-kmeans");
}

/** `mnist (train)`; of a whole source, only its name. */
export function sourceWords(source: SourceRecord): string {
  return source.split === "all" ? source.name : `${source.name} (${source.split})`;
}

/** `28 × 28, grey`; of vectors `768 numbers each`. */
export function sizeWords(source: SourceRecord): string {
  if (source.vectors) return `${quantity(source.width, "number")} each`;
  const colour = { 1: "grey", 3: "colour", 4: "colour with opacity" }[source.channels];
  return `${source.height} × ${source.width}, ${colour ?? quantity(source.channels, "channel")}`;
}

/** `60,000 images of mnist (train)`. */
export function imagesWords(source: SourceRecord): string {
  return `${quantity(source.count, itemOf(source))} of ${sourceWords(source)}`;
}

/** Seconds that the epochs of a training took. */
export function trainingSeconds({ epochs }: TrainingRecord): number {
  return epochs.reduce((total, { seconds }) => total + seconds, 0);
}

/** Numbers of seeds as people would write them: `0 to 29`, or `0, 3, 7`. */
export function seedWords(seeds: readonly number[]): string {
  const sorted = [...new Set(seeds)].sort((a, b) => a - b);
  const first = sorted[0];
  const last = sorted[sorted.length - 1];
  if (first === undefined || last === undefined) return "";
  const gapless = sorted.length > 2 && last - first === sorted.length - 1;
  return gapless ? `${first} to ${last}` : sorted.map((seed) => `${seed}`).join(", ");
}

/** `10 clusters`, or the range over several runs. */
export function clustersWords(clusters: readonly number[]): string {
  const low = Math.min(...clusters);
  const high = Math.max(...clusters);
  return low === high ? quantity(low, "cluster") : `${count(low)} to ${count(high)} clusters`;
}
