import {
  assign,
  covarianceAt,
  criteria,
  entropyOf,
  type GaussianMixtureFit,
  type GaussianMixtureModel,
  leftOutDensity,
  precisions,
  responsibilities,
  sample,
  steps,
} from "../cluster/gaussian-mixture/index.ts";
import { isByteMatrix, type Matrix, type Samples, sliceRows } from "../matrix/index.ts";
import {
  add,
  atLeast,
  concatenate,
  constant,
  indexOfLeast,
  matrixProduct,
  scale,
  softmax,
  sqrt,
  square,
  sum,
  type Tensor,
  toFloat,
} from "../neural/index.ts";
import { distancesToOwn, squaredDistances } from "./center-distances.ts";
import type { ClusterModel } from "./models.ts";
import { ownShares, shareMargins } from "./shares.ts";
import type {
  Assignment,
  ClustererStage,
  ClusterFit,
  ClusterOptions,
  ClusterStep,
  ClusterTensors,
  LikelihoodScores,
  StageContext,
} from "./stages.ts";

/** Numbers for each image up to which components may have any shape unless told otherwise; beyond, axes follow the features. */
const FULL_COVARIANCE_FEATURES = 64;

/** Rows whose responsibilities are held at once: 65,536 x 200 float64 are 100 MiB. */
const ROWS_PER_BLOCK = 65_536;

/** A Gaussian mixture as the clusterer of a method: an image's cluster is its likeliest component. */
export const gaussianMixtureStage: ClustererStage = {
  defaults: { init: "k-means", maxIterations: 200, tolerance: 1e-5 },
  inits: ["k-means", "k-means++", "random"],
  objective: "meanLogLikelihood",
  steps: mixtureSteps,
  assign: async (model, samples, context) => {
    const { labels, logDensities } = await assign(mixture(model), samples, context);
    return described(mixture(model), samples, labels, logDensities, context);
  },
  margins,
  leftOut,
  centers: (model) => mixture(model).means,
  probabilities: (model, samples, context) => responsibilities(mixture(model), samples, context),
  likelihood,
  covariance: (model, cluster, i, j) => covarianceAt(mixture(model), cluster, i, j),
  draw: (model, cluster, count, seed) => sample(mixture(model), { count, seed, component: cluster }).samples,
  graph,
};

async function* mixtureSteps(
  samples: Samples,
  options: ClusterOptions,
  context: StageContext,
): AsyncGenerator<ClusterStep, ClusterFit, void> {
  const { nClusters, restarts, covariance, init = "k-means", maxIterations, tolerance, seed } = options;
  const covarianceType = covariance ?? (samples.cols <= FULL_COVARIANCE_FEATURES ? "full" : "diagonal");
  const fit = yield* steps(
    samples,
    { nComponents: nClusters, nRestarts: restarts, covarianceType, init, maxIterations, tolerance, seed },
    context,
  );
  return clusterFit(fit, samples, options, context);
}

async function clusterFit(
  fit: GaussianMixtureFit,
  samples: Samples,
  options: ClusterOptions,
  context: StageContext,
): Promise<ClusterFit> {
  const { labels, logDensities, ...model } = fit;
  const assignment = await described(model, samples, labels, logDensities, context);
  let inertia = 0;
  for (const distance of assignment.distances) inertia += distance * distance;
  return {
    model,
    ...assignment,
    inertia,
    converged: fit.converged,
    iterations: fit.iterations,
    history: fit.history.map((step) => step.meanLogLikelihood),
    notices: notices(fit, options),
  };
}

/** Labels and densities, with probabilities of and distances to the own cluster. */
async function described(
  model: GaussianMixtureModel,
  samples: Samples,
  labels: Int32Array,
  logDensities: Float64Array,
  context: StageContext,
): Promise<Assignment> {
  const probabilities = new Float64Array(samples.rows);
  await eachBlock(model, samples, context, (shares, from, rows) => {
    probabilities.set(ownShares(shares, labels.subarray(from, from + rows)), from);
  });
  return { labels, logDensities, probabilities, distances: distancesToOwn(samples, model.means, labels) };
}

function notices({ converged, labels, weights }: GaussianMixtureFit, options: ClusterOptions): string[] {
  const found: string[] = [];
  if (!converged) {
    found.push(
      `The iterations ran out (${options.maxIterations}) while the images still grew likelier: allow more (--max-iterations), or stop earlier (--tolerance).`,
    );
  }
  const empty = weights.length - new Set(labels).size;
  if (empty > 0) {
    found.push(
      `${empty} of the ${weights.length} clusters ${empty === 1 ? "is" : "are"} empty: ${empty === 1 ? "its component is" : "their components are"} the likeliest of no image.`,
    );
  }
  return found;
}

/** Images, at most, whose density without themselves is taken: more change no share that anyone could see. */
const MOST_LEFT_OUT = 10_000;

/** Multiplications that this may take, beyond which it is fewer images, but not below 1,000: some seconds. */
const MOST_PRODUCTS = 2e9;

/** Negative log densities without the image itself; NaN for images that are passed over. */
async function leftOut(model: ClusterModel, samples: Samples): Promise<Float64Array> {
  const { means, settings } = mixture(model);
  const { rows: k, cols: d } = means;
  const products = settings.covarianceType === "full" || settings.covarianceType === "tied" ? d * d : d;
  const affordable = Math.max(1000, Math.floor(MOST_PRODUCTS / (k * products)));
  const step = Math.max(1, Math.ceil(samples.rows / Math.min(MOST_LEFT_OUT, affordable)));
  const unit = isByteMatrix(samples) ? samples.unit : 1;
  const density = leftOutDensity(mixture(model));
  const strangeness = new Float64Array(samples.rows).fill(Number.NaN);
  for (let i = 0; i < samples.rows; i += step) {
    const row = Float64Array.from(samples.data.subarray(i * d, (i + 1) * d), (value) => value * unit);
    strangeness[i] = -density(row);
  }
  return strangeness;
}

/** The probability of an image's cluster less that of the next one. */
async function margins(
  model: ClusterModel,
  samples: Samples,
  labels: Int32Array,
  context: StageContext,
): Promise<Float64Array> {
  const out = new Float64Array(samples.rows);
  await eachBlock(mixture(model), samples, context, (shares, from, rows) => {
    out.set(shareMargins(shares, labels.subarray(from, from + rows)), from);
  });
  return out;
}

async function likelihood(
  model: ClusterModel,
  samples: Samples,
  { logDensities = new Float64Array() }: Assignment,
  context: StageContext,
): Promise<LikelihoodScores> {
  let entropy = 0;
  await eachBlock(mixture(model), samples, context, (shares) => {
    entropy += entropyOf(shares);
  });
  const meanLogLikelihood = logDensities.reduce((total, value) => total + value, 0) / logDensities.length;
  return { meanLogLikelihood, ...criteria(mixture(model), logDensities, entropy) };
}

async function eachBlock(
  model: GaussianMixtureModel,
  samples: Samples,
  context: StageContext,
  take: (shares: Matrix<Float64Array>, from: number, rows: number) => void,
): Promise<void> {
  for (let from = 0; from < samples.rows; from += ROWS_PER_BLOCK) {
    const to = Math.min(from + ROWS_PER_BLOCK, samples.rows);
    take(await responsibilities(model, sliceRows(samples, from, to), context), from, to - from);
  }
}

/** Log densities of all components, each by its own affine map onto a round normal distribution. */
function graph(model: ClusterModel, features: Tensor): ClusterTensors {
  const { means } = mixture(model);
  const { triangular, factors, logPeaks } = precisions(mixture(model));
  const d = means.cols;
  const x = toFloat(features, "float64");
  const squares = Array.from({ length: means.rows }, (_, c): Tensor => {
    const factor = factors[factors.length === 1 ? 0 : c] as Float64Array;
    const centered = add(
      x,
      constant(
        "float64",
        [d],
        means.data.slice(c * d, (c + 1) * d).map((value) => -value),
      ),
    );
    if (triangular) {
      const turned = matrixProduct(centered, constant("float64", [d, d], factor), { transposeB: true });
      return sum(square(turned), [1], true);
    }
    const weights = constant(
      "float64",
      [d, 1],
      factor.map((value) => value * value),
    );
    return matrixProduct(square(centered), weights);
  });
  const constants = logPeaks.map((peak, c) => peak + Math.log(mixture(model).weights[c] as number));
  const logs = add(scale(concatenate(squares, 1), -0.5), constant("float64", [means.rows], constants));
  const distances = sqrt(atLeast(squaredDistances(features, means), 0));
  return { cluster: indexOfLeast(scale(logs, -1), 1), distances, probabilities: softmax(logs) };
}

function mixture(model: ClusterModel): GaussianMixtureModel {
  if (model.kind === "gaussian-mixture") return model;
  throw new TypeError(`a Gaussian mixture was expected; got ${model.kind}`);
}
