import { InputError } from "../errors.ts";
import { describeIdx, type Idx } from "./idx.ts";
import type { ImageSet } from "./image-set.ts";

/** Greatest class number that a labels file may hold. LIMIT: sets of more than 65536 classes cannot be read. */
const greatestClass = 65535;

/**
 * The images of an IDX array of count x height x width, or count x height x width x channels (1, 3 or 4).
 *
 * Bytes are taken as they are, as a view. Other integers must lie in 0..255 and are taken as they are. Floats must lie
 * in [0, 1] and are multiplied by 255, halves rounded up.
 *
 * @param name of the file, for messages
 * @throws {InputError} if the shape is not one of images, none is there, or a value has no place among the bytes
 */
export function imagesFromIdx(idx: Idx, name: string): ImageSet {
  const [count = 0, height = 0, width = 0, channels = 1] = idx.shape;
  const nDimensions = idx.shape.length;
  if (nDimensions !== 3 && nDimensions !== 4) {
    const remedy = nDimensions === 1 ? " One dimension holds labels: give the file of the images." : "";
    throw new InputError(
      `imagesFromIdx: "${name}" must have 3 dimensions (count x height x width) or 4 (with channels); got ${nDimensions} (${describeIdx(idx)}).${remedy}`,
    );
  }
  if (count === 0) {
    throw new InputError(
      `imagesFromIdx: "${name}" must hold at least one image; got 0 (${describeIdx(idx)}). Give a file with images.`,
    );
  }
  if (height === 0 || width === 0) {
    throw new InputError(
      `imagesFromIdx: images of "${name}" must have at least one pixel; got ${height} x ${width}. Give a file with images.`,
    );
  }
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new InputError(
      `imagesFromIdx: "${name}" must have 1, 3 or 4 channels, as its last dimension; got ${channels} (${describeIdx(idx)}).`,
    );
  }
  const shape = { count, height, width, channels };
  return { ...shape, pixels: idx.data instanceof Uint8Array ? idx.data : toBytes(idx, shape, name) };
}

/**
 * The labels of an IDX array of one dimension: whole numbers, -1 where a label is not known.
 *
 * @param name of the file, for messages
 * @returns count entries in -1..65535
 * @throws {InputError} if the shape is not one of labels, or a value is no class number
 */
export function labelsFromIdx(idx: Idx, name: string): Int32Array {
  if (idx.shape.length !== 1) {
    throw new InputError(
      `labelsFromIdx: "${name}" must have 1 dimension, the number of labels; got ${idx.shape.length} (${describeIdx(idx)}).`,
    );
  }
  const labels = new Int32Array(idx.data.length);
  for (let i = 0; i < labels.length; i++) {
    const value = idx.data[i] as number;
    if (!Number.isInteger(value) || value < -1 || value > greatestClass) {
      throw new InputError(
        `labelsFromIdx: labels of "${name}" must be integers in 0..${greatestClass}, or -1 for unknown; got ${value} at label ${i}.`,
      );
    }
    labels[i] = value;
  }
  return labels;
}

type Shape = Pick<ImageSet, "count" | "height" | "width" | "channels">;

function toBytes(idx: Idx, shape: Shape, name: string): Uint8Array {
  const { data } = idx;
  const isFloat = data instanceof Float32Array || data instanceof Float64Array;
  const greatest = isFloat ? 1 : 255;
  const scale = isFloat ? 255 : 1;
  const bytes = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    // Written so that NaN, which compares as false, is refused too.
    if (!(value >= 0 && value <= greatest)) {
      const range = isFloat ? "[0, 1]" : "0..255";
      throw new InputError(
        `imagesFromIdx: ${idx.elementType} pixels of "${name}" must lie in ${range}; got ${value} at ${placeOf(i, shape)}. Scale the values first.`,
      );
    }
    bytes[i] = Math.floor(value * scale + 0.5);
  }
  return bytes;
}

function placeOf(index: number, shape: Shape): string {
  const { height, width, channels } = shape;
  const channel = channels > 1 ? `, channel ${index % channels}` : "";
  const pixel = Math.floor(index / channels);
  const row = Math.floor(pixel / width) % height;
  return `image ${Math.floor(pixel / width / height)}, row ${row}, column ${pixel % width}${channel}`;
}
