/** A fitted chain as files: `model.json` for what a person can read, files beside it for numbers. */
import { z } from "zod";
import { FormatError } from "../../errors.ts";
import {
  type Chain,
  chainClusters,
  type Familiarity,
  type ManifoldModel,
  parseMethod,
  pipelineFile,
} from "../../pipeline/index.ts";
import { clustererFiles, clustererSchema, type ModelFiles, readClusterer } from "./clusterer-files.ts";
import { checkFeatures, featureFiles, featuresSchema, readFeatures } from "./feature-files.ts";
import { jsonText } from "./json-text.ts";
import { codesSchema, float32s, matrixOf, packedSchema, packModel, unpackModel } from "./packed-models.ts";
import { parseRecord } from "./parse-record.ts";

/** Format version of `model.json`; readers accept every version up to their own. */
const MODEL_FORMAT_VERSION = 1;

/** How strange images may be; named in `model.json` where there is one. */
const FAMILIARITY_FILE = "familiarity.json";

const positive = z.int().min(1);

const modelSchema = z.object({
  format: z.literal("unlabeled-model"),
  formatVersion: positive,
  method: z.string(),
  shape: z.object({ height: positive, width: positive, channels: positive }),
  features: featuresSchema,
  manifold: packedSchema.exactOptional(),
  clusterer: clustererSchema,
  familiarity: z.object({ file: z.literal(FAMILIARITY_FILE) }).exactOptional(),
});

/** Format version of `familiarity.json`. */
const FAMILIARITY_FORMAT_VERSION = 1;

const familiaritySchema: z.ZodType<Familiarity> = z
  .object({
    measure: z.enum(["distance to center", "log density", "distance to training images"]),
    calibratedWith: z.enum(["training images", "validation images"]),
    images: positive,
    units: z.array(z.number().positive()).exactOptional(),
    values: z.array(z.number()).min(1),
  })
  .refine(
    ({ images, values }) => values.length === images || (values.length > 1 && values.length < images),
    "no more values than images",
  )
  .refine(
    ({ values }) => values.every((value, i) => i === 0 || value >= (values[i - 1] as number)),
    "rising values",
  );

const mapSchema: z.ZodType<ManifoldModel> = z
  .object({ kind: z.literal("umap"), codes: codesSchema, places: matrixOf(float32s), settings: z.unknown() })
  .refine(
    ({ codes, places }) => places.rows === codes.samples.rows,
    "a place for each training image",
  ) as unknown as z.ZodType<ManifoldModel>;

/** Files of a chain, by their names in the folder `model`. */
export function modelFiles(chain: Chain): ReadonlyMap<string, string | Uint8Array> {
  const features = featureFiles(chain.features);
  const manifold = chain.manifold && packModel(chain.manifold, "map");
  const clusterer = clustererFiles(chain.clusterer);
  const model = {
    format: "unlabeled-model",
    formatVersion: MODEL_FORMAT_VERSION,
    method: chain.method,
    shape: chain.shape,
    features: features.json,
    ...(manifold && { manifold: manifold.json }),
    clusterer: clusterer.json,
    ...(chain.familiarity && { familiarity: { file: FAMILIARITY_FILE } }),
  };
  const parts = [...features.files, ...(manifold?.files ?? []), ...clusterer.files];
  const files = new Map<string, string | Uint8Array>(parts);
  files.set("model.json", jsonText(model));
  if (chain.familiarity) {
    const format = { format: "unlabeled-familiarity", formatVersion: FAMILIARITY_FORMAT_VERSION };
    files.set(FAMILIARITY_FILE, jsonText({ ...format, ...chain.familiarity }));
  }
  const pipeline = pipelineFile(chain);
  if (pipeline) files.set("pipeline.onnx", pipeline);
  return files;
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
  const { method, shape, features, manifold, clusterer, familiarity } = parseRecord(text, {
    where: "readRun",
    file,
    format: "unlabeled-model",
    formatVersion: MODEL_FORMAT_VERSION,
    schema: modelSchema,
  });
  const files = { folder, read };
  const nFeatures = checkFeatures(file, method, shape, features);
  const map = await readMap(manifold, { method, nFeatures }, files);
  const nSeen = map?.places.cols ?? nFeatures;
  const fitted = await readClusterer(clusterer, { method, nFeatures: nSeen }, files);
  const known = familiarity && (await readFamiliarity(files));
  const chain = {
    kind: "chain",
    method,
    shape,
    features: await readFeatures(features, files),
    ...(map && { manifold: map }),
    clusterer: fitted,
    ...(known && { familiarity: known }),
  } as const;
  if (known?.units && known.units.length !== chainClusters(chain)) {
    throw new FormatError(
      `readRun: units in "${folder}/${FAMILIARITY_FILE}" must be one for each of the ${chainClusters(chain)} clusters; got ${known.units.length}.`,
    );
  }
  return chain;
}

async function readFamiliarity({ folder, read }: ModelFiles): Promise<Familiarity> {
  return parseRecord(new TextDecoder().decode(await read(FAMILIARITY_FILE)), {
    where: "readRun",
    file: `${folder}/${FAMILIARITY_FILE}`,
    format: "unlabeled-familiarity",
    formatVersion: FAMILIARITY_FORMAT_VERSION,
    schema: familiaritySchema,
  });
}

/** @throws {FormatError} if there is a map and the method has none, or the other way round, or it is of other features */
async function readMap(
  stored: { readonly file: string } | undefined,
  { method, nFeatures }: { readonly method: string; readonly nFeatures: number },
  files: ModelFiles,
): Promise<ManifoldModel | undefined> {
  const file = `${files.folder}/model.json`;
  if ((parseMethod(method).manifold !== undefined) !== (stored !== undefined)) {
    const got = stored ? "one" : "none";
    throw new FormatError(`readRun: "${file}" must have a map as "${method}" says; got ${got}.`);
  }
  if (!stored) return undefined;
  const map = await unpackModel(stored.file, mapSchema, files);
  if (map.codes.samples.cols === nFeatures) return map;
  throw new FormatError(
    `readRun: the map in "${files.folder}/${stored.file}" must be of ${nFeatures} features; got ${map.codes.samples.cols}.`,
  );
}
