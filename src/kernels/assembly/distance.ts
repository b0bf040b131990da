/**
 * Squared distances between rows of samples and centers: quickly from rounded centers, and exactly (in double
 * precision, always in the same order of summation) where the quick ones cannot decide.
 *
 * Bytes: |x - c|^2 = |x|^2 - 2 x.c + |c|^2 with c quantized to 16 bits. The dot product is one instruction for
 * eight elements, all terms are integers, and so the distance to the quantized center is exact.
 * Floats: the sum of squared differences, four centers side by side in one vector.
 */
import { QUANTIZATION, Task } from "./task";

/** Elements after which 32-bit sums of products of a byte and a 16-bit number are emptied into 64 bits. */
const SEGMENT: u32 = 1024;

// @ts-ignore: decorator
@inline
function sumLanes(v: v128): i64 {
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

/** Dot product of a row of bytes with a row of 16-bit numbers. */
export function dotBytes(x: usize, q: usize, stride: u32): i64 {
  let total: i64 = 0;
  let j: u32 = 0;
  while (j < stride) {
    const end = min(j + SEGMENT, stride);
    let s0 = i32x4.splat(0);
    let s1 = i32x4.splat(0);
    for (; j < end; j += 16) {
      const p = q + (<usize>j << 1);
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(v128.load_ext<u8>(x + j), v128.load(p)));
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(v128.load_ext<u8>(x + j, 8), v128.load(p, 16)));
    }
    total += sumLanes(s0) + sumLanes(s1);
  }
  return total;
}

/** Quick squared distance of one row to one center. */
// @ts-ignore: decorator
@inline
export function quickSquared<T>(t: Task, i: u32, c: u32): f64 {
  const stride = t.stride;
  if (isInteger<T>()) {
    const dot = dotBytes(t.samples + <usize>i * stride, t.quantized + ((<usize>c * stride) << 1), stride);
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
      high = f64x2.convert_low_i32x4_u(v128.shuffle<i64>(words, words, 1, 0));
    } else {
      const floats = v128.load(t.samples + ((<usize>i * stride + j) << 2));
      low = f64x2.promote_low_f32x4(floats);
      high = f64x2.promote_low_f32x4(v128.shuffle<i64>(floats, floats, 1, 0));
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

/** Quick squared distances of the rows i and m to all centers; centerStride floats each, infinite behind the last center. */
export function quickSquaredOfTwo<T>(t: Task, i: u32, m: u32, outI: usize, outM: usize): void {
  if (isInteger<T>()) {
    bytesOfTwo(t, i, m, outI, outM);
  } else {
    floatsOfTwo(t, i, m, outI, outM);
  }
  for (let c = t.nCenters; c < t.centerStride; c++) {
    store<f32>(outI + (<usize>c << 2), Infinity);
    store<f32>(outM + (<usize>c << 2), Infinity);
  }
}

/** Two rows and four centers at once: each loaded vector serves several products. */
function bytesOfTwo(t: Task, i: u32, m: u32, outI: usize, outM: usize): void {
  const stride = t.stride;
  const k = t.nCenters;
  const x = t.samples + <usize>i * stride;
  const y = t.samples + <usize>m * stride;
  const normX = load<f64>(t.norms + (<usize>i << 3));
  const normY = load<f64>(t.norms + (<usize>m << 3));
  const rowBytes = <usize>stride << 1;
  let c: u32 = 0;
  for (; c + 4 <= k; c += 4) {
    const q0 = t.quantized + <usize>c * rowBytes;
    let x0: i64 = 0;
    let x1: i64 = 0;
    let x2: i64 = 0;
    let x3: i64 = 0;
    let y0: i64 = 0;
    let y1: i64 = 0;
    let y2: i64 = 0;
    let y3: i64 = 0;
    let j: u32 = 0;
    while (j < stride) {
      const end = min(j + SEGMENT, stride);
      let a0 = i32x4.splat(0);
      let a1 = i32x4.splat(0);
      let a2 = i32x4.splat(0);
      let a3 = i32x4.splat(0);
      let b0 = i32x4.splat(0);
      let b1 = i32x4.splat(0);
      let b2 = i32x4.splat(0);
      let b3 = i32x4.splat(0);
      for (; j < end; j += 8) {
        const vx = v128.load_ext<u8>(x + j);
        const vy = v128.load_ext<u8>(y + j);
        let p = q0 + (<usize>j << 1);
        let v = v128.load(p);
        a0 = i32x4.add(a0, i32x4.dot_i16x8_s(vx, v));
        b0 = i32x4.add(b0, i32x4.dot_i16x8_s(vy, v));
        p += rowBytes;
        v = v128.load(p);
        a1 = i32x4.add(a1, i32x4.dot_i16x8_s(vx, v));
        b1 = i32x4.add(b1, i32x4.dot_i16x8_s(vy, v));
        p += rowBytes;
        v = v128.load(p);
        a2 = i32x4.add(a2, i32x4.dot_i16x8_s(vx, v));
        b2 = i32x4.add(b2, i32x4.dot_i16x8_s(vy, v));
        p += rowBytes;
        v = v128.load(p);
        a3 = i32x4.add(a3, i32x4.dot_i16x8_s(vx, v));
        b3 = i32x4.add(b3, i32x4.dot_i16x8_s(vy, v));
      }
      x0 += sumLanes(a0);
      x1 += sumLanes(a1);
      x2 += sumLanes(a2);
      x3 += sumLanes(a3);
      y0 += sumLanes(b0);
      y1 += sumLanes(b1);
      y2 += sumLanes(b2);
      y3 += sumLanes(b3);
    }
    const norms = t.quantizedNorms + (<usize>c << 3);
    const n0 = load<f64>(norms);
    const n1 = load<f64>(norms, 8);
    const n2 = load<f64>(norms, 16);
    const n3 = load<f64>(norms, 24);
    const p = <usize>c << 2;
    store<f32>(outI + p, fromDot(normX, x0, n0));
    store<f32>(outI + p, fromDot(normX, x1, n1), 4);
    store<f32>(outI + p, fromDot(normX, x2, n2), 8);
    store<f32>(outI + p, fromDot(normX, x3, n3), 12);
    store<f32>(outM + p, fromDot(normY, y0, n0));
    store<f32>(outM + p, fromDot(normY, y1, n1), 4);
    store<f32>(outM + p, fromDot(normY, y2, n2), 8);
    store<f32>(outM + p, fromDot(normY, y3, n3), 12);
  }
  for (; c < k; c++) {
    const q = t.quantized + <usize>c * rowBytes;
    const norm = load<f64>(t.quantizedNorms + (<usize>c << 3));
    store<f32>(outI + (<usize>c << 2), fromDot(normX, dotBytes(x, q, stride), norm));
    store<f32>(outM + (<usize>c << 2), fromDot(normY, dotBytes(y, q, stride), norm));
  }
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
