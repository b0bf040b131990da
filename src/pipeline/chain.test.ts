import { describe, expect, test } from "vitest";
import type { KMeansModel } from "../cluster/k-means/index.ts";
import { InputError } from "../errors.ts";
import { tinyImages, tinyRun } from "../experiment/testing/tiny-run.ts";
import type { Matrix } from "../matrix/index.ts";
import { assignImages, centerImages, chainFeatures, methodStages, parseMethod } from "./index.ts";

const { chain, assignment } = tinyRun();
const { clusterer } = methodStages(parseMethod("pixels+kmeans"));

/** The clusterer of the chain with other centers. */
function withCenters(centers: Matrix<Float64Array>): KMeansModel {
  if (chain.clusterer.kind !== "k-means") throw new TypeError("the chain of tinyRun clusters by K-Means");
  return { ...chain.clusterer, centers };
}

describe("a chain", () => {
  test("gives each image its nearest center, and the distance to it", async () => {
    const assigned = await assignImages(chain, tinyImages);
    expect(assigned.labels).toEqual(assignment.labels);
    assigned.distances.forEach((distance, i) => {
      expect(distance).toBeCloseTo(assignment.distances[i] as number, 6);
    });
  });

  test("gives the same after cloning, as it is plain data", async () => {
    const copy = structuredClone(chain);
    expect((await assignImages(copy, tinyImages)).labels).toEqual(assignment.labels);
  });

  test("refuses images of another size, even with as many pixels", async () => {
    const turned = { ...tinyImages, height: 1, width: 2 };
    await expect(assignImages(chain, turned)).rejects.toThrow(InputError);
    await expect(assignImages(chain, turned)).rejects.toThrow("images must be 2 x 1 x 1");
  });

  test("shows its centers as images, rounded to bytes", async () => {
    expect(await centerImages(chain)).toEqual({
      ...{ count: 2, height: 2, width: 1, channels: 1 },
      pixels: Uint8Array.of(17, 17, 238, 238),
    });
  });

  test("clamps centers outside of [0, 1] to black and white", async () => {
    const centers = { rows: 2, cols: 2, data: Float64Array.of(-1, 0, 1, 2) };
    const outside = { ...chain, clusterer: withCenters(centers) };
    expect((await centerImages(outside))?.pixels).toEqual(Uint8Array.of(0, 0, 255, 255));
  });
});

describe("margins of K-Means", () => {
  test("are 1 - nearest / second, worked out by hand", async () => {
    // Image 1 is (0, 0.2): sqrt(1 + 4) / 15 from its center and sqrt(14^2 + 11^2) / 15 from the other.
    const samples = await chainFeatures(chain, tinyImages);
    const margins = await clusterer.margins(chain.clusterer, samples, assignment.labels, {});
    expect(margins[1]).toBeCloseTo(1 - Math.sqrt(5) / Math.hypot(14, 11), 6);
    expect(margins[0]).toBeCloseTo(1 - 1 / 14, 6);
  });

  test("are 1 for a single cluster", async () => {
    const centers = { rows: 1, cols: 2, data: Float64Array.of(0.5, 0.5) };
    const samples = await chainFeatures(chain, tinyImages);
    const labels = new Int32Array(6);
    expect(await clusterer.margins(withCenters(centers), samples, labels, {})).toEqual(
      new Float64Array(6).fill(1),
    );
  });
});

test("a fit that runs out of iterations says so, and one that refills a cluster too", async () => {
  const samples = await chainFeatures(chain, tinyImages);
  // Two centers on one spot: the second cluster is empty at first.
  const init = { rows: 2, cols: 2, data: Float64Array.of(0, 0, 0, 0) };
  const options = { nClusters: 2, seed: 0, init, restarts: 1, maxIterations: 1, tolerance: 0 };
  const steps = clusterer.steps(samples, options, {});
  let next = await steps.next();
  while (!next.done) next = await steps.next();
  expect(next.value.converged).toBe(false);
  expect(next.value.notices).toEqual([
    expect.stringContaining("The iterations ran out (1)"),
    "A cluster ran empty once and was given the image farthest from its center.",
  ]);
});
