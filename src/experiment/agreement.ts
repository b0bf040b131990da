/** How far methods, and runs of one method from different seeds, agree on the groups: no labels are needed for it. */
import { adjustedRandIndex, contingencyTable } from "../metrics/index.ts";
import type { AgreementRecord } from "./record.ts";

/** What one run made of the images. */
export interface LabelledRun {
  readonly method: string;
  readonly seed: number;
  /** Cluster of each image, the same images in the same order for all runs. */
  readonly labels: Int32Array;
}

/**
 * Adjusted Rand index between the labels of any two methods, averaged over the seeds that both have; of a method with
 * itself, averaged over the pairs of its runs.
 *
 * @returns nothing for fewer than two runs, of which none can be compared
 * @throws {InputError} if the runs differ in their number of images
 *
 * Time O(nImages) for each pair of runs that is compared.
 */
export function agreementOf(runs: readonly LabelledRun[]): AgreementRecord | undefined {
  if (runs.length < 2) return undefined;
  const methods = [...new Set(runs.map(({ method }) => method))];
  const runsOf = methods.map((method) => runs.filter((run) => run.method === method));
  const ari = methods.map((): (number | null)[] => new Array<number | null>(methods.length).fill(null));
  runsOf.forEach((ofA, a) => {
    for (let b = a; b < methods.length; b++) {
      const value = mean(a === b ? pairsWithin(ofA) : pairsOfSeeds(ofA, runsOf[b] ?? []));
      (ari[a] as (number | null)[])[b] = value;
      (ari[b] as (number | null)[])[a] = value;
    }
  });
  return { methods, ari };
}

type Pair = readonly [a: LabelledRun, b: LabelledRun];

function pairsWithin(runs: readonly LabelledRun[]): readonly Pair[] {
  return runs.flatMap((a, i) => runs.slice(i + 1).map((b): Pair => [a, b]));
}

function pairsOfSeeds(ofA: readonly LabelledRun[], ofB: readonly LabelledRun[]): readonly Pair[] {
  return ofA.flatMap((a) => ofB.filter(({ seed }) => seed === a.seed).map((b): Pair => [a, b]));
}

function mean(pairs: readonly Pair[]): number | null {
  if (pairs.length === 0) return null;
  const total = pairs.reduce(
    (sum, [a, b]) => sum + adjustedRandIndex(contingencyTable(a.labels, b.labels)),
    0,
  );
  return total / pairs.length;
}
