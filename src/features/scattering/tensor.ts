/**
 * The view as tensors, for ONNX. Images are the last axis, so that each Fourier transform is a small matrix times one long
 * one, on each side, and each weight of a wavelet is multiplied with many numbers at once.
 */
import {
  add,
  concatenate,
  constant,
  matrixProduct,
  matrixProducts,
  multiply,
  reshape,
  scale,
  slice,
  sqrt,
  square,
  sum,
  type Tensor,
  toFloat,
  transpose,
} from "../../neural/index.ts";
import { pcaTensor } from "../pca/index.ts";
import { factorsOf } from "./factors.ts";
import { geometryOf } from "./geometry.ts";
import {
  imageTables,
  type LevelTables,
  type Separable,
  scaleTables,
  type WaveletBlock,
  waveletBlocks,
} from "./tensor-tables.ts";
import type { ScatteringModel, ScatteringSettings } from "./types.ts";

/**
 * What a learned view gives, as part of an ONNX graph.
 *
 * @param images uint8, batch x height x width x channels
 * @returns float32, batch x nComponents
 */
export function scatteringTensor({ settings, channelMaxima, pca }: ScatteringModel, images: Tensor): Tensor {
  const factors = factorsOf(settings, channelMaxima);
  const coefficients = coefficientsTensor(settings, images);
  return pcaTensor(pca, multiply(coefficients, constant("float32", [factors.length], factors)));
}

/**
 * Coefficients as part of an ONNX graph.
 *
 * @param images uint8, batch x height x width x channels
 * @returns float32, batch x nFeatures, in the order of `scattering`
 */
export function coefficientsTensor(settings: ScatteringSettings, images: Tensor): Tensor {
  const { nScales, nOrientations, channels } = settings;
  const geometry = geometryOf(settings);
  const { gridRows, gridCols, nPaths, nFeatures } = geometry;
  const batch = images.shape[0] ?? 1;
  const scales = Array.from({ length: nScales }, (_, j) => j);
  const levels = scales.map((j) => scaleTables(settings, geometry, j));
  const whole = imageTables(settings, geometry);
  const scattered = (spectrum: Tensor, source: number, target: number): Tensor =>
    moduli(spectrum, waveletBlocks(settings, geometry, source, target), levels[target] as LevelTables);
  const smooth = (maps: Tensor, { lowPass }: LevelTables, paths: readonly number[]): Tensor =>
    reshape(onBothSides(lowPass, maps), [gridRows * gridCols, ...paths, "maps"]);

  const pixels = scale(toFloat(transpose(images, [1, 2, 3, 0]), "float32"), 1 / 255);
  const spectrum = spectra(pixels, whole, 1);
  const first: Tensor[] = [];
  const second: Tensor[] = [];
  levels.forEach((level, j) => {
    const maps = scattered(spectrum, 0, j);
    first.push(smooth(maps, level, [nOrientations]));
    const coarser = scales.slice(j + 1);
    if (coarser.length === 0) return;
    const own = spectra(maps, level, nOrientations);
    const deeper = coarser.map((other) =>
      smooth(scattered(own, j, other), levels[other] as LevelTables, [nOrientations, nOrientations]),
    );
    const paths = coarser.length * nOrientations ** 2;
    second.push(reshape(concatenate(deeper, 2), [gridRows * gridCols, paths, "maps"]));
  });
  const all = concatenate([smooth(pixels, whole, [1]), ...first, ...second], 1);
  const apart = reshape(all, [gridRows * gridCols, nPaths, channels, batch]);
  return reshape(transpose(apart, [3, 2, 1, 0]), [batch, nFeatures]);
}

/**
 * A separable map of maps whose rows and columns are the first axes.
 *
 * @returns rows x columns x all other axes as one
 */
function onBothSides({ rows, down, across }: Separable, maps: Tensor): Tensor {
  const long = reshape(maps, [down.shape[1] ?? 1, "columns"]);
  const half = reshape(matrixProduct(down, long), [rows, across.shape[1] ?? 1, "columns"]);
  return matrixProducts(across, half);
}

/**
 * Spectra of real maps.
 *
 * @param paths of how many paths the maps are
 * @returns rows x part x columns x paths x 1 x maps
 */
function spectra(maps: Tensor, { rows, cols, forwards }: LevelTables, paths: number): Tensor {
  return reshape(onBothSides(forwards, maps), [rows, 2, cols, paths, 1, "maps"]);
}

/**
 * Moduli of what is left of maps by the wavelets of a scale: products in frequency, of which those that fall together at the
 * coarser resolution are added, then back to space.
 *
 * @param spectrum as {@link spectra} gives it
 * @returns rows x columns x all other axes as one: paths, orientations, maps
 */
function moduli(
  spectrum: Tensor,
  blocks: readonly WaveletBlock[],
  { rows, cols, back }: LevelTables,
): Tensor {
  const products = blocks.map(({ row, col, weights }) =>
    multiply(part(part(spectrum, 0, row * rows, rows), 2, col * cols, cols), weights),
  );
  // The product before the total: runtimes then make each product when its turn comes, and hold one at a time.
  const folded = products.reduce((total, product) => add(product, total));
  const maps = onBothSides(back, folded);
  return sqrt(sum(square(reshape(maps, [rows, 2, cols, "columns"])), [1]));
}

/** `count` entries of an axis from `from` on. */
function part(x: Tensor, axis: number, from: number, count: number): Tensor {
  return x.shape[axis] === count ? x : slice(x, axis, from, from + count);
}
