import type { Matrix } from "../../../matrix/index.ts";
import type { Neighbors } from "../types.ts";

/** Neighbours of queries among samples by sorting all distances, in double precision. */
export function naiveNeighbors(
  samples: Matrix<Float32Array>,
  queries: Matrix<Float32Array>,
  k: number,
  leaveOutSelf: boolean,
): Neighbors {
  const { cols } = samples;
  const indices = new Int32Array(queries.rows * k);
  const distances = new Float32Array(queries.rows * k);
  for (let q = 0; q < queries.rows; q++) {
    const all: { i: number; squared: number }[] = [];
    for (let i = 0; i < samples.rows; i++) {
      if (leaveOutSelf && i === q) continue;
      let squared = 0;
      for (let c = 0; c < cols; c++) {
        squared += ((samples.data[i * cols + c] as number) - (queries.data[q * cols + c] as number)) ** 2;
      }
      all.push({ i, squared });
    }
    all.sort((a, b) => a.squared - b.squared || a.i - b.i);
    all.slice(0, k).forEach(({ i, squared }, at) => {
      indices[q * k + at] = i;
      distances[q * k + at] = Math.sqrt(squared);
    });
  }
  return { rows: queries.rows, k, indices, distances };
}
