import { InputError } from "../errors.ts";
import type { Matrix } from "../matrix/index.ts";

/**
 * Images of one size, as bytes; the labels, where known, serve scoring only.
 *
 * Vectors (embeddings) travel as images of height 1 and one channel: `values` holds their numbers, `pixels` a picture of them.
 */
export interface ImageSet {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** 1 for grey, 3 for red, green and blue, 4 with opacity. */
  readonly channels: number;
  /** count x height x width x channels, 0..255. */
  readonly pixels: Uint8Array;
  /** Class of each image, 0..classNames.length-1, or -1 where unknown. */
  readonly labels?: Int32Array;
  /** Name of each class; present exactly where `labels` is. */
  readonly classNames?: readonly string[];
  /** What each image is called where it comes from (a path below the folder, a row's id), where it is called something. */
  readonly files?: readonly string[];
  /** count x width: the numbers themselves, where the source holds vectors and not images. */
  readonly values?: Matrix<Float32Array>;
  /** What the source of vectors calls each of their numbers, where it names its columns. */
  readonly columns?: readonly string[];
}

/** Part of a data set; `validation` and `holdout` are the first and the second half of `test` (seed 003). */
export type Split = "all" | "train" | "test" | "validation" | "holdout";

/** All parts that can be asked for. */
export const splits: readonly Split[] = ["all", "train", "test", "validation", "holdout"];

/** How images of another shape are brought to a size: the whole image and margins of 0, a filling cut, or out of shape. */
export type Fit = "contain" | "cover" | "stretch";

/** All ways of {@link Fit}. */
export const fits: readonly Fit[] = ["contain", "cover", "stretch"];

/** How vectors are scaled before anything looks at them. */
export type Scaling = "none" | "standard" | "l2";

/** All ways of {@link Scaling}. */
export const scalings: readonly Scaling[] = ["none", "standard", "l2"];

/** How a source was asked to be read, beyond split, limit and size; what is absent was not asked for. */
export interface Reading {
  /** How images are brought to the size; default `contain`. */
  readonly fit?: Fit;
  /** Whether images are brought to one channel. */
  readonly grey?: boolean;
  /** `HxW` or `HxWxC`: rows of arrays and tables are images of this shape. */
  readonly shape?: string;
  /** How vectors are scaled; default `none`. */
  readonly scaling?: Scaling;
  /** Column of a table that names the items. */
  readonly idColumn?: string;
  /** Column of a table that holds the classes. */
  readonly labelColumn?: string;
  /** Part of the items that may be unreadable, as `1%` or `0.01`. */
  readonly maxBad?: string;
}

/** What was asked about reading, out of whatever holds it; a switch that is off counts as not asked for. */
export function readingOf(holder: { readonly [K in keyof Reading]?: Reading[K] | undefined }): Reading {
  const { fit, grey, shape, scaling, idColumn, labelColumn, maxBad } = holder;
  return {
    ...(fit !== undefined && { fit }),
    ...(grey === true && { grey }),
    ...(shape !== undefined && { shape }),
    ...(scaling !== undefined && { scaling }),
    ...(idColumn !== undefined && { idColumn }),
    ...(labelColumn !== undefined && { labelColumn }),
    ...(maxBad !== undefined && { maxBad }),
  };
}

/** An item of a source that could not be read. */
export interface SkippedFile {
  /** What it is called there. */
  readonly file: string;
  /** Why, in words. */
  readonly reason: string;
}

/** An image set together with where it came from. */
export interface ImageSource extends Reading {
  /** Name for people and folders: `mnist`, or the file or folder name. */
  readonly name: string;
  /** What opens it again: the `<source>` argument, as given. */
  readonly location: string;
  readonly split: Split;
  /** Number of images that the source was limited to (`--limit`), where it was. */
  readonly limit?: number;
  /** Side to which the images were brought, where they were resized. */
  readonly size?: number;
  readonly images: ImageSet;
  /** Items that could not be read, in the order of the source; absent where all could. */
  readonly skipped?: readonly SkippedFile[];
  /** What was decided without being asked for (which column names the rows, say), in sentences for people. */
  readonly notices?: readonly string[];
  /** Digest of shape, pixels, labels and values, in hexadecimal: two sources with the same digest hold the same images. */
  readonly sha256: string;
}

/** Number of bytes of one image. */
export function imageLength(images: ImageSet): number {
  return images.height * images.width * images.channels;
}

/** Number of classes among the labels; 0 without labels. */
export function nClasses(images: ImageSet): number {
  return images.labels === undefined ? 0 : (images.classNames?.length ?? 0);
}

/**
 * The images with the given indices, copied, in the order of the indices, with all that is known of each.
 *
 * @param indices entries in 0..count-1
 */
export function takeImages(images: ImageSet, indices: ArrayLike<number>): ImageSet {
  const count = indices.length;
  const pixels = takeRows(images.pixels, imageLength(images), indices);
  const { values, files } = images;
  const labels = images.labels && takeRows(images.labels, 1, indices);
  return {
    ...images,
    count,
    pixels,
    ...(labels && { labels }),
    ...(files && { files: Array.from(indices, (i) => files[i] as string) }),
    ...(values && { values: { ...values, rows: count, data: takeRows(values.data, values.cols, indices) } }),
  };
}

function takeRows<A extends Uint8Array | Int32Array | Float32Array>(
  data: A,
  length: number,
  indices: ArrayLike<number>,
): A {
  const taken = new (data.constructor as new (length: number) => A)(indices.length * length);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] as number;
    taken.set(data.subarray(index * length, (index + 1) * length), i * length);
  }
  return taken;
}

/** Images `from` up to, not including, `to`; pixels, labels and values are views. */
export function sliceImages(images: ImageSet, from: number, to: number): ImageSet {
  const length = imageLength(images);
  const { labels, files, values } = images;
  return {
    ...images,
    count: to - from,
    pixels: images.pixels.subarray(from * length, to * length),
    ...(labels && { labels: labels.subarray(from, to) }),
    ...(files && { files: files.slice(from, to) }),
    ...(values && {
      values: {
        ...values,
        rows: to - from,
        data: values.data.subarray(from * values.cols, to * values.cols),
      },
    }),
  };
}

/**
 * Two image sets one after the other (train, then test, say).
 *
 * @throws {InputError} if their sizes differ, or only one has labels
 */
export function concatenateImages(first: ImageSet, second: ImageSet): ImageSet {
  const shape = (set: ImageSet): string => `${set.height} x ${set.width} x ${set.channels}`;
  if (shape(first) !== shape(second)) {
    throw new InputError(
      `concatenateImages: both sets must have images of one size; got ${shape(first)} and ${shape(second)}.`,
    );
  }
  if ((first.labels === undefined) !== (second.labels === undefined)) {
    throw new InputError(
      "concatenateImages: both sets must have labels, or neither; got labels for one only.",
    );
  }
  const pixels = new Uint8Array(first.pixels.length + second.pixels.length);
  pixels.set(first.pixels);
  pixels.set(second.pixels, first.pixels.length);
  const count = first.count + second.count;
  if (!first.values !== !second.values || !first.files !== !second.files) {
    throw new InputError(
      "concatenateImages: both sets must have names and be vectors, or neither; got these for one only.",
    );
  }
  const both = {
    ...first,
    count,
    pixels,
    ...(first.files && { files: [...first.files, ...(second.files ?? [])] }),
  };
  const joined =
    first.values && second.values ? { ...both, values: stacked(first.values, second.values) } : both;
  if (!first.labels || !second.labels) return joined;
  const labels = new Int32Array(count);
  labels.set(first.labels);
  labels.set(second.labels, first.count);
  const longer = (second.classNames?.length ?? 0) > (first.classNames?.length ?? 0) ? second : first;
  return { ...joined, labels, ...(longer.classNames && { classNames: longer.classNames }) };
}

function stacked(first: Matrix<Float32Array>, second: Matrix<Float32Array>): Matrix<Float32Array> {
  const data = new Float32Array(first.data.length + second.data.length);
  data.set(first.data);
  data.set(second.data, first.data.length);
  return { rows: first.rows + second.rows, cols: first.cols, data };
}
