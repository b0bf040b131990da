/** Passes over samples that need no centers, and k-means++ and silhouette, whose centers are samples. */
import { exactSquaredTo, quantizedPlace, quickSquaredOfTwo, SEGMENT, SEGMENT_LIST, sumLanes } from "./distance";
import { account } from "./sums";
import { QUANTIZATION, Task } from "./task";

/** Squared length of each row of bytes, which is an integer, and the list of its groups that are not all zero. */
export function normsBytes(task: usize, block: u32, worker: u32): void {
  const t = changetype<Task>(task);
  const end = min((block + 1) * t.blockRows, t.rows);
  for (let i = block * t.blockRows; i < end; i++) {
    const x = t.samples + <usize>i * t.stride;
    let list = t.groups + <usize>i * t.groupStride;
    let total: i64 = 0;
    for (let j: u32 = 0; j < t.stride; j += SEGMENT) {
      const stop = min(j + SEGMENT, t.stride);
      let s = i32x4.splat(0);
      let count: u32 = 0;
      for (let g = j; g < stop; g += 8) {
        // Written in any case, and kept by counting on: a branch here would be mispredicted at every edge of a stroke.
        store<u8>(list + count + 1, <u8>((g - j) >> 3));
        count += u32(load<u64>(x + g) != 0);
        const v = v128.load_ext<u8>(x + g);
        s = i32x4.add(s, i32x4.dot_i16x8_s(v, v));
      }
      store<u8>(list, <u8>count);
      list += SEGMENT_LIST;
      total += sumLanes(s);
    }
    store<f64>(t.norms + (<usize>i << 3), <f64>total);
  }
}

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

function adopt<T>(t: Task, c: u32): void {
  const stride = t.stride;
  const i = load<i32>(t.queries + (<usize>c << 2));
  for (let j: u32 = 0; j < stride; j++) {
    const at = <usize>c * stride + j;
    if (isInteger<T>()) {
      const value = load<u8>(t.samples + <usize>i * stride + j);
      store<i16>(quantizedPlace(t, c, j), <i16>value * <i16>QUANTIZATION);
      store<f64>(t.centers + (at << 3), <f64>value);
    } else {
      const value = load<f32>(t.samples + ((<usize>i * stride + j) << 2));
      if (j < t.cols) store<f32>(t.transposed + ((<usize>j * t.centerStride + c) << 2), value);
      store<f64>(t.centers + (at << 3), <f64>value);
    }
  }
  if (isInteger<T>()) {
    const norm = load<f64>(t.norms + (<usize>i << 3)) * QUANTIZATION * QUANTIZATION;
    store<f64>(t.quantizedNorms + (<usize>c << 3), norm);
  }
}

/** Block c: center c becomes the sample queries[c]; such a center needs no rounding. */
export function adoptBytes(task: usize, c: u32, worker: u32): void {
  adopt<u8>(changetype<Task>(task), c);
}
export function adoptFloats(task: usize, c: u32, worker: u32): void {
  adopt<f32>(changetype<Task>(task), c);
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

/** Largest absolute value of each block of floats; NaN if one is among them. */
export function rangeFloats(task: usize, block: u32, worker: u32): void {
  const t = changetype<Task>(task);
  const rowBytes = (<usize>t.stride) << 2;
  const end = t.samples + <usize>min((block + 1) * t.blockRows, t.rows) * rowBytes;
  let largest = f32x4.splat(0);
  for (let p = t.samples + <usize>block * t.blockRows * rowBytes; p < end; p += 16) {
    largest = f32x4.max(largest, f32x4.abs(v128.load(p)));
  }
  const low = max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1));
  const high = max(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3));
  store<f64>(t.blockTotals + (<usize>block << 3), <f64>max(low, high));
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
