export { criteria, entropyOf, type MixtureCriteria, parameterCount, parametersOf } from "./criteria.ts";
export {
  assign,
  fit,
  logDensity,
  predict,
  responsibilities,
  score,
  steps,
  trace,
} from "./gaussian-mixture.ts";
export { leftOutDensity } from "./left-out.ts";
export { checkGaussianMixtureOptions, covarianceCount, defaults } from "./options.ts";
export { covarianceAt, type Precisions, precisions } from "./parameters.ts";
export { type MixtureSample, sample } from "./sample.ts";
export type {
  CovarianceType,
  GaussianMixtureFit,
  GaussianMixtureModel,
  GaussianMixtureOptions,
  GaussianMixtureSettings,
  GaussianMixtureStep,
  GaussianMixtureTrace,
  MixtureAssignment,
  MixtureInit,
  MixtureParameters,
  MixtureStart,
} from "./types.ts";
