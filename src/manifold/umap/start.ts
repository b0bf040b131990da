/**
 * Where a layout starts. The leading eigenvectors of the graph put its parts in order; where the graph falls into pieces they say
 * nothing of how the pieces lie to each other, so there the principal components of the samples serve, or, where only the
 * graph is known, each piece is put by itself. As in umap-learn, the start is brought to at most 10, shaken by 0.0001 so that no two
 * vertices lie in one place, and then stretched to 0..10 along each axis.
 */
import type { KernelCompute } from "../../kernels/index.ts";
import type { Matrix, Samples, SparseMatrix } from "../../matrix/index.ts";
import type { Random } from "../../random/index.ts";
import { connectedComponents } from "../neighbors/index.ts";
import { principalPlaces } from "./principal-start.ts";
import { leadingEigenvectors } from "./spectral.ts";
import type { LayoutSettings, LayoutStart } from "./types.ts";

/** Side of the box in which a layout starts. */
const extent = 10;
/** Standard deviation of what is added to eigenvectors and principal components. */
const shake = 1e-4;
/** Pieces of fewer vertices are put at random around their middle. */
const leastPiece = 32;

/** What a start is found from. */
export interface StartTask {
  readonly compute: KernelCompute;
  readonly graph: SparseMatrix;
  readonly settings: LayoutSettings;
  readonly samples?: Samples | undefined;
  readonly random: Random;
  readonly signal?: AbortSignal | undefined;
}

/** The start, rows of the graph x nDimensions in 0..10, and how it was found. */
export async function findStart(task: StartTask): Promise<LayoutStart & { places: Matrix<Float32Array> }> {
  const { graph, settings } = task;
  const { init, nDimensions } = settings;
  const rows = graph.rows;
  const { count: nPieces, labels } = connectedComponents(graph);
  const found = await placesBy(task, nPieces, labels);
  const isShaken = found.used !== "given" && found.used !== "random";
  const data = typeof init === "string" ? found.data : found.data.slice();
  if (isShaken) shakePlaces(data, task.random.stream("shake"));
  stretch(data, nDimensions);
  return {
    used: found.used,
    nPieces,
    residual: found.residual ?? 0,
    places: { rows, cols: nDimensions, data },
  };
}

interface Found {
  readonly used: LayoutStart["used"];
  readonly data: Float32Array;
  readonly residual?: number;
}

async function placesBy(task: StartTask, nPieces: number, labels: Int32Array): Promise<Found> {
  const { graph, settings, samples, random } = task;
  const { init, nDimensions } = settings;
  if (typeof init !== "string") return { used: "given", data: init.data };
  const isTiny = graph.rows <= nDimensions + 1;
  if (init === "random" || (init === "spectral" && isTiny)) {
    const next = random.stream("random");
    const data = Float32Array.from({ length: graph.rows * nDimensions }, () => next.float());
    return { used: "random", data };
  }
  if (init === "spectral" && nPieces === 1) {
    return { used: "spectral", ...(await eigenPlaces(task, graph, random.stream("spectral"))) };
  }
  if (samples) return { used: "pca", data: principalPlaces(samples, nDimensions, random.stream("pca")) };
  return { used: "pieces", ...(await piecesApart(task, nPieces, labels)) };
}

/** The eigenvectors behind the first, which is the same for all graphs, as coordinates. */
async function eigenPlaces(
  { compute, settings: { nDimensions }, signal }: StartTask,
  graph: SparseMatrix,
  random: Random,
): Promise<{ data: Float32Array; residual: number }> {
  const { vectors, residual } = await leadingEigenvectors(compute, graph, nDimensions + 1, random, signal);
  const data = new Float32Array(graph.rows * nDimensions);
  for (let i = 0; i < graph.rows; i++) {
    for (let j = 0; j < nDimensions; j++) {
      data[i * nDimensions + j] = vectors[i * (nDimensions + 1) + j + 1] as number;
    }
  }
  return { data, residual };
}

/**
 * The largest piece in the middle, the others around it in random directions, each of a size by its number of vertices; within
 * a piece its own eigenvectors.
 */
async function piecesApart(
  task: StartTask,
  nPieces: number,
  labels: Int32Array,
): Promise<{ data: Float32Array; residual: number }> {
  const { graph, settings, random } = task;
  const { nDimensions } = settings;
  const members: number[][] = Array.from({ length: nPieces }, () => []);
  labels.forEach((label, i) => {
    (members[label] as number[]).push(i);
  });
  members.sort((a, b) => b.length - a.length); // stable: the first vertex decides among equals
  const largest = (members[0] as number[]).length;
  const data = new Float32Array(graph.rows * nDimensions);
  let worst = 0;
  for (const [p, vertices] of members.entries()) {
    const stream = random.stream("piece", p);
    const size = (vertices.length / largest) ** (1 / Math.min(nDimensions, 2));
    const direction = Float64Array.from({ length: nDimensions }, () => stream.float() - 0.5);
    const length = Math.hypot(...direction) || 1;
    const distance = p === 0 ? 0 : (1 + size) * (1 + stream.float());
    let local: Float32Array;
    if (vertices.length >= Math.max(leastPiece, nDimensions + 2)) {
      const eigen = await eigenPlaces(task, pieceOf(graph, vertices), stream);
      worst = Math.max(worst, eigen.residual);
      local = eigen.data;
    } else local = Float32Array.from({ length: vertices.length * nDimensions }, () => stream.float() - 0.5);
    const scale = size / (largestOf(local) || 1);
    vertices.forEach((vertex, at) => {
      for (let j = 0; j < nDimensions; j++) {
        const center = (distance * (direction[j] as number)) / length;
        data[vertex * nDimensions + j] = center + scale * (local[at * nDimensions + j] as number);
      }
    });
  }
  return { data, residual: worst };
}

/** The graph among some vertices, rising, that have no edge to others. */
function pieceOf({ starts, columns, values }: SparseMatrix, vertices: readonly number[]): SparseMatrix {
  const rows = vertices.length;
  const places = new Map(vertices.map((vertex, at) => [vertex, at]));
  const pieceStarts = new Int32Array(rows + 1);
  vertices.forEach((vertex, at) => {
    const degree = (starts[vertex + 1] as number) - (starts[vertex] as number);
    pieceStarts[at + 1] = (pieceStarts[at] as number) + degree;
  });
  const piece = {
    columns: new Int32Array(pieceStarts[rows] as number),
    values: new Float32Array(pieceStarts[rows] as number),
  };
  vertices.forEach((vertex, at) => {
    const from = starts[vertex] as number;
    const to = pieceStarts[at] as number;
    for (let e = 0; e < (starts[vertex + 1] as number) - from; e++) {
      piece.columns[to + e] = places.get(columns[from + e] as number) as number;
      piece.values[to + e] = values[from + e] as number;
    }
  });
  return { rows, cols: rows, starts: pieceStarts, ...piece };
}

function largestOf(data: Float32Array): number {
  return data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** Brings the places to at most 10 and adds a little noise, about normal: a sum of four uniform numbers. */
function shakePlaces(data: Float32Array, random: Random): void {
  const scale = extent / (largestOf(data) || 1);
  for (let at = 0; at < data.length; at++) {
    const uniform = random.float() + random.float() + random.float() + random.float() - 2;
    data[at] = (data[at] as number) * scale + shake * Math.sqrt(3) * uniform;
  }
}

/** Stretches each axis to 0..10; an axis on which all lie in one place is put to 0. */
function stretch(data: Float32Array, nDimensions: number): void {
  for (let j = 0; j < nDimensions; j++) {
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (let at = j; at < data.length; at += nDimensions) {
      least = Math.min(least, data[at] as number);
      most = Math.max(most, data[at] as number);
    }
    const scale = most > least ? extent / (most - least) : 0;
    for (let at = j; at < data.length; at += nDimensions) data[at] = ((data[at] as number) - least) * scale;
  }
}
