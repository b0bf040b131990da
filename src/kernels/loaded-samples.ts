/**
 * Samples in the kernels' memory, with the tables that the kernels need beside them. Loading copies the samples once;
 * any number of computations may follow. All tables are found through one Task structure (assembly/task.ts).
 */
import { InputError } from "../errors.ts";
import {
  type ByteMatrix,
  checkShape,
  isByteMatrix,
  type Matrix,
  nonFiniteError,
  type Samples,
} from "../matrix/index.ts";
import type { KernelCompute, KernelName } from "./compute.ts";
import { taskFields, taskSize } from "./generated/kernels.ts";

type TaskField = keyof typeof taskFields;

/** Values for some fields of the Task: numbers, and addresses of tables. */
export type TaskValues = Partial<Record<TaskField, number>>;

/** Name of a kernel that exists both for bytes and for floats, without that ending. */
type KernelStem = KernelName extends infer Name ? (Name extends `${infer Stem}Bytes` ? Stem : never) : never;

/** A kernel and the number of its blocks; without one, it runs over the blocks of the samples. */
export type Step = readonly [kernel: KernelStem | "separateCenters", blocks?: number];

/** Elements of one block: enough work to be worth fetching, little enough to spread evenly over the threads. */
const blockElements = 262144;
const maxBlockRows = 4096;

/** Byte samples are summed in 32-bit integers. LIMIT: sets of more rows than this are refused. */
const maxByteRows = Math.floor((2 ** 31 - 1) / 255);

/** Floats beyond this range are scaled by a power of two, so that their squares neither overflow nor vanish. */
const comfortable = { least: 2 ** -40, greatest: 2 ** 40 };

/** What float32 underflow may hide of a distance between samples in the comfortable range. */
const underflow = 1e-18;

/** Largest relative error of a sum of n squared float32 differences: n + 2 roundings by half a unit, and some room. */
const floatError = (n: number): number => (n + 8) * 2 ** -24;

/** Samples and tables in the memory of a compute. Made by {@link loadSamples}; `release` gives the memory back. */
export interface LoadedSamples {
  readonly compute: KernelCompute;
  readonly rows: number;
  readonly cols: number;
  /** Elements from the start of one row to the next; those behind `cols` are zero. */
  readonly stride: number;
  readonly blocks: number;
  readonly blockRows: number;
  readonly isBytes: boolean;
  /** What one stored step is worth in the caller's units. */
  readonly unit: number;
  /** A zeroed table of `bytes` bytes, which lives until `release`. */
  allocate(bytes: number): number;
  /** Writes fields of the Task. */
  set(values: TaskValues): void;
  get(field: TaskField): number;
  /** Runs the kernels, one after another. */
  run(steps: readonly Step[], signal?: AbortSignal): Promise<void>;
  release(): void;
}

/**
 * Copies samples into the kernels' memory.
 *
 * @param where name of the public function, for messages
 * @throws {InputError} for a wrong shape, numbers that are not finite, or more than the memory holds
 */
export async function loadSamples(
  where: string,
  compute: KernelCompute,
  samples: Samples,
  signal?: AbortSignal,
): Promise<LoadedSamples> {
  checkShape(where, samples);
  if (isByteMatrix(samples) && samples.rows > maxByteRows) {
    throw new InputError(`${where}: byte samples must be at most ${maxByteRows} rows; got ${samples.rows}.`);
  }
  const { memory } = compute;
  const pieces: number[] = [];
  const allocate = (bytes: number): number => {
    const piece = memory.allocate(bytes);
    pieces.push(piece);
    return piece;
  };
  const release = (): void => {
    for (const piece of pieces.splice(0)) memory.release(piece);
  };
  try {
    const { rows, cols } = samples;
    const isBytes = isByteMatrix(samples);
    const ending = isBytes ? "Bytes" : "Floats";
    const stride = roundUp(cols, isBytes ? 8 : 4);
    const blockRows = Math.min(maxBlockRows, Math.max(2, 2 * Math.round(blockElements / stride / 2)));
    const blocks = Math.ceil(rows / blockRows);
    const task = allocate(taskSize);

    const set = (values: TaskValues): void => {
      const view = memory.view();
      for (const [field, value] of Object.entries(values)) {
        const { offset, type } = taskFields[field as TaskField];
        if (type === "f64") view.setFloat64(task + offset, value, true);
        else view.setUint32(task + offset, value, true);
      }
    };
    const get = (field: TaskField): number => {
      const { offset, type } = taskFields[field];
      const view = memory.view();
      return type === "f64" ? view.getFloat64(task + offset, true) : view.getUint32(task + offset, true);
    };
    const run = (steps: readonly Step[], abort?: AbortSignal): Promise<void> =>
      compute.run(
        steps.map(([stem, count = blocks]) => ({
          kernel: stem === "separateCenters" ? stem : (`${stem}${ending}` as KernelName),
          task,
          blocks: count,
        })),
        abort,
      );

    set({ rows, cols, stride, blockRows, blockTotals: allocate(blocks * 8), nWorkers: compute.threads });
    const loading: Loading = { where, compute, task, stride, blocks, blockRows, signal, allocate, set, get };
    const unit = isByteMatrix(samples)
      ? await packBytes(loading, samples)
      : await copyFloats(loading, samples);
    return {
      compute,
      rows,
      cols,
      stride,
      blocks,
      blockRows,
      isBytes,
      unit,
      allocate,
      set,
      get,
      run,
      release,
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** What both ways of loading need. */
interface Loading
  extends Pick<LoadedSamples, "compute" | "stride" | "blocks" | "blockRows" | "allocate" | "set" | "get"> {
  readonly where: string;
  readonly task: number;
  readonly signal: AbortSignal | undefined;
}

/** Rows go through staging areas of about this many bytes each, so that never both forms of all samples take memory. */
const stagingBytes = 2 ** 22;

/**
 * Brings all rows to the kernels by way of two staging areas: while the threads work on one, the caller fills the other.
 *
 * @param fill  copies rows `from` up to, not including, `to` to an address
 * @param digest makes of a staged area, with its first row and its number of blocks, what it is to become
 */
async function stageRows(
  { compute, blocks, blockRows, set }: Loading,
  { rows, rowBytes }: { readonly rows: number; readonly rowBytes: number },
  fill: (address: number, from: number, to: number) => void,
  digest: (blocks: number) => Promise<void>,
): Promise<void> {
  const { memory } = compute;
  const stagedBlocks = Math.min(blocks, Math.max(1, Math.round(stagingBytes / (blockRows * rowBytes))));
  const areas = [0, 1].map(() => memory.allocate(stagedBlocks * blockRows * rowBytes));
  let running: Promise<void> = Promise.resolve();
  try {
    for (let block = 0, turn = 0; block < blocks; block += stagedBlocks, turn = 1 - turn) {
      const from = block * blockRows;
      const staging = areas[turn] as number;
      fill(staging, from, Math.min(rows, from + stagedBlocks * blockRows));
      await running;
      set({ staging, firstStaged: from });
      running = digest(Math.min(stagedBlocks, blocks - block));
      running.catch(() => {}); // awaited in the next turn, or below
    }
    await running;
  } finally {
    await running.catch(() => {});
    for (const area of areas) memory.release(area);
  }
}

/** Packs rows of bytes (assembly/packed.ts); gives the unit. */
async function packBytes(loading: Loading, samples: ByteMatrix): Promise<number> {
  const { compute, task, stride, blocks, signal, allocate, set } = loading;
  const { memory } = compute;
  const { rows, cols, data, unit } = samples;
  const blockStarts = allocate(blocks * 4);
  set({ blockStarts, norms: allocate(rows * 8), rowStarts: allocate(rows * 4) });
  await stageRows(
    loading,
    { rows, rowBytes: stride },
    (address, from, to) => {
      const target = memory.bytes(address, (to - from) * stride);
      copyRows(target, data.subarray(from * cols, to * cols), cols, stride);
    },
    async (count) => {
      await compute.run([{ kernel: "weighStaged", task, blocks: count }], signal);
      const sizes = memory.uint32(blockStarts, count).slice();
      let address = allocate(sizes.reduce((a, b) => a + b, 0));
      const starts = memory.uint32(blockStarts, count);
      sizes.forEach((size, at) => {
        starts[at] = address;
        address += size;
      });
      await compute.run([{ kernel: "packStaged", task, blocks: count }], signal);
    },
  );
  // Quick distances between bytes and quantized centers are exact but for one rounding to float32.
  set({ unit, fixedPoint: 1, gamma: 2 ** -22, centerGamma: floatError(stride) });
  return unit;
}

/** Copies floats, scaled by a power of two where their squares would overflow or vanish; gives the unit. */
async function copyFloats(loading: Loading, samples: Matrix<Float32Array>): Promise<number> {
  const { where, compute, task, stride, blocks, signal, allocate, set, get } = loading;
  const { memory } = compute;
  const { rows, cols, data } = samples;
  set({ samples: allocate(rows * stride * 4) });
  await stageRows(
    loading,
    { rows, rowBytes: cols * 4 },
    (address, from, to) =>
      memory.float32(address, (to - from) * cols).set(data.subarray(from * cols, to * cols)),
    (count) => compute.run([{ kernel: "placeFloats", task, blocks: count }], signal),
  );
  const greatest = memory
    .float64(get("blockTotals"), blocks)
    .reduce((a, b) => (a > b || Number.isNaN(a) ? a : b), 0);
  const complaint = Number.isFinite(greatest) ? undefined : nonFiniteError(where, samples);
  if (complaint) throw complaint;
  let unit = 1;
  if (greatest > 0 && (greatest < comfortable.least || greatest > comfortable.greatest)) {
    // Not below 2 ** -126, whose reciprocal is still a float32.
    unit = 2 ** Math.max(-126, Math.floor(Math.log2(greatest)));
    set({ unit });
    await compute.run([{ kernel: "scaleFloats", task, blocks }], signal);
  }
  const error = floatError(stride);
  set({ unit, fixedPoint: fixedPoint(rows, greatest / unit), gamma: error, centerGamma: error });
  return unit;
}

/** Copies rows of bytes into a zeroed place, `stride` apart; what lies between two rows stays zero. */
function copyRows(target: Uint8Array, source: Uint8Array, cols: number, stride: number): void {
  if (stride === cols) {
    target.set(source);
    return;
  }
  const rows = source.length / cols;
  for (let r = 0; r < rows; r++) {
    // A view for each row costs more than copying a short row byte by byte.
    if (cols >= 128) target.set(source.subarray(r * cols, (r + 1) * cols), r * stride);
    else for (let j = 0; j < cols; j++) target[r * stride + j] = source[r * cols + j] as number;
  }
}

/**
 * Factor by which floats become integers: the largest power of two with which a sum of all rows stays below 2^62 and
 * one number below 2^50, where adding a constant rounds it.
 */
function fixedPoint(rows: number, greatest: number): number {
  const bits = Math.min(50, 62 - Math.ceil(Math.log2(rows + 1)));
  return 2 ** (bits - Math.max(-1000, Math.ceil(Math.log2(greatest || 1))));
}

/** Length of the centers of bytes that fill the places behind the last one: squared, still a float32. */
const farAway = 1e18;

/** Tables for k centers, to be `set` when they are to be used. */
export function centerTables(loaded: LoadedSamples, k: number): TaskValues {
  const { stride, cols, isBytes, blockRows, allocate, compute } = loaded;
  const { memory } = compute;
  const nPadded = roundUp(k, isBytes ? 5 : 4);
  const centerStride = roundUp(nPadded, 4);
  const scratchBytes = roundUp(2 * centerStride * 4 + (blockRows + 1) * 4, 64);
  const tables = {
    centers: allocate(k * stride * 8),
    rounded: allocate(k * stride * 4),
    quantized: allocate(isBytes ? nPadded * stride * 2 : 0),
    quantizedNorms: allocate(nPadded * 8),
    centerNorms: allocate(k * 8),
    transposed: allocate(isBytes ? 0 : cols * centerStride * 4),
    roundingErrors: allocate(k * 8),
    workerScratch: allocate(compute.threads * scratchBytes),
  };
  memory.float64(tables.quantizedNorms, nPadded).fill(farAway ** 2, k);
  if (!isBytes && nPadded > k) {
    const columns = memory.float32(tables.transposed, cols * centerStride);
    for (let j = 0; j < cols; j++)
      columns.fill(Number.POSITIVE_INFINITY, j * centerStride + k, (j + 1) * centerStride);
  }
  return { ...tables, nCenters: k, nPadded, centerStride, epsilon: 0, scratchBytes };
}

/** Tables in which samples are summed by cluster, for k clusters. */
export function sumTables(loaded: LoadedSamples, k: number): TaskValues {
  const { stride, allocate, compute } = loaded;
  const cells = k * stride * 8;
  return {
    counts: allocate(k * 4),
    sums: allocate(cells),
    workerCounts: allocate(compute.threads * k * 4),
    workerSums: allocate(compute.threads * cells),
    workerCounters: allocate(compute.threads * 64),
    mean: allocate(stride * 8),
    movements: allocate(k * 8),
    scatter: allocate(k * 8),
  };
}

/**
 * Stands for any longer way of a center, so that sums of ways stay finite: it exceeds by far what any bound on a distance
 * claims (FAR in assembly/nearest.ts), and so leaves every sample in doubt.
 */
export const beyondAllBounds = 1e30;

/** Largest distance between a center and its rounded form, with what underflow may hide. To be set as `epsilon`. */
export function largestRoundingError(loaded: LoadedSamples): number {
  const errors = loaded.compute.memory.float64(loaded.get("roundingErrors"), loaded.get("nCenters"));
  return Math.min(Math.max(...errors) + underflow, beyondAllBounds);
}

/** Sum of the totals of all blocks, in the order of the blocks. */
export function sumOfBlocks(loaded: LoadedSamples): number {
  return loaded.compute.memory.float64(loaded.get("blockTotals"), loaded.blocks).reduce((a, b) => a + b, 0);
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
