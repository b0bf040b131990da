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
import type { Fit, ImageSet } from "./image-set.ts";

/** Images up to this side stay as they are unless a size is asked for. */
export const untouchedSide = 64;
const greatestSide = 4096;

/** Side to which images are brought by default: undefined (as they are) up to 64 x 64, else 64. */
export function defaultSize(images: Pick<ImageSet, "height" | "width">): number | undefined {
  return Math.max(images.height, images.width) > untouchedSide ? untouchedSide : undefined;
}

/** Height and width in pixels. */
export interface Box {
  readonly height: number;
  readonly width: number;
}

/** Where a scaled image lies in a box; `top` and `left` are negative where it juts out and is cut. */
export interface Placed extends Box {
  readonly top: number;
  readonly left: number;
}

/**
 * How an image is brought into a box.
 *
 * - `contain`: the aspect is kept; one side becomes that of the box, the other shrinks or grows alike (halves rounded
 *   up, at least 1) and lies in the middle; an odd rest has its greater half at the right or below.
 * - `cover`: the aspect is kept; the image fills the box, and what juts out is cut, an odd rest more at the right or below.
 * - `stretch`: both sides become those of the box.
 */
export function placeImage({ height, width }: Box, box: Box, fit: Fit): Placed {
  if (fit === "stretch") return { ...box, top: 0, left: 0 };
  // Whether the height decides: for contain where the image is slimmer than the box, for cover where it is wider.
  const slimmer = width * box.height < height * box.width;
  const byHeight = fit === "contain" ? slimmer || height * box.width === width * box.height : !slimmer;
  const scaled = byHeight
    ? { height: box.height, width: alike(width, box.height, height) }
    : { height: alike(height, box.width, width), width: box.width };
  const top = Math.trunc((box.height - scaled.height) / 2);
  const left = Math.trunc((box.width - scaled.width) / 2);
  return { ...scaled, top: top || 0, left: left || 0 }; // no negative zeros
}

/** `length` x `to` / `from`, halves rounded up, at least 1. */
function alike(length: number, to: number, from: number): number {
  return Math.max(1, Math.floor((2 * length * to + from) / (2 * from)));
}

/**
 * The images, brought to size x size, or to a box of other sides.
 *
 * Where they lie in it {@link placeImage} says; the rest is filled with 0. Shrinking averages by area, enlarging
 * interpolates bilinearly, halves are rounded up. Each channel is treated alone. Images that have the size already are
 * returned as they are, not copied.
 *
 * @param size integer in 1..4096, or two
 * @param fit default `contain`
 * @throws {OptionError} for another size, or if the result would exceed 4 GiB
 */
export function resizeImages(images: ImageSet, size: number | Box, fit: Fit = "contain"): ImageSet {
  const box = typeof size === "number" ? { height: size, width: size } : size;
  for (const side of [box.height, box.width]) {
    if (!Number.isInteger(side) || side < 1 || side > greatestSide) {
      throw new OptionError(`resizeImages: size must be an integer in 1..${greatestSide}; got ${side}.`);
    }
  }
  const { count, height, width, channels } = images;
  if (height === box.height && width === box.width) return images;
  const length = box.height * box.width * channels;
  if (count * length > 0xffffffff) {
    throw new OptionError(
      `resizeImages: ${count} images of ${box.height} x ${box.width} x ${channels} must fit into 4 GiB; got ${count * length} bytes. Use a smaller size or fewer images.`,
    );
  }
  const placed = placeImage(images, box, fit);
  const rows = part(axis(height, placed.height), Math.max(0, -placed.top), box.height);
  const columns = part(axis(width, placed.width), Math.max(0, -placed.left), box.width);
  const top = Math.max(0, placed.top);
  const left = Math.max(0, placed.left);

  const pixels = new Uint8Array(count * length);
  const wide = new Float64Array(height * columns.length); // one channel of one image, resized along its rows only
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < channels; c++) {
      widenInto(wide, images.pixels, i * height * width * channels + c, channels, width, columns);
      const corner = i * length + (top * box.width + left) * channels + c;
      heightenInto(pixels, corner, channels, box.width, wide, columns, rows);
    }
  }
  return { ...images, height: box.height, width: box.width, pixels }; // a box may be a shape, with channels of its own
}

/** At most `most` output pixels of an axis, from `start` on. */
function part(whole: Axis, start: number, most: number): Axis {
  const end = Math.min(whole.length, start + most);
  return {
    ...whole,
    length: end - start,
    first: whole.first.subarray(start, end),
    weights: whole.weights.subarray(start * whole.taps, end * whole.taps),
  };
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

/** Sums `wide` along its columns, divides by all weights, and writes one channel of one image from `corner` on, in rows of `across` pixels. */
function heightenInto(
  pixels: Uint8Array,
  corner: number,
  stride: number,
  across: number,
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
      pixels[corner + (o * across + x) * stride] = Math.floor((2 * sum + total) / (2 * total));
    }
  }
}
