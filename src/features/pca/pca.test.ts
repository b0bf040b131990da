import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { createCompute } from "../../kernels/index.ts";
import type { Matrix, Samples } from "../../matrix/index.ts";
import { matrixFromRows, symmetricEigen, takeRows } from "../../matrix/index.ts";
import { createRandom } from "../../random/index.ts";
import { byteBlobs, roughlyNormal } from "../../testing/samples.ts";
import * as pca from "./index.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

interface Case {
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
  readonly samples: readonly number[];
  readonly unit: number | null;
  readonly nComponents: number;
  readonly whiten: boolean;
  readonly mean: readonly number[];
  readonly components: readonly number[];
  readonly explainedVariance: readonly number[];
  readonly explainedVarianceRatio: readonly number[];
  readonly noiseVariance: number;
  readonly scores: readonly number[];
}

const { cases } = JSON.parse(
  readFileSync(new URL("../../../fixtures/pca/pca.json", import.meta.url), "utf8"),
) as { readonly cases: readonly Case[] };

function samplesOf({ rows, cols, samples, unit }: Case): Samples {
  if (unit !== null) return { rows, cols, data: Uint8Array.from(samples), unit };
  return { rows, cols, data: Float32Array.from(samples) };
}

/** Largest difference, as a share of the largest number expected. */
function error(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  let largest = 1e-300;
  for (let i = 0; i < theirs.length; i++) {
    worst = Math.max(worst, Math.abs((ours[i] as number) - (theirs[i] as number)));
    largest = Math.max(largest, Math.abs(theirs[i] as number));
  }
  return worst / largest;
}

/** Columns whose variances fall by `fall` from each to the next, turned at random. */
function falling(rows: number, cols: number, fall: number, seed = 1): Matrix<Float32Array> {
  const random = createRandom(seed);
  const turn = Float64Array.from({ length: cols * cols }, () => roughlyNormal(random));
  const data = new Float32Array(rows * cols);
  const plain = new Float64Array(cols);
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < cols; j++) plain[j] = roughlyNormal(random) * fall ** (j / 2);
    for (let i = 0; i < cols; i++) {
      data[r * cols + i] = plain.reduce((sum, x, j) => sum + x * (turn[j * cols + i] as number), 5);
    }
  }
  return { rows, cols, data };
}

/** The obvious way: covariance by three loops in double precision, and Jacobi's rotations. */
function naive({ rows, cols, data }: Matrix, unit = 1) {
  const mean = new Float64Array(cols);
  for (let r = 0; r < rows; r++)
    for (let j = 0; j < cols; j++)
      mean[j] = (mean[j] as number) + ((data[r * cols + j] as number) * unit) / rows;
  const covariance = new Float64Array(cols * cols);
  for (let r = 0; r < rows; r++) {
    const x = mean.map((m, j) => (data[r * cols + j] as number) * unit - m);
    for (let a = 0; a < cols; a++)
      for (let b = 0; b < cols; b++)
        covariance[a * cols + b] =
          (covariance[a * cols + b] as number) + ((x[a] as number) * (x[b] as number)) / (rows - 1);
  }
  return { mean, ...symmetricEigen(covariance, cols) };
}

describe("scikit-learn's components", () => {
  test.each(cases.map((one) => [one.name, one] as const))("%s", async (_, one) => {
    const fit = await pca.fit(
      samplesOf(one),
      { nComponents: one.nComponents, whiten: one.whiten },
      { compute },
    );
    expect(error(fit.mean, one.mean)).toBeLessThan(1e-12);
    expect(error(fit.explainedVariance, one.explainedVariance)).toBeLessThan(1e-9);
    expect(error(pca.explainedVarianceRatio(fit), one.explainedVarianceRatio)).toBeLessThan(1e-9);
    expect(error(fit.components.data, one.components)).toBeLessThan(1e-9);
    // Scores are sums of float32 products.
    expect(error(fit.scores.data.subarray(0, one.scores.length), one.scores)).toBeLessThan(2e-6);
    // scikit-learn leaves out of its mean the directions that fewer rows than columns cannot have.
    if (one.rows > one.cols) expect(pca.noiseVariance(fit)).toBeCloseTo(one.noiseVariance, 9);
  });
});

describe("by hand", () => {
  test("four points on a line through (1, 2), two units apart in each direction", async () => {
    // Deviations along (1, 1) / sqrt 2: -3, -1, 1, 3 times sqrt 2; variance (9 + 1 + 1 + 9) 2 / 3 = 40 / 3.
    const samples = matrixFromRows([
      [-2, -1],
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
    const fit = await pca.fit(samples, { nComponents: 2 }, { compute });
    expect(Array.from(fit.mean)).toEqual([1, 2]);
    expect(fit.components.data[0]).toBeCloseTo(Math.SQRT1_2, 14);
    expect(fit.components.data[1]).toBeCloseTo(Math.SQRT1_2, 14);
    expect(fit.explainedVariance[0]).toBeCloseTo(40 / 3, 12);
    expect(fit.explainedVariance[1]).toBeCloseTo(0, 12);
    expect(Array.from(fit.scores.data)).toEqual(
      [-3, 0, -1, 0, 1, 0, 3, 0].map((x) => expect.closeTo(x * Math.SQRT2, 5)),
    );
  });
});

describe("laws", () => {
  const shapes = fc.record({
    rows: fc.integer({ min: 2, max: 40 }),
    cols: fc.integer({ min: 1, max: 9 }),
    seed: fc.integer({ min: 0, max: 1000 }),
    bytes: fc.boolean(),
  });

  test("components are orthonormal, variances fall and are those of the scores, the largest element is positive", async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async ({ rows, cols, seed, bytes }) => {
        const samples = bytes
          ? byteBlobs(createRandom(seed), rows, cols, 3, 1)
          : falling(rows, cols, 0.7, seed);
        const fit = await pca.fit(samples, { nComponents: cols }, { compute });
        const k = fit.components.rows;
        expect(k).toBe(Math.min(cols, rows - 1));
        const scale = fit.explainedVariance[0] as number;
        for (let a = 0; a < k; a++) {
          const own = fit.components.data.subarray(a * cols, (a + 1) * cols);
          for (let b = 0; b <= a; b++) {
            const dot = own.reduce((s, v, j) => s + v * (fit.components.data[b * cols + j] as number), 0);
            expect(dot).toBeCloseTo(a === b ? 1 : 0, 12);
          }
          const largest = own.reduce((m, v) => (Math.abs(v) > Math.abs(m) ? v : m), 0);
          expect(largest).toBeGreaterThan(0);
          if (a > 0)
            expect(fit.explainedVariance[a]).toBeLessThanOrEqual(fit.explainedVariance[a - 1] as number);
          const along = Array.from({ length: rows }, (_, r) => fit.scores.data[r * k + a] as number);
          const mean = along.reduce((s, v) => s + v, 0) / rows;
          const variance = along.reduce((s, v) => s + (v - mean) ** 2, 0) / (rows - 1);
          expect(Math.abs(variance - (fit.explainedVariance[a] as number)) / scale).toBeLessThan(1e-5);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("as many components as columns give the samples back, whitened or not", async () => {
    const samples = falling(50, 6, 0.8);
    for (const whiten of [false, true]) {
      const fit = await pca.fit(samples, { nComponents: 6, whiten }, { compute });
      expect(error(pca.inverse(fit, fit.scores).data, samples.data)).toBeLessThan(2e-6);
    }
  });

  test("whitened scores have variance 1", async () => {
    const fit = await pca.fit(falling(300, 7, 0.5), { nComponents: 7, whiten: true }, { compute });
    for (let c = 0; c < 7; c++) {
      let squares = 0;
      for (let r = 0; r < 300; r++) squares += (fit.scores.data[r * 7 + c] as number) ** 2;
      expect(squares / 299).toBeCloseTo(1, 4);
    }
  });
});

describe("another way", () => {
  // More rows than a stage holds, columns beyond one block, and not a multiple of anything.
  test.each([
    ["bytes", byteBlobs(createRandom(4), 4500, 131, 6, 1)],
    ["floats", falling(2300, 70, 0.9)],
  ] as const)("%s over several stages agree with three loops", async (_, samples) => {
    const unit = "unit" in samples ? samples.unit : 1;
    const expected = naive({ ...samples, data: Float64Array.from(samples.data) }, unit);
    const fit = await pca.fit(samples, { nComponents: 10 }, { compute });
    expect(error(fit.mean, expected.mean)).toBeLessThan(1e-12);
    expect(error(fit.explainedVariance, expected.values.subarray(0, 10))).toBeLessThan(1e-10);
    expect(error(fit.components.data, expected.vectors.subarray(0, 10 * samples.cols))).toBeLessThan(1e-7);
    const scores = await pca.transform(fit, samples, { compute });
    expect(scores.data).toEqual(fit.scores.data);
  });

  test.each([
    ["bytes", byteBlobs(createRandom(4), 2500, 100, 12, 0.3)],
    ["floats", falling(2300, 80, 0.6)],
    ["more columns than rows", falling(30, 90, 0.6)],
  ] as const)("random directions find what all eigenvalues find: %s", async (_, samples) => {
    const options = { nComponents: 5, seed: 3 };
    const exact = await pca.fit(samples, options, { compute });
    const fit = await pca.fit(samples, { ...options, solver: "randomized" }, { compute });
    expect(exact.settings.solver).toBe("exact");
    expect(fit.settings.solver).toBe("randomized");
    // Products in single precision.
    expect(error(fit.explainedVariance, exact.explainedVariance)).toBeLessThan(1e-5);
    expect(fit.totalVariance / exact.totalVariance).toBeCloseTo(1, 6);
    expect(error(fit.components.data, exact.components.data)).toBeLessThan(1e-3);
    expect(error(fit.mean, exact.mean)).toBeLessThan(1e-6);
  });
});

describe("chunks", () => {
  const samples = byteBlobs(createRandom(2), 5000, 20, 4, 1);
  const floats = falling(2500, 12, 0.8);
  const cut = <S extends Samples>(whole: S, sizes: readonly number[]): pca.SampleChunks => ({
    ...pca.chunksOf(whole),
    async *chunks() {
      let from = 0;
      for (let i = 0; from < whole.rows; i++) {
        const to = Math.min(whole.rows, from + (sizes[i % sizes.length] as number));
        yield takeRows(
          whole,
          Array.from({ length: to - from }, (_, r) => from + r),
        );
        from = to;
      }
    },
  });

  test.each([
    ["bytes", samples, "exact"],
    ["floats", floats, "exact"],
    ["floats, for random directions", floats, "randomized"],
  ] as const)("%s, however cut, give the same bytes", async (_, whole, solver) => {
    const { scores, ...model } = await pca.fit(whole, { nComponents: 4, solver }, { compute });
    for (const sizes of [[1000], [1, 700, 2300], [whole.rows]]) {
      const source = cut(whole, sizes);
      expect(await pca.fitChunks(source, { nComponents: 4, solver }, { compute })).toEqual(model);
      expect(await pca.transformChunks(model, source, { compute })).toEqual(scores);
    }
  });

  test.each([
    [
      "too few rows",
      { ...cut(floats, [900]), rows: 2501 },
      "all chunks together must have 2501 rows; got 2500.",
    ],
    [
      "too many rows",
      { ...cut(floats, [900]), rows: 1000 },
      "all chunks together must have 1000 rows; got 1800.",
    ],
    ["other columns", { ...cut(floats, [900]), cols: 11 }, "every chunk must have 11 columns; got 12."],
    [
      "floats for bytes",
      { ...cut(floats, [900]), unit: 1 },
      "every chunk must be bytes with the unit 1, as announced; got float32.",
    ],
    [
      "no rows",
      { ...cut(floats, [900]), rows: 0 },
      "samples must have at least one row and one column; got 0 x 12.",
    ],
  ])("%s are refused", async (_, source, message) => {
    await expect(pca.fitChunks(source, { nComponents: 2 }, { compute })).rejects.toThrow(
      `pca.fitChunks: ${message}`,
    );
  });

  test("an error of the chunks' maker comes through, and the memory is given back", async () => {
    const failing = {
      ...pca.chunksOf(floats),
      *chunks() {
        yield takeRows(floats, [0, 1, 2]);
        throw new RangeError("the disk is gone");
      },
    };
    for (let round = 0; round < 100; round++) {
      await expect(pca.fitChunks(failing, { nComponents: 2 }, { compute })).rejects.toThrow(
        "the disk is gone",
      );
    }
    const { memory } = compute as unknown as { memory: { memory: WebAssembly.Memory } };
    expect(memory.memory.buffer.byteLength).toBeLessThan(256 * 2 ** 20);
  });
});

describe("threads", () => {
  test.each([
    ["bytes", byteBlobs(createRandom(9), 3000, 140, 5, 1), "exact"],
    ["floats", falling(2000, 70, 0.9), "exact"],
    ["floats, random directions", falling(2000, 70, 0.9), "randomized"],
  ] as const)("one and three give the bytes that two give: %s", async (_, samples, solver) => {
    const expected = await pca.fit(samples, { nComponents: 6, solver }, { compute });
    for (const threads of [1, 3]) {
      const other = createCompute({ threads });
      expect(await pca.fit(samples, { nComponents: 6, solver }, { compute: other })).toEqual(expected);
      other.close();
    }
  });
});
