/** The two ways in which samples enter the kernels' memory: bytes packed, floats copied and, if need be, scaled. */
import { type ByteMatrix, type Matrix, nonFiniteError } from "../matrix/index.ts";
import type { LoadedSamples } from "./loaded-samples.ts";

/** Floats beyond this range are scaled by a power of two, so that their squares neither overflow nor vanish. */
const comfortable = { least: 2 ** -40, greatest: 2 ** 40 };

/** Largest relative error of a sum of n squared float32 differences: n + 2 roundings by half a unit, and some room. */
const floatError = (n: number): number => (n + 8) * 2 ** -24;

/** What both ways of loading need. */
export interface Loading
  extends Pick<LoadedSamples, "compute" | "stride" | "blocks" | "blockRows" | "allocate" | "set" | "get"> {
  readonly where: string;
  readonly task: number;
  readonly signal: AbortSignal | undefined;
}

/** Rows go through staging areas of about this many bytes each, so that never both forms of all samples take memory. */
const stagingBytes = 2 ** 22;

/**
 * Brings all rows to the kernels by way of two staging areas: while the threads work on one, the caller fills the other.
 * (Few rows fit into one, which is no larger than they are.)
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
  const stagedRows = Math.min(rows, stagedBlocks * blockRows);
  const areas = (blocks > stagedBlocks ? [0, 1] : [0]).map(() => memory.allocate(stagedRows * rowBytes));
  let running: Promise<void> = Promise.resolve();
  try {
    for (let block = 0, turn = 0; block < blocks; block += stagedBlocks, turn = 1 - turn) {
      const from = block * blockRows;
      const staging = areas[turn] as number;
      fill(staging, from, Math.min(rows, from + stagedRows));
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
export async function packBytes(loading: Loading, samples: ByteMatrix): Promise<number> {
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
      await compute.run([{ kernel: "weighStaged", task, blocks: count }], signal, rows * stride);
      const sizes = memory.uint32(blockStarts, count).slice();
      let address = allocate(sizes.reduce((a, b) => a + b, 0));
      const starts = memory.uint32(blockStarts, count);
      sizes.forEach((size, at) => {
        starts[at] = address;
        address += size;
      });
      await compute.run([{ kernel: "packStaged", task, blocks: count }], signal, rows * stride);
    },
  );
  // Quick distances between bytes and quantized centers are exact but for one rounding to float32.
  set({ unit, fixedPoint: 1, gamma: 2 ** -22, centerGamma: floatError(stride) });
  return unit;
}

/** Copies floats, scaled by a power of two where their squares would overflow or vanish; gives the unit. */
export async function copyFloats(loading: Loading, samples: Matrix<Float32Array>): Promise<number> {
  const { where, compute, task, stride, blocks, signal, allocate, set, get } = loading;
  const { memory } = compute;
  const { rows, cols, data } = samples;
  set({ samples: allocate(rows * stride * 4) });
  await stageRows(
    loading,
    { rows, rowBytes: cols * 4 },
    (address, from, to) =>
      memory.float32(address, (to - from) * cols).set(data.subarray(from * cols, to * cols)),
    (count) => compute.run([{ kernel: "placeFloats", task, blocks: count }], signal, rows * stride),
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
    await compute.run([{ kernel: "scaleFloats", task, blocks }], signal, rows * stride);
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
