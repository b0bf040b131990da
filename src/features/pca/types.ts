import type { Matrix, Samples } from "../../matrix/index.ts";

/**
 * How the components are found:
 * - `"exact"`: all eigenvalues of the covariance, by one pass over the samples;
 * - `"randomized"`: the range of the covariance, by repeated multiplication with random directions (Halko et al. 2011), one
 *   pass over the samples each; for many columns;
 * - `"auto"`: exact where it is affordable; see {@link PcaOptions.solver}.
 */
export type PcaSolver = "auto" | "exact" | "randomized";

/** What a user chooses. */
export interface PcaOptions {
  /**
   * Number of components, an integer of at least 1. Where the samples have fewer dimensions (columns, or rows less one),
   * the model has as many components as they have, and at least one.
   */
  readonly nComponents: number;
  /** Whether scores are divided by their standard deviations, so that all have variance 1. Default false. */
  readonly whiten?: boolean;
  /**
   * Default `"auto"`: exact up to 1,536 columns, and up to 4,096 where more than a tenth as many components are wanted.
   */
  readonly solver?: PcaSolver;
  /** Random directions beyond the components (randomized only), an integer of at least 0. Default 10. */
  readonly nOversamples?: number;
  /** Multiplications of the directions with the covariance before the last (randomized only), at least 0. Default 6. */
  readonly nPowerIterations?: number;
  /** Integer in 0..2^53-1, of the random directions. Default 0. */
  readonly seed?: number;
}

/** Complete, checked options. */
export interface PcaSettings extends Required<PcaOptions> {
  /** The one that was used. */
  readonly solver: "exact" | "randomized";
}

/** Principal components: all that `transform` needs. */
export interface PcaModel {
  readonly kind: "pca";
  readonly settings: PcaSettings;
  /** Number of samples that it was fitted to. */
  readonly nSamples: number;
  /** nFeatures, in the samples' units. */
  readonly mean: Float64Array;
  /** nComponents x nFeatures; rows orthonormal, the largest variance first, each with its largest element positive. */
  readonly components: Matrix<Float64Array>;
  /** Variance along each component, with the divisor nSamples - 1 (1 for a single sample). */
  readonly explainedVariance: Float64Array;
  /** Sum of the variances of all features. */
  readonly totalVariance: number;
}

/** A model together with the scores of the samples that it was fitted to. */
export interface PcaFit extends PcaModel {
  /** nSamples x nComponents. */
  readonly scores: Matrix<Float32Array>;
}

/** Samples that come in pieces, for sets that are never held whole. */
export interface SampleChunks {
  /** Rows of all chunks together, at least 1. */
  readonly rows: number;
  /** Columns of every chunk, at least 1. */
  readonly cols: number;
  /** Where the chunks are bytes, what one is worth; without it, they are float32. */
  readonly unit?: number;
  /**
   * The rows in their order, cut anywhere. Called once for each pass over
   * the samples, it must give the same rows each time. A chunk may be overwritten once the next one is asked for.
   */
  chunks(): Iterable<Samples> | AsyncIterable<Samples>;
}
