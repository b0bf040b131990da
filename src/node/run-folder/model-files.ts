/** A fitted chain as files: `model.json` for what a person can read, `.npy` for matrices. */
import { z } from "zod";
import type { KMeansModel } from "../../cluster/k-means/index.ts";
import { FormatError } from "../../errors.ts";
import { decodeNpy, encodeNpy, type Matrix } from "../../matrix/index.ts";
import { type Chain, type FeatureModel, type ImageShape, pipelineFile } from "../../pipeline/index.ts";
import { autoencoderFiles, autoencoderSchema, readAutoencoder } from "./autoencoder-files.ts";
import { jsonText } from "./json-text.ts";
import { onnxFiles, onnxSchema, readOnnx } from "./onnx-files.ts";
import { parseRecord } from "./parse-record.ts";

/** Format version of `model.json`; readers accept every version up to their own. */
const MODEL_FORMAT_VERSION = 1;

const count = z.int().min(0);
const positive = z.int().min(1);

const kMeansSchema = z.object({
  kind: z.literal("k-means"),
  settings: z.object({
    nClusters: positive,
    init: z.enum(["k-means++", "random", "given"]),
    nRestarts: positive,
    maxIterations: positive,
    tolerance: z.number().min(0),
    seed: count,
    algorithm: z.enum(["auto", "lloyd", "hamerly", "elkan", "yinyang"]),
  }),
  sizes: z.array(count),
  inertia: z.number(),
  iterations: count,
  converged: z.boolean(),
  restart: count,
  history: z.array(
    z.object({
      restart: count,
      iteration: positive,
      inertia: z.number(),
      changed: count,
      relocated: z.array(count),
    }),
  ),
});

const modelSchema = z.object({
  format: z.literal("unlabeled-model"),
  formatVersion: positive,
  method: z.string(),
  shape: z.object({ height: positive, width: positive, channels: positive }),
  features: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("pixels") }),
    autoencoderSchema,
    onnxSchema,
  ]),
  clusterer: kMeansSchema,
});

/** Files of a chain, by their names in the folder `model`. */
export function modelFiles(chain: Chain): ReadonlyMap<string, string | Uint8Array> {
  const { centers, sizes, settings, ...clusterer } = chain.clusterer;
  const given = typeof settings.init === "string" ? undefined : settings.init;
  const features = featureFiles(chain.features);
  const model = {
    format: "unlabeled-model",
    formatVersion: MODEL_FORMAT_VERSION,
    method: chain.method,
    shape: chain.shape,
    features: features.json,
    clusterer: {
      ...clusterer,
      settings: { ...settings, init: given ? "given" : settings.init },
      sizes: Array.from(sizes),
    },
  };
  const files = new Map<string, string | Uint8Array>(features.files);
  files.set("model.json", jsonText(model));
  files.set("centers.npy", encodeNpy(centers));
  if (given) files.set("initial-centers.npy", encodeNpy(given));
  const pipeline = pipelineFile(chain);
  if (pipeline) files.set("pipeline.onnx", pipeline);
  return files;
}

/** What `model.json` holds of the features, and their files. */
function featureFiles(model: FeatureModel): {
  readonly json: unknown;
  readonly files: readonly (readonly [string, Uint8Array])[];
} {
  if (model.kind === "autoencoder") return autoencoderFiles(model);
  return model.kind === "onnx" ? onnxFiles(model) : { json: model, files: [] };
}

/**
 * A chain from its files.
 *
 * @param folder name of the folder, for messages
 * @param read gives the bytes of a file of the folder
 * @throws {FormatError} if a file does not follow its format, or the files do not belong together
 */
export async function readModel(folder: string, read: (file: string) => Promise<Uint8Array>): Promise<Chain> {
  const file = `${folder}/model.json`;
  const text = new TextDecoder().decode(await read("model.json"));
  const { method, shape, features, clusterer } = parseRecord(text, {
    where: "readRun",
    file,
    format: "unlabeled-model",
    formatVersion: MODEL_FORMAT_VERSION,
    schema: modelSchema,
  });
  const { nClusters, init, ...settings } = clusterer.settings;
  const cols = checkFeatures(file, method, shape, features);
  const matrix = async (name: string): Promise<Matrix<Float64Array>> =>
    checkMatrix(decodeNpy(await read(name), `${folder}/${name}`), nClusters, cols, `${folder}/${name}`);
  if (clusterer.sizes.length !== nClusters) {
    throw new FormatError(
      `readRun: "${file}" must have ${nClusters} cluster sizes; got ${clusterer.sizes.length}.`,
    );
  }
  const model: KMeansModel = {
    ...clusterer,
    settings: { nClusters, init: init === "given" ? await matrix("initial-centers.npy") : init, ...settings },
    centers: await matrix("centers.npy"),
    sizes: Int32Array.from(clusterer.sizes),
  };
  return {
    kind: "chain",
    method,
    shape,
    features: await readFeatures(features, folder, read),
    clusterer: model,
  };
}

type StoredFeatures = z.infer<typeof modelSchema>["features"];

function readFeatures(
  features: StoredFeatures,
  folder: string,
  read: (file: string) => Promise<Uint8Array>,
): FeatureModel | Promise<FeatureModel> {
  if (features.kind === "autoencoder") return readAutoencoder(features, folder, read);
  return features.kind === "onnx" ? readOnnx(features, folder, read) : features;
}

/**
 * Numbers that the features have for each image.
 *
 * @throws {FormatError} if they are not those of the method, or of images of another size
 */
function checkFeatures(file: string, method: string, shape: ImageShape, features: StoredFeatures): number {
  const { word, images, length } = outline(features, shape);
  const [wanted] = method.split("+");
  if (wanted !== word) {
    throw new FormatError(`readRun: features in "${file}" must be those of "${method}"; got "${word}".`);
  }
  const size = ({ height, width, channels }: ImageShape): string => `${height} x ${width} x ${channels}`;
  const other = images.find((image) => size(image) !== size(shape));
  if (other) {
    throw new FormatError(
      `readRun: features in "${file}" must be of images of ${size(shape)}, as its shape says; got ${size(other)}.`,
    );
  }
  return length;
}

/** The word of a method for stored features, each place where they say the size of images, and how many numbers they are. */
function outline(
  features: StoredFeatures,
  shape: ImageShape,
): { readonly word: string; readonly images: readonly ImageShape[]; readonly length: number } {
  switch (features.kind) {
    case "pixels":
      return { word: "pixels", images: [], length: shape.height * shape.width * shape.channels };
    case "autoencoder": {
      const { architecture, design } = features.settings;
      return { word: architecture, images: [features.image, design.encoder.input], length: design.codeSize };
    }
    case "onnx":
      return { word: "onnx", images: [features.image], length: features.output.length };
  }
}

function checkMatrix(matrix: Matrix, rows: number, cols: number, file: string): Matrix<Float64Array> {
  const { data } = matrix;
  if (matrix.rows !== rows || matrix.cols !== cols || !(data instanceof Float64Array)) {
    throw new FormatError(
      `readRun: "${file}" must hold float64 of ${rows} x ${cols}, as model.json says; got ${matrix.rows} x ${matrix.cols}.`,
    );
  }
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new FormatError(`readRun: "${file}" must hold finite numbers; got ${data[bad]}.`);
  return { rows, cols, data };
}
