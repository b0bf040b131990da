export type {
  Assignment,
  ContingencyOptions,
  ContingencyTable,
  CostMatrix,
} from "../partitions/index.ts";
export {
  adjustedRandIndex,
  contingencyTable,
  fowlkesMallows,
  linearAssignment,
} from "../partitions/index.ts";
export type { ExternalScores } from "./external.ts";
export { externalScores } from "./external.ts";
export {
  adjustedMutualInformation,
  completeness,
  homogeneity,
  mutualInformation,
  normalizedMutualInformation,
  vMeasure,
} from "./information.ts";
export type { InternalScores, InternalScoresOptions } from "./internal.ts";
export { internalScores, silhouetteSamples } from "./internal.ts";
export type { BestMatch } from "./matching.ts";
export { accuracy, bestMatch, majorityOrder, matchOrder, sortedConfusion } from "./matching.ts";
export { majorityClasses, meanClusterPurity, purity } from "./purity.ts";
export type { MapScores, MapScoresOptions } from "./trustworthiness.ts";
export { mapScores, trustworthiness } from "./trustworthiness.ts";
