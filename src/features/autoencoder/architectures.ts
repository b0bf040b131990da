/**
 * The autoencoders that a method can name, for images of any size. Each says where it comes from and what of it can be
 * changed. Defaults that no source gives were chosen without labels; docs/autoencoders.md says how.
 */
import type {
  Activation,
  Initializer,
  Layer,
  LayerShape,
  Network,
  OptimizerOptions,
  Schedule,
} from "../../neural/index.ts";
import { networkOutput } from "../../neural/index.ts";
import type { AutoencoderOptions } from "./records.ts";

/** A network and how to train it: plain data, complete. */
export interface Design {
  /** Image to code; of a variational autoencoder, to means and log variances side by side. */
  readonly encoder: Network;
  /** Code to image. */
  readonly decoder: Network;
  readonly codeSize: number;
  /**
   * Root mean square to which every image is scaled before the network sees it, so that faint and strong images count
   * alike; absent: as it is. What comes back is scaled to the original's again.
   */
  readonly imageRms?: number;
  /** Whether dense layers are trained around the mean of what they are given, as centering.ts says; not with `imageRms`. */
  readonly centered?: boolean;
  /** Whether the code is drawn from a distribution that the encoder gives (Kingma and Welling 2014). */
  readonly variational: boolean;
  readonly loss: "mse" | "bce";
  readonly penalties: Penalties;
  /** Each principal direction of the trained code is divided by its standard deviation to this power, in [0, 1]. */
  readonly whitening: number;
  readonly optimizer: OptimizerOptions;
  readonly schedule: Schedule;
  readonly initializer: Initializer;
  readonly learningRate: number;
  readonly batch: number;
  readonly epochs: number;
  /** Epochs without a lower validation loss after which training stops. */
  readonly patience?: number;
}

/** What is added to the loss. */
export interface Penalties {
  /** Factor of the mean absolute value of the code. */
  readonly codeL1?: number;
  /** Factor of the sum of squares of all weights (not biases). */
  readonly weightsL2?: number;
}

/** One architecture. */
export interface Architecture {
  /** How many widths it takes, and of what. */
  readonly hidden: { readonly least: number; readonly most: number; readonly what: string };
  design(image: LayerShape, options: AutoencoderOptions): Design;
}

/** One of our networks, by the word that methods have for it. */
export type ArchitectureName =
  | "vanilla-ae"
  | "dense-ae"
  | "deep-ae"
  | "conv-ae"
  | "seed-conv-ae"
  | "denoising-ae"
  | "sparse-ae"
  | "vae";

const denseHidden = { least: 1, most: 12, what: "units of the dense layers before the code" };

/** About that of MNIST's images. */
const IMAGE_RMS = 0.32;

/** First layers of dense networks have at most as many units, so that large images do not make giant networks. */
const WIDEST_FIRST = 784;

/** Our networks: what each is made of for images of a size, and how long it is trained unless it is said. */
export const architectures: Readonly<Record<ArchitectureName, Architecture>> = {
  /** One hidden layer: the smallest that deserves the name (seed 003's first kind; Chollet 2016). */
  "vanilla-ae": {
    hidden: { least: 0, most: 0, what: "it has none: its only hidden layer is the code" },
    design: (image, options) => dense(image, options, { widths: [], codeSize: 32, code: "relu", epochs: 20 }),
  },
  /**
   * 784-784-64-32-3-32-64-784, sigmoid everywhere (seed 004), trained on noisy images (Bishop 1995). The code is what the
   * three sigmoids are given: they press together what lies near 0 and 1.
   */
  "dense-ae": {
    hidden: denseHidden,
    design: (image, options) =>
      dense(image, options, {
        widths: [Math.min(WIDEST_FIRST, numbersOf(image)), 64, 32],
        // The seed's decoder does not mirror the first, widest layer.
        decoderWidths: (widths) => (widths.length > 2 ? widths.slice(1) : widths),
        codeSize: 3,
        hidden: "sigmoid",
        squash: "sigmoid",
        initializer: "glorot-sigmoid",
        corruption: { kind: "gaussian-noise", deviation: 0.4 },
        centered: true,
        learningRate: 2e-2,
        epochs: 40,
      }),
  },
  /** 500-500-2000-10, relu, linear code: the network of DEC (Xie et al. 2016), trained end to end. */
  "deep-ae": {
    hidden: denseHidden,
    design: (image, options) => dense(image, options, { widths: [500, 500, 2000], codeSize: 10, epochs: 20 }),
  },
  /** Two strided convolutions, then dense layers around a linear code. */
  "conv-ae": {
    hidden: { least: 1, most: 8, what: "channels of the convolutions before the code" },
    design: convolutional,
  },
  /** Seed 000's own network: one convolution, then dense layers of a relu code; Adadelta, cross-entropy, batches of 100. */
  "seed-conv-ae": {
    hidden: denseHidden,
    design: seedConvolutional,
  },
  /** The dense network of DEC on images of which a fifth of the pixels is missing (Vincent et al. 2008). */
  "denoising-ae": {
    hidden: denseHidden,
    design: (image, options) =>
      dense(image, options, {
        widths: [500, 500, 2000],
        codeSize: 10,
        epochs: 20,
        corruption: { kind: "masking", share: 0.2 },
      }),
  },
  /** A wide code of which each image uses little: an L1 penalty on it (seed 003's regularized kind; Ng 2011). */
  "sparse-ae": {
    hidden: denseHidden,
    design: (image, options) =>
      dense(image, options, {
        widths: [500],
        codeSize: 64,
        code: "relu",
        epochs: 20,
        penalties: { codeL1: 1e-4 },
      }),
  },
  /** Variational autoencoder, standard normal prior (Kingma and Welling 2014). */
  vae: {
    hidden: denseHidden,
    design: (image, options) =>
      dense(
        image,
        { ...options, loss: options.loss ?? "bce" },
        { widths: [500, 500], codeSize: 10, epochs: 20, variational: true },
      ),
  },
};

/** Defaults of a dense network. */
interface DenseDefaults {
  readonly widths: readonly number[];
  readonly decoderWidths?: (widths: readonly number[]) => readonly number[];
  readonly codeSize: number;
  readonly epochs: number;
  readonly hidden?: Activation;
  readonly code?: Activation;
  /** The decoder sees the code through this, while the code itself is taken before it. */
  readonly squash?: Activation;
  readonly corruption?: Layer;
  readonly penalties?: Penalties;
  readonly variational?: boolean;
  readonly initializer?: Initializer;
  readonly learningRate?: number;
  readonly batch?: number;
  readonly centered?: boolean;
}

function dense(image: LayerShape, options: AutoencoderOptions, defaults: DenseDefaults): Design {
  const { hidden = "relu", code = "linear", squash, corruption, variational = false } = defaults;
  const { widths = defaults.widths, codeSize = defaults.codeSize, loss = "mse" } = options;
  const { decoderWidths = (given: readonly number[]) => given } = defaults;
  const layer = (units: number): Layer => ({ kind: "dense", units, activation: hidden });
  const back = [...decoderWidths(widths)].reverse();
  return {
    encoder: {
      input: image,
      layers: [
        ...(corruption ? [corruption] : []),
        ...widths.map(layer),
        {
          kind: "dense",
          units: variational ? 2 * codeSize : codeSize,
          activation: variational ? "linear" : code,
        },
      ],
    },
    decoder: {
      input: vector(codeSize),
      layers: [
        ...(squash ? [{ kind: "activation", activation: squash } as const] : []),
        ...back.map(layer),
        { kind: "dense", units: numbersOf(image), activation: outputActivation(loss, hidden) },
        { kind: "reshape", ...image },
      ],
    },
    codeSize,
    ...(defaults.centered && { centered: true }),
    variational,
    loss,
    penalties: defaults.penalties ?? {},
    whitening: 0,
    ...training(options, {
      epochs: defaults.epochs,
      learningRate: defaults.learningRate ?? 1e-3,
      initializer: defaults.initializer ?? "glorot",
      ...(defaults.batch !== undefined && { batch: defaults.batch }),
    }),
  };
}

function convolutional(image: LayerShape, options: AutoencoderOptions): Design {
  const { widths = [8, 16], codeSize = 10, loss = "mse" } = options;
  const relu = (units: number): Layer => ({ kind: "dense", units, activation: "relu" });
  const convolutions: Layer[] = [];
  let shape = image;
  for (const [i, channels] of widths.entries()) {
    // A kernel reaches over the image's edge anyway; below 4 pixels there is nothing left to halve.
    const stride = Math.min(shape.height, shape.width) >= 4 ? 2 : 1;
    const layer: Layer = {
      kind: "convolution",
      channels,
      kernel: i === 0 ? 5 : 3,
      stride,
      padding: "same",
      activation: "relu",
    };
    convolutions.push(layer);
    shape = networkOutput({ input: shape, layers: [layer] });
  }
  return {
    encoder: {
      input: image,
      layers: [
        ...convolutions,
        relu(512),
        relu(512),
        { kind: "dense", units: codeSize, activation: "linear" },
      ],
    },
    decoder: {
      input: vector(codeSize),
      layers: [
        relu(512),
        relu(512),
        { kind: "dense", units: numbersOf(image), activation: outputActivation(loss, "relu") },
        { kind: "reshape", ...image },
      ],
    },
    codeSize,
    ...(loss === "mse" && { imageRms: IMAGE_RMS }),
    variational: false,
    loss,
    penalties: {},
    whitening: 1,
    ...training(options, { epochs: 20, learningRate: 2e-3, initializer: "glorot" }),
  };
}

function seedConvolutional(image: LayerShape, options: AutoencoderOptions): Design {
  const first = Math.min(WIDEST_FIRST, numbersOf(image));
  const { widths = [first, Math.ceil(first / 2), Math.ceil(first / 4)], codeSize = 10 } = options;
  const relu = (units: number): Layer => ({ kind: "dense", units, activation: "relu" });
  return {
    encoder: {
      input: image,
      layers: [
        { kind: "convolution", channels: 16, kernel: 3, stride: 1, padding: "same", activation: "relu" },
        ...widths.map(relu),
        { kind: "dense", units: codeSize, activation: "relu" },
      ],
    },
    decoder: {
      input: vector(codeSize),
      layers: [
        ...widths.slice(1).reverse().map(relu),
        { kind: "dense", units: numbersOf(image), activation: "sigmoid" },
        { kind: "reshape", ...image },
      ],
    },
    codeSize,
    variational: false,
    loss: options.loss ?? "bce",
    penalties: {},
    whitening: 0,
    ...training(options, { epochs: 20, learningRate: 1, initializer: "glorot", batch: 100 }),
    optimizer: { kind: "adadelta", rho: 0.95, epsilon: 1e-7 },
    schedule: "constant",
    patience: 15,
  };
}

/** How every network is trained unless it says otherwise. */
function training(
  { epochs, learningRate, batch }: AutoencoderOptions,
  defaults: {
    readonly epochs: number;
    readonly learningRate: number;
    readonly initializer: Initializer;
    readonly batch?: number;
  },
): Pick<Design, "optimizer" | "schedule" | "initializer" | "learningRate" | "batch" | "epochs"> {
  return {
    optimizer: { kind: "adam", epsilon: 1e-7 },
    schedule: "cosine",
    initializer: defaults.initializer,
    learningRate: learningRate ?? defaults.learningRate,
    batch: batch ?? defaults.batch ?? 256,
    epochs: epochs ?? defaults.epochs,
  };
}

/** Cross-entropy needs numbers in [0, 1]; a network of sigmoids ends in one as well. */
function outputActivation(loss: "mse" | "bce", hidden: Activation): Activation {
  return loss === "bce" || hidden === "sigmoid" ? "sigmoid" : "linear";
}

function vector(numbers: number): LayerShape {
  return { height: 1, width: 1, channels: numbers };
}

function numbersOf({ height, width, channels }: LayerShape): number {
  return height * width * channels;
}
