import type { ComparisonRecord, Exhibits, RunRecord } from "../experiment/index.ts";
import { slug } from "../presentation/index.ts";
import { type ClusterNames, type ClusterSummary, clusterSummaries } from "./clusters.ts";
import { costOf } from "./cost.ts";

/** A run together with the pictures kept of it. */
export interface ShownRun {
  readonly result: RunRecord;
  readonly exhibits: Exhibits;
}

/** A run as its sections need it. */
export interface RunView {
  readonly result: RunRecord;
  readonly exhibits?: Exhibits;
  readonly clusters: readonly ClusterSummary[];
  /** Put before ids and file names, so that several runs fit on one page; empty for a run alone. */
  readonly prefix: string;
  /** Most bytes of pixels that its examples may take before compression. */
  readonly pixelBudget: number;
  /** Most points that a picture of its code may have. */
  readonly pointBudget: number;
}

// Pixels that do not compress grow by a third in base64: this keeps a page well under 3 MB at its worst.
const pagePixelBudget = 1_200_000;

// A point takes about 60 bytes: two pictures in two colourings, and its numbers for turning.
const pagePointBudget = 8_000;

/** View of a run that has the page for itself. */
export function viewOf(result: RunRecord, exhibits?: Exhibits, names?: ClusterNames): RunView {
  return {
    result,
    ...(exhibits && { exhibits }),
    clusters: clusterSummaries(result, names),
    prefix: "",
    pixelBudget: pagePixelBudget,
    pointBudget: pagePointBudget,
  };
}

/**
 * One run for each method, in the order of the summary: of those with pictures (or of all, if none has), the one that is
 * best by its own objective, which is a choice that needs no labels; the earliest among equals.
 *
 * @param comparison at least one run
 * @param reserved bytes of pixels that the page needs for pictures that are of no single run
 */
export function shownRuns(
  comparison: ComparisonRecord,
  shown: readonly ShownRun[],
  reserved = 0,
): readonly RunView[] {
  const methods = comparison.summary.map(({ method }) => method);
  const several = methods.length > 1;
  return methods.flatMap((method, m) => {
    const pictured = shown.filter(({ result }) => result.method === method);
    const candidates: readonly { result: RunRecord; exhibits?: Exhibits }[] =
      pictured.length > 0
        ? pictured
        : comparison.results.filter((result) => result.method === method).map((result) => ({ result }));
    const best = bestRun(candidates);
    if (best === undefined) return [];
    const view = viewOf(best.result, best.exhibits);
    if (!several) return [view];
    return [
      {
        ...view,
        prefix: `m${m + 1}-${slug(method)}-`,
        pixelBudget: (pagePixelBudget - reserved) / methods.length,
        pointBudget: Math.floor(pagePointBudget / methods.length),
      },
    ];
  });
}

/** The method to name first: of greatest mean accuracy where labels are known, else the first. */
export function leadingMethod(comparison: ComparisonRecord): string | undefined {
  let lead = comparison.summary[0];
  for (const candidate of comparison.summary) {
    if ((candidate.metrics.accuracy?.mean ?? 0) > (lead?.metrics.accuracy?.mean ?? 0)) lead = candidate;
  }
  return lead?.method;
}

function bestRun<T extends { readonly result: RunRecord }>(runs: readonly T[]): T | undefined {
  let best = runs[0];
  for (const run of runs) {
    if (costOf(run.result) < (best === undefined ? Number.POSITIVE_INFINITY : costOf(best.result)))
      best = run;
  }
  return best;
}
