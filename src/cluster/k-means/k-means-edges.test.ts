import { afterAll, describe, expect, test } from "vitest";
import { CancelledError, InputError, OptionError } from "../../errors.ts";
import { computeOf, createCompute } from "../../kernels/index.ts";
import { matrixFromRows } from "../../matrix/index.ts";
import { createRandom } from "../../random/index.ts";
import { blobs } from "../../testing/samples.ts";
import * as kMeans from "./index.ts";
import { chooseAlgorithm } from "./options.ts";
import { algorithms } from "./testing/rows-as-centers.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

describe("edges", () => {
  test("an empty cluster takes the sample farthest from its center, and the history says so", async () => {
    // Both far centers lose everything to the first one: 0, 1, 2 and 12 belong to the center 1.
    const samples = matrixFromRows([[0], [1], [2], [12]]);
    const init = { rows: 2, cols: 1, data: Float64Array.of(1, 1000) };
    for (const algorithm of algorithms) {
      const fitted = await kMeans.fit(samples, { nClusters: 2, init, algorithm }, { compute });
      expect(fitted.history[0]?.relocated).toEqual([1]);
      expect([...fitted.labels]).toEqual([0, 0, 0, 1]);
      expect([...fitted.centers.data]).toEqual([1, 12]);
      expect(fitted.inertia).toBe(2);
    }
  });

  test("several empty clusters take different samples", async () => {
    const samples = blobs(createRandom(8), 200, 2, 5, 0.3);
    const init = {
      rows: 6,
      cols: 2,
      data: Float64Array.of(0, 0, 900, 900, 901, 900, 902, 900, 903, 900, 904, 900),
    };
    for (const algorithm of algorithms) {
      const fitted = await kMeans.fit(samples, { nClusters: 6, init, algorithm }, { compute });
      expect(fitted.history[0]?.relocated).toEqual([1, 2, 3, 4, 5]);
      expect(Math.min(...fitted.sizes)).toBeGreaterThan(0);
      expect(await kMeans.predict(fitted, samples, { compute })).toEqual(fitted.labels);
    }
  });

  test("a sample that was given to an empty cluster goes back once that center has left it", async () => {
    // 20 is farthest from its center and becomes center 5, which then moves to 27.5 and 31.6: 10 is nearer again.
    const rows = [[10, 20], [20, 1], [29, 5], [34, 10], [47, 10], [240], [244], [248], [252]] as const;
    const values = rows.flatMap(([value, times = 1]) => new Array<number>(times).fill(value));
    const samples = { rows: values.length, cols: 1, data: Uint8Array.from(values), unit: 1 };
    const init = { rows: 7, cols: 1, data: Float64Array.of(10, 240, 244, 248, 252, 130, 38) };
    for (const algorithm of algorithms) {
      const fitted = await kMeans.fit(samples, { nClusters: 7, init, algorithm }, { compute });
      expect(fitted.history.map((step) => step.changed)).toEqual([50, 5, 10, 1, 0]);
      expect(fitted.history[0]?.relocated).toEqual([5]);
      expect(fitted.labels[20]).toBe(0);
    }
  });

  test("given centers may be as far away as numbers go", async () => {
    const values = [0, 1, 2, 10, 11, 12, 30];
    const all = [
      matrixFromRows(values.map((value) => [value])),
      { rows: 7, cols: 1, data: Uint8Array.from(values), unit: 1 },
    ];
    for (const samples of all) {
      for (const far of [1e6, 1e17, 1e18, 1e19, 3e19, 1e25, 1e35, 1e45, 1e200, 1e308]) {
        for (const start of [
          [far],
          [far, 1.5 * far],
          [1, far, -far],
          [-far, far, far / 2, far / 3, 0.9 * far],
        ]) {
          const init = { rows: start.length, cols: 1, data: Float64Array.from(start) };
          const fits = await Promise.all(
            algorithms.map((algorithm) =>
              kMeans.fit(samples, { nClusters: start.length, init, algorithm }, { compute }),
            ),
          );
          for (const fitted of fits) {
            expect(fitted.labels).toEqual(fits[0]?.labels);
            expect(fitted.history).toEqual(fits[0]?.history);
            expect(Math.min(...fitted.sizes)).toBeGreaterThan(0);
            expect(Math.max(...fitted.centers.data)).toBeLessThanOrEqual(30);
          }
        }
      }
    }
  });

  test("a model's centers may be as far from the samples to be assigned", async () => {
    for (const far of [1e19, 1e25, 1e200]) {
      const centers = { rows: 3, cols: 1, data: Float64Array.of(far, -far / 2, far / 4) };
      const model = { kind: "k-means", centers } as kMeans.KMeansModel;
      const labels = await kMeans.predict(model, matrixFromRows([[0], [5]]), { compute });
      // Squares beyond doubles are all infinite, and so equal.
      expect([...labels]).toEqual(far < 1e154 ? [2, 2] : [0, 0]);
    }
  });

  test("the smallest float32 numbers there are can be told apart", async () => {
    const least = 2 ** -149;
    const values = [0, 1, 2, 10, 11, 12];
    const samples = matrixFromRows(values.map((value) => [value * least]));
    const init = { rows: 2, cols: 1, data: Float64Array.of(0, least) };
    const fitted = await kMeans.fit(samples, { nClusters: 2, init }, { compute });
    expect([...fitted.labels]).toEqual([0, 0, 0, 1, 1, 1]);
    expect([...fitted.centers.data]).toEqual([least, 11 * least]);
  });

  test("a mean that differs from its equal samples by rounding leaves nothing to take for an empty cluster", async () => {
    const floats = matrixFromRows(Array.from({ length: 30 }, () => [1e9, 0.1234567]));
    // 43 steps of 0.1, divided by 0.1 again, are not 43.
    const bytes = { rows: 30, cols: 1, data: new Uint8Array(30).fill(43), unit: 0.1 };
    expect((43 * 0.1) / 0.1).not.toBe(43);
    for (const samples of [floats, bytes]) {
      const fitted = await kMeans.fit(samples, { nClusters: 3, init: "random" }, { compute });
      expect(fitted.history.flatMap((step) => step.relocated)).toEqual([]);
      expect(fitted.converged).toBe(true);
    }
  });

  test("a fit writes nothing outside its own memory, even with many relocations after k-means++", async () => {
    const own = computeOf(createCompute({ threads: 2 }));
    const { memory } = own;
    // Holes of 64 bytes for the small tables, each with a guard behind it.
    const pieces = Array.from({ length: 120 }, () => memory.allocate(64));
    const guards = pieces.filter((_, at) => at % 2 === 1);
    for (const guard of guards) memory.bytes(guard, 64).fill(7);
    pieces.filter((_, at) => at % 2 === 0).forEach((hole) => void memory.release(hole));
    // Squares of the differences vanish in float32, so that k-means++ takes samples regardless of them.
    const values = Array.from({ length: 500 }, (_, i) => [i === 0 ? 1.8e-12 : (i % 40) * 5e-25]);
    const options = { nClusters: 60, maxIterations: 3, nRestarts: 2 };
    const fitted = await kMeans.fit(matrixFromRows(values), options, { compute: own });
    expect(fitted.history[0]?.relocated.length).toBeGreaterThan(16);
    for (const guard of guards) expect(memory.bytes(guard, 64).every((byte) => byte === 7)).toBe(true);
    own.close();
  });

  test("equal samples fill one cluster and leave the others empty, and it ends", async () => {
    const samples = { rows: 30, cols: 4, data: new Float32Array(120).fill(0.3) };
    const fitted = await kMeans.fit(samples, { nClusters: 3 }, { compute });
    expect(fitted.converged).toBe(true);
    expect(fitted.inertia).toBeLessThan(1e-20);
    expect([...fitted.sizes]).toEqual([30, 0, 0]);
  });

  test("as many clusters as different samples leave no inertia; one cluster has the mean", async () => {
    const samples = blobs(createRandom(9), 40, 3, 4, 1);
    const all = await kMeans.fit(samples, { nClusters: 40 }, { compute });
    expect(all.inertia).toBe(0);
    const one = await kMeans.fit(samples, { nClusters: 1 }, { compute });
    const mean = samples.data.filter((_, at) => at % 3 === 0).reduce((a, b) => a + b, 0) / 40;
    expect(one.centers.data[0]).toBeCloseTo(mean, 10);
    expect(one.iterations).toBe(2);
  });

  test("a single sample is its own center", async () => {
    const fitted = await kMeans.fit(matrixFromRows([[3, 4]]), { nClusters: 1 }, { compute });
    expect([...fitted.centers.data]).toEqual([3, 4]);
    expect(fitted.inertia).toBe(0);
  });

  test("running out of iterations is told, and the labels are those that predict gives", async () => {
    const samples = blobs(createRandom(10), 500, 4, 8, 2);
    const fitted = await kMeans.fit(samples, { nClusters: 8, maxIterations: 2, init: "random" }, { compute });
    expect(fitted.converged).toBe(false);
    expect(fitted.iterations).toBe(2);
    expect(await kMeans.predict(fitted, samples, { compute })).toEqual(fitted.labels);
  });

  test("a tolerance ends earlier, with inertia within that share of the last step", async () => {
    const samples = blobs(createRandom(12), 2000, 4, 8, 3);
    const full = await kMeans.fit(samples, { nClusters: 8 }, { compute });
    const early = await kMeans.fit(samples, { nClusters: 8, tolerance: 1e-3 }, { compute });
    expect(early.iterations).toBeLessThan(full.iterations);
    expect(early.converged).toBe(true);
    const [before, last] = early.history.slice(-2).map((step) => step.inertia) as [number, number];
    expect((before - last) / before).toBeLessThanOrEqual(1e-3);
    expect(full.history.slice(0, early.iterations)).toEqual(early.history);
  });
});

describe("wrong use", () => {
  const samples = matrixFromRows([[0], [1], [2]]);
  test.each([
    [{ nClusters: 4 }, "kMeans.fit: nClusters must be an integer in 1..3 (the number of samples); got 4."],
    [{ nClusters: 0 }, "kMeans.fit: nClusters must be an integer in 1..3 (the number of samples); got 0."],
    [{ nClusters: Number.NaN }, "nClusters must be an integer in 1..3 (the number of samples); got NaN."],
    [{ nClusters: 2, maxIterations: 0 }, "maxIterations must be an integer of at least 1; got 0."],
    [{ nClusters: 2, nRestarts: 1.5 }, "nRestarts must be an integer of at least 1; got 1.5."],
    [{ nClusters: 2, tolerance: -1 }, "tolerance must be a finite number of at least 0; got -1."],
    [{ nClusters: 2, seed: -3 }, "seed must be an integer in 0..9007199254740991; got -3."],
    [
      { nClusters: 2, init: "kmeans++" },
      'init must be "k-means++", "random" or a matrix of centers; got "kmeans++".',
    ],
    [{ nClusters: 2, clusters: 3 }, "every option must be one of nClusters, init"],
    [
      { nClusters: 2, init: { rows: 1, cols: 1, data: Float64Array.of(1) } },
      "init must be nClusters x nFeatures = 2 x 1; got 1 x 1.",
    ],
    [
      { nClusters: 1, init: { rows: 1, cols: 1, data: Float64Array.of(Number.NaN) } },
      "init must hold finite numbers only",
    ],
  ])("%o is an OptionError that says so", async (options, message) => {
    const failure = kMeans.fit(samples, options as kMeans.KMeansOptions, { compute });
    await expect(failure).rejects.toThrow(OptionError);
    await expect(failure).rejects.toThrow(message);
  });

  test("NaN and infinity are named with their place", async () => {
    const data = Float32Array.of(0, 1, 2, Number.NaN, 4, 5);
    const failure = kMeans.fit({ rows: 3, cols: 2, data }, { nClusters: 2 }, { compute });
    await expect(failure).rejects.toThrow(InputError);
    await expect(failure).rejects.toThrow("samples must be finite numbers; got NaN at row 1, column 1.");
    data[3] = Number.NEGATIVE_INFINITY;
    await expect(kMeans.fit({ rows: 3, cols: 2, data }, { nClusters: 2 }, { compute })).rejects.toThrow(
      "got -Infinity at row 1, column 1.",
    );
  });

  test("a shape that does not fit the numbers, and other widths in predict, are named", async () => {
    const short = { rows: 3, cols: 2, data: new Float32Array(5) };
    await expect(kMeans.fit(short, { nClusters: 2 }, { compute })).rejects.toThrow(
      "3 x 2 must hold 6 numbers; got 5.",
    );
    const model = await kMeans.fit(samples, { nClusters: 2 }, { compute });
    const wide = { rows: 1, cols: 2, data: new Float32Array(2) };
    await expect(kMeans.predict(model, wide, { compute })).rejects.toThrow(
      "must have the model's 1 features; got 2.",
    );
  });

  test("cancelling in the middle throws, gives the memory back, and the threads go on to serve", async () => {
    const many = blobs(createRandom(13), 20000, 20, 30, 3);
    const controller = new AbortController();
    const failure = kMeans.fit(
      many,
      { nClusters: 30 },
      {
        compute,
        signal: controller.signal,
        onProgress: () => controller.abort(),
      },
    );
    await expect(failure).rejects.toThrow(CancelledError);
    const after = await kMeans.fit(samples, { nClusters: 3 }, { compute });
    expect(after.inertia).toBe(0);
  });
});

test("the algorithm follows the shape: bounds for each center or group where there are many of both", () => {
  const choose = (k: number, cols: number, bytes: boolean, rows = 100): string =>
    chooseAlgorithm(
      { algorithm: "auto", nClusters: k } as kMeans.KMeansSettings,
      bytes ? { rows, cols, data: new Uint8Array(0), unit: 1 } : { rows, cols, data: new Float32Array(0) },
    );
  expect([choose(200, 63, false), choose(20, 64, false), choose(21, 64, false)]).toEqual([
    ...["hamerly", "hamerly", "elkan"],
  ]);
  expect([choose(50, 784, true), choose(51, 784, true)]).toEqual(["hamerly", "yinyang"]);
  // A bound for each of 40 million samples and 21 centers would take more than the kernels' memory.
  expect(choose(21, 64, false, 40_000_000)).toBe("hamerly");
});
