/** Descriptors of images, some thousand at a time, by the kernel. */
import { throwIfCancelled } from "../../estimator.ts";
import type { ImageSet } from "../../images/index.ts";
import { sliceImages } from "../../images/index.ts";
import { type KernelCompute, openWorkspace, roundUp, type Workspace } from "../../kernels/index.ts";
import type { Matrix } from "../../matrix/index.ts";
import { cellBounds, type HogDesign, nBins } from "./design.ts";

/** Images of a block of the kernel, and its slots of a histogram (assembly/gradients.ts). */
const GROUP = 16;
const SLOTS = 11;

/** Descriptors that are made at a time take about this much memory. */
const CHUNK_BYTES = 2 ** 24;

/** What a vector load may read beyond the border of a row of pixels; a multiple of the vector. */
const ROW_SLACK = 8;

/** Descriptors of all images in chunks, in their order. A chunk is overwritten once the next one is asked for. */
export async function* descriptorChunks(
  where: string,
  compute: KernelCompute,
  images: ImageSet,
  design: HogDesign,
  signal: AbortSignal | undefined,
): AsyncGenerator<Matrix<Float32Array>, void, void> {
  throwIfCancelled(where, signal);
  const { nFeatures } = design;
  const chunkImages = Math.min(
    images.count,
    GROUP * Math.max(1, Math.floor(CHUNK_BYTES / (4 * nFeatures * GROUP))),
  );
  const work = openWorkspace(compute, "GradientsTask");
  try {
    placeDesign(work, design, chunkImages);
    const { memory } = compute;
    const data = new Float32Array(chunkImages * nFeatures);
    for (let from = 0; from < images.count; from += chunkImages) {
      const { count, pixels } = sliceImages(images, from, Math.min(images.count, from + chunkImages));
      memory.bytes(work.get("images"), pixels.length).set(pixels);
      work.set({ nImages: count });
      await work.run([["orientedGradients", Math.ceil(count / GROUP)]], signal);
      const made = data.subarray(0, count * nFeatures);
      made.set(memory.float32(work.get("output"), made.length));
      yield { rows: count, cols: nFeatures, data: made };
    }
  } finally {
    work.release();
  }
}

/** Tables of the layout, and room for some images and their descriptors. */
function placeDesign(work: Workspace<"GradientsTask">, design: HogDesign, nImages: number): void {
  const { height, width, channels, cellSize, cellsDown, cellsAcross, nFeatures } = design;
  const { threads, memory } = work.compute;
  const nCells = cellsDown * cellsAcross;
  const planeBytes = 2 * channels * (height + 2) * (width + ROW_SLACK) + 2 * ROW_SLACK;
  const scratchBytes = roundUp(planeBytes + 4 * nCells * (SLOTS + nBins), 64);
  work.set({ height, width, channels, cellsDown, cellsAcross, scratchBytes });
  work.set({
    images: work.allocate(nImages * height * width * channels),
    rowCells: work.allocate(height * 4),
    columnCells: work.allocate((width + ROW_SLACK) * 4),
    shares: work.allocate(nCells * 4),
    output: work.allocate(nImages * nFeatures * 4),
    workerScratch: work.allocate(threads * scratchBytes),
  });
  const down = cellBounds(height, cellsDown);
  const across = cellBounds(width, cellsAcross);
  const rowCells = memory.uint32(work.get("rowCells"), height);
  const columnCells = memory.uint32(work.get("columnCells"), width);
  const shares = memory.float32(work.get("shares"), nCells);
  for (let i = 0; i < cellsDown; i++) rowCells.fill(i, down[i], down[i + 1]);
  for (let j = 0; j < cellsAcross; j++) columnCells.fill(4 * SLOTS * j, across[j], across[j + 1]);
  for (let i = 0; i < cellsDown; i++) {
    for (let j = 0; j < cellsAcross; j++) {
      const area = lengthOf(down, i) * lengthOf(across, j);
      shares[i * cellsAcross + j] = cellSize ** 2 / area;
    }
  }
}

function lengthOf(bounds: readonly number[], i: number): number {
  return (bounds[i + 1] as number) - (bounds[i] as number);
}
