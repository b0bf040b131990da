import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contingencyTable } from "../partitions/index.ts";
import { labelsFromCounts, tableFromCounts, tables } from "../partitions/testing/labels.ts";
import { expectedMutualInformation } from "./expected-mutual-information.ts";
import { mutualInformation } from "./information.ts";

/** All orders of the values. */
function permutationsOf(values: readonly number[]): number[][] {
  if (values.length <= 1) return [[...values]];
  return values.flatMap((value, i) =>
    permutationsOf([...values.slice(0, i), ...values.slice(i + 1)]).map((rest) => [value, ...rest]),
  );
}

/** Equation 24a of Vinh, Epps and Bailey 2010 as it stands, over all counts, with binomials by Pascal's rule. */
function fromTheEquation(
  clusterSizes: ArrayLike<number>,
  classSizes: ArrayLike<number>,
  total: number,
): number {
  const pascal: number[][] = [[1]];
  for (let n = 1; n <= total; n++) {
    pascal.push(
      Array.from({ length: n + 1 }, (_, i) => (pascal[n - 1][i - 1] ?? 0) + (pascal[n - 1][i] ?? 0)),
    );
  }
  let sum = 0;
  for (const a of Array.from(clusterSizes)) {
    for (const b of Array.from(classSizes)) {
      for (let n = Math.max(1, a + b - total); n <= Math.min(a, b); n++) {
        const probability = (pascal[b][n] / pascal[total][a]) * (pascal[total - b][a - n] ?? 0);
        sum += (n / total) * Math.log((total * n) / (a * b)) * probability;
      }
    }
  }
  return sum;
}

describe("expectedMutualInformation", () => {
  test("is the mean mutual information over all orders of the classes", () => {
    const { clusters, classes } = labelsFromCounts([
      [2, 0, 1],
      [0, 2, 1],
      [1, 0, 0],
    ]);
    const values = permutationsOf(Array.from(classes)).map((order) =>
      mutualInformation(contingencyTable(clusters, Int32Array.from(order))),
    );
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length; // 7! = 5040 orders
    expect(Math.abs(expectedMutualInformation(contingencyTable(clusters, classes)) - mean)).toBeLessThan(
      1e-12,
    );
  });

  test("agrees with the published equation to 1e-13", () => {
    fc.assert(
      fc.property(tables, (table) => {
        const { clusterSizes, classSizes, total } = table;
        const expected = fromTheEquation(clusterSizes, classSizes, total);
        expect(Math.abs(expectedMutualInformation(table) - expected)).toBeLessThan(1e-13);
      }),
    );
  });

  test("is 0 where one side is a single group, and the entropy of one side where the other is all singletons", () => {
    expect(Math.abs(expectedMutualInformation(tableFromCounts([[3, 4, 5]])))).toBeLessThan(1e-15);
    const singletons = tableFromCounts([
      [1, 0],
      [1, 0],
      [1, 0],
      [0, 1],
    ]);
    const entropy = (3 / 4) * Math.log(4 / 3) + (1 / 4) * Math.log(4);
    expect(Math.abs(expectedMutualInformation(singletons) - entropy)).toBeLessThan(1e-15);
  });

  test("stays finite where the likeliest count has a probability far above that of the least", () => {
    // Two halves of 70,000: a count of 1 has a probability of about 1e-21000.
    const table = tableFromCounts([
      [20_000, 15_000],
      [15_000, 20_000],
    ]);
    // For large N it is near (rows - 1)(columns - 1) / (2N), with a relative error of order 1 / N.
    expect(expectedMutualInformation(table) * 2 * 70_000).toBeCloseTo(1, 4);
  });
});
