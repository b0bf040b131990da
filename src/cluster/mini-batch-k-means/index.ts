export {
  assign,
  fit,
  fitStream,
  predict,
  score,
  steps,
  streamSteps,
  transform,
} from "./mini-batch-k-means.ts";
export { checkMiniBatchKMeansOptions, defaults } from "./options.ts";
export type {
  Chunks,
  MiniBatchKMeansFit,
  MiniBatchKMeansInit,
  MiniBatchKMeansModel,
  MiniBatchKMeansOptions,
  MiniBatchKMeansSettings,
  MiniBatchKMeansStep,
} from "./types.ts";
