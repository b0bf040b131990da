import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { computeOf, createCompute } from "../../kernels/index.ts";
import type { Matrix, SparseMatrix } from "../../matrix/index.ts";
import { createRandom } from "../../random/index.ts";
import { blobs, byteBlobs } from "../../testing/samples.ts";
import { exactNeighbors } from "../neighbors/index.ts";
import * as umap from "./index.ts";
import { leadingEigenvectors } from "./spectral.ts";
import { naiveEpochs } from "./testing/naive-epochs.ts";

const compute = computeOf(createCompute({ threads: 2 }));
afterAll(() => compute.close());

const reference = JSON.parse(
  readFileSync(new URL("../../../fixtures/umap/reference.json", import.meta.url), "utf8"),
) as {
  curves: { minDist: number; spread: number; a: number; b: number }[];
  graph: {
    rows: number;
    cols: number;
    nNeighbors: number;
    samples: number[];
    starts: number[];
    columns: number[];
    weights: number[];
    values: number[];
    vectors: number[][];
  };
};
const band: SparseMatrix = {
  rows: reference.graph.rows,
  cols: reference.graph.rows,
  starts: Int32Array.from(reference.graph.starts),
  columns: Int32Array.from(reference.graph.columns),
  values: Float32Array.from(reference.graph.weights),
};
const bandSamples: Matrix<Float32Array> = {
  rows: reference.graph.rows,
  cols: reference.graph.cols,
  data: Float32Array.from(reference.graph.samples),
};

/** Graph of edges among few vertices, each stored for both of its ends. */
function graphOf(rows: number, ...edges: readonly (readonly [number, number, number])[]): SparseMatrix {
  const both = [...edges, ...edges.map(([i, j, weight]) => [j, i, weight] as const)];
  both.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const starts = new Int32Array(rows + 1);
  for (const [i] of both) starts.fill((starts[i + 1] as number) + 1, i + 1);
  return {
    rows,
    cols: rows,
    starts,
    columns: Int32Array.from(both, ([, j]) => j),
    values: Float32Array.from(both, ([, , weight]) => weight),
  };
}

const distance = ({ data, cols }: Matrix, i: number, j: number): number =>
  Math.hypot(...Array.from({ length: cols }, (_, c) => data[i * cols + c] - data[j * cols + c]));

describe("curve", () => {
  test.each(reference.curves)(
    "of minDist $minDist, spread $spread is umap-learn's",
    ({ minDist, spread, a, b }) => {
      const curve = umap.fitCurve(minDist, spread);
      expect(Math.abs(curve.a - a)).toBeLessThan(1e-4 * Math.max(1, a));
      expect(Math.abs(curve.b - b)).toBeLessThan(1e-4);
    },
  );
});

describe("spectral start", () => {
  test("is that of double precision, up to the sign of each vector", async () => {
    const count = reference.graph.values.length;
    const found = await leadingEigenvectors(compute, band, count, createRandom(1));
    expect(found.residual).toBeLessThan(1e-3);
    reference.graph.vectors.forEach((vector, j) => {
      expect(found.values[j]).toBeCloseTo(reference.graph.values[j] as number, 5);
      const cosine = vector.reduce((sum, value, i) => sum + value * found.vectors[i * count + j], 0);
      expect(Math.abs(cosine)).toBeGreaterThan(0.999);
    });
  });

  test("has eigenvectors of length one that stand upright on each other", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 70, max: 200 }),
        fc.integer({ min: 1, max: 8 }),
        async (rows, count) => {
          const samples = blobs(createRandom(rows), rows, 3, 1, 1);
          const { graph } = await umap.fit(samples, { nEpochs: 0, init: "random" }, { compute });
          const { vectors, values } = await leadingEigenvectors(compute, graph, count, createRandom(2));
          expect(values[0]).toBeCloseTo(1, 5);
          for (let a = 0; a < count; a++) {
            for (let b = 0; b <= a; b++) {
              let sum = 0;
              for (let i = 0; i < rows; i++) sum += vectors[i * count + a] * vectors[i * count + b];
              expect(sum).toBeCloseTo(a === b ? 1 : 0, 4);
            }
          }
        },
      ),
      { numRuns: 10, seed: 1 },
    );
  });
});

describe("layout", () => {
  test("of two vertices, worked by hand: each pulls twice, nothing pushes", async () => {
    // d^2 = 100, and with a = 1.5769, b = 0.8951 d^2b = 61.7. A pull moves by 2ab 61.7 / (1 + 61.7 a) / 100 = 0.0177 of the
    // difference; two of them, computed side by side, move the first vertex from 0 to 0.354, then the second towards it.
    const init = { rows: 2, cols: 1, data: Float32Array.of(0, 10) };
    const options = { nDimensions: 1, init, nEpochs: 1, negativeSamples: 0 } as const;
    const { embedding, curve } = await umap.layoutOf(graphOf(2, [0, 1, 1]), options, { compute });
    const pull = (y: number, other: number): number => {
      const squared = (y - other) ** 2;
      const power = squared ** curve.b;
      return y - 2 * ((2 * curve.a * curve.b * power) / (squared * (1 + curve.a * power))) * (y - other);
    };
    const first = pull(0, 10);
    const second = pull(10, first);
    expect(embedding.data[0]).toBeCloseTo(first, 3);
    expect(embedding.data[1]).toBeCloseTo(second, 3);
    expect(first).toBeCloseTo(0.354, 2);
  });

  test.each([1, 2, 3, 4, 5, 10])(
    "in %i dimensions moves as the plain loop in double precision does",
    async (nDimensions) => {
      const rows = band.rows;
      const random = createRandom(nDimensions);
      const data = Float32Array.from({ length: rows * nDimensions }, () => random.float() * 10);
      // Each axis already reaches from 0 to 10, so the start is left as it is.
      for (let j = 0; j < nDimensions; j++) [data[j], data[nDimensions + j]] = [0, 10];
      const init = { rows, cols: nDimensions, data };
      const options = { nDimensions, init, nEpochs: 3, seed: 5, learningRate: 0.2 };
      const found = await umap.layoutOf(band, options, { compute });
      const expected = naiveEpochs(band, found);
      let worst = 0;
      expected.forEach((value, at) => {
        worst = Math.max(worst, Math.abs(value - found.embedding.data[at]));
      });
      // The kernels' powers are good to 2e-4, and errors grow where vertices come close.
      expect(worst).toBeLessThan(0.02);
    },
  );

  test("keeps blobs together and apart", async () => {
    const samples = blobs(createRandom(3), 400, 6, 4, 0.2);
    const { embedding } = await umap.fit(samples, { nEpochs: 150, seed: 1 }, { compute });
    const near = await exactNeighbors(embedding, { k: 5 }, { compute });
    const own = await exactNeighbors(samples, { k: 60 }, { compute });
    let kept = 0;
    near.indices.forEach((j, at) => {
      const i = Math.floor(at / 5);
      if (own.indices.subarray(i * 60, (i + 1) * 60).includes(j)) kept++;
    });
    expect(kept / near.indices.length).toBeGreaterThan(0.9);
  });

  test("of the mean of graphs is that of the graph where all are the same", async () => {
    const fitted = await umap.fit(bandSamples, { nNeighbors: 10, nEpochs: 20, seed: 3 }, { compute });
    const again = await umap.layoutOf(fitted.graph, { nEpochs: 20, seed: 3 }, { compute });
    expect(again.embedding).toEqual(fitted.embedding);
    expect(again.curve).toEqual(fitted.curve);
  });
});

describe("umap is a proper estimator", () => {
  const options = { nNeighbors: 8, nEpochs: 12, seed: 4 };
  const samples = blobs(createRandom(1), 1100, 5, 3, 2);

  test.each([1, 3])(
    "%i threads give the bytes that two give, in any number of dimensions",
    async (threads) => {
      const other = createCompute({ threads });
      for (const nDimensions of [1, 2, 3, 10]) {
        const a = await umap.fit(samples, { ...options, nDimensions }, { compute: other });
        const b = await umap.fit(samples, { ...options, nDimensions }, { compute });
        expect(a).toEqual(b);
        const some = { ...samples, rows: 700, data: samples.data.subarray(0, 700 * 5) };
        expect(await umap.transform(a, some, { nEpochs: 5 }, { compute: other })).toEqual(
          await umap.transform(b, some, { nEpochs: 5 }, { compute }),
        );
      }
      other.close();
    },
  );

  test("another seed gives another map", async () => {
    const one = await umap.fit(samples, options, { compute });
    const two = await umap.fit(samples, { ...options, seed: 5 }, { compute });
    expect(two.embedding).not.toEqual(one.embedding);
  });

  test("the samples are left as they were", async () => {
    const copy = samples.data.slice();
    await umap.fit(samples, options, { compute });
    expect(samples.data).toEqual(copy);
  });

  test("steps give the start and the map after each epoch, and the fit reports the same", async () => {
    const seen: [number, number, number][] = [];
    const note = ({ epoch, nEpochs, embedding }: umap.UmapStep): void => {
      seen.push([epoch, nEpochs, embedding.data[7] as number]);
    };
    const fitted = await umap.fit(samples, options, { compute, onProgress: note });
    expect(seen.map(([epoch]) => epoch)).toEqual(Array.from({ length: 13 }, (_, i) => i));
    expect(seen.every(([, nEpochs]) => nEpochs === 12)).toBe(true);
    expect(seen.at(-1)?.[2]).toBe(fitted.embedding.data[7]);
    const reported = seen.splice(0);
    const generator = umap.steps(samples, options, { compute });
    let next = await generator.next();
    for (; !next.done; next = await generator.next()) note(next.value);
    expect(seen).toEqual(reported);
    expect(next.value).toEqual(fitted);
  });

  test("neighbours that are known already give the same map", async () => {
    const neighbors = await exactNeighbors(samples, { k: 7 }, { compute });
    const given = await umap.fit(samples, { neighbors, nEpochs: 12, seed: 4 }, { compute });
    const found = await umap.fit(samples, options, { compute });
    expect(given).toEqual(found);
  });

  test("bytes give the map of the numbers that they stand for", async () => {
    const bytes = byteBlobs(createRandom(2), 200, 4, 3, 1);
    const data = Float32Array.from(bytes.data); // a power of two as unit would do as well
    const a = await umap.fit({ ...bytes, unit: 1 }, options, { compute });
    const b = await umap.fit({ rows: 200, cols: 4, data }, options, { compute });
    expect(a.embedding).toEqual(b.embedding);
  });

  test("leaving the steps early gives the memory back: a hundred times does not fill it", async () => {
    const few = { rows: 100, cols: 5, data: samples.data.slice(0, 500) };
    for (let round = 0; round < 100; round++) {
      const generator = umap.steps(few, options, { compute });
      await generator.next();
      await generator.return(undefined as never);
    }
    const { memory } = compute as unknown as { memory: { memory: WebAssembly.Memory } };
    expect(memory.memory.buffer.byteLength).toBeLessThan(64 * 2 ** 20);
  });
});

describe("transform", () => {
  const samples = blobs(createRandom(6), 500, 4, 3, 0.4);
  const train = { rows: 400, cols: 4, data: samples.data.slice(0, 1600) };
  const rest = { rows: 100, cols: 4, data: samples.data.slice(1600) };

  test.each([0, 30])("puts new samples among their neighbours, with %i epochs", async (nEpochs) => {
    const model = await umap.fit(train, { nEpochs: 100 }, { compute });
    const before = model.embedding.data.slice();
    const places = await umap.transform(structuredClone(model), rest, { nEpochs }, { compute });
    expect(places.rows).toBe(100);
    expect(places.data.every(Number.isFinite)).toBe(true);
    expect(model.embedding.data).toEqual(before);
    const both = { rows: 500, cols: 2, data: Float32Array.of(...model.embedding.data, ...places.data) };
    const near = await exactNeighbors(both, { k: 3 }, { compute });
    const own = await exactNeighbors(samples, { k: 100 }, { compute });
    let kept = 0;
    for (let at = 1200; at < 1500; at++) {
      const i = Math.floor(at / 3);
      if (own.indices.subarray(i * 100, (i + 1) * 100).includes(near.indices[at])) kept++;
    }
    // By chance, a fifth would be.
    expect(kept / 300).toBeGreaterThan(0.85);
  });

  test("of the mean of two equal samples' places: worked by hand", async () => {
    // Two samples lie at 0 and 2; a new one at 1 is as near to both, and takes the middle of their places.
    const init = { rows: 2, cols: 2, data: Float32Array.of(0, 0, 10, 10) };
    const model = await umap.fit(
      { rows: 2, cols: 1, data: Float32Array.of(0, 2) },
      { init, nEpochs: 0 },
      { compute },
    );
    const places = await umap.transform(
      model,
      { rows: 1, cols: 1, data: Float32Array.of(1) },
      {},
      { compute },
    );
    expect([...places.data]).toEqual([5, 5]);
    expect(distance(model.embedding, 0, 1)).toBeCloseTo(Math.sqrt(200), 5);
  });
});
