/** Wishes for a network; what is absent follows the architecture's own default. */
export interface AutoencoderOptions {
  /** Passes over the images, at least 1. */
  readonly epochs?: number;
  /** Numbers in the code, at least 1. */
  readonly codeSize?: number;
  /** Sizes of the layers before the code: units of dense layers, channels of convolutions; the decoder mirrors them. */
  readonly widths?: readonly number[];
  /** Mean squared error, or binary cross-entropy (with a sigmoid output). */
  readonly loss?: "mse" | "bce";
  /** Images per minibatch, at least 1. */
  readonly batch?: number;
  /** Positive. */
  readonly learningRate?: number;
}

/** How a network was trained. */
export interface TrainingRecord {
  /** The feature word: `dense-ae`, `conv-ae`, ... */
  readonly architecture: string;
  /** Layers from the image to the code, and from the code to the image, each in a few words. */
  readonly encoder: readonly string[];
  readonly decoder: readonly string[];
  /** Number of trained numbers. */
  readonly parameters: number;
  readonly codeSize: number;
  readonly loss: "mse" | "bce";
  readonly optimizer: string;
  readonly batch: number;
  readonly learningRate: number;
  /** Epochs that were allowed. */
  readonly maxEpochs: number;
  /** Epochs that ran, in order. */
  readonly epochs: readonly EpochRecord[];
  /** 1-based epoch whose weights were kept. */
  readonly keptEpoch: number;
  /** Why training ended. */
  readonly stopReason: "epochs" | "no improvement";
  /** Images that the validation loss was taken on, in words. */
  readonly validation: string;
  /** 0-based code dimensions that hardly vary over the images: they carry nothing. */
  readonly deadDimensions: readonly number[];
  /** Standard deviation of each code dimension over the images clustered, before any scaling of the code. */
  readonly codeSpread: readonly number[];
  /** e.g. "onnxruntime-node 1.30.0, 2 threads". */
  readonly runtime: string;
}

/** One epoch of training. */
export interface EpochRecord {
  /** Mean loss of its images, penalties and noise included. */
  readonly loss: number;
  /** Loss on images that were not trained on, without noise and penalties. */
  readonly validationLoss: number;
  readonly seconds: number;
}
