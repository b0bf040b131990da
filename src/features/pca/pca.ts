/**
 * Principal components: the orthogonal directions in which samples vary most (Pearson 1901). With C the covariance of the
 * features, the components are the eigenvectors of C with the largest eigenvalues, which are the variances along them. The
 * score of a sample x along component v is v'(x - mean).
 */
import { InputError, OptionError } from "../../errors.ts";
import { type RunContext, throwIfCancelled } from "../../estimator.ts";
import { computeOf, type KernelCompute } from "../../kernels/index.ts";
import { checkFeatures, checkShape, type Matrix, type Samples } from "../../matrix/index.ts";
import { covarianceOf } from "./covariance.ts";
import { checkPcaOptions } from "./options.ts";
import { scoresOf, whiteningFactors } from "./projection.ts";
import { type Directions, randomizedDirections } from "./randomized.ts";
import { chunksOf, openSession, type Session } from "./stages.ts";
import { topEigen } from "./top-eigen.ts";
import type { PcaFit, PcaModel, PcaOptions, PcaSettings, SampleChunks } from "./types.ts";

/**
 * Principal components of samples, and the samples' scores.
 *
 * @param samples nSamples x nFeatures, finite; bytes are read as they are
 * @returns the same bytes on any number of threads
 * @throws {OptionError} for an option out of range
 * @throws {InputError} for samples of no use
 * @throws {CancelledError} if `context.signal` fires
 *
 * Time: exact O(nSamples x nFeatures^2 + nFeatures^3), randomized O(nPowerIterations x nSamples x nFeatures x nComponents).
 */
export async function fit(samples: Samples, options: PcaOptions, context: RunContext = {}): Promise<PcaFit> {
  const where = "pca.fit";
  checkShape(where, samples);
  const model = await fitSource(where, chunksOf(samples), options, context);
  return { ...model, scores: await project(where, model, chunksOf(samples), context) };
}

/**
 * Principal components of samples that come in pieces and are never held whole: one pass over them with the exact solver,
 * `nPowerIterations` + 1 with the randomized one. Where a pass is dear, fit to chunks of some samples drawn at random, and
 * transform all ({@link transformChunks}).
 *
 * @returns the same bytes however the samples are cut
 * @throws as {@link fit}, and {InputError} for chunks that are not as announced
 */
export function fitChunks(
  source: SampleChunks,
  options: PcaOptions,
  context: RunContext = {},
): Promise<PcaModel> {
  return fitSource("pca.fitChunks", source, options, context);
}

/**
 * Scores of samples, nSamples x nComponents.
 *
 * @param samples nSamples x nFeatures, finite, in the units of the samples that the model was fitted to
 * @throws {OptionError} if they have another number of features
 * @throws {InputError} for samples of no use
 */
export async function transform(
  model: PcaModel,
  samples: Samples,
  context: RunContext = {},
): Promise<Matrix<Float32Array>> {
  const where = "pca.transform";
  checkShape(where, samples);
  checkFeatures(where, model.mean.length, samples);
  return project(where, model, chunksOf(samples), context);
}

/** As {@link transform}, for samples that come in pieces; one pass over them. */
export async function transformChunks(
  model: PcaModel,
  source: SampleChunks,
  context: RunContext = {},
): Promise<Matrix<Float32Array>> {
  const where = "pca.transformChunks";
  if (source.cols !== model.mean.length) {
    throw new OptionError(
      `${where}: samples must have the model's ${model.mean.length} features; got ${source.cols}.`,
    );
  }
  return project(where, model, source, context);
}

/**
 * Samples that have the given scores: the mean plus the components, each times its score.
 *
 * @param points nPoints x nComponents
 * @returns nPoints x nFeatures; what the components leave out of a sample is lost
 * @throws {InputError} for another number of columns
 */
export function inverse(model: PcaModel, points: Matrix): Matrix<Float32Array> {
  const { components, mean } = model;
  const { rows: k, cols } = components;
  if (points.cols !== k || points.data.length !== points.rows * k) {
    throw new InputError(
      `pca.inverse: points must have ${k} columns, one for each component; got ${points.cols}.`,
    );
  }
  const factors = whiteningFactors(model);
  const data = new Float32Array(points.rows * cols);
  const sum = new Float64Array(cols);
  for (let r = 0; r < points.rows; r++) {
    sum.set(mean);
    for (let c = 0; c < k; c++) {
      const factor = factors[c] as number;
      const score = factor > 0 ? (points.data[r * k + c] as number) / factor : 0;
      for (let j = 0; j < cols; j++)
        sum[j] = (sum[j] as number) + score * (components.data[c * cols + j] as number);
    }
    data.set(sum, r * cols);
  }
  return { rows: points.rows, cols, data };
}

/** Share of the variance of all features that lies along each component; 0 where nothing varies. */
export function explainedVarianceRatio({ explainedVariance, totalVariance }: PcaModel): Float64Array {
  return explainedVariance.map((variance) => (totalVariance > 0 ? variance / totalVariance : 0));
}

/** Mean variance along the directions that the components leave out (Tipping and Bishop 1999); 0 where there are none. */
export function noiseVariance({ explainedVariance, totalVariance, mean }: PcaModel): number {
  const left = mean.length - explainedVariance.length;
  const explained = explainedVariance.reduce((sum, variance) => sum + variance, 0);
  return left > 0 ? Math.max(0, totalVariance - explained) / left : 0;
}

async function fitSource(
  where: string,
  source: SampleChunks,
  options: PcaOptions,
  { compute, signal }: RunContext,
): Promise<PcaModel> {
  const settings = checkPcaOptions(where, options, source.cols);
  throwIfCancelled(where, signal);
  const { rows, cols } = source;
  const count = Math.min(settings.nComponents, cols, Math.max(1, rows - 1));
  const { mean, totalVariance, vectors, variances } = await directionsOf(
    where,
    computeOf(compute),
    source,
    settings,
    count,
    signal,
  );
  turnSignsInPlace(vectors, cols);
  return {
    kind: "pca",
    settings,
    nSamples: rows,
    mean,
    components: { rows: count, cols, data: vectors },
    explainedVariance: variances,
    totalVariance,
  };
}

async function directionsOf(
  where: string,
  compute: KernelCompute,
  source: SampleChunks,
  settings: PcaSettings,
  count: number,
  signal: AbortSignal | undefined,
): Promise<Directions> {
  const whole = { compute, signal };
  if (settings.solver === "randomized") {
    return withSession(where, source, whole, (session) =>
      randomizedDirections(compute, session, settings, count),
    );
  }
  const { matrix, worth, ...moments } = await withSession(where, source, whole, covarianceOf);
  const { values, vectors } = await topEigen(compute, matrix, source.cols, count, signal);
  const variances = values.slice(0, count).map((value) => Math.max(0, value) * worth);
  return { ...moments, vectors, variances };
}

function project(
  where: string,
  model: PcaModel,
  source: SampleChunks,
  { compute, signal }: RunContext,
): Promise<Matrix<Float32Array>> {
  throwIfCancelled(where, signal);
  return withSession(where, source, { compute: computeOf(compute), signal }, (session) =>
    scoresOf(session, model),
  );
}

/** Runs `work` on the samples, and gives the memory back. */
async function withSession<Result>(
  where: string,
  source: SampleChunks,
  { compute, signal }: { readonly compute: KernelCompute; readonly signal: AbortSignal | undefined },
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const session = openSession(where, compute, source, signal);
  try {
    return await work(session);
  } finally {
    session.work.release();
  }
}

/** Makes the largest element of each row positive, the first among equals: an eigenvector's sign is a matter of taste. */
function turnSignsInPlace(vectors: Float64Array, cols: number): void {
  for (let from = 0; from < vectors.length; from += cols) {
    const own = vectors.subarray(from, from + cols);
    const largest = own.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
    if (largest < 0) for (let j = 0; j < cols; j++) own[j] = -(own[j] as number);
  }
}
