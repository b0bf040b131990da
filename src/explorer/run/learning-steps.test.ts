import { afterAll, describe, expect, test } from "vitest";
import * as gaussianMixture from "../../cluster/gaussian-mixture/index.ts";
import * as kMeans from "../../cluster/k-means/index.ts";
import { createCompute } from "../../kernels/index.ts";
import { createRandom } from "../../random/index.ts";
import { blobs } from "../../testing/samples.ts";
import type { StepsRequest } from "../protocol.ts";
import { Refusal } from "../refusal.ts";
import { learningSteps, stepsRequest } from "./learning-steps.ts";

const compute = createCompute({ threads: 1 });
afterAll(() => compute.close());

const samples = blobs(createRandom(2).stream("samples"), 200, 2, 3, 1);
const places = Float32Array.from(samples.data);
const asked: StepsRequest = { by: "k-means", k: 3, seed: 4, init: "random" };
const bytes = (text: string | null): number[] => [...Buffer.from(text ?? "", "base64")];

test("K-Means goes from a start without groups to the groups of the fit, inertia falling", async () => {
  const steps = await learningSteps(places, asked, compute);
  const fit = await kMeans.fit(samples, { nClusters: 3, seed: 4, init: "random" }, { compute });
  expect(steps).toMatchObject({ sample: 200, count: 200, objective: "inertia", converged: true });
  expect(new Float32Array(Uint8Array.from(bytes(steps.places)).buffer)).toEqual(places);
  const [start, ...iterations] = steps.iterations;
  expect(start).toMatchObject({ labels: null, value: null, changed: null });
  // Centers begin at images.
  for (const [x, y] of start.centers) {
    expect(Array.from({ length: 200 }, (_, i) => [places[2 * i], places[2 * i + 1]])).toContainEqual([x, y]);
  }
  expect(iterations.map(({ value }) => value)).toEqual(fit.history.map(({ inertia }) => inertia));
  expect(iterations.map(({ changed }) => changed)).toEqual(fit.history.map((one) => one.changed));
  expect(bytes(iterations.at(-1)?.labels ?? null)).toEqual([...fit.labels]);
  expect(iterations.at(-1)?.centers.flat()).toEqual([...fit.centers.data]);
});

test("a mixture's likelihood rises, and its ellipses are one standard deviation wide", async () => {
  const steps = await learningSteps(places, { ...asked, by: "mixture" }, compute);
  const options = { nComponents: 3, seed: 4, init: "random", maxIterations: 100 } as const;
  const fit = await gaussianMixture.fit(samples, options, { compute });
  const last = steps.iterations.at(-1);
  expect(steps.objective).toBe("meanLogLikelihood");
  expect(steps.iterations[0].changed).toBeNull();
  expect(last?.value).toBe(fit.meanLogLikelihood);
  expect(bytes(last?.labels ?? null)).toEqual([...fit.labels]);
  fit.means.data.forEach((value, i) => {
    const corners = last?.ellipses[i >> 1].map((corner) => corner[i & 1]) ?? [];
    // x reaches exactly one deviation, at angle 0; y nearly, between two corners.
    const deviation = Math.sqrt(fit.covariances[4 * (i >> 1) + 3 * (i & 1)]);
    expect((Math.max(...corners) - value) / deviation).toBeCloseTo(1, 2);
  });
});

test("of many images, some are taken, evenly spaced", async () => {
  const many = Float32Array.from({ length: 14_000 }, (_, i) => (i % 2 === 0 ? i / 2 : i % 7));
  const { sample, count, places: shown, iterations } = await learningSteps(many, asked, compute);
  expect([sample, count]).toEqual([3000, 7000]);
  const taken = new Float32Array(Uint8Array.from(bytes(shown)).buffer);
  expect([taken[0], taken[2], taken[5998]]).toEqual([0, 2, 6997]);
  expect(bytes(iterations[1].labels)).toHaveLength(3000);
});

describe("requests", () => {
  test.each([
    ["nothing", null],
    ["another way", { ...asked, by: "graph" }],
    ["too many groups", { ...asked, k: 21 }],
    ["none", { ...asked, k: 0 }],
    ["half a group", { ...asked, k: 1.5 }],
    ["a seed below 0", { ...asked, seed: -1 }],
    ["centers", { ...asked, init: [[0, 0]] }],
    ["more", { ...asked, maxIterations: 1e9 }],
  ])("with %s are refused", (_, value) => {
    expect(() => stepsRequest(value)).toThrow(Refusal);
  });

  test("for more groups than images are refused in words", async () => {
    const few = learningSteps(Float32Array.of(0, 0, 1, 1), asked, compute);
    await expect(few).rejects.toThrow(/nClusters must be an integer in 1\.\.2/);
    await expect(few).rejects.toMatchObject({ status: 400 });
  });
});
