import type { Matrix, Samples } from "../../matrix/index.ts";

/** How the first centers are found; see {@link MiniBatchKMeansOptions.init}. */
export type MiniBatchKMeansInit = "k-means++" | "random";

/** What a user chooses. */
export interface MiniBatchKMeansOptions {
  /** Number of clusters, an integer in 1..number of samples. */
  readonly nClusters: number;
  /** Samples of each batch, an integer >= 1. Default 1024. */
  readonly batchSize?: number;
  /**
   * First centers, found on a sample of `initSize`: `"k-means++"` (the default) or `"random"` (different samples), and a
   * few iterations of K-Means on that sample; or a matrix of nClusters x nFeatures, taken as it is.
   */
  readonly init?: MiniBatchKMeansInit | Matrix;
  /** Samples that the first centers are found on, drawn at random, at least nClusters. Default 3 batches, or more for many clusters. */
  readonly initSize?: number;
  /** Starts on that sample, of which the one with the lowest inertia is taken. Default 3. */
  readonly nRestarts?: number;
  /** Most passes over the samples, an integer >= 1. Default 100. */
  readonly maxPasses?: number;
  /** Batches in a row that may fail to lower the smoothed inertia before the fit ends, an integer >= 1. Default 10. */
  readonly patience?: number;
  /** A batch fails that does not lower the smoothed inertia by more than this fraction of it. Default 1e-4. */
  readonly tolerance?: number;
  /**
   * A center that was given fewer samples than this share of what the largest was given starves, and is put on a sample
   * far from its center; 0: none is. A number in [0, 1]. Default 0.01.
   */
  readonly reassignmentRatio?: number;
  /** Integer in 0..2^53-1. Default 0. */
  readonly seed?: number;
}

/** Complete, checked options. */
export interface MiniBatchKMeansSettings {
  readonly nClusters: number;
  readonly batchSize: number;
  readonly init: MiniBatchKMeansInit | Matrix<Float64Array>;
  readonly initSize: number;
  readonly nRestarts: number;
  readonly maxPasses: number;
  readonly patience: number;
  readonly tolerance: number;
  readonly reassignmentRatio: number;
  readonly seed: number;
}

/** One batch. */
export interface MiniBatchKMeansStep {
  /** 1-based pass over the samples. */
  readonly pass: number;
  /** 1-based number of the batch, over all passes. */
  readonly iteration: number;
  /** What the inertia of all samples is estimated to be: that of the batches so far, the latest counting most. */
  readonly inertia: number;
  /** Starved centers that were put elsewhere after this batch. */
  readonly reassigned: readonly number[];
}

/** A finished fit: all that `predict` needs, and how it came about. */
export interface MiniBatchKMeansModel {
  readonly kind: "mini-batch-k-means";
  readonly settings: MiniBatchKMeansSettings;
  /** nClusters x nFeatures, in the samples' own units. */
  readonly centers: Matrix<Float64Array>;
  /** Number of samples in each cluster, counted in a last pass. */
  readonly sizes: Int32Array;
  /** Sum of squared distances of all samples to their nearest centers, measured in that pass. */
  readonly inertia: number;
  /** Batches that were seen. */
  readonly iterations: number;
  /** Passes over the samples that were begun, without those that found the first centers and the labels. */
  readonly passes: number;
  /** Whether the smoothed inertia came to rest before `maxPasses` passes were over. */
  readonly converged: boolean;
  readonly history: readonly MiniBatchKMeansStep[];
}

/** A model together with what it says of the samples that it was fitted to. */
export interface MiniBatchKMeansFit extends MiniBatchKMeansModel {
  /** Cluster of each sample, the nearest center; the lowest index among equals. */
  readonly labels: Int32Array;
  /** Euclidean distance of each sample to its center. */
  readonly distances: Float64Array;
}

/** Samples in pieces of any size, from the first to the last; called once for each pass over them. */
export type Chunks = () => AsyncIterable<Samples>;
