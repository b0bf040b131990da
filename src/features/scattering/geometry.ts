/**
 * Sizes that follow from an image's. Each side is padded with zeros, half on each end, to the next power of two, and to at
 * least four times 2^nScales: so the grid has at least 4 x 4 places, the coarsest maps 8 x 8, and 28 x 28 pixels become
 * 32 x 32. What leaves the padded map on one side enters on the other, as in any transform of Fourier's.
 */
import type { ScatteringSettings } from "./types.ts";

/** Least number of places along a side of the grid. */
export const leastGrid = 4;

export interface Geometry {
  /** Sides of the padded image. */
  readonly rows: number;
  readonly cols: number;
  /** Zeros above and to the left. */
  readonly top: number;
  readonly left: number;
  readonly gridRows: number;
  readonly gridCols: number;
  /** Channels of the transform for each channel of the images: 1 + J L + L^2 J (J - 1) / 2. */
  readonly nPaths: number;
  /** Numbers for each image: its channels x nPaths x gridRows x gridCols. */
  readonly nFeatures: number;
}

/** The next power of two. */
export function powerOfTwo(atLeast: number): number {
  return 2 ** Math.ceil(Math.log2(atLeast));
}

export function geometryOf(settings: ScatteringSettings): Geometry {
  const { nScales, nOrientations, height, width, channels } = settings;
  const block = 2 ** nScales;
  const [rows, cols] = [height, width].map((side) => powerOfTwo(Math.max(side, leastGrid * block))) as [
    number,
    number,
  ];
  const [gridRows, gridCols] = [rows / block, cols / block];
  const nPaths = 1 + nScales * nOrientations + (nOrientations ** 2 * nScales * (nScales - 1)) / 2;
  return {
    rows,
    cols,
    top: Math.floor((rows - height) / 2),
    left: Math.floor((cols - width) / 2),
    gridRows,
    gridCols,
    nPaths,
    nFeatures: channels * nPaths * gridRows * gridCols,
  };
}
