import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { createCompute } from "../../kernels/index.ts";
import { exactNeighbors, fuzzyGraph, membershipScales, type Neighbors } from "./index.ts";

interface Table {
  indices: number[][];
  distances: number[][];
}

const path = new URL("../../../fixtures/neighbors/neighbors.json", import.meta.url);
const fixture = JSON.parse(readFileSync(path, "utf8")) as {
  rows: number;
  cols: number;
  k: number;
  samples: number[];
  euclidean: Table;
  cosine: Table;
  rho: number[];
  sigma: number[];
  graph: { starts: number[]; columns: number[]; values: number[] };
};
const { rows, cols, k } = fixture;
const samples = { rows, cols, data: Float32Array.from(fixture.samples) };

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

/** Largest difference between two lists of numbers. */
function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, at) => Math.max(most, Math.abs(value - (b[at] as number))), 0);
}

describe("a set with many equal samples", () => {
  test.each(["euclidean", "cosine"] as const)(
    "has scikit-learn's neighbours by %s distance",
    async (metric) => {
      const found = await exactNeighbors(samples, { k, metric }, { compute });
      const expected = fixture[metric];
      // Ours are float32, cosines from rows rounded to float32.
      expect(farthest(found.distances, expected.distances.flat())).toBeLessThan(1e-6);
      expect([...found.indices]).toEqual(expected.indices.flat());
    },
  );

  test("has umap-learn's scales and memberships", () => {
    const neighbors: Neighbors = {
      rows,
      k,
      indices: Int32Array.from(fixture.euclidean.indices.flat()),
      distances: Float32Array.from(fixture.euclidean.distances.flat()),
    };
    const { rho, sigma } = membershipScales(neighbors);
    expect(farthest(rho, fixture.rho)).toBeLessThan(1e-6);
    // Both sides stop where the sum of strengths is within 1e-5 of its target.
    expect(farthest(sigma, fixture.sigma)).toBeLessThan(1e-5);
    const graph = fuzzyGraph(neighbors);
    expect([...graph.starts]).toEqual(fixture.graph.starts);
    expect([...graph.columns]).toEqual(fixture.graph.columns);
    expect(farthest(graph.values, fixture.graph.values)).toBeLessThan(1e-5);
  });
});
