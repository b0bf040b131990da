import { assign, type KMeansFit, type KMeansModel, steps, transform } from "../cluster/k-means/index.ts";
import type { MiniBatchKMeansModel } from "../cluster/mini-batch-k-means/index.ts";
import { OptionError } from "../errors.ts";
import { type Matrix, type Samples, sliceRows } from "../matrix/index.ts";
import { atLeast, indexOfLeast, sqrt, type Tensor } from "../neural/index.ts";
import { squaredDistances } from "./center-distances.ts";
import type { ClusterModel } from "./models.ts";
import type {
  ClustererStage,
  ClusterFit,
  ClusterOptions,
  ClusterStep,
  ClusterTensors,
  StageContext,
} from "./stages.ts";

/** Rows whose distances to all centers are held at once: 4096 x 200 float32 are 3 MiB. */
const ROWS_PER_BLOCK = 4096;

/** K-Means as the clusterer of a method. */
export const kMeansStage: ClustererStage = {
  defaults: { init: "k-means++", maxIterations: 300, tolerance: 0 },
  inits: ["k-means++", "random"],
  objective: "inertia",
  steps: kMeansSteps,
  assign: (model, samples, context) => assign(kMeans(model), samples, context),
  ...common(),
};

/** What follows from the centers alone, however they were found. */
export function common(): Pick<ClustererStage, "margins" | "leftOut" | "centers" | "graph"> {
  return {
    margins,
    leftOut: async (_model, _samples, { labels, distances }) => leftOutDistances(labels, distances),
    centers: (model) => kMeans(model).centers,
    graph,
  };
}

async function* kMeansSteps(
  samples: Samples,
  options: ClusterOptions,
  context: StageContext,
): AsyncGenerator<ClusterStep, ClusterFit, void> {
  const { nClusters, seed, restarts, init = "k-means++", maxIterations, tolerance } = options;
  if (init === "k-means") {
    throw new OptionError(
      `K-Means: init must be "k-means++", "random" or centers; got "k-means", from which mixtures start.`,
    );
  }
  const asked = { nClusters, seed, init, maxIterations, tolerance, nRestarts: restarts };
  const fit = yield* steps(samples, asked, context);
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
  found.push(...emptyNotice(fit.sizes));
  const refilled = fit.history.reduce((sum, step) => sum + step.relocated.length, 0);
  if (refilled > 0) {
    const times = refilled === 1 ? "once" : `${refilled} times`;
    found.push(`A cluster ran empty ${times} and was given the image farthest from its center.`);
  }
  return found;
}

/** What to say of clusters without images. */
export function emptyNotice(sizes: Int32Array): readonly string[] {
  const empty = sizes.filter((size) => size === 0).length;
  if (empty === 0) return [];
  return [
    `${empty} of the ${sizes.length} clusters ${empty === 1 ? "is" : "are"} empty: there are not as many different images, or codes, as clusters.`,
  ];
}

/**
 * Distances to the centers that clusters would have without the sample itself: the center of n samples then moves away
 * from it, and the distance d becomes d n / (n - 1). A sample that is alone leaves no center behind: NaN.
 */
export function leftOutDistances(labels: Int32Array, distances: Float64Array): Float64Array {
  const sizes = new Map<number, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  return distances.map((distance, i) => {
    const size = sizes.get(labels[i] as number) as number;
    return size === 1 ? Number.NaN : (distance * size) / (size - 1);
  });
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
    const distances = await transform(kMeans(model), sliceRows(samples, from, to), context);
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

function graph(model: ClusterModel, features: Tensor): ClusterTensors {
  const squares = squaredDistances(features, kMeans(model).centers);
  return { cluster: indexOfLeast(squares, 1), distances: sqrt(atLeast(squares, 0)) };
}

function kMeans(model: ClusterModel): KMeansModel | MiniBatchKMeansModel {
  if (model.kind === "k-means" || model.kind === "mini-batch-k-means") return model;
  throw new TypeError(`a K-Means model was expected; got ${model.kind}`);
}
