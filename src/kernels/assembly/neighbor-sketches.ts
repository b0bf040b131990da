/**
 * Passes over the rows before a search: means, lengths, sketches, panels.
 *
 * The sketch of a row x is S(x) = (Q'(x - c), |x - c - QQ'(x - c)|), with orthonormal directions Q and any center c: coordinates
 * in Q, and the length of what Q leaves over. |S(x) - S(y)| <= |x - y|, since the lengths of two remainders differ by no more
 * than their distance. Drawing far points in to a ball and rounding keep that up, the latter within a known slack.
 */
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

function dot(a: usize, b: usize, bytes: usize): f64 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  for (let at: usize = 0; at < bytes; at += 32) {
    even = f64x2.add(even, f64x2.mul(v128.load(a + at), v128.load(b + at)));
    odd = f64x2.add(odd, f64x2.mul(v128.load(a + at, 16), v128.load(b + at, 16)));
  }
  const both = f64x2.add(even, odd);
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}

/** Stores one number of a sketch in steps, rounded; gives the square of what rounding took. */
// @ts-ignore: decorator
@inline
function put(place: usize, value: f64): f64 {
  const rounded = nearest(value);
  store<i16>(place, <i16>rounded);
  return (value - rounded) * (value - rounded);
}

function draftSketches<T>(t: NeighborTask, group: u32, centered: usize): void {
  const d = t.cols;
  const rowBytes = <usize>t.stride << 3;
  const end = min((group + 1) * t.groupRows, t.nRows);
  let worst: f64 = 0;
  for (let i = group * t.groupRows; i < end; i++) {
    const row = rowAt<T>(t, i);
    const draft = t.drafts + ((<usize>i * t.width) << 1);
    const length = load<f64>(t.lengths + (<usize>i << 3));
    const scale = (length > t.reach ? t.reach / length : 1) / t.step;
    let lost: f64 = 0;
    if (t.nBasis == 0) {
      for (let c: u32 = 0; c < d; c++) {
        const value = (element<T>(row, c) - load<f64>(t.mean + (<usize>c << 3))) * scale;
        lost += put(draft + (<usize>c << 1), value);
      }
    } else {
      for (let c: u32 = 0; c < d; c++) {
        store<f64>(centered + (<usize>c << 3), element<T>(row, c) - load<f64>(t.mean + (<usize>c << 3)));
      }
      let rest = length * length;
      for (let q: u32 = 0; q < t.nBasis; q++) {
        const value = dot(centered, t.basis + q * rowBytes, rowBytes);
        rest -= value * value;
        lost += put(draft + (<usize>q << 1), value * scale);
      }
      lost += put(draft + (<usize>t.nBasis << 1), sqrt(max(rest, 0)) * scale);
    }
    worst = max(worst, lost);
  }
  store<f64>(t.groupSums + ((<usize>group * (d + 1) + d) << 3), sqrt(worst));
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
    store<i32>(t.negativeHalves + at, row < 0 ? -NOWHERE : -(norm >> 1));
    store<i32>(t.columnBars + at, (row < 0 ? NOWHERE : norm >> 1) - 1);
  }
}
