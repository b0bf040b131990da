/** The descriptor as tensors, for ONNX: the same steps as the kernel, all pixels at once. */
import {
  abs,
  activations,
  add,
  arcTangent,
  concatenate,
  constant,
  divide,
  floor,
  gather,
  greater,
  integers,
  matrixProduct,
  multiply,
  reshape,
  scale,
  select,
  shift,
  slice,
  smaller,
  sqrt,
  square,
  subtract,
  sum,
  type Tensor,
  toFloat,
  transpose,
} from "../../neural/index.ts";
import { pcaTensor } from "../pca/index.ts";
import { blockCells, cellBounds, type HogDesign, nBins } from "./design.ts";
import type { HogModel } from "./hog.ts";

/** Stands for a horizontal difference of 0: the quotient of any vertical one then is a finite number without bound. */
const NEXT_TO_NOTHING = 1e-20;

/**
 * Scores as part of an ONNX graph.
 *
 * @param images uint8, batch x height x width x channels
 * @returns float32, batch x nComponents
 */
export function hogTensor({ design, pca }: HogModel, images: Tensor): Tensor {
  return pcaTensor(pca, descriptorTensor(design, images));
}

/**
 * Descriptors as part of an ONNX graph.
 *
 * @param images uint8, batch x height x width x channels
 * @returns float32, batch x nFeatures
 */
export function descriptorTensor(design: HogDesign, images: Tensor): Tensor {
  const { height, width, cellsDown, cellsAcross, nFeatures } = design;
  const batch = images.shape[0] ?? 1;
  const nCells = cellsDown * cellsAcross;
  const [gx, gy] = steepest(design, composited(toFloat(images, "float32"), design.channels));
  const votes = votesOf(gx, gy); // batch x height x width x bins
  const byBin = transpose(reshape(votes, [batch, height * width, nBins]), [0, 2, 1]);
  const sums = matrixProduct(reshape(byBin, ["histograms", height * width]), cellTable(design));
  const cells = transpose(reshape(sums, [batch, nBins, nCells]), [0, 2, 1]);
  const nBlocks = (cellsDown - 1) * (cellsAcross - 1);
  const blocks = reshape(gather(cells, integers(blockTable(design)), 1), [
    batch,
    nBlocks,
    blockCells * nBins,
  ]);
  const lengths = sqrt(shift(sum(square(blocks), [2], true), 1e-8));
  return reshape(divide(blocks, lengths), [batch, nFeatures]);
}

/** Colours with opacity over black, in whole numbers as the kernel takes them. */
function composited(pixels: Tensor, channels: number): Tensor {
  if (channels < 4) return pixels;
  const opacity = slice(pixels, 3, 3, 4);
  const products = multiply(slice(pixels, 3, 0, 3), opacity);
  const colours = floor(divide(shift(products, 127), constant("float32", [1], Float32Array.of(255))));
  return concatenate([colours, opacity], 3);
}

/** Differences of the channel in which the gradient is longest, each batch x height x width x 1. */
function steepest({ height, width, channels }: HogDesign, pixels: Tensor): readonly [Tensor, Tensor] {
  const across = difference(pixels, 2, width);
  const down = difference(pixels, 1, height);
  let gx = slice(across, 3, 0, 1);
  let gy = slice(down, 3, 0, 1);
  let longest = add(square(gx), square(gy));
  for (let c = 1; c < channels; c++) {
    const ox = slice(across, 3, c, c + 1);
    const oy = slice(down, 3, c, c + 1);
    const length = add(square(ox), square(oy));
    const longer = greater(length, longest);
    gx = select(longer, ox, gx);
    gy = select(longer, oy, gy);
    longest = select(longer, length, longest);
  }
  return [gx, gy];
}

/** Next less previous along an axis; beyond the border the outermost go on. */
function difference(x: Tensor, axis: number, size: number): Tensor {
  const next = integers(Array.from({ length: size }, (_, i) => Math.min(i + 1, size - 1)));
  const previous = integers(Array.from({ length: size }, (_, i) => Math.max(i - 1, 0)));
  return subtract(gather(x, next, axis), gather(x, previous, axis));
}

/** What each pixel adds to each direction: batch x height x width x bins. */
function votesOf(gx: Tensor, gy: Tensor): Tensor {
  const magnitude = scale(sqrt(add(square(gx), square(gy))), 1 / 255);
  const nothing = constant("float32", [1], Float32Array.of(0));
  const some = greater(abs(gx), nothing);
  const divisor = select(some, gx, constant("float32", [1], Float32Array.of(NEXT_TO_NOTHING)));
  // Between the directions, up to a whole turn of `nBins`.
  const place = shift(scale(arcTangent(divide(gy, divisor)), nBins / Math.PI), -0.5);
  const bins = constant(
    "float32",
    [nBins],
    Float32Array.from({ length: nBins }, (_, b) => b),
  );
  const one = abs(subtract(place, bins));
  const other = abs(shift(one, -nBins));
  const nearness = activations.relu(shift(scale(smaller(one, other), -1), 1));
  return multiply(magnitude, nearness);
}

/** By what each pixel counts in each cell: pixels x cells. */
function cellTable({ height, width, cellSize, cellsDown, cellsAcross }: HogDesign): Tensor {
  const nCells = cellsDown * cellsAcross;
  const table = new Float32Array(height * width * nCells);
  const down = cellBounds(height, cellsDown);
  const across = cellBounds(width, cellsAcross);
  for (let i = 0; i < cellsDown; i++) {
    for (let j = 0; j < cellsAcross; j++) {
      const [top = 0, bottom = 0, left = 0, right = 0] = [down[i], down[i + 1], across[j], across[j + 1]];
      const share = cellSize ** 2 / ((bottom - top) * (right - left));
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) table[(y * width + x) * nCells + i * cellsAcross + j] = share;
      }
    }
  }
  return constant("float32", [height * width, nCells], table);
}

/** Cells of all blocks, four for each. */
function blockTable({ cellsDown, cellsAcross }: HogDesign): number[] {
  const cells: number[] = [];
  for (let i = 0; i + 1 < cellsDown; i++) {
    for (let j = 0; j + 1 < cellsAcross; j++) {
      const corner = i * cellsAcross + j;
      cells.push(corner, corner + 1, corner + cellsAcross, corner + cellsAcross + 1);
    }
  }
  return cells;
}
