import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { CancelledError, InputError, OptionError } from "../../errors.ts";
import { computeOf, createCompute } from "../../kernels/index.ts";
import { isByteMatrix, type Matrix, matrixFromRows, type Samples, takeRows } from "../../matrix/index.ts";
import { createRandom, distinctIntegers } from "../../random/index.ts";
import { describeEstimator } from "../../testing/describe-estimator.ts";
import { blobs, byteBlobs } from "../../testing/samples.ts";
import * as kMeans from "./index.ts";
import { naiveKMeans } from "./testing/naive-k-means.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

const algorithms = ["lloyd", "hamerly", "elkan", "yinyang"] as const;

/** Rows of the samples as centers, in the samples' own units. */
function rowsAsCenters(samples: Samples, indices: ArrayLike<number>): Matrix<Float64Array> {
  const rows = takeRows(samples, indices);
  const unit = isByteMatrix(samples) ? samples.unit : 1;
  return { rows: rows.rows, cols: rows.cols, data: Float64Array.from(rows.data, (value) => value * unit) };
}

describe("four points on a line, worked by hand", () => {
  // 0, 1 | 9, 11 from the centers 0 and 1: first pass {0} {1, 9, 11}, centers 0 and 7; then {0, 1} {9, 11}, centers
  // 0.5 and 10; then nothing changes. Inertia 0.25 + 0.25 + 1 + 1.
  const samples = matrixFromRows([[0], [1], [9], [11]]);
  const init = { rows: 2, cols: 1, data: Float64Array.of(0, 1) };

  test.each(algorithms)("%s finds labels, centers, inertia and iterations", async (algorithm) => {
    const fitted = await kMeans.fit(samples, { nClusters: 2, init, algorithm }, { compute });
    expect([...fitted.labels]).toEqual([0, 0, 1, 1]);
    expect([...fitted.centers.data]).toEqual([0.5, 10]);
    expect(fitted.inertia).toBe(2.5);
    expect(fitted.iterations).toBe(3);
    expect(fitted.converged).toBe(true);
    expect(fitted.history.map((step) => step.changed)).toEqual([4, 1, 0]);
    expect(fitted.history.map((step) => step.inertia)).toEqual([56, 2.5, 2.5]);
    expect([...fitted.distances]).toEqual([0.5, 0.5, 1, 1]);
    expect([...fitted.sizes]).toEqual([2, 2]);
  });
});

describe("every algorithm gives what the textbook's loop gives in double precision", () => {
  const shapes = [
    { rows: 90, cols: 1, k: 3 },
    { rows: 150, cols: 3, k: 7 },
    { rows: 301, cols: 10, k: 12 },
    { rows: 128, cols: 33, k: 5 },
    { rows: 70, cols: 200, k: 4 },
  ];
  for (const algorithm of algorithms) {
    for (const kind of ["floats", "bytes"] as const) {
      test.each(shapes)(`${algorithm}, ${kind}, $rows x $cols, k = $k`, async ({ rows, cols, k }) => {
        for (let seed = 0; seed < 6; seed++) {
          const random = createRandom(seed);
          const make = kind === "bytes" ? byteBlobs : blobs;
          const samples = make(random.stream("samples"), rows, cols, 4, 1.5);
          const init = rowsAsCenters(samples, distinctIntegers(random.stream("start"), k, rows));
          let expected: ReturnType<typeof naiveKMeans>;
          try {
            expected = naiveKMeans(samples, init.data, 100);
          } catch {
            continue; // an empty cluster: tested by itself below
          }
          const fitted = await kMeans.fit(
            samples,
            { nClusters: k, init, algorithm, maxIterations: 100 },
            { compute },
          );
          expect(fitted.labels).toEqual(expected.labels);
          expect(fitted.iterations).toBe(expected.iterations);
          expect(fitted.inertia / expected.inertia).toBeCloseTo(1, 12);
          fitted.centers.data.forEach((value, at) =>
            expect(value).toBeCloseTo(expected.centers[at] as number, 10),
          );
        }
      });
    }
  }

  test("ties between many equal samples and centers go to the lowest index", async () => {
    const random = createRandom(5);
    const data = Uint8Array.from({ length: 400 * 4 }, () => random.integer(3) * 100);
    const samples = { rows: 400, cols: 4, data, unit: 1 };
    const init = rowsAsCenters(samples, distinctIntegers(random, 9, 400));
    const options = { nClusters: 9, init };
    const [lloyd, hamerly, elkan, yinyang] = await Promise.all(
      algorithms.map((algorithm) => kMeans.fit(samples, { ...options, algorithm }, { compute })),
    );
    expect(hamerly?.labels).toEqual(lloyd?.labels);
    expect(elkan?.labels).toEqual(lloyd?.labels);
    expect(yinyang?.labels).toEqual(lloyd?.labels);
    const centers = lloyd?.centers.data as Float64Array;
    for (let i = 0; i < 400; i++) {
      const squared = Array.from({ length: 9 }, (_, c) =>
        [0, 1, 2, 3].reduce(
          (sum, j) => sum + ((data[i * 4 + j] as number) - (centers[c * 4 + j] as number)) ** 2,
          0,
        ),
      );
      expect(lloyd?.labels[i]).toBe(squared.indexOf(Math.min(...squared)));
    }
  });

  test("wide rows, whose dot products exceed 32 bits, stay exact", async () => {
    const cols = 5000;
    const data = new Uint8Array(6 * cols).fill(255);
    for (let i = 3; i < 6; i++) data.fill(250, i * cols, (i + 1) * cols);
    data[0] = 254;
    const samples = { rows: 6, cols, data, unit: 1 };
    const fitted = await kMeans.fit(
      samples,
      { nClusters: 2, init: rowsAsCenters(samples, [1, 4]) },
      { compute },
    );
    expect([...fitted.labels]).toEqual([0, 0, 0, 1, 1, 1]);
    expect(fitted.inertia).toBeCloseTo(2 / 3, 9); // one element off by 1 among three equal ones
  });
});

describe("scikit-learn agrees", () => {
  interface Case {
    name: string;
    rows: number;
    cols: number;
    samples: number[];
    unit: number | null;
    start: number[];
    labels: number[];
    inertia: number;
    iterations: number;
    centers: number[];
  }
  const path = new URL("../../../fixtures/k-means/lloyd.json", import.meta.url);
  const { cases } = JSON.parse(readFileSync(path, "utf8")) as { cases: Case[] };

  test.each(cases)("$name", async (expected) => {
    const { rows, cols, unit } = expected;
    const samples: Samples =
      unit === null
        ? { rows, cols, data: Float32Array.from(expected.samples) }
        : { rows, cols, data: Uint8Array.from(expected.samples), unit };
    for (const algorithm of algorithms) {
      const init = rowsAsCenters(samples, expected.start);
      const fitted = await kMeans.fit(samples, { nClusters: init.rows, init, algorithm }, { compute });
      expect([...fitted.labels]).toEqual(expected.labels);
      expect(fitted.iterations).toBe(expected.iterations);
      expect(Math.abs(fitted.inertia / expected.inertia - 1)).toBeLessThan(1e-9);
      fitted.centers.data.forEach((value, at) =>
        expect(Math.abs(value - (expected.centers[at] as number))).toBeLessThan(1e-9 * (1 + Math.abs(value))),
      );
    }
  });
});

describe("laws", () => {
  const seeds = { seed: 20261121, numRuns: 25 };

  test("inertia never rises, each center is the mean of its members, and no center is nearer than the own one", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(...algorithms),
        async (seed, k, algorithm) => {
          const samples = blobs(createRandom(seed), 120, 5, 4, 2);
          const fitted = await kMeans.fit(samples, { nClusters: k, seed, algorithm }, { compute });
          fitted.history.forEach((step, at) => {
            const before = fitted.history[at - 1]?.inertia ?? Number.POSITIVE_INFINITY;
            expect(step.inertia).toBeLessThanOrEqual(before * (1 + 1e-12));
          });
          const distances = await kMeans.transform(fitted, samples, { compute });
          const means = new Float64Array(k * 5);
          for (let i = 0; i < 120; i++) {
            const c = fitted.labels[i] as number;
            const own = distances.data[i * k + c] as number;
            expect(own).toBeCloseTo(fitted.distances[i] as number, 4);
            for (let other = 0; other < k; other++) {
              expect(own).toBeLessThanOrEqual((distances.data[i * k + other] as number) * (1 + 1e-5));
            }
            for (let j = 0; j < 5; j++) {
              const share = (samples.data[i * 5 + j] as number) / (fitted.sizes[c] as number);
              means[c * 5 + j] = (means[c * 5 + j] as number) + share;
            }
          }
          means.forEach((mean, at) => expect(mean).toBeCloseTo(fitted.centers.data[at] as number, 8));
        },
      ),
      seeds,
    );
  });

  test("inertia is the sum of squared distances, and minus the score of the same samples", async () => {
    const samples = byteBlobs(createRandom(1), 500, 20, 6, 1);
    const fitted = await kMeans.fit(samples, { nClusters: 6 }, { compute });
    const sum = fitted.distances.reduce((total, distance) => total + distance ** 2, 0);
    expect(sum / fitted.inertia).toBeCloseTo(1, 12);
    expect(await kMeans.score(fitted, samples, { compute })).toBeCloseTo(-fitted.inertia, 8);
    expect((fitted.history.at(-1)?.inertia ?? 0) / fitted.inertia).toBeCloseTo(1, 9);
  });

  test("scaling all samples by a power of two, even beyond the squares of float32, changes no label", async () => {
    const samples = blobs(createRandom(2), 200, 6, 5, 1.5);
    const base = await kMeans.fit(samples, { nClusters: 5 }, { compute });
    for (const factor of [2 ** 90, 2 ** -90]) {
      const scaled = { ...samples, data: samples.data.map((value) => value * factor) };
      const fitted = await kMeans.fit(scaled, { nClusters: 5 }, { compute });
      expect(fitted.labels).toEqual(base.labels);
      expect(fitted.inertia / factor ** 2 / base.inertia).toBeCloseTo(1, 12);
    }
  });

  test("a given start is not written to, and leads where the kept start of the same seed led", async () => {
    const samples = byteBlobs(createRandom(3), 300, 12, 5, 1.2);
    const random = createRandom(11).stream("k-means").stream("start", 0);
    const init = rowsAsCenters(samples, distinctIntegers(random, 5, 300));
    const copy = init.data.slice();
    const given = await kMeans.fit(samples, { nClusters: 5, init }, { compute });
    const drawn = await kMeans.fit(samples, { nClusters: 5, init: "random", seed: 11 }, { compute });
    expect(init.data).toEqual(copy);
    expect(given.labels).toEqual(drawn.labels);
  });
});

describe("starts", () => {
  test("restarts keep the lowest inertia, and do not disturb one another", async () => {
    const samples = blobs(createRandom(4), 400, 3, 9, 0.4);
    const options = { nClusters: 9, init: "random", seed: 3 } as const;
    const inertias: number[] = [];
    const many = await kMeans.fit(
      samples,
      { ...options, nRestarts: 6 },
      {
        compute,
        onProgress: (step) => {
          inertias[step.restart] = step.inertia;
        },
      },
    );
    expect(inertias).toHaveLength(6);
    expect(many.inertia).toBeCloseTo(Math.min(...inertias), 8);
    expect(inertias.indexOf(Math.min(...inertias))).toBe(many.restart);
    const one = await kMeans.fit(samples, options, { compute });
    expect(one.inertia).toBeCloseTo(inertias[0] as number, 8);
  });

  test("k-means++ finds far more often all well separated blobs than random starts do", async () => {
    const samples = blobs(createRandom(6), 600, 4, 12, 0.05);
    const count = async (init: "k-means++" | "random"): Promise<number> => {
      let found = 0;
      for (let seed = 0; seed < 20; seed++) {
        const { inertia } = await kMeans.fit(samples, { nClusters: 12, init, seed }, { compute });
        if (inertia < 2 * 600 * 4 * 0.05 ** 2) found++;
      }
      return found;
    };
    expect(await count("k-means++")).toBeGreaterThanOrEqual(18);
    expect(await count("random")).toBeLessThanOrEqual(4);
  });

  test("k-means++ takes different samples even where most are equal", async () => {
    const data = new Uint8Array(50 * 3);
    data.set([9, 9, 9], 30);
    data.set([200, 0, 9], 60);
    const fitted = await kMeans.fit({ rows: 50, cols: 3, data, unit: 1 }, { nClusters: 3 }, { compute });
    expect(fitted.inertia).toBe(0);
    expect([...fitted.sizes].sort()).toEqual([1, 1, 48]);
  });
});

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

describeEstimator<kMeans.KMeansFit>("k-means", {
  samples: blobs(createRandom(20), 300, 7, 6, 1.5),
  fit: (samples, seed, context) => kMeans.fit(samples, { nClusters: 6, seed }, context),
  steps: (samples, seed, context) => kMeans.steps(samples, { nClusters: 6, seed }, context),
  predict: kMeans.predict,
});
