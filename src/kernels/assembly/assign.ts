/**
 * The assignment pass of K-Means: each sample gets its nearest center, the lowest index among equals, exactly as if
 * all distances had been computed in double precision. Most are not computed at all.
 *
 * Between two passes a center moves by a known distance, so the triangle inequality keeps bounds valid: `upper` on the
 * distance to the own center, `lower` on the distance to all others (Hamerly 2010), `bounds` on the distance to each
 * (Elkan 2003). Where the upper bound lies below the lower one, or below half the distance to the nearest other
 * center, the sample stays. Bounds are stored less the movement of their centers so far, so that a sample which stays
 * is read and never written.
 *
 * Quick distances carry their error: a quick distance q stands for an interval q (1 -+ gamma) -+ epsilon. Only where
 * two intervals overlap is the exact distance taken. Bounds are rounded away from what they bound.
 */
import { exactSquared, quickSquared, quickSquaredOfTwo } from "./distance";
import { account } from "./sums";
import { EXACT, Task } from "./task";

/** Stands for "no other center" in sums, where infinity would become NaN. */
const FAR: f64 = 1e30;

/** Places in workerCounters. */
const CHANGED: usize = 0;
const DOUBTED: usize = 1;
const TIGHTENED: usize = 2;

// @ts-ignore: decorator
@inline
function count(t: Task, worker: u32, what: usize): void {
  const counter = t.workerCounters + (<usize>worker << 6) + (what << 2);
  store<i32>(counter, load<i32>(counter) + 1);
}

/** Rounds to float32, upwards resp. downwards. */
// @ts-ignore: decorator
@inline
function up(value: f64): f32 {
  return <f32>(value + abs(value) * 2.4e-7);
}
// @ts-ignore: decorator
@inline
function down(value: f64): f32 {
  return <f32>(value - abs(value) * 2.4e-7);
}

// @ts-ignore: decorator
@inline
function floatAt(base: usize, index: u32): f32 {
  return load<f32>(base + (<usize>index << 2));
}

// @ts-ignore: decorator
@inline
function smallestLane(v: v128): f32 {
  return min(
    min(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    min(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

/** Gives sample i its cluster and its bounds on the own and on the other centers; all bounds hold for the present centers. */
// @ts-ignore: decorator
@inline
function settle<T>(t: Task, worker: u32, i: u32, was: i32, best: i32, upper: f64, lower: f64): void {
  store<f32>(t.upper + (<usize>i << 2), up(upper - <f64>floatAt(t.moved, best)));
  store<f32>(t.lower + (<usize>i << 2), down(min(lower, FAR) + <f64>floatAt(t.othersMoved, best)));
  if (was == best) return;
  store<i32>(t.labels + (<usize>i << 2), best);
  if (was >= 0) account<T>(t, worker, i, was, -1);
  account<T>(t, worker, i, best, 1);
  count(t, worker, CHANGED);
}

/** Index of the exactly nearest center among those whose quick squared distance is at most `limit`. */
function nearestWithin<T>(t: Task, i: u32, squared: usize, limit: f32): i32 {
  let best = -1;
  let least: f64 = Infinity;
  for (let c: u32 = 0; c < t.nCenters; c++) {
    if (load<f32>(squared + (<usize>c << 2)) > limit) continue;
    const exact = exactSquared<T>(t, i, c);
    if (exact < least) {
      least = exact;
      best = c;
    }
  }
  return best;
}

/** Decides sample i from the quick squared distances to all centers, which stay readable. */
function decide<T>(t: Task, worker: u32, i: u32, squared: usize, keepBounds: bool): void {
  const bytes = <usize>t.centerStride << 2;
  const gamma = t.gamma;
  const epsilon = t.epsilon;

  let least = v128.load(squared);
  for (let p: usize = 16; p < bytes; p += 16) least = f32x4.pmin(least, v128.load(squared + p));
  const smallest = smallestLane(least);

  // Every center whose interval overlaps that of the quick winner is a candidate.
  let upper = sqrt(<f64>smallest) * (1 + gamma) + epsilon;
  const reach = (upper + epsilon) / (1 - gamma);
  const limit = up(reach * reach);
  const limits = f32x4.splat(limit);
  let candidates = 0;
  let best = 0;
  for (let p: usize = 0; p < bytes; p += 16) {
    const mask = i32x4.bitmask(f32x4.le(v128.load(squared + p), limits));
    if (mask) {
      candidates += popcnt(mask);
      best = <i32>(p >> 2) + ctz(mask);
    }
  }
  if (candidates > 1) {
    best = nearestWithin<T>(t, i, squared, limit);
    upper = sqrt(exactSquared<T>(t, i, best)) * (1 + EXACT);
  }

  // The nearest of the others.
  const own = squared + (<usize>best << 2);
  const ownSquared = load<f32>(own);
  store<f32>(own, Infinity);
  let others = v128.load(squared);
  for (let p: usize = 16; p < bytes; p += 16) others = f32x4.pmin(others, v128.load(squared + p));
  store<f32>(own, ownSquared);
  const lower = sqrt(<f64>smallestLane(others)) * (1 - gamma) - epsilon;

  if (keepBounds) {
    const row = t.bounds + <usize>i * bytes;
    for (let c: u32 = 0; c < t.nCenters; c++) {
      const p = <usize>c << 2;
      const bound = sqrt(<f64>load<f32>(squared + p)) * (1 - gamma) - epsilon;
      store<f32>(row + p, down(bound + <f64>load<f32>(t.moved + p)));
    }
    for (let c = t.nCenters; c < t.centerStride; c++) store<f32>(row + (<usize>c << 2), Infinity);
  }
  settle<T>(t, worker, i, load<i32>(t.labels + (<usize>i << 2)), best, upper, lower);
}

function assignAll<T>(t: Task, block: u32, worker: u32, keepBounds: bool): void {
  const end = min((block + 1) * t.blockRows, t.rows);
  const first = t.workerScratch + <usize>worker * t.scratchBytes;
  const second = first + (<usize>t.centerStride << 2);
  for (let i = block * t.blockRows; i < end; i += 2) {
    const next = min(i + 1, end - 1);
    quickSquaredOfTwo<T>(t, i, next, first, second);
    decide<T>(t, worker, i, first, keepBounds);
    if (next != i) decide<T>(t, worker, next, second, keepBounds);
  }
}

/** All distances of all samples (Lloyd). */
export function assignAllBytes(task: usize, block: u32, worker: u32): void {
  assignAll<u8>(changetype<Task>(task), block, worker, false);
}
export function assignAllFloats(task: usize, block: u32, worker: u32): void {
  assignAll<f32>(changetype<Task>(task), block, worker, false);
}

/** All distances of all samples, kept as bounds: Elkan's first pass. */
export function assignAllKeepingBytes(task: usize, block: u32, worker: u32): void {
  assignAll<u8>(changetype<Task>(task), block, worker, true);
}
export function assignAllKeepingFloats(task: usize, block: u32, worker: u32): void {
  assignAll<f32>(changetype<Task>(task), block, worker, true);
}

/** Whether the stored bounds of sample i leave open which center is nearest. */
// @ts-ignore: decorator
@inline
function inDoubt(t: Task, i: u32, own: i32): bool {
  const upper = <f64>floatAt(t.upper, i) + <f64>floatAt(t.moved, own);
  return !(upper < lowerBound(t, i, own));
}

/** No other center can be closer than this. */
// @ts-ignore: decorator
@inline
function lowerBound(t: Task, i: u32, own: i32): f64 {
  return max(<f64>floatAt(t.lower, i) - <f64>floatAt(t.othersMoved, own), <f64>floatAt(t.halfNearest, own));
}

/** Takes a fresh distance to the own center; gives it if the doubt remains, else -1. */
function tighten<T>(t: Task, worker: u32, i: u32, own: i32): f64 {
  const quick = sqrt(quickSquared<T>(t, i, own));
  const upper = quick * (1 + t.gamma) + t.epsilon;
  if (!(upper < lowerBound(t, i, own))) return quick;
  store<f32>(t.upper + (<usize>i << 2), up(upper - <f64>floatAt(t.moved, own)));
  count(t, worker, TIGHTENED);
  return -1;
}

/** Samples in doubt get all distances anew (Hamerly). Pairs of them share the loads of a tile. */
function assignHamerly<T>(t: Task, block: u32, worker: u32): void {
  const end = min((block + 1) * t.blockRows, t.rows);
  const first = t.workerScratch + <usize>worker * t.scratchBytes;
  const second = first + (<usize>t.centerStride << 2);
  let waiting: i32 = -1;
  for (let i = block * t.blockRows; i < end; i++) {
    const own = load<i32>(t.labels + (<usize>i << 2));
    if (!inDoubt(t, i, own)) continue;
    count(t, worker, DOUBTED);
    if (t.tighten && tighten<T>(t, worker, i, own) < 0) continue;
    if (waiting < 0) {
      waiting = i;
      continue;
    }
    quickSquaredOfTwo<T>(t, waiting, i, first, second);
    decide<T>(t, worker, waiting, first, false);
    decide<T>(t, worker, i, second, false);
    waiting = -1;
  }
  if (waiting >= 0) {
    quickSquaredOfTwo<T>(t, waiting, waiting, first, second);
    decide<T>(t, worker, waiting, first, false);
  }
}

export function assignHamerlyBytes(task: usize, block: u32, worker: u32): void {
  assignHamerly<u8>(changetype<Task>(task), block, worker);
}
export function assignHamerlyFloats(task: usize, block: u32, worker: u32): void {
  assignHamerly<f32>(changetype<Task>(task), block, worker);
}

/** Samples in doubt get the distances to those centers that their bounds do not exclude (Elkan). */
function assignElkan<T>(t: Task, block: u32, worker: u32): void {
  const end = min((block + 1) * t.blockRows, t.rows);
  for (let i = block * t.blockRows; i < end; i++) {
    const own = load<i32>(t.labels + (<usize>i << 2));
    if (!inDoubt(t, i, own)) continue;
    const quick = tighten<T>(t, worker, i, own);
    if (quick >= 0) reconsider<T>(t, worker, i, own, quick);
  }
}

function reconsider<T>(t: Task, worker: u32, i: u32, own: i32, quick: f64): void {
  const bytes = <usize>t.centerStride << 2;
  const row = t.bounds + <usize>i * bytes;
  const gamma = t.gamma;
  const epsilon = t.epsilon;
  const refresh = t.refresh;
  let best = own;
  let upper = quick * (1 + gamma) + epsilon;
  let least = quick * (1 - gamma) - epsilon;
  let exact: f64 = -1;
  store<f32>(row + (<usize>own << 2), down(least + <f64>floatAt(t.moved, own)));

  for (let p: usize = 0; p < bytes; p += 16) {
    // A center that is excluded by little is looked at again: its renewed bound will exclude it for longer.
    const bound = f32x4.sub(v128.load(row + p), v128.load(t.moved + p));
    const near = f32x4.le(bound, f32x4.splat(up(upper + refresh)));
    const halves = v128.load(t.halfDistances + <usize>best * bytes + p);
    const half = f32x4.le(halves, f32x4.splat(up(upper + 0.5 * refresh)));
    let mask = i32x4.bitmask(v128.and(near, half));
    while (mask) {
      const c = <i32>(p >> 2) + ctz(mask);
      mask &= mask - 1;
      if (c == best) continue;
      if (<f64>floatAt(t.halfDistances + <usize>best * bytes, c) > upper + 0.5 * refresh) continue;
      const fresh = sqrt(quickSquared<T>(t, i, c));
      const low = fresh * (1 - gamma) - epsilon;
      store<f32>(row + (<usize>c << 2), down(low + <f64>floatAt(t.moved, c)));
      if (low > upper) continue;
      const high = fresh * (1 + gamma) + epsilon;
      if (high < least) {
        best = c;
        upper = high;
        least = low;
        exact = -1;
        continue;
      }
      if (exact < 0) exact = exactSquared<T>(t, i, best);
      const other = exactSquared<T>(t, i, c);
      if (other < exact || (other == exact && c < best)) {
        best = c;
        exact = other;
      }
      const distance = sqrt(exact);
      upper = distance * (1 + EXACT);
      least = distance * (1 - EXACT);
    }
  }
  settle<T>(t, worker, i, own, best, upper, lowestOther(t, row, best, upper));
}

/** Lower bound on the distance to all centers but one: from the bounds of each, and from how far apart the centers lie. */
function lowestOther(t: Task, row: usize, best: i32, upper: f64): f64 {
  const bytes = <usize>t.centerStride << 2;
  const halves = t.halfDistances + <usize>best * bytes;
  const own = row + (<usize>best << 2);
  const ownBound = load<f32>(own);
  store<f32>(own, Infinity);
  const two = f32x4.splat(2 * (1 - 2.4e-7));
  const reach = f32x4.splat(up(upper));
  let lowest = f32x4.splat(Infinity);
  for (let p: usize = 0; p < bytes; p += 16) {
    const stored = f32x4.sub(v128.load(row + p), v128.load(t.moved + p));
    const apart = f32x4.sub(f32x4.mul(v128.load(halves + p), two), reach);
    lowest = f32x4.pmin(lowest, f32x4.max(stored, apart));
  }
  store<f32>(own, ownBound);
  const lower = min(<f64>smallestLane(lowest), FAR);
  // Two roundings of sums of this size happened on the way.
  return lower - (abs(lower) + upper + <f64>floatAt(t.moved, best)) * 4.8e-7;
}

export function assignElkanBytes(task: usize, block: u32, worker: u32): void {
  assignElkan<u8>(changetype<Task>(task), block, worker);
}
export function assignElkanFloats(task: usize, block: u32, worker: u32): void {
  assignElkan<f32>(changetype<Task>(task), block, worker);
}

function relocate<T>(t: Task, worker: u32): void {
  for (let q: u32 = 0; q < t.nQueries; q++) {
    const i = load<i32>(t.queries + (<usize>q << 2));
    const c = load<i32>(t.output + (<usize>q << 2));
    account<T>(t, worker, i, load<i32>(t.labels + (<usize>i << 2)), -1);
    account<T>(t, worker, i, c, 1);
    store<i32>(t.labels + (<usize>i << 2), c);
    store<f32>(t.upper + (<usize>i << 2), Infinity);
    store<f32>(t.lower + (<usize>i << 2), -Infinity);
  }
}

/** One block: sample queries[q] goes to cluster output[q], for all q; its bounds start afresh. */
export function relocateBytes(task: usize, block: u32, worker: u32): void {
  relocate<u8>(changetype<Task>(task), worker);
}
export function relocateFloats(task: usize, block: u32, worker: u32): void {
  relocate<f32>(changetype<Task>(task), worker);
}
