/**
 * What a word of a method's name stands for. A new kind of features, or a new clusterer, is one entry in the table of
 * its part (`features.ts`, `clusterers.ts`); names, assignment, saving and reports follow from the entry.
 */

import type { KMeansModel } from "../cluster/k-means/index.ts";
import type { RunContext } from "../estimator.ts";
import type { ImageSet } from "../images/index.ts";
import type { Matrix, Samples } from "../matrix/index.ts";

/** Pixels as they are: nothing to learn. */
export interface PixelsModel {
  readonly kind: "pixels";
}

/** What a features stage has learned, told apart by `kind`. */
export type FeatureModel = PixelsModel;

/** What a clusterer has learned, told apart by `kind`. */
export type ClusterModel = KMeansModel;

/** How a stage runs. Nothing here changes a result. */
export type StageContext = Pick<RunContext, "signal" | "compute">;

/** Images to numbers. */
export interface FeatureStage {
  /** Learns from the images what the features need, and gives the features of those same images. */
  fit(images: ImageSet, context: StageContext): Promise<{ model: FeatureModel; samples: Samples }>;
  /** Features of other images of the same size, one row each. */
  apply(model: FeatureModel, images: ImageSet, context: StageContext): Promise<Samples>;
  /** Points in feature space as images, where the features can be turned back; `shape` gives the images' size. */
  toImages?(model: FeatureModel, points: Matrix, shape: ImageShape): ImageSet;
}

/** Size of each image. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** What a clusterer is asked for. */
export interface ClusterOptions {
  readonly nClusters: number;
  readonly seed: number;
  /** `"k-means++"`, `"random"`, or given centers, nClusters x nFeatures. */
  readonly init: "k-means++" | "random" | Matrix;
  readonly restarts: number;
  readonly maxIterations: number;
  readonly tolerance: number;
}

/** One iteration of a clusterer. */
export interface ClusterStep {
  /** 0-based. */
  readonly restart: number;
  /** 1-based. */
  readonly iteration: number;
  readonly inertia: number;
  /** Number of images that changed their cluster. */
  readonly changed: number;
}

/** The cluster of each image. */
export interface Assignment {
  /** 0..nClusters-1. */
  readonly labels: Int32Array;
  /** Distance of each image to the center of its cluster, in the features' units. */
  readonly distances: Float64Array;
  /** Probability of the given cluster, where the clusterer knows one; K-Means does not. */
  readonly probabilities?: Float64Array;
}

/** A finished clusterer. */
export interface ClusterFit extends Assignment {
  readonly model: ClusterModel;
  /** Sum of squared distances of the samples to their centers. */
  readonly inertia: number;
  readonly converged: boolean;
  readonly iterations: number;
  /** Objective after each iteration of the kept start. */
  readonly history: readonly number[];
  /** Things that the user should know, each a sentence. */
  readonly notices: readonly string[];
}

/** Numbers to groups. */
export interface ClustererStage {
  /** Fits, one iteration per step. */
  steps(
    samples: Samples,
    options: ClusterOptions,
    context: StageContext,
  ): AsyncGenerator<ClusterStep, ClusterFit, void>;
  /** The rule by which new images get their cluster. */
  assign(model: ClusterModel, samples: Samples, context: StageContext): Promise<Assignment>;
  /**
   * How clearly each sample belongs to its cluster rather than to the next one: 1 = beyond doubt, 0 = undecided.
   *
   * @param labels cluster of each sample, as `assign` gives it
   */
  margins(
    model: ClusterModel,
    samples: Samples,
    labels: Int32Array,
    context: StageContext,
  ): Promise<Float64Array>;
  /** Centers in feature space, nClusters x nFeatures. */
  centers(model: ClusterModel): Matrix;
  /**
   * First centers for one cluster more: those of the model, and the sample farthest from its own center. Started
   * from there, the objective cannot end above the model's.
   */
  grow(model: ClusterModel, samples: Samples, distances: Float64Array): Matrix;
}
