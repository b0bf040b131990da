import { afterAll, describe, expect, test } from "vitest";
import { CancelledError, InputError, OptionError } from "../../errors.ts";
import { computeOf, createCompute } from "../../kernels/index.ts";
import type { Matrix, SparseMatrix } from "../../matrix/index.ts";
import { createRandom } from "../../random/index.ts";
import { blobs } from "../../testing/samples.ts";
import * as umap from "./index.ts";

const compute = computeOf(createCompute({ threads: 2 }));
afterAll(() => compute.close());

function extent({ rows, cols, data }: Matrix): number {
  expect(data.length).toBe(rows * cols);
  expect(data.every(Number.isFinite)).toBe(true);
  return Math.max(...data) - Math.min(...data);
}

const nothing: SparseMatrix = {
  rows: 4,
  cols: 4,
  starts: new Int32Array(5),
  columns: new Int32Array(0),
  values: new Float32Array(0),
};

describe("few or degenerate samples have a map", () => {
  test.each([1, 2, 3, 4, 5])("%i samples", async (rows) => {
    for (const nDimensions of [1, 2, 64]) {
      const samples = blobs(createRandom(rows), rows, 3, 1, 1);
      const { embedding, settings } = await umap.fit(samples, { nDimensions, nEpochs: 30 }, { compute });
      expect(settings.nNeighbors).toBe(rows);
      const size = extent(embedding);
      if (rows > 1) expect(size).toBeGreaterThan(0);
    }
  });

  test("a thousand equal samples among others", async () => {
    const others = blobs(createRandom(2), 200, 4, 2, 1);
    const data = new Float32Array(1200 * 4).fill(3);
    data.set(others.data);
    const { embedding } = await umap.fit({ rows: 1200, cols: 4, data }, { nEpochs: 50 }, { compute });
    expect(extent(embedding)).toBeGreaterThan(1);
  });

  test("nothing but equal samples", async () => {
    const { embedding } = await umap.fit(
      { rows: 1000, cols: 3, data: new Float32Array(3000) },
      { nEpochs: 20 },
      { compute },
    );
    expect(extent(embedding)).toBeGreaterThan(0);
  });

  test("a constant column changes nothing", async () => {
    const samples = blobs(createRandom(5), 150, 3, 2, 1);
    const wider = new Float32Array(150 * 4);
    for (let i = 0; i < 150; i++) wider.set([...samples.data.subarray(3 * i, 3 * i + 3), 7], 4 * i);
    const a = await umap.fit(samples, { nEpochs: 15 }, { compute });
    const b = await umap.fit({ rows: 150, cols: 4, data: wider }, { nEpochs: 15 }, { compute });
    expect(b.embedding).toEqual(a.embedding);
  });

  test("one dimension and sixty-four", async () => {
    const samples = blobs(createRandom(8), 300, 5, 3, 1);
    for (const nDimensions of [1, 64]) {
      const { embedding, start } = await umap.fit(
        samples,
        { nDimensions, nEpochs: 10, init: "spectral" },
        { compute },
      );
      expect(embedding.cols).toBe(nDimensions);
      expect(extent(embedding)).toBeGreaterThan(1);
      expect(["spectral", "pca"]).toContain(start.used);
    }
  });

  test("cosine: rows of one direction are as near as equal ones", async () => {
    const samples = blobs(createRandom(9), 120, 4, 3, 1);
    const scaled = samples.data.map((value, at) => value * 2 ** (Math.floor(at / 4) % 3));
    const options = { metric: "cosine", nEpochs: 10 } as const;
    const a = await umap.fit(samples, options, { compute });
    const b = await umap.fit({ rows: 120, cols: 4, data: scaled }, options, { compute });
    expect(b.embedding).toEqual(a.embedding);
  });

  test("no epochs: the start alone, from 0 to 10 along each axis", async () => {
    const samples = blobs(createRandom(1), 200, 3, 1, 1);
    for (const init of ["spectral", "pca", "random"] as const) {
      const { embedding, start } = await umap.fit(samples, { nEpochs: 0, init }, { compute });
      expect(start.used).toBe(init);
      for (const j of [0, 1]) {
        const axis = embedding.data.filter((_, at) => at % 2 === j);
        expect(Math.min(...axis)).toBe(0);
        expect(Math.max(...axis)).toBeCloseTo(10, 5);
      }
    }
  });
});

describe("a graph in several pieces", () => {
  const far = blobs(createRandom(4), 240, 3, 1, 1);
  far.data.forEach((value, at) => {
    far.data[at] = value + 1000 * (Math.floor(at / 3) % 3);
  });

  test("starts from principal components where there are samples", async () => {
    const { start, embedding } = await umap.fit(far, { nEpochs: 10 }, { compute });
    expect(start).toEqual({ used: "pca", nPieces: 3, residual: 0 });
    expect(extent(embedding)).toBeGreaterThan(1);
  });

  test("starts piece by piece where there are none", async () => {
    const { graph } = await umap.fit(far, { nEpochs: 0 }, { compute });
    const { start, embedding } = await umap.layoutOf(graph, { nEpochs: 0 }, { compute });
    expect(start.used).toBe("pieces");
    expect(start.nPieces).toBe(3);
    const middles = [0, 1, 2].map((piece) => {
      const own = embedding.data.filter((_, at) => Math.floor(at / 2) % 3 === piece);
      return [0, 1].map((j) =>
        own.filter((_, at) => at % 2 === j).reduce((sum, value) => sum + value / 80, 0),
      );
    });
    expect(new Set(middles.map(([x, y]) => `${x?.toFixed(1)} ${y?.toFixed(1)}`)).size).toBe(3);
  });

  test("may have no edge at all", async () => {
    const { start, embedding } = await umap.layoutOf(nothing, { nEpochs: 5, init: "spectral" }, { compute });
    expect(start.nPieces).toBe(4);
    expect(extent(embedding)).toBeGreaterThan(0);
  });
});

describe("wrong calls say what is wrong", () => {
  const samples = blobs(createRandom(1), 30, 3, 1, 1);
  test.each([
    [{ nNeighbors: 1 }, "umap.fit: nNeighbors must be an integer in 2..1000; got 1."],
    [{ nDimensions: 65 }, "umap.fit: nDimensions must be an integer in 1..64; got 65."],
    [{ nEpochs: -1 }, "umap.fit: nEpochs must be an integer in 0..100000; got -1."],
    [{ minDist: 2 }, "umap.fit: minDist must be in 0..1 (spread); got 2."],
    [{ spread: 0 }, "umap.fit: spread must be a positive, finite number; got 0."],
    [{ learningRate: Number.NaN }, "umap.fit: learningRate must be a positive, finite number; got NaN."],
    [{ negativeSamples: 1.5 }, "umap.fit: negativeSamples must be an integer in 0..100; got 1.5."],
    [{ repulsion: -1 }, "umap.fit: repulsion must be a finite number of at least 0; got -1."],
    [{ seed: -1 }, "umap.fit: seed must be an integer in 0..9007199254740991; got -1."],
    [{ metric: "manhattan" }, `umap.fit: metric must be one of euclidean, cosine; got "manhattan".`],
    [{ init: "tsne" }, `umap.fit: init must be one of spectral, pca, random or a matrix; got "tsne".`],
    [
      { init: { rows: 2, cols: 2, data: new Float32Array(4) } },
      "umap.fit: init must be nSamples x nDimensions = 30 x 2; got 2 x 2.",
    ],
    [
      { init: { rows: 30, cols: 2, data: new Float32Array(60).fill(Number.NaN) } },
      "umap.fit: init must be finite numbers only; got NaN or infinity.",
    ],
    [
      { neighbors: { rows: 2, k: 1, indices: Int32Array.of(1, 0), distances: new Float32Array(2) } },
      "umap.fit: neighbors must be of all 30 samples; got 2.",
    ],
  ])("%o", async (options, message) => {
    const fitting = umap.fit(samples, options as umap.UmapOptions, { compute });
    await expect(fitting).rejects.toThrow(OptionError);
    await expect(umap.fit(samples, options as umap.UmapOptions, { compute })).rejects.toThrow(message);
  });

  test("an option that does not exist", async () => {
    const fitting = umap.fit(samples, { neighbours: 3 } as umap.UmapOptions, { compute });
    await expect(fitting).rejects.toThrow(
      /^umap\.fit: every option must be one of .*nNeighbors.*; got "neighbours"\.$/,
    );
  });

  test("samples that are not numbers, of which there may be one alone", async () => {
    for (const rows of [1, 30]) {
      const data = samples.data.slice(0, rows * 3);
      data[1] = Number.NaN;
      const fitting = umap.fit({ rows, cols: 3, data }, {}, { compute });
      await expect(fitting).rejects.toThrow(InputError);
      await expect(umap.fit({ rows, cols: 3, data }, {}, { compute })).rejects.toThrow(
        "samples must be finite numbers; got NaN at row 0, column 1. Remove or replace such rows first.",
      );
    }
  });

  test("no samples", async () => {
    const fitting = umap.fit({ rows: 0, cols: 3, data: new Float32Array(0) }, {}, { compute });
    await expect(fitting).rejects.toThrow(
      "umap.fit: samples must have at least one row and one column; got 0 x 3.",
    );
  });

  test("a graph that is none, or a start without samples", async () => {
    await expect(umap.layoutOf({ ...nothing, cols: 3 }, {}, { compute })).rejects.toThrow(
      "umap.layoutOf: graph must be square and not empty; got 4 x 3.",
    );
    const negative = { ...nothing, values: Float32Array.of(-1) };
    await expect(umap.layoutOf(negative, {}, { compute })).rejects.toThrow(
      "umap.layoutOf: weights of graph must be finite numbers of at least 0; got -1.",
    );
    await expect(umap.layoutOf(nothing, { init: "pca" }, { compute })).rejects.toThrow(
      `umap.layoutOf: init must be "spectral", "random" or a matrix where no samples are given; got "pca".`,
    );
    await expect(umap.layoutOf(nothing, { samples }, { compute })).rejects.toThrow(
      "umap.layoutOf: samples must be as many as the graph has rows, 4; got 30.",
    );
  });

  test("new samples of another width", async () => {
    const model = await umap.fit(samples, { nEpochs: 0 }, { compute });
    const other = blobs(createRandom(1), 3, 4, 1, 1);
    await expect(umap.transform(model, other, {}, { compute })).rejects.toThrow(
      "umap.transform: samples must have the model's 3 features; got 4.",
    );
    await expect(umap.transform(model, samples, { nEpochs: -1 }, { compute })).rejects.toThrow(
      "umap.transform: nEpochs must be an integer in 0..100000; got -1.",
    );
  });
});

describe("cancelling", () => {
  const samples = blobs(createRandom(1), 300, 3, 1, 1);

  test("before any work", async () => {
    const fitting = umap.fit(samples, {}, { compute, signal: AbortSignal.abort() });
    await expect(fitting).rejects.toThrow(CancelledError);
  });

  test("in the middle of the epochs", async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const onProgress = ({ epoch }: umap.UmapStep): void => {
      seen.push(epoch);
      if (epoch === 3) controller.abort();
    };
    const fitting = umap.fit(samples, {}, { compute, signal: controller.signal, onProgress });
    await expect(fitting).rejects.toThrow(CancelledError);
    expect(seen).toEqual([0, 1, 2, 3]);
  });
});
