import { assign, type KMeansFit, steps, transform } from "../cluster/k-means/index.ts";
import { isByteMatrix, type Matrix, type Samples } from "../matrix/index.ts";
import {
  add,
  atLeast,
  constant,
  indexOfLeast,
  matrixProduct,
  scale,
  sqrt,
  square,
  sum,
  type Tensor,
  toFloat,
} from "../neural/index.ts";
import type {
  ClustererStage,
  ClusterFit,
  ClusterModel,
  ClusterOptions,
  ClusterStep,
  ClusterTensors,
  StageContext,
} from "./stages.ts";

/** Rows whose distances to all centers are held at once: 4096 x 200 float32 are 3 MiB. */
const ROWS_PER_BLOCK = 4096;

/** K-Means as the clusterer of a method. */
export const kMeansStage: ClustererStage = {
  steps: kMeansSteps,
  assign: (model, samples, context) => assign(model, samples, context),
  margins,
  centers: (model) => model.centers,
  grow,
  graph,
};

async function* kMeansSteps(
  samples: Samples,
  options: ClusterOptions,
  context: StageContext,
): AsyncGenerator<ClusterStep, ClusterFit, void> {
  const { restarts, ...rest } = options;
  const fit = yield* steps(samples, { ...rest, nRestarts: restarts }, context);
  return clusterFit(fit, options);
}

function clusterFit(fit: KMeansFit, options: ClusterOptions): ClusterFit {
  const { labels, distances, ...model } = fit;
  return {
    model,
    labels,
    distances,
    inertia: fit.inertia,
    converged: fit.converged,
    iterations: fit.iterations,
    history: fit.history.map((step) => step.inertia),
    notices: notices(fit, options),
  };
}

function notices(fit: KMeansFit, options: ClusterOptions): string[] {
  const found: string[] = [];
  if (!fit.converged) {
    found.push(
      `The iterations ran out (${options.maxIterations}) while images still changed their cluster: allow more (--max-iterations), or stop earlier (--tolerance).`,
    );
  }
  const empty = fit.sizes.filter((size) => size === 0).length;
  if (empty > 0) {
    found.push(
      `${empty} of the ${fit.sizes.length} clusters ${empty === 1 ? "is" : "are"} empty: there are not as many different images, or codes, as clusters.`,
    );
  }
  const refilled = fit.history.reduce((sum, step) => sum + step.relocated.length, 0);
  if (refilled > 0) {
    const times = refilled === 1 ? "once" : `${refilled} times`;
    found.push(`A cluster ran empty ${times} and was given the image farthest from its center.`);
  }
  return found;
}

/** (second - nearest) / second, from the distances to all centers, a block of rows at a time. */
async function margins(
  model: ClusterModel,
  samples: Samples,
  labels: Int32Array,
  context: StageContext,
): Promise<Float64Array> {
  const out = new Float64Array(samples.rows);
  for (let from = 0; from < samples.rows; from += ROWS_PER_BLOCK) {
    const to = Math.min(from + ROWS_PER_BLOCK, samples.rows);
    const distances = await transform(model, rowsBetween(samples, from, to), context);
    for (let r = from; r < to; r++) out[r] = margin(distances, r - from, labels[r] as number);
  }
  return out;
}

function margin(distances: Matrix<Float32Array>, r: number, own: number): number {
  const { cols, data } = distances;
  let second = Number.POSITIVE_INFINITY;
  for (let c = 0; c < cols; c++) {
    const distance = data[r * cols + c] as number;
    if (c !== own && distance < second) second = distance;
  }
  if (second === Number.POSITIVE_INFINITY) return 1; // a single cluster leaves no doubt
  if (second === 0) return 0;
  // Float32 distances may put the next center a hair before the own one.
  return Math.max(0, (second - (data[r * cols + own] as number)) / second);
}

/** Rows `from` up to, not including, `to`, as a view. */
function rowsBetween(samples: Samples, from: number, to: number): Samples {
  const { cols } = samples;
  const rows = to - from;
  if (isByteMatrix(samples)) return { ...samples, rows, data: samples.data.subarray(from * cols, to * cols) };
  return { rows, cols, data: samples.data.subarray(from * cols, to * cols) };
}

function grow(model: ClusterModel, samples: Samples, distances: Float64Array): Matrix {
  let farthest = 0;
  for (let i = 1; i < distances.length; i++) {
    if ((distances[i] as number) > (distances[farthest] as number)) farthest = i;
  }
  const { rows, cols, data } = model.centers;
  const grown = new Float64Array((rows + 1) * cols);
  grown.set(data);
  const unit = isByteMatrix(samples) ? samples.unit : 1;
  for (let c = 0; c < cols; c++) {
    grown[rows * cols + c] = (samples.data[farthest * cols + c] as number) * unit;
  }
  return { rows: rows + 1, cols, data: grown };
}

/**
 * Squared distances as |x|^2 - 2 x c + |c|^2, both taken from the mean of the centers: in double precision nothing that
 * matters is lost, and a block of images needs no more memory than itself.
 */
function graph(model: ClusterModel, features: Tensor): ClusterTensors {
  const { rows, cols, data } = model.centers;
  const middle = new Float64Array(cols);
  for (let i = 0; i < data.length; i++)
    middle[i % cols] = (middle[i % cols] as number) + (data[i] as number) / rows;
  const centers = Float64Array.from(data, (value, i) => value - (middle[i % cols] as number));
  const lengths = new Float64Array(rows);
  for (let i = 0; i < centers.length; i++) {
    const r = Math.floor(i / cols);
    lengths[r] = (lengths[r] as number) + (centers[i] as number) ** 2;
  }
  const x = add(
    toFloat(features, "float64"),
    constant(
      "float64",
      [cols],
      middle.map((value) => -value),
    ),
  );
  const products = matrixProduct(x, constant("float64", [rows, cols], centers), { transposeB: true });
  const apart = add(scale(products, -2), constant("float64", [rows], lengths));
  const squares = add(apart, sum(square(x), [1], true));
  return { cluster: indexOfLeast(squares, 1), distances: sqrt(atLeast(squares, 0)) };
}
