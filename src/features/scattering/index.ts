export { defaults } from "./options.ts";
export { apply, fit } from "./scattering.ts";
export { scatteringTensor } from "./tensor.ts";
export { scattering, scatteringChunks } from "./transform.ts";
export type {
  ScatteringFit,
  ScatteringModel,
  ScatteringOptions,
  ScatteringSettings,
  ScatteringStep,
  ScatteringViewOptions,
  ScatteringViewSettings,
} from "./types.ts";
