export { defaults } from "./options.ts";
export {
  explainedVarianceRatio,
  fit,
  fitChunks,
  inverse,
  noiseVariance,
  transform,
  transformChunks,
} from "./pca.ts";
export { chunksOf } from "./stages.ts";
export { pcaTensor } from "./tensor.ts";
export type { PcaFit, PcaModel, PcaOptions, PcaSettings, PcaSolver, SampleChunks } from "./types.ts";
