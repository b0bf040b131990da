import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { swapped, tableFromCounts, tables } from "../partitions/testing/labels.ts";
import { accuracy, bestMatch, majorityOrder, matchOrder, sortedConfusion } from "./matching.ts";

describe("bestMatch", () => {
  test("matches one to one, so that a cluster may lose its most frequent class", () => {
    // Both clusters hold mostly class 0: 5 + 1 < 4 + 3.
    const match = bestMatch(
      tableFromCounts([
        [5, 3],
        [4, 1],
      ]),
    );
    expect(match).toEqual({ classOfCluster: Int32Array.of(1, 0), matched: 7 });
  });

  test("leaves clusters over where there are more clusters than classes", () => {
    const match = bestMatch(
      tableFromCounts([
        [1, 2],
        [6, 0],
        [0, 5],
      ]),
    );
    expect(match).toEqual({ classOfCluster: Int32Array.of(-1, 0, 1), matched: 11 });
  });

  test("leaves classes over where there are more classes than clusters", () => {
    const table = tableFromCounts([
      [1, 2, 9],
      [6, 0, 8],
    ]);
    expect(bestMatch(table)).toEqual({ classOfCluster: Int32Array.of(2, 0), matched: 15 });
    expect(accuracy(table)).toBe(15 / 26);
  });

  test("matches as many samples as its mirror image, classes matched to clusters", () => {
    fc.assert(
      fc.property(tables, (table) => {
        expect(bestMatch(swapped(table)).matched).toBe(bestMatch(table).matched);
      }),
    );
  });
});

describe("matchOrder", () => {
  test("puts the cluster of class 0 first, then that of class 1; the others follow by size, ties by index", () => {
    const table = tableFromCounts([
      [1, 1], // left over, 2 samples
      [0, 9], // class 1
      [2, 2], // left over, 4 samples
      [8, 0], // class 0
      [1, 1], // left over, 2 samples
      [0, 0], // left over, empty
    ]);
    expect(matchOrder(table)).toEqual([3, 1, 2, 0, 4, 5]);
  });

  test("sorts a clustering that is the classes under other names onto the diagonal", () => {
    const table = tableFromCounts([
      [0, 0, 4],
      [7, 0, 0],
      [0, 2, 0],
    ]);
    expect(sortedConfusion(table, matchOrder(table))).toEqual([
      [7, 0, 0],
      [0, 2, 0],
      [0, 0, 4],
    ]);
  });

  test("is a permutation whose diagonal holds exactly the matched samples", () => {
    fc.assert(
      fc.property(tables, (table) => {
        const order = matchOrder(table);
        expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5]);
        const diagonal = sortedConfusion(table, order).reduce((sum, row, r) => sum + row[r], 0);
        expect(diagonal).toBe(bestMatch(table).matched);
      }),
    );
  });
});

describe("majorityOrder", () => {
  test("sorts clusters by their most frequent class; two clusters may stand for one class", () => {
    const table = tableFromCounts([
      [0, 1, 6], // class 2
      [3, 0, 1], // class 0, 3 samples of it
      [0, 0, 0], // empty: last
      [5, 2, 0], // class 0, 5 samples of it
      [4, 0, 4], // tie: class 0, the lowest
    ]);
    expect(majorityOrder(table)).toEqual([3, 4, 1, 0, 2]);
  });

  test("is a permutation along which the most frequent class never falls, empty clusters last", () => {
    fc.assert(
      fc.property(tables, (table) => {
        const order = majorityOrder(table);
        expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5]);
        const majority = sortedConfusion(table, order).map((row) => {
          const most = Math.max(...row);
          return most === 0 ? table.nClasses : row.indexOf(most);
        });
        expect(majority).toEqual(majority.toSorted((a, b) => a - b));
      }),
    );
  });
});
