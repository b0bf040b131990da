export { criteria, type MixtureCriteria, parameterCount } from "./criteria.ts";
export {
  assign,
  fit,
  logDensity,
  predict,
  responsibilities,
  score,
  steps,
} from "./gaussian-mixture.ts";
export { checkGaussianMixtureOptions, defaults } from "./options.ts";
export { type MixtureSample, sample } from "./sample.ts";
export type {
  CovarianceType,
  GaussianMixtureFit,
  GaussianMixtureModel,
  GaussianMixtureOptions,
  GaussianMixtureSettings,
  GaussianMixtureStep,
  MixtureAssignment,
  MixtureInit,
  MixtureParameters,
  MixtureStart,
} from "./types.ts";
