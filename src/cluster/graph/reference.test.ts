import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { createCompute } from "../../kernels/index.ts";
import * as graph from "./index.ts";
import { type Edge, graphOf, naiveModularity } from "./testing/graphs.ts";

interface Case {
  readonly name: string;
  readonly nodes: number;
  readonly edges: readonly Edge[];
  readonly partitions: readonly { resolution: number; labels: number[]; modularity: number }[];
  readonly louvain: readonly { resolution: number; modularity: number }[];
}

const { cases } = JSON.parse(
  readFileSync(new URL("../../../fixtures/graph/graphs.json", import.meta.url), "utf8"),
) as { readonly cases: readonly Case[] };

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

describe.each(cases)("networkx agrees on $name", ({ nodes, edges, partitions, louvain }) => {
  const given = graphOf(nodes, edges);

  test("the modularity that our tests compute is that of networkx", () => {
    for (const { labels, resolution, modularity } of partitions)
      expect(naiveModularity(given, labels, resolution)).toBeCloseTo(modularity, 12);
  });

  test("20 runs come within 0.01 of the best that 100 runs of its Louvain find", async () => {
    for (const { resolution, modularity } of louvain) {
      const options = { nClusters: "auto", resolution, nRestarts: 20 } as const;
      const fitted = await graph.fit(given, options, { compute });
      expect(fitted.modularity).toBeCloseTo(naiveModularity(given, fitted.labels, resolution), 12);
      expect(fitted.modularity).toBeGreaterThan(modularity - 0.01);
    }
  });
});
