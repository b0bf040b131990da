/** A fitted clusterer as files: what a person can read goes into `model.json`, matrices into `.npy` files. */
import { z } from "zod";
import {
  covarianceCount,
  type GaussianMixtureModel,
  type GaussianMixtureSettings,
  type MixtureInit,
} from "../../cluster/gaussian-mixture/index.ts";
import type { KMeansModel, KMeansSettings } from "../../cluster/k-means/index.ts";
import { FormatError } from "../../errors.ts";
import { decodeNpy, encodeNpy, type Matrix } from "../../matrix/index.ts";
import type { ClusterModel } from "../../pipeline/index.ts";

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

const mixtureSchema = z.object({
  kind: z.literal("gaussian-mixture"),
  settings: z.object({
    nComponents: positive,
    covarianceType: z.enum(["full", "tied", "diagonal", "spherical"]),
    init: z.enum(["k-means", "k-means++", "random", "given"]),
    nRestarts: positive,
    maxIterations: positive,
    tolerance: z.number().min(0),
    covarianceRegularization: z.number().min(0),
    seed: count,
  }),
  weights: z.array(z.number().min(0).max(1)),
  nSamples: positive,
  meanLogLikelihood: z.number(),
  iterations: count,
  converged: z.boolean(),
  restart: count,
  history: z.array(z.object({ restart: count, iteration: positive, meanLogLikelihood: z.number() })),
});

type StoredKMeans = Omit<KMeansModel, "centers" | "sizes" | "settings"> & {
  readonly sizes: readonly number[];
  readonly settings: Omit<KMeansSettings, "init"> & { readonly init: "k-means++" | "random" | "given" };
};

type StoredMixture = Omit<GaussianMixtureModel, "means" | "covariances" | "weights" | "settings"> & {
  readonly weights: readonly number[];
  readonly settings: Omit<GaussianMixtureSettings, "init"> & { readonly init: MixtureInit | "given" };
};

/** What `model.json` holds of a clusterer. */
export type StoredClusterer = StoredKMeans | StoredMixture;

/** What it must be. */
export const clustererSchema: z.ZodType<StoredClusterer> = z.discriminatedUnion("kind", [
  kMeansSchema,
  mixtureSchema,
]);

/** The word of a method for each kind of clusterer. */
const words: Readonly<Record<StoredClusterer["kind"], string>> = {
  "k-means": "kmeans",
  "gaussian-mixture": "gmm",
};

/** Where the bytes of a file of the model come from. */
export interface ModelFiles {
  /** Name of the folder, for messages. */
  readonly folder: string;
  readonly read: (file: string) => Promise<Uint8Array>;
}

/** What `model.json` holds of a clusterer, and its files. */
export function clustererFiles(model: ClusterModel): {
  readonly json: unknown;
  readonly files: readonly (readonly [string, Uint8Array])[];
} {
  return model.kind === "k-means" ? kMeansFiles(model) : mixtureFiles(model);
}

function kMeansFiles({ centers, sizes, settings, ...rest }: KMeansModel): ReturnType<typeof clustererFiles> {
  const given = typeof settings.init === "string" ? undefined : settings.init;
  return {
    json: {
      ...rest,
      settings: { ...settings, init: given ? "given" : settings.init },
      sizes: Array.from(sizes),
    },
    files: [
      ["centers.npy", encodeNpy(centers)],
      ...(given ? [["initial-centers.npy", encodeNpy(given)] as const] : []),
    ],
  };
}

/** Covariances are one matrix below the other, or one row of variances for each component. */
function mixtureFiles(model: GaussianMixtureModel): ReturnType<typeof clustererFiles> {
  const { means, covariances, weights, settings, ...rest } = model;
  const { init } = settings;
  const named = typeof init === "string";
  const cols = covarianceColumns(settings.covarianceType, means.cols);
  return {
    json: {
      ...rest,
      settings: { ...settings, init: named ? init : "given" },
      weights: Array.from(weights),
    },
    files: [
      ["centers.npy", encodeNpy(means)],
      ["covariances.npy", encodeNpy({ rows: covariances.length / cols, cols, data: covariances })],
      ...(named ? [] : [["initial-centers.npy", encodeNpy("means" in init ? init.means : init)] as const]),
    ],
  };
}

/**
 * A clusterer from its files.
 *
 * @param nFeatures numbers that it takes for each image
 * @throws {FormatError} if they do not belong together, or to the method
 */
export async function readClusterer(
  stored: StoredClusterer,
  { method, nFeatures }: { readonly method: string; readonly nFeatures: number },
  files: ModelFiles,
): Promise<ClusterModel> {
  if (method.split("+").at(-1) !== words[stored.kind]) {
    throw new FormatError(
      `readRun: the clusterer in "${files.folder}/model.json" must be that of "${method}"; got ${stored.kind}.`,
    );
  }
  return stored.kind === "k-means"
    ? readKMeans(stored, nFeatures, files)
    : readMixture(stored, nFeatures, files);
}

async function readKMeans(
  { settings, sizes, ...rest }: StoredKMeans,
  nFeatures: number,
  files: ModelFiles,
): Promise<KMeansModel> {
  const { init, nClusters } = settings;
  checkCount(files, sizes.length, nClusters, "cluster sizes");
  const centers = (name: string): Promise<Matrix<Float64Array>> =>
    readMatrix(files, name, nClusters, nFeatures);
  return {
    ...rest,
    settings: { ...settings, init: init === "given" ? await centers("initial-centers.npy") : init },
    centers: await centers("centers.npy"),
    sizes: Int32Array.from(sizes),
  };
}

async function readMixture(
  { settings, weights, ...rest }: StoredMixture,
  nFeatures: number,
  files: ModelFiles,
): Promise<GaussianMixtureModel> {
  const { init, nComponents, covarianceType } = settings;
  checkCount(files, weights.length, nComponents, "weights of components");
  const centers = (name: string): Promise<Matrix<Float64Array>> =>
    readMatrix(files, name, nComponents, nFeatures);
  const cols = covarianceColumns(covarianceType, nFeatures);
  const rows = covarianceCount(covarianceType, nComponents, nFeatures) / cols;
  return {
    ...rest,
    settings: { ...settings, init: init === "given" ? await centers("initial-centers.npy") : init },
    weights: Float64Array.from(weights),
    means: await centers("centers.npy"),
    covariances: (await readMatrix(files, "covariances.npy", rows, cols)).data,
  };
}

function covarianceColumns(
  type: GaussianMixtureModel["settings"]["covarianceType"],
  nFeatures: number,
): number {
  return type === "spherical" ? 1 : nFeatures;
}

function checkCount({ folder }: ModelFiles, got: number, wanted: number, what: string): void {
  if (got === wanted) return;
  throw new FormatError(`readRun: "${folder}/model.json" must have ${wanted} ${what}; got ${got}.`);
}

async function readMatrix(
  { folder, read }: ModelFiles,
  name: string,
  rows: number,
  cols: number,
): Promise<Matrix<Float64Array>> {
  const file = `${folder}/${name}`;
  const matrix = decodeNpy(await read(name), file);
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
