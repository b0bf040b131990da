/**
 * Expectation and maximization of a Gaussian mixture in one pass. Rows are taken 32 at a time, column by column, so that a
 * vector holds the same feature of two rows. With U upper triangular and U U' the inverse of a component's covariance,
 * the squared Mahalanobis distance of x to its mean m is |(x - m) U|^2.
 *
 * Sums belong to groups of rows whose size depends on the data alone, and are added in the order of the groups: any
 * number of threads gives the same bytes. Second moments are taken around the old mean, which the new one hardly leaves
 * when it matters, so that nothing cancels.
 */
import { exponentialOf, logarithmOf } from "./exponential";
import { sumOfTwo } from "./lanes";
import { Task } from "./task";

/** Rows of one tile, and the bytes of a column of it. */
const TILE: u32 = 32;
const COLUMN: usize = 256;

/** Columns of the tile of `rows` rows from `first` on; what is missing to 32 rows and to full vectors is zero. */
function fillTile(t: Task, first: u32, rows: u32, tile: usize): void {
  const d = t.cols;
  memory.fill(tile, 0, <usize>t.mixPadded * COLUMN);
  let x = t.samples + ((<usize>first * t.stride) << 2);
  for (let r: u32 = 0; r < rows; r++) {
    let to = tile + (<usize>r << 3);
    for (let j: u32 = 0; j < d; j++) {
      store<f64>(to, <f64>load<f32>(x + (<usize>j << 2)));
      to += COLUMN;
    }
    x += (<usize>t.stride) << 2;
  }
}

/** Tile less the mean of component c. */
function center(t: Task, c: u32, tile: usize, centered: usize): void {
  const d = t.cols;
  const mean = t.mixMeans + ((<usize>c * d) << 3);
  for (let j: u32 = 0; j < d; j++) {
    const m = v128.load64_splat(mean + (<usize>j << 3));
    const at = <usize>j * COLUMN;
    for (let p: usize = 0; p < COLUMN; p += 16) {
      v128.store(centered + at + p, f64x2.sub(v128.load(tile + at + p), m));
    }
  }
}

/** Squared Mahalanobis distances by a triangular factor, stored in blocks of four columns (`writeBlocked` in src/cluster/gaussian-mixture). */
function squaredTriangular(t: Task, c: u32, centered: usize, squares: usize): void {
  const d = t.cols;
  const padded = t.mixPadded;
  const factors = t.mixFactors + <usize>c * t.mixFactorBytes;
  for (let p: usize = 0; p < COLUMN; p += 32) {
    let q0 = f64x2.splat(0);
    let q1 = f64x2.splat(0);
    let u = factors;
    for (let j: u32 = 0; j < padded; j += 4) {
      let a0 = f64x2.splat(0);
      let a1 = f64x2.splat(0);
      let a2 = f64x2.splat(0);
      let a3 = f64x2.splat(0);
      let b0 = f64x2.splat(0);
      let b1 = f64x2.splat(0);
      let b2 = f64x2.splat(0);
      let b3 = f64x2.splat(0);
      const end = min(j + 4, d);
      let x = centered + p;
      for (let i: u32 = 0; i < end; i++) {
        const x0 = v128.load(x);
        const x1 = v128.load(x, 16);
        const u0 = v128.load64_splat(u);
        const u1 = v128.load64_splat(u, 8);
        const u2 = v128.load64_splat(u, 16);
        const u3 = v128.load64_splat(u, 24);
        a0 = f64x2.add(a0, f64x2.mul(x0, u0));
        b0 = f64x2.add(b0, f64x2.mul(x1, u0));
        a1 = f64x2.add(a1, f64x2.mul(x0, u1));
        b1 = f64x2.add(b1, f64x2.mul(x1, u1));
        a2 = f64x2.add(a2, f64x2.mul(x0, u2));
        b2 = f64x2.add(b2, f64x2.mul(x1, u2));
        a3 = f64x2.add(a3, f64x2.mul(x0, u3));
        b3 = f64x2.add(b3, f64x2.mul(x1, u3));
        x += COLUMN;
        u += 32;
      }
      q0 = f64x2.add(q0, f64x2.add(f64x2.mul(a0, a0), f64x2.mul(a1, a1)));
      q1 = f64x2.add(q1, f64x2.add(f64x2.mul(b0, b0), f64x2.mul(b1, b1)));
      q0 = f64x2.add(q0, f64x2.add(f64x2.mul(a2, a2), f64x2.mul(a3, a3)));
      q1 = f64x2.add(q1, f64x2.add(f64x2.mul(b2, b2), f64x2.mul(b3, b3)));
    }
    v128.store(squares + p, q0);
    v128.store(squares + p, q1, 16);
  }
}

/** The same by a diagonal factor. */
function squaredDiagonal(t: Task, c: u32, centered: usize, squares: usize): void {
  const d = t.cols;
  const factors = t.mixFactors + <usize>c * t.mixFactorBytes;
  memory.fill(squares, 0, COLUMN);
  for (let j: u32 = 0; j < d; j++) {
    const u = v128.load64_splat(factors + (<usize>j << 3));
    const x = centered + <usize>j * COLUMN;
    for (let p: usize = 0; p < COLUMN; p += 16) {
      const y = f64x2.mul(v128.load(x + p), u);
      v128.store(squares + p, f64x2.add(v128.load(squares + p), f64x2.mul(y, y)));
    }
  }
}

/** Turns log densities of the components (k x 32) into responsibilities; gives the sum of the rows' log densities. */
function share(t: Task, first: u32, rows: u32, logs: usize): f64 {
  const k = t.nCenters;
  const end = logs + <usize>k * COLUMN;
  let total: f64 = 0;
  for (let r: u32 = 0; r < TILE; r += 2) {
    const top = logs + (<usize>r << 3);
    let most = v128.load(top);
    for (let at = top + COLUMN; at < end; at += COLUMN) most = f64x2.max(most, v128.load(at));
    let sum = f64x2.splat(0);
    for (let at = top; at < end; at += COLUMN) {
      const part = exponentialOf(f64x2.sub(v128.load(at), most));
      v128.store(at, part);
      sum = f64x2.add(sum, part);
    }
    for (let at = top; at < end; at += COLUMN) v128.store(at, f64x2.div(v128.load(at), sum));
    total += settle(t, first + r, r < rows, top, f64x2.extract_lane(most, 0), f64x2.extract_lane(sum, 0));
    total += settle(t, first + r + 1, r + 1 < rows, top + 8, f64x2.extract_lane(most, 1), f64x2.extract_lane(sum, 1));
  }
  return total;
}

/** Log density of row i, written down where asked for; a row that fills up the tile gets no responsibilities. */
// @ts-ignore: decorator
@inline
function settle(t: Task, i: u32, present: bool, column: usize, most: f64, sum: f64): f64 {
  const k = t.nCenters;
  if (!present) {
    for (let c: u32 = 0; c < k; c++) store<f64>(column + <usize>c * COLUMN, 0);
    return 0;
  }
  const density = most + logarithmOf(sum);
  if (t.mixMoments == 0) describe(t, i, column, density);
  return density;
}

/** Writes label, log density and, where asked for, responsibilities of row i. */
function describe(t: Task, i: u32, column: usize, density: f64): void {
  const k = t.nCenters;
  let best: u32 = 0;
  let most: f64 = -1;
  for (let c: u32 = 0; c < k; c++) {
    const part = load<f64>(column + <usize>c * COLUMN);
    if (part > most) {
      most = part;
      best = c;
    }
    if (t.output != 0) store<f64>(t.output + ((<usize>i * k + c) << 3), part);
  }
  store<i32>(t.labels + (<usize>i << 2), best);
  store<f64>(t.distances + (<usize>i << 3), density);
}

/** Responsibilities that are sure: of the component that a row's label names. */
function shareByLabel(t: Task, first: u32, rows: u32, shares: usize): void {
  memory.fill(shares, 0, <usize>t.nCenters * COLUMN);
  for (let r: u32 = 0; r < rows; r++) {
    const c = load<u32>(t.labels + (<usize>(first + r) << 2));
    store<f64>(shares + <usize>c * COLUMN + (<usize>r << 3), 1);
  }
}

/** Adds to sums[j] the weighted sums of the centered columns, or of their squares. */
function addColumns(t: Task, centered: usize, weights: usize, sums: usize, squared: bool): void {
  const d = t.cols;
  for (let j: u32 = 0; j < d; j++) {
    const x = centered + <usize>j * COLUMN;
    let s = f64x2.splat(0);
    for (let p: usize = 0; p < COLUMN; p += 16) {
      const v = v128.load(x + p);
      const w = f64x2.mul(v128.load(weights + p), v);
      s = f64x2.add(s, squared ? f64x2.mul(w, v) : w);
    }
    const at = sums + (<usize>j << 3);
    store<f64>(at, load<f64>(at) + sumOfTwo(s));
  }
}

// @ts-ignore: decorator
@inline
function addCell(at: usize, s: v128): void {
  store<f64>(at, load<f64>(at) + sumOfTwo(s));
}

/** Adds the weighted products of all pairs of centered columns to sums, padded x padded, at least its lower half. */
function addProducts(t: Task, centered: usize, weights: usize, sums: usize): void {
  const padded = t.mixPadded;
  for (let i: u32 = 0; i < padded; i += 2) {
    const first = centered + <usize>i * COLUMN;
    for (let j: u32 = 0; j <= i + 1; j += 4) {
      const other = centered + <usize>j * COLUMN;
      let a0 = f64x2.splat(0);
      let a1 = f64x2.splat(0);
      let a2 = f64x2.splat(0);
      let a3 = f64x2.splat(0);
      let b0 = f64x2.splat(0);
      let b1 = f64x2.splat(0);
      let b2 = f64x2.splat(0);
      let b3 = f64x2.splat(0);
      for (let p: usize = 0; p < COLUMN; p += 16) {
        const w = v128.load(weights + p);
        const y0 = f64x2.mul(w, v128.load(first + p));
        const y1 = f64x2.mul(w, v128.load(first + p, COLUMN));
        const x0 = v128.load(other + p);
        const x1 = v128.load(other + p, COLUMN);
        const x2 = v128.load(other + p, 2 * COLUMN);
        const x3 = v128.load(other + p, 3 * COLUMN);
        a0 = f64x2.add(a0, f64x2.mul(y0, x0));
        b0 = f64x2.add(b0, f64x2.mul(y1, x0));
        a1 = f64x2.add(a1, f64x2.mul(y0, x1));
        b1 = f64x2.add(b1, f64x2.mul(y1, x1));
        a2 = f64x2.add(a2, f64x2.mul(y0, x2));
        b2 = f64x2.add(b2, f64x2.mul(y1, x2));
        a3 = f64x2.add(a3, f64x2.mul(y0, x3));
        b3 = f64x2.add(b3, f64x2.mul(y1, x3));
      }
      const above = sums + ((<usize>i * padded + j) << 3);
      const below = above + (<usize>padded << 3);
      addCell(above, a0);
      addCell(above + 8, a1);
      addCell(above + 16, a2);
      addCell(above + 24, a3);
      addCell(below, b0);
      addCell(below + 8, b1);
      addCell(below + 16, b2);
      addCell(below + 24, b3);
    }
  }
}

/**
 * Block g: a group of rows. Gives its sum of log densities, and either the weighted moments of each component
 * (mixMoments 1: sizes and sums, 2: squares as well, 3: products as well), or with mixMoments 0 each row's label,
 * log density and, where `output` is set, responsibilities.
 */
export function mixtureFloats(task: usize, group: u32, worker: u32): void {
  const t = changetype<Task>(task);
  const k = t.nCenters;
  const d = t.cols;
  const tile = t.workerScratch + <usize>worker * t.scratchBytes;
  const centered = tile + <usize>t.mixPadded * COLUMN;
  const shares = centered + <usize>t.mixPadded * COLUMN;
  const moments = t.mixMoments;
  const own = t.mixSums + <usize>group * k * t.mixSumBytes;
  if (moments > 0) memory.fill(own, 0, <usize>k * t.mixSumBytes);
  memory.fill(centered, 0, <usize>t.mixPadded * COLUMN);
  const last = min((group + 1) * t.mixGroupRows, t.rows);
  let total: f64 = 0;
  for (let first = group * t.mixGroupRows; first < last; first += TILE) {
    const rows = min(TILE, last - first);
    fillTile(t, first, rows, tile);
    if (t.mixHard != 0) {
      shareByLabel(t, first, rows, shares);
    } else {
      for (let c: u32 = 0; c < k; c++) {
        center(t, c, tile, centered);
        const logs = shares + <usize>c * COLUMN;
        if (t.mixTriangular != 0) squaredTriangular(t, c, centered, logs);
        else squaredDiagonal(t, c, centered, logs);
        const constant = v128.load64_splat(t.mixConstants + (<usize>c << 3));
        for (let p: usize = 0; p < COLUMN; p += 16) {
          const half = f64x2.mul(v128.load(logs + p), f64x2.splat(-0.5));
          v128.store(logs + p, f64x2.add(half, constant));
        }
      }
      total += share(t, first, rows, shares);
    }
    if (moments == 0) continue;
    for (let c: u32 = 0; c < k; c++) {
      const weights = shares + <usize>c * COLUMN;
      const sums = own + <usize>c * t.mixSumBytes;
      let size = f64x2.splat(0);
      for (let p: usize = 0; p < COLUMN; p += 16) size = f64x2.add(size, v128.load(weights + p));
      const n = sumOfTwo(size);
      if (n == 0) continue;
      store<f64>(sums, load<f64>(sums) + n);
      center(t, c, tile, centered);
      addColumns(t, centered, weights, sums + 8, false);
      const second = sums + 8 + (<usize>d << 3);
      if (moments == 2) addColumns(t, centered, weights, second, true);
      if (moments == 3) addProducts(t, centered, weights, second);
    }
  }
  store<f64>(t.mixTotals + (<usize>group << 3), total);
}
