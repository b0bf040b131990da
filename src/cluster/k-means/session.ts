/**
 * K-Means in the kernels' memory: tables for one set of samples and one number of clusters, on which any number of
 * starts may run.
 *
 * Objective: inertia J = sum over samples of |x - c(x)|^2. An iteration gives each sample its nearest center, then
 * moves each center to the mean of its samples (Lloyd 1982); neither step raises J. Because the cluster sums S_c are
 * exact, J follows from them without another pass: J = sum |x - m|^2 - sum n_c |S_c / n_c - m|^2, for any m;
 * one in the middle of the samples loses few digits.
 */
import {
  beyondAllBounds,
  centerTables,
  type KernelCompute,
  type LoadedSamples,
  largestRoundingError,
  loadSamples,
  sumOfBlocks,
  sumTables,
} from "../../kernels/index.ts";
import type { Matrix, Samples } from "../../matrix/index.ts";
import type { KMeansAlgorithm } from "./types.ts";

type Algorithm = Exclude<KMeansAlgorithm, "auto">;

const firstPass = {
  lloyd: "assignAll",
  hamerly: "assignAll",
  elkan: "startElkan",
  yinyang: "startYinyang",
} as const;
const laterPass = {
  lloyd: "assignAll",
  hamerly: "assignHamerly",
  elkan: "assignElkan",
  yinyang: "assignYinyang",
} as const;

/** Share of the doubts that a fresh distance to the own center must settle to be worth its cost. */
const tightenPays = 0.2;

/** Bounds are renewed when fewer than this many further movements like the last would use them up. */
const refreshMovements = 4;

export interface Session {
  readonly loaded: LoadedSamples;
  readonly nClusters: number;
  /** Sum of squared distances of the samples to the point m, in stored units. */
  readonly totalScatter: number;
  readonly algorithm: Algorithm;
  readonly signal: AbortSignal | undefined;
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
    set(centerTables(loaded, nClusters));
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
      halfDistances: allocate(nClusters * centerStride * 4),
      halfNearest: allocate(centerStride * 4),
      boundStride,
      bounds: allocate(rows * boundStride * 4),
      groupMoved: allocate(boundStride * 4),
    });
    const totalScatter = loaded.isBytes
      ? sumOfNorms(loaded)
      : await scatterAroundMiddle(loaded, samples, signal);
    return { loaded, nClusters, totalScatter, algorithm, signal };
  } catch (error) {
    loaded.release();
    throw error;
  }
}

/** Centers that one bound of Yinyang stands for: as many as a tile of the kernels has (assembly/yinyang.ts). */
const groupSize = (isBytes: boolean): number => (isBytes ? 5 : 8);

function boundsPerSample(algorithm: Algorithm, isBytes: boolean, centerStride: number): number {
  if (algorithm === "elkan") return centerStride;
  return algorithm === "yinyang" ? Math.ceil(centerStride / groupSize(isBytes)) : 0;
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

/** Result of one assignment pass and update. */
export interface Pass {
  readonly changed: number;
  readonly inertia: number;
  readonly emptyClusters: readonly number[];
}

/** One iteration: assignment, new centers, and what the bounds must know of their movement. */
export async function iterate(session: Session, isFirst: boolean): Promise<Pass> {
  const { loaded, nClusters, algorithm, signal } = session;
  if (isFirst) resetMovement(session);
  const pass = (isFirst ? firstPass : laterPass)[algorithm];
  await loaded.run([[pass], ...updateSteps(session)], signal);
  const changed = takeChanged(loaded);
  return { changed, ...afterUpdate(session), emptyClusters: emptyClusters(loaded, nClusters) };
}

function updateSteps({
  nClusters,
  algorithm,
}: Session): readonly (readonly ["update" | "separateCenters", number])[] {
  return algorithm === "lloyd"
    ? [["update", nClusters]]
    : [
        ["update", nClusters],
        ["separateCenters", nClusters],
      ];
}

/** Assignment to the present centers without moving them: the labels that `predict` would give. */
export async function assignOnly(session: Session): Promise<void> {
  const { loaded, signal } = session;
  await loaded.run([["assignAll"]], signal);
}

/**
 * Gives each empty cluster the sample farthest from its center (the lowest index among equals), taking none that is
 * alone in its cluster. A cluster stays empty where no sample is away from its center: it has nothing to gain.
 *
 * @returns the clusters that took a sample
 */
export async function refillEmpty(
  session: Session,
  empty: readonly number[],
): Promise<{ refilled: number[]; inertia: number }> {
  const { loaded, nClusters, signal } = session;
  const { memory } = loaded.compute;
  await loaded.run([["measure"]], signal);
  const distances = memory.float64(loaded.get("distances"), loaded.rows);
  const labels = memory.int32(loaded.get("labels"), loaded.rows);
  const counts = Int32Array.from(memory.int32(loaded.get("counts"), nClusters));
  const nothing = loaded.cols * centerStep(loaded) ** 2;
  const taken: number[] = [];
  const refilled: number[] = [];
  for (const cluster of empty) {
    let farthest = -1;
    for (let i = 0; i < distances.length; i++) {
      if ((distances[i] as number) <= (farthest < 0 ? nothing : (distances[farthest] as number))) continue;
      if ((counts[labels[i] as number] as number) > 1 && !taken.includes(i)) farthest = i;
    }
    if (farthest < 0) break;
    counts[labels[farthest] as number] = (counts[labels[farthest] as number] as number) - 1;
    taken.push(farthest);
    refilled.push(cluster);
  }
  if (taken.length > 0) {
    const queries = loaded.get("queries") || loaded.allocate(nClusters * 4);
    const output = loaded.get("output") || loaded.allocate(nClusters * 4);
    loaded.set({ queries, output, nQueries: taken.length });
    memory.int32(queries, taken.length).set(taken);
    memory.int32(output, taken.length).set(refilled);
    await loaded.run([["relocate", 1], ...updateSteps(session)], signal);
  }
  return { refilled, inertia: taken.length > 0 ? afterUpdate(session).inertia : Number.NaN };
}

/**
 * Rounding of one element of a center, in stored units: equal samples are no farther from their mean. The mean of bytes
 * that are not all equal is off by at least one part in their number, which is far more.
 */
function centerStep({ isBytes, get }: LoadedSamples): number {
  return isBytes ? 2 ** -40 : 1 / get("fixedPoint");
}

/** Labels, distances to the own center and sizes of the clusters, in the caller's units, and their inertia. */
export async function measure(session: Session): Promise<{
  labels: Int32Array;
  distances: Float64Array;
  sizes: Int32Array;
  inertia: number;
}> {
  const { loaded, nClusters, signal } = session;
  const { memory } = loaded.compute;
  await loaded.run([["measure"]], signal);
  const { unit, rows } = loaded;
  const labels = memory.int32(loaded.get("labels"), rows).slice();
  const distances = memory.float64(loaded.get("distances"), rows).slice();
  const sizes = new Int32Array(nClusters);
  for (let i = 0; i < rows; i++) {
    sizes[labels[i] as number] = (sizes[labels[i] as number] as number) + 1;
    distances[i] = Math.sqrt(distances[i] as number) * unit;
  }
  return { labels, distances, sizes, inertia: sumOfBlocks(loaded) * unit * unit };
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

function resetMovement({ loaded }: Session): void {
  const centerStride = loaded.get("centerStride");
  loaded.compute.memory.float32(loaded.get("moved"), centerStride).fill(0);
  loaded.compute.memory.float32(loaded.get("othersMoved"), centerStride).fill(0);
  loaded.compute.memory.float32(loaded.get("drifts"), centerStride).fill(0);
  loaded.compute.memory.float32(loaded.get("groupMoved"), loaded.get("boundStride")).fill(0);
  loaded.set({ tighten: 0 });
}

/** After an update: adds the movements to what the bounds subtract, and gives the inertia in the caller's units. */
function afterUpdate({ loaded, nClusters, totalScatter, algorithm }: Session): { inertia: number } {
  const { memory } = loaded.compute;
  const movements = memory
    .float64(loaded.get("movements"), nClusters)
    .map((movement) => Math.min(movement, beyondAllBounds));
  const moved = memory.float32(loaded.get("moved"), nClusters);
  const othersMoved = memory.float32(loaded.get("othersMoved"), nClusters);
  const drifts = memory.float32(loaded.get("drifts"), nClusters);
  let first = 0;
  let farthest = -1;
  let second = 0;
  movements.forEach((movement, c) => {
    if (movement > first) {
      second = first;
      first = movement;
      farthest = c;
    } else if (movement > second) second = movement;
  });
  for (let c = 0; c < nClusters; c++) {
    moved[c] = roundUp((moved[c] as number) + (movements[c] as number));
    othersMoved[c] = roundUp((othersMoved[c] as number) + (c === farthest ? second : first));
    drifts[c] = roundUp((moved[c] as number) + (othersMoved[c] as number));
  }
  if (algorithm === "yinyang") {
    const groupMoved = memory.float32(loaded.get("groupMoved"), loaded.get("boundStride"));
    const size = groupSize(loaded.isBytes);
    for (let group = 0; group * size < nClusters; group++) {
      const movement = Math.max(...movements.subarray(group * size, (group + 1) * size));
      groupMoved[group] = roundUp((groupMoved[group] as number) + movement);
    }
  }
  loaded.set({ epsilon: largestRoundingError(loaded), refresh: refreshMovements * (first + second) });
  const between = memory.float64(loaded.get("scatter"), nClusters).reduce((a, b) => a + b, 0);
  return { inertia: Math.max(0, totalScatter - between) * loaded.unit * loaded.unit };
}

/** The nearest float32 that is not below the value. */
function roundUp(value: number): number {
  const rounded = Math.fround(value);
  return rounded >= value ? rounded : Math.fround(value * (1 + 2 ** -23));
}

/** Reads and clears the counters; tunes what the next assignment pass tries, which changes its time but no label. */
function takeChanged(loaded: LoadedSamples): number {
  const { memory, threads } = loaded.compute;
  const counters = memory.int32(loaded.get("workerCounters"), threads * 16);
  const total = (place: number): number => {
    let sum = 0;
    for (let worker = 0; worker < threads; worker++) sum += counters[worker * 16 + place] as number;
    return sum;
  };
  const [changed, doubted, tightened] = [total(0), total(1), total(2)];
  counters.fill(0);
  // A fresh distance to the own center costs about a fourth of all distances to ten centers. Once it settles more than
  // that share of the doubts, it pays; few changes are the sign that it will.
  const tried = loaded.get("tighten") === 1;
  const pays = tried ? tightened > tightenPays * doubted : changed < loaded.rows / 20;
  loaded.set({ tighten: pays ? 1 : 0 });
  return changed;
}

function emptyClusters(loaded: LoadedSamples, nClusters: number): number[] {
  const counts = loaded.compute.memory.int32(loaded.get("counts"), nClusters);
  return [...counts.keys()].filter((c) => counts[c] === 0);
}
