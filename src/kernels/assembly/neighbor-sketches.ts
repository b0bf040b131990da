/**
 * Passes over the rows before a search: means, lengths, sketches, panels.
 *
 * The sketch of a row x is S(x) = (Q'(x - c), |x - c - QQ'(x - c)|), with orthonormal directions Q and any center c: coordinates
 * in Q, and the length of what Q leaves over. |S(x) - S(y)| <= |x - y|, since the lengths of two remainders differ by no more
 * than their distance. Drawing far points in to a ball and rounding keep that up, the latter within a known slack.
 */
import { sumOfTwo } from "./lanes";
import { NeighborTask, NOWHERE } from "./neighbor-task";

// @ts-ignore: decorator
@inline
function element<T>(row: usize, c: u32): f64 {
  return <f64>load<T>(row + <usize>c * sizeof<T>());
}

// @ts-ignore: decorator
@inline
function rowAt<T>(t: NeighborTask, i: u32): usize {
  return t.rows + <usize>i * t.stride * sizeof<T>();
}

function sumColumns<T>(t: NeighborTask, group: u32): void {
  const d = t.cols;
  const sums = t.groupSums + ((<usize>group * (d + 1)) << 3);
  const end = min((group + 1) * t.groupRows, t.nRows);
  memory.fill(sums, 0, (<usize>d + 1) << 3);
  let largest: f64 = 0;
  for (let i = group * t.groupRows; i < end; i++) {
    const row = rowAt<T>(t, i);
    for (let c: u32 = 0; c < d; c++) {
      const value = element<T>(row, c);
      const cell = sums + (<usize>c << 3);
      store<f64>(cell, load<f64>(cell) + value);
      largest = max(largest, abs(value));
    }
  }
  store<f64>(sums + (<usize>d << 3), largest);
}

/** Sum of each column over each group of rows, and the largest absolute value; NaN if one is among them. */
export function sumColumnsFloats(task: usize, block: u32, worker: u32): void {
  sumColumns<f32>(changetype<NeighborTask>(task), block);
}
export function sumColumnsBytes(task: usize, block: u32, worker: u32): void {
  sumColumns<u8>(changetype<NeighborTask>(task), block);
}

/** Divides a group of rows of floats by `unit`, a power of two. */
export function scaleRows(task: usize, block: u32, worker: u32): void {
  const t = changetype<NeighborTask>(task);
  const end = rowAt<f32>(t, min((block + 1) * t.groupRows, t.nRows));
  const factor = f32x4.splat(<f32>(1 / t.unit));
  for (let p = rowAt<f32>(t, block * t.groupRows); p < end; p += 16) {
    v128.store(p, f32x4.mul(v128.load(p), factor));
  }
}

/** Brings a group of rows of floats to length one; rows of zeros get a one in the column behind the last instead. */
export function normalizeRows(task: usize, block: u32, worker: u32): void {
  const t = changetype<NeighborTask>(task);
  const d = t.cols - 1;
  const end = min((block + 1) * t.groupRows, t.nRows);
  for (let i = block * t.groupRows; i < end; i++) {
    const row = rowAt<f32>(t, i);
    let squares: f64 = 0;
    for (let c: u32 = 0; c < d; c++) squares += element<f32>(row, c) * element<f32>(row, c);
    const length = sqrt(squares);
    for (let c: u32 = 0; c < d && length > 0; c++) {
      store<f32>(row + (<usize>c << 2), <f32>(element<f32>(row, c) / length));
    }
    if (length == 0) store<f32>(row + (<usize>d << 2), 1);
  }
}

function measureLengths<T>(t: NeighborTask, group: u32): void {
  const d = t.cols;
  const end = min((group + 1) * t.groupRows, t.nRows);
  for (let i = group * t.groupRows; i < end; i++) {
    const row = rowAt<T>(t, i);
    let squares: f64 = 0;
    for (let c: u32 = 0; c < d; c++) {
      const value = element<T>(row, c) - load<f64>(t.mean + (<usize>c << 3));
      squares += value * value;
    }
    store<f64>(t.lengths + (<usize>i << 3), sqrt(squares));
  }
}

/** Distance of each row to the mean. */
export function measureLengthsFloats(task: usize, block: u32, worker: u32): void {
  measureLengths<f32>(changetype<NeighborTask>(task), block);
}
export function measureLengthsBytes(task: usize, block: u32, worker: u32): void {
  measureLengths<u8>(changetype<NeighborTask>(task), block);
}

/** Products of two rows with four directions, all `rowBytes` apart; those of the second row go `outBytes` behind the first's. */
function productsOfTwo(rows: usize, directions: usize, rowBytes: usize, out: usize, outBytes: usize): void {
  let a0 = f64x2.splat(0);
  let a1 = f64x2.splat(0);
  let a2 = f64x2.splat(0);
  let a3 = f64x2.splat(0);
  let b0 = f64x2.splat(0);
  let b1 = f64x2.splat(0);
  let b2 = f64x2.splat(0);
  let b3 = f64x2.splat(0);
  for (let at: usize = 0; at < rowBytes; at += 16) {
    const a = v128.load(rows + at);
    const b = v128.load(rows + rowBytes + at);
    let q = v128.load(directions + at);
    a0 = f64x2.add(a0, f64x2.mul(a, q));
    b0 = f64x2.add(b0, f64x2.mul(b, q));
    q = v128.load(directions + rowBytes + at);
    a1 = f64x2.add(a1, f64x2.mul(a, q));
    b1 = f64x2.add(b1, f64x2.mul(b, q));
    q = v128.load(directions + 2 * rowBytes + at);
    a2 = f64x2.add(a2, f64x2.mul(a, q));
    b2 = f64x2.add(b2, f64x2.mul(b, q));
    q = v128.load(directions + 3 * rowBytes + at);
    a3 = f64x2.add(a3, f64x2.mul(a, q));
    b3 = f64x2.add(b3, f64x2.mul(b, q));
  }
  store<f64>(out, sumOfTwo(a0));
  store<f64>(out, sumOfTwo(a1), 8);
  store<f64>(out, sumOfTwo(a2), 16);
  store<f64>(out, sumOfTwo(a3), 24);
  out += outBytes;
  store<f64>(out, sumOfTwo(b0));
  store<f64>(out, sumOfTwo(b1), 8);
  store<f64>(out, sumOfTwo(b2), 16);
  store<f64>(out, sumOfTwo(b3), 24);
}

/** Stores one number of a sketch in steps, rounded; gives the square of what rounding took. */
// @ts-ignore: decorator
@inline
function put(place: usize, value: f64): f64 {
  const rounded = nearest(value);
  store<i16>(place, <i16>rounded);
  return (value - rounded) * (value - rounded);
}

/** `scratch`: two rows less the mean, then the products of each with all directions, f64. */
function draftSketches<T>(t: NeighborTask, group: u32, scratch: usize): void {
  const end = min((group + 1) * t.groupRows, t.nRows);
  const products = scratch + (<usize>t.stride << 4);
  const productBytes = <usize>((t.nBasis + 3) & ~3) << 3;
  let worst: f64 = 0;
  for (let i = group * t.groupRows; i < end; i++) {
    const length = load<f64>(t.lengths + (<usize>i << 3));
    const scale = (length > t.reach ? t.reach / length : 1) / t.step;
    if (t.nBasis == 0) {
      worst = max(worst, draftWhole<T>(t, i, scale));
      continue;
    }
    const second = (i - group * t.groupRows) & 1;
    if (second == 0) multiplyTwo<T>(t, i, min(i + 1, end - 1), scratch);
    worst = max(worst, draftInBasis(t, i, scale, products + second * productBytes));
  }
  store<f64>(t.groupSums + ((<usize>group * (t.cols + 1) + t.cols) << 3), sqrt(worst));
}

/** Products of two rows, less the mean, with all directions; `scratch` as for {@link draftSketches}. */
function multiplyTwo<T>(t: NeighborTask, i: u32, j: u32, scratch: usize): void {
  const rowBytes = <usize>t.stride << 3;
  const products = scratch + 2 * rowBytes;
  const productBytes = <usize>((t.nBasis + 3) & ~3) << 3;
  const a = rowAt<T>(t, i);
  const b = rowAt<T>(t, j);
  for (let c: u32 = 0; c < t.cols; c++) {
    const mean = load<f64>(t.mean + (<usize>c << 3));
    const at = scratch + (<usize>c << 3);
    store<f64>(at, element<T>(a, c) - mean);
    store<f64>(at + rowBytes, element<T>(b, c) - mean);
  }
  // What an earlier job left behind the last column must not count.
  for (let c = t.cols; c < t.stride; c++) {
    const at = scratch + (<usize>c << 3);
    store<f64>(at, 0);
    store<f64>(at + rowBytes, 0);
  }
  for (let q: u32 = 0; q < t.nBasis; q += 4) {
    productsOfTwo(scratch, t.basis + q * rowBytes, rowBytes, products + (<usize>q << 3), productBytes);
  }
}

/** The sketch of a row that is the row itself; gives the square of what rounding took. */
function draftWhole<T>(t: NeighborTask, i: u32, scale: f64): f64 {
  const row = rowAt<T>(t, i);
  const draft = t.drafts + ((<usize>i * t.width) << 1);
  let lost: f64 = 0;
  for (let c: u32 = 0; c < t.cols; c++) {
    lost += put(draft + (<usize>c << 1), (element<T>(row, c) - load<f64>(t.mean + (<usize>c << 3))) * scale);
  }
  return lost;
}

/** Both sketches of a row, of its products with all directions; gives at least the square of what rounding took from either. */
function draftInBasis(t: NeighborTask, i: u32, scale: f64, values: usize): f64 {
  const length = load<f64>(t.lengths + (<usize>i << 3));
  const draft = t.drafts + ((<usize>i * t.width) << 1);
  let rest = length * length;
  let lost: f64 = 0;
  for (let q: u32 = 0; q < t.nLeading; q++) {
    const value = load<f64>(values + (<usize>q << 3));
    rest -= value * value;
    lost += put(draft + (<usize>q << 1), value * scale);
  }
  lost += put(draft + (<usize>t.nLeading << 1), sqrt(max(rest, 0)) * scale);
  if (t.longWidth == 0) return lost;
  const long = t.longs + ((<usize>i * t.longWidth) << 1);
  memory.copy(long, draft, <usize>t.nLeading << 1);
  for (let q = t.nLeading; q < t.nBasis; q++) {
    const value = load<f64>(values + (<usize>q << 3));
    rest -= value * value;
    lost += put(long + (<usize>q << 1), value * scale);
  }
  lost += put(long + (<usize>t.nBasis << 1), sqrt(max(rest, 0)) * scale);
  return lost;
}

/** Sum of products of two sketches, whose bytes are a multiple of 16. */
// @ts-ignore: decorator
@inline
export function productOf(a: usize, b: usize, bytes: usize): i32 {
  let sum = i32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    sum = i32x4.add(sum, i32x4.dot_i16x8_s(v128.load(a + at), v128.load(b + at)));
  }
  return (
    i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3)
  );
}

/** Sketches of a group of rows, and the largest error of rounding among them. */
export function draftSketchesFloats(task: usize, block: u32, worker: u32): void {
  const t = changetype<NeighborTask>(task);
  draftSketches<f32>(t, block, t.workerScratch + <usize>worker * t.scratchBytes);
}
export function draftSketchesBytes(task: usize, block: u32, worker: u32): void {
  const t = changetype<NeighborTask>(task);
  draftSketches<u8>(t, block, t.workerScratch + <usize>worker * t.scratchBytes);
}

/** Lays the sketches of a block of places out for the search. */
export function packSketches(task: usize, block: u32, worker: u32): void {
  const t = changetype<NeighborTask>(task);
  const width = t.width;
  const end = (block + 1) * t.blockRows;
  for (let place = block * t.blockRows; place < end; place++) {
    const row = load<i32>(t.order + (<usize>place << 2));
    let norm: i32 = 0;
    if (row >= 0) {
      let from = t.drafts + ((<usize>row * width) << 1);
      let to = t.panels + ((<usize>(place >> 3) * width) << 4) + ((place & 7) << 2);
      for (let j: u32 = 0; j < width; j += 2) {
        const first = <i32>load<i16>(from);
        const second = <i32>load<i16>(from, 2);
        norm += first * first + second * second;
        store<u32>(to, load<u32>(from));
        from += 4;
        to += 32;
      }
    }
    const at = <usize>place << 2;
    store<i32>(t.norms + at, norm);
    if (t.longWidth != 0) {
      const longBytes = <usize>t.longWidth << 1;
      const long = t.longs + <usize>place * longBytes;
      store<i32>(t.longNorms + at, productOf(long, long, longBytes));
    }
    store<i32>(t.negativeHalves + at, row < 0 ? -NOWHERE : -(norm >> 1));
    store<i32>(t.columnBars + at, (row < 0 ? NOWHERE : norm >> 1) - 1);
  }
}
