import { beforeAll, describe, expect, test } from "vitest";
import { criteria, responsibilities } from "../cluster/gaussian-mixture/index.ts";
import { drain } from "../estimator.ts";
import { type ImageSet, strokes, takeImages } from "../images/index.ts";
import type { Runtime } from "../neural/index.ts";
import { sharedRuntime } from "../neural/testing/runtimes.ts";
import {
  assignImages,
  type Chain,
  type ClusterFit,
  type ClusterOptions,
  chainFeatures,
  methodStages,
  parseMethod,
  pipelineFile,
} from "./index.ts";

const method = parseMethod("pixels+gmm");
const { clusterer } = methodStages(method);
const covariances = ["full", "tied", "diagonal", "spherical"] as const;

/** The middle columns and every third row of drawn images: 60 numbers, few enough for covariances of any shape. */
const images = shrunk(strokes({ count: 900 }));

function shrunk({ count, height, width, pixels, labels, classNames }: ImageSet): ImageSet {
  const rows = [4, 9, 14, 19, 24];
  const cols = [6, 10, 14, 18, 22];
  const kept = new Uint8Array(count * 25);
  for (let i = 0; i < count; i++) {
    rows.forEach((r, y) => {
      cols.forEach((c, x) => {
        kept[i * 25 + y * 5 + x] = pixels[(i * height + r) * width + c] as number;
      });
    });
  }
  return {
    ...{ count, height: 5, width: 5, channels: 1, pixels: kept },
    ...(labels && { labels }),
    ...(classNames && { classNames }),
  };
}

async function fitted(change: Partial<ClusterOptions> = {}): Promise<{ chain: Chain; fit: ClusterFit }> {
  const chain = { kind: "chain", method: method.name, shape: { height: 5, width: 5, channels: 1 } } as const;
  const samples = await chainFeatures({ ...chain, features: { kind: "pixels" } } as Chain, images);
  const options = { nClusters: 5, seed: 3, restarts: 1, ...clusterer.defaults, ...change };
  const fit = await drain(clusterer.steps(samples, options, {}));
  return { fit, chain: { ...chain, features: { kind: "pixels" }, clusterer: fit.model } };
}

let runtime: Runtime;
beforeAll(async () => {
  runtime = await sharedRuntime();
});

describe("a Gaussian mixture as a clusterer", () => {
  test("gives each image its likeliest component, with the probability, distance and density of it", async () => {
    const { chain, fit } = await fitted();
    const samples = await chainFeatures(chain, images);
    const { labels, probabilities, distances, logDensities } = await assignImages(chain, images);
    if (fit.model.kind !== "gaussian-mixture") throw new TypeError("a mixture was expected");
    const shares = await responsibilities(fit.model, samples);
    const { means } = fit.model;
    for (let i = 0; i < images.count; i++) {
      const own = Array.from(shares.data.subarray(i * 5, (i + 1) * 5));
      expect(labels[i]).toBe(own.indexOf(Math.max(...own)));
      expect(probabilities?.[i]).toBe(Math.max(...own));
      const apart = Array.from(
        { length: 25 },
        (_, j) =>
          (images.pixels[i * 25 + j] as number) / 255 -
          (means.data[(labels[i] as number) * 25 + j] as number),
      );
      expect(distances[i]).toBeCloseTo(Math.hypot(...apart), 10);
    }
    expect(labels).toEqual(fit.labels);
    expect(logDensities).toEqual(fit.logDensities);
    expect(fit.inertia).toBeCloseTo(
      distances.reduce((sum, distance) => sum + distance ** 2, 0),
      6,
    );
  });

  test("is more certain of an image the larger the margin, which is 1 for a single component", async () => {
    const { chain, fit } = await fitted();
    const samples = await chainFeatures(chain, images);
    const margins = await clusterer.margins(fit.model, samples, fit.labels, {});
    margins.forEach((margin, i) => {
      const own = fit.probabilities?.[i] as number;
      expect(margin).toBeGreaterThanOrEqual(Math.max(0, 2 * own - 1) - 1e-12);
      expect(margin).toBeLessThanOrEqual(own);
    });
    const single = await fitted({ nClusters: 1 });
    const labels = single.fit.labels;
    expect(new Set(await clusterer.margins(single.fit.model, samples, labels, {}))).toEqual(new Set([1]));
  });

  test("tells how likely images are, and what its parameters cost", async () => {
    const { chain, fit } = await fitted();
    const samples = await chainFeatures(chain, images);
    if (fit.model.kind !== "gaussian-mixture") throw new TypeError("a mixture was expected");
    const scores = await clusterer.likelihood?.(fit.model, samples, fit, {});
    expect(scores?.meanLogLikelihood).toBeCloseTo(fit.model.meanLogLikelihood, 10);
    const shares = await responsibilities(fit.model, samples);
    const expected = criteria(fit.model, fit.logDensities as Float64Array, shares);
    for (const name of ["bic", "aic", "icl"] as const) {
      expect(Math.abs((scores?.[name] as number) / expected[name] - 1)).toBeLessThan(1e-12);
    }
  });

  test("draws points that belong to the component asked for", async () => {
    const { fit } = await fitted();
    const drawn = clusterer.draw?.(fit.model, 2, 500, 1) as {
      rows: number;
      cols: number;
      data: Float32Array;
    };
    expect([drawn.rows, drawn.cols]).toEqual([500, 25]);
    const { labels } = await clusterer.assign(fit.model, drawn, {});
    expect(labels.filter((label) => label === 2).length).toBeGreaterThan(450);
  });

  test("takes covariances along the axes where images have more than 64 numbers", async () => {
    const wide = {
      rows: 20,
      cols: 65,
      data: Float32Array.from({ length: 20 * 65 }, (_, i) => (i * 7919) % 13),
    };
    const narrow = { ...wide, cols: 64, data: wide.data.subarray(0, 20 * 64) };
    const options = { nClusters: 2, seed: 0, restarts: 1, ...clusterer.defaults };
    const typeOf = async (samples: typeof wide, covariance?: "spherical"): Promise<unknown> => {
      const { model } = await drain(clusterer.steps(samples, { ...options, covariance }, {}));
      return model.kind === "gaussian-mixture" && model.settings.covarianceType;
    };
    expect(await typeOf(wide)).toBe("diagonal");
    expect(await typeOf(narrow)).toBe("full");
    expect(await typeOf(wide, "spherical")).toBe("spherical");
  });

  test("says so when its iterations run out, and when components are the likeliest of nothing", async () => {
    const { fit } = await fitted({ maxIterations: 1 });
    expect(fit.converged).toBe(false);
    expect(fit.notices).toEqual([expect.stringContaining("The iterations ran out (1)")]);
    const few = takeImages(images, [0, 0, 0, 1]);
    const samples = await chainFeatures((await fitted()).chain, few);
    const options = { nClusters: 3, seed: 0, restarts: 1, ...clusterer.defaults };
    const { notices } = await drain(clusterer.steps(samples, options, {}));
    expect(notices).toEqual(["1 of the 3 clusters is empty: its component is the likeliest of no image."]);
  });
});

describe("pipeline.onnx of a mixture", () => {
  test.each(covariances)(
    "gives the clusters, probabilities and distances of assign, covariances %s",
    async (covariance) => {
      const { chain } = await fitted({ covariance });
      const assigned = await assignImages(chain, images);
      const session = await runtime.load(pipelineFile(chain) as Uint8Array);
      const { count, height, width, channels, pixels } = images;
      const results = await session.run(
        { images: { type: "uint8", shape: [count, height, width, channels], data: pixels } },
        { fetch: ["cluster", "distances", "probabilities"] },
      );
      await session.release();
      const clusters = Array.from(results.cluster?.data as BigInt64Array, Number);
      const distances = results.distances?.data as Float64Array;
      const probabilities = results.probabilities?.data as Float64Array;
      expect(clusters).toEqual(Array.from(assigned.labels));
      clusters.forEach((cluster, i) => {
        expect(distances[i * 5 + cluster]).toBeCloseTo(assigned.distances[i] as number, 6);
        expect(probabilities[i * 5 + cluster]).toBeCloseTo(assigned.probabilities?.[i] as number, 5);
      });
    },
  );
});
