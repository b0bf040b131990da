/** New centers out of the sums, their rounded forms, and the distances between them. One block is one center. */
import { accurateSquared, quantizedPlace, squaredFloats } from "./distance";
import { sumOfTwo } from "./lanes";
import { gather, sumsOf } from "./sums";
import { FAR } from "./nearest";
import { EXACT, QUANTIZATION, Task } from "./task";

/** Writes the rounded forms of center c and the distance between them and the center itself. */
function round<T>(t: Task, c: u32): void {
  const stride = t.stride;
  const center = t.centers + ((<usize>c * stride) << 3);
  const rounded = t.rounded + ((<usize>c * stride) << 2);
  const steps = f64x2.splat(QUANTIZATION);
  // Centers of byte samples lie in 0..255; a caller's own centers may not, and are then cut off, which the error tells.
  const largest = f64x2.splat(32767);
  const smallest = f64x2.splat(-32767);
  let errors = f64x2.splat(0);
  let norms = f64x2.splat(0);
  let exactNorms = f64x2.splat(0);
  for (let j: u32 = 0; j < stride; j += 2) {
    const exact = v128.load(center + (<usize>j << 3));
    const floats = f32x4.demote_f64x2_zero(exact);
    store<f64>(rounded + (<usize>j << 2), f64x2.extract_lane(floats, 0));
    let kept: v128;
    if (isInteger<T>()) {
      const q = f64x2.nearest(f64x2.pmin(f64x2.pmax(f64x2.mul(exact, steps), smallest), largest));
      const whole = i32x4.trunc_sat_f64x2_s_zero(q);
      const place = quantizedPlace(t, c, j);
      store<i16>(place, <i16>i32x4.extract_lane(whole, 0));
      store<i16>(place, <i16>i32x4.extract_lane(whole, 1), 2);
      norms = f64x2.add(norms, f64x2.mul(q, q));
      exactNorms = f64x2.add(exactNorms, f64x2.mul(exact, exact));
      kept = f64x2.div(q, steps);
    } else {
      for (let e = j; e < min(j + 2, t.cols); e++) {
        const column = t.transposed + ((<usize>e * t.centerStride + c) << 2);
        store<f32>(column, load<f32>(rounded + (<usize>e << 2)));
      }
      kept = f64x2.promote_low_f32x4(floats);
    }
    const error = f64x2.sub(exact, kept);
    errors = f64x2.add(errors, f64x2.mul(error, error));
  }
  if (isInteger<T>()) {
    store<f64>(t.quantizedNorms + (<usize>c << 3), sumOfTwo(norms));
    store<f64>(t.centerNorms + (<usize>c << 3), sumOfTwo(exactNorms));
  }
  const error = sqrt(sumOfTwo(errors)) * (1 + EXACT);
  store<f64>(t.roundingErrors + (<usize>c << 3), error < Infinity ? error : Infinity); // not NaN either
}

function update<T>(t: Task, c: u32): void {
  gather<T>(t, c);
  const count = load<i32>(t.counts + (<usize>c << 2));
  const stride = t.stride;
  const center = t.centers + ((<usize>c * stride) << 3);
  const counts = f64x2.splat(<f64>count);
  const unit = f64x2.splat(t.unit);
  let movement = f64x2.splat(0);
  let scatter = f64x2.splat(0);
  if (count > 0) {
    for (let j: u32 = 0; j < stride; j += 2) {
      // Through the caller's units and back, so that a stored model gives the same number again.
      const mean = f64x2.div(sumsOf<T>(t, c, j), counts);
      const value = f64x2.div(f64x2.mul(mean, unit), unit);
      const p = center + (<usize>j << 3);
      const step = f64x2.sub(value, v128.load(p));
      const fromMiddle = f64x2.sub(value, v128.load(t.mean + (<usize>j << 3)));
      movement = f64x2.add(movement, f64x2.mul(step, step));
      scatter = f64x2.add(scatter, f64x2.mul(fromMiddle, fromMiddle));
      v128.store(p, value);
    }
    round<T>(t, c);
  }
  store<f64>(t.movements + (<usize>c << 3), sqrt(sumOfTwo(movement)) * (1 + EXACT));
  store<f64>(t.scatter + (<usize>c << 3), sumOfTwo(scatter) * <f64>count);
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
    const squared = squaredFloats(own, t.rounded + ((<usize>c * stride) << 2), stride);
    // Overflow, and infinity less infinity, happen between a caller's own centers.
    const quick = squared < Infinity ? sqrt(<f64>squared) : FAR;
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
