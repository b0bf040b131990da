/**
 * Images that are (nearly) the same image.
 *
 * Equal ones are found by a digest of their numbers. Of the rest, each image is measured against the 5 that are nearest
 * to it in a coarse view of it: the means of few blocks of its numbers, scaled so that a coarse distance is never above
 * the true one; what is nearly the same is nearly the same there too. Two images are near duplicates if their true
 * distance, of all their numbers, is below a tenth of the typical distance between an image and its nearest other one
 * (the median over all); or below a quarter of it, and below a third of the distance of either image to the farthest of its
 * 5. The latter keeps apart what merely lies densely: of MNIST, the upright strokes of the digit 1. What is joined by a
 * chain of such pairs is one group.
 *
 * Time n x numbers, and the search among n x 16 coarse numbers (exact; at most 100,000 images, else evenly chosen ones).
 */
import { type ImageSet, imageLength } from "../../images/index.ts";
import { exactNeighbors } from "../../manifold/neighbors/index.ts";
import type { Matrix } from "../../matrix/index.ts";
import type { StageContext } from "../../pipeline/index.ts";

/** Shares of the typical distance to the nearest image below which two images count as the same: anywhere, ... */
const SAME_SHARE = 0.1;
/** ... and where both have other neighbours at more than three times their distance. */
const NEAR_SHARE = 0.25;
const APART = 1 / 3;

/** Most images among which near ones are sought; equal ones are found among any number. */
const NEAR_SAMPLE = 100_000;

/** Of fewer images, the typical distance says nothing; equal ones are found all the same. */
const LEAST_IMAGES = 16;

const NEIGHBORS = 5;

/** Coarse numbers of a vector. */
const COARSE = 16;

/** Groups of images that are nearly the same. */
export interface NearDuplicates {
  /** Images of each group, ascending, at least two; the largest group first, among equals the one with the first image. */
  readonly groups: readonly Int32Array[];
  /**
   * Of each image in a group: its distance to the nearest other image of it, as a share of the typical distance to the
   * nearest image; 0 for an equal one.
   */
  readonly shares: ReadonlyMap<number, number>;
  /** Number of images among which near ones were sought, where that is not all. */
  readonly sampled?: number;
}

const known = new WeakMap<ImageSet, NearDuplicates>();

/** Finds them, by the numbers of vectors and by the pixels of images; the same image set is searched once. */
export async function nearDuplicates(images: ImageSet, context: StageContext): Promise<NearDuplicates> {
  const before = known.get(images);
  if (before) return before;
  const found = await search(images, context);
  known.set(images, found);
  return found;
}

async function search(images: ImageSet, context: StageContext): Promise<NearDuplicates> {
  const rows = rowsOf(images);
  const first = firstEqual(rows);
  const groups = new Groups(images.count);
  const shares = new Map<number, number>();
  first.forEach((other, i) => {
    if (other === i) return;
    groups.join(i, other);
    shares.set(i, 0);
    shares.set(other, 0);
  });
  const distinct = Int32Array.from(first.keys()).filter((i) => first[i] === i);
  const sought = evenly(distinct, NEAR_SAMPLE);
  if (sought.length >= LEAST_IMAGES)
    await joinNear(rows, sought, coarse(images, sought), groups, shares, context);
  return {
    groups: groups.severals(),
    shares,
    ...(sought.length < distinct.length && { sampled: sought.length }),
  };
}

/** Joins what is near, of images no two of which are equal. */
async function joinNear(
  rows: Rows,
  indices: Int32Array,
  view: Matrix<Float32Array>,
  groups: Groups,
  shares: Map<number, number>,
  { compute, signal }: StageContext,
): Promise<void> {
  const k = Math.min(NEIGHBORS, indices.length - 1);
  const near = await exactNeighbors(view, { k }, { compute, signal });
  const distances = new Float64Array(indices.length * k);
  const nearest = new Float64Array(indices.length).fill(Number.POSITIVE_INFINITY);
  const farthest = new Float64Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    for (let j = i * k; j < (i + 1) * k; j++) {
      const other = indices[near.indices[j] as number] as number;
      const distance = Math.sqrt(squaredDistance(rows, indices[i] as number, other));
      distances[j] = distance;
      nearest[i] = Math.min(nearest[i] as number, distance);
      farthest[i] = Math.max(farthest[i] as number, distance);
    }
  }
  const typical = nearest.slice().sort()[indices.length >> 1] as number;
  const share = (image: number, value: number): void => {
    shares.set(image, Math.min(shares.get(image) ?? value, value));
  };
  for (let j = 0; j < distances.length; j++) {
    const distance = distances[j] as number;
    if (!(distance < NEAR_SHARE * typical)) continue;
    const i = Math.floor(j / k);
    const h = near.indices[j] as number;
    const dense = APART * Math.min(farthest[i] as number, farthest[h] as number);
    if (distance >= SAME_SHARE * typical && distance >= dense) continue;
    const [one, other] = [indices[i] as number, indices[h] as number];
    groups.join(one, other);
    share(one, distance / typical);
    share(other, distance / typical);
  }
}

/** The numbers of each image: count x cols. */
interface Rows {
  readonly count: number;
  readonly cols: number;
  readonly data: Uint8Array | Float32Array;
}

function rowsOf(images: ImageSet): Rows {
  const { count, values, pixels } = images;
  return values
    ? { count, cols: values.cols, data: values.data }
    : { count, cols: imageLength(images), data: pixels };
}

/** Of each row, the first one that is equal to it, bit by bit. */
function firstEqual({ count, cols, data }: Rows): Int32Array {
  const width = cols * data.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, count * width);
  const byDigest = new Map<number, number[]>();
  return Int32Array.from({ length: count }, (_, i) => {
    const start = i * width;
    const digest = digestOf(bytes, start, start + width);
    const seen = byDigest.get(digest);
    if (!seen) {
      byDigest.set(digest, [i]);
      return i;
    }
    const equal = seen.find((other) => sameBytes(bytes, start, other * width, width));
    if (equal === undefined) seen.push(i);
    return equal ?? i;
  });
}

/** FNV-1a. */
function digestOf(bytes: Uint8Array, from: number, to: number): number {
  let digest = 0x811c9dc5;
  for (let at = from; at < to; at++) digest = Math.imul(digest ^ (bytes[at] as number), 0x01000193);
  return digest;
}

function sameBytes(bytes: Uint8Array, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}

function squaredDistance({ cols, data }: Rows, a: number, b: number): number {
  let sum = 0;
  for (let j = 0, p = a * cols, q = b * cols; j < cols; j++, p++, q++) {
    const difference = (data[p] as number) - (data[q] as number);
    sum += difference * difference;
  }
  return sum;
}

/**
 * The coarse view: of images, the blocks of a grid in each channel, of vectors as many runs of neighbouring numbers; each
 * is the sum of its numbers over the root of how many they are, which makes distances at most the true ones.
 */
function coarse(images: ImageSet, indices: Int32Array): Matrix<Float32Array> {
  const { data, cols } = rowsOf(images);
  const { blocks, blockOf } = images.values ? runs(cols) : grid(images);
  const sizes = new Float64Array(blocks);
  for (const block of blockOf) sizes[block] = (sizes[block] as number) + 1;
  const scales = sizes.map((size) => (size === 0 ? 0 : 1 / Math.sqrt(size)));
  const view = new Float32Array(indices.length * blocks);
  const sums = new Float64Array(blocks);
  for (let i = 0; i < indices.length; i++) {
    sums.fill(0);
    const start = (indices[i] as number) * cols;
    for (let j = 0; j < cols; j++) {
      const block = blockOf[j] as number;
      sums[block] = (sums[block] as number) + (data[start + j] as number);
    }
    for (let b = 0; b < blocks; b++) view[i * blocks + b] = (sums[b] as number) * (scales[b] as number);
  }
  return { rows: indices.length, cols: blocks, data: view };
}

interface Blocks {
  readonly blocks: number;
  /** Block of each number. */
  readonly blockOf: Int32Array;
}

function runs(cols: number): Blocks {
  const blocks = Math.min(COARSE, cols);
  return { blocks, blockOf: Int32Array.from({ length: cols }, (_, j) => Math.floor((j * blocks) / cols)) };
}

function grid({ height, width, channels }: ImageSet): Blocks {
  const side = channels === 1 ? 4 : 3;
  const down = Math.min(side, height);
  const across = Math.min(side, width);
  const blockOf = Int32Array.from({ length: height * width * channels }, (_, j) => {
    const pixel = Math.floor(j / channels);
    const y = Math.floor((Math.floor(pixel / width) * down) / height);
    const x = Math.floor(((pixel % width) * across) / width);
    return (y * across + x) * channels + (j % channels);
  });
  return { blocks: down * across * channels, blockOf };
}

/** At most so many of the indices, evenly spread over them. */
function evenly(indices: Int32Array, most: number): Int32Array {
  if (indices.length <= most) return indices;
  return Int32Array.from(
    { length: most },
    (_, i) => indices[Math.floor((i * indices.length) / most)] as number,
  );
}

/** Sets of numbers that grow together; the root of each is its least number. */
class Groups {
  private readonly parents: Int32Array;

  constructor(count: number) {
    this.parents = Int32Array.from({ length: count }, (_, i) => i);
  }

  join(a: number, b: number): void {
    const [one, other] = [this.root(a), this.root(b)];
    this.parents[Math.max(one, other)] = Math.min(one, other);
  }

  /** Those of several numbers. */
  severals(): readonly Int32Array[] {
    const members = new Map<number, number[]>();
    for (let i = 0; i < this.parents.length; i++) {
      const root = this.root(i);
      if (root === i) continue;
      const group = members.get(root);
      if (group) group.push(i);
      else members.set(root, [root, i]);
    }
    return [...members.values()]
      .map((group) => Int32Array.from(group))
      .sort((a, b) => b.length - a.length || (a[0] as number) - (b[0] as number));
  }

  private root(i: number): number {
    let at = i;
    while (this.parents[at] !== at) {
      this.parents[at] = this.parents[this.parents[at] as number] as number;
      at = this.parents[at] as number;
    }
    return at;
  }
}
