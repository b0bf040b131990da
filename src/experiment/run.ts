/**
 * One run: images to features to clusters, scored and shown. It computes everything that record, report and explorer
 * draw, once; nothing after it computes again.
 */
import { throwIfCancelled } from "../estimator.ts";
import type { ImageSource } from "../images/index.ts";
import type { Samples } from "../matrix/index.ts";
import type { TrainingProgress } from "../neural/index.ts";
import type { Panel, PanelProgress } from "../number-of-clusters/index.ts";
import {
  type Assignment,
  type Chain,
  type ClusterFit,
  type ClusterStep,
  chainFeatures,
  type Method,
  methodStages,
  parseMethod,
  type StageContext,
} from "../pipeline/index.ts";
import { createRandom } from "../random/index.ts";
import type { Exhibits } from "./exhibits.ts";
import { MOST_CLUSTERS, methodPanel, panelRecord } from "./panel.ts";
import { type EnvironmentRecord, RUN_FORMAT_VERSION, type RunRecord } from "./record.ts";
import {
  checkClusters,
  clusterOptions,
  DEFAULT_CLUSTERS,
  featureOptions,
  type LearnedFeatures,
  type RunRequest,
} from "./request.ts";
import { runExhibits } from "./run-exhibits.ts";
import { type Scores, scoreClustering, sumOfSquares } from "./scores.ts";
import { sourceRecord } from "./source-record.ts";

/** What a run takes from outside, besides images and wishes. */
export interface ExperimentContext extends StageContext {
  /** Time in milliseconds from any fixed moment on. */
  readonly now: () => number;
  readonly environment: EnvironmentRecord;
}

/** Where a run stands. */
export interface RunProgress {
  readonly method: string;
  readonly seed: number;
  readonly stage: "features" | "number of clusters" | "cluster" | "assign" | "scores" | "exhibits";
  /** How far training is, in the stage `features` of an autoencoder. */
  readonly training?: TrainingProgress;
  /** How far the panel over k is, in the stage `number of clusters`. */
  readonly panel?: PanelProgress;
  /** The iteration just finished, in the stage `cluster`. */
  readonly step?: ClusterStep;
}

/** A finished run. */
export interface RunResult {
  readonly record: RunRecord;
  readonly chain: Chain;
  /** For other methods with the same features on the same images. */
  readonly learned: LearnedFeatures;
  /** The images that were scored: those clustered, or those of the request's `score`. */
  readonly scored: ImageSource;
  /** The cluster of each scored image. */
  readonly assignment: Assignment;
  readonly exhibits: Exhibits;
}

/**
 * Runs one method once.
 *
 * @throws {OptionError} for a method that does not exist, or more clusters than images
 * @throws {InputError} if the images to score have another size than those clustered
 * @throws {CancelledError} when the signal fires
 */
export async function* runMethod(
  source: ImageSource,
  request: RunRequest,
  context: ExperimentContext,
): AsyncGenerator<RunProgress, RunResult, void> {
  const method = parseMethod(request.method);
  if (request.clusters !== "auto") {
    checkClusters("runMethod", "clusters", request.clusters, source.images.count);
  }
  const at = (stage: RunProgress["stage"]): RunProgress => {
    throwIfCancelled("runMethod", context.signal);
    return { method: method.name, seed: request.seed, stage };
  };
  const fitted = yield* fitMethod(source, method, request, context);

  if (request.score) yield at("assign");
  const scored = request.score ?? source;
  const samples = request.score ? await chainFeatures(fitted.chain, scored.images, context) : fitted.samples;
  const stages = methodStages(method);
  const assignment: Assignment = request.score
    ? await stages.clusterer.assign(fitted.chain.clusterer, samples, context)
    : fitted.fit;

  yield at("scores");
  const random = createRandom(request.seed);
  const likelihood = await stages.clusterer.likelihood?.(
    fitted.chain.clusterer,
    samples,
    assignment,
    context,
  );
  const { metrics, ...scores } = await scoreClustering(
    {
      images: scored.images,
      samples,
      assignment,
      nClusters: fitted.clusters,
      inertia: request.score ? sumOfSquares(assignment.distances) : fitted.fit.inertia,
    },
    random,
    context,
  );

  yield at("exhibits");
  const { chain, learned } = fitted;
  const shown = {
    source,
    scored,
    chain,
    features: learned.fit,
    samples,
    assignment,
    random,
    seed: request.seed,
  };
  const exhibits = await runExhibits(shown, context);
  const { labels, distances, probabilities, logDensities } = assignment;
  return {
    record: recordOf(
      source,
      method,
      request,
      fitted,
      { ...scores, metrics: { ...metrics, ...likelihood } },
      context.environment,
    ),
    chain,
    learned,
    scored,
    assignment: { labels, distances, ...(probabilities && { probabilities, logDensities }) },
    exhibits,
  };
}

interface Fitted {
  readonly chain: Chain;
  readonly learned: LearnedFeatures;
  readonly samples: Samples;
  readonly clusters: number;
  /** How that number was found, where nobody gave it. */
  readonly panel?: Panel;
  readonly fit: ClusterFit;
  readonly seconds: RunRecord["seconds"];
}

/** Features and clusters of the source, timed. */
async function* fitMethod(
  source: ImageSource,
  method: Method,
  request: RunRequest,
  context: ExperimentContext,
): AsyncGenerator<RunProgress, Fitted, void> {
  const { seed, settings } = request;
  const { images } = source;
  const stages = methodStages(method);
  const { signal, compute, runtime, now } = context;
  const stageContext: StageContext = { signal, compute, runtime, now };

  const learned = request.learned ?? (yield* learnFeatures(images, method, request, stageContext, now));
  const features = learned.fit;
  const featured = now();
  const panel =
    request.clusters === "auto"
      ? yield* choosePanel(features.samples, method, request, stageContext)
      : undefined;
  const clusters = panel ? (panel.suggested ?? fallback(images.count)) : Number(request.clusters);
  const steps = stages.clusterer.steps(
    features.samples,
    clusterOptions(clusters, seed, settings),
    stageContext,
  );
  let next = await steps.next();
  while (!next.done) {
    yield { method: method.name, seed, stage: "cluster", step: next.value };
    next = await steps.next();
  }
  const seconds = { features: learned.seconds, manifold: 0, cluster: (now() - featured) / 1000 };
  return {
    chain: {
      kind: "chain",
      method: method.name,
      shape: { height: images.height, width: images.width, channels: images.channels },
      features: features.model,
      clusterer: next.value.model,
    },
    learned,
    samples: features.samples,
    clusters,
    ...(panel && { panel }),
    fit: next.value,
    seconds: { total: seconds.features + seconds.cluster, ...seconds },
  };
}

/** The panel over the usual range, by which the number of clusters is chosen. */
async function* choosePanel(
  samples: Samples,
  method: Method,
  { seed, settings }: RunRequest,
  context: StageContext,
): AsyncGenerator<RunProgress, Panel, void> {
  const range = { from: 1, to: Math.min(MOST_CLUSTERS, samples.rows) };
  const steps = methodPanel(samples, { method, settings, seed, ...range }, context);
  let next = await steps.next();
  while (!next.done) {
    yield { method: method.name, seed, ...next.value };
    next = await steps.next();
  }
  return next.value;
}

function fallback(nImages: number): number {
  return Math.min(DEFAULT_CLUSTERS, nImages);
}

async function* learnFeatures(
  images: ImageSource["images"],
  method: Method,
  request: RunRequest,
  context: StageContext,
  now: () => number,
): AsyncGenerator<RunProgress, LearnedFeatures, void> {
  const at = { method: method.name, seed: request.seed, stage: "features" } as const;
  yield at;
  const started = now();
  const training = methodStages(method).features.steps(images, featureOptions(request), context);
  let next = await training.next();
  while (!next.done) {
    yield { ...at, training: next.value };
    next = await training.next();
  }
  return { fit: next.value, seconds: secondsBefore(request) + (now() - started) / 1000 };
}

/** What the complete epochs of an interrupted training took. */
function secondsBefore({ resume }: RunRequest): number {
  return (resume?.history ?? []).reduce((sum, epoch) => sum + epoch.seconds, 0);
}

function panelNotices({ panel, clusters }: Fitted): readonly string[] {
  if (!panel || panel.suggested !== null) return [];
  return [
    `No criterion proposes a number of clusters for these images; ${clusters} were made. Choose with --clusters.`,
  ];
}

function recordOf(
  source: ImageSource,
  method: Method,
  request: RunRequest,
  fitted: Fitted,
  scores: Scores,
  environment: EnvironmentRecord,
): RunRecord {
  const { fit, learned, seconds } = fitted;
  return {
    format: "unlabeled-run",
    formatVersion: RUN_FORMAT_VERSION,
    method: method.name,
    requested: request.requested ?? request.method,
    seed: request.seed,
    clusters: fitted.clusters,
    ...(fitted.panel && { numberOfClusters: panelRecord(fitted.panel) }),
    settings: request.settings,
    source: sourceRecord(source, request.size),
    ...(request.score && { scored: sourceRecord(request.score, request.size) }),
    converged: fit.converged,
    iterations: fit.iterations,
    objective: methodStages(method).clusterer.objective,
    history: fit.history,
    ...(learned.fit.training && { training: learned.fit.training }),
    notices: [...(learned.fit.notices ?? []), ...panelNotices(fitted), ...fit.notices],
    ...scores,
    seconds,
    environment,
  };
}
