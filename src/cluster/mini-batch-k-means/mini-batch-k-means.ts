/**
 * K-Means in batches (Sculley 2010): each batch is assigned to the present centers, and each center c moves towards the mean
 * m of what the batch gave it, c <- c + (n / N) (m - c), where n counts its samples of this batch and N all that it was
 * ever given. So a center is the mean of all that it was given, and moves less and less.
 *
 * The objective is watched as scikit-learn does: the mean squared distance of a batch, smoothed over about as many batches
 * as half a pass has; where it has not fallen for `patience` batches, the fit ends. A last pass assigns all samples.
 */
import { drain, type RunContext, throwIfCancelled } from "../../estimator.ts";
import {
  checkFeatures,
  checkShape,
  isByteMatrix,
  type Matrix,
  type Samples,
  takeRows,
} from "../../matrix/index.ts";
import { createRandom, type Random } from "../../random/index.ts";
import {
  assignBatch,
  fit as fitKMeans,
  assign as nearestCenters,
  transform as toDistances,
} from "../k-means/index.ts";
import { checkEnough, checkMiniBatchKMeansOptions } from "./options.ts";
import { type BatchSource, cut, matrixSource, streamSource } from "./sources.ts";
import type {
  Chunks,
  MiniBatchKMeansFit,
  MiniBatchKMeansModel,
  MiniBatchKMeansOptions,
  MiniBatchKMeansSettings,
  MiniBatchKMeansStep,
} from "./types.ts";

/** Iterations of K-Means on the sample that the first centers are found on: enough to tell a good start from a bad one. */
const initIterations = 10;

/**
 * Fits K-Means in batches: a little worse than K-Means, sooner on many samples, and in memory that does not grow with
 * their number.
 *
 * @param samples nSamples x nFeatures, finite
 * @returns the model, with labels and distances of the samples; the same bytes on any number of threads
 * @throws {OptionError} for an option out of range
 * @throws {InputError} for samples of no use
 * @throws {CancelledError} if `context.signal` fires
 *
 * Time O(passes x nSamples x nFeatures x nClusters). Definition: Sculley 2010, with reassignment as in scikit-learn.
 */
export function fit(
  samples: Samples,
  options: MiniBatchKMeansOptions,
  context: RunContext<MiniBatchKMeansStep> = {},
): Promise<MiniBatchKMeansFit> {
  return drain(steps(samples, options, context), context.onProgress);
}

/** As {@link fit}, one batch at a time; what the generator returns is the fit. */
export async function* steps(
  samples: Samples,
  options: MiniBatchKMeansOptions,
  context: RunContext<MiniBatchKMeansStep> = {},
): AsyncGenerator<MiniBatchKMeansStep, MiniBatchKMeansFit, void> {
  const settings = checkMiniBatchKMeansOptions(options, samples.cols);
  throwIfCancelled("miniBatchKMeans.fit", context.signal);
  const random = rootOf(settings);
  return yield* run(
    matrixSource(samples, settings.initSize, random.stream("first")),
    settings,
    random,
    context,
  );
}

/**
 * Fits to samples that need not fit into memory: `chunks` is called for each pass (one to draw the first centers from, some
 * to learn, one to assign), and gives the same samples in the same order each time. How they are cut into chunks does not
 * change the result. Samples in an order of their own, by class say, are mixed as far as 16 batches reach.
 *
 * @returns as {@link fit}; labels and distances are all that grows with the number of samples
 * @throws {InputError} also if a later pass gives another number of samples
 */
export function fitStream(
  chunks: Chunks,
  options: MiniBatchKMeansOptions,
  context: RunContext<MiniBatchKMeansStep> = {},
): Promise<MiniBatchKMeansFit> {
  return drain(streamSteps(chunks, options, context), context.onProgress);
}

/** As {@link fitStream}, one batch at a time; what the generator returns is the fit. */
export async function* streamSteps(
  chunks: Chunks,
  options: MiniBatchKMeansOptions,
  context: RunContext<MiniBatchKMeansStep> = {},
): AsyncGenerator<MiniBatchKMeansStep, MiniBatchKMeansFit, void> {
  const { init } = options;
  const given = typeof init === "object" ? init.cols : 0;
  const early = checkMiniBatchKMeansOptions(options, given);
  throwIfCancelled("miniBatchKMeans.fit", context.signal);
  const random = rootOf(early);
  const source = await streamSource(chunks, early.initSize, random.stream("first"), context.signal);
  const settings = checkMiniBatchKMeansOptions(options, source.first.cols);
  return yield* run(source, settings, random, context);
}

function rootOf({ seed }: MiniBatchKMeansSettings): Random {
  return createRandom(seed).stream("mini-batch-k-means");
}

/** Centers in the making. */
interface Centers {
  readonly centers: Matrix<Float64Array>;
  /** Samples that each was given so far. */
  readonly given: Float64Array;
}

async function* run(
  source: BatchSource,
  settings: MiniBatchKMeansSettings,
  random: Random,
  context: RunContext<MiniBatchKMeansStep>,
): AsyncGenerator<MiniBatchKMeansStep, MiniBatchKMeansFit, void> {
  checkEnough(settings, source.nSamples);
  const { compute, signal } = context;
  const state = await firstCenters(source.first, settings, { compute, signal });
  const history: MiniBatchKMeansStep[] = [];
  const watch = new Watch(settings, source.nSamples);
  let pass = 0;
  while (pass < settings.maxPasses && !watch.atRest) {
    pass++;
    for await (const batch of source.batches(settings.batchSize, random.stream("pass", pass))) {
      throwIfCancelled("miniBatchKMeans.fit", signal);
      const { distances, counts, means } = await assignBatch("miniBatchKMeans.fit", batch, state.centers, {
        compute,
        signal,
      });
      moveInPlace(state, counts, means);
      const iteration = history.length + 1;
      const reassigned = reassignInPlace(
        state,
        settings,
        batch,
        distances,
        random.stream("reassign", iteration),
      );
      const inertia = watch.add(distances, reassigned.length > 0) * source.nSamples;
      const step = { pass, iteration, inertia, reassigned };
      history.push(step);
      yield step;
      if (watch.atRest) break;
    }
  }
  const { centers } = state;
  const last = await assignPieces("miniBatchKMeans.fit", { centers }, source.pieces(), source.nSamples, {
    compute,
    signal,
  });
  const sizes = new Int32Array(settings.nClusters);
  for (const label of last.labels) sizes[label] = (sizes[label] as number) + 1;
  return {
    kind: "mini-batch-k-means",
    settings,
    centers,
    sizes,
    inertia: last.distances.reduce((sum, distance) => sum + distance * distance, 0),
    iterations: history.length,
    passes: pass,
    converged: watch.atRest,
    history,
    ...last,
  };
}

/** Centers that were found on a sample count what they were given there; a user's own count nothing. */
async function firstCenters(
  first: Samples,
  { nClusters, init, nRestarts, seed }: MiniBatchKMeansSettings,
  context: Pick<RunContext, "compute" | "signal">,
): Promise<Centers> {
  if (typeof init !== "string") {
    return { centers: { ...init, data: init.data.slice() }, given: new Float64Array(nClusters) };
  }
  const options = { nClusters, init, nRestarts, seed, maxIterations: initIterations };
  const { centers, sizes } = await fitKMeans(first, options, context);
  return { centers, given: Float64Array.from(sizes) };
}

/** Each center stays the mean of all that it was given. */
function moveInPlace({ centers, given }: Centers, counts: Int32Array, means: Matrix<Float64Array>): void {
  const { rows, cols, data } = centers;
  for (let c = 0; c < rows; c++) {
    const count = counts[c] as number;
    if (count === 0) continue;
    given[c] = (given[c] as number) + count;
    const rate = count / (given[c] as number);
    for (let j = c * cols; j < (c + 1) * cols; j++) {
      data[j] = (data[j] as number) + rate * ((means.data[j] as number) - (data[j] as number));
    }
  }
}

/**
 * Puts starved centers on samples of the batch, drawn with probability proportional to the squared distance to their
 * center, as k-means++ draws; at most one for every two samples. They count as much as the least of the others, so that they
 * neither starve at once nor stand still.
 *
 * @returns the centers that were put elsewhere
 */
function reassignInPlace(
  { centers, given }: Centers,
  { reassignmentRatio }: MiniBatchKMeansSettings,
  batch: Samples,
  distances: Float64Array,
  random: Random,
): number[] {
  const enough = reassignmentRatio * given.reduce((most, count) => Math.max(most, count), 0);
  const starved = [...given.keys()].filter((c) => (given[c] as number) < enough);
  if (starved.length === 0) return [];
  const weights = distances.map((distance) => distance * distance);
  const drawn: number[] = [];
  for (const _ of starved.slice(0, Math.floor(batch.rows / 2))) {
    const at = draw(weights, random);
    if (at === undefined) break; // every sample lies on a center
    drawn.push(at);
    weights[at] = 0;
  }
  const reassigned = starved.slice(0, drawn.length);
  const least = given.reduce(
    (few, count) => (count >= enough ? Math.min(few, count) : few),
    Number.POSITIVE_INFINITY,
  );
  const rows = takeRows(batch, drawn);
  const unit = isByteMatrix(batch) ? batch.unit : 1;
  reassigned.forEach((c, i) => {
    given[c] = least;
    for (let j = 0; j < centers.cols; j++) {
      centers.data[c * centers.cols + j] = (rows.data[i * centers.cols + j] as number) * unit;
    }
  });
  return reassigned;
}

/** An index drawn with probability proportional to its weight; undefined if all are 0. */
function draw(weights: Float64Array, random: Random): number | undefined {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) return undefined;
  let left = random.float() * total;
  let last: number | undefined;
  for (const [i, weight] of weights.entries()) {
    if (weight === 0) continue;
    last = i;
    if (left < weight) return i;
    left -= weight;
  }
  return last; // rounding carried `left` past the end
}

/** Whether the smoothed mean of the squared distances still falls. */
class Watch {
  atRest = false;
  private smoothed: number | undefined;
  private least = Number.POSITIVE_INFINITY;
  private inVain = 0;
  private readonly settings: MiniBatchKMeansSettings;
  private readonly nSamples: number;

  constructor(settings: MiniBatchKMeansSettings, nSamples: number) {
    this.settings = settings;
    this.nSamples = nSamples;
  }

  /**
   * Looks at the distances of a batch.
   *
   * @param disturbed whether a center was put elsewhere, so that what comes is not what was
   * @returns the smoothed mean
   */
  add(distances: Float64Array, disturbed: boolean): number {
    const mean = distances.reduce((sum, distance) => sum + distance * distance, 0) / distances.length;
    const share = Math.min(1, (2 * distances.length) / (this.nSamples + 1));
    this.smoothed = this.smoothed === undefined ? mean : this.smoothed + share * (mean - this.smoothed);
    const { tolerance, patience } = this.settings;
    if (disturbed) {
      this.least = Number.POSITIVE_INFINITY;
      this.inVain = 0;
    } else if (this.smoothed < this.least * (1 - tolerance)) {
      this.least = this.smoothed;
      this.inVain = 0;
    } else this.inVain++;
    this.atRest = this.inVain >= patience;
    return this.smoothed;
  }
}

/** Nearest centers of samples that come in pieces. */
async function assignPieces(
  where: string,
  model: Pick<MiniBatchKMeansModel, "centers">,
  pieces: AsyncIterable<Samples>,
  nSamples: number,
  context: RunContext,
): Promise<{ labels: Int32Array; distances: Float64Array }> {
  const labels = new Int32Array(nSamples);
  const distances = new Float64Array(nSamples);
  let from = 0;
  for await (const piece of pieces) {
    throwIfCancelled(where, context.signal);
    const found = await nearestCenters(model, piece, context);
    labels.set(found.labels, from);
    distances.set(found.distances, from);
    from += piece.rows;
  }
  return { labels, distances };
}

/**
 * Nearest center of each sample, the lowest index among equals, and the distance to it. On the samples that the model
 * was fitted to, these are its own labels.
 *
 * @param samples nSamples x nFeatures, in the units of the samples that the model was fitted to
 */
export async function assign(
  model: MiniBatchKMeansModel,
  samples: Samples,
  context: RunContext = {},
): Promise<{ labels: Int32Array; distances: Float64Array }> {
  const where = "miniBatchKMeans.predict";
  checkShape(where, samples);
  checkFeatures(where, model.centers.cols, samples);
  const pieces = (async function* () {
    yield* cut(samples);
  })();
  return assignPieces(where, model, pieces, samples.rows, context);
}

/** Label of each sample: the index of its nearest center. */
export async function predict(
  model: MiniBatchKMeansModel,
  samples: Samples,
  context: RunContext = {},
): Promise<Int32Array> {
  return (await assign(model, samples, context)).labels;
}

/**
 * Distance of each sample to each center.
 *
 * @returns nSamples x nClusters, in float32: about 1e-6 of the distance may be lost
 */
export function transform(
  model: MiniBatchKMeansModel,
  samples: Samples,
  context: RunContext = {},
): Promise<Matrix<Float32Array>> {
  checkFeatures("miniBatchKMeans.transform", model.centers.cols, samples);
  return toDistances(model, samples, context);
}

/** Minus the sum of squared distances of the samples to their nearest centers; higher is better. */
export async function score(
  model: MiniBatchKMeansModel,
  samples: Samples,
  context: RunContext = {},
): Promise<number> {
  const { distances } = await assign(model, samples, context);
  return -distances.reduce((sum, distance) => sum + distance * distance, 0);
}
