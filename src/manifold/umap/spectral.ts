/**
 * The leading eigenvectors of a graph's normalized adjacency D^-1/2 W D^-1/2, D the sums of its rows: the smoothest functions
 * on the graph, and the start of UMAP's layout.
 *
 * Subspace iteration with a polynomial filter (Zhou, Saad, Tiago and Chelikowsky 2006): Chebyshev's polynomial of the
 * matrix is small on [-1, cut], where the unwanted eigenvalues lie, and grows steeply towards 1, where the wanted ones do.
 * After each filter the Rayleigh-Ritz step finds the best vectors of the subspace, and the cut moves to its least value.
 */
import { type KernelCompute, openWorkspace, roundUp, type Workspace } from "../../kernels/index.ts";
import { type SparseMatrix, symmetricEigen } from "../../matrix/index.ts";
import type { Random } from "../../random/index.ts";

/** Eigenvectors of a graph. */
export interface GraphEigenvectors {
  /** In falling order; the first is 1. */
  readonly values: Float64Array;
  /** nVertices x number of values, each column of length 1. */
  readonly vectors: Float32Array;
  /** Largest length of A v - value v. */
  readonly residual: number;
}

/** Vectors iterated beside the wanted ones: the more, the wider the gap that the filter acts upon. */
const extraVectors = 5;
const firstDegree = 12;
const degree = 24;
const mostRounds = 10;
/** The wanted values have settled when 1 - value changes by less than this share of it. */
const settled = 0.01;
const blockRows = 512;
/** Of the whitened directions, those of less length than this are rounding errors. */
const leastDirection = 1e-9;

/**
 * @param graph symmetric, connected, no negative weights
 * @param count number of eigenvectors, at least 1, less than the number of vertices
 */
export async function leadingEigenvectors(
  compute: KernelCompute,
  graph: SparseMatrix,
  count: number,
  random: Random,
  signal?: AbortSignal,
): Promise<GraphEigenvectors> {
  const { rows } = graph;
  const width = roundUp(count + extraVectors, 4);
  const { values, roots } = normalized(graph);
  if (rows <= Math.max(64, 2 * width)) return denseEigenvectors(graph, values, count);
  const work = openWorkspace(compute, "SpectralTask");
  try {
    const { memory } = compute;
    const [x, y, z] = [0, 1, 2].map(() => work.allocate(rows * width * 4)) as [number, number, number];
    work.set({
      rows,
      width,
      blockRows,
      starts: work.allocate((rows + 1) * 4),
      columns: work.allocate(values.length * 4),
      values: work.allocate(values.length * 4),
      scalars: work.allocate(Math.ceil(rows / blockRows) * 2 * width * width * 8),
      turn: work.allocate(width * width * 4),
    });
    memory.int32(work.get("starts"), rows + 1).set(graph.starts);
    memory.int32(work.get("columns"), values.length).set(graph.columns);
    memory.float32(work.get("values"), values.length).set(values);
    const start = memory.float32(x, rows * width);
    for (let at = 0; at < start.length; at++) {
      start[at] = at % width === 0 ? (roots[at / width] as number) : random.float() * 2 - 1;
    }
    const session: Session = { work, rows, width, blocks: Math.ceil(rows / blockRows), signal };
    return await iterate(session, count, [x, y, z]);
  } finally {
    work.release();
  }
}

interface Session {
  readonly work: Workspace<"SpectralTask">;
  readonly rows: number;
  readonly width: number;
  readonly blocks: number;
  readonly signal: AbortSignal | undefined;
}

/** Three tables of vectors, by their addresses; the first holds the present vectors. */
type Tables = readonly [number, number, number];

async function iterate(session: Session, count: number, tables: Tables): Promise<GraphEigenvectors> {
  let before = new Float64Array(count);
  let cut = 0.8;
  let present = tables;
  for (let round = 0; ; round++) {
    present = await filter(session, present, cut, round === 0 ? firstDegree : degree);
    const step = await rayleighRitz(session, present);
    present = step.tables;
    const values = step.values.slice(0, count);
    const old = before;
    const done = values.every(
      (value, i) => Math.abs(value - (old[i] as number)) <= settled * (1 - value) + 1e-6,
    );
    before = values;
    if (done || round === mostRounds) return { values, ...(await readVectors(session, present, values)) };
    cut = Math.min(0.9999, Math.max(0, step.values.at(-1) as number));
  }
}

/** Chebyshev's polynomial of the matrix, scaled so that it is 1 at 1, times the vectors. */
async function filter(session: Session, tables: Tables, cut: number, degree: number): Promise<Tables> {
  const { work, blocks, signal } = session;
  const half = (cut + 1) / 2;
  const center = (cut - 1) / 2;
  const first = half / (1 - center);
  let sigma = first;
  let [x, y, z] = tables;
  work.set({ x, y, out: y, product: sigma / half, same: (-center * sigma) / half, before: 0 });
  await work.run([["multiplyGraph", blocks]], signal);
  for (let power = 2; power <= degree; power++) {
    const next = 1 / (2 / first - sigma);
    // x is one power behind y
    work.set({
      x: y,
      y: x,
      out: z,
      product: (2 * next) / half,
      same: (-2 * center * next) / half,
      before: -sigma * next,
    });
    await work.run([["multiplyGraph", blocks]], signal);
    [x, y, z] = [y, z, x];
    sigma = next;
  }
  return [y, x, z];
}

/** The best eigenvectors within the subspace, and their values in falling order. */
async function rayleighRitz(
  session: Session,
  [x, y, z]: Tables,
): Promise<{ values: Float64Array; tables: Tables }> {
  const { work, width, blocks, signal } = session;
  work.set({ x, y, out: y, product: 1, same: 0, before: 0 });
  await work.run(
    [
      ["multiplyGraph", blocks],
      ["scalarProducts", blocks],
    ],
    signal,
  );
  const { lengths, images } = sumTables(session);
  const whitening = whiten(lengths, width);
  const inner = congruence(whitening, images, width);
  const { values, vectors } = symmetricEigen(inner, width);
  // Column j of turn is whitening times eigenvector j.
  const turn = new Float32Array(width * width);
  for (let r = 0; r < width; r++) {
    for (let j = 0; j < width; j++) {
      let sum = 0;
      for (let c = 0; c < width; c++) {
        sum += (whitening[r * width + c] as number) * (vectors[j * width + c] as number);
      }
      turn[r * width + j] = sum;
    }
  }
  work.compute.memory.float32(work.get("turn"), width * width).set(turn);
  work.set({ out: z });
  await work.run([["turnVectors", blocks]], signal);
  return { values, tables: [z, x, y] };
}

/** Sums of the blocks' tables, in their order: x'x and x'A x. */
function sumTables({ work, width, blocks }: Session): { lengths: Float64Array; images: Float64Array } {
  const size = width * width;
  const sums = new Float64Array(2 * size);
  const parts = work.compute.memory.float64(work.get("scalars"), blocks * 2 * size);
  for (let at = 0; at < parts.length; at++) {
    sums[at % (2 * size)] = (sums[at % (2 * size)] as number) + (parts[at] as number);
  }
  return { lengths: sums.subarray(0, size), images: sums.subarray(size) };
}

/** W with W' G W = 1 on all directions that G holds, and 0 on those that it does not. */
function whiten(lengths: Float64Array, width: number): Float64Array {
  const scale = Float64Array.from({ length: width }, (_, i) => {
    const squared = lengths[i * width + i] as number;
    return squared > 0 ? 1 / Math.sqrt(squared) : 0;
  });
  const scaled = lengths.map(
    (value, at) => value * (scale[Math.floor(at / width)] as number) * (scale[at % width] as number),
  );
  const { values, vectors } = symmetricEigen(scaled, width);
  const floor = leastDirection * (values[0] as number);
  const whitening = new Float64Array(width * width);
  for (let j = 0; j < width; j++) {
    const value = values[j] as number;
    if (value <= floor) continue;
    for (let r = 0; r < width; r++) {
      whitening[r * width + j] =
        ((scale[r] as number) * (vectors[j * width + r] as number)) / Math.sqrt(value);
    }
  }
  return whitening;
}

/** W' H W, made exactly symmetric. */
function congruence(w: Float64Array, h: Float64Array, width: number): Float64Array {
  const hw = new Float64Array(width * width);
  for (let r = 0; r < width; r++) {
    for (let c = 0; c < width; c++) {
      let sum = 0;
      for (let i = 0; i < width; i++) {
        sum +=
          (((h[r * width + i] as number) + (h[i * width + r] as number)) / 2) * (w[i * width + c] as number);
      }
      hw[r * width + c] = sum;
    }
  }
  const result = new Float64Array(width * width);
  for (let r = 0; r < width; r++) {
    for (let c = 0; c <= r; c++) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += (w[i * width + r] as number) * (hw[i * width + c] as number);
      result[r * width + c] = sum;
      result[c * width + r] = sum;
    }
  }
  return result;
}

async function readVectors(
  { work, rows, width, blocks, signal }: Session,
  [x, y]: Tables,
  values: Float64Array,
): Promise<{ vectors: Float32Array; residual: number }> {
  work.set({ x, y, out: y, product: 1, same: 0, before: 0 });
  await work.run([["multiplyGraph", blocks]], signal);
  const count = values.length;
  const all = work.compute.memory.float32(x, rows * width);
  const images = work.compute.memory.float32(y, rows * width);
  const vectors = new Float32Array(rows * count);
  const squares = new Float64Array(count);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < count; j++) {
      const value = all[i * width + j] as number;
      vectors[i * count + j] = value;
      const rest = (images[i * width + j] as number) - (values[j] as number) * value;
      squares[j] = (squares[j] as number) + rest * rest;
    }
  }
  return { vectors, residual: Math.sqrt(Math.max(...squares)) };
}

/** Entries of D^-1/2 W D^-1/2, and the first eigenvector, the roots of D. */
function normalized({ rows, starts, columns, values }: SparseMatrix): {
  values: Float32Array;
  roots: Float64Array;
} {
  const roots = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let at = starts[i] as number; at < (starts[i + 1] as number); at++) sum += values[at] as number;
    roots[i] = Math.sqrt(sum);
  }
  const scaled = new Float32Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let at = starts[i] as number; at < (starts[i + 1] as number); at++) {
      scaled[at] = (values[at] as number) / ((roots[i] as number) * (roots[columns[at] as number] as number));
    }
  }
  return { values: scaled, roots };
}

/** All eigenvectors by rotations, of which the leading ones are kept: for small graphs. */
function denseEigenvectors(
  { rows, starts, columns }: SparseMatrix,
  values: Float32Array,
  count: number,
): GraphEigenvectors {
  const full = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let at = starts[i] as number; at < (starts[i + 1] as number); at++) {
      full[i * rows + (columns[at] as number)] = values[at] as number;
    }
  }
  const eigen = symmetricEigen(full, rows);
  const vectors = new Float32Array(rows * count);
  for (let j = 0; j < count; j++) {
    for (let i = 0; i < rows; i++) vectors[i * count + j] = eigen.vectors[j * rows + i] as number;
  }
  return { values: eigen.values.slice(0, count), vectors, residual: 0 };
}
