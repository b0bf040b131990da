/**
 * Packed rows of bytes. A row is cut into groups of eight bytes, and groups of zeros are left out: they add nothing to
 * any product or sum, and over half of an image is often paper. Per segment of 1024 bytes, a packed row holds the number
 * of its other groups, their places in the segment (0..127), and then their bytes.
 */
import { Task } from "./task";

/** Elements of a segment: so many that 32-bit sums of products of a byte and a 16-bit number cannot overflow. */
export const SEGMENT: u32 = 1024;

// @ts-ignore: decorator
@inline
export function packedRow(t: Task, i: u32): usize {
  return load<u32>(t.rowStarts + (<usize>i << 2));
}

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

/** Rows of the staged block, and the address of the first. */
// @ts-ignore: decorator
@inline
function stagedRows(t: Task, block: u32): u32 {
  return min(t.blockRows, t.rows - t.firstStaged - block * t.blockRows);
}

/** Squared length of each staged row, which is an integer, and the packed size of the block. */
export function weighStaged(task: usize, block: u32, worker: u32): void {
  const t = changetype<Task>(task);
  const stride = t.stride;
  const n = stagedRows(t, block);
  const first = t.firstStaged + block * t.blockRows;
  let x = t.staging + <usize>block * t.blockRows * stride;
  let size: u32 = n * ((stride + SEGMENT - 1) / SEGMENT);
  for (let r: u32 = 0; r < n; r++) {
    let total: i64 = 0;
    let count: u32 = 0;
    for (let j: u32 = 0; j < stride; j += SEGMENT) {
      const end = min(j + SEGMENT, stride);
      let s = i32x4.splat(0);
      for (let g = j; g < end; g += 8) {
        const v = v128.load_ext<u8>(x + g);
        s = i32x4.add(s, i32x4.dot_i16x8_s(v, v));
        count += u32(v128.any_true(v));
      }
      total += sumLanes(s);
    }
    store<f64>(t.norms + (<usize>(first + r) << 3), <f64>total);
    size += 9 * count;
    x += stride;
  }
  store<u32>(t.blockStarts + (<usize>block << 2), size + 8);
}

/** Packs the staged rows of a block to the address in blockStarts, and notes where each row lies. */
export function packStaged(task: usize, block: u32, worker: u32): void {
  const t = changetype<Task>(task);
  const stride = t.stride;
  const n = stagedRows(t, block);
  const first = t.firstStaged + block * t.blockRows;
  let x = t.staging + <usize>block * t.blockRows * stride;
  let out: usize = load<u32>(t.blockStarts + (<usize>block << 2));
  for (let r: u32 = 0; r < n; r++) {
    store<u32>(t.rowStarts + (<usize>(first + r) << 2), <u32>out);
    for (let j: u32 = 0; j < stride; j += SEGMENT) {
      const end = min(j + SEGMENT, stride);
      let count: u32 = 0;
      for (let g = j; g < end; g += 8) {
        // Written in any case, and kept by counting on: a branch would be mispredicted at every edge of a stroke.
        store<u8>(out + count + 1, <u8>((g - j) >> 3));
        count += u32(load<u64>(x + g) != 0);
      }
      store<u8>(out, <u8>count);
      const places = out + 1;
      out = places + count;
      for (let p: u32 = 0; p < count; p++) {
        store<u64>(out, load<u64>(x + j + (<u32>load<u8>(places + p) << 3)));
        out += 8;
      }
    }
    x += stride;
  }
}
