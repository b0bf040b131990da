/**
 * What a word of a method's name stands for. A new kind of features, or a new clusterer, is one entry in the table of
 * its part (`features.ts`, `clusterers.ts`); names, assignment, saving and reports follow from the entry.
 */

import type { CovarianceType } from "../cluster/gaussian-mixture/index.ts";
import type { RunContext } from "../estimator.ts";
import type {
  AutoencoderOptions,
  AutoencoderProgress,
  Reconstruction,
  TrainingRecord,
  Unfolding,
} from "../features/autoencoder/index.ts";
import type { EncoderFile } from "../features/onnx/index.ts";
import type { ImageSet, Scaling } from "../images/index.ts";
import type { Neighbors } from "../manifold/neighbors/index.ts";
import type { Matrix, Samples } from "../matrix/index.ts";
import type { Checkpoint, Runtime, Tensor } from "../neural/index.ts";
import type { ClusterModel, FeatureModel, ManifoldModel } from "./models.ts";

/** How a stage runs. Nothing here changes a result. */
export interface StageContext extends Pick<RunContext, "signal" | "compute"> {
  /** Where networks compute; without it, each call that needs one opens its own. */
  readonly runtime?: Runtime | undefined;
  /** Time in milliseconds from any fixed moment on; without it, speeds and seconds of epochs are not told. */
  readonly now?: (() => number) | undefined;
  /** Neighbours of samples that several fits share, as one fit has found them. */
  readonly neighborMemo?: WeakMap<Samples, readonly Neighbors[]> | undefined;
}

/** What a features stage is asked for. */
export interface FeatureOptions {
  readonly seed: number;
  /** Wishes for a network, where the features are one. */
  readonly network?: AutoencoderOptions | undefined;
  /** A network of the user's own, for the features that are one (`onnx`). */
  readonly encoder?: EncoderFile | undefined;
  /** How vectors are scaled, for features that take them; default `none`. */
  readonly scaling?: Scaling | undefined;
  /** Images for the validation loss of a network, none of them among those it is trained on. */
  readonly validation?: ImageSet | undefined;
  /** Where an earlier, interrupted training stood. */
  readonly resume?: Checkpoint | undefined;
}

/** What features a stage has found. */
export interface FeatureFit {
  readonly model: FeatureModel;
  /** Features of the images that it was fitted to. */
  readonly samples: Samples;
  readonly training?: TrainingRecord;
  readonly unfolding?: Unfolding;
  /** Things that the user should know, each a sentence. */
  readonly notices?: readonly string[];
}

/** Images to numbers. */
export interface FeatureStage {
  /** Whether they are taken of vectors alone, or of images and vectors; absent: of images alone. */
  readonly takes?: "vectors" | "images and vectors";
  /** Learns from the images what the features need, and gives the features of those same images. */
  steps(
    images: ImageSet,
    options: FeatureOptions,
    context: StageContext,
  ): AsyncGenerator<AutoencoderProgress, FeatureFit, void>;
  /** Features of other images of the same size, one row each. */
  apply(model: FeatureModel, images: ImageSet, context: StageContext): Promise<Samples>;
  /** Columns of each view, in their order; absent where the features are one view. */
  columns?(model: FeatureModel): readonly number[];
  /** Points in feature space as images, where the features can be turned back; `shape` gives the images' size. */
  toImages?(model: FeatureModel, points: Matrix, shape: ImageShape, context: StageContext): Promise<ImageSet>;
  /** Images as they come back from their features, where the features are a code. */
  readonly reconstruction?: {
    of(model: FeatureModel, images: ImageSet, context: StageContext): Promise<Reconstruction>;
    /** Mean squared error per pixel of each image. */
    errors(model: FeatureModel, images: ImageSet, context: StageContext): Promise<Float64Array>;
  };
  /**
   * The features as part of an ONNX graph.
   *
   * @param images uint8, batch x height x width x channels; of vectors float32, batch x width
   * @returns float32 or float64, batch x features
   */
  graph?(model: FeatureModel, images: Tensor): Tensor;
}

/** Size of each image. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** How the first clusters are found: by the clusters of K-Means, points of greedy k-means++, or random images. */
export type ClusterInit = "k-means" | "k-means++" | "random";

/** How features of several views lie in samples, and how neighbours among them are found. */
export interface NeighborOptions {
  /** Columns of each view; without it, all columns are one view. */
  readonly columns?: readonly number[] | undefined;
  /** Images that count as near to each image, itself among them. */
  readonly neighbors?: number | undefined;
  /** Most images that a graph or a map is made of; where there are more, that many are drawn by the seed. */
  readonly sample?: number | undefined;
}

/** What a map is asked for. */
export interface ManifoldOptions extends NeighborOptions {
  readonly seed: number;
}

/** Where a map stands. */
export interface ManifoldStep {
  readonly part: "neighbors" | "layout";
  /** Epochs done, and to be done. */
  readonly epoch: number;
  readonly epochs: number;
}

/** Places of samples on a map. */
export interface Located {
  readonly samples: Matrix<Float32Array>;
  /** How strange each sample is to the map: its distance to the nearest training images, as a share of the usual one. */
  readonly strangeness: Float64Array;
}

/** A finished map. */
export interface ManifoldFit {
  readonly model: ManifoldModel;
  /** Places of the samples that it was fitted to. */
  readonly samples: Matrix<Float32Array>;
  /** Things that the user should know, each a sentence. */
  readonly notices?: readonly string[];
}

/** Numbers to fewer numbers, in which near samples stay near. */
export interface ManifoldStage {
  steps(
    samples: Samples,
    options: ManifoldOptions,
    context: StageContext,
  ): AsyncGenerator<ManifoldStep, ManifoldFit, void>;
  /** Places of other samples. */
  apply(model: ManifoldModel, samples: Samples, context: StageContext): Promise<Located>;
  /** How strange each of its own samples would be, had it been left out. */
  leftOut(model: ManifoldModel): Float64Array;
  /** The same as part of an ONNX graph; float32 or float64, batch x features to batch x dimensions. */
  graph?(model: ManifoldModel, features: Tensor): Tensor;
}

/** What a clusterer is asked for. */
export interface ClusterOptions extends NeighborOptions {
  readonly nClusters: number;
  readonly seed: number;
  /** One of the clusterer's `inits`, or given centers, nClusters x nFeatures; nothing where it knows no starts. */
  readonly init?: ClusterInit | Matrix | undefined;
  readonly restarts: number;
  readonly maxIterations: number;
  readonly tolerance: number;
  /** Shape of a mixture's components; left out, it follows from the number of features. */
  readonly covariance?: CovarianceType | undefined;
  /** How fine the groups of a graph are that modularity prefers. */
  readonly resolution?: number | undefined;
}

/**
 * What a clusterer makes small (`inertia`) or large (`meanLogLikelihood`, `modularity`, `agreement` of partitions), or by
 * what it sees that it has come to rest (the share of images that `changed` their cluster).
 */
export type Objective = "inertia" | "meanLogLikelihood" | "modularity" | "agreement" | "changed";

/** Where a clusterer stands. */
export type ClusterStep = IterationStep | GraphStep;

/** One iteration of a clusterer that has them. */
export type IterationStep = {
  /** 0-based. */
  readonly restart: number;
  /** 1-based. */
  readonly iteration: number;
} & (
  | {
      readonly inertia: number;
      /** Number of images that changed their cluster; absent where an iteration does not look at all of them. */
      readonly changed?: number;
    }
  | {
      /** Mean natural log density of the images. */
      readonly meanLogLikelihood: number;
    }
  | {
      /** Mean of a joint training's loss in this iteration so far. */
      readonly loss: number;
      /** Share of the images that changed their cluster in the iteration before. */
      readonly changed: number;
      readonly batch: number;
      readonly batches: number;
    }
);

/** Where a clusterer of graphs stands. */
export interface GraphStep {
  readonly part: "neighbors" | "communities" | "consensus";
  readonly done: number;
  readonly total: number;
}

/** The cluster of each image. */
export interface Assignment {
  /** 0..nClusters-1. */
  readonly labels: Int32Array;
  /** Distance of each image to the center of its cluster, in the features' units. */
  readonly distances: Float64Array;
  /** Probability of the given cluster, where the clusterer knows one; K-Means does not. */
  readonly probabilities?: Float64Array;
  /** Natural log density of each image, where the clusterer knows one: low for what no cluster explains. */
  readonly logDensities?: Float64Array;
  /** How clearly each image belongs to its cluster, where that came with the assignment; else see `margins`. */
  readonly margins?: Float64Array;
  /** How strange each image is, where neither its distance nor its density says that; see familiarity.ts. */
  readonly strangeness?: Float64Array;
  /**
   * How familiar each image is, in (0, 1]: the share of images like the training ones that are at least as strange; below
   * 0.01 it is called unfamiliar. Absent where the chain was not calibrated.
   */
  readonly familiarities?: Float64Array;
}

/** A finished clusterer. */
export interface ClusterFit extends Assignment {
  readonly model: ClusterModel;
  /** Sum of squared distances of the samples to their centers. */
  readonly inertia: number;
  readonly converged: boolean;
  readonly iterations: number;
  /** What a partition of a graph, or a consensus of several, is judged by. */
  readonly scores?: Readonly<Partial<Record<"modularity" | "agreement", number>>>;
  /** Objective after each iteration of the kept start. */
  readonly history: readonly number[];
  /** Things that the user should know, each a sentence. */
  readonly notices: readonly string[];
}

/** How likely the images are to a mixture, and what its parameters cost. */
export interface LikelihoodScores {
  readonly meanLogLikelihood: number;
  readonly bic: number;
  readonly aic: number;
  readonly icl: number;
}

/** Numbers to groups. */
export interface ClustererStage {
  /** What holds where a setting is left out. */
  readonly defaults: Pick<ClusterOptions, "maxIterations" | "tolerance"> & {
    readonly init?: ClusterInit;
    /** Starts, where it is not the features that say how many are worth it. */
    readonly restarts?: number;
  };
  /** The starts that it knows; none where the samples alone say where it begins. */
  readonly inits: readonly ClusterInit[];
  /** Whether it finds its groups in graphs of neighbours. */
  readonly graphs?: true;
  /** What the panel over k fits in its place: the same idea where one fit for each k would take too long. */
  readonly inPanel?: ClustererStage;
  readonly objective: Objective;
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
  /**
   * How strange each of the samples that the model was fitted to would have been to it, had it been left out (see
   * familiarity.ts); NaN where that cannot be said. Without it, new samples are called neither familiar nor unfamiliar.
   *
   * @param fit what was said of the samples when the model was fitted to them
   */
  readonly leftOut?:
    | ((
        model: ClusterModel,
        samples: Samples,
        fit: Assignment,
        context: StageContext,
      ) => Promise<Float64Array>)
    | undefined;
  /** Centers in feature space, nClusters x nFeatures. */
  centers(model: ClusterModel): Matrix;
  /** Probability of each cluster for each sample, nSamples x nClusters, where the clusterer knows them. */
  probabilities?(model: ClusterModel, samples: Samples, context: StageContext): Promise<Matrix>;
  /** How likely samples are, where the clusterer is a model of their density; by what `assign` gave for them. */
  likelihood?(
    model: ClusterModel,
    samples: Samples,
    assignment: Assignment,
    context: StageContext,
  ): Promise<LikelihoodScores>;
  /** Covariance of features i and j within a cluster, where the clusterer is a model of their density. */
  covariance?(model: ClusterModel, cluster: number, i: number, j: number): number;
  /** Points drawn from a cluster, count x nFeatures, where the clusterer is a model of their density. */
  draw?(model: ClusterModel, cluster: number, count: number, seed: number): Matrix;
  /**
   * The rule by which new images get their cluster, as part of an ONNX graph.
   *
   * @param features float32 or float64, batch x features
   */
  graph?(model: ClusterModel, features: Tensor): ClusterTensors;
}

/** A clusterer's answer as tensors. */
export interface ClusterTensors {
  /** int64, batch. */
  readonly cluster: Tensor;
  /** Distances to all centers: float64, batch x clusters. */
  readonly distances: Tensor;
  /** Probabilities of all clusters, where the clusterer knows them: float64, batch x clusters. */
  readonly probabilities?: Tensor;
}
