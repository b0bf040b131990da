/**
 * The confusion matrix in its three orders of rows. Columns are classes and never move; rows are clusters:
 *
 * - matched: as the record has them, in the order of the best one-to-one match, so that agreement lies on the diagonal;
 * - majority: by the most frequent class of the cluster, the one with most images of it first, empty clusters last (seed 000);
 * - unsorted: by the cluster's own number, as the clusterer left them (seed 003).
 */
import type { RunRecord } from "../experiment/index.ts";
import { className, indexOfGreatest, scoredSource, sum } from "./clusters.ts";

/** One row: a cluster, its images of each class, and the class that is outlined in it. */
export interface ConfusionRow {
  readonly cluster: number;
  readonly counts: readonly number[];
  readonly outlined?: number;
}

/** Rows from top to bottom, with the names of the columns. */
export interface ConfusionTable {
  readonly classNames: readonly string[];
  readonly rows: readonly ConfusionRow[];
}

/** The same matrix with its rows in three orders. */
export interface ConfusionTables {
  readonly matched: ConfusionTable;
  readonly majority: ConfusionTable;
  readonly unsorted: ConfusionTable;
}

/** The tables of a run; nothing without labels. */
export function confusionTables(result: RunRecord): ConfusionTables | undefined {
  const { confusion, order } = result;
  if (confusion === undefined || order === undefined) return undefined;
  const nClasses = confusion[0]?.length ?? 0;
  if (nClasses === 0) return undefined;
  const source = scoredSource(result);
  const classNames = Array.from({ length: nClasses }, (_, l) => className(source, l));
  const partners = matchedClasses(confusion);
  const rows = order.map((cluster, r): ConfusionRow => {
    const outlined = partners[r];
    const counts = confusion[r] ?? [];
    return { cluster, counts, ...(outlined !== undefined && { outlined }) };
  });
  const unsorted = rows.toSorted((a, b) => a.cluster - b.cluster);
  const majority = unsorted
    .map(({ cluster, counts }): ConfusionRow => {
      const empty = !counts.some((n) => n > 0);
      return { cluster, counts, ...(!empty && { outlined: indexOfGreatest(counts) }) };
    })
    .toSorted((a, b) => majorityRank(a) - majorityRank(b) || majorityCount(b) - majorityCount(a));
  return {
    matched: { classNames, rows },
    majority: { classNames, rows: majority },
    unsorted: { classNames, rows: unsorted },
  };
}

/**
 * The class that each sorted row is matched with.
 *
 * The record's order says it: matched rows come first, by the number of their class. With at least as many clusters
 * as classes, row r goes with class r; with fewer, the rows take increasing classes whose counts sum to the most,
 * which is the best match because the best match has this order.
 */
export function matchedClasses(confusion: readonly (readonly number[])[]): readonly (number | undefined)[] {
  const nClasses = confusion[0]?.length ?? 0;
  const nMatched = Math.min(confusion.length, nClasses);
  if (nMatched === nClasses) return confusion.map((_, r) => (r < nClasses ? r : undefined));
  // best[r][l]: greatest sum for the rows before r out of the classes before l
  const best: number[][] = Array.from({ length: nMatched + 1 }, () =>
    new Array<number>(nClasses + 1).fill(0),
  );
  const at = (r: number, l: number): number => (l < r ? Number.NEGATIVE_INFINITY : (best[r]?.[l] ?? 0));
  const taken = (r: number, l: number): number => at(r - 1, l - 1) + (confusion[r - 1]?.[l - 1] ?? 0);
  for (let r = 1; r <= nMatched; r++) {
    for (let l = r; l <= nClasses; l++) (best[r] as number[])[l] = Math.max(at(r, l - 1), taken(r, l));
  }
  const matched = new Array<number | undefined>(confusion.length).fill(undefined);
  for (let r = nMatched, l = nClasses; r > 0; l--) {
    if (at(r, l - 1) >= taken(r, l)) continue;
    matched[r - 1] = l - 1;
    r--;
  }
  return matched;
}

/**
 * The part of a table that a picture can hold: the largest clusters and the most frequent classes, in their order.
 *
 * @returns the table itself if it fits
 */
export function trimTable(table: ConfusionTable, maxRows: number, maxClasses: number): ConfusionTable {
  if (table.rows.length <= maxRows && table.classNames.length <= maxClasses) return table;
  const classTotals = table.classNames.map((_, l) => sum(table.rows.map((row) => row.counts[l] ?? 0)));
  const classes = largest(classTotals, maxClasses);
  const kept = largest(
    table.rows.map((row) => sum(row.counts)),
    maxRows,
  );
  return {
    classNames: classes.map((l) => table.classNames[l] ?? ""),
    rows: kept.map((r) => {
      const { cluster = 0, counts = [], outlined } = table.rows[r] ?? {};
      const column = outlined === undefined ? -1 : classes.indexOf(outlined);
      return {
        cluster,
        counts: classes.map((l) => counts[l] ?? 0),
        ...(column >= 0 && { outlined: column }),
      };
    }),
  };
}

// Positions of the greatest values, ascending; the earlier among equals.
function largest(values: readonly number[], nKept: number): readonly number[] {
  return values
    .map((value, i) => ({ value, i }))
    .toSorted((a, b) => b.value - a.value || a.i - b.i)
    .slice(0, nKept)
    .map(({ i }) => i)
    .toSorted((a, b) => a - b);
}

// Empty clusters come last.
function majorityRank({ outlined, counts }: ConfusionRow): number {
  return outlined ?? counts.length;
}

function majorityCount({ counts }: ConfusionRow): number {
  return Math.max(...counts, 0);
}
