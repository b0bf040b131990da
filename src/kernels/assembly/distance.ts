/**
 * Squared distances between rows of samples and centers: quickly from rounded centers, and exactly (in double
 * precision, always in the same order of summation) where the quick ones cannot decide.
 *
 * Bytes: |x - c|^2 = |x|^2 - 2 x.c + |c|^2 with c quantized to 16 bits. The dot product is one instruction for
 * eight elements, all terms are integers, and so the distance to the quantized center is exact.
 * Floats: the sum of squared differences, four centers side by side in one vector.
 */
import { packedRow, SEGMENT, sumLanes } from "./packed";
import { QUANTIZATION, Task } from "./task";

// @ts-ignore: decorator
@inline
function fromDot(norm: f64, dot: i64, centerNorm: f64): f32 {
  const squared = norm - (2 / QUANTIZATION) * <f64>dot + centerNorm * (1 / (QUANTIZATION * QUANTIZATION));
  return <f32>(squared > 0 ? squared : 0);
}

/** Address of element j of the quantized center c: the same group of all centers lies together. */
// @ts-ignore: decorator
@inline
export function quantizedPlace(t: Task, c: u32, j: u32): usize {
  return t.quantized + ((<usize>(j >> 3) * t.nPadded + c) << 4) + ((j & 7) << 1);
}

/** Dot product of row i of bytes with the quantized center c. */
function dotBytes(t: Task, i: u32, c: u32): i64 {
  const stride = t.stride;
  const groupShift = <usize>t.nPadded << 4;
  let q = t.quantized + (<usize>c << 4);
  let row = packedRow(t, i);
  let total: i64 = 0;
  for (let j: u32 = 0; j < stride; j += SEGMENT) {
    const end = row + 1 + load<u8>(row);
    let x = end;
    let s = i32x4.splat(0);
    for (let place = row + 1; place < end; place++) {
      const p = q + <usize>load<u8>(place) * groupShift;
      s = i32x4.add(s, i32x4.dot_i16x8_s(v128.load_ext<u8>(x), v128.load(p)));
      x += 8;
    }
    total += sumLanes(s);
    q += (SEGMENT >> 3) * groupShift;
    row = x;
  }
  return total;
}

/** Quick squared distance of one row to one center. */
// @ts-ignore: decorator
@inline
export function quickSquared<T>(t: Task, i: u32, c: u32): f64 {
  const stride = t.stride;
  if (isInteger<T>()) {
    const dot = dotBytes(t, i, c);
    return <f64>(
      fromDot(load<f64>(t.norms + (<usize>i << 3)), dot, load<f64>(t.quantizedNorms + (<usize>c << 3)))
    );
  }
  return <f64>(
    squaredFloats(t.samples + ((<usize>i * stride) << 2), t.rounded + ((<usize>c * stride) << 2), stride)
  );
}

/** Squared distance of two rows of floats. */
export function squaredFloats(a: usize, b: usize, stride: u32): f32 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  const bytes = <usize>stride << 2;
  let p: usize = 0;
  for (; p + 64 <= bytes; p += 64) {
    const d0 = f32x4.sub(v128.load(a + p), v128.load(b + p));
    const d1 = f32x4.sub(v128.load(a + p, 16), v128.load(b + p, 16));
    const d2 = f32x4.sub(v128.load(a + p, 32), v128.load(b + p, 32));
    const d3 = f32x4.sub(v128.load(a + p, 48), v128.load(b + p, 48));
    s0 = f32x4.add(s0, f32x4.mul(d0, d0));
    s1 = f32x4.add(s1, f32x4.mul(d1, d1));
    s2 = f32x4.add(s2, f32x4.mul(d2, d2));
    s3 = f32x4.add(s3, f32x4.mul(d3, d3));
  }
  for (; p < bytes; p += 16) {
    const d0 = f32x4.sub(v128.load(a + p), v128.load(b + p));
    s0 = f32x4.add(s0, f32x4.mul(d0, d0));
  }
  const s = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  return (
    f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1) + (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3))
  );
}

/** Squared distance of a row to a center in double precision; the order of summation never changes. */
export function exactSquared<T>(t: Task, i: u32, c: u32): f64 {
  const stride = t.stride;
  const center = t.centers + ((<usize>c * stride) << 3);
  return exactSquaredTo<T>(t, i, center);
}

/**
 * Squared distance of a row to a center, to about 1e-9 of it: for bytes, double precision over the groups that are not
 * zero, and the exact way where the difference of two large numbers would lose too many digits.
 */
export function accurateSquared<T>(t: Task, i: u32, c: u32): f64 {
  if (isInteger<T>()) {
    const norm = load<f64>(t.norms + (<usize>i << 3));
    const squared = norm - 2 * accurateDot(t, i, c) + load<f64>(t.centerNorms + (<usize>c << 3));
    if (squared > 1e-6 * norm) return squared;
  }
  return exactSquared<T>(t, i, c);
}

/** Dot product of row i of bytes with center c in double precision. */
function accurateDot(t: Task, i: u32, c: u32): f64 {
  const stride = t.stride;
  let center = t.centers + ((<usize>c * stride) << 3);
  let row = packedRow(t, i);
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  for (let j: u32 = 0; j < stride; j += SEGMENT) {
    const end = row + 1 + load<u8>(row);
    let x = end;
    for (let place = row + 1; place < end; place++) {
      const words = v128.load_ext<u8>(x);
      const low = i32x4.extend_low_i16x8_u(words);
      const high = i32x4.extend_high_i16x8_u(words);
      const p = center + (<usize>load<u8>(place) << 6);
      s0 = f64x2.add(s0, f64x2.mul(f64x2.convert_low_i32x4_u(low), v128.load(p)));
      s1 = f64x2.add(s1, f64x2.mul(f64x2.convert_low_i32x4_u(upperHalf(low)), v128.load(p, 16)));
      s0 = f64x2.add(s0, f64x2.mul(f64x2.convert_low_i32x4_u(high), v128.load(p, 32)));
      s1 = f64x2.add(s1, f64x2.mul(f64x2.convert_low_i32x4_u(upperHalf(high)), v128.load(p, 48)));
      x += 8;
    }
    center += SEGMENT << 3;
    row = x;
  }
  const s = f64x2.add(s0, s1);
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}

/** The upper two of four 32-bit lanes, as the lower two. */
// @ts-ignore: decorator
@inline
export function upperHalf(v: v128): v128 {
  return v128.shuffle<i64>(v, v, 1, 0);
}

/** As {@link exactSquared}, to any row of doubles. */
export function exactSquaredTo<T>(t: Task, i: u32, center: usize): f64 {
  return isInteger<T>() ? exactBytes(t, i, center) : exactFloats(t, i, center);
}

function exactFloats(t: Task, i: u32, center: usize): f64 {
  let s = f64x2.splat(0);
  const x = t.samples + ((<usize>i * t.stride) << 2);
  for (let j: u32 = 0; j < t.stride; j += 4) {
    const floats = v128.load(x + (<usize>j << 2));
    const p = center + (<usize>j << 3);
    s = f64x2.add(s, squaredDifference(f64x2.promote_low_f32x4(floats), p));
    s = f64x2.add(s, squaredDifference(f64x2.promote_low_f32x4(upperHalf(floats)), p + 16));
  }
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}

/** All groups take part, also those that are zero: here the difference to the center counts, not a product. */
function exactBytes(t: Task, i: u32, center: usize): f64 {
  const stride = t.stride;
  let row = packedRow(t, i);
  let s = f64x2.splat(0);
  for (let j: u32 = 0; j < stride; j += SEGMENT) {
    let place = row + 1;
    const end = place + load<u8>(row);
    let x = end;
    const groups = min(SEGMENT, stride - j) >> 3;
    for (let group: u32 = 0; group < groups; group++) {
      let words = i16x8.splat(0);
      if (place < end && load<u8>(place) == <u8>group) {
        words = v128.load_ext<u8>(x);
        place++;
        x += 8;
      }
      const low = i32x4.extend_low_i16x8_u(words);
      const high = i32x4.extend_high_i16x8_u(words);
      s = f64x2.add(s, squaredDifference(f64x2.convert_low_i32x4_u(low), center));
      s = f64x2.add(s, squaredDifference(f64x2.convert_low_i32x4_u(upperHalf(low)), center + 16));
      s = f64x2.add(s, squaredDifference(f64x2.convert_low_i32x4_u(high), center + 32));
      s = f64x2.add(s, squaredDifference(f64x2.convert_low_i32x4_u(upperHalf(high)), center + 48));
      center += 64;
    }
    row = x;
  }
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}

// @ts-ignore: decorator
@inline
function squaredDifference(values: v128, center: usize): v128 {
  const difference = f64x2.sub(values, v128.load(center));
  return f64x2.mul(difference, difference);
}

/** Quick squared distances of the rows i and m (which may be one) to all centers; centerStride floats each. */
// @ts-ignore: decorator
@inline
export function quickSquaredOfTwo<T>(t: Task, i: u32, m: u32, outI: usize, outM: usize): void {
  if (isInteger<T>()) {
    for (let c: u32 = 0; c < t.nPadded; c += TILE) {
      fiveCenters(t, i, c, outI + (<usize>c << 2));
      if (m != i) fiveCenters(t, m, c, outM + (<usize>c << 2));
    }
  } else {
    floatsOfTwo(t, i, m, outI, outM);
  }
}

/**
 * Centers that a row of bytes is compared with at once: with more, the sums no longer fit into the registers. Behind the
 * last center stand others that are far from everything, up to a multiple of this.
 */
export const TILE: u32 = 5;

/** Row i and five neighbouring centers: each group of bytes is loaded and widened once. */
export function fiveCenters(t: Task, i: u32, c: u32, out: usize): void {
  const stride = t.stride;
  const groupShift = <usize>t.nPadded << 4;
  const norm = load<f64>(t.norms + (<usize>i << 3));
  let row = packedRow(t, i);
  let q = t.quantized + (<usize>c << 4);
  let d0: i64 = 0;
  let d1: i64 = 0;
  let d2: i64 = 0;
  let d3: i64 = 0;
  let d4: i64 = 0;
  for (let j: u32 = 0; j < stride; j += SEGMENT) {
    const end = row + 1 + load<u8>(row);
    let x = end;
    let s0 = i32x4.splat(0);
    let s1 = i32x4.splat(0);
    let s2 = i32x4.splat(0);
    let s3 = i32x4.splat(0);
    let s4 = i32x4.splat(0);
    for (let place = row + 1; place < end; place++) {
      const v = v128.load_ext<u8>(x);
      const p = q + <usize>load<u8>(place) * groupShift;
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v, v128.load(p)));
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(v, v128.load(p, 16)));
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(v, v128.load(p, 32)));
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(v, v128.load(p, 48)));
      s4 = i32x4.add(s4, i32x4.dot_i16x8_s(v, v128.load(p, 64)));
      x += 8;
    }
    d0 += sumLanes(s0);
    d1 += sumLanes(s1);
    d2 += sumLanes(s2);
    d3 += sumLanes(s3);
    d4 += sumLanes(s4);
    q += (SEGMENT >> 3) * groupShift;
    row = x;
  }
  const norms = t.quantizedNorms + (<usize>c << 3);
  store<f32>(out, fromDot(norm, d0, load<f64>(norms)));
  store<f32>(out, fromDot(norm, d1, load<f64>(norms, 8)), 4);
  store<f32>(out, fromDot(norm, d2, load<f64>(norms, 16)), 8);
  store<f32>(out, fromDot(norm, d3, load<f64>(norms, 24)), 12);
  store<f32>(out, fromDot(norm, d4, load<f64>(norms, 32)), 16);
}

/** Two rows and eight (then four) centers at once, down the columns of the transposed centers. */
function floatsOfTwo(t: Task, i: u32, m: u32, outI: usize, outM: usize): void {
  const width = t.centerStride;
  let c: u32 = 0;
  for (; c + 8 <= width; c += 8) eightCenters(t, i, m, c, outI + (<usize>c << 2), outM + (<usize>c << 2));
  if (c < width) fourCenters(t, i, m, c, outI + (<usize>c << 2), outM + (<usize>c << 2));
}

/** Rows i and m of floats, and eight neighbouring centers. */
export function eightCenters(t: Task, i: u32, m: u32, c: u32, outI: usize, outM: usize): void {
  const columnBytes = <usize>t.centerStride << 2;
  const x = t.samples + ((<usize>i * t.stride) << 2);
  const y = t.samples + ((<usize>m * t.stride) << 2);
  const end = <usize>t.cols << 2;
  let p = t.transposed + (<usize>c << 2);
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  for (let j: usize = 0; j < end; j += 4) {
    const vx = v128.load_splat<u32>(x + j);
    const vy = v128.load_splat<u32>(y + j);
    const v0 = v128.load(p);
    const v1 = v128.load(p, 16);
    p += columnBytes;
    const dx0 = f32x4.sub(vx, v0);
    const dy0 = f32x4.sub(vy, v0);
    const dx1 = f32x4.sub(vx, v1);
    const dy1 = f32x4.sub(vy, v1);
    a0 = f32x4.add(a0, f32x4.mul(dx0, dx0));
    b0 = f32x4.add(b0, f32x4.mul(dy0, dy0));
    a1 = f32x4.add(a1, f32x4.mul(dx1, dx1));
    b1 = f32x4.add(b1, f32x4.mul(dy1, dy1));
  }
  v128.store(outI, a0);
  v128.store(outI, a1, 16);
  v128.store(outM, b0);
  v128.store(outM, b1, 16);
}

/** Rows i and m of floats, and four neighbouring centers. */
export function fourCenters(t: Task, i: u32, m: u32, c: u32, outI: usize, outM: usize): void {
  const columnBytes = <usize>t.centerStride << 2;
  const x = t.samples + ((<usize>i * t.stride) << 2);
  const y = t.samples + ((<usize>m * t.stride) << 2);
  const end = <usize>t.cols << 2;
  let p = t.transposed + (<usize>c << 2);
  let a = f32x4.splat(0);
  let b = f32x4.splat(0);
  for (let j: usize = 0; j < end; j += 4) {
    const v = v128.load(p);
    p += columnBytes;
    const dx = f32x4.sub(v128.load_splat<u32>(x + j), v);
    const dy = f32x4.sub(v128.load_splat<u32>(y + j), v);
    a = f32x4.add(a, f32x4.mul(dx, dx));
    b = f32x4.add(b, f32x4.mul(dy, dy));
  }
  v128.store(outI, a);
  v128.store(outM, b);
}
