import { drain, type RunContext, throwIfCancelled } from "../../estimator.ts";
import { computeOf } from "../../kernels/index.ts";
import { checkFeatures, isByteMatrix, type Matrix, type Samples, takeRows } from "../../matrix/index.ts";
import { createRandom, type Random } from "../../random/index.ts";
import { assignOnly, iterate, measure, refillEmpty } from "./iteration.ts";
import { checkKMeansOptions, chooseAlgorithm } from "./options.ts";
import {
  type FitSession,
  openSession,
  placeCenters,
  prepareFit,
  readCenters,
  type Session,
} from "./session.ts";
import { plusPlusStarts, randomStart } from "./starts.ts";
import type {
  KMeansCenters,
  KMeansFit,
  KMeansOptions,
  KMeansSettings,
  KMeansStep,
  KMeansTrace,
} from "./types.ts";

/**
 * Fits K-Means: `nClusters` centers such that the sum of squared distances of the samples to their nearest center
 * cannot be lowered by moving samples or centers (a local minimum, found from each start).
 *
 * @param samples nSamples x nFeatures, finite
 * @returns the model, with labels and distances of the samples; the same bytes on any number of threads
 * @throws {OptionError} for an option out of range
 * @throws {InputError} for samples of no use
 * @throws {CancelledError} if `context.signal` fires
 *
 * Time O(nSamples x nFeatures x (nClusters + iterations)) in practice. Definition: Lloyd 1982.
 */
export function fit(
  samples: Samples,
  options: KMeansOptions,
  context: RunContext<KMeansStep> = {},
): Promise<KMeansFit> {
  return drain(steps(samples, options, context), context.onProgress);
}

/** As {@link fit}, one iteration at a time; what the generator returns is the fit. */
export function steps(
  samples: Samples,
  options: KMeansOptions,
  context: RunContext<KMeansStep> = {},
): AsyncGenerator<KMeansStep, KMeansFit, void> {
  return walk(samples, options, context, (step) => (step.kind === "start" ? [] : [step.step]));
}

/**
 * As {@link steps}, with a look at centers and labels after each iteration, and before the first one of each start: for
 * teaching, and for few samples, as each look copies the labels of all. The fit is the same.
 */
export function trace(
  samples: Samples,
  options: KMeansOptions,
  context: Pick<RunContext, "signal" | "compute"> = {},
): AsyncGenerator<KMeansTrace, KMeansFit, void> {
  return walk<KMeansTrace>(samples, options, context, (step, session) => {
    const centers = readCenters(session);
    if (step.kind === "start") return [{ restart: step.restart, iteration: 0, centers }];
    const { loaded } = session;
    const labels = Int32Array.from(loaded.compute.memory.int32(loaded.get("labels"), loaded.rows));
    return [{ ...step.step, centers, labels }];
  });
}

/** Where a fit stands: before the first iteration of a start, or after one. */
type Stand =
  | { readonly kind: "start"; readonly restart: number }
  | { readonly kind: "iteration"; readonly step: KMeansStep };

/** Fits, and yields what is seen wherever it stands. */
async function* walk<Seen>(
  samples: Samples,
  options: KMeansOptions,
  context: Pick<RunContext, "signal" | "compute">,
  look: (stand: Stand, session: FitSession) => readonly Seen[],
): AsyncGenerator<Seen, KMeansFit, void> {
  const settings = checkKMeansOptions(options, samples);
  throwIfCancelled("kMeans.fit", context.signal);
  const opened = await openSession(
    "kMeans.fit",
    computeOf(context.compute),
    samples,
    settings.nClusters,
    chooseAlgorithm(settings, samples),
    context.signal,
  );
  try {
    const session = await prepareFit(opened, samples);
    const centersOf = firstCenters(session, samples, settings);
    const root = createRandom(settings.seed).stream("k-means");
    let best: KMeansFit | undefined;
    for (let restart = 0; restart < settings.nRestarts; restart++) {
      await placeCenters(session, await centersOf(root.stream("start", restart)));
      yield* look({ kind: "start", restart }, session);
      const starting = oneStart(session, settings, restart);
      let next = await starting.next();
      while (!next.done) {
        yield* look({ kind: "iteration", step: next.value }, session);
        next = await starting.next();
      }
      if (best === undefined || next.value.inertia < best.inertia) best = next.value;
    }
    return best as KMeansFit;
  } finally {
    opened.loaded.release();
  }
}

/** How a start finds its first centers. */
function firstCenters(
  session: Session,
  samples: Samples,
  { init }: KMeansSettings,
): (random: Random) => Promise<Matrix> {
  if (typeof init !== "string") return async () => init;
  const indicesOf =
    init === "k-means++" ? plusPlusStarts(session) : async (random: Random) => randomStart(session, random);
  return async (random) => {
    const { data: chosen, rows, cols } = takeRows(samples, await indicesOf(random));
    const unit = isByteMatrix(samples) ? samples.unit : 1;
    const data = new Float64Array(chosen.length); // Float64Array.from calls a function for each
    for (let i = 0; i < chosen.length; i++) data[i] = (chosen[i] as number) * unit;
    return { rows, cols, data };
  };
}

async function* oneStart(
  session: FitSession,
  settings: KMeansSettings,
  restart: number,
): AsyncGenerator<KMeansStep, KMeansFit, void> {
  const history: KMeansStep[] = [];
  let converged = false;
  for (let iteration = 1; iteration <= settings.maxIterations && !converged; iteration++) {
    const pass = await iterate(session, iteration === 1);
    let { inertia } = pass;
    let relocated: readonly number[] = [];
    if (pass.emptyClusters.length > 0) {
      const filled = await refillEmpty(session, pass.emptyClusters);
      relocated = filled.refilled;
      if (relocated.length > 0) inertia = filled.inertia;
    }
    const before = history.at(-1)?.inertia;
    const step = { restart, iteration, inertia, changed: pass.changed, relocated };
    history.push(step);
    yield step;
    const unchanged = pass.changed === 0 && relocated.length === 0;
    const little =
      settings.tolerance > 0 && before !== undefined && before - inertia <= settings.tolerance * before;
    converged = unchanged || little;
  }
  // Unless nothing changed in it, the last iteration moved the centers after it had assigned the samples.
  if ((history.at(-1)?.changed ?? 0) > 0 || (history.at(-1)?.relocated.length ?? 0) > 0)
    await assignOnly(session);
  const { labels, distances, sizes, inertia } = await measure(session);
  return {
    kind: "k-means",
    settings,
    centers: readCenters(session),
    sizes,
    inertia,
    iterations: history.length,
    converged,
    restart,
    history,
    labels,
    distances,
  };
}

/**
 * Nearest center of each sample, the lowest index among equals, and the distance to it. On the samples that the model
 * was fitted to, these are its own labels.
 *
 * @param samples nSamples x nFeatures, in the units of the samples that the model was fitted to
 */
export async function assign(
  model: KMeansCenters,
  samples: Samples,
  context: RunContext = {},
): Promise<{ labels: Int32Array; distances: Float64Array }> {
  return withModel("kMeans.predict", model, samples, context, async (session) => {
    await assignOnly(session);
    const { labels, distances } = await measure(session);
    return { labels, distances };
  });
}

/** Label of each sample: the index of its nearest center. */
export async function predict(
  model: KMeansCenters,
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
export async function transform(
  model: KMeansCenters,
  samples: Samples,
  context: RunContext = {},
): Promise<Matrix<Float32Array>> {
  const nClusters = model.centers.rows;
  return withModel("kMeans.transform", model, samples, context, async ({ loaded, signal }) => {
    const length = samples.rows * nClusters;
    const output = loaded.allocate(length * 4);
    loaded.set({ output });
    await loaded.run([["distancesToCenters"]], signal);
    const data = Float32Array.from(loaded.compute.memory.float32(output, length));
    return { rows: samples.rows, cols: nClusters, data };
  });
}

/** Minus the sum of squared distances of the samples to their nearest centers; higher is better. */
export async function score(
  model: KMeansCenters,
  samples: Samples,
  context: RunContext = {},
): Promise<number> {
  const { distances } = await assign(model, samples, context);
  return -distances.reduce((sum, distance) => sum + distance * distance, 0);
}

/** Runs `work` on the samples with the model's centers in place, and gives the memory back. */
async function withModel<Result>(
  where: string,
  model: KMeansCenters,
  samples: Samples,
  context: RunContext,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  checkFeatures(where, model.centers.cols, samples);
  const { compute, signal } = context;
  const session = await openSession(where, computeOf(compute), samples, model.centers.rows, "lloyd", signal);
  try {
    await placeCenters(session, model.centers);
    return await work(session);
  } finally {
    session.loaded.release();
  }
}
