/**
 * Assignment with one lower bound for each sample and group of centers (Ding et al. 2015, "Yinyang"). A group is what one
 * tile of a distance kernel computes at once, five centers for bytes and eight for floats: the bounds are as many as the
 * kernels can use, and what a bound lets through costs one call.
 */
import { listDoubts, rowList, scratchOf } from "./assign";
import { eightCenters, fiveCenters, fourCenters, TILE } from "./distance";
import { atLeast, atMost, down, floatAt, nearEnough, nearest, nearestAtMost, othersAtLeast, settle } from "./nearest";
import { Task } from "./task";

// @ts-ignore: decorator
@inline
function groupSize<T>(): u32 {
  return isInteger<T>() ? TILE : 8;
}

/** Quick squared distances of row i to the centers of a group. */
// @ts-ignore: decorator
@inline
function measureGroup<T>(t: Task, i: u32, group: u32, squared: usize): void {
  const c = group * groupSize<T>();
  const out = squared + (<usize>c << 2);
  if (isInteger<T>()) {
    fiveCenters(t, i, c, out);
  } else if (c + 8 <= t.centerStride) {
    eightCenters(t, i, i, c, out, out);
  } else {
    fourCenters(t, i, i, c, out, out);
  }
}

/** Smallest quick squared distance within a group, leaving out one center. */
// @ts-ignore: decorator
@inline
function smallestOf<T>(t: Task, squared: usize, group: u32, without: i32): f32 {
  const first = group * groupSize<T>();
  const end = min(first + groupSize<T>(), t.nPadded);
  let smallest: f32 = Infinity;
  for (let c = first; c < end; c++) {
    const value = floatAt(squared, c);
    if (value < smallest && <i32>c != without) smallest = value;
  }
  return smallest;
}

function reconsider<T>(t: Task, worker: u32, i: u32, own: i32, squared: usize): void {
  const row = t.bounds + ((<usize>i * t.boundStride) << 2);
  const skipped = squared + (<usize>t.centerStride << 2); // the second list: one entry for each group
  const nGroups = (t.nPadded + groupSize<T>() - 1) / groupSize<T>();
  const ownGroup = own >= 0 ? <u32>own / groupSize<T>() : nGroups;
  let upper: f64 = Infinity;
  if (own >= 0) {
    measureGroup<T>(t, i, ownGroup, squared);
    store<u32>(skipped + (<usize>ownGroup << 2), 0);
    upper = atMost(t, smallestOf<T>(t, squared, ownGroup, -1));
  }
  let skippedAtLeast: f64 = Infinity;
  for (let group: u32 = 0; group < nGroups; group++) {
    if (group == ownGroup) continue;
    const bound = <f64>floatAt(row, group) - <f64>floatAt(t.groupMoved, group);
    if (own >= 0 && bound > upper) {
      const first = group * groupSize<T>();
      const end = min(first + groupSize<T>(), t.nPadded);
      for (let c = first; c < end; c++) store<f32>(squared + (<usize>c << 2), Infinity);
      store<u32>(skipped + (<usize>group << 2), 1);
      skippedAtLeast = min(skippedAtLeast, bound);
      continue;
    }
    measureGroup<T>(t, i, group, squared);
    store<u32>(skipped + (<usize>group << 2), 0);
    upper = min(upper, atMost(t, smallestOf<T>(t, squared, group, -1)));
  }
  const best = nearest<T>(t, i, squared, <usize>t.centerStride << 2);
  for (let group: u32 = 0; group < nGroups; group++) {
    if (load<u32>(skipped + (<usize>group << 2))) continue;
    const smallest = smallestOf<T>(t, squared, group, best);
    store<f32>(row + (<usize>group << 2), down(atLeast(t, smallest) + <f64>floatAt(t.groupMoved, group)));
  }
  settle<T>(t, worker, i, best, nearestAtMost, min(skippedAtLeast, othersAtLeast));
}

function startYinyang<T>(t: Task, block: u32, worker: u32): void {
  const end = min((block + 1) * t.blockRows, t.rows);
  const squared = scratchOf(t, worker);
  for (let i = block * t.blockRows; i < end; i++) reconsider<T>(t, worker, i, -1, squared);
}

/** All distances of all samples, kept as bounds: the first pass. */
export function startYinyangBytes(task: usize, block: u32, worker: u32): void {
  startYinyang<u8>(changetype<Task>(task), block, worker);
}
export function startYinyangFloats(task: usize, block: u32, worker: u32): void {
  startYinyang<f32>(changetype<Task>(task), block, worker);
}

function assignYinyang<T>(t: Task, block: u32, worker: u32): void {
  const squared = scratchOf(t, worker);
  const list = rowList(t, squared);
  const n = listDoubts(t, block, list);
  for (let at: u32 = 0; at < n; at++) {
    const i = load<u32>(list + (<usize>at << 2));
    const own = load<i32>(t.labels + (<usize>i << 2));
    if (!nearEnough(t, i, own)) reconsider<T>(t, worker, i, own, squared);
  }
}

/** Samples in doubt get the distances to those groups of centers that their bounds do not exclude. */
export function assignYinyangBytes(task: usize, block: u32, worker: u32): void {
  assignYinyang<u8>(changetype<Task>(task), block, worker);
}
export function assignYinyangFloats(task: usize, block: u32, worker: u32): void {
  assignYinyang<f32>(changetype<Task>(task), block, worker);
}
