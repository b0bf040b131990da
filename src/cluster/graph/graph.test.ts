import { afterAll, describe, expect, test } from "vitest";
import { createCompute } from "../../kernels/index.ts";
import * as graph from "./index.ts";
import { clique, graphOf, karateClub, naiveModularity, ringOfCliques } from "./testing/graphs.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

describe("by hand", () => {
  test("two cliques with a bridge: one cluster each, modularity 20/21 - 1/2", async () => {
    // 21 edges, of which the bridge alone lies between the clusters; both clusters have half of all degrees.
    const bridged = graphOf(10, [...clique(0, 5), ...clique(5, 5), [4, 5]]);
    for (const nClusters of [2, "auto"] as const) {
      const fitted = await graph.fit(bridged, { nClusters }, { compute });
      expect([...fitted.labels]).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
      expect(fitted.modularity).toBeCloseTo(20 / 21 - 1 / 2, 12);
      expect([...fitted.sizes]).toEqual([5, 5]);
    }
  });

  test("the karate club has the modularity 0.4198, which no partition exceeds, in four clusters", async () => {
    const fitted = await graph.fit(karateClub, { nClusters: "auto", nRestarts: 20 }, { compute });
    expect(fitted.nClusters).toBe(4);
    expect(fitted.modularity).toBeCloseTo(0.4198, 4);
    expect(fitted.modularity).toBeCloseTo(naiveModularity(karateClub, fitted.labels, 1), 12);
  });

  test("a ring of 30 cliques is cut between cliques at resolution 2, and joins pairs of them at resolution 1", async () => {
    // Fortunato and Barthelemy 2007: at resolution 1, pairs of cliques have the higher modularity.
    const ring = ringOfCliques(30, 5);
    const fine = await graph.fit(ring, { nClusters: "auto", resolution: 2 }, { compute });
    expect(fine.nClusters).toBe(30);
    const coarse = await graph.fit(ring, { nClusters: "auto" }, { compute });
    expect(coarse.nClusters).toBeLessThanOrEqual(16);
    expect(coarse.path[29]).toBeCloseTo(naiveModularity(ring, fine.labels, 1), 12);
  });
});
