/**
 * Sums of rows by cluster, as exact integers: the order of adding, and so the number of threads, cannot change them,
 * and taking a row out again leaves no trace. Bytes are summed as they are in 32 bits; floats as fixed-point numbers
 * in 64 bits, x * fixedPoint rounded to an integer.
 */
import { upperHalf } from "./distance";
import { packedRow, SEGMENT } from "./packed";
import { Task } from "./task";

/** Adding 1.5 * 2^52 to a number below 2^51 leaves that number, rounded to an integer, in the last bits of the sum. */
const ROUNDER: f64 = 6755399441055744.0;

/** Adds row i (sign 1) to a sum of bytes, or takes it away (sign -1). */
// @ts-ignore: decorator
@inline
function addBytes(t: Task, i: u32, sum: usize, sign: i32): void {
  const stride = t.stride;
  let row = packedRow(t, i);
  for (let j: u32 = 0; j < stride; j += SEGMENT) {
    const end = row + 1 + load<u8>(row);
    let x = end;
    for (let place = row + 1; place < end; place++) {
      const words = v128.load_ext<u8>(x);
      const low = i32x4.extend_low_i16x8_u(words);
      const high = i32x4.extend_high_i16x8_u(words);
      const s = sum + (<usize>load<u8>(place) << 5);
      if (sign > 0) {
        v128.store(s, i32x4.add(v128.load(s), low));
        v128.store(s, i32x4.add(v128.load(s, 16), high), 16);
      } else {
        v128.store(s, i32x4.sub(v128.load(s), low));
        v128.store(s, i32x4.sub(v128.load(s, 16), high), 16);
      }
      x += 8;
    }
    sum += SEGMENT << 2;
    row = x;
  }
}

/** Adds row i (sign 1) to a sum of fixed-point numbers, or takes it away (sign -1). */
// @ts-ignore: decorator
@inline
function addFloats(t: Task, i: u32, sum: usize, sign: i32): void {
  const stride = t.stride;
  const x = t.samples + ((<usize>i * stride) << 2);
  const scale = f64x2.splat(t.fixedPoint);
  const rounder = f64x2.splat(ROUNDER);
  for (let j: u32 = 0; j < stride; j += 4) {
    const floats = v128.load(x + (<usize>j << 2));
    const low = f64x2.promote_low_f32x4(floats);
    const high = f64x2.promote_low_f32x4(upperHalf(floats));
    const w0 = i64x2.sub(f64x2.add(f64x2.mul(low, scale), rounder), rounder);
    const w1 = i64x2.sub(f64x2.add(f64x2.mul(high, scale), rounder), rounder);
    const s = sum + (<usize>j << 3);
    if (sign > 0) {
      v128.store(s, i64x2.add(v128.load(s), w0));
      v128.store(s, i64x2.add(v128.load(s, 16), w1), 16);
    } else {
      v128.store(s, i64x2.sub(v128.load(s), w0));
      v128.store(s, i64x2.sub(v128.load(s, 16), w1), 16);
    }
  }
}

/** Adds (sign 1) or takes away (sign -1) row i to or from cluster c, in the worker's own sums. */
export function account<T>(t: Task, worker: u32, i: u32, c: u32, sign: i32): void {
  const cell = <usize>worker * t.nCenters + c;
  if (isInteger<T>()) {
    addBytes(t, i, t.workerSums + ((cell * t.stride) << 2), sign);
  } else {
    addFloats(t, i, t.workerSums + ((cell * t.stride) << 3), sign);
  }
  const count = t.workerCounts + (cell << 2);
  store<i32>(count, load<i32>(count) + sign);
}

/** Moves the workers' sums and count of cluster c into the common ones. */
export function gather<T>(t: Task, c: u32): void {
  const stride = t.stride;
  const k = t.nCenters;
  const sumShift: usize = isInteger<T>() ? 2 : 3;
  const total = t.sums + ((<usize>c * stride) << sumShift);
  const bytes = <usize>stride << sumShift;
  const zero = i64x2.splat(0);
  for (let w: u32 = 0; w < t.nWorkers; w++) {
    const cell = <usize>w * k + c;
    const part = t.workerSums + ((cell * stride) << sumShift);
    for (let p: usize = 0; p < bytes; p += 16) {
      const s = v128.load(part + p);
      if (isInteger<T>()) {
        v128.store(total + p, i32x4.add(v128.load(total + p), s));
      } else {
        v128.store(total + p, i64x2.add(v128.load(total + p), s));
      }
      v128.store(part + p, zero);
    }
    const count = t.workerCounts + (cell << 2);
    const own = t.counts + (<usize>c << 2);
    store<i32>(own, load<i32>(own) + load<i32>(count));
    store<i32>(count, 0);
  }
}

/** Elements j and j + 1 of the common sum of cluster c, in the samples' stored units. */
// @ts-ignore: decorator
@inline
export function sumsOf<T>(t: Task, c: u32, j: u32): v128 {
  const at = <usize>c * t.stride + j;
  if (isInteger<T>()) return f64x2.convert_low_i32x4_s(v128.load_zero<u64>(t.sums + (at << 2)));
  const p = t.sums + (at << 3);
  const sums = f64x2.replace_lane(f64x2.splat(<f64>load<i64>(p)), 1, <f64>load<i64>(p, 8));
  return f64x2.div(sums, f64x2.splat(t.fixedPoint));
}
