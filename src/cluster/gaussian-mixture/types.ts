import type { Matrix } from "../../matrix/index.ts";

/**
 * What the covariances of the components may be:
 * - `"full"`: each component has its own, of any shape;
 * - `"tied"`: all have the same;
 * - `"diagonal"`: each has its own, with axes along the features;
 * - `"spherical"`: each has its own, equal in all directions.
 */
export type CovarianceType = "full" | "tied" | "diagonal" | "spherical";

/** How a start finds its first parameters; see {@link GaussianMixtureOptions.init}. */
export type MixtureInit = "k-means" | "k-means++" | "random";

/** Parameters from which expectation and maximization go on. */
export interface MixtureStart {
  /** nComponents, positive, sum 1. */
  readonly weights: ArrayLike<number>;
  /** nComponents x nFeatures. */
  readonly means: Matrix;
  /** As {@link GaussianMixtureModel.covariances}. */
  readonly covariances: ArrayLike<number>;
}

/** What a user chooses. */
export interface GaussianMixtureOptions {
  /** Number of components, an integer in 1..number of samples. */
  readonly nComponents: number;
  /** Default `"full"`. */
  readonly covarianceType?: CovarianceType;
  /**
   * First components: those of the clusters that K-Means finds (`"k-means"`, the default), those of the samples nearest to
   * points of greedy k-means++ (`"k-means++"`), to different samples drawn at random (`"random"`), or to given means
   * (a matrix of nComponents x nFeatures); or weights, means and covariances, all given.
   */
  readonly init?: MixtureInit | Matrix | MixtureStart;
  /** Independent starts, of which the likeliest is kept, the earliest among equals. Default 1. */
  readonly nRestarts?: number;
  /** Most iterations of one start, an integer >= 1. Default 200. */
  readonly maxIterations?: number;
  /**
   * A start ends when an iteration raises the mean log-likelihood by no more than this fraction of its size (or of 1,
   * where it is smaller). Default 1e-5.
   */
  readonly tolerance?: number;
  /** Added to all variances, so that no component collapses; at least 0. Default 1e-6. */
  readonly covarianceRegularization?: number;
  /** Integer in 0..2^53-1. Default 0. */
  readonly seed?: number;
}

/** Complete, checked options. */
export interface GaussianMixtureSettings extends Required<Omit<GaussianMixtureOptions, "init">> {
  readonly init: MixtureInit | Matrix<Float64Array> | MixtureParameters;
}

/** Parameters of a mixture. */
export interface MixtureParameters {
  /** nComponents, sum 1. */
  readonly weights: Float64Array;
  /** nComponents x nFeatures, in the samples' own units. */
  readonly means: Matrix<Float64Array>;
  /**
   * Row-major: full nComponents x nFeatures x nFeatures, tied nFeatures x nFeatures, diagonal nComponents x nFeatures,
   * spherical nComponents.
   */
  readonly covariances: Float64Array;
}

/** One iteration of one start. */
export interface GaussianMixtureStep {
  /** 0-based. */
  readonly restart: number;
  /** 1-based. */
  readonly iteration: number;
  /** Mean natural log density of the samples, before this iteration changed the parameters. */
  readonly meanLogLikelihood: number;
}

/** The components before the first iteration (0) or after one, and what they say of the samples. */
export interface GaussianMixtureTrace extends MixtureParameters {
  readonly iteration: number;
  /** The likeliest component of each sample. */
  readonly labels: Int32Array;
  /** Mean natural log density of the samples. */
  readonly meanLogLikelihood: number;
}

/** A fitted mixture: all that `predict` needs, and how it came about. */
export interface GaussianMixtureModel extends MixtureParameters {
  readonly kind: "gaussian-mixture";
  readonly settings: GaussianMixtureSettings;
  /** Mean natural log density of the samples that it was fitted to. */
  readonly meanLogLikelihood: number;
  /** Number of those samples. */
  readonly nSamples: number;
  /** Iterations of the kept start. */
  readonly iterations: number;
  /** Whether the kept start ended before `maxIterations`. */
  readonly converged: boolean;
  /** 0-based index of the kept start. */
  readonly restart: number;
  /** The kept start's iterations. */
  readonly history: readonly GaussianMixtureStep[];
}

/** What a model says of some samples. */
export interface MixtureAssignment {
  /** The likeliest component of each; the lowest index among equals. */
  readonly labels: Int32Array;
  /** Natural log density of each. */
  readonly logDensities: Float64Array;
}

/** A model together with what it says of the samples that it was fitted to. */
export interface GaussianMixtureFit extends GaussianMixtureModel, MixtureAssignment {}
