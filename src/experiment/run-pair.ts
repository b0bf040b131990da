/** Two runs held against each other. */
import {
  adjustedRandIndex,
  bestMatch,
  contingencyTable,
  normalizedMutualInformation,
} from "../metrics/index.ts";
import type { MetricName, RunRecord } from "./record.ts";

/** A run with the clusters that it gave its scored images. */
export interface RunLabels {
  readonly record: RunRecord;
  readonly labels: Int32Array;
  /** All clusters are below it, where they were edited; else the record's number of clusters. */
  readonly nClusters?: number;
}

/** Something that two runs have different; null where a run has none. */
export interface Difference {
  /** As in `run.json`: `settings.restarts`. */
  readonly name: string;
  readonly values: readonly [unknown, unknown];
}

/** A score of both; null where a run has none. */
export interface ScorePair {
  readonly name: MetricName;
  readonly values: readonly [number | null, number | null];
}

export interface RunPair {
  readonly differences: readonly Difference[];
  readonly scores: readonly ScorePair[];
  /** Whether both gave clusters to the same images, by their digest; only then is there an agreement. */
  readonly sameImages: boolean;
  /** Adjusted Rand index of their clusters. */
  readonly ari?: number;
  /** Normalized mutual information of their clusters. */
  readonly nmi?: number;
  /** `flow[a][b]`: images in the first run's cluster a and the second one's cluster b. */
  readonly flow?: readonly (readonly number[])[];
  /**
   * Pairs of a cluster of each, one-to-one, by which the most images lie in both of a pair; clusters that share no image
   * are no pair.
   */
  readonly match?: readonly (readonly [number, number])[];
}

/** Compares what two runs were asked, what they scored, and what they made of the same images. */
export function compareRuns(first: RunLabels, second: RunLabels): RunPair {
  const [a, b] = [first.record, second.record];
  const sameImages =
    (a.scored ?? a.source).sha256 === (b.scored ?? b.source).sha256 &&
    first.labels.length === second.labels.length;
  return {
    differences: differencesOf(a, b),
    scores: scoresOf(a, b),
    sameImages,
    ...(sameImages && agreementOf(first, second)),
  };
}

function agreementOf(first: RunLabels, second: RunLabels): Partial<RunPair> {
  const flow = flowOf(first, second);
  const table = contingencyTable(first.labels, second.labels);
  const { classOfCluster } = bestMatch(table);
  return {
    ari: adjustedRandIndex(table),
    nmi: normalizedMutualInformation(table),
    flow,
    match: Array.from(classOfCluster, (b, a) => [a, b] as const).filter(([a, b]) => (flow[a]?.[b] ?? 0) > 0),
  };
}

function differencesOf(a: RunRecord, b: RunRecord): readonly Difference[] {
  const of = ({ method, requested, seed, clusters, settings, source, scored, environment }: RunRecord) =>
    new Map(
      flattened("", {
        ...{ method, requested, seed, clusters, settings, source },
        ...(scored && { scored }),
        environment: { unlabeled: environment.unlabeled, runtime: environment.runtime },
      }),
    );
  const [one, other] = [of(a), of(b)];
  return [...new Set([...one.keys(), ...other.keys()])]
    .map((name): Difference => ({ name, values: [one.get(name) ?? null, other.get(name) ?? null] }))
    .filter(({ values }) => JSON.stringify(values[0]) !== JSON.stringify(values[1]));
}

/** Values by their path; lists are one value. */
function flattened(path: string, value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .flatMap(([key, one]) => flattened(path === "" ? key : `${path}.${key}`, one));
}

function scoresOf(a: RunRecord, b: RunRecord): readonly ScorePair[] {
  const names = new Set([...Object.keys(a.metrics), ...Object.keys(b.metrics)]) as Set<MetricName>;
  return [...names].map((name) => ({ name, values: [a.metrics[name] ?? null, b.metrics[name] ?? null] }));
}

function flowOf(first: RunLabels, second: RunLabels): readonly (readonly number[])[] {
  const nClusters = ({ record, nClusters }: RunLabels): number => nClusters ?? record.clusters;
  const flow = Array.from({ length: nClusters(first) }, () => new Array<number>(nClusters(second)).fill(0));
  first.labels.forEach((cluster, i) => {
    const row = flow[cluster] as number[];
    const to = second.labels[i] as number;
    row[to] = (row[to] as number) + 1;
  });
  return flow;
}
