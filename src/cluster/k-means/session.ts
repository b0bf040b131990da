/**
 * K-Means in the kernels' memory: tables for one set of samples and one number of clusters, on which any number of
 * starts may run.
 */
import {
  centerTables,
  type KernelCompute,
  type LoadedSamples,
  largestRoundingError,
  loadSamples,
  sumOfBlocks,
  sumTables,
  type TaskValues,
} from "../../kernels/index.ts";
import type { Matrix, Samples } from "../../matrix/index.ts";
import type { KMeansAlgorithm } from "./types.ts";

type Algorithm = Exclude<KMeansAlgorithm, "auto">;

export interface Session {
  readonly loaded: LoadedSamples;
  readonly nClusters: number;
  readonly algorithm: Algorithm;
  readonly signal: AbortSignal | undefined;
  /** The tables of the clusters' own centers, to be `set` again after others were in use. */
  readonly tables: TaskValues;
}

/** A session that fits, not only assigns. */
export interface FitSession extends Session {
  /** Sum of squared distances of the samples to the point m, in stored units. */
  readonly totalScatter: number;
}

/** Loads the samples and makes all tables. The caller releases `session.loaded`. */
export async function openSession(
  where: string,
  compute: KernelCompute,
  samples: Samples,
  nClusters: number,
  algorithm: Algorithm,
  signal: AbortSignal | undefined,
): Promise<Session> {
  const loaded = await loadSamples(where, compute, samples, signal);
  try {
    const { rows, allocate, set } = loaded;
    const tables = {
      ...centerTables(loaded, nClusters),
      queries: allocate(nClusters * 4),
      output: allocate(nClusters * 4),
    };
    set(tables);
    set(sumTables(loaded, nClusters));
    const centerStride = loaded.get("centerStride");
    const boundStride = boundsPerSample(algorithm, loaded.isBytes, centerStride);
    set({
      labels: allocate(rows * 4),
      distances: allocate(rows * 8),
      upper: allocate(rows * 4),
      gaps: allocate(rows * 4),
      moved: allocate(centerStride * 4),
      othersMoved: allocate(centerStride * 4),
      drifts: allocate(centerStride * 4),
      halfDistances: algorithm === "lloyd" ? 0 : allocate(nClusters * centerStride * 4),
      halfNearest: allocate(centerStride * 4),
      boundStride,
      bounds: allocate(rows * boundStride * 4),
      groupMoved: allocate(boundStride * 4),
    });
    return { loaded, nClusters, algorithm, signal, tables };
  } catch (error) {
    loaded.release();
    throw error;
  }
}

/** Centers that one bound of Yinyang stands for: as many as a tile of the kernels has (assembly/yinyang.ts). */
export const groupSize = (isBytes: boolean): number => (isBytes ? 5 : 8);

function boundsPerSample(algorithm: Algorithm, isBytes: boolean, centerStride: number): number {
  if (algorithm === "elkan") return centerStride;
  return algorithm === "yinyang" ? Math.ceil(centerStride / groupSize(isBytes)) : 0;
}

/** Makes the session one that fits; one pass over floats, none over bytes. */
export async function prepareFit(session: Session, samples: Samples): Promise<FitSession> {
  const { loaded, signal } = session;
  const totalScatter = loaded.isBytes
    ? sumOfNorms(loaded)
    : await scatterAroundMiddle(loaded, samples, signal);
  return { ...session, totalScatter };
}

/** For bytes, m = 0 serves as well: squared lengths are integers, so the difference in J loses nothing that matters. */
function sumOfNorms({ compute, rows, get }: LoadedSamples): number {
  return compute.memory.float64(get("norms"), rows).reduce((a, b) => a + b, 0);
}

/** Scatter around a point m in the middle: the mean of some samples. */
async function scatterAroundMiddle(
  loaded: LoadedSamples,
  samples: Samples,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { compute, stride, unit } = loaded;
  const { rows, cols, data } = samples;
  const mean = compute.memory.float64(loaded.get("mean"), stride);
  const step = Math.ceil(rows / 1024);
  const count = Math.ceil(rows / step);
  for (let i = 0; i < rows; i += step) {
    for (let j = 0; j < cols; j++)
      mean[j] = (mean[j] as number) + (data[i * cols + j] as number) / unit / count;
  }
  await loaded.run([["scatter"]], signal);
  return sumOfBlocks(loaded);
}

/** Forgets all sums, so that a start begins from nothing. */
function clearSums(loaded: LoadedSamples, nClusters: number): void {
  const { memory, threads } = loaded.compute;
  const cells = nClusters * loaded.stride * 8;
  memory.bytes(loaded.get("sums"), cells).fill(0);
  memory.bytes(loaded.get("workerSums"), threads * cells).fill(0);
  memory.int32(loaded.get("counts"), nClusters).fill(0);
  memory.int32(loaded.get("workerCounts"), threads * nClusters).fill(0);
  memory.int32(loaded.get("workerCounters"), threads * 16).fill(0);
}

/** Writes centers, in the samples' own units, and begins a start from them. */
export async function placeCenters(session: Session, centers: Matrix): Promise<void> {
  const { loaded, nClusters, signal } = session;
  const { stride, cols, unit, compute } = loaded;
  const target = compute.memory.float64(loaded.get("centers"), nClusters * stride);
  target.fill(0);
  for (let c = 0; c < nClusters; c++) {
    for (let j = 0; j < cols; j++) target[c * stride + j] = (centers.data[c * cols + j] as number) / unit;
  }
  compute.memory.int32(loaded.get("labels"), loaded.rows).fill(-1);
  clearSums(loaded, nClusters);
  await loaded.run([["round", nClusters]], signal);
  loaded.set({ epsilon: largestRoundingError(loaded) });
}

/** The present centers, in the samples' own units. */
export function readCenters({ loaded, nClusters }: Session): Matrix<Float64Array> {
  const { stride, cols, unit, compute } = loaded;
  const source = compute.memory.float64(loaded.get("centers"), nClusters * stride);
  const data = new Float64Array(nClusters * cols);
  for (let c = 0; c < nClusters; c++) {
    for (let j = 0; j < cols; j++) data[c * cols + j] = (source[c * stride + j] as number) * unit;
  }
  return { rows: nClusters, cols, data };
}
