/**
 * How near the neighbours that a sample has in a map are to it in its own features: their ranks among all samples.
 */

/** Queries of one block: they share the reading of all samples. */
const LANES: u32 = 4;

@unmanaged
export class RankTask {
  rows: u32; // n
  k: u32; // neighbours in the map
  stride: u32; // floats of a sample, a multiple of 4
  mapStride: u32; // floats of a place in the map, a multiple of 4
  samples: usize; // n x stride, f32
  map: usize; // n x mapStride, f32
  nQueries: u32;
  queries: usize; // nQueries, u32
  neighbors: usize; // nQueries x k, u32: nearest in the map
  distances: usize; // nQueries x k, f32: squared, first in the map, then in the features
  ranks: usize; // nQueries x k, u32: 1 for the nearest of all others
}

/** Ranks, in the features, of the k nearest in the map of four queries; ties go to the lowest index in both. */
export function rankMapNeighbors(task: usize, block: u32, worker: u32): void {
  const t = changetype<RankTask>(task);
  const first = block * LANES;
  const end = min(first + LANES, t.nQueries);
  for (let q = first; q < end; q++) findInMap(t, q);
  const bytes = <usize>t.stride << 2;
  const own0 = t.samples + <usize>queryOf(t, first, end) * bytes;
  const own1 = t.samples + <usize>queryOf(t, first + 1, end) * bytes;
  const own2 = t.samples + <usize>queryOf(t, first + 2, end) * bytes;
  const own3 = t.samples + <usize>queryOf(t, first + 3, end) * bytes;
  for (let q = first; q < end; q++) {
    const row = <usize>q * t.k;
    for (let a: u32 = 0; a < t.k; a++) {
      const other = t.samples + <usize>load<u32>(t.neighbors + ((row + a) << 2)) * bytes;
      const own = t.samples + <usize>queryOf(t, q, end) * bytes;
      store<f32>(t.distances + ((row + a) << 2), f32x4.extract_lane(squaredOfFour(other, own, own, own, own, bytes), 0));
      store<u32>(t.ranks + ((row + a) << 2), 1);
    }
  }
  for (let j: u32 = 0; j < t.rows; j++) {
    const squared = squaredOfFour(t.samples + <usize>j * bytes, own0, own1, own2, own3, bytes);
    count(t, first, j, f32x4.extract_lane(squared, 0));
    if (first + 1 < end) count(t, first + 1, j, f32x4.extract_lane(squared, 1));
    if (first + 2 < end) count(t, first + 2, j, f32x4.extract_lane(squared, 2));
    if (first + 3 < end) count(t, first + 3, j, f32x4.extract_lane(squared, 3));
  }
}

// @ts-ignore: decorator
@inline
function queryOf(t: RankTask, q: u32, end: u32): u32 {
  return load<u32>(t.queries + (<usize>min(q, end - 1) << 2));
}

/** The k nearest in the map by insertion. */
function findInMap(t: RankTask, q: u32): void {
  const i = load<u32>(t.queries + (<usize>q << 2));
  const bytes = <usize>t.mapStride << 2;
  const own = t.map + <usize>i * bytes;
  const neighbors = t.neighbors + ((<usize>q * t.k) << 2);
  const distances = t.distances + ((<usize>q * t.k) << 2);
  let found: u32 = 0;
  for (let j: u32 = 0; j < t.rows; j++) {
    if (j == i) continue;
    let sum = f32x4.splat(0);
    for (let at: usize = 0; at < bytes; at += 16) {
      const d = f32x4.sub(v128.load(own + at), v128.load(t.map + <usize>j * bytes + at));
      sum = f32x4.add(sum, f32x4.mul(d, d));
    }
    const squared = sumLanes(sum);
    if (found == t.k && squared >= load<f32>(distances + (<usize>(found - 1) << 2))) continue;
    let place = found < t.k ? found : found - 1;
    for (; place > 0 && load<f32>(distances + (<usize>(place - 1) << 2)) > squared; place--) {
      store<f32>(distances + (<usize>place << 2), load<f32>(distances + (<usize>(place - 1) << 2)));
      store<u32>(neighbors + (<usize>place << 2), load<u32>(neighbors + (<usize>(place - 1) << 2)));
    }
    store<f32>(distances + (<usize>place << 2), squared);
    store<u32>(neighbors + (<usize>place << 2), j);
    if (found < t.k) found++;
  }
}

/** Adds sample j to the ranks of those neighbours of query q that lie farther off than it. */
// @ts-ignore: decorator
@inline
function count(t: RankTask, q: u32, j: u32, squared: f32): void {
  if (j == load<u32>(t.queries + (<usize>q << 2))) return;
  const row = (<usize>q * t.k) << 2;
  for (let at = row; at < row + (<usize>t.k << 2); at += 4) {
    const limit = load<f32>(t.distances + at);
    const nearer = squared < limit || (squared == limit && j < load<u32>(t.neighbors + at));
    store<u32>(t.ranks + at, load<u32>(t.ranks + at) + u32(nearer));
  }
}

/** Squared distances of one row to four. */
// @ts-ignore: decorator
@inline
function squaredOfFour(row: usize, own0: usize, own1: usize, own2: usize, own3: usize, bytes: usize): v128 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const x = v128.load(row + at);
    const d0 = f32x4.sub(x, v128.load(own0 + at));
    const d1 = f32x4.sub(x, v128.load(own1 + at));
    const d2 = f32x4.sub(x, v128.load(own2 + at));
    const d3 = f32x4.sub(x, v128.load(own3 + at));
    s0 = f32x4.add(s0, f32x4.mul(d0, d0));
    s1 = f32x4.add(s1, f32x4.mul(d1, d1));
    s2 = f32x4.add(s2, f32x4.mul(d2, d2));
    s3 = f32x4.add(s3, f32x4.mul(d3, d3));
  }
  return f32x4.replace_lane(
    f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(sumLanes(s0)), 1, sumLanes(s1)), 2, sumLanes(s2)),
    3,
    sumLanes(s3),
  );
}

// @ts-ignore: decorator
@inline
function sumLanes(s: v128): f32 {
  return (
    f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1) + (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3))
  );
}
