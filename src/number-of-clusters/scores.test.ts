import { describe, expect, test } from "vitest";
import { fit } from "../cluster/k-means/index.ts";
import { createRandom } from "../random/index.ts";
import { blobs } from "../testing/samples.ts";
import { groundOf, labelsOn } from "./ground.ts";
import { partitionScores } from "./scores.ts";

const samples = blobs(createRandom(1), 300, 3, 3, 1);

async function scoresOf(measured: number, population = 300) {
  const { labels } = await fit(samples, { nClusters: 3 });
  const ground = { ...groundOf(samples, 300, createRandom(2)), population };
  return partitionScores(ground, labels, { nClusters: 3, measured, random: createRandom(3) }, {});
}

describe("partitionScores", () => {
  test("give the error of a mean of 100 of 300 samples, and a larger one where these are drawn from 3,000", async () => {
    const { silhouetteError: among300 } = await scoresOf(100);
    const { silhouetteError: among3000 } = await scoresOf(100, 3000);
    // Of a mean of m out of n drawn without repeats, the variance is that of one value / m x (1 - m / n).
    expect(among300).toBeGreaterThan(0);
    expect((among3000 ?? 0) / (among300 ?? 0)).toBeCloseTo(Math.sqrt((1 - 1 / 30) / (1 - 1 / 3)), 12);
  });

  test("give no error where all samples are measured", async () => {
    expect((await scoresOf(300)).silhouetteError).toBe(0);
    expect((await scoresOf(5000)).silhouetteError).toBe(0);
  });
});

describe("groundOf", () => {
  test("takes all samples, or as many different ones as it is told, in their order, with their labels", () => {
    expect(groundOf(samples, 300, createRandom(1)).samples).toBe(samples);
    const ground = groundOf(samples, 50, createRandom(1));
    const rows = Array.from(ground.rows ?? []);
    expect([ground.samples.rows, ground.population, new Set(rows).size]).toEqual([50, 300, 50]);
    expect(rows).toEqual(rows.toSorted((a, b) => a - b));
    rows.forEach((row, at) => {
      expect(ground.samples.data[at * 3]).toBe(samples.data[row * 3]);
    });
    expect([
      ...labelsOn(
        ground,
        Int32Array.from({ length: 300 }, (_, i) => 2 * i),
      ),
    ]).toEqual(rows.map((row) => 2 * row));
  });
});
