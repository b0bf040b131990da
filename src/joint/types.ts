import type { RunContext } from "../estimator.ts";
import type { AutoencoderModel, AutoencoderOptions, Unfolding } from "../features/autoencoder/index.ts";
import type { ImageSet } from "../images/index.ts";
import type { Matrix } from "../matrix/index.ts";
import type { Checkpoint, OptimizerOptions, Runtime, TrainingProgress } from "../neural/index.ts";

/** Deep embedded clustering (Xie et al. 2016), or the improved one that keeps the decoder (Guo et al. 2017). */
export type JointMethod = "dec" | "idec";

/** How images are changed, each time anew, before the network is trained on them. */
export interface AugmentationOptions {
  /** Most pixels, each way, by which an image is shifted across and down. Default 0. */
  readonly shift?: number;
  /** Most degrees, each way, by which it is turned. Default 0. */
  readonly rotation?: number;
}

/** What a user chooses. */
export interface JointOptions {
  readonly method: JointMethod;
  /** Number of clusters, an integer in 1..number of images. */
  readonly nClusters: number;
  /** Integer in 0..2^53-1. Default 0. */
  readonly seed?: number;
  /** Network that is pre-trained. Default `"deep-ae"`, as both papers have it. */
  readonly architecture?: string;
  /** What differs from the architecture's defaults, the epochs of its pre-training among it. */
  readonly network?: AutoencoderOptions | undefined;
  /** Whether all layers are pre-trained at once (the default), or each for itself before that. */
  readonly pretraining?: Pretraining;
  /** Epochs of each layer, where they are trained for themselves. Default 5. */
  readonly layerEpochs?: number;
  /** A network that is trained already, so that nothing of the above counts; without it, one is trained first. */
  readonly pretrained?: AutoencoderModel | undefined;
  /** Images for the validation loss of the pre-training. */
  readonly validation?: ImageSet | undefined;
  /** Where an earlier, interrupted pre-training of the same images and options stood. */
  readonly resume?: Checkpoint | undefined;
  /** Starts of the K-Means that gives the first centers. Default 20. */
  readonly nRestarts?: number;
  /**
   * Minibatches between two updates of the targets. Default 140, as in IDEC, but no more than one pass over the images.
   */
  readonly updateInterval?: number;
  /** Most intervals between updates. Default 40. */
  readonly maxIterations?: number;
  /** Training ends when a smaller share of the images than this changes its cluster between two updates. Default 0.001. */
  readonly tolerance?: number;
  /** Weight of the clustering loss beside the reconstruction loss; `idec` alone. Default 0.1. */
  readonly gamma?: number;
  /** Of the joint training, positive. Default 1e-4. */
  readonly learningRate?: number;
  /** Images per minibatch of the joint training, at least 1. Default 256. */
  readonly batch?: number;
  /** Default none. Targets come from the images as they are. */
  readonly augment?: AugmentationOptions;
}

/** How the autoencoder is trained before it is trained with clusters: as a whole, or pair of layers by pair of layers. */
export type Pretraining = "end-to-end" | "layer-wise";

/** Complete, checked options. */
export interface JointSettings {
  readonly method: JointMethod;
  readonly nClusters: number;
  readonly seed: number;
  readonly pretraining: Pretraining | "given";
  readonly layerEpochs: number;
  readonly nRestarts: number;
  readonly updateInterval: number;
  readonly maxIterations: number;
  readonly tolerance: number;
  readonly gamma: number;
  readonly learningRate: number;
  readonly optimizer: OptimizerOptions;
  readonly batch: number;
  readonly augment: Required<AugmentationOptions>;
}

/** The training between two updates of the targets, and what it came to. */
export interface JointIteration {
  /** 1-based. */
  readonly iteration: number;
  /** Mean loss of its images in training. */
  readonly loss: number;
  /** Share of all images whose cluster is another than at the update before; at first, than that of K-Means. */
  readonly changed: number;
}

/** Where a joint training stands. */
export type JointStep = PretrainingStep | LayerStep | ClusteringStep;

/** The network is trained to draw its images again. */
export interface PretrainingStep {
  readonly stage: "pretraining";
  readonly training: TrainingProgress;
}

/** One of its layers is trained for itself. */
export interface LayerStep {
  readonly stage: "layer";
  /** 1-based. */
  readonly layer: number;
  readonly layers: number;
  /** 1-based. */
  readonly epoch: number;
  readonly epochs: number;
  /** Mean loss of the epoch so far. */
  readonly loss: number;
}

/** Network and centers are trained together. */
export interface ClusteringStep {
  readonly stage: "clustering";
  /** 1-based. */
  readonly iteration: number;
  readonly maxIterations: number;
  /** Minibatches done in this iteration, and in all of it. */
  readonly batch: number;
  readonly batches: number;
  /** Mean loss of the iteration so far. */
  readonly loss: number;
  /** Of the last iteration that is complete; undefined in the first. */
  readonly changed?: number;
  readonly imagesPerSecond?: number;
  /** Whether the iteration is complete, and its share of changed labels known. */
  readonly iterationDone: boolean;
  /**
   * What a later call needs so as not to train the network again from its start; the joint training itself, which is
   * shorter, then begins anew. Undefined where the network was given.
   */
  readonly checkpoint?: Checkpoint;
}

/** How well partitions respect which images are alike: no labels are needed, so that start and end can be compared. */
export interface PartitionCheck {
  /** Modularity on the graph of nearest neighbours by pixels: of K-Means on the pre-trained code, and of the result. */
  readonly start: number;
  readonly end: number;
  /** Images in the graph. */
  readonly images: number;
}

/** A finished joint training: plain data, safe to clone and to save. */
export interface JointModel {
  readonly kind: "joint";
  readonly settings: JointSettings;
  /** The network as the joint training leaves it; of `dec`, with the decoder of the pre-training. */
  readonly autoencoder: AutoencoderModel;
  /** nClusters x codeSize. */
  readonly centers: Matrix<Float32Array>;
  /** Number of images in each cluster. */
  readonly sizes: Int32Array;
  /** One entry for each iteration. */
  readonly history: readonly JointIteration[];
  readonly iterations: number;
  /** Whether labels came to rest before `maxIterations`. */
  readonly converged: boolean;
  readonly stopReason: "converged" | "iterations";
  readonly check: PartitionCheck;
}

/** A model together with what it says of the images that it was trained on. */
export interface JointFit {
  readonly model: JointModel;
  /** Cluster of each image: the nearest center. */
  readonly labels: Int32Array;
  /** images x nClusters, rows sum to 1. */
  readonly probabilities: Matrix<Float32Array>;
  /** Of the pre-training; undefined where the network was given. */
  readonly unfolding?: Unfolding;
  /** Things that the user should know, each a sentence. */
  readonly notices: readonly string[];
}

/** How a joint training runs. Nothing here changes a result, as long as the machine and its threads are the same. */
export interface JointContext extends RunContext<JointStep> {
  /** Where the network computes; without it one is opened for the call. */
  readonly runtime?: Runtime | undefined;
  /** Time in milliseconds from any fixed moment on; without it no speeds are told. */
  readonly now?: (() => number) | undefined;
}
