import { describe, expect, test } from "vitest";
import { InputError } from "../../errors.ts";
import type { SparseMatrix } from "../../matrix/index.ts";
import {
  connectedComponents,
  fuzzyGraph,
  meanGraph,
  membershipScales,
  membershipShares,
  type Neighbors,
  transpose,
} from "./index.ts";

const table = (k: number, indices: number[], distances: number[]): Neighbors => ({
  rows: indices.length / k,
  k,
  indices: Int32Array.from(indices),
  distances: Float32Array.from(distances),
});

const sparse = (cols: number, rows: Record<number, number>[]): SparseMatrix => {
  const entries = rows.map((row) => Object.entries(row).map(([c, v]) => [Number(c), v] as const));
  const starts = new Int32Array(rows.length + 1);
  entries.forEach((row, r) => {
    starts[r + 1] = (starts[r] as number) + row.length;
  });
  return {
    rows: rows.length,
    cols,
    starts,
    columns: Int32Array.from(entries.flat().map(([c]) => c)),
    values: Float32Array.from(entries.flat().map(([, v]) => v)),
  };
};

describe("memberships", () => {
  test("add up to log2 of the number of neighbours, the point counted", () => {
    const neighbors = table(3, [1, 2, 3, 0, 2, 3, 0, 1, 3, 0, 1, 2], [1, 2, 4, 1, 2, 3, 2, 2.5, 3, 1, 5, 6]);
    const { rho, sigma } = membershipScales(neighbors);
    expect([...rho]).toEqual([1, 1, 2, 1]);
    for (let i = 0; i < 4; i++) {
      let sum = 0;
      for (let j = 0; j < 3; j++) {
        sum += Math.exp(
          -((neighbors.distances[i * 3 + j] as number) - (rho[i] as number)) / (sigma[i] as number),
        );
      }
      expect(Math.abs(sum - 2)).toBeLessThan(2e-5);
    }
  });

  test("of two neighbours by hand: strengths 1 and log2(3) - 1, joined by a + b - ab", () => {
    // 0 takes 1 fully and 2 partly; 1 takes 0 fully; 2 takes 1 fully and 0 partly.
    const neighbors = table(2, [1, 2, 0, 2, 1, 0], [1, 2, 1, 3, 1, 5]);
    const partly = Math.log2(3) - 1;
    const graph = fuzzyGraph(neighbors);
    expect([...graph.columns]).toEqual([1, 2, 0, 2, 0, 1]);
    const expected = [1, 2 * partly - partly ** 2, 1, 1, 2 * partly - partly ** 2, 1];
    expected.forEach((value, at) => void expect(graph.values[at]).toBeCloseTo(value, 4));
  });

  test("of equal points are 1", () => {
    const graph = fuzzyGraph(table(1, [1, 0], [0, 0]));
    expect([...graph.values]).toEqual([1, 1]);
  });

  test("shares of a new point follow the scales of its neighbours and add up to 1, however far it is", () => {
    const scales = { rho: Float32Array.of(1, 0), sigma: Float32Array.of(1, 2) };
    const shares = membershipShares(table(2, [0, 1, 0, 1], [2, 4, 2000, 4002]), scales);
    const first = Math.exp(-1) / (Math.exp(-1) + Math.exp(-2));
    expect(shares[0]).toBeCloseTo(first, 6);
    expect(shares[1]).toBeCloseTo(1 - first, 6);
    // Exponents -1999 and -2001: both strengths vanish, their ratio does not.
    expect(shares[2]).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
  });
});

describe("graphs", () => {
  test("the mean counts a missing edge as 0", () => {
    const mean = meanGraph([
      sparse(3, [{ 1: 1 }, { 0: 1, 2: 0.5 }, {}]),
      sparse(3, [{ 2: 0.5 }, { 0: 0.5 }, {}]),
    ]);
    expect(mean).toEqual(sparse(3, [{ 1: 0.5, 2: 0.25 }, { 0: 0.75, 2: 0.25 }, {}]));
  });

  test("graphs of different sizes, or none, are an InputError", () => {
    expect(() => meanGraph([])).toThrow(new InputError("meanGraph: graphs must be at least one; got none."));
    expect(() => meanGraph([sparse(2, [{}, {}]), sparse(1, [{}])])).toThrow(
      "meanGraph: every graph must have the size of the first, 2 x 2; got 1 x 1.",
    );
  });

  test("a transposed matrix has rows as columns, and twice transposed is itself", () => {
    const matrix = sparse(4, [{ 1: 1, 3: 2 }, {}, { 0: 3, 1: 4 }]);
    expect(transpose(matrix)).toEqual(sparse(3, [{ 2: 3 }, { 0: 1, 2: 4 }, {}, { 0: 2 }]));
    expect(transpose(transpose(matrix))).toEqual(matrix);
  });

  test("components are numbered by their first rows, whichever way an edge is stored", () => {
    const { count, labels } = connectedComponents(sparse(6, [{}, { 4: 1 }, { 0: 1 }, {}, { 5: 1 }, {}]));
    expect(count).toBe(3);
    expect([...labels]).toEqual([0, 1, 0, 2, 1, 1]);
  });
});
