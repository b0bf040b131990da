import { afterAll, describe, expect, test } from "vitest";
import { CancelledError, InputError, NumericalError, OptionError } from "../../errors.ts";
import { createCompute } from "../../kernels/index.ts";
import { type Matrix, matrixFromRows } from "../../matrix/index.ts";
import { createRandom } from "../../random/index.ts";
import { blobs, byteBlobs } from "../../testing/samples.ts";
import * as pca from "./index.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

const samples = blobs(createRandom(1), 40, 6, 3, 1);
const solvers = ["exact", "randomized"] as const;

describe.each(solvers)("%s", (solver) => {
  test("one sample is its own mean, with one component without variance", async () => {
    const fit = await pca.fit(matrixFromRows([[3, 1, 2]]), { nComponents: 2, solver }, { compute });
    expect(Array.from(fit.mean)).toEqual([3, 1, 2]);
    expect(fit.components.rows).toBe(1);
    expect(Array.from(fit.explainedVariance)).toEqual([0]);
    expect(Array.from(fit.scores.data)).toEqual([0]);
    expect(Array.from(pca.explainedVarianceRatio(fit))).toEqual([0]);
    expect(pca.noiseVariance(fit)).toBe(0);
  });

  test("equal samples have no variance, and scores of 0, whitened too", async () => {
    const equal = matrixFromRows(new Array(7).fill([0.1, 0.2, 0.3]));
    const fit = await pca.fit(equal, { nComponents: 2, whiten: true, solver }, { compute });
    expect(fit.totalVariance).toBe(0);
    expect(Array.from(fit.explainedVariance)).toEqual([0, 0]);
    expect(Array.from(fit.scores.data)).toEqual(new Array(14).fill(0));
  });

  test("constant columns have no part in any component that has variance", async () => {
    const wide: Matrix<Float32Array> = {
      ...samples,
      cols: 8,
      data: Float32Array.from({ length: 40 * 8 }, (_, at) =>
        at % 8 < 6 ? (samples.data[Math.floor(at / 8) * 6 + (at % 8)] as number) : 0.7,
      ),
    };
    const fit = await pca.fit(wide, { nComponents: 6, solver }, { compute });
    for (let c = 0; c < 6; c++) {
      expect(Math.abs(fit.components.data[c * 8 + 6] as number)).toBeLessThan(1e-7);
      expect(Math.abs(fit.components.data[c * 8 + 7] as number)).toBeLessThan(1e-7);
    }
  });

  test("more components than dimensions become as many as there are", async () => {
    const few = { ...samples, rows: 4, data: samples.data.slice(0, 24) };
    const fit = await pca.fit(few, { nComponents: 50, solver }, { compute });
    expect(fit.components.rows).toBe(3);
    expect(fit.settings.nComponents).toBe(50);
    expect(fit.scores.cols).toBe(3);
  });

  test("numbers from 1e-20 to 1e15 do no harm", async () => {
    const plain = await pca.fit(samples, { nComponents: 2, solver }, { compute });
    for (const unit of [1e-20, 1e15]) {
      const scaled = { ...samples, data: samples.data.map((x) => x * unit) };
      const fit = await pca.fit(scaled, { nComponents: 2, solver }, { compute });
      const ratio = (fit.explainedVariance[0] as number) / (plain.explainedVariance[0] as number);
      expect(ratio / unit ** 2).toBeCloseTo(1, 5);
    }
  });

  test("NaN and infinity are named with their place", async () => {
    const sick = { ...samples, data: samples.data.with(3 * 6 + 2, Number.NaN) };
    const fitting = pca.fit(sick, { nComponents: 2, solver }, { compute });
    await expect(fitting).rejects.toThrow(InputError);
    await expect(fitting).rejects.toThrow(
      "pca.fit: samples must be finite numbers; got NaN at row 3, column 2.",
    );
    const later = blobs(createRandom(1), 3000, 6, 3, 1);
    later.data[2500 * 6 + 5] = Number.NEGATIVE_INFINITY;
    await expect(pca.fit(later, { nComponents: 2, solver }, { compute })).rejects.toThrow(
      "got -Infinity at row 2500, column 5.",
    );
  });

  test("the samples are left as they were", async () => {
    const bytes = byteBlobs(createRandom(1), 50, 6, 3, 1);
    const copy = bytes.data.slice();
    await pca.fit(bytes, { nComponents: 2, solver }, { compute });
    expect(bytes.data).toEqual(copy);
  });

  test("a cancelled call", async () => {
    const signal = AbortSignal.abort();
    await expect(pca.fit(samples, { nComponents: 2, solver }, { compute, signal })).rejects.toThrow(
      CancelledError,
    );
  });
});

test("later rows far beyond the first are refused where float32 cannot hold their squares", async () => {
  const far = blobs(createRandom(1), 1100, 6, 3, 1);
  far.data[1099 * 6] = 1e30;
  const fitting = pca.fit(far, { nComponents: 2, solver: "randomized" }, { compute });
  await expect(fitting).rejects.toThrow(NumericalError);
  await expect(fitting).rejects.toThrow(
    "pca.fit: squares of the samples must be finite; later rows are too far from the first ones.",
  );
});

describe("options", () => {
  test.each([
    ["no components", { nComponents: 0 }, "nComponents must be an integer of at least 1; got 0."],
    ["half a component", { nComponents: 1.5 }, "nComponents must be an integer of at least 1; got 1.5."],
    [
      "an unknown solver",
      { nComponents: 1, solver: "full" as never },
      'solver must be one of auto, exact, randomized; got "full".',
    ],
    [
      "an unknown option",
      { nComponents: 1, components: 3 },
      'every option must be one of nComponents, whiten, solver, nOversamples, nPowerIterations, seed; got "components".',
    ],
    [
      "a negative seed",
      { nComponents: 1, seed: -1 },
      "seed must be an integer in 0..9007199254740991; got -1.",
    ],
    [
      "half an iteration",
      { nComponents: 1, nPowerIterations: 0.5 },
      "nPowerIterations must be an integer of at least 0; got 0.5.",
    ],
    [
      "whitening by a word",
      { nComponents: 1, whiten: "yes" as never },
      "whiten must be true or false; got yes.",
    ],
  ])("%s", async (_, options, message) => {
    const fitting = pca.fit(samples, options, { compute });
    await expect(fitting).rejects.toThrow(OptionError);
    await expect(fitting).rejects.toThrow(`pca.fit: ${message}`);
  });

  test("an exact fit of very many columns", async () => {
    const wide = { rows: 1, cols: 9000, data: new Float32Array(9000) };
    await expect(pca.fit(wide, { nComponents: 1, solver: "exact" }, { compute })).rejects.toThrow(
      'pca.fit: solver "exact" must be used for at most 8192 columns; got 9000. Use solver "randomized".',
    );
  });
});

describe("applying a model", () => {
  test("refuses samples of other features, and points of other components", async () => {
    const fit = await pca.fit(samples, { nComponents: 2 }, { compute });
    const other = matrixFromRows([[1, 2]]);
    await expect(pca.transform(fit, other, { compute })).rejects.toThrow(
      "pca.transform: samples must have the model's 6 features; got 2.",
    );
    await expect(pca.transformChunks(fit, pca.chunksOf(other), { compute })).rejects.toThrow(
      "pca.transformChunks: samples must have the model's 6 features; got 2.",
    );
    expect(() => pca.inverse(fit, matrixFromRows([[1]]))).toThrow(
      "pca.inverse: points must have 2 columns, one for each component; got 1.",
    );
  });

  test("names a sample that is not finite", async () => {
    const fit = await pca.fit(samples, { nComponents: 2 }, { compute });
    const sick = { ...samples, data: samples.data.with(9 * 6, Number.POSITIVE_INFINITY) };
    await expect(pca.transform(fit, sick, { compute })).rejects.toThrow(
      "pca.transform: samples must be finite numbers; got Infinity at row 9, column 0.",
    );
  });

  test("a clone transforms to the same bytes", async () => {
    const { scores, ...model } = await pca.fit(samples, { nComponents: 3 }, { compute });
    expect(await pca.transform(structuredClone(model), samples, { compute })).toEqual(scores);
  });
});
