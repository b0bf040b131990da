/**
 * The assignment pass of K-Means: each sample gets its nearest center, the lowest index among equals, exactly as if
 * all distances had been computed in double precision. Most are not computed at all.
 *
 * Between two passes a center moves by a known distance, so the triangle inequality keeps bounds valid: `upper` on the
 * distance to the own center, `lower` on the distance to all others (Hamerly 2010). Where the upper bound lies below
 * the lower one, or below half the distance to the nearest other center, the sample stays. Bounds are stored less the
 * movement of their centers so far, and as the gap between them, so that a sample which stays costs one comparison.
 */
import { quickSquared, quickSquaredOfTwo } from "./distance";
import {
  count,
  DOUBTED,
  floatAt,
  forgetBounds,
  lowerUpper,
  nearest,
  nearEnough,
  nearestAtMost,
  othersAtLeast,
  othersBound,
  settle,
  TIGHTENED,
} from "./nearest";
import { account } from "./sums";
import { Task } from "./task";

// @ts-ignore: decorator
@inline
function decide<T>(t: Task, worker: u32, i: u32, squared: usize): void {
  const best = nearest<T>(t, i, squared, <usize>t.centerStride << 2);
  settle<T>(t, worker, i, best, nearestAtMost, othersAtLeast);
}

function assignAll<T>(t: Task, block: u32, worker: u32): void {
  const end = min((block + 1) * t.blockRows, t.rows);
  const first = scratchOf(t, worker);
  const second = first + (<usize>t.centerStride << 2);
  for (let i = block * t.blockRows; i < end; i += 2) {
    const next = min(i + 1, end - 1);
    quickSquaredOfTwo<T>(t, i, next, first, second);
    decide<T>(t, worker, i, first);
    if (next != i) decide<T>(t, worker, next, second);
  }
}

/** Scratch of a worker: two lists of distances, in which what no center fills is infinite, and a list of rows. */
export function scratchOf(t: Task, worker: u32): usize {
  const scratch = t.workerScratch + <usize>worker * t.scratchBytes;
  for (let c = t.nPadded; c < t.centerStride; c++) {
    store<f32>(scratch + (<usize>c << 2), Infinity);
    store<f32>(scratch + (<usize>(t.centerStride + c) << 2), Infinity);
  }
  return scratch;
}

/** The list of rows in a worker's scratch. */
// @ts-ignore: decorator
@inline
export function rowList(t: Task, scratch: usize): usize {
  return scratch + (<usize>t.centerStride << 3);
}

/** Lists the rows of a block whose gap has been used up; gives their number. */
export function listDoubts(t: Task, block: u32, list: usize): u32 {
  const end = min((block + 1) * t.blockRows, t.rows);
  let count: u32 = 0;
  for (let i = block * t.blockRows; i < end; i++) {
    // Written in any case, and kept by counting on: which rows are in doubt is past predicting.
    store<u32>(list + (<usize>count << 2), i);
    const own = load<u32>(t.labels + (<usize>i << 2));
    count += u32(!(floatAt(t.gaps, i) > floatAt(t.drifts, own)));
  }
  return count;
}

/** All distances of all samples (Lloyd). */
export function assignAllBytes(task: usize, block: u32, worker: u32): void {
  assignAll<u8>(changetype<Task>(task), block, worker);
}
export function assignAllFloats(task: usize, block: u32, worker: u32): void {
  assignAll<f32>(changetype<Task>(task), block, worker);
}

/** Takes a fresh distance to the own center; says whether the doubt remains. */
function tighten<T>(t: Task, worker: u32, i: u32, own: i32): bool {
  const upper = sqrt(quickSquared<T>(t, i, own)) * (1 + t.gamma) + t.epsilon;
  if (!(upper < othersBound(t, i, own))) return true;
  lowerUpper(t, i, own, upper);
  count(t, worker, TIGHTENED);
  return false;
}

/** Samples in doubt get all distances anew (Hamerly). Pairs of them share what is loaded of the centers. */
function assignHamerly<T>(t: Task, block: u32, worker: u32): void {
  const first = scratchOf(t, worker);
  const second = first + (<usize>t.centerStride << 2);
  const list = rowList(t, first);
  const n = listDoubts(t, block, list);
  let waiting: i32 = -1;
  for (let at: u32 = 0; at < n; at++) {
    const i = load<u32>(list + (<usize>at << 2));
    const own = load<i32>(t.labels + (<usize>i << 2));
    if (nearEnough(t, i, own)) continue;
    count(t, worker, DOUBTED);
    if (t.tighten && !tighten<T>(t, worker, i, own)) continue;
    if (waiting < 0) {
      waiting = i;
      continue;
    }
    quickSquaredOfTwo<T>(t, waiting, i, first, second);
    decide<T>(t, worker, waiting, first);
    decide<T>(t, worker, i, second);
    waiting = -1;
  }
  if (waiting >= 0) {
    quickSquaredOfTwo<T>(t, waiting, waiting, first, first);
    decide<T>(t, worker, waiting, first);
  }
}

export function assignHamerlyBytes(task: usize, block: u32, worker: u32): void {
  assignHamerly<u8>(changetype<Task>(task), block, worker);
}
export function assignHamerlyFloats(task: usize, block: u32, worker: u32): void {
  assignHamerly<f32>(changetype<Task>(task), block, worker);
}

function relocate<T>(t: Task, worker: u32): void {
  for (let q: u32 = 0; q < t.nQueries; q++) {
    const i = load<i32>(t.queries + (<usize>q << 2));
    const c = load<i32>(t.output + (<usize>q << 2));
    account<T>(t, worker, i, load<i32>(t.labels + (<usize>i << 2)), -1);
    account<T>(t, worker, i, c, 1);
    store<i32>(t.labels + (<usize>i << 2), c);
    forgetBounds(t, i);
  }
}

/** One block: sample queries[q] goes to cluster output[q], for all q; its bounds start afresh. */
export function relocateBytes(task: usize, block: u32, worker: u32): void {
  relocate<u8>(changetype<Task>(task), worker);
}
export function relocateFloats(task: usize, block: u32, worker: u32): void {
  relocate<f32>(changetype<Task>(task), worker);
}
