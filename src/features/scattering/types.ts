import type { Matrix } from "../../matrix/index.ts";
import type { PcaModel } from "../pca/index.ts";

/** What a user chooses of the transform. */
export interface ScatteringOptions {
  /**
   * Number of scales J: wavelets of 1, 2, .. 2^(J-1) pixels, and one number for each 2^J x 2^J pixels in each channel. An
   * integer in 1..6. Default: as many as leave a grid of 4 x 4 (3 for 17 to 32 pixels, 4 up to 64), at least 2.
   */
  readonly nScales?: number;
  /** Number of directions, an even integer in 2..16. Default 8. */
  readonly nOrientations?: number;
}

/** Complete, checked options, with the shape of the images that they hold for. */
export interface ScatteringSettings {
  readonly nScales: number;
  readonly nOrientations: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** What a user chooses of the view: scattering, each channel divided by its largest value, principal components. */
export interface ScatteringViewOptions extends ScatteringOptions {
  /** Number of principal components; fewer where the coefficients have fewer dimensions. Default 100. */
  readonly nComponents?: number;
  /**
   * Most images that the largest values and the components are learned from, drawn at random; an integer of at least 2.
   * Their coefficients are held at once. Default 10,000, or as many as take 256 MiB.
   */
  readonly nFitted?: number;
  /** Integer in 0..2^53-1. Default 0. */
  readonly seed?: number;
}

/** Complete, checked options of the view. */
export interface ScatteringViewSettings extends ScatteringSettings {
  readonly nComponents: number;
  /** Number of images that the view was learned from. */
  readonly nFitted: number;
  readonly seed: number;
}

/** A learned view: all that `apply` needs. */
export interface ScatteringModel {
  readonly kind: "scattering";
  readonly settings: ScatteringViewSettings;
  /** Largest absolute value of each channel of the transform among the fitted images: image channels x nPaths. */
  readonly channelMaxima: Float32Array;
  /** Components of the coefficients, each divided by the largest value of its channel. */
  readonly pca: PcaModel;
}

/** A learned view, and the images as it sees them. */
export interface ScatteringFit {
  readonly model: ScatteringModel;
  /** nImages x nComponents. */
  readonly samples: Matrix<Float32Array>;
}

/** How far a call is. */
export interface ScatteringStep {
  /** Images transformed so far; where the view is learned, those that it is learned from come first, and count twice. */
  readonly images: number;
  readonly of: number;
}
