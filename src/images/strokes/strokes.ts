/**
 * Digits that the program draws itself, so that a first run needs no data: like handwriting in what makes grouping
 * hard (slant, thickness, several ways of writing one digit), but synthetic, and not a substitute for a real set.
 */
import { OptionError } from "../../errors.ts";
import { createRandom, shuffleInPlace } from "../../random/index.ts";
import type { ImageSet } from "../image-set.ts";
import { write } from "./hand.ts";
import { createScratch, inkInto } from "./ink.ts";

/** What a user chooses; the default set is the same for everyone. */
export interface StrokesOptions {
  /** Number of images, an integer in 1..1,000,000. Default 10,000. */
  readonly count?: number;
  /** Integer in 0..2^53-1. Default 0. Other seeds give other images of the same kind. */
  readonly seed?: number;
  /** Index of the first image, an integer in 0..999,999: the ones before it are not drawn. Default 0. */
  readonly first?: number;
}

const mostImages = 1_000_000;
const side = 28;
const classNames: readonly string[] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/**
 * Grey 28 x 28 images of digits, white ink (255) on black (0), drawn from stroke skeletons; 10 classes "0".."9".
 *
 * The same bytes on every machine. Image i depends on the seed and on i alone, so a smaller set is the beginning of
 * a larger one; each block of ten images from a multiple of ten on holds every class once, in random order.
 *
 * @throws {OptionError} if count, seed or first is out of range
 */
export function strokes(options: StrokesOptions = {}): ImageSet {
  const { count = 10_000, seed = 0, first = 0 } = options;
  if (!Number.isInteger(count) || count < 1 || count > mostImages) {
    throw new OptionError(`strokes: count must be an integer in 1..${mostImages}; got ${count}.`);
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new OptionError(`strokes: seed must be an integer in 0..${Number.MAX_SAFE_INTEGER}; got ${seed}.`);
  }
  if (!Number.isInteger(first) || first < 0 || first >= mostImages) {
    throw new OptionError(`strokes: first must be an integer in 0..${mostImages - 1}; got ${first}.`);
  }
  const random = createRandom(seed);
  const labels = new Int32Array(count);
  const pixels = new Uint8Array(count * side * side);
  const scratch = createScratch(side);
  let order = new Int32Array(0);
  for (let row = 0; row < count; row++) {
    const i = first + row;
    const place = i % classNames.length;
    if (place === 0 || row === 0) {
      order = shuffleInPlace(
        random.stream("classes", Math.floor(i / classNames.length)),
        Int32Array.from(classNames.keys()),
      );
    }
    const label = order[place] as number;
    labels[row] = label;
    const image = pixels.subarray(row * side * side, (row + 1) * side * side);
    inkInto(write(random.stream("strokes", i), label, side), side, scratch, image);
  }
  return { count, height: side, width: side, channels: 1, pixels, labels, classNames };
}
