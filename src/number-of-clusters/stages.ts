/** The parts of a panel, each a generator of its progress. */
import { drain, throwIfCancelled } from "../estimator.ts";
import { type Samples, takeRows } from "../matrix/index.ts";
import { distinctIntegers, type Random } from "../random/index.ts";
import { fallingFit, type PartitionFit } from "./fits.ts";
import { type GapCurve, gapCurve } from "./gap.ts";
import type { Ground } from "./ground.ts";
import { type MixtureValues, mixtureValues, scaledSamples } from "./mixtures.ts";
import type { PanelSettings } from "./options.ts";
import { grownCenters, partitionOf } from "./partition.ts";
import type { Reference } from "./reference.ts";
import { type PartitionScores, partitionScores } from "./scores.ts";
import { agreement, type StabilityCurve, stabilityCurve } from "./stability.ts";
import type { Curve, PanelClusterer, PanelContext, PanelProgress } from "./types.ts";

/** What the parts of a panel share. */
export interface Work<Model> {
  readonly samples: Samples;
  readonly ground: Ground;
  readonly clusterer: PanelClusterer<Model>;
  readonly settings: PanelSettings;
  readonly k: readonly number[];
  readonly random: Random;
  readonly context: PanelContext;
}

/** Starts of a clustering of a half. A missed optimum looks like instability, so one is not enough. */
const HALF_RESTARTS = 5;

/** The partition for each k, of all samples. */
export async function* fitAll<Model>(
  work: Work<Model>,
): AsyncGenerator<PanelProgress, PartitionFit<Model>[], void> {
  const { samples, clusterer, settings, k, context } = work;
  const fits: PartitionFit<Model>[] = [];
  for (const [position, nClusters] of k.entries()) {
    throwIfCancelled("panel", context.signal);
    const options = { nClusters, seed: settings.seed };
    const steps = fallingFit(clusterer, samples, options, fits.at(-1), context);
    let next = await steps.next();
    while (!next.done) {
      const { iteration, objective } = next.value;
      yield { stage: "fit", k: nClusters, position, total: k.length, iteration, objective };
      next = await steps.next();
    }
    fits.push(next.value);
  }
  return fits;
}

/** Internal scores of each partition. */
export async function* scoreAll(
  { ground, settings, k, random, context }: Work<unknown>,
  labels: readonly Int32Array[],
): AsyncGenerator<PanelProgress, PartitionScores[], void> {
  const scores: PartitionScores[] = [];
  const measured = settings.silhouetteSize;
  for (const [at, nClusters] of k.entries()) {
    throwIfCancelled("panel", context.signal);
    // The same samples at each k, so that the differences between them owe nothing to the draw.
    const options = { nClusters, measured, random: random.stream("silhouette") };
    scores.push(await partitionScores(ground, labels[at], options, context));
    yield { stage: "scores", done: at + 1, total: k.length };
  }
  return scores;
}

/** Criteria of the mixtures that start from each partition. */
export async function* mixAll(
  { samples, ground, k, context }: Work<unknown>,
  fits: readonly PartitionFit<unknown>[],
): AsyncGenerator<PanelProgress, MixtureValues[], void> {
  const values: MixtureValues[] = [];
  const scaled = scaledSamples(ground.samples, ground.negligible);
  for (const [at, nClusters] of k.entries()) {
    throwIfCancelled("panel", context.signal);
    const means = grownCenters(samples, fits[at].partition, nClusters);
    values.push(
      scaled ? await mixtureValues(scaled, means, context) : { bic: null, adjustedBic: null, icl: null },
    );
    yield { stage: "mixtures", done: at + 1, total: k.length };
  }
  return values;
}

/** Gap of the partitions. */
export async function* gapOf(
  { ground, clusterer, settings, k, random, context }: Work<unknown>,
  labels: readonly Int32Array[],
  reference: Reference,
): AsyncGenerator<PanelProgress, GapCurve, void> {
  const scatter = k.map((nClusters, at) => partitionOf(ground.samples, labels[at], nClusters).scatter);
  const references: number[][] = [];
  const total = settings.references * k.length;
  for (let b = 0; b < settings.references; b++) {
    const samples = reference(random.stream("reference", b));
    const seed = random.stream("reference seed", b).uint32();
    const own: number[] = [];
    let previous: PartitionFit<unknown> | undefined;
    for (const nClusters of k) {
      throwIfCancelled("panel", context.signal);
      previous = await drain(
        fallingFit(clusterer, samples, { nClusters, seed, restarts: 1 }, previous, context),
      );
      own.push(previous.partition.scatter);
      yield { stage: "gap", done: b * k.length + own.length, total };
    }
    references.push(own);
  }
  return gapCurve(scatter, references, ground.negligible);
}

/** Stability of the clusterings of halves. */
export async function* stabilityOf(
  { samples, ground, clusterer, settings, k, random, context }: Work<unknown>,
  reference: Reference,
): AsyncGenerator<PanelProgress, StabilityCurve, void> {
  const { pairs } = settings;
  const half = Math.floor(ground.samples.rows / 2);
  const agreements: Curve[] = [];
  const chances: Curve[] = [];
  for (let turn = 0; turn < 2 * pairs; turn++) {
    const pair = turn >> 1;
    const without = turn % 2 === 1;
    const source = without ? reference(random.stream("chance", pair)) : samples;
    const rows = distinctIntegers(random.stream("halves", pair), 2 * half, source.rows);
    const one = takeRows(source, rows.subarray(0, half).sort());
    const other = takeRows(source, rows.subarray(half).sort());
    const seed = random.stream("halves seed", turn).uint32();
    const own: (number | null)[] = [];
    for (const nClusters of k) {
      throwIfCancelled("panel", context.signal);
      const options = { clusterer, nClusters, seed, restarts: HALF_RESTARTS };
      own.push(await agreement(one, other, options, context));
      yield { stage: "stability", done: turn * k.length + own.length, total: 2 * pairs * k.length };
    }
    (without ? chances : agreements).push(own);
  }
  return stabilityCurve(k, agreements, chances);
}
