import type { ContingencyTable } from "../partitions/index.ts";
import { adjustedRandIndex, fowlkesMallows } from "../partitions/index.ts";
import {
  adjustedMutualInformation,
  completeness,
  homogeneity,
  normalizedMutualInformation,
  vMeasure,
} from "./information.ts";
import { accuracy } from "./matching.ts";
import { majorityClasses, meanClusterPurity, purity } from "./purity.ts";

/** All scores of a clustering against known classes, under the names of the run record. Higher is better. */
export interface ExternalScores {
  readonly purity: number;
  readonly meanClusterPurity: number;
  readonly accuracy: number;
  readonly nmi: number;
  readonly ami: number;
  readonly ari: number;
  readonly homogeneity: number;
  readonly completeness: number;
  readonly vMeasure: number;
  readonly fowlkesMallows: number;
  readonly majorityClasses: number;
}

/** Every score of the table at once; each is described at the function that computes it. */
export function externalScores(table: ContingencyTable): ExternalScores {
  return {
    purity: purity(table),
    meanClusterPurity: meanClusterPurity(table),
    accuracy: accuracy(table),
    nmi: normalizedMutualInformation(table),
    ami: adjustedMutualInformation(table),
    ari: adjustedRandIndex(table),
    homogeneity: homogeneity(table),
    completeness: completeness(table),
    vMeasure: vMeasure(table),
    fowlkesMallows: fowlkesMallows(table),
    majorityClasses: majorityClasses(table),
  };
}
