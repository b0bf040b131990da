/**
 * The transform's matrices as constants of an ONNX graph. Complex numbers are pairs of real ones there, of which the first
 * part is the real one: down the rows of a map the parts of each place stand side by side, and across its columns all real
 * parts come before all imaginary ones. So a product down and one across need nothing moved between them.
 */
import { constant, type Tensor } from "../../neural/index.ts";
import { lowPassMatrix, morlet } from "./filters.ts";
import type { Geometry } from "./geometry.ts";
import { negligible } from "./tables.ts";
import type { ScatteringSettings } from "./types.ts";

/** A linear map of maps that is separable: a matrix on their rows, and one on their columns. */
export interface Separable {
  /** Rows of the result; where it is complex, each has both parts. */
  readonly rows: number;
  readonly down: Tensor;
  readonly across: Tensor;
}

/** What is done to maps of one size. */
export interface LevelTables {
  readonly rows: number;
  readonly cols: number;
  /** From real numbers to their spectrum, divided by the number of places. */
  readonly forwards: Separable;
  /** From a spectrum to complex numbers. */
  readonly back: Separable;
  /** From real numbers to the grid. */
  readonly lowPass: Separable;
}

/** Part of a spectrum, `rows` x `cols` frequencies of the coarser map from a multiple of them on, and its weights. */
export interface WaveletBlock {
  readonly row: number;
  readonly col: number;
  /** rows x 1 x cols x 1 x nOrientations x 1. */
  readonly weights: Tensor;
}

/** Tables of the image, without its padding: zeros need no products. */
export function imageTables(settings: ScatteringSettings, geometry: Geometry): LevelTables {
  const { top, left } = geometry;
  return tablesOf(settings, geometry, 0, [top, settings.height], [left, settings.width]);
}

/** Tables of the maps of a scale. */
export function scaleTables(settings: ScatteringSettings, geometry: Geometry, scale: number): LevelTables {
  return tablesOf(
    settings,
    geometry,
    scale,
    [0, geometry.rows / 2 ** scale],
    [0, geometry.cols / 2 ** scale],
  );
}

/** First place and number of places that are not always 0. */
type Extent = readonly [from: number, count: number];

function tablesOf(
  { nScales }: ScatteringSettings,
  geometry: Geometry,
  scale: number,
  down: Extent,
  across: Extent,
): LevelTables {
  const pixels = 2 ** scale;
  const [rows, cols] = [geometry.rows / pixels, geometry.cols / pixels];
  const { gridRows, gridCols } = geometry;
  return {
    rows,
    cols,
    forwards: { rows, down: spectrumDown(rows, down), across: spectrumAcross(cols, across) },
    back: { rows, down: spaceDown(rows), across: spaceAcross(cols) },
    lowPass: {
      rows: gridRows,
      down: lowPassTable(rows, gridRows, pixels, nScales, down),
      across: lowPassTable(cols, gridCols, pixels, nScales, across),
    },
  };
}

/**
 * Products with the wavelets of scale `target`, of a spectrum of maps of scale `source`. Blocks whose weights are all
 * negligible are left out: at coarse scales these are most.
 */
export function waveletBlocks(
  { nOrientations }: ScatteringSettings,
  geometry: Geometry,
  source: number,
  target: number,
): WaveletBlock[] {
  const pixels = 2 ** source;
  const fold = 2 ** (target - source);
  const [rows, cols] = [geometry.rows / 2 ** target, geometry.cols / 2 ** target];
  const wavelets = Array.from({ length: nOrientations }, (_, o) => morlet(target, o, nOrientations));
  const blocks: WaveletBlock[] = [];
  for (let row = 0; row < fold; row++) {
    for (let col = 0; col < fold; col++) {
      const weights = matrix(rows * cols, nOrientations, (at, o) => {
        const first = radians(row * rows + Math.floor(at / cols), rows * fold, pixels);
        const second = radians(col * cols + (at % cols), cols * fold, pixels);
        return wavelets[o]?.(first, second) ?? 0;
      });
      if (weights.every((weight) => Math.abs(weight) < negligible)) continue;
      blocks.push({
        row,
        col,
        weights: constant("float32", [rows, 1, cols, 1, nOrientations, 1], weights),
      });
    }
  }
  return blocks;
}

/** Frequency `k` of `n`, those of the second half being negative, in radians per pixel. */
function radians(k: number, n: number, pixels: number): number {
  return (2 * Math.PI * (k < n / 2 ? k : k - n)) / (n * pixels);
}

function lowPassTable(
  n: number,
  grid: number,
  pixels: number,
  nScales: number,
  [from, count]: Extent,
): Tensor {
  const whole = lowPassMatrix(n, grid, pixels, nScales);
  return table(grid, count, (g, x) => whole[g * n + from + x] as number);
}

/** (frequency, part) x place. */
function spectrumDown(n: number, [from, count]: Extent): Tensor {
  return table(2 * n, count, (row, x) => turn(n, -(row >> 1) * (from + x), row & 1, 0) / n);
}

/** (part, frequency) x (part, place). */
function spectrumAcross(n: number, [from, count]: Extent): Tensor {
  return table(2 * n, 2 * count, (row, col) => {
    const angle = -(row % n) * (from + (col % count));
    return turn(n, angle, Math.floor(row / n), Math.floor(col / count)) / n;
  });
}

/** (place, part) x (frequency, part). */
function spaceDown(n: number): Tensor {
  return table(2 * n, 2 * n, (row, col) => turn(n, (row >> 1) * (col >> 1), row & 1, col & 1));
}

/** (part, place) x (part, frequency). */
function spaceAcross(n: number): Tensor {
  return table(2 * n, 2 * n, (row, col) =>
    turn(n, (row % n) * (col % n), Math.floor(row / n), Math.floor(col / n)),
  );
}

/** What part `from` of a number adds to part `to` of its product with exp(2 pi i angle / n); 0 is the real part. */
function turn(n: number, angle: number, to: number, from: number): number {
  const radians = (2 * Math.PI * (angle % n)) / n;
  if (to === from) return Math.cos(radians);
  return to === 1 ? Math.sin(radians) : -Math.sin(radians);
}

function table(rows: number, cols: number, value: (row: number, col: number) => number): Tensor {
  return constant("float32", [rows, cols], matrix(rows, cols, value));
}

function matrix(rows: number, cols: number, value: (row: number, col: number) => number): Float32Array {
  return Float32Array.from({ length: rows * cols }, (_, at) => value(Math.floor(at / cols), at % cols));
}
