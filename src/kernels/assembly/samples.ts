/** Passes over samples that need no centers, and k-means++ and silhouette, whose centers are samples. */
import { exactSquaredTo, quantizedPlace, quickSquaredOfTwo } from "./distance";
import { packedRow, SEGMENT } from "./packed";
import { account } from "./sums";
import { QUANTIZATION, Task } from "./task";

function accumulate<T>(t: Task, block: u32, worker: u32): void {
  const end = min((block + 1) * t.blockRows, t.rows);
  for (let i = block * t.blockRows; i < end; i++) {
    const c = load<i32>(t.labels + (<usize>i << 2));
    if (c >= 0) account<T>(t, worker, i, c, 1);
  }
}

/** Adds each sample to the sum of the cluster that its label names. */
export function accumulateBytes(task: usize, block: u32, worker: u32): void {
  accumulate<u8>(changetype<Task>(task), block, worker);
}
export function accumulateFloats(task: usize, block: u32, worker: u32): void {
  accumulate<f32>(changetype<Task>(task), block, worker);
}

function scatter<T>(t: Task, block: u32): void {
  const end = min((block + 1) * t.blockRows, t.rows);
  let total: f64 = 0;
  for (let i = block * t.blockRows; i < end; i++) total += exactSquaredTo<T>(t, i, t.mean);
  store<f64>(t.blockTotals + (<usize>block << 3), total);
}

/** Squared distance to the mean, summed over each block. */
export function scatterBytes(task: usize, block: u32, worker: u32): void {
  scatter<u8>(changetype<Task>(task), block);
}
export function scatterFloats(task: usize, block: u32, worker: u32): void {
  scatter<f32>(changetype<Task>(task), block);
}

function adoptedBytes(t: Task, c: u32, i: u32): void {
  const stride = t.stride;
  let center = t.centers + ((<usize>c * stride) << 3);
  let row = packedRow(t, i);
  for (let j: u32 = 0; j < stride; j += SEGMENT) {
    let place = row + 1;
    const end = place + load<u8>(row);
    let x = end;
    const groups = min(SEGMENT, stride - j) >> 3;
    for (let group: u32 = 0; group < groups; group++) {
      const present = place < end && load<u8>(place) == <u8>group;
      const bytes = present ? load<u64>(x) : 0;
      if (present) {
        place++;
        x += 8;
      }
      for (let b: u32 = 0; b < 8; b++) {
        const value = (bytes >> (b << 3)) & 255;
        store<i16>(quantizedPlace(t, c, j + (group << 3) + b), <i16>value * <i16>QUANTIZATION);
        store<f64>(center, <f64>value);
        center += 8;
      }
    }
    row = x;
  }
  const norm = load<f64>(t.norms + (<usize>i << 3)) * QUANTIZATION * QUANTIZATION;
  store<f64>(t.quantizedNorms + (<usize>c << 3), norm);
}

function adoptedFloats(t: Task, c: u32, i: u32): void {
  const x = t.samples + ((<usize>i * t.stride) << 2);
  const center = t.centers + ((<usize>c * t.stride) << 3);
  for (let j: u32 = 0; j < t.cols; j++) {
    const value = load<f32>(x + (<usize>j << 2));
    store<f32>(t.transposed + ((<usize>j * t.centerStride + c) << 2), value);
    store<f64>(center + (<usize>j << 3), <f64>value);
  }
}

/** Block c: center c becomes the sample queries[c]; such a center needs no rounding. */
export function adoptBytes(task: usize, c: u32, worker: u32): void {
  const t = changetype<Task>(task);
  adoptedBytes(t, c, load<u32>(t.queries + (<usize>c << 2)));
}
export function adoptFloats(task: usize, c: u32, worker: u32): void {
  const t = changetype<Task>(task);
  adoptedFloats(t, c, load<u32>(t.queries + (<usize>c << 2)));
}

function weighCandidates<T>(t: Task, block: u32, worker: u32): void {
  const end = min((block + 1) * t.blockRows, t.rows);
  const k = t.nCenters;
  const first = t.workerScratch + <usize>worker * t.scratchBytes;
  const second = first + ((<usize>t.centerStride) << 2);
  const totals = t.candidateTotals + ((<usize>block * k) << 3);
  for (let c: u32 = 0; c < k; c++) store<f64>(totals + (<usize>c << 3), 0);
  for (let i = block * t.blockRows; i < end; i += 2) {
    const pair = i + 1 < end;
    quickSquaredOfTwo<T>(t, i, pair ? i + 1 : i, first, second);
    const near = load<f64>(t.closest + (<usize>i << 3));
    const nearNext = pair ? load<f64>(t.closest + (<usize>i << 3), 8) : 0;
    for (let c: u32 = 0; c < k; c++) {
      const p = totals + (<usize>c << 3);
      const own = min(near, <f64>load<f32>(first + (<usize>c << 2)));
      const next = min(nearNext, <f64>load<f32>(second + (<usize>c << 2)));
      store<f64>(p, load<f64>(p) + own + next);
    }
  }
}

/** For each candidate center: what the squared distances of the block to their nearest center would add up to with it. */
export function weighCandidatesBytes(task: usize, block: u32, worker: u32): void {
  weighCandidates<u8>(changetype<Task>(task), block, worker);
}
export function weighCandidatesFloats(task: usize, block: u32, worker: u32): void {
  weighCandidates<f32>(changetype<Task>(task), block, worker);
}

function takeCandidate<T>(t: Task, block: u32, worker: u32): void {
  const end = min((block + 1) * t.blockRows, t.rows);
  const first = t.workerScratch + <usize>worker * t.scratchBytes;
  const second = first + ((<usize>t.centerStride) << 2);
  let total: f64 = 0;
  for (let i = block * t.blockRows; i < end; i += 2) {
    const pair = i + 1 < end;
    quickSquaredOfTwo<T>(t, i, pair ? i + 1 : i, first, second);
    const p = t.closest + (<usize>i << 3);
    const own = min(load<f64>(p), <f64>load<f32>(first));
    store<f64>(p, own);
    total += own;
    if (pair) {
      const next = min(load<f64>(p, 8), <f64>load<f32>(second));
      store<f64>(p, next, 8);
      total += next;
    }
  }
  store<f64>(t.blockTotals + (<usize>block << 3), total);
}

/** Lowers `closest` to the distance to center 0, the new one, and sums it over each block. */
export function takeCandidateBytes(task: usize, block: u32, worker: u32): void {
  takeCandidate<u8>(changetype<Task>(task), block, worker);
}
export function takeCandidateFloats(task: usize, block: u32, worker: u32): void {
  takeCandidate<f32>(changetype<Task>(task), block, worker);
}

/** Moves staged rows of floats to their place, and notes the largest absolute value of each block; NaN if one is among them. */
export function placeFloats(task: usize, block: u32, worker: u32): void {
  const t = changetype<Task>(task);
  const d = t.cols;
  const n = min(t.blockRows, t.rows - t.firstStaged - block * t.blockRows);
  const first = t.firstStaged + block * t.blockRows;
  let from = t.staging + ((<usize>block * t.blockRows * d) << 2);
  let to = t.samples + ((<usize>first * t.stride) << 2);
  let largest = f32x4.splat(0);
  for (let r: u32 = 0; r < n; r++) {
    let j: u32 = 0;
    for (; j + 4 <= d; j += 4) {
      const v = v128.load(from + (<usize>j << 2));
      v128.store(to + (<usize>j << 2), v);
      largest = f32x4.max(largest, f32x4.abs(v));
    }
    for (; j < d; j++) {
      const value = load<f32>(from + (<usize>j << 2));
      store<f32>(to + (<usize>j << 2), value);
      largest = f32x4.max(largest, f32x4.splat(abs(value)));
    }
    from += <usize>d << 2;
    to += <usize>t.stride << 2;
  }
  const low = max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1));
  const high = max(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3));
  store<f64>(t.blockTotals + (<usize>(first / t.blockRows) << 3), <f64>max(low, high));
}

/** Divides all floats by `unit`, a power of two. */
export function scaleFloats(task: usize, block: u32, worker: u32): void {
  const t = changetype<Task>(task);
  const rowBytes = (<usize>t.stride) << 2;
  const end = t.samples + <usize>min((block + 1) * t.blockRows, t.rows) * rowBytes;
  const factor = f32x4.splat(<f32>(1 / t.unit));
  for (let p = t.samples + <usize>block * t.blockRows * rowBytes; p < end; p += 16) {
    v128.store(p, f32x4.mul(v128.load(p), factor));
  }
}

function distancesToCenters<T>(t: Task, block: u32, worker: u32): void {
  const end = min((block + 1) * t.blockRows, t.rows);
  const k = t.nCenters;
  const first = t.workerScratch + <usize>worker * t.scratchBytes;
  const second = first + ((<usize>t.centerStride) << 2);
  const unit = <f32>t.unit;
  for (let i = block * t.blockRows; i < end; i += 2) {
    const pair = i + 1 < end;
    quickSquaredOfTwo<T>(t, i, pair ? i + 1 : i, first, second);
    for (let c: u32 = 0; c < k; c++) {
      const out = t.output + ((<usize>i * k + c) << 2);
      store<f32>(out, sqrt(load<f32>(first + (<usize>c << 2))) * unit);
      if (pair) store<f32>(out + (<usize>k << 2), sqrt(load<f32>(second + (<usize>c << 2))) * unit);
    }
  }
}

/** output[row][center]: distance of each row to each center, in the caller's units. */
export function distancesToCentersBytes(task: usize, block: u32, worker: u32): void {
  distancesToCenters<u8>(changetype<Task>(task), block, worker);
}
export function distancesToCentersFloats(task: usize, block: u32, worker: u32): void {
  distancesToCenters<f32>(changetype<Task>(task), block, worker);
}
