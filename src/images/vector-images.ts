/** Vectors as image sets: the numbers themselves, and a picture of them. */
import { InputError } from "../errors.ts";
import type { Matrix } from "../matrix/index.ts";
import type { ImageSet } from "./image-set.ts";

/** What may be known of vectors beside their numbers, and how messages speak of them. */
export interface VectorOptions extends Pick<ImageSet, "files" | "labels" | "classNames"> {
  /** Name of the source, for messages. */
  readonly name?: string | undefined;
  /** Row of the source that the first vector is, for messages about pieces of it. Default 0. */
  readonly firstRow?: number | undefined;
}

/** Byte of a column in which nothing varies. */
const MIDDLE = 128;

/**
 * Vectors as an image set of height 1 and one channel. Their numbers are kept, not copied; `pixels` is a picture of them in
 * which each column is stretched over its own range, so that columns of any unit can be seen side by side.
 *
 * @param values count x width, at least one row and one column
 * @throws {InputError} for no rows or columns, another number of names or labels than rows, or the first number that is
 *   not finite, with its row and column
 *
 * Time O(count x width), memory one byte for each number.
 */
export function vectorImages(values: Matrix<Float32Array>, options: VectorOptions = {}): ImageSet {
  const { name, firstRow = 0, files, labels, classNames } = options;
  const { rows, cols, data } = values;
  const what = name === undefined ? "vectors" : `the vectors of "${name}"`;
  if (rows < 1 || cols < 1 || data.length !== rows * cols) {
    throw new InputError(
      `vectorImages: ${what} must have at least one row and one column, and as many numbers as these say; got ${rows} x ${cols} and ${data.length} numbers.`,
    );
  }
  for (const [known, count] of [
    ["name", files?.length ?? rows],
    ["label", labels?.length ?? rows],
  ] as const) {
    if (count === rows) continue;
    throw new InputError(
      `vectorImages: ${what} must have a ${known} for each of ${rows} rows; got ${count}.`,
    );
  }
  const least = data.slice(0, cols);
  const greatest = data.slice(0, cols);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, at++) {
      const value = data[at] as number;
      if (!Number.isFinite(value)) {
        throw new InputError(
          `vectorImages: ${what} must be finite numbers; got ${value} at row ${firstRow + i}, column ${j}, both counted from 0. Remove or replace such rows first.`,
        );
      }
      if (value < (least[j] as number)) least[j] = value;
      else if (value > (greatest[j] as number)) greatest[j] = value;
    }
  }
  return {
    count: rows,
    height: 1,
    width: cols,
    channels: 1,
    pixels: stretched(values, least, greatest),
    ...(files && { files }),
    ...(labels && { labels }),
    ...(classNames && { classNames }),
    values,
  };
}

/** Whether an image set holds vectors, of which its pixels are but a picture. */
export function isVectors(
  images: Pick<ImageSet, "values">,
): images is { readonly values: Matrix<Float32Array> } {
  return images.values !== undefined;
}

function stretched({ rows, cols, data }: Matrix, least: Float32Array, greatest: Float32Array): Uint8Array {
  // In double precision: the range of float32 numbers may exceed what float32 holds.
  const steps = Float64Array.from(least, (low, j) => {
    const range = (greatest[j] as number) - low;
    return range > 0 ? 255 / range : 0;
  });
  const pixels = new Uint8Array(rows * cols);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, at++) {
      const step = steps[j] as number;
      pixels[at] = step === 0 ? MIDDLE : Math.round(((data[at] as number) - (least[j] as number)) * step);
    }
  }
  return pixels;
}
