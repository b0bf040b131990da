/** A fitted clusterer as files: what a person can read goes into `model.json`, matrices into `.npy` files. */
import { z } from "zod";
import {
  covarianceCount,
  type GaussianMixtureModel,
  type GaussianMixtureSettings,
  type MixtureInit,
} from "../../cluster/gaussian-mixture/index.ts";
import type { KMeansModel, KMeansSettings } from "../../cluster/k-means/index.ts";
import type {
  MiniBatchKMeansModel,
  MiniBatchKMeansSettings,
} from "../../cluster/mini-batch-k-means/index.ts";
import { FormatError } from "../../errors.ts";
import { decodeNpy, encodeNpy, type Matrix } from "../../matrix/index.ts";
import {
  type ClusterModel,
  type CommunityModel,
  parseMethod,
  type StudentModel,
} from "../../pipeline/index.ts";
import {
  codesSchema,
  float32s,
  float64s,
  int32s,
  matrixOf,
  packedSchema,
  packModel,
  unpackModel,
} from "./packed-models.ts";

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

const miniBatchSchema = z.object({
  kind: z.literal("mini-batch-k-means"),
  settings: z.object({
    nClusters: positive,
    batchSize: positive,
    init: z.enum(["k-means++", "random", "given"]),
    initSize: positive,
    nRestarts: positive,
    maxPasses: positive,
    patience: positive,
    tolerance: z.number().min(0),
    reassignmentRatio: z.number().min(0).max(1),
    seed: count,
  }),
  sizes: z.array(count),
  inertia: z.number(),
  iterations: count,
  passes: count,
  converged: z.boolean(),
  history: z.array(
    z.object({ pass: positive, iteration: positive, inertia: z.number(), reassigned: z.array(count) }),
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

type StoredMiniBatch = Omit<MiniBatchKMeansModel, "centers" | "sizes" | "settings"> & {
  readonly sizes: readonly number[];
  readonly settings: Omit<MiniBatchKMeansSettings, "init"> & {
    readonly init: "k-means++" | "random" | "given";
  };
};

type StoredMixture = Omit<GaussianMixtureModel, "means" | "covariances" | "weights" | "settings"> & {
  readonly weights: readonly number[];
  readonly settings: Omit<GaussianMixtureSettings, "init"> & { readonly init: MixtureInit | "given" };
};

/** Clusterers that have a file of their own. */
type PackedClusterer = CommunityModel | StudentModel;

interface StoredPacked {
  readonly kind: PackedClusterer["kind"];
  readonly file: string;
}

/** What `model.json` holds of a clusterer. */
export type StoredClusterer = StoredKMeans | StoredMiniBatch | StoredMixture | StoredPacked;

const communitySchema: z.ZodType<CommunityModel> = z
  .object({
    kind: z.enum(["graph", "consensus"]),
    codes: codesSchema,
    labels: int32s,
    centers: matrixOf(float64s),
  })
  .refine(
    ({ codes, labels, centers }) =>
      labels.length === codes.samples.rows &&
      centers.cols === codes.samples.cols &&
      labels.every((label) => label >= 0 && label < centers.rows),
    "a cluster for each training image, and a center for each cluster",
  );

const studentSchema: z.ZodType<StudentModel> = z
  .object({ kind: z.literal("student-t"), centers: matrixOf(float32s), sizes: int32s })
  .loose()
  .refine(
    ({ centers, sizes }) => sizes.length === centers.rows,
    "a size for each center",
  ) as unknown as z.ZodType<StudentModel>;

/** What the files of clusterers that have one must hold, by their kind. */
const packedSchemas: Readonly<Record<PackedClusterer["kind"], z.ZodType<PackedClusterer>>> = {
  graph: communitySchema,
  consensus: communitySchema,
  "student-t": studentSchema,
};
const packedKinds = Object.keys(packedSchemas) as PackedClusterer["kind"][];

/** What `model.json` must hold of a clusterer. */
export const clustererSchema: z.ZodType<StoredClusterer> = z.discriminatedUnion("kind", [
  kMeansSchema,
  miniBatchSchema,
  mixtureSchema,
  packedSchema.extend({ kind: z.enum(packedKinds) }),
]);

/** The word of a method for each kind of clusterer. */
const words: Readonly<Record<ClusterModel["kind"], string>> = {
  "k-means": "kmeans",
  "mini-batch-k-means": "minibatch-kmeans",
  "gaussian-mixture": "gmm",
  graph: "graph",
  consensus: "consensus",
  "student-t": "student-t",
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
  switch (model.kind) {
    case "k-means":
    case "mini-batch-k-means":
      return centersFiles(model);
    case "gaussian-mixture":
      return mixtureFiles(model);
    default:
      return packedFiles(model);
  }
}

/** Takes packed kinds alone, so that a kind that no reader knows cannot be written. */
function packedFiles(model: PackedClusterer): ReturnType<typeof clustererFiles> {
  return packModel(model, "clusterer");
}

function centersFiles({
  centers,
  sizes,
  settings,
  ...rest
}: KMeansModel | MiniBatchKMeansModel): ReturnType<typeof clustererFiles> {
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
  if (parseMethod(method).clusterer !== words[stored.kind]) {
    throw new FormatError(
      `readRun: the clusterer in "${files.folder}/model.json" must be that of "${method}"; got ${stored.kind}.`,
    );
  }
  switch (stored.kind) {
    case "k-means":
      return { ...stored, ...(await readCenters(stored, nFeatures, files)) };
    case "mini-batch-k-means":
      return { ...stored, ...(await readCenters(stored, nFeatures, files)) };
    case "gaussian-mixture":
      return readMixture(stored, nFeatures, files);
    default:
      return readPacked(stored, nFeatures, files);
  }
}

async function readPacked(
  { kind, file }: StoredPacked,
  nFeatures: number,
  files: ModelFiles,
): Promise<PackedClusterer> {
  const model = await unpackModel(file, packedSchemas[kind], files);
  if (model.kind === kind && model.centers.cols === nFeatures) return model;
  throw new FormatError(
    `readRun: "${files.folder}/${file}" must hold a clusterer "${kind}" of ${nFeatures} features; got "${model.kind}" of ${model.centers.cols}.`,
  );
}

/** What of a model of centers lies outside of `model.json`, or was changed for it. */
async function readCenters<S extends { readonly init: string; readonly nClusters: number }>(
  { settings, sizes }: { readonly settings: S; readonly sizes: readonly number[] },
  nFeatures: number,
  files: ModelFiles,
): Promise<{
  settings: Omit<S, "init"> & { init: Exclude<S["init"], "given"> | Matrix<Float64Array> };
  centers: Matrix<Float64Array>;
  sizes: Int32Array;
}> {
  const { init, nClusters } = settings;
  checkCount(files, sizes.length, nClusters, "cluster sizes");
  const centers = (name: string): Promise<Matrix<Float64Array>> =>
    readMatrix(files, name, nClusters, nFeatures);
  const named = init as Exclude<S["init"], "given">;
  return {
    settings: { ...settings, init: init === "given" ? await centers("initial-centers.npy") : named },
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
