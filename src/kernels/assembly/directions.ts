/**
 * Steps of orthogonal iteration: the scatter matrix X'X of centered rows X, applied to directions without ever being made.
 *
 * A block is four directions, which no other block reads or writes: the result is the same for every number of threads.
 */
import { sumOfFour } from "./lanes";

@unmanaged
export class DirectionTask {
  rows: usize; // n x stride, f32: centered; those behind the last column are zero
  nRows: u32;
  stride: u32; // elements from one row to the next, a multiple of four; the same for directions
  directions: usize; // blocks x 4 x stride, f32
  scattered: usize; // blocks x 4 x stride, f32: X'X applied to each direction
  held: usize; // blocks x 4, f64: sum of the squares of the rows' products with each direction
}

/** Adds `product` times a row to what is scattered. */
// @ts-ignore: decorator
@inline
function addTo(out: usize, product: v128, x: v128): void {
  v128.store(out, f32x4.add(v128.load(out), f32x4.mul(product, x)));
}

function passOver(t: DirectionTask, block: u32, scatter: bool): void {
  const bytes = <usize>t.stride << 2;
  const first = t.directions + ((<usize>block * bytes) << 2);
  const out = t.scattered + ((<usize>block * bytes) << 2);
  const held = t.held + (<usize>block << 5);
  if (scatter) memory.fill(out, 0, bytes << 2);
  memory.fill(held, 0, 32);
  const end = t.rows + <usize>t.nRows * bytes;
  for (let row = t.rows; row < end; row += bytes) {
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let s2 = f32x4.splat(0);
    let s3 = f32x4.splat(0);
    for (let at: usize = 0; at < bytes; at += 16) {
      const x = v128.load(row + at);
      const q = first + at;
      s0 = f32x4.add(s0, f32x4.mul(x, v128.load(q)));
      s1 = f32x4.add(s1, f32x4.mul(x, v128.load(q + bytes)));
      s2 = f32x4.add(s2, f32x4.mul(x, v128.load(q + 2 * bytes)));
      s3 = f32x4.add(s3, f32x4.mul(x, v128.load(q + 3 * bytes)));
    }
    const p0 = sumOfFour(s0);
    const p1 = sumOfFour(s1);
    const p2 = sumOfFour(s2);
    const p3 = sumOfFour(s3);
    store<f64>(held, load<f64>(held) + <f64>p0 * <f64>p0);
    store<f64>(held, load<f64>(held, 8) + <f64>p1 * <f64>p1, 8);
    store<f64>(held, load<f64>(held, 16) + <f64>p2 * <f64>p2, 16);
    store<f64>(held, load<f64>(held, 24) + <f64>p3 * <f64>p3, 24);
    if (!scatter) continue;
    s0 = f32x4.splat(p0);
    s1 = f32x4.splat(p1);
    s2 = f32x4.splat(p2);
    s3 = f32x4.splat(p3);
    for (let at: usize = 0; at < bytes; at += 16) {
      const x = v128.load(row + at);
      const to = out + at;
      addTo(to, s0, x);
      addTo(to + bytes, s1, x);
      addTo(to + 2 * bytes, s2, x);
      addTo(to + 3 * bytes, s3, x);
    }
  }
}

/** Applies the scatter matrix to four directions. */
export function scatterDirections(task: usize, block: u32, worker: u32): void {
  passOver(changetype<DirectionTask>(task), block, true);
}

/** Sums of squared products with four directions alone. */
export function weighDirections(task: usize, block: u32, worker: u32): void {
  passOver(changetype<DirectionTask>(task), block, false);
}
