import { describe, expect, test } from "vitest";
import * as gaussianMixture from "../cluster/gaussian-mixture/index.ts";
import { type ImageSet, sliceImages, strokes } from "../images/index.ts";
import type { Matrix } from "../matrix/index.ts";
import { createRandom } from "../random/index.ts";
import { assignImages, type Chain, calibrateChain } from "./chain.ts";
import { calibrated, type Familiarity, familiaritiesOf, UNFAMILIAR } from "./familiarity.ts";
import { leftOutDistances } from "./k-means-stage.ts";
import { fitChain } from "./testing/fit-chain.ts";
import { leftOutStrangeness } from "./training-codes.ts";

const ofAll = (strangeness: readonly number[], nClusters = 1, labels?: readonly number[]) =>
  calibrated({
    measure: labels ? "distance to center" : "log density",
    calibratedWith: "training images",
    strangeness: Float64Array.from(strangeness),
    labels: Int32Array.from(labels ?? strangeness.map(() => 0)),
    nClusters,
  }) as Familiarity;

const asked = (familiarity: Familiarity, distances: readonly number[], label = 0): number[] => [
  ...familiaritiesOf(familiarity, {
    labels: new Int32Array(distances.length).fill(label),
    distances: Float64Array.from(distances),
  }),
];

describe("familiarity", () => {
  test("is the share of calibration images that are at least as strange, the image among them", () => {
    const familiarity = ofAll([3, 1, 2, 2, Number.NaN]);
    expect(familiarity).toMatchObject({ images: 4, values: [1, 2, 2, 3] });
    // at least as strange as 0, 1, 1.5, 2, 2.5, 3, 4: 4, 4, 3, 3, 1, 1, 0 of 4
    expect(asked(familiarity, [0, 1, 1.5, 2, 2.5, 3, 4, Number.NaN])).toEqual(
      [5, 5, 4, 4, 2, 2, 1, 1].map((count) => count / 5),
    );
  });

  test("in clusters that differ in width is measured by what is usual in each", () => {
    const widths = [1, 10];
    const labels = Array.from({ length: 200 }, (_, i) => i % 2);
    const distances = labels.map((label, i) => (widths[label] as number) * (1 + i / 200));
    const familiarity = ofAll(distances, 2, labels);
    const [narrow, wide] = [asked(familiarity, [5], 0), asked(familiarity, [5], 1)];
    expect(narrow[0]).toBeCloseTo(1 / 201);
    expect(wide[0]).toBe(1);
  });

  test("of many calibration images keeps 1,000, and errs by at most a thousandth, towards familiar", () => {
    const random = createRandom(1).stream("values");
    const strangeness = Array.from({ length: 12_345 }, () => random.float());
    const familiarity = ofAll(strangeness);
    expect(familiarity.values).toHaveLength(1000);
    for (const value of [-1, 0.001, 0.5, 0.985, 0.99, 0.999, 2]) {
      const exact = (1 + strangeness.filter((one) => one >= value).length) / 12_346;
      const [found = 0] = asked(familiarity, [value]);
      expect(found).toBeGreaterThanOrEqual(exact);
      expect(found).toBeLessThan(exact + 0.00101);
    }
  });

  test("without calibration images there is none", () => {
    expect(ofAll([Number.NaN])).toBeUndefined();
  });
});

describe("an image that is left out", () => {
  test("lies from the center of the others as K-Means says; alone, nowhere", () => {
    // 0, 0, 6: center 2; without 6 it is 0, without one 0 it is 3. 9 is alone.
    const found = leftOutDistances(Int32Array.of(0, 0, 0, 1), Float64Array.of(2, 2, 4, 0));
    expect([...found]).toEqual([3, 3, 6, Number.NaN]);
  });

  test("is no neighbour of itself", () => {
    const codes = {
      samples: { rows: 3, cols: 2, data: Float32Array.of(0, 0, 1, 0, 4, 0) },
      columns: [1, 1],
      nNeighbors: 1,
      scales: [
        { rho: Float32Array.of(1, 1, 4), sigma: new Float32Array(3) },
        { rho: Float32Array.of(5, 5, 5), sigma: new Float32Array(3) },
      ],
    };
    // In the first view they are 1/2, 1/2 and 2 times as far as usual, in the second 1.
    expect([...leftOutStrangeness(codes)]).toEqual([0.75, 0.75, 1.5]);
  });

  test.each(["full", "tied", "diagonal", "spherical"] as const)(
    "has the density of a mixture whose moments were taken without it, covariances %s",
    async (covarianceType) => {
      const [n, d] = [40, 3];
      const random = createRandom(4).stream("samples");
      const data = Float32Array.from(
        { length: n * d },
        (_, at) => random.float() + random.float() + (at < 60 ? 0 : 40),
      );
      const samples = { rows: n, cols: d, data };
      const options = { nComponents: 2, covarianceType, covarianceRegularization: 0, tolerance: 0 };
      const model = await gaussianMixture.fit(samples, options);
      const density = gaussianMixture.leftOutDensity(model);
      for (const i of [0, 7, 39]) {
        const row = Float64Array.from(data.subarray(i * d, (i + 1) * d));
        const expected = densityWithout(samples, model.labels, i, covarianceType);
        expect(density(row)).toBeCloseTo(expected, 6);
      }
    },
  );
});

/** Groups lie so far apart that each image belongs to one: its density from the moments of the others of its group. */
function densityWithout(
  samples: Matrix<Float32Array>,
  labels: Int32Array,
  i: number,
  type: gaussianMixture.GaussianMixtureSettings["covarianceType"],
): number {
  const { cols: d, data, rows } = samples;
  const at = (r: number, j: number): number => data[r * d + j] as number;
  const others = [...labels.keys()].filter((r) => r !== i);
  const group = (label: number): number[] => others.filter((r) => labels[r] === label);
  const scatter = (members: readonly number[]): number[][] => {
    const mean = Array.from({ length: d }, (_, j) => sum(members.map((r) => at(r, j))) / members.length);
    const outer = (a: number, b: number): number =>
      sum(members.map((r) => (at(r, a) - (mean[a] as number)) * (at(r, b) - (mean[b] as number))));
    return mean.map((_, a) => mean.map((_, b) => outer(a, b)));
  };
  const own = group(labels[i] as number);
  const mean = Array.from({ length: d }, (_, j) => sum(own.map((r) => at(r, j))) / own.length);
  const ownScatter = scatter(own);
  let covariance = ownScatter.map((row) => row.map((value) => value / own.length));
  if (type === "tied") {
    const all = [0, 1].map((label) => scatter(group(label)));
    covariance = covariance.map((row, a) =>
      row.map((_, b) => sum(all.map((one) => one[a]?.[b] ?? 0)) / others.length),
    );
  }
  const trace = sum(covariance.map((row, a) => row[a] ?? 0)) / d;
  if (type === "diagonal" || type === "spherical") {
    covariance = covariance.map((row, a) =>
      row.map((value, b) => (a !== b ? 0 : type === "spherical" ? trace : value)),
    );
  }
  const x = mean.map((value, j) => at(i, j) - value);
  const [quadratic, determinant] = solve(covariance, x);
  return (
    Math.log(own.length / (rows - 1)) - (d * Math.log(2 * Math.PI) + Math.log(determinant) + quadratic) / 2
  );
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** x^T A^-1 x and |A|, by Gauss's elimination. */
function solve(matrix: readonly (readonly number[])[], x: readonly number[]): [number, number] {
  const rows = matrix.map((row, r) => [...row, x[r] as number]);
  let determinant = 1;
  for (const [c, pivot] of rows.entries()) {
    determinant *= pivot[c] as number;
    for (const [r, row] of rows.entries()) {
      if (r === c) continue;
      const factor = (row[c] as number) / (pivot[c] as number);
      for (let j = c; j < row.length; j++) row[j] = (row[j] as number) - factor * (pivot[j] as number);
    }
  }
  const solution = rows.map((row, r) => (row.at(-1) as number) / (row[r] as number));
  return [sum(solution.map((value, j) => value * (x[j] as number))), determinant];
}

describe("a calibrated chain", () => {
  const all = strokes({ count: 2200 });
  const train = sliceImages(all, 0, 1200);
  const more = sliceImages(all, 1200, 2200);
  const share = async (chain: Chain, images: ImageSet): Promise<number> => {
    const { familiarities = new Float64Array() } = await assignImages(chain, images);
    expect(familiarities).toHaveLength(images.count);
    return familiarities.filter((value) => value < UNFAMILIAR).length / images.count;
  };

  test.each(["pixels+kmeans", "pca+graph"])(
    "of %s flags noise, and one in a hundred like its own",
    async (method) => {
      const plain = await fitChain(method, train, { nClusters: 10 });
      expect(await assignImages(plain, more)).not.toHaveProperty("familiarities");
      const samples = { rows: 1200, cols: 784, data: train.pixels, unit: 1 / 255 };
      const chain = await calibrateChain(plain, samples, await assignImages(plain, train), {});
      expect(chain.familiarity).toMatchObject({ images: 1200, calibratedWith: "training images" });
      const random = createRandom(2).stream("noise");
      const pixels = Uint8Array.from({ length: 50 * 784 }, () => random.integer(256));
      expect(await share(chain, { count: 50, height: 28, width: 28, channels: 1, pixels })).toBeGreaterThan(
        0.95,
      );
      // Expected is 1 %; so few images to calibrate with, and to ask about, leave that uncertain by half a percent.
      const like = await share(chain, more);
      expect(like).toBeLessThan(0.03);
      expect(like).toBeGreaterThan(0.002);
    },
  );

  test("takes validation images as judges where there are enough", async () => {
    const chain = await fitChain("pixels+kmeans", train, { nClusters: 10 });
    const samples = { rows: 1200, cols: 784, data: train.pixels, unit: 1 / 255 };
    const fit = await assignImages(chain, train);
    const of = async (validation: ImageSet) =>
      (await calibrateChain(chain, samples, fit, {}, validation)).familiarity;
    expect(await of(sliceImages(more, 0, 99))).toMatchObject({ calibratedWith: "training images" });
    expect(await of(sliceImages(more, 0, 100))).toMatchObject({
      calibratedWith: "validation images",
      images: 100,
    });
  });
});
