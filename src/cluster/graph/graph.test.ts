import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { CancelledError } from "../../errors.ts";
import { createCompute } from "../../kernels/index.ts";
import type { SparseMatrix } from "../../matrix/index.ts";
import { createRandom } from "../../random/index.ts";
import * as graph from "./index.ts";
import {
  clique,
  graphOf,
  karateClub,
  naiveModularity,
  plantedGraph,
  ringOfCliques,
} from "./testing/graphs.ts";
import { naiveRun } from "./testing/naive-run.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

const fit = (given: SparseMatrix, options: graph.GraphOptions): Promise<graph.GraphFit> =>
  graph.fit(given, options, { compute });

describe("by hand", () => {
  test("two cliques with a bridge: one cluster each, modularity 20/21 - 1/2", async () => {
    // 21 edges, of which the bridge alone lies between the clusters; both clusters have half of all degrees.
    const bridged = graphOf(10, [...clique(0, 5), ...clique(5, 5), [4, 5]]);
    for (const nClusters of [2, "auto"] as const) {
      const fitted = await fit(bridged, { nClusters });
      expect([...fitted.labels]).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
      expect(fitted.modularity).toBeCloseTo(20 / 21 - 1 / 2, 12);
      expect([...fitted.sizes]).toEqual([5, 5]);
    }
  });

  test("the karate club has the modularity 0.4198, which no partition exceeds, in four clusters", async () => {
    const fitted = await fit(karateClub, { nClusters: "auto", nRestarts: 20 });
    expect(fitted.nClusters).toBe(4);
    expect(fitted.modularity).toBeCloseTo(0.4198, 4);
  });

  test("a ring of 30 cliques is cut between cliques at resolution 2, and joins some of them at resolution 1", async () => {
    // Fortunato and Barthelemy 2007: at resolution 1, pairs of cliques have the higher modularity.
    const ring = ringOfCliques(30, 5);
    const fine = await fit(ring, { nClusters: "auto", resolution: 2 });
    expect(fine.nClusters).toBe(30);
    const coarse = await fit(ring, { nClusters: "auto" });
    expect(coarse.nClusters).toBeLessThan(20);
    expect(coarse.path).toHaveLength(30);
    expect(coarse.path[29]).toBeCloseTo(naiveModularity(ring, fine.labels, 1), 12);
  });

  test("a weight on the diagonal counts once in its degree, and always within its cluster", async () => {
    // Degrees 1 + 3, 1, 1, 1; 2m = 7; within: 2 + 3 and 2; volumes 5 and 2.
    const looped = graphOf(4, [
      [0, 1],
      [0, 0, 3],
      [2, 3],
    ]);
    const fitted = await fit(looped, { nClusters: 2 });
    expect([...fitted.labels]).toEqual([0, 0, 1, 1]);
    expect(fitted.modularity).toBeCloseTo(1 - (25 + 4) / 49, 12);
  });
});

describe("laws", () => {
  const graphs = fc
    .record({
      rows: fc.integer({ min: 2, max: 14 }),
      seed: fc.nat(),
      density: fc.double({ min: 0.1, max: 0.9 }),
    })
    .map(({ rows, seed, density }) => {
      const random = createRandom(seed);
      const edges: [number, number, number][] = [];
      for (let i = 0; i < rows; i++) {
        for (let j = i; j < rows; j++)
          if (random.float() < density) edges.push([i, j, 1 + random.integer(8)]);
      }
      return graphOf(rows, edges);
    });

  test("modularity and path are what their definition says, sizes fall, and no cluster is empty", async () => {
    await fc.assert(
      fc.asyncProperty(graphs, fc.nat(), fc.constantFrom(0.5, 1, 2.5), async (given, wish, resolution) => {
        const nClusters = 1 + (wish % given.rows);
        const fitted = await fit(given, { nClusters, resolution, nRestarts: 2 });
        expect(fitted.nClusters).toBe(nClusters);
        expect(fitted.sizes).toHaveLength(nClusters);
        const sizes = new Int32Array(nClusters);
        for (const label of fitted.labels) sizes[label] = (sizes[label] as number) + 1;
        expect(fitted.sizes).toEqual(sizes);
        expect([...sizes].sort((a, b) => b - a)).toEqual([...sizes]);
        expect(Math.min(...sizes)).toBeGreaterThan(0);
        const edges = given.values.some((weight) => weight > 0);
        expect(fitted.modularity).toBeCloseTo(
          edges ? naiveModularity(given, fitted.labels, resolution) : 0,
          10,
        );
        const one = edges ? naiveModularity(given, new Int32Array(given.rows), resolution) : 0;
        expect(fitted.path[0]).toBeCloseTo(one, 10);
        expect(fitted.path).toHaveLength(fitted.nCommunities);
      }),
      { numRuns: 60 },
    );
  });

  test("single moves never lower the modularity, and end where none would raise it", async () => {
    for (let seed = 0; seed < 5; seed++) {
      const { graph: given } = plantedGraph(createRandom(seed), 120, 4, 0.3, 0.08);
      const before = await fit(given, { nClusters: 3, maxSweeps: 0, nRestarts: 1, seed });
      const after = await fit(given, { nClusters: 3, nRestarts: 1, seed });
      expect(after.modularity).toBeGreaterThanOrEqual(before.modularity);
      expect(before.path[2]).toBeCloseTo(before.modularity, 12);
      for (let i = 0; i < given.rows; i++) {
        for (let c = 0; c < 3; c++) {
          const moved = after.labels.slice();
          moved[i] = c;
          // A node of which no neighbour moves is not looked at again, so the last crumbs may be left.
          expect(naiveModularity(given, moved, 1)).toBeLessThan(after.modularity + 1e-3);
        }
      }
    }
  });

  test("planted groups are found", async () => {
    const { graph: given, groups } = plantedGraph(createRandom(1), 400, 5, 0.3, 0.02);
    for (const nClusters of [5, "auto"] as const) {
      const { labels, nClusters: found } = await fit(given, { nClusters });
      expect(found).toBe(5);
      const pairs = new Set(groups.map((group, i) => `${group}/${labels[i]}`));
      expect(pairs.size).toBe(5);
    }
  });

  test("the same run, written plainly, gives the same labels", async () => {
    for (let seed = 0; seed < 3; seed++) {
      const { graph: given } = plantedGraph(createRandom(seed), 150, 6, 0.25, 0.05);
      for (const nClusters of [4, "auto"] as const) {
        const fitted = await fit(given, { nClusters, nRestarts: 1, seed });
        const plain = naiveRun(given, createRandom(seed).stream("graph").stream("run", 0), nClusters);
        expect([...fitted.labels]).toEqual([...plain]);
      }
    }
  });

  test("of several runs the one with the highest modularity is kept, the earliest among equals", async () => {
    const { graph: given } = plantedGraph(createRandom(3), 200, 8, 0.2, 0.06);
    const fitted = await fit(given, { nClusters: 8, nRestarts: 7 });
    const all = fitted.history.map((step) => step.modularity);
    expect(new Set(all).size).toBeGreaterThan(1);
    expect(fitted.restart).toBe(all.indexOf(Math.max(...all)));
    expect(fitted.modularity).toBe(Math.max(...all));
  });
});

describe("runs", () => {
  const { graph: given } = plantedGraph(createRandom(5), 300, 6, 0.2, 0.03);

  test.each([1, 3])("%i threads give the bytes that two give", async (threads) => {
    const other = createCompute({ threads });
    const options = { nClusters: 6, nRestarts: 5, seed: 4 };
    expect(await graph.fit(given, options, { compute: other })).toEqual(await fit(given, options));
    other.close();
  });

  test("drained steps give the fit, the fit reports the same steps, and the graph is left as it was", async () => {
    const copy = structuredClone(given);
    const reported: graph.GraphStep[] = [];
    const onProgress = (step: graph.GraphStep): void => void reported.push(step);
    const fitted = await graph.fit(given, { nClusters: 3 }, { compute, onProgress });
    const generator = graph.steps(given, { nClusters: 3 }, { compute });
    const drained: graph.GraphStep[] = [];
    let next = await generator.next();
    for (; !next.done; next = await generator.next()) drained.push(next.value);
    expect(next.value).toEqual(fitted);
    expect(drained).toEqual(reported);
    expect(fitted.history).toEqual(reported);
    expect(given).toEqual(copy);
  });

  test("more restarts leave the earlier ones as they were", async () => {
    const few = await fit(given, { nClusters: 3, nRestarts: 2 });
    const many = await fit(given, { nClusters: 3, nRestarts: 6 });
    expect(many.history.slice(0, 2)).toEqual(few.history);
  });

  test("an aborted signal cancels before any work, and between runs", async () => {
    const early = graph.fit(given, { nClusters: 3 }, { compute, signal: AbortSignal.abort() });
    await expect(early).rejects.toThrow(CancelledError);
    const controller = new AbortController();
    const late = graph.fit(
      given,
      { nClusters: 3, nRestarts: 50 },
      { compute, signal: controller.signal, onProgress: () => controller.abort() },
    );
    await expect(late).rejects.toThrow(CancelledError);
  });

  test("leaving the steps early gives the memory back: a hundred times does not fill it", async () => {
    for (let round = 0; round < 100; round++) {
      const generator = graph.steps(given, { nClusters: 3 }, { compute });
      await generator.next();
      await generator.return(undefined as never);
    }
    const { memory } = compute as unknown as { memory: { memory: WebAssembly.Memory } };
    expect(memory.memory.buffer.byteLength).toBeLessThan(16 * 2 ** 20);
  });
});
