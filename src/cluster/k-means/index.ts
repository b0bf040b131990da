export { assignBatch, type Batch } from "./batch.ts";
export { assign, fit, predict, score, steps, trace, transform } from "./k-means.ts";
export { checkKMeansOptions, defaults } from "./options.ts";
export type {
  KMeansAlgorithm,
  KMeansCenters,
  KMeansFit,
  KMeansInit,
  KMeansModel,
  KMeansOptions,
  KMeansSettings,
  KMeansStep,
  KMeansTrace,
} from "./types.ts";
