import { afterAll, describe, expect, test } from "vitest";
import { InputError, OptionError } from "../../errors.ts";
import { createCompute } from "../../kernels/index.ts";
import type { SparseMatrix } from "../../matrix/index.ts";
import * as graph from "./index.ts";
import { clique, graphOf } from "./testing/graphs.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

const fit = (given: SparseMatrix, options: graph.GraphOptions): Promise<graph.GraphFit> =>
  graph.fit(given, options, { compute });

describe("edges", () => {
  test("one cluster holds all samples; its modularity is 1 less the resolution", async () => {
    const fitted = await fit(graphOf(6, [...clique(0, 3), ...clique(3, 3)]), {
      nClusters: 1,
      resolution: 1.5,
    });
    expect([...fitted.sizes]).toEqual([6]);
    expect(fitted.modularity).toBeCloseTo(-0.5, 12);
  });

  test("pieces without an edge between them: auto keeps them apart, and fewer clusters join the smallest", async () => {
    const pieces = graphOf(15, [...clique(0, 6), ...clique(6, 4), ...clique(10, 3), [13, 14]]);
    const natural = await fit(pieces, { nClusters: "auto" });
    expect([...natural.sizes]).toEqual([6, 4, 3, 2]);
    const three = await fit(pieces, { nClusters: 3 });
    expect([...three.sizes]).toEqual([6, 5, 4]);
    const two = await fit(pieces, { nClusters: 2 });
    expect([...two.sizes]).toEqual([9, 6]);
  });

  test("samples without edges join the largest cluster, and stand alone only where clusters would be missing", async () => {
    const isolated = graphOf(8, [...clique(1, 3), ...clique(4, 2)]);
    const two = await fit(isolated, { nClusters: 2 });
    expect([...two.labels]).toEqual([0, 0, 0, 0, 1, 1, 0, 0]);
    const natural = await fit(isolated, { nClusters: "auto" });
    expect([...natural.labels]).toEqual([...two.labels]);
    expect(natural.modularity).toBe(two.modularity);
    // At resolution 1 the two pieces are as fine as it gets; at 4 and more, each sample is a community.
    const eight = await fit(isolated, { nClusters: 8 });
    expect([...eight.sizes]).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });

  test("a graph without edges has modularity 0: one cluster, or the earliest samples alone", async () => {
    const empty = graphOf(5, []);
    const natural = await fit(empty, { nClusters: "auto" });
    expect([...natural.sizes]).toEqual([5]);
    expect(natural.modularity).toBe(0);
    const three = await fit(empty, { nClusters: 3 });
    expect([...three.labels]).toEqual([0, 1, 2, 0, 0]);
  });

  test("edges of weight 0 are none", async () => {
    const weightless = graphOf(4, [
      [0, 1],
      [1, 2, 0],
      [2, 3],
    ]);
    expect([...(await fit(weightless, { nClusters: "auto" })).labels]).toEqual([0, 0, 1, 1]);
  });

  test("all weights equal, between all samples: auto finds one cluster, and any number can be had", async () => {
    const complete = graphOf(12, clique(0, 12));
    expect((await fit(complete, { nClusters: "auto" })).nClusters).toBe(1);
    for (const nClusters of [2, 5, 12]) {
      const fitted = await fit(complete, { nClusters });
      expect(fitted.sizes).toHaveLength(nClusters);
      expect(Math.min(...fitted.sizes)).toBeGreaterThan(0);
    }
  });

  test("more clusters than communities: the resolution doubles until there are as many", async () => {
    const cliques = graphOf(12, [...clique(0, 6), ...clique(6, 6), [5, 6]]);
    const fitted = await fit(cliques, { nClusters: 5 });
    expect(fitted.nCommunities).toBeGreaterThanOrEqual(5);
    expect(fitted.sizes).toHaveLength(5);
  });

  test("a single sample is a cluster", async () => {
    const fitted = await fit(graphOf(1, []), { nClusters: 1 });
    expect([...fitted.labels]).toEqual([0]);
    expect([...fitted.path]).toEqual([0]);
  });

  test("the smallest weights and the largest give the same clusters", async () => {
    const edges = [...clique(0, 5), ...clique(5, 5)];
    for (const weight of [1e-38, 1e38]) {
      const scaled = graphOf(
        10,
        [...edges, [4, 5]].map(([i, j]) => [i as number, j as number, weight]),
      );
      const fitted = await fit(scaled, { nClusters: "auto" });
      expect([...fitted.sizes]).toEqual([5, 5]);
      expect(fitted.modularity).toBeCloseTo(20 / 21 - 1 / 2, 6);
    }
  });
});

describe("what comes in is checked", () => {
  const given = graphOf(6, [...clique(0, 3), ...clique(3, 3), [2, 3]]);

  test.each([
    [{ nClusters: 0 }, "nClusters must be an integer in 1..6 (the number of samples); got 0."],
    [{ nClusters: 7 }, "nClusters must be an integer in 1..6 (the number of samples); got 7."],
    [{ nClusters: 2.5 }, "nClusters must be an integer in 1..6 (the number of samples); got 2.5."],
    [{ nClusters: 2, resolution: 0 }, "resolution must be a finite number above 0; got 0."],
    [{ nClusters: 2, startResolution: -1 }, "startResolution must be a finite number above 0; got -1."],
    [{ nClusters: 2, nRestarts: 0 }, "nRestarts must be an integer of at least 1; got 0."],
    [{ nClusters: 2, maxSweeps: 1.5 }, "maxSweeps must be an integer of at least 0; got 1.5."],
    [{ nClusters: 2, seed: -1 }, "seed must be an integer in 0..9007199254740991; got -1."],
    [
      { nClusters: 2, restarts: 3 } as never,
      'every option must be one of nClusters, resolution, startResolution, nRestarts, maxSweeps, seed; got "restarts".',
    ],
  ])("%j is an OptionError", async (options, message) => {
    const failure = fit(given, options);
    await expect(failure).rejects.toThrow(OptionError);
    await expect(failure).rejects.toThrow(`graph.fit: ${message}`);
  });

  test("more clusters than a graph is cut into is an OptionError", async () => {
    await expect(fit(graphOf(2000, []), { nClusters: 1025 })).rejects.toThrow(
      "graph.fit: nClusters must be an integer in 1..1024 (the most that a graph is cut into); got 1025.",
    );
  });

  test("thousands of pieces are an InputError that says what to do", async () => {
    const pairs = graphOf(
      8194,
      Array.from({ length: 4097 }, (_, i) => [2 * i, 2 * i + 1] as const),
    );
    const failure = fit(pairs, { nClusters: 10 });
    await expect(failure).rejects.toThrow(InputError);
    await expect(failure).rejects.toThrow(
      "graph.fit: the graph must fall into at most 4096 communities; got 4097. It is in too many pieces: use more neighbours.",
    );
  });

  const changed = (change: Partial<SparseMatrix>): SparseMatrix => ({ ...given, ...change });
  test.each([
    ["not square", changed({ cols: 5 }), "be square, with a row for each sample; got 6 x 5."],
    ["without rows", graphOf(0, []), "be square, with a row for each sample; got 0 x 0."],
    [
      "cut short",
      changed({ values: given.values.slice(1) }),
      "have rows + 1 starts, from 0 to the number of its columns and values; got 7 starts up to 14, 14 columns and 13 values.",
    ],
    [
      "with columns out of order",
      changed({ columns: given.columns.map((column, e) => (e < 2 ? 3 - column : column)) }),
      "have rising columns below its number of rows; got 1 in row 0.",
    ],
    [
      "with a column out of range",
      changed({ columns: given.columns.map((column, e) => (e === 1 ? 6 : column)) }),
      "have rising columns below its number of rows; got 6 in row 0.",
    ],
    [
      "with a weight below 0",
      changed({ values: given.values.map((value, e) => (e === 1 ? -1 : value)) }),
      "have finite weights of at least 0; got -1 at (0, 2).",
    ],
    [
      "with a weight that is no number",
      changed({ values: given.values.map((value, e) => (e === 0 ? Number.NaN : value)) }),
      "have finite weights of at least 0; got NaN at (0, 1).",
    ],
    [
      "with two different weights of one edge",
      changed({ values: given.values.map((value, e) => (e === 4 ? 2 : value)) }),
      "be symmetric; got 1 at (0, 2) and another weight, or none, at (2, 0).",
    ],
  ])("a graph %s is an InputError", async (_, broken, message) => {
    const failure = fit(broken, { nClusters: 2 });
    await expect(failure).rejects.toThrow(InputError);
    await expect(failure).rejects.toThrow(`graph.fit: the graph must ${message}`);
  });
});
