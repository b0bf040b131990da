import { beforeAll, expect, test } from "vitest";
import { drain } from "../estimator.ts";
import { resizeImages, sliceImages, strokes } from "../images/index.ts";
import type { Runtime } from "../neural/index.ts";
import { sharedRuntime } from "../neural/testing/runtimes.ts";
import { assignImages, methodStages, parseMethod, pipelineFile } from "./index.ts";
import { comparePipeline } from "./testing/compare-pipeline.ts";
import { fitChain } from "./testing/fit-chain.ts";

const images = resizeImages(strokes({ count: 400 }), 14);
let runtime: Runtime;
beforeAll(async () => {
  runtime = await sharedRuntime();
});

test("pipeline.onnx says the same as assignImages", async () => {
  const chain = await fitChain("pixels+minibatch-kmeans", images, { nClusters: 8 });
  const others = sliceImages(images, 100, 200);
  const assigned = await assignImages(chain, others);
  const compared = await comparePipeline(runtime, pipelineFile(chain) ?? new Uint8Array(), others, assigned);
  expect(compared.wrong).toBe(0);
  expect(compared.distanceError).toBeLessThan(1e-6);
});

test("passes that run out, and clusters without images, are told", async () => {
  const { features, clusterer } = methodStages(parseMethod("pixels+minibatch-kmeans"));
  const { samples } = await drain(features.steps(images, { seed: 0 }, {}));
  const asked = { nClusters: 4, seed: 0, restarts: 1, maxIterations: 1, tolerance: 0 };
  const short = await drain(clusterer.steps(samples, asked, {}));
  expect(short).toMatchObject({ converged: false, iterations: 1 });
  expect(short.notices[0]).toContain("The passes ran out (1)");
  const alike = { rows: 30, cols: 3, data: new Float32Array(90).fill(1) };
  const empty = await drain(clusterer.steps(alike, { ...asked, maxIterations: 100 }, {}));
  expect(empty.notices[0]).toContain("3 of the 4 clusters are empty");
  await expect(drain(clusterer.steps(samples, { ...asked, init: "k-means" }, {}))).rejects.toThrow(
    'Mini-batch K-Means: init must be "k-means++", "random" or centers; got "k-means"',
  );
});
