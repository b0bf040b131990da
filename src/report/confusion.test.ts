import fc from "fast-check";
import { expect, test } from "vitest";
import { confusionTables, matchedClasses, trimTable } from "./confusion.ts";
import { runRecord } from "./testing/records.ts";

// Two clusters of class b, none of c; cluster 1 is empty.
const confusion = [
  [7, 1, 0],
  [0, 5, 2],
  [0, 0, 0],
  [1, 9, 1],
];
const order = [2, 0, 1, 3];
const result = {
  ...runRecord({ classNames: ["a", "b", "c"], nClusters: 4 }),
  confusion,
  order,
  sizes: [7, 0, 8, 11],
};

test("sorted rows keep the record's order and are outlined where row and class are matched", () => {
  const rows = confusionTables(result)?.matched.rows;
  expect(rows?.map(({ cluster, outlined }) => [cluster, outlined])).toEqual([
    [2, 0],
    [0, 1],
    [1, 2],
    [3, undefined],
  ]);
});

test("by majority, clusters stand by their most frequent class, the fullest first, empty ones last and without outline", () => {
  const rows = confusionTables(result)?.majority.rows;
  expect(rows?.map(({ cluster, outlined }) => [cluster, outlined])).toEqual([
    [2, 0],
    [3, 1],
    [0, 1],
    [1, undefined],
  ]);
});

test("unsorted rows are the clusters in the order of their numbers, with their own counts", () => {
  const rows = confusionTables(result)?.unsorted.rows;
  expect(rows?.map(({ cluster, counts }) => [cluster, ...counts])).toEqual([
    [0, 0, 5, 2],
    [1, 0, 0, 0],
    [2, 7, 1, 0],
    [3, 1, 9, 1],
  ]);
});

test("without labels there is no confusion matrix", () => {
  expect(confusionTables(runRecord({ labelled: false }))).toBeUndefined();
});

test("with fewer clusters than classes, the outlined cells are a best match", () => {
  const matrices = fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 3, max: 5 }))
    .chain(([rows, columns]) =>
      fc.array(fc.array(fc.nat(20), { minLength: columns, maxLength: columns }), {
        minLength: rows,
        maxLength: rows,
      }),
    );
  fc.assert(
    fc.property(matrices, (counts) => {
      const best = bestMatchByTrying(counts);
      // The record's order: clusters by the class that they are matched with.
      const sorted = counts.map((row, r) => ({ row, l: best.classes[r] ?? 0 })).sort((a, b) => a.l - b.l);
      const rows = sorted.map(({ row }) => row);
      const classes = matchedClasses(rows);
      expect(new Set(classes).size).toBe(rows.length);
      expect(rows.reduce((total, row, r) => total + (row[classes[r] ?? -1] ?? Number.NaN), 0)).toBe(
        best.total,
      );
    }),
  );
});

test("a table too large for a picture keeps its fullest rows and columns, in their order", () => {
  const table = confusionTables(result)?.unsorted;
  const trimmed = table && trimTable(table, 2, 2);
  expect(trimmed).toEqual({
    classNames: ["a", "b"],
    rows: [
      { cluster: 2, counts: [7, 1], outlined: 0 },
      { cluster: 3, counts: [1, 9] },
    ],
  });
});

function bestMatchByTrying(counts: readonly (readonly number[])[]): { classes: number[]; total: number } {
  let best = { classes: [] as number[], total: -1 };
  const walk = (classes: number[], total: number): void => {
    if (classes.length === counts.length) {
      if (total > best.total) best = { classes, total };
      return;
    }
    counts[classes.length]?.forEach((n, l) => {
      if (!classes.includes(l)) walk([...classes, l], total + n);
    });
  };
  walk([], 0);
  return best;
}
