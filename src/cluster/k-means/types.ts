import type { Matrix } from "../../matrix/index.ts";

/** How the first centers are found; see {@link KMeansOptions.init}. */
export type KMeansInit = "k-means++" | "random";

/** Which distances are left out because bounds show that they cannot matter. All give the same labels. */
export type KMeansAlgorithm = "auto" | "lloyd" | "hamerly" | "elkan" | "yinyang";

/** What a user chooses. */
export interface KMeansOptions {
  /** Number of clusters, an integer in 1..number of samples. */
  readonly nClusters: number;
  /**
   * First centers: `"k-means++"` (greedy: the best of 2 + log(nClusters) candidates each time; the default),
   * `"random"` (different samples, drawn at random), or a matrix of nClusters x nFeatures.
   */
  readonly init?: KMeansInit | Matrix;
  /** Independent starts, of which the one with the lowest inertia is kept, the earliest among equals. Default 1. */
  readonly nRestarts?: number;
  /** Most assignment passes of one start, an integer >= 1. Default 300. */
  readonly maxIterations?: number;
  /**
   * Stops a start when an iteration lowers the inertia by no more than this fraction of it. The default, 0, stops
   * only when no sample changes its cluster.
   */
  readonly tolerance?: number;
  /** Integer in 0..2^53-1. Default 0. */
  readonly seed?: number;
  /** Default `"auto"`: chosen by shape, from measurements. Changes speed, never the result. */
  readonly algorithm?: KMeansAlgorithm;
}

/** Complete, checked options. */
export interface KMeansSettings {
  readonly nClusters: number;
  readonly init: KMeansInit | Matrix<Float64Array>;
  readonly nRestarts: number;
  readonly maxIterations: number;
  readonly tolerance: number;
  readonly seed: number;
  readonly algorithm: KMeansAlgorithm;
}

/** One iteration of one start: an assignment pass and the new centers. */
export interface KMeansStep {
  /** 0-based. */
  readonly restart: number;
  /** 1-based. */
  readonly iteration: number;
  /** Sum of squared distances of the samples to the mean of their cluster, after this iteration. */
  readonly inertia: number;
  /** Number of samples that changed their cluster. */
  readonly changed: number;
  /** Empty clusters that took the sample farthest from its center. */
  readonly relocated: readonly number[];
}

/** What is seen of one start: before its first iteration (0), or after one. */
export type KMeansTrace = {
  /** 0-based. */
  readonly restart: number;
  /** nClusters x nFeatures, in the samples' own units: where the start begins, or where the iteration moved them. */
  readonly centers: Matrix<Float64Array>;
} & (
  | { readonly iteration: 0; readonly labels?: undefined }
  | (KMeansStep & {
      /** Cluster of each sample: the nearest of the centers before the iteration moved them. */
      readonly labels: Int32Array;
    })
);

/** A finished K-Means: all that `predict` needs, and how it came about. */
export interface KMeansModel {
  readonly kind: "k-means";
  readonly settings: KMeansSettings;
  /** nClusters x nFeatures, in the samples' own units. */
  readonly centers: Matrix<Float64Array>;
  /** Number of samples in each cluster. */
  readonly sizes: Int32Array;
  /** Sum of squared distances of the samples to their nearest center. */
  readonly inertia: number;
  /** Iterations of the kept start. */
  readonly iterations: number;
  /** Whether the kept start ended before `maxIterations`. */
  readonly converged: boolean;
  /** 0-based index of the kept start. */
  readonly restart: number;
  /** The kept start's iterations. */
  readonly history: readonly KMeansStep[];
}

/** A model together with what it says of the samples that it was fitted to. */
export interface KMeansFit extends KMeansModel {
  /** Cluster of each sample, the nearest center; the lowest index among equals. */
  readonly labels: Int32Array;
  /** Euclidean distance of each sample to its center. */
  readonly distances: Float64Array;
}

/** What `predict` needs of a model: any model of centers will do. */
export type KMeansCenters = Pick<KMeansModel, "centers">;
