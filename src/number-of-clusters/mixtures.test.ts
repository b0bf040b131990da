import { afterAll, describe, expect, test } from "vitest";
import * as gaussianMixture from "../cluster/gaussian-mixture/index.ts";
import { fit } from "../cluster/k-means/index.ts";
import { createCompute } from "../kernels/index.ts";
import type { Matrix, Samples } from "../matrix/index.ts";
import { createRandom } from "../random/index.ts";
import { blobs, byteBlobs } from "../testing/samples.ts";
import { mixtureValues, scaledSamples } from "./mixtures.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

async function valuesOf(samples: Samples, nClusters: number) {
  const { centers } = await fit(samples, { nClusters, nRestarts: 3 }, { compute });
  const scaled = scaledSamples(samples, 0);
  if (!scaled) throw new Error("all samples are equal");
  return { centers, values: await mixtureValues(scaled, centers, { compute }) };
}

describe("mixtureValues", () => {
  test("are those of the kind of covariances with the lowest BIC, as a fit in the samples' own units gives it", async () => {
    const samples = blobs(createRandom(4), 600, 3, 3, 0.7);
    const { centers, values } = await valuesOf(samples, 3);
    let lowest = Number.POSITIVE_INFINITY;
    for (const covarianceType of ["spherical", "diagonal", "tied", "full"] as const) {
      const options = { nComponents: 3, covarianceType, init: centers, covarianceRegularization: 1e-9 };
      const model = await gaussianMixture.fit(samples, options, { compute });
      const shares = await gaussianMixture.responsibilities(model, samples, { compute });
      const { bic, icl } = gaussianMixture.criteria(model, model.logDensities, shares);
      if (bic >= lowest) continue;
      lowest = bic;
      // The least variance, 1e-4 of the mean one, moves -2 log likelihood a little.
      expect(Math.abs((values.bic ?? 0) - bic)).toBeLessThan(2);
      expect(Math.abs((values.icl ?? 0) - icl)).toBeLessThan(2);
    }
    // Spherical: 2 weights, 3 x 3 means, 3 variances.
    expect(values.adjustedBic).toBeCloseTo((values.bic ?? 0) + 14 * (4 - Math.log(600)), 6);
  });

  test("ask log((n + 2) / 24) for each parameter where that is more than 4", async () => {
    const { values } = await valuesOf(blobs(createRandom(4), 3000, 2, 1, 0.7), 1);
    // Spherical, one component: 2 means, 1 variance.
    expect(values.adjustedBic).toBeCloseTo((values.bic ?? 0) + 3 * (Math.log(3002 / 24) - Math.log(3000)), 6);
  });

  test("differ by the logarithm of the scale alone where samples are scaled and moved", async () => {
    const samples = blobs(createRandom(5), 300, 4, 3, 0.5);
    const moved: Matrix<Float32Array> = {
      ...samples,
      data: samples.data.map((value) => 1024 * value + 4096),
    };
    const one = (await valuesOf(samples, 4)).values;
    const other = (await valuesOf(moved, 4)).values;
    for (const name of ["bic", "adjustedBic", "icl"] as const) {
      const difference = (other[name] ?? 0) - (one[name] ?? 0);
      expect(Math.abs(difference - 2 * 300 * 4 * Math.log(1024))).toBeLessThan(0.5); // float32 samples
    }
  });

  test("are null where there are not two samples for each parameter", async () => {
    const samples = blobs(createRandom(6), 20, 4, 2, 0.5);
    // The fewest parameters of 2 components: 1 weight, 8 means, 2 variances: 22 samples are wanted.
    expect((await valuesOf(samples, 2)).values).toEqual({ bic: null, adjustedBic: null, icl: null });
    expect((await valuesOf(samples, 1)).values.bic).not.toBe(null);
  });

  test("are finite for duplicated rows and a constant column, in which density knows no bounds", async () => {
    const { rows, cols, data } = blobs(createRandom(7), 200, 3, 2, 0.5);
    const odd = data.map((value, at) =>
      at % cols === 1 ? 3 : at < (rows / 2) * cols ? data[at % cols] : value,
    );
    const { values } = await valuesOf({ rows, cols, data: odd }, 4);
    for (const value of Object.values(values)) expect(Number.isFinite(value)).toBe(true);
  });
});

describe("scaledSamples", () => {
  test("have the mean 0 and the variance 1 on average, and can be taken back", () => {
    for (const source of [
      blobs(createRandom(8), 100, 3, 2, 0.5),
      byteBlobs(createRandom(9), 100, 3, 2, 0.5),
    ]) {
      const scaled = scaledSamples(source, 0);
      if (!scaled) throw new Error("all samples are equal");
      const { data } = scaled.samples;
      expect(data.reduce((sum, value) => sum + value * value, 0) / data.length).toBeCloseTo(1, 5);
      const unit = "unit" in source ? source.unit : 1;
      data.forEach((value, at) => {
        expect(value * scaled.scale + scaled.shift[at % 3]).toBeCloseTo(source.data[at] * unit, 5);
      });
    }
  });

  test("are undefined for equal rows", () => {
    expect(scaledSamples({ rows: 3, cols: 1, data: Float32Array.of(5, 5, 5) }, 0)).toBe(undefined);
  });
});
