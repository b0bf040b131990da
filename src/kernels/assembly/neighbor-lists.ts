/**
 * The nearest neighbours found so far of each place, and the limits that follow from them.
 *
 * A list is sorted by squared distance in double precision, then by row. A row outside enters it only if its distance is at
 * most that of the last. From that the limits follow: with D the distance of two sketches in steps and T the last squared
 * distance, D <= sqrt(T) / step + slack. Since D^2 = |a|^2 + |b|^2 - 2 a.b, it is a limit to the product a.b - |b|^2 / 2.
 */
import { productOf } from "./neighbor-sketches";
import { FARTHEST, NeighborTask } from "./neighbor-task";

/** 2^-24, half a unit in the last place of a number near 1. */
const HALF_UNIT: f64 = 5.9604644775390625e-8;

/** Pairs that wait for a full look, for each row of a block: place and product, the latter as seen from this row. */
export const PENDING: u32 = 64;

/** Squared distance of two rows of floats in double precision, or any value above `limit` if it is larger than that. */
function squaredFloats(x: usize, y: usize, bytes: usize, limit: f64): f64 {
  let total: f64 = 0;
  for (let at: usize = 0; at < bytes; ) {
    const end = min(at + 256, bytes);
    let even = f64x2.splat(0);
    let odd = f64x2.splat(0);
    for (; at < end; at += 16) {
      const a = v128.load(x + at);
      const b = v128.load(y + at);
      const low = f64x2.sub(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(b));
      const high = f64x2.sub(
        f64x2.promote_low_f32x4(v128.load64_zero(x + at, 8)),
        f64x2.promote_low_f32x4(v128.load64_zero(y + at, 8)),
      );
      even = f64x2.add(even, f64x2.mul(low, low));
      odd = f64x2.add(odd, f64x2.mul(high, high));
    }
    const both = f64x2.add(even, odd);
    total += f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
    if (total > limit) return total;
  }
  return total;
}

/** Whether single precision tells that two rows of floats are farther apart than `limit`, with room for its rounding. */
function clearlyFarther(x: usize, y: usize, bytes: usize, limit: f64): bool {
  // All terms are positive, so that the sum is off by less than one rounding for each byte; and by what underflow may add.
  const bar = <f32>(limit * (1 + <f64>(bytes + 64) * HALF_UNIT) + 1e-36);
  let even = f32x4.splat(0);
  let odd = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; ) {
    const end = min(at + 512, bytes);
    for (; at + 32 <= end; at += 32) {
      const a = f32x4.sub(v128.load(x + at), v128.load(y + at));
      const b = f32x4.sub(v128.load(x + at, 16), v128.load(y + at, 16));
      even = f32x4.add(even, f32x4.mul(a, a));
      odd = f32x4.add(odd, f32x4.mul(b, b));
    }
    if (at < end) {
      const a = f32x4.sub(v128.load(x + at), v128.load(y + at));
      even = f32x4.add(even, f32x4.mul(a, a));
      at += 16;
    }
    const both = f32x4.add(even, odd);
    const sum =
      f32x4.extract_lane(both, 0) + f32x4.extract_lane(both, 1) + f32x4.extract_lane(both, 2) + f32x4.extract_lane(both, 3);
    if (sum > bar) return true;
  }
  return false;
}

/** Squared distance of two rows of bytes, exactly, or any value above `limit` if it is larger than that. */
function squaredBytes(x: usize, y: usize, bytes: usize, limit: f64): f64 {
  let total: f64 = 0;
  for (let at: usize = 0; at < bytes; ) {
    const end = min(at + 512, bytes);
    let low = i32x4.splat(0);
    let high = i32x4.splat(0);
    for (; at < end; at += 16) {
      const a = v128.load(x + at);
      const b = v128.load(y + at);
      const first = i16x8.sub(i16x8.extend_low_i8x16_u(a), i16x8.extend_low_i8x16_u(b));
      const second = i16x8.sub(i16x8.extend_high_i8x16_u(a), i16x8.extend_high_i8x16_u(b));
      low = i32x4.add(low, i32x4.dot_i16x8_s(first, first));
      high = i32x4.add(high, i32x4.dot_i16x8_s(second, second));
    }
    const both = i32x4.add(low, high);
    total += <f64>(
      (i32x4.extract_lane(both, 0) +
        i32x4.extract_lane(both, 1) +
        i32x4.extract_lane(both, 2) +
        i32x4.extract_lane(both, 3))
    );
    if (total > limit) return total;
  }
  return total;
}

/** Sets the limits of a place from the last squared distance of its list. */
export function setLimits(t: NeighborTask, place: u32, last: f64): void {
  const at = <usize>place << 2;
  const norm = load<i32>(t.norms + at);
  const reach = sqrt(last) / t.step + t.slack;
  const squared = reach * reach + 2;
  const farthest = squared < <f64>FARTHEST ? <i32>squared : FARTHEST;
  store<i32>(t.rowLimits + at, ((norm - farthest) >> 1) - 1);
  store<i32>(t.columnLimits + at, (farthest >> 1) + 2);
}

/** Limits that let everything pass, or nothing where there is no row. */
export function clearList(t: NeighborTask, place: u32): void {
  const at = <usize>place << 2;
  store<u32>(t.counts + at, 0);
  if (load<i32>(t.order + at) >= 0) {
    setLimits(t, place, Infinity);
  } else {
    store<i32>(t.rowLimits + at, i32.MAX_VALUE);
    store<i32>(t.columnLimits + at, -(1 << 30));
  }
}

/** Puts a row where it belongs in a list that has room, or whose last entry it precedes. */
function insert(t: NeighborTask, place: u32, squared: f64, row: i32): void {
  const k = t.k;
  const counter = t.counts + (<usize>place << 2);
  const count = load<u32>(counter);
  const squares = t.squares + ((<usize>place * k) << 3);
  const indices = t.indices + ((<usize>place * k) << 2);
  let at = count < k ? count : k - 1;
  for (; at > 0; at--) {
    const before = load<f64>(squares + (<usize>(at - 1) << 3));
    const rowBefore = load<i32>(indices + (<usize>(at - 1) << 2));
    if (before < squared || (before == squared && rowBefore < row)) break;
    store<f64>(squares + (<usize>at << 3), before);
    store<i32>(indices + (<usize>at << 2), rowBefore);
  }
  store<f64>(squares + (<usize>at << 3), squared);
  store<i32>(indices + (<usize>at << 2), row);
  if (count < k) store<u32>(counter, count + 1);
  if (count + 1 >= k) setLimits(t, place, load<f64>(squares + (<usize>(k - 1) << 3)));
}

/** Sorts pairs by rising score. */
function sortPending(pending: usize, count: u32): void {
  for (let i: u32 = 1; i < count; i++) {
    const pair = load<u64>(pending + (<usize>i << 3));
    const score = <i32>(pair >> 32);
    let at = pending + (<usize>i << 3);
    while (at > pending && load<i32>(at - 4) > score) {
      store<u64>(at, load<u64>(at - 8));
      at -= 8;
    }
    store<u64>(at, pair);
  }
}

/**
 * The highest score of a pair that may be near enough, as seen from a place. The lower a score, the nearer: it is the squared
 * distance of the long sketches in steps, or, where there are none, the complement of the product of the sketches.
 */
// @ts-ignore: decorator
@inline
function barOf(t: NeighborTask, place: u32): i32 {
  const at = <usize>place << 2;
  if (t.longWidth == 0) return ~load<i32>(t.rowLimits + at);
  return ((load<i32>(t.columnLimits + at) - 2) << 1) | 1;
}

/**
 * Leaves of pending pairs those that may still be near enough, nearest first: by their long sketches where there are any.
 *
 * @returns how many are left; their products have become scores, to be held against {@link barOf}
 */
function siftPending(t: NeighborTask, o: NeighborTask, place: u32, pending: usize, count: u32): u32 {
  const limit = load<i32>(t.rowLimits + (<usize>place << 2));
  const bar = barOf(t, place);
  const bytes = <usize>t.longWidth << 1;
  const long = t.longs + <usize>place * bytes;
  const norm = bytes == 0 ? 0 : load<i32>(t.longNorms + (<usize>place << 2));
  let left = pending;
  for (let i: u32 = 0; i < count; i++) {
    const other = load<u32>(pending + (<usize>i << 3));
    let score = ~load<i32>(pending + (<usize>i << 3), 4);
    if (score >= ~limit) continue;
    if (bytes != 0) {
      const product = productOf(long, o.longs + <usize>other * bytes, bytes);
      score = norm + load<i32>(o.longNorms + (<usize>other << 2)) - 2 * product;
      if (score > bar) continue;
    }
    store<u32>(left, other);
    store<i32>(left, score, 4);
    left += 8;
  }
  const kept = <u32>((left - pending) >> 3);
  sortPending(pending, kept);
  return kept;
}

/** Compares a place of `t` in full with pending places of `o`, nearest sketches first, until the limit forbids the rest. */
export function lookAtPending<T>(t: NeighborTask, o: NeighborTask, place: u32, pending: usize, count: u32): void {
  const kept = siftPending(t, o, place, pending, count);
  const bytes = <usize>t.stride * sizeof<T>();
  const x = t.rows + <usize>place * bytes;
  const last = t.squares + ((<usize>place * t.k + t.k - 1) << 3);
  for (let i: u32 = 0; i < kept; i++) {
    if (load<i32>(pending + (<usize>i << 3), 4) > barOf(t, place)) return;
    const other = load<u32>(pending + (<usize>i << 3));
    const candidate = load<i32>(o.order + (<usize>other << 2));
    const y = o.rows + <usize>other * bytes;
    const full = load<u32>(t.counts + (<usize>place << 2)) == t.k;
    const limit = full ? load<f64>(last) : Infinity;
    if (!isInteger<T>() && full && clearlyFarther(x, y, bytes, limit)) continue;
    const squared = isInteger<T>() ? squaredBytes(x, y, bytes, limit) : squaredFloats(x, y, bytes, limit);
    if (squared > limit) continue;
    if (full && squared == limit && candidate > load<i32>(t.indices + ((<usize>place * t.k + t.k - 1) << 2))) continue;
    insert(t, place, squared, candidate);
  }
}
