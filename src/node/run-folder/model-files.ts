/** A fitted chain as files: `model.json` for what a person can read, `.npy` for matrices. */
import { z } from "zod";
import { FormatError } from "../../errors.ts";
import { type Chain, type FeatureModel, type ImageShape, pipelineFile } from "../../pipeline/index.ts";
import { autoencoderFiles, autoencoderSchema, readAutoencoder } from "./autoencoder-files.ts";
import { clustererFiles, clustererSchema, readClusterer } from "./clusterer-files.ts";
import { jsonText } from "./json-text.ts";
import { onnxFiles, onnxSchema, readOnnx } from "./onnx-files.ts";
import { parseRecord } from "./parse-record.ts";

/** Format version of `model.json`; readers accept every version up to their own. */
const MODEL_FORMAT_VERSION = 1;

const positive = z.int().min(1);

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
  clusterer: clustererSchema,
});

/** Files of a chain, by their names in the folder `model`. */
export function modelFiles(chain: Chain): ReadonlyMap<string, string | Uint8Array> {
  const features = featureFiles(chain.features);
  const clusterer = clustererFiles(chain.clusterer);
  const model = {
    format: "unlabeled-model",
    formatVersion: MODEL_FORMAT_VERSION,
    method: chain.method,
    shape: chain.shape,
    features: features.json,
    clusterer: clusterer.json,
  };
  const files = new Map<string, string | Uint8Array>([...features.files, ...clusterer.files]);
  files.set("model.json", jsonText(model));
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
  const nFeatures = checkFeatures(file, method, shape, features);
  const fitted = await readClusterer(clusterer, { method, nFeatures }, { folder, read });
  return {
    kind: "chain",
    method,
    shape,
    features: await readFeatures(features, folder, read),
    clusterer: fitted,
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
