/** K-Means as the textbook has it, slow and obvious, in double precision: what the kernels must agree with. */
import { isByteMatrix, type Samples } from "../../../matrix/index.ts";

export interface NaiveResult {
  readonly labels: Int32Array;
  readonly centers: Float64Array;
  readonly iterations: number;
  readonly inertia: number;
}

export function naiveKMeans(samples: Samples, start: Float64Array, maxIterations: number): NaiveResult {
  const { rows, cols } = samples;
  const k = start.length / cols;
  const unit = isByteMatrix(samples) ? samples.unit : 1;
  const values = Float64Array.from(samples.data, (value) => value * unit);
  const centers = start.slice();
  const labels = new Int32Array(rows).fill(-1);
  const squared = (i: number, c: number): number => {
    let sum = 0;
    for (let j = 0; j < cols; j++) {
      sum += ((values[i * cols + j] as number) - (centers[c * cols + j] as number)) ** 2;
    }
    return sum;
  };
  const assign = (): number => {
    let changed = 0;
    for (let i = 0; i < rows; i++) {
      let best = 0;
      for (let c = 1; c < k; c++) if (squared(i, c) < squared(i, best)) best = c;
      if (labels[i] !== best) changed++;
      labels[i] = best;
    }
    return changed;
  };
  let iterations = 0;
  for (let changed = 1; changed > 0 && iterations < maxIterations; iterations++) {
    changed = assign();
    for (let c = 0; c < k; c++) {
      const members = [...labels.keys()].filter((i) => labels[i] === c);
      if (members.length === 0) throw new Error("The naive K-Means knows no empty clusters.");
      for (let j = 0; j < cols; j++) {
        const sum = members.reduce((total, i) => total + (values[i * cols + j] as number), 0);
        centers[c * cols + j] = sum / members.length;
      }
    }
  }
  assign();
  let inertia = 0;
  for (let i = 0; i < rows; i++) inertia += squared(i, labels[i] as number);
  return { labels, centers, iterations, inertia };
}
