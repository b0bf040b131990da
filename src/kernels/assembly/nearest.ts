/**
 * The nearest center of a sample, and what the bounds keep of its distances.
 *
 * A quick distance q stands for an interval q (1 -+ gamma) -+ epsilon, which holds the distance that double precision
 * would give. Only where the intervals of several centers overlap is the exact distance taken; the lowest index among
 * equals wins. Bounds are rounded away from what they bound.
 */
import { exactSquared } from "./distance";
import { account } from "./sums";
import { EXACT, Task } from "./task";

/** Places in workerCounters. */
const CHANGED: usize = 0;
export const DOUBTED: usize = 1;
export const TIGHTENED: usize = 2;

/**
 * Nothing is said to be farther than this: a quick squared distance that overflows stands for no more. Samples and the
 * means of samples lie closer together by far.
 */
export const FAR: f64 = 1e19;

// @ts-ignore: decorator
@inline
export function count(t: Task, worker: u32, what: usize): void {
  const counter = t.workerCounters + (<usize>worker << 6) + (what << 2);
  store<i32>(counter, load<i32>(counter) + 1);
}

/** Rounds to float32, upwards resp. downwards. */
// @ts-ignore: decorator
@inline
export function up(value: f64): f32 {
  return <f32>(value + abs(value) * 2.4e-7);
}
// @ts-ignore: decorator
@inline
export function down(value: f64): f32 {
  return <f32>(value - abs(value) * 2.4e-7);
}

// @ts-ignore: decorator
@inline
export function floatAt(base: usize, index: u32): f32 {
  return load<f32>(base + (<usize>index << 2));
}

/** Distance that the sample surely does not lie beyond, resp. closer than, by its quick squared distance. */
// @ts-ignore: decorator
@inline
export function atMost(t: Task, squared: f32): f64 {
  return sqrt(<f64>squared) * (1 + t.gamma) + t.epsilon;
}
// @ts-ignore: decorator
@inline
export function atLeast(t: Task, squared: f32): f64 {
  return min(sqrt(<f64>squared), FAR) * (1 - t.gamma) - t.epsilon;
}

/** Further results of {@link nearest}: bounds on the distance to the nearest center and to all others. */
export let nearestAtMost: f64 = 0;
export let othersAtLeast: f64 = 0;

/** Index of the exactly nearest center by the quick squared distances to all, the length of whose list is in bytes. */
export function nearest<T>(t: Task, i: u32, squared: usize, bytes: usize): i32 {
  // Smallest and second smallest, lane by lane, then across the lanes.
  let smallest = v128.load(squared);
  let second = f32x4.splat(Infinity);
  for (let p: usize = 16; p < bytes; p += 16) {
    const v = v128.load(squared + p);
    second = f32x4.pmin(second, f32x4.pmax(smallest, v));
    smallest = f32x4.pmin(smallest, v);
  }
  let other = v128.shuffle<i64>(smallest, smallest, 1, 0);
  second = f32x4.pmin(f32x4.pmin(second, v128.shuffle<i64>(second, second, 1, 0)), f32x4.pmax(smallest, other));
  smallest = f32x4.pmin(smallest, other);
  other = v128.shuffle<i32>(smallest, smallest, 1, 0, 3, 2);
  second = f32x4.pmin(f32x4.pmin(second, v128.shuffle<i32>(second, second, 1, 0, 3, 2)), f32x4.pmax(smallest, other));
  smallest = f32x4.pmin(smallest, other);

  const least = f32x4.extract_lane(smallest, 0);
  const next = f32x4.extract_lane(second, 0);
  const winner = placeOf(squared, bytes, smallest);
  const upper = atMost(t, least);
  const reach = (upper + t.epsilon) * (1 + 2 * t.gamma);
  const limit = up(reach * reach);
  if (next > limit) {
    nearestAtMost = upper;
    othersAtLeast = atLeast(t, next);
    return winner;
  }
  const best = nearestWithin<T>(t, i, squared, limit);
  nearestAtMost = sqrt(exactSquared<T>(t, i, best)) * (1 + EXACT);
  othersAtLeast = atLeast(t, best == winner ? next : least);
  return best;
}

/** Where the value, which is in all lanes, first stands in the list, which holds it. */
// @ts-ignore: decorator
@inline
function placeOf(list: usize, bytes: usize, value: v128): i32 {
  // The places of sixteen vectors at a time go into one mask: to stop at the right vector is past predicting.
  for (let p: usize = 0; p < bytes; p += 256) {
    const end = min(p + 256, bytes);
    let mask: u64 = 0;
    let place: u64 = 0;
    for (let q = p; q < end; q += 16) {
      mask |= <u64>i32x4.bitmask(f32x4.eq(v128.load(list + q), value)) << place;
      place += 4;
    }
    if (mask) return <i32>(p >> 2) + <i32>ctz(mask);
  }
  return 0;
}

/** Index of the exactly nearest center among those whose quick squared distance is at most `limit`. */
function nearestWithin<T>(t: Task, i: u32, squared: usize, limit: f32): i32 {
  let best = -1;
  let least: f64 = Infinity;
  for (let c: u32 = 0; c < t.nCenters; c++) {
    if (floatAt(squared, c) > limit) continue;
    const exact = exactSquared<T>(t, i, c);
    // The first one in any case: all may be infinitely far from a caller's own centers.
    if (best < 0 || exact < least) {
      least = exact;
      best = c;
    }
  }
  return best;
}

/** Gives sample i its cluster and its bounds on the own and on the other centers; these hold for the present centers. */
// @ts-ignore: decorator
@inline
export function settle<T>(t: Task, worker: u32, i: u32, best: i32, upper: f64, lower: f64): void {
  storeBounds(t, i, best, upper, min(lower, FAR) + <f64>floatAt(t.othersMoved, best));
  const label = t.labels + (<usize>i << 2);
  const was = load<i32>(label);
  if (was == best) return;
  store<i32>(label, best);
  if (was >= 0) account<T>(t, worker, i, was, -1);
  account<T>(t, worker, i, best, 1);
  count(t, worker, CHANGED);
}

// @ts-ignore: decorator
@inline
function storeBounds(t: Task, i: u32, own: i32, upper: f64, storedLower: f64): void {
  const storedUpper = up(upper - <f64>floatAt(t.moved, own));
  store<f32>(t.upper + (<usize>i << 2), storedUpper);
  store<f32>(t.gaps + (<usize>i << 2), down(storedLower - <f64>storedUpper));
}

/** Gives sample i a better upper bound, for the present centers. */
export function lowerUpper(t: Task, i: u32, own: i32, upper: f64): void {
  storeBounds(t, i, own, upper, <f64>floatAt(t.gaps, i) + <f64>floatAt(t.upper, i));
}

/** Lets sample i be in doubt whatever its distances are. */
export function forgetBounds(t: Task, i: u32): void {
  store<f32>(t.upper + (<usize>i << 2), Infinity);
  store<f32>(t.gaps + (<usize>i << 2), -Infinity);
  // The bound on a group leaves out the own center of before, which is now one of the others.
  const row = t.bounds + ((<usize>i * t.boundStride) << 2);
  for (let b: u32 = 0; b < t.boundStride; b++) {
    if (floatAt(row, b) < Infinity) store<f32>(row + (<usize>b << 2), <f32>-FAR);
  }
}

/** Whether sample i lies within half the distance of its center to the next one, so that no other can be nearer. */
// @ts-ignore: decorator
@inline
export function nearEnough(t: Task, i: u32, own: i32): bool {
  return <f64>floatAt(t.upper, i) + <f64>floatAt(t.moved, own) < <f64>floatAt(t.halfNearest, own);
}

/** No other center can be closer than this. */
// @ts-ignore: decorator
@inline
export function othersBound(t: Task, i: u32, own: i32): f64 {
  const storedLower = <f64>floatAt(t.gaps, i) + <f64>floatAt(t.upper, i);
  return max(storedLower - <f64>floatAt(t.othersMoved, own), <f64>floatAt(t.halfNearest, own));
}
