/** Brings points to the kernels' memory, and makes of each the sketch by which the search looks at it first. */
import { type KernelCompute, openWorkspace, roundUp, type Workspace } from "../../kernels/index.ts";
import { checkShape, isByteMatrix, type Matrix, nonFiniteError, type Samples } from "../../matrix/index.ts";
import { halvingOrder } from "./halving-order.ts";
import type { NeighborMetric } from "./types.ts";

/** Points in the kernels' memory. `workspace.release` gives it back. */
export interface Points {
  readonly workspace: Workspace<"NeighborTask">;
  readonly rows: number;
  readonly isBytes: boolean;
  /** Blocks of the passes over rows in their own order. */
  readonly groups: number;
}

/** Elements of one group of rows: enough work to be worth fetching, little enough to spread evenly over the threads. */
const groupElements = 131072;

/** Floats beyond this range are scaled by a power of two, so that sums of their squares stay within bounds. */
const comfortable = { least: 2 ** -40, greatest: 2 ** 40 };

/** Longest sketch in steps; below 20,000, so that squared distances and products fit into 32 bits. */
const longest = 19900;

/** Pairs that wait for each row; see assembly/neighbor-lists.ts. */
const pending = 64;

/** Rows of a block: two blocks of sketches stay in a core's own cache. */
const leastBlockRows = 384;

/**
 * Copies points in, several sets to the same scale; those of the cosine metric are brought to length one.
 *
 * @throws {InputError} for numbers that are not finite, or more than the memory holds
 */
export async function loadPoints(
  where: string,
  compute: KernelCompute,
  sets: readonly Samples[],
  metric: NeighborMetric,
  signal?: AbortSignal,
): Promise<Points[]> {
  for (const samples of sets) checkShape(where, samples);
  const isBytes =
    metric === "euclidean" &&
    sets.every((samples) => isByteMatrix(samples) && samples.unit === (sets[0] as { unit?: number }).unit);
  const loaded: Points[] = [];
  try {
    let greatest = 0;
    for (const samples of sets) {
      const points = placeRows(compute, samples, isBytes, metric === "cosine");
      loaded.push(points);
      const { workspace, groups } = points;
      await workspace.run([[isBytes ? "sumColumnsBytes" : "sumColumnsFloats", groups]], signal);
      const largest = groupReports(points).reduce((a, b) => (a > b || Number.isNaN(a) ? a : b), 0);
      if (!Number.isFinite(largest)) throw nonFiniteError(where, samples as Matrix);
      greatest = Math.max(greatest, largest);
    }
    const outside = greatest < comfortable.least || greatest > comfortable.greatest;
    const scale = !isBytes && greatest > 0 && outside;
    // Not below 2 ** -126, whose reciprocal is still a float32.
    const power = scale ? 2 ** Math.max(-126, Math.floor(Math.log2(greatest))) : 1;
    for (const [at, { workspace, groups }] of loaded.entries()) {
      const samples = sets[at] as Samples;
      workspace.set({ unit: isBytes && isByteMatrix(samples) ? samples.unit : power });
      if (scale) await workspace.run([["scaleRows", groups]], signal);
      if (metric !== "cosine") continue;
      workspace.set({ halfSquares: 1 });
      await workspace.run([["normalizeRows", groups]], signal);
    }
    return loaded;
  } catch (error) {
    for (const { workspace } of loaded) workspace.release();
    throw error;
  }
}

function placeRows(compute: KernelCompute, samples: Samples, asBytes: boolean, extra: boolean): Points {
  const { rows, cols, data } = samples;
  const width = extra ? cols + 1 : cols;
  const stride = roundUp(width, asBytes ? 16 : 4);
  const groupRows = Math.max(1, Math.round(groupElements / stride));
  const groups = Math.ceil(rows / groupRows);
  const blocks = 2 ** Math.max(0, Math.floor(Math.log2(rows / leastBlockRows)));
  const blockRows = roundUp(Math.ceil(rows / blocks), 8);
  const scratchBytes = Math.max(stride * 8, 128 + 2 * blockRows * (4 + pending * 8));
  const workspace = openWorkspace(compute, "NeighborTask");
  const { allocate, set } = workspace;
  try {
    const address = allocate(rows * stride * (asBytes ? 1 : 4));
    set({ rows: address, nRows: rows, cols: width, stride, groupRows });
    set({ groupSums: allocate(groups * (width + 1) * 8), mean: allocate(stride * 8) });
    set({
      nBlocks: blocks,
      blockRows,
      scratchBytes,
      workerScratch: allocate(compute.threads * scratchBytes),
    });
    const { memory } = compute;
    const target = asBytes ? memory.bytes(address, rows * stride) : memory.float32(address, rows * stride);
    const unit = isByteMatrix(samples) && !asBytes ? samples.unit : 1;
    copyRows(target, data, { rows, cols, stride, unit });
    return { workspace, rows, isBytes: asBytes, groups };
  } catch (error) {
    workspace.release();
    throw error;
  }
}

/** Copies rows into a zeroed place, `stride` apart, times `unit`. */
function copyRows(
  target: Uint8Array | Float32Array,
  source: Uint8Array | Float32Array,
  { rows, cols, stride, unit }: { rows: number; cols: number; stride: number; unit: number },
): void {
  if (stride === cols && unit === 1) {
    target.set(source);
    return;
  }
  for (let r = 0; r < rows; r++) {
    // A view for each row costs more than copying a short row number by number.
    if (cols >= 128 && unit === 1) target.set(source.subarray(r * cols, (r + 1) * cols), r * stride);
    else for (let j = 0; j < cols; j++) target[r * stride + j] = (source[r * cols + j] as number) * unit;
  }
}

/** The last entry of what each group reports. */
function groupReports({ workspace, groups }: Points): Float64Array {
  const entries = workspace.get("cols") + 1;
  const reports = workspace.compute.memory.float64(workspace.get("groupSums"), groups * entries);
  return Float64Array.from(
    { length: groups },
    (_, group) => reports[group * entries + entries - 1] as number,
  );
}

/**
 * Sketches all sets around the mean of the first, and sorts each into blocks.
 *
 * @param sets as {@link loadPoints} gives them
 */
export async function sketchPoints(sets: readonly Points[], signal?: AbortSignal): Promise<void> {
  const [first] = sets as [Points];
  const ending = first.isBytes ? "Bytes" : "Floats";
  await first.workspace.run([[`sumColumns${ending}`, first.groups]], signal);
  const mean = meanOf(first);
  const width = roundUp(mean.length, 2);
  for (const { workspace, rows, groups } of sets) {
    const { allocate, set, get, compute } = workspace;
    set({ width, lengths: allocate(rows * 8), drafts: allocate(rows * width * 2) });
    compute.memory.float64(get("mean"), mean.length).set(mean);
    await workspace.run([[`measureLengths${ending}`, groups]], signal);
  }
  const reach = reachOf(first);
  const step = reach > 0 ? reach / longest : 1;
  let slack = 0;
  for (const points of sets) {
    const { workspace, groups } = points;
    workspace.set({ reach, step });
    await workspace.run([[`draftSketches${ending}`, groups]], signal);
    slack = Math.max(
      slack,
      groupReports(points).reduce((a, b) => Math.max(a, b), 0),
    );
  }
  for (const points of sets) await placePoints(points, 2 * slack + 0.01, signal);
}

function meanOf(points: Points): Float64Array {
  const { workspace, groups, rows } = points;
  const cols = workspace.get("cols");
  const sums = workspace.compute.memory.float64(workspace.get("groupSums"), groups * (cols + 1));
  const mean = new Float64Array(cols);
  for (let group = 0; group < groups; group++) {
    for (let c = 0; c < cols; c++) mean[c] = (mean[c] as number) + (sums[group * (cols + 1) + c] as number);
  }
  return mean.map((sum) => sum / rows);
}

/**
 * How far from the mean sketches may lie: four times the median, so that a few rows far out do not make all others look alike.
 */
function reachOf({ workspace, rows }: Points): number {
  const lengths = workspace.compute.memory.float64(workspace.get("lengths"), rows).slice().sort();
  const median = lengths[rows >> 1] as number;
  const greatest = lengths[rows - 1] as number;
  return median > 0 ? Math.min(greatest, 4 * median) : greatest;
}

/** Sorts the sketches of a set into blocks and lays them out for the search. */
async function placePoints({ workspace, rows }: Points, slack: number, signal?: AbortSignal): Promise<void> {
  const { allocate, set, get, compute } = workspace;
  const { memory } = compute;
  const [width, nBlocks, blockRows] = [get("width"), get("nBlocks"), get("blockRows")];
  const drafts = new Int16Array(memory.bytes(get("drafts"), 0).buffer, get("drafts"), rows * width);
  const order = halvingOrder(drafts, { rows, width, nBlocks });
  const places = nBlocks * blockRows;
  set({
    slack,
    order: allocate(places * 4),
    panels: allocate(places * width * 2),
    norms: allocate(places * 4),
    negativeHalves: allocate(places * 4),
    rowLimits: allocate(places * 4),
    columnLimits: allocate(places * 4),
    columnBars: allocate(places * 4),
  });
  const placed = memory.int32(get("order"), places).fill(-1);
  for (let block = 0; block < nBlocks; block++) {
    const from = Math.floor((block * rows) / nBlocks);
    const to = Math.floor(((block + 1) * rows) / nBlocks);
    placed.set(order.subarray(from, to), block * blockRows);
  }
  await workspace.run([["packSketches", nBlocks]], signal);
}
