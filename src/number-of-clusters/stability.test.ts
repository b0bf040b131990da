import { describe, expect, test } from "vitest";
import { createRandom } from "../random/index.ts";
import { blobs } from "../testing/samples.ts";
import { agreement, stabilityCurve, stabilityProposal } from "./stability.ts";
import { kMeansClusterer } from "./testing/k-means-clusterer.ts";

const options = { clusterer: kMeansClusterer(1), seed: 1, restarts: 5 };

describe("agreement", () => {
  const one = blobs(createRandom(1), 200, 3, 3, 0.2);
  const other = { ...one, data: one.data.map((value, at) => value + 0.01 * Math.sin(at)) };

  test("is 1 where two halves show the same groups", async () => {
    expect(await agreement(one, other, { ...options, nClusters: 3 }, {})).toBe(1);
  });

  test("is about 0 where they have nothing in common", async () => {
    // Both halves are long, one along each axis: each is cut where the other is not.
    const random = createRandom(2);
    const cloud = (long: number) => ({
      rows: 500,
      cols: 2,
      data: Float32Array.from(
        { length: 1000 },
        (_, at) => (random.float() - 0.5) * (at % 2 === long ? 9 : 1),
      ),
    });
    const value = await agreement(cloud(0), cloud(1), { ...options, nClusters: 2 }, {});
    expect(Math.abs(value ?? 1)).toBeLessThan(0.05);
  });

  test("is null where a half has not two samples for each cluster", async () => {
    const few = { ...one, rows: 5, data: one.data.subarray(0, 15) };
    expect(await agreement(few, one, { ...options, nClusters: 3 }, {})).toBe(null);
    expect(await agreement(few, one, { ...options, nClusters: 2 }, {})).not.toBe(null);
  });
});

describe("stabilityCurve", () => {
  test("takes the agreement without groups off, and carries both errors", () => {
    // A = (0.7, 0.9), N = (0.2, 0.4): (0.8 - 0.3) / 0.7.
    const { stability, error } = stabilityCurve([2], [[0.7], [0.9]], [[0.2], [0.4]]);
    const value = 0.5 / 0.7;
    expect(stability[0]).toBeCloseTo(value, 12);
    // Each mean of two numbers 0.2 apart has the error 0.1.
    expect(error[0]).toBeCloseTo(Math.hypot(0.1, (1 - value) * 0.1) / 0.7, 12);
  });

  test("is null for one cluster, for what could not be measured, and where samples without groups agree in all", () => {
    const curve = stabilityCurve(
      [1, 2, 3, 4],
      [
        [1, 1, null, 0.5],
        [1, 1, 0.5, 0.5],
      ],
      [
        [1, 1, 0.2, 0.2],
        [1, 1, 0.2, 0.2],
      ],
    );
    expect(curve.stability.map((value) => value === null)).toEqual([true, true, true, false]);
    expect(curve.error.map((value) => value === null)).toEqual([true, true, true, false]);
  });
});

describe("stabilityProposal", () => {
  const curve = (stability: (number | null)[], error = stability.map(() => 0.01)) => ({ stability, error });

  test("is the k of the greatest stability, the largest that is no more than an error below", () => {
    expect(stabilityProposal([1, 2, 3, 4], curve([null, 0.3, 0.8, 0.7]))).toBe(3);
    expect(stabilityProposal([1, 2, 3, 4], curve([null, 0.8, 0.795, 0.7]))).toBe(3);
    expect(stabilityProposal([1, 2, 3, 4], curve([null, 0.8, 0.785, 0.7]))).toBe(2);
    expect(stabilityProposal([1, 2, 3, 4], curve([null, 0.8, 0.785, 0.7], [0, 0.01, 0.02, 0.02]))).toBe(3);
  });

  test("is 1 where nothing is more stable than samples without groups, if 1 is in the range", () => {
    expect(stabilityProposal([1, 2, 3], curve([null, 0.01, -0.2]))).toBe(1);
    expect(stabilityProposal([2, 3], curve([0.01, -0.2]))).toBe(null);
  });

  test("is null where nothing could be measured", () => {
    expect(stabilityProposal([1, 2], curve([null, null]))).toBe(null);
  });
});
