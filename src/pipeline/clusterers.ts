import { gaussianMixtureStage } from "./gaussian-mixture-stage.ts";
import { consensusStage, graphStage } from "./graph-stages.ts";
import { kMeansStage } from "./k-means-stage.ts";
import { miniBatchKMeansStage } from "./mini-batch-k-means-stage.ts";
import type { ClustererStage } from "./stages.ts";

/** The clusterers that this version runs, by their word in a method's name. */
export const clustererStages: ReadonlyMap<string, ClustererStage> = new Map([
  ["kmeans", kMeansStage],
  ["minibatch-kmeans", miniBatchKMeansStage],
  ["gmm", gaussianMixtureStage],
  ["graph", graphStage],
  ["consensus", consensusStage],
]);
