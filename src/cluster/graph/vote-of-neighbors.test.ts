import { describe, expect, test } from "vitest";
import { InputError } from "../../errors.ts";
import { voteOfNeighbors } from "./index.ts";

describe("voteOfNeighbors", () => {
  const labels = Int32Array.of(0, 0, 1, 2);

  test("gives each cluster the weight of its members among the neighbours", () => {
    const neighbors = { rows: 2, k: 3, indices: Int32Array.of(0, 1, 2, 3, 2, 0) };
    const weights = Float32Array.of(1, 0.5, 0.5, 3, 1, 0);
    const { rows, cols, data } = voteOfNeighbors(neighbors, weights, labels, 3);
    expect([rows, cols]).toEqual([2, 3]);
    expect([...data]).toEqual([0.75, 0.25, 0, 0, 0.25, 0.75]);
  });

  test("neighbours count alike where none has a weight", () => {
    const neighbors = { rows: 1, k: 4, indices: Int32Array.of(0, 1, 2, 3) };
    expect([...voteOfNeighbors(neighbors, new Float32Array(4), labels, 3).data]).toEqual([0.5, 0.25, 0.25]);
  });

  test("weights that do not fit, and neighbours that are no samples, are InputErrors", () => {
    const neighbors = { rows: 1, k: 2, indices: Int32Array.of(0, 4) };
    for (const [weights, message] of [
      [1, "neighbors and weights must have rows x k = 1 x 2 entries, k at least 1; got 2 and 1."],
      [2, "neighbors must be samples, 0..3; got 4 in row 0."],
    ] as const) {
      const vote = (): unknown => voteOfNeighbors(neighbors, new Float32Array(weights).fill(1), labels, 3);
      expect(vote).toThrow(InputError);
      expect(vote).toThrow(`voteOfNeighbors: ${message}`);
    }
  });
});
