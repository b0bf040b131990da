/**
 * One run: images to features to clusters, scored and shown. It computes everything that record, report and explorer
 * draw, once; nothing after it computes again.
 */
import { throwIfCancelled } from "../estimator.ts";
import type { ImageSource } from "../images/index.ts";
import {
  type Assignment,
  type Chain,
  calibrateChain,
  chainFeatures,
  type Method,
  methodStages,
  parseMethod,
} from "../pipeline/index.ts";
import { createRandom } from "../random/index.ts";
import type { Curation } from "./curation/index.ts";
import type { Exhibits } from "./exhibits.ts";
import { type Fitted, fitMethod } from "./fit-method.ts";
import { panelRecord } from "./panel.ts";
import type { RunPoints } from "./points.ts";
import type { ExperimentContext, RunProgress } from "./progress.ts";
import { type EnvironmentRecord, RUN_FORMAT_VERSION, type RunRecord } from "./record.ts";
import { checkClusters, type LearnedFeatures, type RunRequest } from "./request.ts";
import { runExhibits } from "./run-exhibits.ts";
import { type Scores, scoreClustering, sumOfSquares } from "./scores.ts";
import { sourceRecord } from "./source-record.ts";

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
  /** Which of the scored images to look at, and why. */
  readonly curation: Curation;
  /** A place for the eye, and some numbers, of each scored image. */
  readonly points?: RunPoints;
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
  const { learned } = fitted;
  const chain = await calibrateChain(
    fitted.chain,
    fitted.samples,
    fitted.fit,
    context,
    request.validation?.images,
  );
  const shown = {
    source,
    scored,
    chain,
    features: { ...learned.fit, model: chain.features },
    samples,
    assignment,
    random,
    seed: request.seed,
  };
  const { exhibits, curation, points } = await runExhibits(shown, context);
  const { labels, distances, probabilities, logDensities } = assignment;
  return {
    record: recordOf(
      source,
      method,
      request,
      fitted,
      { ...scores, metrics: { ...metrics, ...likelihood, ...fitted.fit.scores } },
      context.environment,
    ),
    chain,
    learned,
    scored,
    assignment: { labels, distances, ...(probabilities && { probabilities, logDensities }) },
    exhibits,
    curation,
    points,
  };
}

function panelNotices({ panel, clusters }: Fitted): readonly string[] {
  if (!panel || panel.suggested !== null) return [];
  return [
    `No criterion proposes a number of clusters for these images; ${clusters} ${clusters === 1 ? "was" : "were"} made. Choose with --clusters.`,
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
    notices: [...(learned.fit.notices ?? []), ...fitted.mapNotices, ...panelNotices(fitted), ...fit.notices],
    ...scores,
    seconds,
    environment,
  };
}
