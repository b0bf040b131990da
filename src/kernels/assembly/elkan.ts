/**
 * Assignment with one lower bound for each sample and center (Elkan 2003): a sample in doubt gets the distances to those
 * centers that neither their own bound nor half their distance to its center excludes.
 */
import { listDoubts, rowList, scratchOf } from "./assign";
import { exactSquared, quickSquared, quickSquaredOfTwo } from "./distance";
import { atLeast, down, FAR, floatAt, lowerUpper, nearEnough, nearest, nearestAtMost, othersAtLeast, othersBound, settle, up } from "./nearest";
import { EXACT, Task } from "./task";

// @ts-ignore: decorator
@inline
function smallestLane(v: v128): f32 {
  return min(
    min(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    min(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

function startElkan<T>(t: Task, block: u32, worker: u32): void {
  const bytes = <usize>t.centerStride << 2;
  const end = min((block + 1) * t.blockRows, t.rows);
  const squared = scratchOf(t, worker);
  for (let i = block * t.blockRows; i < end; i++) {
    quickSquaredOfTwo<T>(t, i, i, squared, squared);
    const best = nearest<T>(t, i, squared, bytes);
    const row = t.bounds + <usize>i * bytes;
    for (let c: u32 = 0; c < t.centerStride; c++) {
      const bound = c < t.nCenters ? down(atLeast(t, floatAt(squared, c)) + <f64>floatAt(t.moved, c)) : Infinity;
      store<f32>(row + (<usize>c << 2), bound);
    }
    settle<T>(t, worker, i, best, nearestAtMost, othersAtLeast);
  }
}

/** All distances of all samples, kept as bounds: the first pass. */
export function startElkanBytes(task: usize, block: u32, worker: u32): void {
  startElkan<u8>(changetype<Task>(task), block, worker);
}
export function startElkanFloats(task: usize, block: u32, worker: u32): void {
  startElkan<f32>(changetype<Task>(task), block, worker);
}

/** Samples in doubt get the distances to those centers that their bounds do not exclude (Elkan). */
function assignElkan<T>(t: Task, block: u32, worker: u32): void {
  const list = rowList(t, scratchOf(t, worker));
  const n = listDoubts(t, block, list);
  for (let at: u32 = 0; at < n; at++) {
    const i = load<u32>(list + (<usize>at << 2));
    const own = load<i32>(t.labels + (<usize>i << 2));
    if (!nearEnough(t, i, own)) reconsider<T>(t, worker, i, own);
  }
}

function reconsider<T>(t: Task, worker: u32, i: u32, own: i32): void {
  const bytes = <usize>t.centerStride << 2;
  const row = t.bounds + <usize>i * bytes;
  const gamma = t.gamma;
  const epsilon = t.epsilon;
  const refresh = t.refresh;
  let best = own;
  const quick = sqrt(quickSquared<T>(t, i, own));
  let upper = quick * (1 + gamma) + epsilon;
  if (upper < othersBound(t, i, own)) {
    lowerUpper(t, i, own, upper);
    return;
  }
  let least = min(quick, FAR) * (1 - gamma) - epsilon;
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
      const low = min(fresh, FAR) * (1 - gamma) - epsilon;
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
  settle<T>(t, worker, i, best, upper, lowestOther(t, row, best, upper));
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
  const lower = min(<f64>smallestLane(lowest), FAR); // infinite where there is no other
  // Two roundings of sums of this size happened on the way.
  return lower - (abs(lower) + upper + <f64>floatAt(t.moved, best)) * 4.8e-7;
}

export function assignElkanBytes(task: usize, block: u32, worker: u32): void {
  assignElkan<u8>(changetype<Task>(task), block, worker);
}
export function assignElkanFloats(task: usize, block: u32, worker: u32): void {
  assignElkan<f32>(changetype<Task>(task), block, worker);
}
