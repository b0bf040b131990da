/**
 * Resizing by exact whole-number weights, so that every machine gives the same bytes.
 *
 * Along one axis of `from` pixels that become `to`, shrinking averages by area: pixel i covers [i to, (i + 1) to) and
 * output o covers [o from, (o + 1) from) of a common ruler of from x to marks; the overlap is the weight, and the
 * weights of an output sum to `from`. Enlarging interpolates between the two nearest pixel centers: the center of
 * output o lies at ((2 o + 1) from - to) / (2 to) pixels; the weights of an output sum to 2 to, and positions beyond
 * the outermost centers take the outermost pixel. Sums stay far below 2^53, and are divided and rounded once.
 */
import { OptionError } from "../errors.ts";
import type { ImageSet } from "./image-set.ts";

/** Images up to this side stay as they are unless a size is asked for. */
const untouchedSide = 64;
const greatestSide = 4096;

/** Side to which images are brought by default: undefined (as they are) up to 64 x 64, else 64. */
export function defaultSize(images: Pick<ImageSet, "height" | "width">): number | undefined {
  return Math.max(images.height, images.width) > untouchedSide ? untouchedSide : undefined;
}

/**
 * The images, brought to size x size.
 *
 * The aspect is kept: the longer side becomes `size`, the shorter one shrinks or grows alike (halves rounded up, at
 * least 1), lies in the middle, and the rest is filled with 0; an odd rest has its greater half at the right or below.
 * Shrinking averages by area, enlarging interpolates bilinearly, halves are rounded up. Each channel is treated alone.
 * Images that have the size already are returned as they are, not copied.
 *
 * @param size integer in 1..4096
 * @throws {OptionError} for another size, or if the result would exceed 4 GiB
 */
export function resizeImages(images: ImageSet, size: number): ImageSet {
  if (!Number.isInteger(size) || size < 1 || size > greatestSide) {
    throw new OptionError(`resizeImages: size must be an integer in 1..${greatestSide}; got ${size}.`);
  }
  const { count, height, width, channels } = images;
  if (height === size && width === size) return images;
  const resultBytes = count * size * size * channels;
  if (resultBytes > 0xffffffff) {
    throw new OptionError(
      `resizeImages: ${count} images of ${size} x ${size} x ${channels} must fit into 4 GiB; got ${resultBytes} bytes. Use a smaller size or fewer images.`,
    );
  }
  const longer = Math.max(height, width);
  const rows = axis(height, side(height, longer, size));
  const columns = axis(width, side(width, longer, size));
  const top = Math.floor((size - rows.length) / 2);
  const left = Math.floor((size - columns.length) / 2);

  const pixels = new Uint8Array(resultBytes);
  const wide = new Float64Array(height * columns.length); // one channel of one image, resized along its rows only
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < channels; c++) {
      widenInto(wide, images.pixels, i * height * width * channels + c, channels, width, columns);
      const corner = (i * size * size + top * size + left) * channels + c;
      heightenInto(pixels, corner, channels, size, wide, columns, rows);
    }
  }
  return { ...images, height: size, width: size, pixels };
}

/** How each output pixel of an axis is made: `taps` neighbouring input pixels from `first` on, by whole weights. */
interface Axis {
  /** Number of output pixels. */
  readonly length: number;
  readonly taps: number;
  /** length entries; first + taps never passes the last input pixel by a weight other than 0. */
  readonly first: Int32Array;
  /** length x taps. */
  readonly weights: Float64Array;
  /** Sum of the weights of any output pixel. */
  readonly total: number;
}

function side(length: number, longer: number, size: number): number {
  return Math.max(1, Math.floor((2 * length * size + longer) / (2 * longer)));
}

function axis(from: number, to: number): Axis {
  return to > from ? enlargingAxis(from, to) : shrinkingAxis(from, to);
}

function shrinkingAxis(from: number, to: number): Axis {
  const taps = Math.ceil(from / to) + 1;
  const first = new Int32Array(to);
  const weights = new Float64Array(to * taps);
  for (let o = 0; o < to; o++) {
    const start = Math.floor((o * from) / to);
    first[o] = start;
    for (let t = 0; t < taps; t++) {
      const overlap = Math.min((start + t + 1) * to, (o + 1) * from) - Math.max((start + t) * to, o * from);
      weights[o * taps + t] = Math.max(0, overlap);
    }
  }
  return { length: to, taps, first, weights, total: from };
}

function enlargingAxis(from: number, to: number): Axis {
  const first = new Int32Array(to);
  const weights = new Float64Array(to * 2);
  for (let o = 0; o < to; o++) {
    const center = Math.min(Math.max((2 * o + 1) * from - to, 0), 2 * to * (from - 1)); // in 1 / (2 to) pixels
    const start = Math.floor(center / (2 * to));
    first[o] = start;
    weights[2 * o + 1] = center - start * 2 * to;
    weights[2 * o] = 2 * to - (weights[2 * o + 1] as number);
  }
  return { length: to, taps: 2, first, weights, total: 2 * to };
}

/** Fills `wide` (height x columns.length) with weighted sums along the rows of one channel that starts at `offset`. */
function widenInto(
  wide: Float64Array,
  pixels: Uint8Array,
  offset: number,
  stride: number,
  width: number,
  columns: Axis,
): void {
  const { length, taps, first, weights } = columns;
  for (let k = 0; k < wide.length; k++) {
    const o = k % length;
    const rowStart = offset + ((k - o) / length) * width * stride;
    const start = first[o] as number;
    const used = Math.min(taps, width - start);
    let sum = 0;
    for (let t = 0; t < used; t++) {
      sum += (weights[o * taps + t] as number) * (pixels[rowStart + (start + t) * stride] as number);
    }
    wide[k] = sum;
  }
}

/** Sums `wide` along its columns, divides by all weights, and writes one channel of one image from `corner` on. */
function heightenInto(
  pixels: Uint8Array,
  corner: number,
  stride: number,
  size: number,
  wide: Float64Array,
  columns: Axis,
  rows: Axis,
): void {
  const width = columns.length;
  const height = wide.length / width;
  const total = rows.total * columns.total;
  for (let o = 0; o < rows.length; o++) {
    const start = rows.first[o] as number;
    const used = Math.min(rows.taps, height - start);
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let t = 0; t < used; t++) {
        sum += (rows.weights[o * rows.taps + t] as number) * (wide[(start + t) * width + x] as number);
      }
      pixels[corner + (o * size + x) * stride] = Math.floor((2 * sum + total) / (2 * total));
    }
  }
}
