import { contingencyTable, createCompute, externalScores, kMeans, pixels } from "unlabeled";
import { openSource } from "unlabeled/node";
import { describe, expect, test } from "vitest";

describe.skipIf(!process.env.UNLABELED_DATA)("K-Means on real images", () => {
  test("one start on all of Fashion-MNIST ends in the published optimum, with the published accuracy", async () => {
    const { images } = await openSource("fashion-mnist");
    const fitted = await kMeans.fit(pixels(images), { nClusters: 10, init: "random", seed: 21 });
    expect(fitted.inertia).toBeGreaterThan(2233400);
    expect(fitted.inertia).toBeLessThan(2233600);
    const { accuracy } = externalScores(contingencyTable(fitted.labels, images.labels as Int32Array));
    expect(Math.abs(accuracy - 0.5399)).toBeLessThan(0.0005);
  });

  test("a lower optimum of Fashion-MNIST agrees less with the classes", async () => {
    const { images } = await openSource("fashion-mnist");
    const fitted = await kMeans.fit(pixels(images), { nClusters: 10, init: "random", seed: 17 });
    expect(fitted.inertia).toBeLessThan(2223900);
    const { accuracy } = externalScores(contingencyTable(fitted.labels, images.labels as Int32Array));
    expect(accuracy).toBeLessThan(0.48);
  });

  test("five starts on MNIST reach the textbook's mean cluster purity, and a low inertia", async () => {
    const { images } = await openSource("mnist", { split: "train" });
    let purity = 0;
    let lowest = Number.POSITIVE_INFINITY;
    for (let seed = 0; seed < 5; seed++) {
      const fitted = await kMeans.fit(pixels(images), { nClusters: 10, init: "random", seed });
      const scores = externalScores(contingencyTable(fitted.labels, images.labels as Int32Array));
      purity += scores.meanClusterPurity / 5;
      lowest = Math.min(lowest, fitted.inertia);
    }
    expect(purity).toBeGreaterThan(0.59);
    expect(purity).toBeLessThan(0.66);
    expect(lowest).toBeLessThan(2353300);
  });

  test("one, two, three and eight threads, and all prunings, give the same bytes on MNIST", async () => {
    const { images } = await openSource("mnist", { split: "train" });
    const options = { nClusters: 10, seed: 3, maxIterations: 40 };
    const reference = await kMeans.fit(pixels(images), options);
    for (const threads of [1, 2, 3, 8]) {
      const compute = createCompute({ threads });
      const fitted = await kMeans.fit(pixels(images), options, { compute });
      compute.close();
      expect(fitted.labels).toEqual(reference.labels);
      expect(fitted.distances).toEqual(reference.distances);
      expect(fitted.centers).toEqual(reference.centers);
    }
    for (const algorithm of ["lloyd", "elkan", "yinyang"] as const) {
      const fitted = await kMeans.fit(pixels(images), { ...options, algorithm });
      expect(fitted.labels).toEqual(reference.labels);
      expect(fitted.inertia).toBe(reference.inertia);
    }
  });
});
