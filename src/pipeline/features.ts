import { pixels } from "../features/pixels/index.ts";
import type { ImageSet } from "../images/index.ts";
import type { Matrix } from "../matrix/index.ts";
import type { FeatureModel, FeatureStage, ImageShape } from "./stages.ts";

const pixelsStage: FeatureStage = {
  fit: async (images) => ({ model: { kind: "pixels" }, samples: pixels(images) }),
  apply: async (_model, images) => pixels(images),
  toImages: pixelsToImages,
};

/** The features that this version computes, by their word in a method's name. */
export const featureStages: ReadonlyMap<string, FeatureStage> = new Map([["pixels", pixelsStage]]);

/** Numbers in [0, 1] back to bytes; what lies outside takes the nearest end. */
function pixelsToImages(_model: FeatureModel, points: Matrix, shape: ImageShape): ImageSet {
  const { height, width, channels } = shape;
  const bytes = Uint8ClampedArray.from(points.data, (value) => value * 255);
  return { count: points.rows, height, width, channels, pixels: new Uint8Array(bytes.buffer) };
}
