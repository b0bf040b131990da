import { expect, test } from "vitest";
import { resizeImages, sliceImages, strokes } from "../src/images/index.ts";
import { blobs } from "../src/images/testing/blobs.ts";
import type { Runtime } from "../src/neural/index.ts";
import { readModel } from "../src/neural/index.ts";
import { describeRuntimes } from "../src/neural/testing/runtimes.ts";
import { assignImages, type Chain, pipelineFile } from "../src/pipeline/index.ts";
import { comparePipeline } from "../src/pipeline/testing/compare-pipeline.ts";
import { fitChain } from "../src/pipeline/testing/fit-chain.ts";
import { createRandom } from "../src/random/index.ts";

const images = resizeImages(strokes({ count: 300 }), 14);
const networks = {
  "pixels+kmeans": {},
  "dense-ae+kmeans": { epochs: 2, batch: 50, widths: [64, 32] },
  "conv-ae+kmeans": { epochs: 2, batch: 50, widths: [4, 8] },
} as const;
type MethodName = keyof typeof networks;

/** Fitted by whichever runtime comes first: what is shown holds for the same weights on each. */
const chains = new Map<MethodName, Promise<Chain>>();

function fitted(method: MethodName, runtime: Runtime): Promise<Chain> {
  const before = chains.get(method);
  if (before) return before;
  const options = { nClusters: 10, network: networks[method] };
  const chain = fitChain(method, sliceImages(images, 0, 200), options, { runtime });
  chains.set(method, chain);
  return chain;
}

describeRuntimes("pipeline.onnx", (runtime) => {
  test.each(Object.keys(networks) as MethodName[])(
    "of %s gives the cluster and the distance that assign gives",
    async (method) => {
      const chain = await fitted(method, runtime());
      const assigned = await assignImages(chain, images, { runtime: runtime() });
      const pipeline = pipelineFile(chain) as Uint8Array;
      const compared = await comparePipeline(runtime(), pipeline, images, assigned);
      expect(new Set(assigned.labels).size).toBe(10);
      // The network computes in single precision, in batches of another size; the rest in double.
      expect(compared).toMatchObject({ count: 300, wrong: 0 });
      expect(compared.different).toBeLessThanOrEqual(compared.undecided);
      expect(compared.distanceError).toBeLessThan(1e-5);
    },
  );

  test.each(["pixels+kmeans", "conv-ae+kmeans"])(
    "of %s does so for colour images of an odd size",
    async (method) => {
      const random = createRandom(5).stream("colours");
      const pixels = Uint8Array.from({ length: 60 * 7 * 5 * 3 }, () => random.integer(256));
      const colours = { count: 60, height: 7, width: 5, channels: 3, pixels };
      const options = { nClusters: 4, network: { epochs: 1, batch: 20, widths: [3] } };
      const chain = await fitChain(method, colours, options, { runtime: runtime() });
      const assigned = await assignImages(chain, colours, { runtime: runtime() });
      const compared = await comparePipeline(runtime(), pipelineFile(chain) as Uint8Array, colours, assigned);
      expect(compared).toMatchObject({ count: 60, wrong: 0 });
      expect(compared.distanceError).toBeLessThan(1e-5);
    },
  );

  test.each([
    ["vectors+kmeans", "none"],
    ["vectors+gmm", "standard"],
    ["vectors+graph", "l2"],
    ["vectors+umap+kmeans", "standard"],
    ["pca+kmeans", "standard"],
    ["vectors:pca+consensus", "l2"],
  ] as const)("of %s with the scaling %s takes vectors as the source has them", async (method, scaling) => {
    const vectors = blobs({ count: 240, width: 12, groups: 4, apart: 3 });
    const chain = await fitChain(method, sliceImages(vectors, 0, 160), { nClusters: 4, scaling });
    const assigned = await assignImages(chain, vectors);
    const pipeline = pipelineFile(chain) as Uint8Array;
    const compared = await comparePipeline(runtime(), pipeline, vectors, assigned);
    expect(new Set(assigned.labels).size).toBe(4);
    expect(compared).toMatchObject({ count: 240, wrong: 0 });
    expect(compared.different).toBeLessThanOrEqual(compared.undecided);
    expect(compared.distanceError).toBeLessThan(1e-5);
    const session = await runtime().load(pipeline);
    expect(session.inputs).toEqual([{ name: "vectors", type: "float32", shape: ["batch", 12] }]);
    expect(readModel(pipeline, "pipeline.onnx").metadata).toMatchObject({
      "unlabeled.vectors": "12 numbers",
    });
  });

  test("takes one image alone, and says what it is", async () => {
    const chain = await fitted("conv-ae+kmeans", runtime());
    const pipeline = pipelineFile(chain) as Uint8Array;
    const one = sliceImages(images, 7, 8);
    const assigned = await assignImages(chain, one, { runtime: runtime() });
    expect((await comparePipeline(runtime(), pipeline, one, assigned)).wrong).toBe(0);
    const session = await runtime().load(pipeline);
    expect(session.inputs).toEqual([{ name: "images", type: "uint8", shape: ["batch", 14, 14, 1] }]);
    expect(session.outputs).toEqual([
      { name: "cluster", type: "int64", shape: ["batch"] },
      { name: "distances", type: "float64", shape: ["batch", 10] },
    ]);
    expect(readModel(pipeline, "pipeline.onnx").metadata).toEqual({
      "unlabeled.method": "conv-ae+kmeans",
      "unlabeled.images": "14 x 14 x 1, bytes 0..255",
      "unlabeled.clusters": "10",
    });
  });
});
