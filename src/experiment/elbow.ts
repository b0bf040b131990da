/**
 * The objective over the number of clusters.
 *
 * One fit for each k, all from the same seed. Fits from a seed need not fall with k, since each ends in some local
 * optimum; where a fit ends above that of k - 1, it is replaced by one that starts from the centers of k - 1 and the
 * image farthest from its center, which cannot end higher. So the curve never rises.
 */
import { OptionError } from "../errors.ts";
import { type ImageSet, type ImageSource, takeImages } from "../images/index.ts";
import { isByteMatrix, type Matrix, type Samples } from "../matrix/index.ts";
import type { Checkpoint, TrainingProgress } from "../neural/index.ts";
import { knee } from "../number-of-clusters/index.ts";
import {
  type Chain,
  type ClustererStage,
  type ClusterFit,
  type ClusterOptions,
  chainFeatures,
  type EncoderFile,
  type FeatureStage,
  methodStages,
  parseMethod,
  type StageContext,
} from "../pipeline/index.ts";
import { createRandom, distinctIntegers } from "../random/index.ts";
import type { ElbowRecord } from "./record.ts";
import { type AskedSettings, checkClusters, clusterOptions, featureOptions, settingsOf } from "./request.ts";
import { sourceRecord } from "./source-record.ts";

/** Images that the elbow curve of a run's report is computed on, where the source has more. */
export const ELBOW_SAMPLE = 10_000;

/** Greatest k of an elbow curve unless told otherwise (seed 003). */
export const ELBOW_TO = 20;

/** An elbow curve, asked for. */
export interface ElbowRequest {
  readonly method: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly settings: AskedSettings;
  readonly size?: number | undefined;
  /** The user's own network, for methods whose features are one (`onnx`). */
  readonly encoder?: EncoderFile | undefined;
  /** A fitted chain of the method, whose features serve; without it, features are fitted to the images. */
  readonly chain?: Chain;
  /** Images for the validation loss of a network, none of them among those of the source. */
  readonly validation?: ImageSource | undefined;
  /** Where an earlier, interrupted training for this curve stood. */
  readonly resume?: Checkpoint | undefined;
  /** Most images to use; where the source has more, that many are drawn by the seed. */
  readonly sample?: number;
}

/** Where a curve stands: some minibatches of its features' network, or an iteration of one of its fits. */
export type ElbowProgress =
  | { readonly stage: "features"; readonly training: TrainingProgress }
  | {
      readonly stage: "cluster";
      readonly k: number;
      /** 0-based position of k in the range. */
      readonly position: number;
      readonly total: number;
      readonly iteration: number;
    };

/**
 * Scores over a range of k.
 *
 * @throws {OptionError} unless 1 <= from <= to <= number of images
 * @throws {CancelledError} when the signal fires
 */
export async function* elbow(
  source: ImageSource,
  request: ElbowRequest,
  context: StageContext,
): AsyncGenerator<ElbowProgress, ElbowRecord, void> {
  const { from, to, seed } = request;
  const method = parseMethod(request.method);
  const stages = methodStages(method);
  const settings = settingsOf(method, request.settings);
  const images = sampled(source.images, request);
  checkRange(from, to, images.count);
  const samples = request.chain
    ? await chainFeatures(request.chain, images, context)
    : yield* fittedFeatures(stages.features, images, request, context);

  const total = to - from + 1;
  const k: number[] = [];
  const inertia: number[] = [];
  let previous: ClusterFit | undefined;
  for (let nClusters = from; nClusters <= to; nClusters++) {
    const steps = fallingFit(
      stages.clusterer,
      samples,
      clusterOptions(nClusters, seed, settings),
      previous,
      context,
    );
    let next = await steps.next();
    while (!next.done) {
      yield { stage: "cluster", k: nClusters, position: k.length, total, ...next.value };
      next = await steps.next();
    }
    previous = next.value;
    k.push(nClusters);
    inertia.push(previous.inertia);
  }
  const suggested = knee(k, inertia);
  return {
    source: sourceRecord(source, request.size),
    method: method.name,
    seed,
    settings,
    k,
    inertia,
    suggestions: { inertia: suggested },
    suggested,
    ...(images.count < source.images.count && { sampled: images.count }),
  };
}

async function* fittedFeatures(
  features: FeatureStage,
  images: ImageSet,
  request: ElbowRequest,
  context: StageContext,
): AsyncGenerator<ElbowProgress, Samples, void> {
  const steps = features.steps(
    images,
    featureOptions({ ...request, settings: settingsOf(parseMethod(request.method), request.settings) }),
    context,
  );
  let next = await steps.next();
  while (!next.done) {
    yield { stage: "features", training: next.value };
    next = await steps.next();
  }
  return next.value.samples;
}

/** A fit that ends no higher than the previous one. */
async function* fallingFit(
  clusterer: ClustererStage,
  samples: Samples,
  options: ClusterOptions,
  previous: ClusterFit | undefined,
  context: StageContext,
): AsyncGenerator<{ iteration: number }, ClusterFit, void> {
  const fit = yield* iterations(clusterer, samples, options, context);
  if (!previous || fit.inertia <= previous.inertia) return fit;
  const init = grown(clusterer.centers(previous.model), samples, previous.distances);
  return yield* iterations(clusterer, samples, { ...options, init, restarts: 1 }, context);
}

/** The centers, and the sample farthest from its own. */
function grown({ rows, cols, data }: Matrix, samples: Samples, distances: Float64Array): Matrix {
  let farthest = 0;
  for (let i = 1; i < distances.length; i++) {
    if ((distances[i] as number) > (distances[farthest] as number)) farthest = i;
  }
  const more = new Float64Array((rows + 1) * cols);
  more.set(data);
  const unit = isByteMatrix(samples) ? samples.unit : 1;
  for (let c = 0; c < cols; c++) {
    more[rows * cols + c] = (samples.data[farthest * cols + c] as number) * unit;
  }
  return { rows: rows + 1, cols, data: more };
}

async function* iterations(
  clusterer: ClustererStage,
  samples: Samples,
  options: ClusterOptions,
  context: StageContext,
): AsyncGenerator<{ iteration: number }, ClusterFit, void> {
  const steps = clusterer.steps(samples, options, context);
  let next = await steps.next();
  while (!next.done) {
    yield { iteration: next.value.iteration };
    next = await steps.next();
  }
  return next.value;
}

function sampled(images: ImageSet, request: ElbowRequest): ImageSet {
  const limit = request.sample ?? images.count;
  if (images.count <= limit) return images;
  const random = createRandom(request.seed).stream("elbow-sample");
  return takeImages(images, distinctIntegers(random, limit, images.count).sort());
}

function checkRange(from: number, to: number, count: number): void {
  checkClusters("elbow", "from", from, count);
  checkClusters("elbow", "to", to, count);
  if (to < from) throw new OptionError(`elbow: to must be at least from, ${from}; got ${to}.`);
}
