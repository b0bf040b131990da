import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { InputError, OptionError } from "../../errors.ts";
import { createCompute } from "../../kernels/index.ts";
import { type Matrix, matrixFromRows, type Samples, sliceRows } from "../../matrix/index.ts";
import { createRandom } from "../../random/index.ts";
import { describeEstimator } from "../../testing/describe-estimator.ts";
import { blobs, byteBlobs } from "../../testing/samples.ts";
import * as kMeans from "../k-means/index.ts";
import * as miniBatchKMeans from "./index.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

const small = { batchSize: 64, maxPasses: 5 };
const floats = blobs(createRandom(1), 500, 6, 5, 0.5);
const bytes = byteBlobs(createRandom(2), 400, 20, 4, 0.5);

for (const [name, samples] of [
  ["mini-batch K-Means of floats", floats],
  ["mini-batch K-Means of bytes", bytes],
] as const) {
  describeEstimator<miniBatchKMeans.MiniBatchKMeansFit>(name, {
    samples,
    fit: (of, seed, context) => miniBatchKMeans.fit(of, { nClusters: 4, seed, ...small }, context),
    steps: (of, seed, context) => miniBatchKMeans.steps(of, { nClusters: 4, seed, ...small }, context),
    predict: miniBatchKMeans.predict,
  });
}

/** Samples in pieces of the given sizes, over and over. */
function cutInto(samples: Samples, sizes: readonly number[]): miniBatchKMeans.Chunks {
  return async function* () {
    for (let from = 0, turn = 0; from < samples.rows; turn++) {
      const to = Math.min(samples.rows, from + (sizes[turn % sizes.length] as number));
      yield sliceRows(samples, from, to);
      from = to;
    }
  };
}

test("distances are to each center, and refuse samples of other features", async () => {
  const samples = matrixFromRows([
    [0, 0],
    [3, 4],
  ]);
  const init = { rows: 2, cols: 2, data: Float64Array.of(0, 0, 3, 4) };
  const fitted = await miniBatchKMeans.fit(samples, { nClusters: 2, init, batchSize: 2, maxPasses: 1 });
  const distances = await miniBatchKMeans.transform(fitted, matrixFromRows([[3, 0]]));
  expect(distances).toMatchObject({ rows: 1, cols: 2 });
  expect(Array.from(distances.data, (value) => Math.round(value * 1e5) / 1e5)).toEqual([3, 4]);
  expect(() => miniBatchKMeans.transform(fitted, matrixFromRows([[3]]))).toThrow(
    "miniBatchKMeans.transform: samples must have the model's 2 features; got 1.",
  );
});

describe("the algorithm by hand", () => {
  test("a center moves by the share that a batch has in all that it was given", async () => {
    // Nothing was given to it before, so that after each whole pass it is the mean of all samples, 4, whatever the batches were.
    const samples = matrixFromRows([[0], [1], [2], [3], [4], [4], [5], [5], [6], [10]]);
    const init = { rows: 1, cols: 1, data: Float64Array.of(1) };
    const once = await miniBatchKMeans.fit(
      samples,
      { nClusters: 1, init, batchSize: 4, maxPasses: 1 },
      { compute },
    );
    expect(once.centers.data[0]).toBeCloseTo(4, 12);
    expect(once.iterations).toBe(3);
    expect(once.inertia).toBeCloseTo(16 + 9 + 4 + 1 + 0 + 0 + 1 + 1 + 4 + 36, 10);
    expect([...once.sizes]).toEqual([10]);
    expect(once.converged).toBe(false);
  });

  test("a starved center is put on a sample, and the history says so", async () => {
    const samples = blobs(createRandom(8), 300, 2, 2, 0.2);
    const init = { rows: 2, cols: 2, data: Float64Array.of(0, 0, 900, 900) };
    const options = { nClusters: 2, init, batchSize: 100 };
    const fitted = await miniBatchKMeans.fit(samples, options, { compute });
    expect(fitted.history[0]?.reassigned).toEqual([1]);
    expect(Math.min(...fitted.sizes)).toBeGreaterThan(50);
    const left = await miniBatchKMeans.fit(samples, { ...options, reassignmentRatio: 0 }, { compute });
    expect([...left.sizes]).toEqual([300, 0]);
    expect([...left.centers.data.subarray(2)]).toEqual([900, 900]);
  });

  test("the fit ends after as many batches in vain as its patience is", async () => {
    // All samples alike: the smoothed inertia is 0 from the first batch on, and never falls.
    const samples = { rows: 40, cols: 2, data: new Float32Array(80).fill(3) };
    const fitted = await miniBatchKMeans.fit(
      samples,
      { nClusters: 1, batchSize: 10, patience: 6 },
      { compute },
    );
    expect(fitted.iterations).toBe(7);
    expect(fitted).toMatchObject({ converged: true, passes: 2, inertia: 0 });
  });
});

describe("laws", () => {
  test("each label is the nearest center, and the inertia is measured on all samples", async () => {
    const fitted = await miniBatchKMeans.fit(floats, { nClusters: 5, ...small }, { compute });
    const { labels, distances } = await kMeans.assign(fitted, floats, { compute });
    expect(fitted.labels).toEqual(labels);
    expect(fitted.distances).toEqual(distances);
    expect(fitted.inertia).toBeCloseTo(
      distances.reduce((sum, d) => sum + d * d, 0),
      8,
    );
    expect(fitted.sizes.reduce((a, b) => a + b, 0)).toBe(floats.rows);
    expect(await miniBatchKMeans.score(fitted, floats, { compute })).toBeCloseTo(-fitted.inertia, 8);
  });

  test("however a stream is cut, the bytes are the same", async () => {
    const options = { nClusters: 3, batchSize: 16, maxPasses: 2, initSize: 40 };
    const samples = sliceRows(floats, 0, 300);
    const whole = await miniBatchKMeans.fitStream(cutInto(samples, [300]), options, { compute });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 4 }),
        async (sizes) => {
          expect(await miniBatchKMeans.fitStream(cutInto(samples, sizes), options, { compute })).toEqual(
            whole,
          );
        },
      ),
      { numRuns: 6 },
    );
  });

  test.each([1, 4])("a stream on %i threads gives the same bytes", async (threads) => {
    const options = { nClusters: 4, batchSize: 50, maxPasses: 2 };
    const other = createCompute({ threads });
    const chunks = cutInto(bytes, [70]);
    const fitted = await miniBatchKMeans.fitStream(chunks, options, { compute: other });
    expect(fitted).toEqual(await miniBatchKMeans.fitStream(chunks, options, { compute }));
    other.close();
  });

  test("a stream sorted by cluster ends about as well as a shuffled one", async () => {
    const rows = Array.from({ length: 3 }, (_, c) => blobs(createRandom(20 + c), 400, 3, 1, 0.3));
    const sorted: Matrix<Float32Array> = {
      rows: 1200,
      cols: 3,
      data: Float32Array.from(rows.flatMap((part) => [...part.data])),
    };
    const options = { nClusters: 3, batchSize: 32 };
    const best = await kMeans.fit(sorted, { nClusters: 3, nRestarts: 5 }, { compute });
    const fitted = await miniBatchKMeans.fitStream(cutInto(sorted, [100]), options, { compute });
    expect(fitted.inertia).toBeLessThan(1.02 * best.inertia);
  });
});

describe("scikit-learn's MiniBatchKMeans", () => {
  interface Case {
    name: string;
    seed: number;
    rows: number;
    cols: number;
    nClusters: number;
    batchSize: number;
    /** Inertias of scikit-learn's MiniBatchKMeans with seeds 0 to 9, and the best of its K-Means. */
    miniBatch: number[];
    full: number;
    samples: number[];
  }
  const path = new URL("../../../fixtures/mini-batch-k-means/blobs.json", import.meta.url);
  const { cases } = JSON.parse(readFileSync(path, "utf8")) as { cases: Case[] };

  test.each(cases)("$name: as good as its median over ten seeds", async (one) => {
    const samples = { rows: one.rows, cols: one.cols, data: Float32Array.from(one.samples) };
    const ours: number[] = [];
    for (let seed = 0; seed < 10; seed++) {
      const options = { nClusters: one.nClusters, batchSize: one.batchSize, seed };
      ours.push((await miniBatchKMeans.fit(samples, options, { compute })).inertia);
    }
    const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[5] as number;
    expect(Math.min(...ours)).toBeGreaterThan(0.999 * one.full);
    expect(median(ours)).toBeLessThan(1.01 * median(one.miniBatch));
  });
});

describe("edges", () => {
  const fit = (options: Partial<miniBatchKMeans.MiniBatchKMeansOptions>, samples: Samples = floats) =>
    miniBatchKMeans.fit(samples, { nClusters: 2, ...options }, { compute });

  test.each([
    [{ nClusters: 501 }, "nClusters must be an integer in 1..500 (the number of samples); got 501."],
    [{ nClusters: 0 }, "nClusters must be an integer of at least 1; got 0."],
    [{ batchSize: 1.5 }, "batchSize must be an integer of at least 1; got 1.5."],
    [{ initSize: 1 }, "initSize must be an integer of at least nClusters, 2; got 1."],
    [{ reassignmentRatio: 2 }, "reassignmentRatio must be a number in 0..1; got 2."],
    [{ tolerance: -1 }, "tolerance must be a finite number of at least 0; got -1."],
    [{ seed: -1 }, "seed must be an integer in 0..9007199254740991; got -1."],
    [{ init: "best" as "random" }, 'init must be "k-means++", "random" or a matrix of centers; got "best".'],
    [{ init: matrixFromRows([[1, 2]]) }, "init must be nClusters x nFeatures = 2 x 6; got 1 x 2."],
    [
      { batch: 3 } as object,
      'every option must be one of nClusters, initSize, batchSize, init, nRestarts, maxPasses, patience, tolerance, reassignmentRatio, seed; got "batch".',
    ],
  ])("refuses %j", async (options, message) => {
    const failure = fit(options);
    await expect(failure).rejects.toThrow(OptionError);
    await expect(failure).rejects.toThrow(`miniBatchKMeans.fit: ${message}`);
  });

  test("one sample; as many clusters as samples; all samples alike", async () => {
    expect((await fit({ nClusters: 1 }, matrixFromRows([[7, 1]]))).inertia).toBe(0);
    const three = await fit({ nClusters: 3 }, matrixFromRows([[0], [5], [9]]));
    expect([...three.sizes].sort()).toEqual([1, 1, 1]);
    const alike = await fit({ nClusters: 3 }, { rows: 30, cols: 2, data: new Float32Array(60).fill(1) });
    expect(alike).toMatchObject({ inertia: 0, converged: true });
  });

  test("numbers that are not finite are told by their row in the stream", async () => {
    const bad = { ...floats, data: floats.data.slice() };
    bad.data[450 * 6 + 2] = Number.NaN;
    const message = "miniBatchKMeans.fit: samples must be finite numbers; got NaN at row 450, column 2.";
    await expect(fit({}, bad)).rejects.toThrow(message);
    const failure = miniBatchKMeans.fitStream(cutInto(bad, [100]), { nClusters: 2 }, { compute });
    await expect(failure).rejects.toThrow(message);
  });

  test("streams that hold nothing, change their kind, or change between passes are refused", async () => {
    const refused = async (chunks: miniBatchKMeans.Chunks, message: string): Promise<void> => {
      const failure = miniBatchKMeans.fitStream(chunks, { nClusters: 2 }, { compute });
      await expect(failure).rejects.toThrow(InputError);
      await expect(failure).rejects.toThrow(message);
    };
    await refused(async function* () {}, "chunks must hold at least one sample; got none.");
    await refused(async function* () {
      yield floats;
      yield bytes;
    }, "every chunk must be of the kind of the first, 6 columns of float32; got 20 columns of bytes of unit 0.00392156862745098.");
    let pass = 0;
    await refused(async function* () {
      yield sliceRows(floats, 0, 400 - pass++);
    }, "chunks must give the same samples in every pass; got 400 in the first and 399 in a later one.");
  });

  test("an error of the stream comes through", async () => {
    const failure = miniBatchKMeans.fitStream(
      async function* () {
        yield floats;
        throw new Error("the disk is gone");
      },
      { nClusters: 2 },
      { compute },
    );
    await expect(failure).rejects.toThrow("the disk is gone");
  });
});
