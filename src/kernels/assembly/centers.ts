/** New centers out of the sums, their rounded forms, and the distances between them. One block is one center. */
import { accurateSquared, quantizedPlace, squaredFloats } from "./distance";
import { gather, sumOf } from "./sums";
import { EXACT, QUANTIZATION, Task } from "./task";

/** Writes the rounded forms of center c and the distance between them and the center itself. */
function round<T>(t: Task, c: u32): void {
  const stride = t.stride;
  const center = t.centers + ((<usize>c * stride) << 3);
  let error: f64 = 0;
  let norm: f64 = 0;
  let exactNorm: f64 = 0;
  for (let j: u32 = 0; j < stride; j++) {
    const exact = load<f64>(center + (<usize>j << 3));
    const at = <usize>c * stride + j;
    const rounded = <f32>exact;
    store<f32>(t.rounded + (at << 2), rounded);
    let kept: f64;
    if (isInteger<T>()) {
      // Centers of byte samples lie in 0..255; a caller's own centers may not, and are then cut off, which the error tells.
      const q = <i32>nearest(min<f64>(max<f64>(exact * QUANTIZATION, -32767), 32767));
      store<i16>(quantizedPlace(t, c, j), <i16>q);
      norm += <f64>q * <f64>q;
      exactNorm += exact * exact;
      kept = <f64>q / QUANTIZATION;
    } else {
      if (j < t.cols) store<f32>(t.transposed + ((<usize>j * t.centerStride + c) << 2), rounded);
      kept = <f64>rounded;
    }
    error += (exact - kept) * (exact - kept);
  }
  if (isInteger<T>()) {
    store<f64>(t.quantizedNorms + (<usize>c << 3), norm);
    store<f64>(t.centerNorms + (<usize>c << 3), exactNorm);
  }
  store<f64>(t.roundingErrors + (<usize>c << 3), sqrt(error) * (1 + EXACT));
}

function update<T>(t: Task, c: u32): void {
  gather<T>(t, c);
  const count = load<i32>(t.counts + (<usize>c << 2));
  const stride = t.stride;
  const center = t.centers + ((<usize>c * stride) << 3);
  let movement: f64 = 0;
  let scatter: f64 = 0;
  if (count > 0) {
    for (let j: u32 = 0; j < stride; j++) {
      // Through the caller's units and back, so that a stored model gives the same number again.
      const value = ((sumOf<T>(t, c, j) / <f64>count) * t.unit) / t.unit;
      const p = center + (<usize>j << 3);
      const step = value - load<f64>(p);
      const fromMean = value - load<f64>(t.mean + (<usize>j << 3));
      movement += step * step;
      scatter += fromMean * fromMean;
      store<f64>(p, value);
    }
    round<T>(t, c);
  }
  store<f64>(t.movements + (<usize>c << 3), sqrt(movement) * (1 + EXACT));
  store<f64>(t.scatter + (<usize>c << 3), scatter * <f64>count);
}

/** Block c: center c becomes the mean of its samples; an empty cluster keeps its center. */
export function updateBytes(task: usize, c: u32, worker: u32): void {
  update<u8>(changetype<Task>(task), c);
}
export function updateFloats(task: usize, c: u32, worker: u32): void {
  update<f32>(changetype<Task>(task), c);
}

/** Block c: writes the rounded forms of center c, which the caller has written. */
export function roundBytes(task: usize, c: u32, worker: u32): void {
  round<u8>(changetype<Task>(task), c);
}
export function roundFloats(task: usize, c: u32, worker: u32): void {
  round<f32>(changetype<Task>(task), c);
}

/** Block a: half the distances of center a to all others, never rounded up. */
export function separateCenters(task: usize, a: u32, worker: u32): void {
  const t = changetype<Task>(task);
  const stride = t.stride;
  const k = t.nCenters;
  const own = t.rounded + ((<usize>a * stride) << 2);
  const out = t.halfDistances + ((<usize>a * t.centerStride) << 2);
  let nearestHalf: f32 = Infinity;
  for (let c: u32 = 0; c < k; c++) {
    if (c == a) {
      store<f32>(out + (<usize>c << 2), 0);
      continue;
    }
    const quick = sqrt(<f64>squaredFloats(own, t.rounded + ((<usize>c * stride) << 2), stride));
    // A rounded center is at least as close to the center as its quantized form, which is a float as well.
    const least =
      quick * (1 - t.centerGamma) -
      load<f64>(t.roundingErrors + (<usize>a << 3)) -
      load<f64>(t.roundingErrors + (<usize>c << 3));
    const half = <f32>(least * 0.5 * (1 - 2.4e-7));
    store<f32>(out + (<usize>c << 2), half);
    if (half < nearestHalf) nearestHalf = half;
  }
  for (let c = k; c < t.centerStride; c++) store<f32>(out + (<usize>c << 2), Infinity);
  store<f32>(t.halfNearest + (<usize>a << 2), nearestHalf);
}

function measure<T>(t: Task, block: u32): void {
  const end = min((block + 1) * t.blockRows, t.rows);
  let total: f64 = 0;
  for (let i = block * t.blockRows; i < end; i++) {
    const c = load<i32>(t.labels + (<usize>i << 2));
    const squared = accurateSquared<T>(t, i, c);
    store<f64>(t.distances + (<usize>i << 3), squared);
    total += squared;
  }
  store<f64>(t.blockTotals + (<usize>block << 3), total);
}

/** Squared distance of each sample to its own center, and their sum. */
export function measureBytes(task: usize, block: u32, worker: u32): void {
  measure<u8>(changetype<Task>(task), block);
}
export function measureFloats(task: usize, block: u32, worker: u32): void {
  measure<f32>(changetype<Task>(task), block);
}
