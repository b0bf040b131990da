import { expect, test } from "vitest";
import { availableMethods, parseMethod } from "../pipeline/index.ts";
import { type EstimateRequest, estimateMethod } from "./estimate.ts";
import { settingsOf } from "./request.ts";

const outline = { name: "mnist", count: 70_000, height: 28, width: 28, channels: 1, classes: 10 };

function estimate(name: string, changes: Partial<EstimateRequest> = {}) {
  const method = parseMethod(name);
  const settings = settingsOf(method, {});
  return estimateMethod({ method, settings, source: outline, clusters: 10, runs: 1, ...changes });
}

const methods = [
  "pixels+kmeans",
  "pixels+minibatch-kmeans",
  "pca+gmm",
  "hog+graph",
  "pca:hog:scattering+consensus",
  "conv-ae+umap+gmm",
  "dense-ae+kmeans",
  "idec",
  "dec",
  "vae+graph",
];

test.each(methods)("%s: more images, and more runs, take longer; the parts add up to the whole", (name) => {
  const usual = estimate(name);
  const double = estimate(name, { source: { ...outline, count: 140_000 } });
  expect(double.seconds.likely).toBeGreaterThan(usual.seconds.likely);
  expect(double.bytes.likely).toBeGreaterThan(usual.bytes.likely);
  expect(estimate(name, { runs: 3 }).seconds.likely).toBeGreaterThan(2 * usual.seconds.likely);
  expect(estimate(name, { slowness: 2 }).seconds.likely).toBeCloseTo(2 * usual.seconds.likely, 6);
  const parts = usual.stages.reduce((sum, { seconds }) => sum + seconds.likely, 0);
  expect(parts).toBeCloseTo(usual.seconds.likely, 9);
  expect(usual.seconds.low).toBeLessThan(usual.seconds.likely);
  expect(usual.seconds.high).toBeGreaterThan(usual.seconds.likely);
});

test("there is a law for every method", () => {
  const known = availableMethods().filter((name) => name !== "auto");
  for (const name of known) expect(estimate(name).seconds.likely, name).toBeGreaterThan(0);
});

test("epochs of a network, and clusters of K-Means, count", () => {
  const method = parseMethod("conv-ae+kmeans");
  const settings = settingsOf(method, { network: { epochs: 2 } });
  const usual = estimate("conv-ae+kmeans").seconds.likely;
  expect(estimate("conv-ae+kmeans", { settings }).seconds.likely).toBeLessThan(0.5 * usual);
  const fit = (clusters: number): number =>
    estimate("pixels+kmeans", { clusters }).stages.find(({ stage }) => stage === "cluster")?.seconds.likely ??
    0;
  expect(fit(100)).toBeCloseTo(10 * fit(10), 9);
});

test("beyond the sample of a graph, its own memory no longer grows", () => {
  const source = { ...outline, count: 1_000_000, height: 1, width: 1 };
  const sampled = estimate("pixels+graph", { source });
  expect(sampled.sampled).toBe(300_000);
  expect(estimate("pixels+graph").sampled).toBeUndefined();
  const twice = estimate("pixels+graph", { source: { ...source, count: 2_000_000 } });
  expect(twice.bytes.likely).toBeLessThan(1.6 * sampled.bytes.likely);
});
