/** A fitted chain as files: `model.json` for what a person can read, `.npy` for matrices. */
import { z } from "zod";
import type { KMeansModel } from "../../cluster/k-means/index.ts";
import { FormatError } from "../../errors.ts";
import { decodeNpy, encodeNpy, type Matrix } from "../../matrix/index.ts";
import type { Chain } from "../../pipeline/index.ts";
import { jsonText } from "./json-text.ts";
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
    algorithm: z.enum(["auto", "lloyd", "hamerly", "elkan"]),
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
  features: z.object({ kind: z.literal("pixels") }),
  clusterer: kMeansSchema,
});

/** Files of a chain, by their names in the folder `model`. */
export function modelFiles(chain: Chain): ReadonlyMap<string, string | Uint8Array> {
  const { centers, sizes, settings, ...clusterer } = chain.clusterer;
  const given = typeof settings.init === "string" ? undefined : settings.init;
  const model = {
    format: "unlabeled-model",
    formatVersion: MODEL_FORMAT_VERSION,
    method: chain.method,
    shape: chain.shape,
    features: chain.features,
    clusterer: {
      ...clusterer,
      settings: { ...settings, init: given ? "given" : settings.init },
      sizes: Array.from(sizes),
    },
  };
  const files = new Map<string, string | Uint8Array>();
  files.set("model.json", jsonText(model));
  files.set("centers.npy", encodeNpy(centers));
  if (given) files.set("initial-centers.npy", encodeNpy(given));
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
  const { method, shape, features, clusterer } = parseRecord(text, {
    where: "readRun",
    file,
    format: "unlabeled-model",
    formatVersion: MODEL_FORMAT_VERSION,
    schema: modelSchema,
  });
  const { nClusters, init, ...settings } = clusterer.settings;
  const cols = shape.height * shape.width * shape.channels;
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
  return { kind: "chain", method, shape, features, clusterer: model };
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
