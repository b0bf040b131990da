import { afterAll, describe, expect, test } from "vitest";
import { CancelledError, InputError, NumericalError, OptionError } from "../../errors.ts";
import { gaussianMixture } from "../../index.ts";
import { createCompute } from "../../kernels/index.ts";
import type { Matrix } from "../../matrix/index.ts";
import { createRandom } from "../../random/index.ts";
import { describeEstimator } from "../../testing/describe-estimator.ts";
import { blobs, byteBlobs } from "../../testing/samples.ts";
import type { CovarianceType, GaussianMixtureFit, GaussianMixtureOptions } from "./index.ts";

const types: readonly CovarianceType[] = ["full", "tied", "diagonal", "spherical"];
const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

describeEstimator<GaussianMixtureFit>("gaussianMixture", {
  samples: blobs(createRandom(1), 300, 5, 3, 2),
  fit: (samples, seed, context) =>
    gaussianMixture.fit(samples, { nComponents: 3, seed, maxIterations: 6 }, context),
  steps: (samples, seed, context) =>
    gaussianMixture.steps(samples, { nComponents: 3, seed, maxIterations: 6 }, context),
  predict: gaussianMixture.predict,
});

function rows(...of: readonly (readonly number[])[]): Matrix<Float32Array> {
  return { rows: of.length, cols: of[0].length, data: Float32Array.from(of.flat()) };
}

/** Every number of a fit. */
function numbersIn(fit: GaussianMixtureFit): number[] {
  const { weights, means, covariances, logDensities, meanLogLikelihood, history } = fit;
  const course = history.map((step) => step.meanLogLikelihood);
  return [...weights, ...means.data, ...covariances, ...logDensities, meanLogLikelihood, ...course];
}

function expectFinite(fit: GaussianMixtureFit): void {
  expect(numbersIn(fit).filter((value) => !Number.isFinite(value))).toEqual([]);
}

const same = (count: number, ...point: number[]): number[][] => Array.from({ length: count }, () => point);

describe.each(types)("degenerate samples, %s covariances", (covarianceType) => {
  const fit = (samples: Matrix<Float32Array>, more: Partial<GaussianMixtureOptions> = {}) =>
    gaussianMixture.fit(samples, { nComponents: 2, covarianceType, ...more }, { compute });

  test("equal rows make one component, as wide as the regularization; the other stays empty", async () => {
    const found = await fit(rows(...same(20, 3, -1)));
    expectFinite(found);
    expect(Array.from(found.weights).sort()).toEqual([0, 1]);
    const full = found.weights[0] === 1 ? 0 : 1;
    expect(Array.from(found.means.data.subarray(2 * full, 2 * full + 2))).toEqual([3, -1]);
    expect(found.covariances[0]).toBeCloseTo(1e-6, 12);
    expect(new Set(found.labels).size).toBe(1);
  });

  test("a constant feature has the regularization as its variance", async () => {
    const samples = blobs(createRandom(4), 100, 3, 2, 1);
    for (let i = 0; i < 100; i++) samples.data[3 * i + 1] = 7;
    const found = await fit(samples);
    expectFinite(found);
    expect(Array.from(found.means.data.filter((_, at) => at % 3 === 1))).toEqual([7, 7]);
    if (covarianceType === "full" || covarianceType === "tied") {
      expect(found.covariances[4]).toBeCloseTo(1e-6, 12);
    }
  });

  test("a thousand equal rows among others take a component of their own", async () => {
    const others = blobs(createRandom(2), 200, 2, 1, 1);
    const data = new Float32Array(2 * 1200).fill(50);
    data.set(others.data);
    const found = await fit({ rows: 1200, cols: 2, data });
    expectFinite(found);
    expect(new Set(found.labels.subarray(200)).size).toBe(1);
    expect(found.labels[0]).not.toBe(found.labels[200]);
  });

  test("as many components as samples, each with its own", async () => {
    const found = await fit(rows([0, 0], [10, 0], [0, 10]), { nComponents: 3 });
    expectFinite(found);
    expect(Array.from(found.labels).sort()).toEqual([0, 1, 2]);
  });

  test("samples far from all components have finite densities, and probabilities that sum to one", async () => {
    const found = await fit(blobs(createRandom(2), 100, 2, 2, 1));
    const far = rows([1e6, -1e6], [-1e6, 1e6]);
    const densities = await gaussianMixture.logDensity(found, far, { compute });
    expect(densities.every((value) => Number.isFinite(value) && value < -1e6)).toBe(true);
    const { data } = await gaussianMixture.responsibilities(found, far, { compute });
    expect(data[0] + data[1]).toBeCloseTo(1, 12);
    expect(data[2] + data[3]).toBeCloseTo(1, 12);
  });
});

describe("collapse", () => {
  test("without regularization says which component, onto how many samples, and what to do", async () => {
    const samples = rows([0, 0], [1, 0], [0, 1], [1, 1], [50, 50], [50, 50]);
    const fitting = gaussianMixture.fit(
      samples,
      { nComponents: 2, covarianceRegularization: 0 },
      { compute },
    );
    await expect(fitting).rejects.toThrow(NumericalError);
    await expect(fitting).rejects.toThrow(
      /^gaussianMixture\.fit: component [01] collapsed onto 2\.0 samples; its covariance is singular\. Use fewer components or raise covarianceRegularization \(now 0\)\.$/,
    );
  });

  test("of the common covariance is told as such", async () => {
    const fitting = gaussianMixture.fit(
      rows(...same(5, 1, 2)),
      { nComponents: 1, covarianceType: "tied", covarianceRegularization: 0 },
      { compute },
    );
    await expect(fitting).rejects.toThrow("the common covariance is singular. Use fewer components");
  });
});

test("bytes are fitted in their own units", async () => {
  const bytes = byteBlobs(createRandom(7), 300, 4, 2, 1);
  const floats = { ...bytes, data: Float32Array.from(bytes.data, (value) => value * bytes.unit) };
  const options = { nComponents: 2, covarianceRegularization: 1e-4 };
  const { settings: _, ...fromBytes } = await gaussianMixture.fit(bytes, options, { compute });
  const { settings: __, ...fromFloats } = await gaussianMixture.fit(floats, options, { compute });
  expect(fromBytes.labels).toEqual(fromFloats.labels);
  expect(fromBytes.meanLogLikelihood).toBeCloseTo(fromFloats.meanLogLikelihood, 6);
});

test("more features than a vector holds, and rows that fill no tile", async () => {
  for (const [count, cols] of [
    [33, 9],
    [64, 13],
    [31, 4],
  ]) {
    const samples = blobs(createRandom(count), count, cols, 1, 1);
    const fit = await gaussianMixture.fit(samples, { nComponents: 1 }, { compute });
    for (let a = 0; a < cols; a++) {
      for (let b = 0; b < cols; b++) {
        let sum = a === b ? 1e-6 : 0;
        for (let i = 0; i < count; i++) {
          const at = (j: number): number => samples.data[i * cols + j] - fit.means.data[j];
          sum += (at(a) * at(b)) / count;
        }
        expect(fit.covariances[a * cols + b]).toBeCloseTo(sum, 9);
      }
    }
  }
});

describe("refusals", () => {
  const samples = blobs(createRandom(1), 10, 2, 2, 1);
  const start = { weights: [0.5, 0.5], means: rows([0, 0], [1, 1]), covariances: [1, 0, 0, 1, 1, 0, 0, 1] };

  test.each<[string, Partial<GaussianMixtureOptions>, string]>([
    [
      "no components",
      { nComponents: 0 },
      "nComponents must be an integer in 1..10 (the number of samples); got 0.",
    ],
    ["more components than samples", { nComponents: 11 }, "nComponents must be an integer in 1..10"],
    [
      "an unknown type",
      { covarianceType: "diag" as never },
      'covarianceType must be one of full, tied, diagonal, spherical; got "diag".',
    ],
    ["an unknown option", { k: 3 } as never, "every option must be one of nComponents, covarianceType,"],
    [
      "an unknown start",
      { init: "kmeans" as never },
      'init must be "k-means", "k-means++", "random", means, or a whole start; got "kmeans".',
    ],
    [
      "means of another size",
      { init: rows([0, 0, 0], [1, 1, 1]) },
      "init must be nComponents x nFeatures = 2 x 2; got 2 x 3.",
    ],
    [
      "means with NaN",
      { init: rows([0, 0], [1, Number.NaN]) },
      "init must be finite numbers only; got NaN or infinity.",
    ],
    [
      "weights that do not add up",
      { init: { ...start, weights: [0.5, 0.6] } },
      "the sum of init.weights must be 1; got 1.1.",
    ],
    [
      "a negative weight",
      { init: { ...start, weights: [1.5, -0.5] } },
      "init.weights must be 2 positive numbers; got 1.5, -0.5.",
    ],
    [
      "covariances of another type",
      { init: { ...start, covariances: [1, 1] } },
      "init.covariances of type full must be 8 numbers; got 2.",
    ],
    ["a negative tolerance", { tolerance: -1 }, "tolerance must be a finite number of at least 0; got -1."],
    ["a negative regularization", { covarianceRegularization: -1 }, "covarianceRegularization must be"],
    ["no restarts", { nRestarts: 0 }, "nRestarts must be an integer of at least 1; got 0."],
    ["a seed that is no integer", { seed: 0.5 }, "seed must be an integer in 0.."],
  ])("%s", async (_, options, message) => {
    const fitting = gaussianMixture.fit(samples, { nComponents: 2, ...options }, { compute });
    await expect(fitting).rejects.toThrow(OptionError);
    await expect(fitting).rejects.toThrow(`gaussianMixture.fit: ${message}`);
  });

  test("samples with NaN, and samples of other features", async () => {
    const sick = { ...samples, data: samples.data.with(3, Number.NaN) };
    await expect(gaussianMixture.fit(sick, { nComponents: 2 }, { compute })).rejects.toThrow(InputError);
    const fit = await gaussianMixture.fit(samples, { nComponents: 2 }, { compute });
    await expect(gaussianMixture.predict(fit, rows([1, 2, 3]), { compute })).rejects.toThrow(
      "gaussianMixture.predict: samples must have the model's 2 features; got 3.",
    );
    expect(() => gaussianMixture.sample(fit, { count: 1, component: 2 })).toThrow(
      "gaussianMixture.sample: component must be an integer in 0..",
    );
    expect(() => gaussianMixture.sample(fit, { count: 0 })).toThrow(
      "gaussianMixture.sample: count must be an integer of at least 1; got 0.",
    );
  });

  test("a covariance that is not positive definite", async () => {
    const init = { ...start, covariances: [1, 2, 2, 1, 1, 0, 0, 1] };
    await expect(gaussianMixture.fit(samples, { nComponents: 2, init }, { compute })).rejects.toThrow(
      NumericalError,
    );
  });

  test("a cancelled call", async () => {
    const signal = AbortSignal.abort();
    await expect(gaussianMixture.fit(samples, { nComponents: 2 }, { compute, signal })).rejects.toThrow(
      CancelledError,
    );
  });
});
