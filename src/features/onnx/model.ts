import type { LayerShape } from "../../neural/index.ts";

/** Network of the user's own, as a file. */
export interface EncoderFile {
  /** Name of the file, for messages and records. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** How images are laid before the network. */
export interface NetworkInput {
  readonly name: string;
  /** Bytes 0..255 are given as they are to uint8; float32 gets bytes / 255. */
  readonly type: "uint8" | "float32";
  /** Order of axes after the batch; flat is rows, columns, channels in one axis, or rows and columns of grey images. */
  readonly layout: "NCHW" | "NHWC" | "flat";
  /** Size of one image as the network takes it, without the batch. */
  readonly shape: readonly number[];
  /** How many times each number of a grey image is repeated as a channel; 1: not at all. */
  readonly repeat: number;
  /** Images in each call, where the network has fixed it. */
  readonly batch?: number;
}

/** A user's network as features: plain data, safe to clone and to save. */
export interface OnnxModel {
  readonly kind: "onnx";
  /** Name of the file that it came from. */
  readonly file: string;
  /** The file. */
  readonly bytes: Uint8Array;
  /** Size of the images that it was fitted to. */
  readonly image: LayerShape;
  readonly input: NetworkInput;
  readonly output: {
    readonly name: string;
    /** Numbers for each image. */
    readonly length: number;
  };
}
