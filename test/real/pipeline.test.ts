import { openSource } from "unlabeled/node";
import { beforeAll, describe, expect, test } from "vitest";
import type { ImageSet } from "../../src/images/index.ts";
import { openRuntime, type RuntimeName } from "../../src/neural/index.ts";
import { assignImages, type Chain, pipelineFile } from "../../src/pipeline/index.ts";
import { comparePipeline, type PipelineComparison } from "../../src/pipeline/testing/compare-pipeline.ts";
import { fitChain } from "../../src/pipeline/testing/fit-chain.ts";

/** Two epochs leave codes that lie close together: more images between two centers than a trained network has. */
const methods = [
  ["pixels+kmeans", 0],
  ["dense-ae+kmeans", 2],
  ["conv-ae+kmeans", 1],
] as const;

describe.skipIf(!process.env.UNLABELED_DATA)("pipeline.onnx on 10,000 real images", () => {
  let images: ImageSet;
  const chains = new Map<string, Chain>();
  beforeAll(async () => {
    images = (await openSource("mnist", { split: "test" })).images;
    for (const [method, epochs] of methods) {
      const network = epochs > 0 ? { epochs } : {};
      chains.set(method, await fitChain(method, images, { nClusters: 10, network }));
    }
  });

  describe.each<RuntimeName>(["onnxruntime-node", "onnxruntime-web"])("by %s", (only) => {
    test.each(methods)("gives the clusters that assign gives, of %s", async (method) => {
      const native = await openRuntime({ only: "onnxruntime-node" });
      const runtime = await openRuntime({ only });
      try {
        expect(runtime.name).toBe(only);
        const chain = chains.get(method) as Chain;
        const assigned = await assignImages(chain, images, { runtime: native });
        const bytes = pipelineFile(chain) as Uint8Array;
        const compared: PipelineComparison = await comparePipeline(runtime, bytes, images, assigned);
        console.log(method, only, JSON.stringify(compared));
        expect(compared).toMatchObject({ count: 10_000, wrong: 0 });
        expect(compared.different).toBeLessThanOrEqual(compared.undecided);
        expect(compared.distanceError).toBeLessThan(1e-4);
      } finally {
        runtime.close();
        native.close();
      }
    });
  });
});
