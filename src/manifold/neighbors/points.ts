/** Brings points to the kernels' memory, and makes of each the sketch by which the search looks at it first. */
import { type KernelCompute, openWorkspace, roundUp, type Workspace } from "../../kernels/index.ts";
import { checkShape, isByteMatrix, type Matrix, nonFiniteError, type Samples } from "../../matrix/index.ts";
import { halvingOrder } from "./halving-order.ts";
import { chooseBasis, mostDirections, type SketchBasis } from "./sketch-basis.ts";
import type { NeighborMetric, Neighbors } from "./types.ts";

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
  const scratchBytes = Math.max(2 * (stride + mostDirections) * 8, 128 + 2 * blockRows * (4 + pending * 8));
  const workspace = openWorkspace(compute, "NeighborTask");
  const { allocate, set } = workspace;
  try {
    const address = allocate(blocks * blockRows * stride * (asBytes ? 1 : 4));
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
  const basis = await basisOf(first, mean, first.rows * (sets.at(-1) as Points).rows, signal);
  const width = basis ? basis.leading + 1 : roundUp(mean.length, 2);
  for (const { workspace, rows, groups } of sets) {
    const { allocate, set, get, compute } = workspace;
    set({ width, lengths: allocate(rows * 8), drafts: allocate(rows * width * 2) });
    compute.memory.float64(get("mean"), mean.length).set(mean);
    if (basis) setBasis(workspace, basis);
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
async function placePoints(
  { workspace, rows, isBytes }: Points,
  slack: number,
  signal?: AbortSignal,
): Promise<void> {
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
  const rowBytes = get("stride") * (isBytes ? 1 : 4);
  moveToPlaces(memory.bytes(get("rows"), places * rowBytes), rowBytes, placed);
  if (get("longWidth") > 0) {
    const longBytes = get("longWidth") * 2;
    moveToPlaces(memory.bytes(get("longs"), places * longBytes), longBytes, placed);
    set({ longNorms: allocate(places * 4) });
  }
  await workspace.run([["packSketches", nBlocks]], signal);
}

/**
 * Moves the rows of a table to their places, so that those of a block lie together: it is blocks that are compared, and they
 * stay in a core's cache.
 *
 * @param order row of each place, -1 for none
 */
function moveToPlaces(table: Uint8Array, width: number, order: Int32Array): void {
  const placeOf = new Int32Array(order.length).fill(-1);
  for (const [place, row] of order.entries()) if (row >= 0) placeOf[row] = place;
  const moved = new Uint8Array(order.length);
  let [carried, next] = [new Uint8Array(width), new Uint8Array(width)];
  for (let start = 0; start < order.length; start++) {
    let row = start;
    // The row at hand goes to its place, and whichever was there is the next at hand.
    carried.set(table.subarray(row * width, (row + 1) * width));
    while (!moved[row] && (placeOf[row] as number) >= 0) {
      moved[row] = 1;
      row = placeOf[row] as number;
      next.set(table.subarray(row * width, (row + 1) * width));
      table.set(carried, row * width);
      [carried, next] = [next, carried];
    }
  }
}

function basisOf(
  { workspace, rows, isBytes }: Points,
  mean: Float64Array,
  pairs: number,
  signal?: AbortSignal,
): Promise<SketchBasis | undefined> {
  const { compute, get } = workspace;
  const [stride, address] = [get("stride"), get("rows")];
  const { memory } = compute;
  const all = isBytes ? memory.bytes(address, rows * stride) : memory.float32(address, rows * stride);
  const at = (row: number, column: number): number => all[row * stride + column] as number;
  return chooseBasis(compute, at, mean, { rows, pairs }, signal);
}

function setBasis(
  { allocate, set, get, compute }: Points["workspace"],
  { directions, leading }: SketchBasis,
): void {
  const [stride, cols] = [get("stride"), directions.cols];
  const nBasis = directions.rows;
  // Directions are taken four at a time.
  set({ nBasis, nLeading: leading, basis: allocate(roundUp(nBasis, 4) * stride * 8) });
  for (let q = 0; q < nBasis; q++) {
    const direction = directions.data.subarray(q * cols, (q + 1) * cols);
    compute.memory.float64(get("basis") + q * stride * 8, cols).set(direction);
  }
  if (leading === nBasis) return;
  const longWidth = roundUp(nBasis + 1, 8);
  set({ longWidth, longs: allocate(get("nBlocks") * get("blockRows") * longWidth * 2) });
}

/** The k best so far of each place, none at first. */
export function prepareLists({ workspace }: Points, k: number): void {
  const { allocate, get, set } = workspace;
  const places = get("nBlocks") * get("blockRows");
  set({
    k,
    counts: allocate(places * 4),
    squares: allocate(places * k * 8),
    indices: allocate(places * k * 4),
  });
}

/** The lists in the order of the rows, with distances in the caller's units. */
export async function deliver(
  { workspace, rows }: Points,
  k: number,
  signal?: AbortSignal,
): Promise<Neighbors> {
  const { allocate, get, set, compute } = workspace;
  set({ outIndices: allocate(rows * k * 4), outDistances: allocate(rows * k * 4) });
  await workspace.run([["deliverNeighbors", get("nBlocks")]], signal);
  const indices = compute.memory.int32(get("outIndices"), rows * k).slice();
  const distances = compute.memory.float32(get("outDistances"), rows * k).slice();
  return { rows, k, indices, distances };
}

/** Block b meets block b ^ round, in each of these rounds, of which 0 is the first; all below the number of blocks make the lists exact. */
export async function meetInRounds(
  { workspace, isBytes }: Points,
  rounds: readonly number[],
  signal?: AbortSignal,
): Promise<void> {
  const nBlocks = workspace.get("nBlocks");
  for (const round of rounds) {
    workspace.set({ round });
    const pairs = round === 0 ? nBlocks : nBlocks / 2;
    await workspace.run([[isBytes ? "meetInRoundBytes" : "meetInRoundFloats", pairs]], signal);
  }
}
