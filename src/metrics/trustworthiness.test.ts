import { afterAll, describe, expect, test } from "vitest";
import { InputError, OptionError } from "../errors.ts";
import { createCompute } from "../kernels/index.ts";
import type { Matrix } from "../matrix/index.ts";
import { createRandom } from "../random/index.ts";
import { blobs, byteBlobs } from "../testing/samples.ts";
import { mapScores, trustworthiness } from "./trustworthiness.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

const line = (...places: number[]): Matrix<Float32Array> => ({
  rows: places.length,
  cols: 1,
  data: Float32Array.from(places),
});

/** Others by rising distance, ties by the lowest index. */
function ordered({ rows, cols, data }: Matrix, i: number): number[] {
  const squared = (j: number): number => {
    let sum = 0;
    for (let c = 0; c < cols; c++) sum += (data[i * cols + c] - data[j * cols + c]) ** 2;
    return sum;
  };
  const others = Array.from({ length: rows }, (_, j) => j).filter((j) => j !== i);
  return others.sort((a, b) => squared(a) - squared(b) || a - b);
}

function naiveScores(
  samples: Matrix,
  map: Matrix,
  k: number,
): { trustworthiness: number; neighborRecall: number } {
  const n = samples.rows;
  let excess = 0;
  let kept = 0;
  for (let i = 0; i < n; i++) {
    const ranks = ordered(samples, i);
    for (const j of ordered(map, i).slice(0, k)) {
      const rank = ranks.indexOf(j) + 1;
      excess += Math.max(0, rank - k);
      if (rank <= k) kept++;
    }
  }
  return {
    trustworthiness: 1 - (2 / (n * k * (2 * n - 3 * k - 1))) * excess,
    neighborRecall: kept / (n * k),
  };
}

describe("mapScores", () => {
  test("of four samples on a line, two of them exchanged, worked by hand", async () => {
    // Nearest in the features: 0 -> 1, 1 -> 0, 2 -> 3, 3 -> 2. The map 0, 11, 1, 10 has 0 -> 2, 1 -> 3, 2 -> 0, 3 -> 1,
    // whose ranks in the features are 2, 3 (from 1: 0, 2, 3), 3 (from 2: 3, 1, 0) and 2: excess 1 + 2 + 2 + 1 = 6.
    const found = await mapScores(line(0, 1, 10, 11), line(0, 11, 1, 10), { k: 1 }, { compute });
    expect(found).toEqual({ trustworthiness: 1 - (2 / (4 * 1 * (8 - 3 - 1))) * 6, neighborRecall: 0 });
  });

  test("are 1 for a map that is the samples", async () => {
    const samples = blobs(createRandom(1), 100, 3, 2, 1);
    expect(await mapScores(samples, samples, { k: 7 }, { compute })).toEqual({
      trustworthiness: 1,
      neighborRecall: 1,
    });
    expect(await trustworthiness(samples, samples, { k: 7 }, { compute })).toBe(1);
  });

  test.each([1, 2, 5])("are those of sorted distances, for a map of %i dimensions", async (cols) => {
    const bytes = byteBlobs(createRandom(3), 90, 6, 3, 1);
    const map = blobs(createRandom(4), 90, cols, 3, 1);
    const samples = { rows: 90, cols: 6, data: Float32Array.from(bytes.data) };
    const expected = naiveScores(samples, map, 6);
    const found = await mapScores(bytes, map, { k: 6 }, { compute });
    expect(found.trustworthiness).toBeCloseTo(expected.trustworthiness, 12);
    expect(found.neighborRecall).toBeCloseTo(expected.neighborRecall, 12);
  });

  test("of a part come near those of all, by the same draws on any number of threads", async () => {
    const samples = blobs(createRandom(5), 600, 5, 4, 1);
    const map = { rows: 600, cols: 2, data: samples.data.filter((_, at) => at % 5 < 2) };
    const all = await mapScores(samples, map, { k: 10 }, { compute });
    const part = await mapScores(samples, map, { k: 10, sampleSize: 150 }, { compute });
    expect(Math.abs(all.trustworthiness - part.trustworthiness)).toBeLessThan(0.03);
    const one = createCompute({ threads: 1 });
    expect(await mapScores(samples, map, { k: 10, sampleSize: 150 }, { compute: one })).toEqual(part);
    expect(await mapScores(samples, map, { k: 10, sampleSize: 150, seed: 1 }, { compute: one })).not.toEqual(
      part,
    );
    one.close();
  });

  test("say what is wrong", async () => {
    const samples = line(0, 1, 2, 3);
    await expect(mapScores(samples, line(1, 2), {}, { compute })).rejects.toThrow(InputError);
    await expect(mapScores(samples, line(1, 2), {}, { compute })).rejects.toThrow(
      "mapScores: embedding must have a row for each of 4 samples; got 2.",
    );
    await expect(mapScores(samples, samples, { k: 2 }, { compute })).rejects.toThrow(OptionError);
    await expect(mapScores(samples, samples, { k: 2 }, { compute })).rejects.toThrow(
      "mapScores: k must be an integer of at least 1 and less than half of 4 samples; got 2.",
    );
    await expect(mapScores(samples, samples, { k: 1, sampleSize: 0 }, { compute })).rejects.toThrow(
      "mapScores: sampleSize must be an integer of at least 1; got 0.",
    );
  });
});
