import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { createCompute } from "../../kernels/index.ts";
import { matrixFromRows, type Samples } from "../../matrix/index.ts";
import { createRandom, distinctIntegers } from "../../random/index.ts";
import { describeEstimator } from "../../testing/describe-estimator.ts";
import { blobs, byteBlobs } from "../../testing/samples.ts";
import * as kMeans from "./index.ts";
import { naiveKMeans } from "./testing/naive-k-means.ts";
import { algorithms, rowsAsCenters } from "./testing/rows-as-centers.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

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

test("a trace shows centers before the first iteration and after each, and the labels that moved them", async () => {
  // As above, by hand.
  const samples = matrixFromRows([[0], [1], [9], [11]]);
  const init = { rows: 2, cols: 1, data: Float64Array.of(0, 1) };
  const seen: unknown[] = [];
  const tracing = kMeans.trace(samples, { nClusters: 2, init }, { compute });
  let next = await tracing.next();
  while (!next.done) {
    const { iteration, centers, labels } = next.value;
    seen.push([iteration, [...centers.data], labels && [...labels]]);
    next = await tracing.next();
  }
  expect(seen).toEqual([
    [0, [0, 1], undefined],
    [1, [0, 7], [0, 1, 1, 1]],
    [2, [0.5, 10], [0, 0, 1, 1]],
    [3, [0.5, 10], [0, 0, 1, 1]],
  ]);
  expect(next.value).toEqual(await kMeans.fit(samples, { nClusters: 2, init }, { compute }));
});

test("a trace of several starts shows each from its beginning, and ends with the fit", async () => {
  const samples = blobs(createRandom(4).stream("samples"), 120, 3, 4, 1.5);
  const options = { nClusters: 4, nRestarts: 3, seed: 2 };
  const tracing = kMeans.trace(samples, options, { compute });
  const starts: number[] = [];
  const inertias: number[] = [];
  let next = await tracing.next();
  while (!next.done) {
    if (next.value.labels === undefined) starts.push(next.value.restart);
    else if (next.value.restart === 0) inertias.push(next.value.inertia);
    next = await tracing.next();
  }
  expect(starts).toEqual([0, 1, 2]);
  expect(inertias).toEqual([...inertias].sort((a, b) => b - a));
  expect(next.value).toEqual(await kMeans.fit(samples, options, { compute }));
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

describeEstimator<kMeans.KMeansFit>("k-means", {
  samples: blobs(createRandom(20), 300, 7, 6, 1.5),
  fit: (samples, seed, context) => kMeans.fit(samples, { nClusters: 6, seed }, context),
  steps: (samples, seed, context) => kMeans.steps(samples, { nClusters: 6, seed }, context),
  predict: kMeans.predict,
});
