import { InputError } from "../errors.ts";
import type { AutoencoderModel, TrainingRecord } from "../features/autoencoder/index.ts";
import {
  architectures,
  decode,
  encode,
  encodedTensor,
  reconstruct,
  reconstructionErrors,
  steps,
} from "../features/autoencoder/index.ts";
import * as hog from "../features/hog/index.ts";
import * as onnx from "../features/onnx/index.ts";
import * as pca from "../features/pca/index.ts";
import { pixels } from "../features/pixels/index.ts";
import * as scattering from "../features/scattering/index.ts";
import * as vectors from "../features/vectors/index.ts";
import type { ImageSet } from "../images/index.ts";
import type { Matrix, Samples } from "../matrix/index.ts";
import { reshape, scale, type Tensor, toFloat } from "../neural/index.ts";
import type { ComponentsModel, FeatureModel } from "./models.ts";
import type { FeatureOptions, FeatureStage, ImageShape, StageContext } from "./stages.ts";

const pixelsStage: FeatureStage = {
  // biome-ignore lint/correctness/useYield: pixels have nothing to learn, so there is nothing to report
  async *steps(images) {
    return { model: { kind: "pixels" }, samples: pixels(images) };
  },
  apply: async (_model, images) => pixels(images),
  toImages: pixelsToImages,
  graph: pixelsTensor,
};

/** Vectors of the user's own, scaled or as they are. */
const vectorsStage: FeatureStage = {
  takes: "vectors",
  // biome-ignore lint/correctness/useYield: it takes seconds at most, of which there is nothing to report
  async *steps(images, { scaling }) {
    return vectors.fit(valuesOf(images), { scaling });
  },
  apply: async (model, images) => vectors.transform(vectorsModel(model), valuesOf(images)),
  graph: (model, values) => vectors.vectorsTensor(vectorsModel(model), values),
};

/** Principal components of pixels or vectors: as many as keep what tells images apart, few enough for neighbours. */
const PCA_COMPONENTS = 50;

const pcaStage: FeatureStage = {
  takes: "images and vectors",
  // biome-ignore lint/correctness/useYield: it takes a second or two, of which there is nothing to report
  async *steps(images, { seed, scaling }, context) {
    const scaled = images.values && vectors.fit(images.values, { scaling });
    const seen = scaled?.samples ?? pixels(images);
    const { scores, ...model } = await pca.fit(seen, { nComponents: PCA_COMPONENTS, seed }, context);
    return { model: { ...model, ...(scaled && { scaled: scaled.model }) }, samples: scores };
  },
  apply: async (model, images, context) => {
    const { scaled, ...components } = pcaModel(model);
    const seen: Samples = scaled ? vectors.transform(scaled, valuesOf(images)) : pixels(images);
    return pca.transform(components, seen, context);
  },
  toImages: (model, points, shape) => pixelsToImages(model, pca.inverse(pcaModel(model), points), shape),
  graph: (model, images) => {
    const { scaled, ...components } = pcaModel(model);
    const seen = scaled ? vectors.vectorsTensor(scaled, images) : pixelsTensor(model, images);
    return pca.pcaTensor(components, toFloat(seen, "float32"));
  },
};

/** Images, at most, that the components of the histograms are learned from: more change nothing that neighbours would see. */
const HOG_FITTED = 20_000;

const hogStage: FeatureStage = {
  // biome-ignore lint/correctness/useYield: as for pca
  async *steps(images, { seed }, context) {
    const { scores, ...model } = await hog.fit(images, { seed, nFitted: HOG_FITTED }, context);
    return { model, samples: scores };
  },
  apply: (model, images, context) => hog.transform(hogModel(model), images, context),
  graph: (model, images) => hog.hogTensor(hogModel(model), images),
};

const scatteringStage: FeatureStage = {
  // biome-ignore lint/correctness/useYield: as for pca
  async *steps(images, { seed }, context) {
    return scattering.fit(images, { seed }, context);
  },
  apply: (model, images, context) => scattering.apply(scatteringModel(model), images, context),
  graph: (model, images) => scattering.scatteringTensor(scatteringModel(model), images),
};

/**
 * A network of the user's own, taken as it is. It has no part in another graph: its file may use any operators, of any
 * version, which we do not read; so its chains have no `pipeline.onnx`.
 */
const onnxStage: FeatureStage = {
  // biome-ignore lint/correctness/useYield: the network is trained already, so there is nothing to report
  async *steps(images, { encoder }, context) {
    return onnx.fit(images, encoder, context);
  },
  apply: (model, images, context) => onnx.encode(onnxModel(model), images, context),
};

/** The features that this version computes, by their word in a method's name. */
export const featureStages: ReadonlyMap<string, FeatureStage> = new Map([
  ["pixels", pixelsStage],
  ["vectors", vectorsStage],
  ["pca", pcaStage],
  ["hog", hogStage],
  ["scattering", scatteringStage],
  ...Object.keys(architectures).map((name) => [name, autoencoderStage(name)] as const),
  ["onnx", onnxStage],
]);

/** Numbers in [0, 1] back to bytes; what lies outside takes the nearest end. */
async function pixelsToImages(_model: FeatureModel, points: Matrix, shape: ImageShape): Promise<ImageSet> {
  const { height, width, channels } = shape;
  const bytes = Uint8ClampedArray.from(points.data, (value) => value * 255);
  return { count: points.rows, height, width, channels, pixels: new Uint8Array(bytes.buffer) };
}

/** In double precision, as K-Means takes bytes: exactly. */
function pixelsTensor(_model: FeatureModel, images: Tensor): Tensor {
  const [batch = 1, ...sizes] = images.shape;
  const length = sizes.reduce((product: number, size) => product * Number(size), 1);
  return scale(toFloat(reshape(images, [batch, length]), "float64"), 1 / 255);
}

/** @throws {InputError} for images */
function valuesOf({ values }: ImageSet): Matrix<Float32Array> {
  if (values) return values;
  throw new InputError(
    "vectors: the source must hold vectors; got images. Take features of images, e.g. pixels.",
  );
}

function autoencoderStage(architecture: string): FeatureStage {
  return {
    async *steps(images: ImageSet, options: FeatureOptions, context: StageContext) {
      const { model, unfolding } = yield* steps(images, { architecture, ...options }, context);
      const { training } = model;
      const samples = await encode(model, images, context);
      return { model, samples, training, unfolding, notices: trainingNotices(training) };
    },
    apply: (model, images, context) => encode(autoencoder(model), images, context),
    toImages: (model, points, _shape, context) => decode(autoencoder(model), points, context),
    reconstruction: {
      of: (model, images, context) => reconstruct(autoencoder(model), images, context),
      errors: (model, images, context) => reconstructionErrors(autoencoder(model), images, context),
    },
    graph: (model, images) => encodedTensor(autoencoder(model), images).tensor,
  };
}

function trainingNotices({ deadDimensions, codeSize }: TrainingRecord): string[] {
  if (deadDimensions.length < codeSize) return [];
  return [
    "All images have the same code, so that their clusters mean nothing: the images do not differ, or the network has learned nothing (try a lower --learning-rate, or more --epochs).",
  ];
}

function autoencoder(model: FeatureModel): AutoencoderModel {
  if (model.kind === "autoencoder") return model;
  throw new TypeError(`an autoencoder's model was expected; got ${model.kind}`);
}

function vectorsModel(model: FeatureModel): vectors.VectorsModel {
  if (model.kind === "vectors") return model;
  throw new TypeError(`a model of vectors was expected; got ${model.kind}`);
}

function pcaModel(model: FeatureModel): ComponentsModel {
  if (model.kind === "pca") return model;
  throw new TypeError(`principal components were expected; got ${model.kind}`);
}

function hogModel(model: FeatureModel): hog.HogModel {
  if (model.kind === "hog") return model;
  throw new TypeError(`histograms of gradients were expected; got ${model.kind}`);
}

function scatteringModel(model: FeatureModel): scattering.ScatteringModel {
  if (model.kind === "scattering") return model;
  throw new TypeError(`scattering coefficients were expected; got ${model.kind}`);
}

function onnxModel(model: FeatureModel): onnx.OnnxModel {
  if (model.kind === "onnx") return model;
  throw new TypeError(`a model of the user's own network was expected; got ${model.kind}`);
}
