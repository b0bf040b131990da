/** What methods do, in plain sentences, for people who choose one. */
import { isArchitecture } from "../features/autoencoder/index.ts";
import { featureStages } from "./features.ts";
import { availableMethods, parseMethod } from "./method.ts";
import { trainsNetwork } from "./networks.ts";

/** One method, for a list to choose from. */
export interface MethodDescription {
  readonly name: string;
  /** One or two plain sentences. */
  readonly meaning: string;
  /** Whether a network is trained, epoch by epoch. */
  readonly trains: boolean;
  readonly takes: "images" | "vectors" | "images and vectors";
}

const features: Readonly<Record<string, string>> = {
  pixels: "Compares images pixel by pixel",
  vectors: "Compares the numbers of the source as they are",
  pca: "Compares images by the 50 principal components in which they differ most",
  hog: "Compares images by the directions of their edges",
  scattering: "Compares images by wavelets, which hardly change when a drawing is shifted or bent",
  "vanilla-ae": "Trains the smallest autoencoder, one hidden layer, and compares images by its code",
  "dense-ae": "Trains a small dense autoencoder and compares images by its code",
  "deep-ae":
    "Trains a deep dense autoencoder (500-500-2000-10) and compares images by its code of ten numbers",
  "conv-ae": "Trains a convolutional autoencoder and compares images by its code",
  "seed-conv-ae": "Trains an autoencoder of one convolution and dense layers and compares images by its code",
  "denoising-ae":
    "Trains an autoencoder to restore images of which a fifth is missing and compares images by its code",
  "sparse-ae": "Trains an autoencoder whose wide code uses few numbers at a time and compares images by it",
  vae: "Trains a variational autoencoder, whose codes fill a round cloud, and compares images by them",
  onnx: "Compares images by a network of your own",
};

const clusterers: Readonly<Record<string, string>> = {
  kmeans: "K-Means puts each image to the nearest of k centers.",
  "minibatch-kmeans":
    "K-Means in small batches, for very many images, puts each image to the nearest of k centers.",
  gmm: "A mixture of k normal distributions says how probably each image belongs to each cluster.",
  graph: "Clusters are groups whose images are each other's nearest neighbours; they may have any shape.",
  consensus: "Many such groupings by neighbours vote: slower, steadier, with a confidence for each image.",
};

const single: Readonly<Record<string, string>> = {
  auto: "Our recipe for all images: principal components, edges and wavelets together, and groups of nearest neighbours. The best guess where nothing is known.",
  dec: "Trains a deep autoencoder, then draws its codes to k centers (deep embedded clustering).",
  idec: "As dec, but goes on learning to draw the images, so that centers can be looked at.",
};

/**
 * What a method does, in one or two sentences.
 *
 * @throws {OptionError} as `parseMethod`
 */
export function describeMethod(name: string): MethodDescription {
  const method = parseMethod(name);
  const spelled = [
    `${method.features.map((word) => features[word] ?? word).join("; ")}.`,
    method.manifold === undefined ? "" : "A map (UMAP) brings near images together.",
    clusterers[method.clusterer] ?? "",
  ];
  return {
    name,
    meaning: single[name] ?? spelled.filter(Boolean).join(" "),
    trains: trainsNetwork(method),
    takes: name === "auto" ? "images and vectors" : takenBy(method.features),
  };
}

function takenBy(words: readonly string[]): MethodDescription["takes"] {
  const [first = "", ...others] = words.map((word) => featureStages.get(word)?.takes ?? "images");
  return others.every((other) => other === first) ? (first as MethodDescription["takes"]) : "images";
}

/** Methods to choose from: all of one view that need no file of the user's own; networks last, `auto` first. */
export function describedMethods(): readonly MethodDescription[] {
  const names = availableMethods().filter((name) => !name.startsWith("onnx+"));
  const rank = (name: string): number =>
    name === "auto" ? 0 : single[name] ? 3 : isArchitecture(name.split("+")[0] ?? "") ? 2 : 1;
  return names.sort((a, b) => rank(a) - rank(b)).map(describeMethod);
}
