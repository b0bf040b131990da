import { afterAll, describe, expect, test } from "vitest";
import { drain } from "../estimator.ts";
import { resizeImages, strokes } from "../images/index.ts";
import { createCompute } from "../kernels/index.ts";
import { takeRows } from "../matrix/index.ts";
import { drawRows, methodStages, parseMethod } from "./index.ts";
import { MOST_IN_GRAPH } from "./sampling.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

const { features } = methodStages(parseMethod("pca+graph"));
const { samples } = await drain(
  features.steps(resizeImages(strokes({ count: 300 }), 14), { seed: 0 }, { compute }),
);
const asked = { nClusters: 6, seed: 3, restarts: 4, maxIterations: 20, tolerance: 0 };

describe("drawRows", () => {
  test("draws nothing where all rows serve, and else as many as asked, each once, by the seed", () => {
    expect(drawRows(samples, { seed: 0 }, "graph-sample")).toBeUndefined();
    expect(drawRows(samples, { seed: 0, sample: 300 }, "graph-sample")).toBeUndefined();
    const drawn = drawRows(samples, { seed: 0, sample: 120 }, "graph-sample");
    const [indices, rest] = [drawn?.indices ?? [], drawn?.rest ?? []];
    expect([indices.length, rest.length]).toEqual([120, 180]);
    expect(new Set([...indices, ...rest]).size).toBe(300);
    expect([...indices]).toEqual([...indices].sort((a, b) => a - b));
    expect(drawRows(samples, { seed: 0, sample: 120 }, "graph-sample")).toEqual(drawn);
    expect(drawRows(samples, { seed: 1, sample: 120 }, "graph-sample")).not.toEqual(drawn);
    expect(drawRows(samples, { seed: 0, sample: 120 }, "map-sample")).not.toEqual(drawn);
  });

  test("the limit that holds unless told otherwise is the documented one", () => {
    expect(MOST_IN_GRAPH).toBe(300_000);
  });
});

describe.each(["graph", "consensus"])("%s of a sample", (word) => {
  const { clusterer } = methodStages(parseMethod(`pca+${word}`));

  test("is the graph of those images alone; the others join by the rule for new images; and it is said", async () => {
    const fit = await drain(clusterer.steps(samples, { ...asked, sample: 200 }, { compute }));
    const drawn = drawRows(samples, { ...asked, sample: 200 }, "graph-sample");
    if (!drawn) throw new Error("a sample was expected");
    const alone = await drain(clusterer.steps(drawn.samples, asked, { compute }));
    expect(fit.model).toEqual(alone.model);
    expect(fit.scores).toEqual(alone.scores);
    expect(Array.from(drawn.indices, (i) => fit.labels[i])).toEqual([...alone.labels]);
    const joined = await clusterer.assign(fit.model, takeRows(samples, drawn.rest), { compute });
    expect(Array.from(drawn.rest, (i) => fit.labels[i])).toEqual([...joined.labels]);
    expect(Array.from(drawn.rest, (i) => fit.probabilities?.[i])).toEqual([...(joined.probabilities ?? [])]);
    expect(fit.distances.length).toBe(300);
    expect(fit.inertia).toBeCloseTo(
      fit.distances.reduce((sum, d) => sum + d * d, 0),
      6,
    );
    expect(fit.notices).toEqual([
      "The graph was made of 200 of the 300 images, drawn by the seed; the others joined as new images would. Choose how many with --sample.",
    ]);
  });

  test("with as many images as there are, or more, nothing is different and nothing is said", async () => {
    const whole = await drain(clusterer.steps(samples, asked, { compute }));
    expect(await drain(clusterer.steps(samples, { ...asked, sample: 300 }, { compute }))).toEqual(whole);
    expect(whole.notices).toEqual([]);
  });

  test("more clusters than images in the sample are refused", async () => {
    const steps = clusterer.steps(samples, { ...asked, nClusters: 30, sample: 20 }, { compute });
    await expect(drain(steps)).rejects.toThrow(
      "graph: nClusters must be an integer in 1..20 (the number of images that the graph is made of); got 30. Make it of more (--sample).",
    );
  });
});

test("a map of a sample gives those images their own places, and the others theirs by the rule", async () => {
  const { manifold } = methodStages(parseMethod("pca+umap+kmeans"));
  if (!manifold) throw new Error("a map was expected");
  const map = await drain(manifold.steps(samples, { seed: 3, sample: 150 }, { compute }));
  const drawn = drawRows(samples, { seed: 3, sample: 150 }, "map-sample");
  if (!drawn) throw new Error("a sample was expected");
  const alone = await drain(manifold.steps(drawn.samples, { seed: 3 }, { compute }));
  expect(map.model).toEqual(alone.model);
  expect(takeRows(map.samples, drawn.indices)).toEqual(alone.samples);
  const joined = await manifold.apply(map.model, takeRows(samples, drawn.rest), { compute });
  expect(takeRows(map.samples, drawn.rest)).toEqual(joined.samples);
  expect(map.notices?.[0]).toContain("The map was made of 150 of the 300 images");
  expect(alone.notices).toBeUndefined();
});
