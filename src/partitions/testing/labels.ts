/** Labels and tables for the tests of the scores. */
import fc from "fast-check";
import type { ContingencyTable } from "../contingency.ts";
import { contingencyTable } from "../contingency.ts";

export interface LabelPair {
  readonly clusters: Int32Array;
  readonly classes: Int32Array;
}

/** Labels that have these counts: `counts[r][l]` samples of class l in cluster r. */
export function labelsFromCounts(counts: readonly (readonly number[])[]): LabelPair {
  const clusters: number[] = [];
  const classes: number[] = [];
  counts.forEach((row, r) => {
    row.forEach((count, l) => {
      for (let i = 0; i < count; i++) {
        clusters.push(r);
        classes.push(l);
      }
    });
  });
  return { clusters: Int32Array.from(clusters), classes: Int32Array.from(classes) };
}

/** Table with these counts, empty rows and columns kept. */
export function tableFromCounts(counts: readonly (readonly number[])[]): ContingencyTable {
  const { clusters, classes } = labelsFromCounts(counts);
  return contingencyTable(clusters, classes, { nClusters: counts.length, nClasses: counts[0].length });
}

/** Clusters become classes and classes clusters. */
export function swapped(table: ContingencyTable): ContingencyTable {
  const { nClusters, nClasses, counts } = table;
  return tableFromCounts(
    Array.from({ length: nClasses }, (_, l) =>
      Array.from({ length: nClusters }, (_, r) => counts[r * nClasses + l]),
    ),
  );
}

/** Up to 40 samples in up to 6 clusters and up to 6 classes, some of either possibly empty. */
export const labelPairs: fc.Arbitrary<LabelPair> = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 })), {
    minLength: 1,
    maxLength: 40,
  })
  .map((pairs) => ({
    clusters: Int32Array.from(pairs, ([cluster]) => cluster),
    classes: Int32Array.from(pairs, ([, label]) => label),
  }));

/** Tables of such labels, always 6 x 6. */
export const tables: fc.Arbitrary<ContingencyTable> = labelPairs.map(({ clusters, classes }) =>
  contingencyTable(clusters, classes, { nClusters: 6, nClasses: 6 }),
);
