/** Sums of distances from a few samples to the members of each cluster: what the silhouette is made of. */
import { quickSquaredOfTwo } from "./distance";
import { Task } from "./task";

function sumDistances<T>(t: Task, block: u32, worker: u32): void {
  const k = t.nCenters;
  const first = t.workerScratch + <usize>worker * t.scratchBytes;
  const second = first + (<usize>t.centerStride << 2);
  const nClusters = t.nQueries;
  const end = min((block + 1) * t.blockRows, t.rows);
  const table = t.output + ((<usize>block * k * nClusters) << 3);
  for (let i = block * t.blockRows; i < end; i += 2) {
    const pair = i + 1 < end;
    quickSquaredOfTwo<T>(t, i, pair ? i + 1 : i, first, second);
    add(t, i, first, table, nClusters);
    if (pair) add(t, i + 1, second, table, nClusters);
  }
}

// @ts-ignore: decorator
@inline
function add(t: Task, i: u32, squared: usize, table: usize, nClusters: u32): void {
  const cluster = load<i32>(t.labels + (<usize>i << 2));
  if (cluster < 0) return;
  for (let c: u32 = 0; c < t.nCenters; c++) {
    const cell = table + ((<usize>c * nClusters + cluster) << 3);
    store<f64>(cell, load<f64>(cell) + sqrt(<f64>load<f32>(squared + (<usize>c << 2))));
  }
}

/** Adds to output[block][center][cluster] the distances of the block's samples; nQueries is the number of clusters. */
export function sumDistancesBytes(task: usize, block: u32, worker: u32): void {
  sumDistances<u8>(changetype<Task>(task), block, worker);
}
export function sumDistancesFloats(task: usize, block: u32, worker: u32): void {
  sumDistances<f32>(changetype<Task>(task), block, worker);
}
