import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../errors.ts";
import { contingencyTable } from "./contingency.ts";
import { labelPairs } from "./testing/labels.ts";

const labels = (...values: number[]): Int32Array => Int32Array.from(values);

describe("contingencyTable", () => {
  test("counts the samples of each class in each cluster, clusters in rows", () => {
    // cluster 0 holds classes 2, 2, 0; cluster 1 holds class 0
    expect(contingencyTable(labels(0, 0, 1, 0), labels(2, 2, 0, 0))).toEqual({
      nClusters: 2,
      nClasses: 3,
      counts: labels(1, 0, 2, 1, 0, 0),
      clusterSizes: Float64Array.of(3, 1),
      classSizes: Float64Array.of(2, 0, 2),
      total: 4,
      leftOut: 0,
    });
  });

  test("leaves out samples without a cluster or without a class, and counts them", () => {
    const table = contingencyTable(labels(-1, 0, 1, -1), labels(0, -1, 0, -1));
    expect(table).toMatchObject({ counts: labels(0, 1), total: 1, leftOut: 3 });
  });

  test("keeps empty clusters and classes where their number is stated", () => {
    const table = contingencyTable(labels(1), labels(0), { nClusters: 3, nClasses: 2 });
    expect(table.counts).toEqual(labels(0, 0, 1, 0, 0, 0));
    expect(table.clusterSizes).toEqual(Float64Array.of(0, 1, 0));
  });

  test("row sums, column sums and total are the sums of the counts", () => {
    fc.assert(
      fc.property(labelPairs, ({ clusters, classes }) => {
        const { nClusters, nClasses, counts, clusterSizes, classSizes, total } = contingencyTable(
          clusters,
          classes,
        );
        const cells = Array.from({ length: nClusters }, (_, r) =>
          Array.from(counts.subarray(r * nClasses, (r + 1) * nClasses)),
        );
        const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
        expect(Array.from(clusterSizes)).toEqual(cells.map(sum));
        expect(Array.from(classSizes)).toEqual(
          Array.from({ length: nClasses }, (_, l) => sum(cells.map((row) => row[l]))),
        );
        expect(total).toBe(clusters.length);
        expect(sum(cells.map(sum))).toBe(total);
      }),
    );
  });

  test.each([
    ["lengths differ", labels(0, 1), labels(0), {}, /clusters and classes must be equally long; got 2 and 1/],
    [
      "a label is below -1",
      labels(0, -2),
      labels(0, 0),
      {},
      /clusters must be integers from 0, or -1.*got -2 at index 1/,
    ],
    [
      "a class is not a number",
      labels(0),
      [Number.NaN],
      {},
      /classes must be integers from 0.*got NaN at index 0/,
    ],
    ["a class is a fraction", labels(0), [0.5], {}, /classes must be integers from 0.*got 0.5 at index 0/],
    ["there are no samples", labels(), labels(), {}, /at least one sample must have both.*got 0 samples/],
    [
      "all samples are left out",
      labels(-1, 0),
      labels(0, -1),
      {},
      /at least one sample must have both.*got 2 samples/,
    ],
    [
      "a cluster is beyond the stated number",
      labels(0, 2),
      labels(0, 0),
      { nClusters: 2 },
      /below nClusters, 2; got 2 at index 1/,
    ],
    [
      "a class is beyond the stated number",
      labels(0),
      labels(3),
      { nClasses: 3 },
      /below nClasses, 3; got 3 at index 0/,
    ],
    [
      "the stated number is no count",
      labels(0),
      labels(0),
      { nClusters: 1.5 },
      /nClusters must be an integer of at least 1; got 1.5/,
    ],
    ["the table would be too large", labels(9999), labels(5000), {}, /at most 50000000; got 10000 x 5001/],
  ])("refuses labels where %s", (_, clusters, classes, options, message) => {
    const call = () => contingencyTable(clusters, classes as Int32Array, options);
    expect(call).toThrow(InputError);
    expect(call).toThrow(message);
  });
});
