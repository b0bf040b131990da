import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { CancelledError, InputError, OptionError } from "../../errors.ts";
import { createCompute } from "../../kernels/index.ts";
import { type Matrix, matrixFromRows, takeRows } from "../../matrix/index.ts";
import { createRandom } from "../../random/index.ts";
import { blobs, byteBlobs } from "../../testing/samples.ts";
import {
  approximateNeighbors,
  estimateRecall,
  exactNeighbors,
  type Neighbors,
  neighborRecall,
  queryNeighbors,
} from "./index.ts";
import { naiveNeighbors } from "./testing/naive-neighbors.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

/** Equal tables; typed arrays of this length are compared as bytes, since the test runner takes seconds for them. */
function expectSame(found: Neighbors, expected: Neighbors): void {
  expect([found.rows, found.k]).toEqual([expected.rows, expected.k]);
  const wrong = found.indices.findIndex((index, at) => index !== expected.indices[at]);
  expect(wrong).toBe(-1);
  expect(found.distances.findIndex((value, at) => value !== expected.distances[at])).toBe(-1);
}

describe("four points on a line, worked by hand", () => {
  const samples = matrixFromRows([[0], [1], [3], [7]]);

  test("have these neighbours among each other", async () => {
    const found = await exactNeighbors(samples, { k: 2 }, { compute });
    expect([...found.indices]).toEqual([1, 2, 0, 2, 1, 0, 2, 1]);
    expect([...found.distances]).toEqual([1, 3, 1, 2, 2, 3, 4, 6]);
  });

  test("and of two points as far the lower one comes first for a query", async () => {
    const found = await queryNeighbors(samples, matrixFromRows([[2], [7]]), { k: 3 }, { compute });
    expect([...found.indices]).toEqual([1, 2, 0, 3, 2, 1]);
    expect([...found.distances]).toEqual([1, 1, 2, 0, 4, 6]);
  });
});

describe("neighbours are those of a loop over all pairs in double precision", () => {
  const shapes = [
    [5, 1, 2],
    [300, 3, 7],
    [900, 10, 14],
    [600, 37, 31],
  ] as const;
  test.each(shapes)("%i x %i, %i neighbours", async (rows, cols, k) => {
    const samples = blobs(createRandom(rows), rows, cols, 5, 1);
    expectSame(await exactNeighbors(samples, { k }, { compute }), naiveNeighbors(samples, samples, k, true));
    const queries = blobs(createRandom(rows + 1), 40, cols, 5, 1);
    const asked = await queryNeighbors(samples, queries, { k }, { compute });
    expectSame(asked, naiveNeighbors(samples, queries, k, false));
  });

  test("also where values are few, so that most distances are tied, and where rows are far out", async () => {
    const row = fc.array(fc.constantFrom(0, 1, 2, -1, 1000, 1e6), { minLength: 3, maxLength: 3 });
    const rows = fc.array(row, { minLength: 5, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(rows, async (values) => {
        const samples = matrixFromRows(values);
        const found = await exactNeighbors(samples, { k: 4 }, { compute });
        expectSame(found, naiveNeighbors(samples, samples, 4, true));
      }),
      { numRuns: 40, seed: 5 },
    );
  });

  test("also where rows are wide enough to be looked at in a few directions first", async () => {
    const queries = lowRank(8400, 100, 12);
    const samples = { rows: 8300, cols: 100, data: queries.data.subarray(0, 830_000) };
    const few = Array.from({ length: 60 }, (_, i) => i * 138);
    const found = await exactNeighbors(samples, { k: 6 }, { compute });
    const expected = naiveNeighbors(samples, takeRows(samples, few), 7, false);
    few.forEach((row, at) => {
      const others = [...expected.indices.subarray(at * 7, at * 7 + 7)].filter((other) => other !== row);
      expect([...found.indices.subarray(row * 6, row * 6 + 6)]).toEqual(others);
    });
    const asked = await queryNeighbors(samples, queries, { k: 6 }, { compute });
    const nearest = naiveNeighbors(samples, takeRows(queries, [0, 8399]), 6, false);
    expect([...asked.indices.subarray(0, 6), ...asked.indices.subarray(8399 * 6)]).toEqual([
      ...nearest.indices,
    ]);
  });

  test("bytes give what the same numbers as floats give", async () => {
    const bytes = byteBlobs(createRandom(3), 900, 40, 6, 1);
    const floats = { rows: 900, cols: 40, data: Float32Array.from(bytes.data) };
    const found = await exactNeighbors(bytes, { k: 9 }, { compute });
    const expected = naiveNeighbors(floats, floats, 9, true);
    const wrong = found.indices.findIndex((index, at) => index !== expected.indices[at]);
    expect(wrong).toBe(-1);
    const ratio = (found.distances[0] as number) / (expected.distances[0] as number);
    expect(ratio).toBeCloseTo(bytes.unit, 7);
  });
});

/** Rows that lie near a few directions, as images do. */
function lowRank(rows: number, cols: number, rank: number): Matrix<Float32Array> {
  const random = createRandom(17);
  const basis = Float32Array.from({ length: rank * cols }, () => random.float() - 0.5);
  const data = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    const weights = Array.from({ length: rank }, () => random.float() + random.float() - 1);
    for (let c = 0; c < cols; c++) {
      let sum = 0.1 * random.float();
      for (let q = 0; q < rank; q++) sum += (weights[q] as number) * (basis[q * cols + c] as number);
      data[i * cols + c] = sum;
    }
  }
  return { rows, cols, data };
}

describe("NN-descent", () => {
  const samples = blobs(createRandom(4), 9000, 8, 12, 1);

  test("finds most neighbours, at exact distances, and its recall can be estimated", async () => {
    const exact = await exactNeighbors(samples, { k: 10 }, { compute });
    const found = await approximateNeighbors(
      samples,
      { k: 10, nearBlocks: 2, tolerance: 0.002 },
      { compute },
    );
    const recall = neighborRecall(found, exact);
    expect(recall).toBeGreaterThan(0.97);
    expect(recall).toBeLessThan(1);
    const estimate = await estimateRecall(samples, found, { sample: 900, seed: 1 }, { compute });
    expect(Math.abs(estimate - recall)).toBeLessThan(0.005);
    expect(await estimateRecall(samples, exact, { sample: 300 }, { compute })).toBe(1);
  });

  test("leaves no row among its own neighbours, and none twice", async () => {
    const found = await approximateNeighbors(samples, { k: 10, nearBlocks: 2, seed: 3 }, { compute });
    for (let i = 0; i < samples.rows; i++) {
      const own = new Set(found.indices.subarray(i * 10, i * 10 + 10));
      if (own.size !== 10 || own.has(i)) expect.fail(`row ${i} has the neighbours ${[...own].join(", ")}`);
    }
  });
});

test("one, two and three threads give the same bytes", async () => {
  const samples = blobs(createRandom(8), 4000, 12, 9, 1);
  const queries = takeRows(samples, [5, 6, 7]);
  const tables: Neighbors[][] = [];
  for (const threads of [1, 2, 3]) {
    const own = createCompute({ threads });
    tables.push([
      await exactNeighbors(samples, { k: 12 }, { compute: own }),
      await approximateNeighbors(samples, { k: 12, nearBlocks: 1, seed: 2 }, { compute: own }),
      await queryNeighbors(samples, queries, { k: 12 }, { compute: own }),
    ]);
    own.close();
  }
  for (const others of tables.slice(1)) {
    others.forEach((table, at) => void expectSame(table, tables[0]?.[at] as Neighbors));
  }
});

describe("edges", () => {
  test("1,000 equal rows have the first others as neighbours, at distance 0", async () => {
    const samples = { rows: 1000, cols: 3, data: new Float32Array(3000).fill(0.3) };
    const found = await exactNeighbors(samples, { k: 3 }, { compute });
    expect([...found.indices.subarray(0, 12)]).toEqual([1, 2, 3, 0, 2, 3, 0, 1, 3, 0, 1, 2]);
    expect(found.distances.every((distance) => distance === 0)).toBe(true);
    const far = found.indices.findIndex((index, at) => at >= 12 && index !== at % 3);
    expect(far).toBe(-1);
  });

  test.each([1e-30, 1e30])("distances keep their scale at %d", async (size) => {
    const samples = matrixFromRows([
      [0, 0],
      [3 * size, 4 * size],
      [30 * size, 40 * size],
      [0, size],
    ]);
    const found = await exactNeighbors(samples, { k: 3 }, { compute });
    expect([...found.indices.subarray(0, 3)]).toEqual([3, 1, 2]);
    expect((found.distances[1] as number) / size).toBeCloseTo(5, 5);
  });

  test("a row of zeros is at cosine distance 1 from all but other rows of zeros", async () => {
    const samples = matrixFromRows([
      [0, 0],
      [2, 0],
      [0, 3],
      [0, 0],
      [-5, 0],
    ]);
    const found = await exactNeighbors(samples, { k: 4, metric: "cosine" }, { compute });
    expect([...found.indices.subarray(0, 8)]).toEqual([3, 1, 2, 4, 0, 2, 3, 4]);
    expect([...found.distances.subarray(0, 8)]).toEqual([0, 1, 1, 1, 1, 1, 1, 2]);
  });

  test.each([
    [
      matrixFromRows([[0], [1]]),
      2,
      OptionError,
      "k must be an integer in 1..1 (the number of other samples); got 2.",
    ],
    [matrixFromRows([[0], [1]]), 0.5, OptionError, "k must be an integer in 1..1"],
    [
      matrixFromRows([[0]]),
      1,
      InputError,
      "samples must have at least 2 rows, so that each has a neighbour; got 1.",
    ],
    [
      matrixFromRows([
        [0, 1],
        [2, Number.NaN],
      ]),
      1,
      InputError,
      "got NaN at row 1, column 1.",
    ],
    [
      matrixFromRows([
        [0, -1 / 0],
        [2, 1],
      ]),
      1,
      InputError,
      "got -Infinity at row 0, column 1.",
    ],
  ])("what cannot be searched is told (%#)", async (samples, k, kind, message) => {
    for (const search of [exactNeighbors, approximateNeighbors]) {
      const failure = search(samples, { k }, { compute });
      await expect(failure).rejects.toThrow(kind);
      await expect(failure).rejects.toThrow(message);
    }
  });

  test("unknown options and metrics, and queries of another width, are told", async () => {
    const samples = matrixFromRows([[0], [1]]);
    const search = (options: object): Promise<Neighbors> =>
      exactNeighbors(samples, options as { k: number }, { compute });
    await expect(search({ k: 1, seed: 1 })).rejects.toThrow(
      'every option must be one of k, metric; got "seed".',
    );
    await expect(search({ k: 1, metric: "l1" })).rejects.toThrow(
      'metric must be one of euclidean, cosine; got "l1".',
    );
    const wide = queryNeighbors(samples, matrixFromRows([[0, 1]]), { k: 1 }, { compute });
    await expect(wide).rejects.toThrow("samples must have the model's 1 features; got 2.");
  });

  test("cancelling throws, and the threads go on to serve", async () => {
    const samples = blobs(createRandom(13), 20000, 20, 5, 1);
    const controller = new AbortController();
    const failure = exactNeighbors(samples, { k: 10 }, { compute, signal: controller.signal });
    setTimeout(() => controller.abort(), 30);
    await expect(failure).rejects.toThrow(CancelledError);
    expect((await exactNeighbors(matrixFromRows([[0], [1]]), { k: 1 }, { compute })).indices[0]).toBe(1);
  });
});

test.each<[object, string]>([
  [{ seed: -1 }, "seed must be an integer in 0..9007199254740991; got -1."],
  [{ maxIterations: 0 }, "maxIterations must be an integer of at least 1; got 0."],
  [{ nearBlocks: 1.5 }, "nearBlocks must be an integer of at least 1; got 1.5."],
  [{ tolerance: 1 }, "tolerance must be a number in [0, 1); got 1."],
])("approximateNeighbors refuses %o", async (options, message) => {
  const finding = approximateNeighbors(matrixFromRows([[0], [1], [3]]), { k: 1, ...options }, { compute });
  await expect(finding).rejects.toThrow(OptionError);
  await expect(finding).rejects.toThrow(message);
});

test("recall refuses tables that do not go together, and no sample", async () => {
  const samples = matrixFromRows([[0], [1], [3], [7]]);
  const [one, two] = [
    await exactNeighbors(samples, { k: 1 }, { compute }),
    await exactNeighbors(samples, { k: 2 }, { compute }),
  ];
  expect(() => neighborRecall(one, two)).toThrow("both tables must have one shape; got 4 x 1 and 4 x 2.");
  const fewer = takeRows(samples, Int32Array.of(0, 1, 2));
  await expect(estimateRecall(fewer, one, {}, { compute })).rejects.toThrow("the samples' 3 rows; got 4.");
  await expect(estimateRecall(samples, one, { sample: 0 }, { compute })).rejects.toThrow(
    "sample must be an integer of at least 1; got 0.",
  );
});
