import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { gaussianMixture } from "../../index.ts";
import { createCompute } from "../../kernels/index.ts";
import { type Matrix, matrixFromRows } from "../../matrix/index.ts";
import { createRandom } from "../../random/index.ts";
import { blobs } from "../../testing/samples.ts";
import type { CovarianceType, GaussianMixtureModel } from "./index.ts";
import * as mixture from "./index.ts";

const types: readonly CovarianceType[] = ["full", "tied", "diagonal", "spherical"];
const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

test("a trace goes the way of the fit: likelihood rises to its, from its start to its components", async () => {
  const samples = blobs(createRandom(8).stream("samples"), 150, 2, 3, 1);
  const options = { nComponents: 3, init: "random", seed: 5 } as const;
  const fit = await gaussianMixture.fit(samples, options, { compute });
  const tracing = mixture.trace(samples, options, { compute });
  const seen: mixture.GaussianMixtureTrace[] = [];
  let next = await tracing.next();
  while (!next.done) {
    seen.push(next.value);
    next = await tracing.next();
  }
  expect(next.value).toBe(fit.converged);
  expect(seen.map(({ iteration }) => iteration)).toEqual(
    Array.from({ length: fit.iterations + 1 }, (_, i) => i),
  );
  // An iteration tells the likelihood of the components that it begins with.
  const { history, weights, means, covariances, labels, meanLogLikelihood } = fit;
  expect(seen.slice(0, -1).map((one) => one.meanLogLikelihood)).toEqual(
    history.map((one) => one.meanLogLikelihood),
  );
  const { iteration: _, ...last } = seen.at(-1) as mixture.GaussianMixtureTrace;
  expect(last).toEqual({ weights, means, covariances, labels, meanLogLikelihood });
});

describe("scikit-learn's results", () => {
  interface Case {
    name: string;
    covarianceType: CovarianceType;
    rows: number;
    cols: number;
    samples: number[];
    regularization: number;
    iterations: number;
    start: { weights: number[]; means: number[]; covariances: number[] };
    weights: number[];
    means: number[];
    covariances: number[];
    logLikelihood: number;
    logDensities: number[];
    labels: number[];
    responsibilities: number[];
    bic: number;
    aic: number;
  }
  const path = new URL("../../../fixtures/gaussian-mixture/mixtures.json", import.meta.url);
  const { cases } = JSON.parse(readFileSync(path, "utf8")) as { cases: Case[] };
  const near = (found: ArrayLike<number>, wanted: readonly number[], tolerance: number): void => {
    expect(found.length).toBe(wanted.length);
    wanted.forEach((value, i) =>
      expect(Math.abs(found[i] - value)).toBeLessThan(tolerance * Math.max(1, Math.abs(value))),
    );
  };

  test.each(cases)("$name", async (wanted) => {
    const { rows, cols, start } = wanted;
    const samples = { rows, cols, data: Float32Array.from(wanted.samples) };
    const nComponents = start.weights.length;
    const means = { rows: nComponents, cols, data: Float64Array.from(start.means) };
    const fit = await gaussianMixture.fit(
      samples,
      {
        nComponents,
        covarianceType: wanted.covarianceType,
        init: { ...start, means },
        maxIterations: wanted.iterations,
        tolerance: 0,
        covarianceRegularization: wanted.regularization,
      },
      { compute },
    );
    expect(fit.iterations).toBe(wanted.iterations);
    near(fit.weights, wanted.weights, 1e-6);
    near(fit.means.data, wanted.means, 1e-6);
    near(fit.covariances, wanted.covariances, 1e-6);
    near([fit.meanLogLikelihood], [wanted.logLikelihood], 1e-9);
    near(fit.logDensities, wanted.logDensities, 1e-6);
    expect(Array.from(fit.labels)).toEqual(wanted.labels);
    const shares = await gaussianMixture.responsibilities(fit, samples, { compute });
    near(shares.data.subarray(0, 20 * nComponents), wanted.responsibilities, 1e-6);
    const { bic, aic } = gaussianMixture.criteria(fit, fit.logDensities, shares);
    near([bic, aic], [wanted.bic, wanted.aic], 1e-9);
  });
});

describe("laws", () => {
  const seeds = { seed: 20261121, numRuns: 20 };
  const anyType = fc.constantFrom(...types);

  test("without regularization the likelihood never falls, and responsibilities sum to one", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 5 }), anyType, async (seed, k, covarianceType) => {
        const samples = blobs(createRandom(seed), 150, 4, 3, 2);
        const fit = await gaussianMixture.fit(
          samples,
          {
            nComponents: k,
            covarianceType,
            seed,
            covarianceRegularization: 0,
            tolerance: 0,
            maxIterations: 40,
          },
          { compute },
        );
        const course = [...fit.history.map((step) => step.meanLogLikelihood), fit.meanLogLikelihood];
        course.forEach((value, i) => {
          expect(value).toBeGreaterThanOrEqual((course[i - 1] ?? Number.NEGATIVE_INFINITY) - 1e-10);
        });
        const { data } = await gaussianMixture.responsibilities(fit, samples, { compute });
        for (let i = 0; i < samples.rows; i++) {
          const own = data.subarray(i * k, (i + 1) * k);
          expect(own.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
          expect(own[fit.labels[i]]).toBe(Math.max(...own));
        }
        expect(fit.weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
      }),
      seeds,
    );
  });

  test("densities are those of the formula", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), anyType, async (seed, covarianceType) => {
        const samples = blobs(createRandom(seed), 60, 3, 2, 1);
        const options = { nComponents: 2, covarianceType, seed };
        const fit = await gaussianMixture.fit(samples, options, { compute });
        fit.logDensities.forEach((found, i) => {
          const x = Array.from(samples.data.subarray(3 * i, 3 * i + 3));
          const density = [0, 1].reduce((sum, c) => sum + fit.weights[c] * naiveDensity(fit, c, x), 0);
          expect(Math.abs(found - Math.log(density))).toBeLessThan(1e-8 * Math.max(1, Math.abs(found)));
        });
      }),
      seeds,
    );
  });

  test("one iteration: tied is the weighted mean of full, diagonal the diagonal of full, spherical its mean", async () => {
    const samples = blobs(createRandom(5), 200, 3, 3, 2);
    const [k, d] = [3, 3];
    const means = { rows: k, cols: d, data: samples.data.slice(0, k * d) };
    const once = (covarianceType: CovarianceType, covariances: number[]) =>
      gaussianMixture.fit(
        samples,
        {
          ...{ nComponents: k, covarianceType, maxIterations: 1, covarianceRegularization: 0 },
          init: { weights: [1 / 3, 1 / 3, 1 / 3], means, covariances },
        },
        { compute },
      );
    const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];
    const full = await once("full", [...identity, ...identity, ...identity]);
    const tied = await once("tied", identity);
    const diagonal = await once("diagonal", Array(9).fill(1));
    const spherical = await once("spherical", [1, 1, 1]);
    for (let i = 0; i < d * d; i++) {
      const mean = [0, 1, 2].reduce((sum, c) => sum + full.weights[c] * full.covariances[c * d * d + i], 0);
      expect(tied.covariances[i]).toBeCloseTo(mean, 10);
    }
    for (let c = 0; c < k; c++) {
      const own = [0, 1, 2].map((j) => full.covariances[(c * d + j) * d + j]);
      own.forEach((variance, j) => expect(diagonal.covariances[c * d + j]).toBeCloseTo(variance, 10));
      expect(spherical.covariances[c]).toBeCloseTo((own[0] + own[1] + own[2]) / 3, 10);
    }
  });

  test("in one dimension all types but tied are the same", async () => {
    const samples = blobs(createRandom(8), 300, 1, 3, 1);
    const fits = await Promise.all(
      types.map((covarianceType) =>
        gaussianMixture.fit(samples, { nComponents: 3, covarianceType, seed: 4 }, { compute }),
      ),
    );
    for (const one of [fits[2], fits[3]]) {
      expect(one.meanLogLikelihood).toBeCloseTo(fits[0].meanLogLikelihood, 10);
      expect(one.labels).toEqual(fits[0].labels);
    }
  });

  test("one component is mean and covariance", async () => {
    const samples = matrixFromRows([
      [0, 0],
      [2, 0],
      [0, 2],
      [2, 2],
      [1, 1],
    ]);
    const fit = await gaussianMixture.fit(
      samples,
      { nComponents: 1, covarianceRegularization: 0 },
      { compute },
    );
    expect(Array.from(fit.means.data)).toEqual([1, 1]);
    expect(Array.from(fit.covariances)).toEqual([0.8, 0, 0, 0.8]);
  });

  test("any number of threads gives the same bytes", async () => {
    const samples = blobs(createRandom(3), 5000, 6, 4, 2);
    const results = [];
    for (const threads of [1, 2, 3]) {
      const own = createCompute({ threads });
      const { settings: _, ...fit } = await gaussianMixture.fit(
        samples,
        { nComponents: 4, maxIterations: 8, seed: 2 },
        { compute: own },
      );
      own.close();
      results.push(fit);
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  test("scaling and moving the samples moves the model with them", async () => {
    const samples = blobs(createRandom(6), 400, 3, 3, 1);
    const moved = { ...samples, data: samples.data.map((value) => 1024 * value + 4096) };
    const options = { nComponents: 3, seed: 1, covarianceRegularization: 0, maxIterations: 10, tolerance: 0 };
    const one = await gaussianMixture.fit(samples, options, { compute });
    const other = await gaussianMixture.fit(moved, options, { compute });
    other.means.data.forEach((value, i) =>
      expect(Math.abs(value - (1024 * one.means.data[i] + 4096))).toBeLessThan(0.05),
    );
    expect(other.meanLogLikelihood).toBeCloseTo(one.meanLogLikelihood - 3 * Math.log(1024), 3);
  });

  test("the entropy of responsibilities may be added up by parts, and the factors of covariances give the density", async () => {
    for (const covarianceType of types) {
      const samples = blobs(createRandom(4), 60, 3, 2, 2);
      const fit = await gaussianMixture.fit(samples, { nComponents: 2, covarianceType }, { compute });
      const shares = await gaussianMixture.responsibilities(fit, samples, { compute });
      const half = (from: number) => ({
        rows: 30,
        cols: 2,
        data: shares.data.subarray(2 * from, 2 * from + 60),
      });
      const parts = gaussianMixture.entropyOf(half(0)) + gaussianMixture.entropyOf(half(30));
      const { icl } = gaussianMixture.criteria(fit, fit.logDensities, parts);
      expect(icl).toBeCloseTo(gaussianMixture.criteria(fit, fit.logDensities, shares).icl, 8);

      const { triangular, factors, logPeaks } = gaussianMixture.precisions(fit);
      const density = [0, 1].map((c) => {
        const factor = factors[factors.length === 1 ? 0 : c];
        let square = 0;
        for (let j = 0; j < 3; j++) {
          let turned = 0;
          for (let i = 0; i < 3; i++) {
            const apart = samples.data[i] - fit.means.data[3 * c + i];
            turned += apart * (triangular ? factor[3 * j + i] : i === j ? factor[j] : 0);
          }
          square += turned ** 2;
        }
        return fit.weights[c] * Math.exp(logPeaks[c] - square / 2);
      });
      expect(Math.log(density[0] + density[1])).toBeCloseTo(fit.logDensities[0], 8);
    }
  });

  test("what it samples has its weights, means and covariances", async () => {
    for (const covarianceType of types) {
      const samples = blobs(createRandom(9), 500, 2, 2, 1);
      const fit = await gaussianMixture.fit(samples, { nComponents: 2, covarianceType }, { compute });
      const drawn = gaussianMixture.sample(fit, { count: 40_000, seed: 3 });
      for (const c of [0, 1]) {
        const own = Array.from(drawn.labels.keys()).filter((i) => drawn.labels[i] === c);
        expect(own.length / 40_000).toBeCloseTo(fit.weights[c], 1);
        const at = (i: number, j: number): number =>
          drawn.samples.data[2 * i + j] - fit.means.data[2 * c + j];
        const covariance = (a: number, b: number): number =>
          own.reduce((sum, i) => sum + at(i, a) * at(i, b), 0) / own.length;
        const wanted = covarianceOf(fit, c);
        const scale = Math.max(wanted[0], wanted[3]);
        [covariance(0, 0), covariance(1, 0), covariance(0, 1), covariance(1, 1)].forEach((value, i) =>
          expect(Math.abs(value - wanted[i])).toBeLessThan(0.06 * scale),
        );
      }
      const second = gaussianMixture.sample(fit, { count: 4000, seed: 3, component: 1 });
      expect(new Set(second.labels)).toEqual(new Set([1]));
      for (const axis of [0, 1]) {
        const mean = second.samples.data.reduce((sum, x, i) => sum + (i % 2 === axis ? x / 4000 : 0), 0);
        const spread = Math.sqrt(covarianceOf(fit, 1)[3 * axis]);
        expect(Math.abs(mean - fit.means.data[2 + axis])).toBeLessThan(0.1 * spread);
        expect(gaussianMixture.covarianceAt(fit, 1, axis, axis)).toBe(covarianceOf(fit, 1)[3 * axis]);
      }
      expect(gaussianMixture.sample(fit, { count: 5, seed: 3 })).toEqual(
        gaussianMixture.sample(fit, { count: 5, seed: 3 }),
      );
    }
  });
});

/** Covariance of a component, d x d. */
function covarianceOf(model: GaussianMixtureModel, c: number): number[] {
  const { covariances, settings, means } = model;
  const d = means.cols;
  const type = settings.covarianceType;
  return Array.from({ length: d * d }, (_, at) => {
    const [i, j] = [Math.floor(at / d), at % d];
    if (type === "full") return covariances[c * d * d + at];
    if (type === "tied") return covariances[at];
    if (i !== j) return 0;
    return covariances[type === "diagonal" ? c * d + i : c];
  });
}

/** Normal density by Gaussian elimination, as a textbook writes it. */
function naiveDensity(model: GaussianMixtureModel, c: number, x: readonly number[]): number {
  const d = x.length;
  const a = covarianceOf(model, c);
  const y = x.map((value, j) => value - model.means.data[c * d + j]);
  const solved = [...y];
  let determinant = 1;
  for (let i = 0; i < d; i++) {
    const pivot = a[i * d + i];
    determinant *= pivot;
    for (let r = i + 1; r < d; r++) {
      const factor = a[r * d + i] / pivot;
      for (let j = i; j < d; j++) a[r * d + j] -= factor * a[i * d + j];
      solved[r] -= factor * solved[i];
    }
  }
  for (let i = d - 1; i >= 0; i--) {
    for (let j = i + 1; j < d; j++) solved[i] -= a[i * d + j] * solved[j];
    solved[i] /= a[i * d + i];
  }
  const distance = y.reduce((sum, value, j) => sum + value * solved[j], 0);
  return Math.exp(-distance / 2) / Math.sqrt((2 * Math.PI) ** d * determinant);
}

describe("starts", () => {
  const samples: Matrix<Float32Array> = blobs(createRandom(12), 400, 3, 4, 0.5);

  test("the likeliest of several is kept", async () => {
    const options = { nComponents: 4, init: "random", seed: 5, maxIterations: 30 } as const;
    const singles: number[] = [];
    const fit = await gaussianMixture.fit(
      samples,
      { ...options, nRestarts: 6 },
      {
        compute,
        onProgress: ({ restart, meanLogLikelihood }) => {
          singles[restart] = meanLogLikelihood;
        },
      },
    );
    expect(singles.length).toBe(6);
    expect(fit.meanLogLikelihood).toBeGreaterThanOrEqual(Math.max(...singles) - 1e-3);
    expect(fit.history.every(({ restart }) => restart === fit.restart)).toBe(true);
  });

  test.each(["k-means", "k-means++", "random"] as const)("%s finds well separated groups", async (init) => {
    const fit = await gaussianMixture.fit(samples, { nComponents: 4, init, nRestarts: 8 }, { compute });
    expect(Array.from(fit.weights, (weight) => weight > 0.1)).toEqual([true, true, true, true]);
    expect(fit.converged).toBe(true);
    expect(await gaussianMixture.predict(fit, samples, { compute })).toEqual(fit.labels);
    expect(await gaussianMixture.score(fit, samples, { compute })).toBeCloseTo(fit.meanLogLikelihood, 10);
  });

  test("given means are where the components begin", async () => {
    const means = matrixFromRows([
      [0, 0],
      [10, 10],
    ]);
    const points = matrixFromRows([
      [0, 1],
      [1, 0],
      [9, 10],
      [10, 9],
      [-1, 0],
      [11, 10],
    ]);
    const fit = await gaussianMixture.fit(points, { nComponents: 2, init: means }, { compute });
    expect(Array.from(fit.labels)).toEqual([0, 0, 1, 1, 0, 1]);
    expect(fit.settings.init).toEqual({ ...means, data: Float64Array.from(means.data) });
  });
});
