/**
 * How a descriptor is laid out. The cells of a side are spread evenly over all its pixels, so that they may differ by one
 * pixel; sums of a cell are scaled to the nominal area, so that larger cells do not weigh more.
 */
import { InputError, OptionError } from "../../errors.ts";
import { type ImageSet, imageLength } from "../../images/index.ts";

/** What a user chooses of the descriptor. */
export interface HogOptions {
  /**
   * About the side of a cell in pixels, an integer of at least 2. Default 4, or an eighth of the longer side, rounded up,
   * where that is more: never more than 8 cells along a side.
   */
  readonly cellSize?: number;
}

/** Everything that a descriptor of images of one size depends on. */
export interface HogDesign {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly cellSize: number;
  /** At least 2, as a block is two cells wide and two cells high. */
  readonly cellsDown: number;
  readonly cellsAcross: number;
  /** Length of a descriptor: blocks times 4 cells times 9 directions. */
  readonly nFeatures: number;
}

/** Directions of a histogram, 20 degrees apart from 10 degrees on, and cells of a block. */
export const nBins = 9;
export const blockCells = 4;

const leastSide = 4;
const leastCellSize = 4;
const mostCells = 8;

/**
 * The layout for images of one size.
 *
 * @throws {OptionError} for a cell size out of range
 * @throws {InputError} for images below 4 x 4 pixels, with other than 1, 3 or 4 channels, or none at all
 */
export function designOf(where: string, images: ImageSet, options: HogOptions): HogDesign {
  const { count, height, width, channels, pixels } = images;
  if (!Number.isInteger(count) || count < 1 || pixels.length !== count * imageLength(images)) {
    throw new InputError(
      `${where}: images must be at least one, with all their pixels; got ${count} of ${height} x ${width} x ${channels} in ${pixels.length} bytes.`,
    );
  }
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new InputError(`${where}: images must have 1, 3 or 4 channels; got ${channels}.`);
  }
  if (!(Math.min(height, width) >= leastSide)) {
    throw new InputError(
      `${where}: images must be at least ${leastSide} x ${leastSide} pixels; got ${height} x ${width}. Enlarge them first.`,
    );
  }
  const cellSize =
    options.cellSize ?? Math.max(leastCellSize, Math.ceil(Math.max(height, width) / mostCells));
  if (!Number.isSafeInteger(cellSize) || cellSize < 2) {
    throw new OptionError(`${where}: cellSize must be an integer of at least 2; got ${cellSize}.`);
  }
  const cellsDown = Math.max(2, Math.round(height / cellSize));
  const cellsAcross = Math.max(2, Math.round(width / cellSize));
  const nFeatures = (cellsDown - 1) * (cellsAcross - 1) * blockCells * nBins;
  return { height, width, channels, cellSize, cellsDown, cellsAcross, nFeatures };
}

/** First pixel of each cell of a side, and the end of the last. */
export function cellBounds(side: number, cells: number): number[] {
  return Array.from({ length: cells + 1 }, (_, i) => Math.floor((i * side) / cells));
}

/** @throws {OptionError} if images have another size than those that the design is for */
export function checkImageSize(where: string, design: HogDesign, images: ImageSet): void {
  const shape = (size: Pick<HogDesign, "height" | "width" | "channels">): string =>
    `${size.height} x ${size.width} x ${size.channels}`;
  if (shape(design) === shape(images)) return;
  throw new OptionError(
    `${where}: images must have the model's ${shape(design)} pixels; got ${shape(images)}. Bring them to that size first.`,
  );
}
