/**
 * Gaussian mixtures: each sample is drawn from one of k normal distributions, which one nobody has noted. Expectation and
 * maximization raise the likelihood of the samples from start to finish (Dempster, Laird and Rubin 1977): responsibilities
 * of the components for each sample, r = weight N(x | mean, covariance) / sum over the components; then weights, means
 * and covariances of the samples weighted by them. Densities are added as logarithms; covariances enter by their
 * Cholesky factors.
 */
import { drain, type RunContext, throwIfCancelled } from "../../estimator.ts";
import { computeOf } from "../../kernels/index.ts";
import { checkFeatures, type Matrix, type Samples } from "../../matrix/index.ts";
import { createRandom, type Random } from "../../random/index.ts";
import * as kMeans from "../k-means/index.ts";
import { checkGaussianMixtureOptions } from "./options.ts";
import { nearestMeans, roundCovariances } from "./parameters.ts";
import { expected, iterate, maximizedFor, openSession, type Session, shares } from "./session.ts";
import type {
  GaussianMixtureFit,
  GaussianMixtureModel,
  GaussianMixtureOptions,
  GaussianMixtureStep,
  GaussianMixtureTrace,
  MixtureAssignment,
  MixtureParameters,
} from "./types.ts";

/**
 * Fits a mixture of `nComponents` normal distributions.
 *
 * @param samples nSamples x nFeatures, finite
 * @returns the model, with labels and log densities of the samples; the same bytes on any number of threads
 * @throws {OptionError} for an option out of range
 * @throws {InputError} for samples of no use
 * @throws {NumericalError} if a component collapses where `covarianceRegularization` is too small to hold it
 * @throws {CancelledError} if `context.signal` fires
 *
 * Time O(iterations x nSamples x nComponents x nFeatures^2), without the square for diagonal and spherical covariances.
 */
export function fit(
  samples: Samples,
  options: GaussianMixtureOptions,
  context: RunContext<GaussianMixtureStep> = {},
): Promise<GaussianMixtureFit> {
  return drain(steps(samples, options, context), context.onProgress);
}

/** As {@link fit}, one iteration at a time; what the generator returns is the fit. */
export async function* steps(
  samples: Samples,
  options: GaussianMixtureOptions,
  context: RunContext<GaussianMixtureStep> = {},
): AsyncGenerator<GaussianMixtureStep, GaussianMixtureFit, void> {
  const where = "gaussianMixture.fit";
  const settings = checkGaussianMixtureOptions(options, samples);
  throwIfCancelled(where, context.signal);
  const session = await openSession(where, computeOf(context.compute), samples, settings, context.signal);
  try {
    const root = createRandom(settings.seed).stream("gaussian-mixture");
    let best: GaussianMixtureFit | undefined;
    for (let restart = 0; restart < settings.nRestarts; restart++) {
      const start = await firstParameters(session, samples, root.stream("start", restart), context);
      const fitted = yield* oneStart(session, start, restart);
      if (best === undefined || fitted.meanLogLikelihood > best.meanLogLikelihood) best = fitted;
    }
    return best as GaussianMixtureFit;
  } finally {
    session.loaded.release();
  }
}

/**
 * One start of {@link fit}, with a look at the components before its first iteration and after each: for teaching, and for
 * few samples, as each look is an expectation of its own.
 *
 * @param options of which `nRestarts` is not heeded
 * @returns whether it converged
 */
export async function* trace(
  samples: Samples,
  options: GaussianMixtureOptions,
  context: Pick<RunContext, "signal" | "compute"> = {},
): AsyncGenerator<GaussianMixtureTrace, boolean, void> {
  const where = "gaussianMixture.fit";
  const settings = checkGaussianMixtureOptions(options, samples);
  throwIfCancelled(where, context.signal);
  const session = await openSession(where, computeOf(context.compute), samples, settings, context.signal);
  try {
    const random = createRandom(settings.seed).stream("gaussian-mixture").stream("start", 0);
    const start = await firstParameters(session, samples, random, context);
    const look = async (iteration: number, parameters: MixtureParameters): Promise<GaussianMixtureTrace> => {
      const { labels, meanLogLikelihood } = await expected(session, parameters);
      return { iteration, ...parameters, labels, meanLogLikelihood };
    };
    yield await look(0, start);
    const steps = walkStart(session, start, 0);
    let next = await steps.next();
    while (!next.done) {
      yield await look(next.value.step.iteration, next.value.parameters);
      next = await steps.next();
    }
    return next.value.converged;
  } finally {
    session.loaded.release();
  }
}

/** Iterations of K-Means that give the first components: all, or one from the points themselves. */
const kMeansIterations = { "k-means": 300, "k-means++": 1, random: 1 } as const;

async function firstParameters(
  session: Session,
  samples: Samples,
  random: Random,
  { compute, signal }: Pick<RunContext, "signal" | "compute">,
): Promise<MixtureParameters> {
  const { init, nComponents: k, covarianceType, covarianceRegularization } = session.settings;
  if (typeof init !== "string" && "means" in init) return init;
  let labels: Int32Array;
  let means: Matrix;
  if (typeof init === "string") {
    const maxIterations = kMeansIterations[init];
    const seed = random.uint32();
    const points = init === "random" ? "random" : "k-means++";
    const clusters = await kMeans.fit(
      samples,
      { nClusters: k, init: points, maxIterations, seed },
      { compute, signal },
    );
    ({ labels, centers: means } = clusters);
  } else {
    means = init;
    ({ labels } = await expected(session, nearestMeans(init, covarianceType)));
  }
  const { rows, cols } = means;
  const start: MixtureParameters = {
    weights: new Float64Array(k).fill(1 / k),
    means: { rows, cols, data: Float64Array.from(means.data) },
    // Of components that no sample is nearest to.
    covariances: roundCovariances(covarianceType, rows, cols, covarianceRegularization),
  };
  return maximizedFor(session, labels, start);
}

async function* oneStart(
  session: Session,
  start: MixtureParameters,
  restart: number,
): AsyncGenerator<GaussianMixtureStep, GaussianMixtureFit, void> {
  const { settings, loaded } = session;
  const steps = walkStart(session, start, restart);
  let next = await steps.next();
  while (!next.done) {
    yield next.value.step;
    next = await steps.next();
  }
  const { parameters, history, converged } = next.value;
  const assignment = await expected(session, parameters);
  return {
    kind: "gaussian-mixture",
    settings,
    ...parameters,
    nSamples: loaded.rows,
    iterations: history.length,
    converged,
    restart,
    history,
    ...assignment,
  };
}

/** Iterations of one start, each with the parameters that it gave. */
async function* walkStart(
  session: Session,
  start: MixtureParameters,
  restart: number,
): AsyncGenerator<
  { readonly step: GaussianMixtureStep; readonly parameters: MixtureParameters },
  {
    readonly parameters: MixtureParameters;
    readonly history: readonly GaussianMixtureStep[];
    readonly converged: boolean;
  },
  void
> {
  const { settings } = session;
  const history: GaussianMixtureStep[] = [];
  let parameters = start;
  let converged = false;
  for (let iteration = 1; iteration <= settings.maxIterations && !converged; iteration++) {
    const next = await iterate(session, parameters);
    const { meanLogLikelihood } = next;
    parameters = next.parameters;
    const before = history.at(-1)?.meanLogLikelihood;
    const step = { restart, iteration, meanLogLikelihood };
    history.push(step);
    yield { step, parameters };
    converged =
      before !== undefined &&
      meanLogLikelihood - before <= settings.tolerance * Math.max(1, Math.abs(before));
  }
  return { parameters, history, converged };
}

/**
 * The likeliest component of each sample, the lowest index among equals, and the natural log of the sample's density.
 *
 * @param samples nSamples x nFeatures, in the units of the samples that the model was fitted to
 * @throws {OptionError} if they have another number of features
 */
export async function assign(
  model: GaussianMixtureModel,
  samples: Samples,
  context: RunContext = {},
): Promise<MixtureAssignment> {
  return withModel("gaussianMixture.predict", model, samples, context, async (session) => {
    const { labels, logDensities } = await expected(session, model);
    return { labels, logDensities };
  });
}

/** The likeliest component of each sample. */
export async function predict(
  model: GaussianMixtureModel,
  samples: Samples,
  context: RunContext = {},
): Promise<Int32Array> {
  return (await assign(model, samples, context)).labels;
}

/** Natural log of the density of each sample: how much it is like what the model has seen. */
export async function logDensity(
  model: GaussianMixtureModel,
  samples: Samples,
  context: RunContext = {},
): Promise<Float64Array> {
  return (await assign(model, samples, context)).logDensities;
}

/**
 * Probability of each component for each sample.
 *
 * @returns nSamples x nComponents; rows sum to 1
 */
export async function responsibilities(
  model: GaussianMixtureModel,
  samples: Samples,
  context: RunContext = {},
): Promise<Matrix<Float64Array>> {
  return withModel("gaussianMixture.responsibilities", model, samples, context, (session) =>
    shares(session, model),
  );
}

/** Mean natural log density of the samples; higher is better. */
export async function score(
  model: GaussianMixtureModel,
  samples: Samples,
  context: RunContext = {},
): Promise<number> {
  const densities = await logDensity(model, samples, context);
  return densities.reduce((sum, density) => sum + density, 0) / densities.length;
}

/** Runs `work` on the samples, and gives the memory back. */
async function withModel<Result>(
  where: string,
  model: GaussianMixtureModel,
  samples: Samples,
  { compute, signal }: RunContext,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  checkFeatures(where, model.means.cols, samples);
  const session = await openSession(where, computeOf(compute), samples, model.settings, signal);
  try {
    return await work(session);
  } finally {
    session.loaded.release();
  }
}
