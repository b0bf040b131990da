/**
 * Squared distances between rows of samples and centers: quickly from rounded centers, and exactly (in double
 * precision, always in the same order of summation) where the quick ones cannot decide.
 *
 * Bytes: |x - c|^2 = |x|^2 - 2 x.c + |c|^2 with c quantized to 16 bits. The dot product is one instruction for
 * eight elements, all terms are integers, and so the distance to the quantized center is exact. Groups of eight zeros
 * add nothing and are left out: over half of MNIST is such paper.
 * Floats: the sum of squared differences, four centers side by side in one vector.
 */
import { QUANTIZATION, Task } from "./task";

/** Elements after which 32-bit sums of products of a byte and a 16-bit number are emptied into 64 bits. */
export const SEGMENT: u32 = 1024;

/** Bytes of the list of one full segment: the number of its groups, then their places in the segment. */
export const SEGMENT_LIST: u32 = 129;

// @ts-ignore: decorator
@inline
export function sumLanes(v: v128): i64 {
  return (
    <i64>i32x4.extract_lane(v, 0) +
    <i64>i32x4.extract_lane(v, 1) +
    <i64>i32x4.extract_lane(v, 2) +
    <i64>i32x4.extract_lane(v, 3)
  );
}

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
  return t.quantized + ((<usize>(j >> 3) * t.nCenters + c) << 4) + ((j & 7) << 1);
}

/** Dot product of row i of bytes with the quantized center c. */
function dotBytes(t: Task, i: u32, c: u32): i64 {
  const stride = t.stride;
  const groupShift = <usize>t.nCenters << 1;
  let x = t.samples + <usize>i * stride;
  let q = t.quantized + (<usize>c << 4);
  let list = t.groups + <usize>i * t.groupStride;
  let total: i64 = 0;
  for (let j: u32 = 0; j < stride; j += SEGMENT) {
    const end = list + load<u8>(list);
    let s = i32x4.splat(0);
    for (let p = list + 1; p <= end; p++) {
      const group = <usize>load<u8>(p) << 3;
      s = i32x4.add(s, i32x4.dot_i16x8_s(v128.load_ext<u8>(x + group), v128.load(q + group * groupShift)));
    }
    total += sumLanes(s);
    x += SEGMENT;
    q += SEGMENT * groupShift;
    list += SEGMENT_LIST;
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
  const x = t.samples + <usize>i * stride;
  const center = t.centers + ((<usize>c * stride) << 3);
  let list = t.groups + <usize>i * t.groupStride;
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  for (let j: u32 = 0; j < stride; j += SEGMENT) {
    const end = list + load<u8>(list);
    for (let p = list + 1; p <= end; p++) {
      const group = <usize>j + (<usize>load<u8>(p) << 3);
      const words = v128.load_ext<u8>(x + group);
      const low = i32x4.extend_low_i16x8_u(words);
      const high = i32x4.extend_high_i16x8_u(words);
      const q = center + (group << 3);
      s0 = f64x2.add(s0, f64x2.mul(f64x2.convert_low_i32x4_u(low), v128.load(q)));
      s1 = f64x2.add(s1, f64x2.mul(f64x2.convert_low_i32x4_u(upperHalf(low)), v128.load(q, 16)));
      s0 = f64x2.add(s0, f64x2.mul(f64x2.convert_low_i32x4_u(high), v128.load(q, 32)));
      s1 = f64x2.add(s1, f64x2.mul(f64x2.convert_low_i32x4_u(upperHalf(high)), v128.load(q, 48)));
    }
    list += SEGMENT_LIST;
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
// @ts-ignore: decorator
@inline
export function exactSquaredTo<T>(t: Task, i: u32, center: usize): f64 {
  const stride = t.stride;
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  for (let j: u32 = 0; j < stride; j += 4) {
    let low: v128;
    let high: v128;
    if (isInteger<T>()) {
      const words = i32x4.extend_low_i16x8_u(
        i16x8.extend_low_i8x16_u(v128.load_zero<u32>(t.samples + <usize>i * stride + j)),
      );
      low = f64x2.convert_low_i32x4_u(words);
      high = f64x2.convert_low_i32x4_u(upperHalf(words));
    } else {
      const floats = v128.load(t.samples + ((<usize>i * stride + j) << 2));
      low = f64x2.promote_low_f32x4(floats);
      high = f64x2.promote_low_f32x4(upperHalf(floats));
    }
    const p = center + (<usize>j << 3);
    const d0 = f64x2.sub(low, v128.load(p));
    const d1 = f64x2.sub(high, v128.load(p, 16));
    s0 = f64x2.add(s0, f64x2.mul(d0, d0));
    s1 = f64x2.add(s1, f64x2.mul(d1, d1));
  }
  const s = f64x2.add(s0, s1);
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}

/** Quick squared distances of the rows i and m (which may be one) to all centers; centerStride floats each, infinite behind the last center. */
export function quickSquaredOfTwo<T>(t: Task, i: u32, m: u32, outI: usize, outM: usize): void {
  if (isInteger<T>()) {
    bytesOfOne(t, i, outI);
    if (m != i) bytesOfOne(t, m, outM);
  } else {
    floatsOfTwo(t, i, m, outI, outM);
  }
  for (let c = t.nCenters; c < t.centerStride; c++) {
    store<f32>(outI + (<usize>c << 2), Infinity);
    store<f32>(outM + (<usize>c << 2), Infinity);
  }
}

/** Row i and all centers, five at a time: with more, the sums no longer fit into the registers. */
function bytesOfOne(t: Task, i: u32, out: usize): void {
  const k = t.nCenters;
  let c: u32 = 0;
  for (; c + 5 <= k; c += 5) tile5(t, i, c, out + (<usize>c << 2));
  for (; c + 4 <= k; c += 4) tile4(t, i, c, out + (<usize>c << 2));
  for (; c < k; c++) store<f32>(out + (<usize>c << 2), <f32>quickSquared<u8>(t, i, c));
}

/** Row i and 4 neighbouring centers at once: each group of bytes is loaded and widened once. */
function tile4(t: Task, i: u32, c: u32, out: usize): void {
  const stride = t.stride;
  const groupShift = <usize>t.nCenters << 1;
  const norm = load<f64>(t.norms + (<usize>i << 3));
  let x = t.samples + <usize>i * stride;
  let list = t.groups + <usize>i * t.groupStride;
  let q = t.quantized + (<usize>c << 4);
  let d0: i64 = 0;
  let d1: i64 = 0;
  let d2: i64 = 0;
  let d3: i64 = 0;
  for (let j: u32 = 0; j < stride; j += SEGMENT) {
    const end = list + load<u8>(list);
    let s0 = i32x4.splat(0);
    let s1 = i32x4.splat(0);
    let s2 = i32x4.splat(0);
    let s3 = i32x4.splat(0);
    for (let g = list + 1; g <= end; g++) {
      const group = <usize>load<u8>(g) << 3;
      const v = v128.load_ext<u8>(x + group);
      const p = q + group * groupShift;
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v, v128.load(p)));
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(v, v128.load(p, 16)));
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(v, v128.load(p, 32)));
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(v, v128.load(p, 48)));
    }
    d0 += sumLanes(s0);
    d1 += sumLanes(s1);
    d2 += sumLanes(s2);
    d3 += sumLanes(s3);
    x += SEGMENT;
    q += SEGMENT * groupShift;
    list += SEGMENT_LIST;
  }
  const norms = t.quantizedNorms + (<usize>c << 3);
  store<f32>(out, fromDot(norm, d0, load<f64>(norms)));
  store<f32>(out, fromDot(norm, d1, load<f64>(norms, 8)), 4);
  store<f32>(out, fromDot(norm, d2, load<f64>(norms, 16)), 8);
  store<f32>(out, fromDot(norm, d3, load<f64>(norms, 24)), 12);
}

/** Row i and 5 neighbouring centers at once: each group of bytes is loaded and widened once. */
function tile5(t: Task, i: u32, c: u32, out: usize): void {
  const stride = t.stride;
  const groupShift = <usize>t.nCenters << 1;
  const norm = load<f64>(t.norms + (<usize>i << 3));
  let x = t.samples + <usize>i * stride;
  let list = t.groups + <usize>i * t.groupStride;
  let q = t.quantized + (<usize>c << 4);
  let d0: i64 = 0;
  let d1: i64 = 0;
  let d2: i64 = 0;
  let d3: i64 = 0;
  let d4: i64 = 0;
  for (let j: u32 = 0; j < stride; j += SEGMENT) {
    const end = list + load<u8>(list);
    let s0 = i32x4.splat(0);
    let s1 = i32x4.splat(0);
    let s2 = i32x4.splat(0);
    let s3 = i32x4.splat(0);
    let s4 = i32x4.splat(0);
    for (let g = list + 1; g <= end; g++) {
      const group = <usize>load<u8>(g) << 3;
      const v = v128.load_ext<u8>(x + group);
      const p = q + group * groupShift;
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v, v128.load(p)));
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(v, v128.load(p, 16)));
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(v, v128.load(p, 32)));
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(v, v128.load(p, 48)));
      s4 = i32x4.add(s4, i32x4.dot_i16x8_s(v, v128.load(p, 64)));
    }
    d0 += sumLanes(s0);
    d1 += sumLanes(s1);
    d2 += sumLanes(s2);
    d3 += sumLanes(s3);
    d4 += sumLanes(s4);
    x += SEGMENT;
    q += SEGMENT * groupShift;
    list += SEGMENT_LIST;
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
  const columnBytes = <usize>width << 2;
  const d = t.cols;
  const x = t.samples + ((<usize>i * t.stride) << 2);
  const y = t.samples + ((<usize>m * t.stride) << 2);
  let c: u32 = 0;
  for (; c + 8 <= width; c += 8) {
    let a0 = f32x4.splat(0);
    let a1 = f32x4.splat(0);
    let b0 = f32x4.splat(0);
    let b1 = f32x4.splat(0);
    let p = t.transposed + (<usize>c << 2);
    for (let j: usize = 0; j < <usize>d << 2; j += 4) {
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
    const o = <usize>c << 2;
    v128.store(outI + o, a0);
    v128.store(outI + o, a1, 16);
    v128.store(outM + o, b0);
    v128.store(outM + o, b1, 16);
  }
  for (; c < width; c += 4) {
    let a0 = f32x4.splat(0);
    let b0 = f32x4.splat(0);
    let p = t.transposed + (<usize>c << 2);
    for (let j: usize = 0; j < <usize>d << 2; j += 4) {
      const v0 = v128.load(p);
      p += columnBytes;
      const dx0 = f32x4.sub(v128.load_splat<u32>(x + j), v0);
      const dy0 = f32x4.sub(v128.load_splat<u32>(y + j), v0);
      a0 = f32x4.add(a0, f32x4.mul(dx0, dx0));
      b0 = f32x4.add(b0, f32x4.mul(dy0, dy0));
    }
    v128.store(outI + (<usize>c << 2), a0);
    v128.store(outM + (<usize>c << 2), b0);
  }
}
