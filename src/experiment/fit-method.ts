/** Images to features to clusters: the part of a run that learns. */
import type { ImageSource } from "../images/index.ts";
import type { Samples } from "../matrix/index.ts";
import type { Panel } from "../number-of-clusters/index.ts";
import {
  type Chain,
  type ClusterFit,
  type ClusterOptions,
  checkMethodSource,
  type FeatureFit,
  type JointFit,
  type JointStep,
  type ManifoldFit,
  type Method,
  methodStages,
  type StageContext,
} from "../pipeline/index.ts";
import { MOST_CLUSTERS, methodPanel } from "./panel.ts";
import type { ExperimentContext, RunProgress } from "./progress.ts";
import type { Seconds } from "./record.ts";
import {
  clusterOptions,
  DEFAULT_CLUSTERS,
  type FeatureRequest,
  featureOptions,
  type LearnedFeatures,
  type RunRequest,
} from "./request.ts";

/** What a run has learned. */
export interface Fitted {
  readonly chain: Chain;
  readonly learned: LearnedFeatures;
  /** What the clusterer saw. */
  readonly samples: Samples;
  readonly clusters: number;
  /** How that number was found, where nobody gave it. */
  readonly panel?: Panel;
  readonly fit: ClusterFit;
  /** What the user should know of the map, where the method has one. */
  readonly mapNotices: readonly string[];
  readonly seconds: Seconds;
}

/** Fits a method to the source, timed. */
export async function* fitMethod(
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
  const at = { method: method.name, seed } as const;

  const learned = request.learned ?? (yield* learnFeatures(images, method, request, stageContext, now));
  const features = learned.fit;
  const featured = now();
  const map = yield* drawMap(features, method, request, stageContext);
  const mapped = map ? now() : featured;
  const samples = map ? map.samples : features.samples;
  const columns = map ? undefined : stages.features.columns?.(features.model);
  const panel =
    request.clusters === "auto"
      ? yield* choosePanel(samples, columns, method, request, stageContext)
      : undefined;
  const clusters = panel ? (panel.suggested ?? fallback(images.count)) : Number(request.clusters);
  const options = { ...clusterOptions(clusters, seed, settings), columns };
  const steps = stages.joint
    ? stages.joint.steps(images, features, { ...options, ...featureOptions(request) }, stageContext)
    : alone(features, samples, method, options, stageContext);
  let next = await steps.next();
  while (!next.done) {
    yield { ...at, stage: "cluster", ...next.value };
    next = await steps.next();
  }
  const { fit, features: tuned } = next.value;
  const seconds = {
    features: learned.seconds,
    manifold: (mapped - featured) / 1000,
    cluster: (now() - mapped) / 1000,
  };
  return {
    chain: {
      kind: "chain",
      method: method.name,
      shape: { height: images.height, width: images.width, channels: images.channels },
      features: tuned.model,
      ...(map && { manifold: map.model }),
      clusterer: fit.model,
    },
    learned,
    samples: stages.joint ? tuned.samples : samples,
    clusters,
    ...(panel && { panel }),
    fit,
    mapNotices: map?.notices ?? [],
    seconds: { total: seconds.features + seconds.manifold + seconds.cluster, ...seconds },
  };
}

/** A clusterer that leaves the features as they are. */
async function* alone(
  features: FeatureFit,
  samples: Samples,
  method: Method,
  options: ClusterOptions,
  context: StageContext,
): AsyncGenerator<JointStep, JointFit, void> {
  const steps = methodStages(method).clusterer.steps(samples, options, context);
  let next = await steps.next();
  while (!next.done) {
    yield { step: next.value };
    next = await steps.next();
  }
  return { features, fit: next.value };
}

/** What a method's features are of images, learned from them. */
export async function* learnFeatures(
  images: ImageSource["images"],
  method: Method,
  request: FeatureRequest,
  context: StageContext,
  now: () => number,
): AsyncGenerator<RunProgress, LearnedFeatures, void> {
  checkMethodSource("learnFeatures", method, images);
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

/** A map of the features, where the method has one. */
export async function* drawMap(
  { model, samples }: FeatureFit,
  method: Method,
  { seed, settings }: Pick<RunRequest, "seed" | "settings">,
  context: StageContext,
): AsyncGenerator<RunProgress, ManifoldFit | undefined, void> {
  const { features, manifold } = methodStages(method);
  if (!manifold) return undefined;
  const columns = features.columns?.(model);
  const { neighbors, sample } = settings;
  const steps = manifold.steps(samples, { seed, columns, neighbors, sample }, context);
  let next = await steps.next();
  while (!next.done) {
    yield { method: method.name, seed, stage: "map", map: next.value };
    next = await steps.next();
  }
  return next.value;
}

/**
 * The panel over the usual range, by which the number of clusters is chosen. A clusterer of graphs is asked for nothing but
 * its modularity, which the panel would take before all others: on many images each of those costs minutes.
 */
async function* choosePanel(
  samples: Samples,
  columns: readonly number[] | undefined,
  method: Method,
  { seed, settings }: RunRequest,
  context: StageContext,
): AsyncGenerator<RunProgress, Panel, void> {
  const { graphs } = methodStages(method).clusterer;
  const most = graphs ? (settings.sample ?? samples.rows) : samples.rows;
  const range = { from: 1, to: Math.min(MOST_CLUSTERS, samples.rows, most) };
  const criteria = graphs ? (["inertia", "modularity"] as const) : undefined;
  const steps = methodPanel(samples, { method, columns, settings, seed, criteria, ...range }, context);
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

/** What the complete epochs of an interrupted training took. */
function secondsBefore({ resume }: FeatureRequest): number {
  return (resume?.history ?? []).reduce((sum, epoch) => sum + epoch.seconds, 0);
}
