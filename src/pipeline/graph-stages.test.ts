import { beforeAll, describe, expect, test } from "vitest";
import { type ImageSet, resizeImages, sliceImages, strokes } from "../images/index.ts";
import type { Runtime } from "../neural/index.ts";
import { sharedRuntime } from "../neural/testing/runtimes.ts";
import { assignImages, type Chain, chainFeatures, methodStages, parseMethod, pipelineFile } from "./index.ts";
import { comparePipeline } from "./testing/compare-pipeline.ts";
import { fitChain } from "./testing/fit-chain.ts";
import { memberships, weightedRows } from "./training-codes.ts";

const drawn = resizeImages(strokes({ count: 260 }), 16);
const images = sliceImages(drawn, 0, 200);
const others = sliceImages(drawn, 200, 260);

let runtime: Runtime;
beforeAll(async () => {
  runtime = await sharedRuntime();
});

/** Share of the images whose cluster is the one that most images of their class have. */
async function purityOf(chain: Chain, set: ImageSet): Promise<number> {
  const { labels } = await assignImages(chain, set, { runtime });
  const table = new Map<number, Map<number, number>>();
  labels.forEach((cluster, i) => {
    const row = table.get(cluster) ?? new Map<number, number>();
    const label = set.labels?.[i] ?? -1;
    table.set(cluster, row.set(label, (row.get(label) ?? 0) + 1));
  });
  const most = [...table.values()].map((row) => Math.max(...row.values()));
  return most.reduce((sum, count) => sum + count, 0) / set.count;
}

describe.each(["pixels+graph", "pca:hog+graph", "pca:hog:scattering+graph", "pca+umap+kmeans"])(
  "%s",
  (method) => {
    let chain: Chain;
    beforeAll(async () => {
      chain = await fitChain(method, images, { nClusters: 10 }, { runtime });
    });

    test("gives training images what they have, as each is its own nearest neighbour", async () => {
      const stages = methodStages(parseMethod(method));
      const { labels, probabilities } = await assignImages(chain, images, { runtime });
      const kept = chain.clusterer.kind === "graph" ? chain.clusterer.labels : labels;
      const same = labels.filter((label, i) => label === kept[i]).length;
      expect(same / images.count).toBeGreaterThan(0.95);
      expect(stages.clusterer.centers(chain.clusterer).rows).toBe(10);
      if (stages.clusterer.graphs)
        for (const share of probabilities ?? []) expect(share).toBeGreaterThan(0.1);
    });

    test("finds for new images groups about as pure as those of the old ones", async () => {
      const [trained, assigned] = [await purityOf(chain, images), await purityOf(chain, others)];
      expect(assigned).toBeGreaterThan(trained - 0.1);
    });

    test("says the same in pipeline.onnx", async () => {
      const pipeline = pipelineFile(chain) ?? new Uint8Array();
      const assigned = await assignImages(chain, others, { runtime });
      const compared = await comparePipeline(runtime, pipeline, others, assigned);
      expect(compared).toMatchObject({ count: 60, wrong: 0 });
      expect(compared.distanceError).toBeLessThan(1e-4);
    });
  },
);

test.each(["pixels+graph", "pixels+consensus"])(
  "how clearly images belong is the same by itself as with their assignment: %s",
  async (method) => {
    const few = sliceImages(drawn, 0, 80);
    const chain = await fitChain(method, few, { nClusters: 4 });
    const { clusterer } = methodStages(parseMethod(method));
    const samples = await chainFeatures(chain, others);
    const { labels, margins } = await clusterer.assign(chain.clusterer, samples, {});
    expect(margins?.some((margin) => margin > 0.5)).toBe(true);
    expect(await clusterer.margins(chain.clusterer, samples, labels, {})).toEqual(margins);
  },
);

test("the rule for new images: shares by the reach of the neighbours, worked out by hand", async () => {
  // Two training samples at 0 and 3 on a line; both reach exp(-(d - rho) / sigma) with rho 1, sigma 2 and rho 0, sigma 1.
  const codes = {
    samples: { rows: 2, cols: 1, data: Float32Array.of(0, 3) },
    columns: [1],
    nNeighbors: 2,
    scales: [{ rho: Float32Array.of(1, 0), sigma: Float32Array.of(2, 1) }],
  };
  const found = await memberships(codes, { rows: 1, cols: 1, data: Float32Array.of(2) }, {});
  // From 2: the sample at 3 is at distance 1 with weight e^-1, the one at 0 at distance 2 with weight e^-0.5.
  const [near, far] = [Math.exp(-1), Math.exp(-0.5)];
  expect([...found.indices]).toEqual([1, 0]);
  expect(found.weights[0]).toBeCloseTo(near / (near + far), 6);
  const places = { rows: 2, cols: 2, data: Float32Array.of(1, 10, 3, 30) };
  const { data } = weightedRows(found, places);
  expect(data[0]).toBeCloseTo((3 * near + far) / (near + far), 5);
  expect(data[1]).toBeCloseTo((30 * near + 10 * far) / (near + far), 4);
});

test("views side by side vary alike in total, and each is looked at by itself", async () => {
  const chain = await fitChain("pca:hog+graph", images, { nClusters: 10 });
  const samples = await chainFeatures(chain, images);
  if (chain.features.kind !== "views") throw new TypeError("views were expected");
  let first = 0;
  for (const { columns } of chain.features.views) {
    let total = 0;
    for (let j = first; j < first + columns; j++) {
      const values = Array.from(
        { length: samples.rows },
        (_, i) => samples.data[i * samples.cols + j] as number,
      );
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      total += values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    }
    expect(total).toBeCloseTo(1, 3);
    first += columns;
  }
  expect(first).toBe(samples.cols);
});
