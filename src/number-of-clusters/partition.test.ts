import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fit } from "../cluster/k-means/index.ts";
import { matrixFromRows } from "../matrix/index.ts";
import { createRandom } from "../random/index.ts";
import { blobs, byteBlobs } from "../testing/samples.ts";
import { grownCenters, partitionOf } from "./partition.ts";

const samples = matrixFromRows([
  [0, 0],
  [2, 0],
  [10, 1],
  [10, 5],
  [13, 3],
]);

describe("partitionOf", () => {
  test("gives means, sizes, squared distances and their sum", () => {
    const { means, sizes, squares, scatter } = partitionOf(samples, Int32Array.of(0, 0, 2, 2, 2), 3);
    expect([...means.data]).toEqual([1, 0, 0, 0, 11, 3]); // cluster 1 is empty
    expect([...sizes]).toEqual([2, 0, 3]);
    expect([...squares]).toEqual([1, 1, 5, 5, 4]);
    expect(scatter).toBe(16);
  });

  test("takes bytes in their unit", () => {
    const bytes = { rows: 2, cols: 1, data: Uint8Array.of(0, 4), unit: 0.5 };
    const { means, scatter } = partitionOf(bytes, Int32Array.of(0, 0), 1);
    expect([...means.data]).toEqual([1]);
    expect(scatter).toBe(2);
  });

  test("of K-Means, the scatter is its inertia", async () => {
    for (const set of [blobs(createRandom(1), 400, 7, 4, 2), byteBlobs(createRandom(2), 300, 9, 3, 1)]) {
      const { labels, inertia } = await fit(set, { nClusters: 6 });
      const { scatter } = partitionOf(set, labels, 6);
      expect(Math.abs(scatter - inertia)).toBeLessThan(1e-9 * inertia);
    }
  });
});

describe("grownCenters", () => {
  test("are the means and the sample farthest from its own", () => {
    const grown = grownCenters(samples, partitionOf(samples, Int32Array.of(0, 0, 1, 1, 1), 2), 3);
    // Samples 2 and 3 are equally far; the first is taken.
    expect([...grown.data]).toEqual([1, 0, 11, 3, 10, 1]);
  });

  test("leave out empty clusters and take as many samples more", () => {
    const grown = grownCenters(samples, partitionOf(samples, Int32Array.of(0, 0, 2, 2, 2), 3), 4);
    expect([...grown.data]).toEqual([1, 0, 11, 3, 10, 1, 10, 5]);
  });

  test("K-Means started from them ends no higher than the partition", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1000), fc.integer({ min: 1, max: 6 }), async (seed, nClusters) => {
        const set = blobs(createRandom(seed), 60, 3, 4, 2);
        const labels = Int32Array.from({ length: 60 }, (_, i) => (i * 7 + seed) % nClusters);
        const partition = partitionOf(set, labels, nClusters);
        const init = grownCenters(set, partition, nClusters + 1);
        const { inertia } = await fit(set, { nClusters: nClusters + 1, init });
        expect(inertia).toBeLessThanOrEqual(partition.scatter * (1 + 1e-12));
      }),
      { numRuns: 40 },
    );
  });
});
