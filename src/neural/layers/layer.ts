/** Layers of a network, as plain data. */
import type { Activation, Padding } from "../operators/index.ts";

/** Size of what passes between layers; a vector is an image of one position. */
export interface LayerShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Every output unit sees every input number. An image is taken as a vector: rows, columns, channels. */
export interface DenseLayer {
  readonly kind: "dense";
  readonly units: number;
  readonly activation: Activation;
}

/** A small window of weights moves over the image. */
export interface ConvolutionLayer {
  readonly kind: "convolution";
  readonly channels: number;
  /** Side of the square window. */
  readonly kernel: number;
  readonly stride: number;
  /** `"same"`: as many places as positions / stride; `"valid"`: the window stays within the image. */
  readonly padding: "same" | "valid" | Padding;
  readonly activation: Activation;
}

/** The adjoint of a convolution: each position paints with the window. */
export interface TransposedConvolutionLayer {
  readonly kind: "transposed-convolution";
  readonly channels: number;
  /** Size of the result; the convolution that goes back from it must end at the size of the input. */
  readonly height: number;
  readonly width: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: "same" | "valid" | Padding;
  readonly activation: Activation;
}

/** The same numbers as an image of another size. */
export interface ReshapeLayer extends LayerShape {
  readonly kind: "reshape";
}

/** An activation alone. */
export interface ActivationLayer {
  readonly kind: "activation";
  readonly activation: Activation;
}

/** Normal noise is added, in training only (Bishop 1995). */
export interface GaussianNoiseLayer {
  readonly kind: "gaussian-noise";
  readonly deviation: number;
}

/** Numbers are set to 0 with a probability, in training only (masking noise, Vincent et al. 2008). */
export interface MaskingLayer {
  readonly kind: "masking";
  /** In [0, 1). */
  readonly share: number;
}

/** One step of a network, as data. */
export type Layer =
  | DenseLayer
  | ConvolutionLayer
  | TransposedConvolutionLayer
  | ReshapeLayer
  | ActivationLayer
  | GaussianNoiseLayer
  | MaskingLayer;

/** Layers one after the other. */
export interface Network {
  /** Size of what the first layer takes. */
  readonly input: LayerShape;
  readonly layers: readonly Layer[];
}
