import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { InputError } from "../errors.ts";
import { createCompute } from "../kernels/index.ts";
import { type Matrix, matrixFromRows, type Samples } from "../matrix/index.ts";
import { createRandom } from "../random/index.ts";
import { blobs } from "../testing/samples.ts";
import { internalScores, silhouetteSamples } from "./internal.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());
const random = createRandom(0).stream("silhouette");

interface Case {
  name: string;
  rows: number;
  cols: number;
  data?: number[];
  bytes?: number[];
  labels: number[];
  silhouetteSamples: number[];
  scores: { silhouette: number; calinskiHarabasz: number; daviesBouldin: number; inertia: number };
}

describe("scikit-learn agrees", () => {
  const path = new URL("../../fixtures/metrics/internal.json", import.meta.url);
  const { cases } = JSON.parse(readFileSync(path, "utf8")) as { cases: Case[] };

  test.each(cases)("$name", async (expected) => {
    const { rows, cols } = expected;
    const samples: Samples = expected.bytes
      ? { rows, cols, data: Uint8Array.from(expected.bytes), unit: 1 / 255 }
      : { rows, cols, data: Float32Array.from(expected.data ?? []) };
    const labels = Int32Array.from(expected.labels);
    const nClusters = Math.max(...labels) + 1;
    const scores = await internalScores(samples, labels, { nClusters, random }, { compute });
    const close = (ours: number | undefined, theirs: number, tolerance: number): void =>
      expect(Math.abs((ours ?? Number.NaN) - theirs)).toBeLessThan(tolerance * Math.max(1, Math.abs(theirs)));
    close(scores.inertia, expected.scores.inertia, 1e-9);
    close(scores.calinskiHarabasz, expected.scores.calinskiHarabasz, 1e-9);
    close(scores.daviesBouldin, expected.scores.daviesBouldin, 1e-9);
    // Distances of the silhouette are single precision.
    close(scores.silhouette, expected.scores.silhouette, 1e-5);
    expect(scores.silhouetteError).toBe(0);
    const each = await silhouetteSamples(samples, labels, nClusters, { compute });
    each.forEach((value, i) => close(value, expected.silhouetteSamples[i] as number, 1e-5));
  });
});

test("two pairs on a line, worked by hand", async () => {
  // 0, 1 | 10, 12. Silhouettes: 0: a = 1, b = 11; 1: a = 1, b = 10; 10: a = 2, b = 9.5; 12: a = 2, b = 11.5.
  const samples = matrixFromRows([[0], [1], [10], [12]]);
  const labels = Int32Array.of(0, 0, 1, 1);
  const each = await silhouetteSamples(samples, labels, 2, { compute });
  [10 / 11, 9 / 10, 7.5 / 9.5, 9.5 / 11.5].forEach((value, i) => expect(each[i]).toBeCloseTo(value, 6));
  const scores = await internalScores(samples, labels, { nClusters: 2, random }, { compute });
  expect(scores.inertia).toBeCloseTo(2.5, 12);
  // Between: 4 (0.5 - 5.75)^2 = 110.25 over 1; within: 2.5 over 2. Spreads 0.5 and 1, centers 10.5 apart.
  expect(scores.calinskiHarabasz).toBeCloseTo(110.25 / 1.25, 9);
  expect(scores.daviesBouldin).toBeCloseTo(1.5 / 10.5, 12);
});

test("a sampled silhouette lies within four standard errors of the exact one, and the error shrinks with the sample", async () => {
  const samples = blobs(createRandom(2), 3000, 4, 6, 1.5);
  const labels = Int32Array.from({ length: 3000 }, (_, i) => ((samples.data[4 * i] as number) > 0 ? 1 : 0));
  const measure = (sampleSize?: number, seed = 0) =>
    internalScores(samples, labels, { nClusters: 2, sampleSize, random: createRandom(seed) }, { compute });
  const exact = await measure();
  for (let seed = 0; seed < 5; seed++) {
    const small = await measure(100, seed);
    const large = await measure(1600, seed);
    expect(Math.abs((small.silhouette ?? 0) - (exact.silhouette ?? 0))).toBeLessThan(
      4 * (small.silhouetteError ?? 0),
    );
    expect(Math.abs((large.silhouette ?? 0) - (exact.silhouette ?? 0))).toBeLessThan(
      4 * (large.silhouetteError ?? 0),
    );
    expect(large.silhouetteError).toBeLessThan((small.silhouetteError ?? 0) / 3);
    expect(small.silhouetteError).toBeGreaterThan(0);
  }
});

test("empty clusters and the names of clusters do not matter, nor does the number of threads", async () => {
  const samples = blobs(createRandom(3), 400, 5, 3, 1);
  const labels = Int32Array.from({ length: 400 }, (_, i) => i % 3);
  const renamed = labels.map((label) => [4, 0, 6][label] as number);
  const plain = await internalScores(samples, labels, { nClusters: 3, random }, { compute });
  const other = createCompute({ threads: 3 });
  const again = await internalScores(samples, renamed, { nClusters: 8, random }, { compute: other });
  other.close();
  expect(again.silhouette).toBeCloseTo(plain.silhouette as number, 12);
  expect(again.daviesBouldin).toBeCloseTo(plain.daviesBouldin as number, 12);
  expect(again.calinskiHarabasz).toBeCloseTo(plain.calinskiHarabasz as number, 9);
  expect(again.inertia).toBeCloseTo(plain.inertia, 8);
});

test("one cluster, and one cluster for each sample, have inertia and nothing else", async () => {
  const samples: Matrix<Float32Array> = matrixFromRows([[0], [2], [4]]);
  const options = { nClusters: 3, random };
  expect(await internalScores(samples, Int32Array.of(1, 1, 1), options, { compute })).toEqual({ inertia: 8 });
  expect(await internalScores(samples, Int32Array.of(0, 1, 2), options, { compute })).toEqual({ inertia: 0 });
});

test("a sample alone in its cluster has silhouette 0, as have samples that all lie in one point", async () => {
  const samples = matrixFromRows([[0], [0], [0], [5]]);
  const each = await silhouetteSamples(samples, Int32Array.of(0, 1, 1, 2), 3, { compute });
  expect([...each]).toEqual([0, 0, 0, 0]);
});

test("labels out of range or of another length are named", async () => {
  const samples = matrixFromRows([[0], [1]]);
  const fail = (labels: Int32Array) => internalScores(samples, labels, { nClusters: 2, random }, { compute });
  await expect(fail(Int32Array.of(0, 2))).rejects.toThrow("labels must lie in 0..1; got 2.");
  await expect(fail(Int32Array.of(0))).rejects.toThrow("labels must be as many as samples, 2; got 1.");
  await expect(silhouetteSamples(samples, Int32Array.of(0, 0), 2, { compute })).rejects.toThrow(InputError);
});
