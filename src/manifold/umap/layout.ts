/**
 * Moves the vertices of a graph through the epochs of UMAP (src/kernels/assembly/layout.ts). The edges that are due, the
 * vertices that push and the rounds follow from counters: any number of threads gives the same bytes.
 */
import { type KernelCompute, openWorkspace, roundUp, type Workspace } from "../../kernels/index.ts";
import type { Matrix, SparseMatrix } from "../../matrix/index.ts";
import type { Curve } from "./curve.ts";
import type { LayoutSettings, UmapStep } from "./types.ts";

/** Vertices of one unit of work: some hundred microseconds. */
const blockRows = 512;
/**
 * Rounds of one epoch, each of which moves a share of the vertices. In a single one all move at once, and neighbours can jump over
 * each other. On 70,000 MNIST images, two seeds each, one round kept slightly fewer neighbours (12.6 %) than two or four (13.0 to 13.2 %),
 * which did not differ; seeds alone differ by as much.
 */
export const roundsPerEpoch = 4;

/** What moves, and among what. */
export interface LayoutTask {
  readonly compute: KernelCompute;
  /** Rows are the vertices that move, columns those that pull and push. */
  readonly graph: SparseMatrix;
  /** Where the vertices are, rows of the graph x nDimensions. */
  readonly start: Matrix<Float32Array>;
  /** Vertices that stay where they are, columns of the graph x nDimensions; without them, the moving ones are meant. */
  readonly fixed?: Matrix<Float32Array>;
  readonly settings: Pick<LayoutSettings, "nEpochs" | "learningRate" | "negativeSamples" | "repulsion">;
  readonly curve: Curve;
  /** 32 bits from which all draws follow. */
  readonly key: number;
  readonly signal?: AbortSignal | undefined;
}

/** Yields the map before the first and after each epoch; returns the last, which is the caller's own. */
export async function* moveVertices(task: LayoutTask): AsyncGenerator<UmapStep, Matrix<Float32Array>, void> {
  const { compute, graph, start, settings, signal } = task;
  const { nEpochs, learningRate } = settings;
  const work = openWorkspace(compute, "LayoutTask");
  try {
    const { stride, nRounds } = prepare(work, task);
    const kernel = stride === 2 ? "layoutPlane" : "layoutSpace";
    const blocks = Math.ceil(graph.rows / blockRows);
    const embedding: Matrix<Float32Array> = { ...start, data: start.data.slice() };
    yield { epoch: 0, nEpochs, embedding };
    for (let epoch = 0; epoch < nEpochs; epoch++) {
      work.set({ epoch, learningRate: learningRate * (1 - epoch / nEpochs) });
      for (let round = 0; round < nRounds; round++) {
        work.set({ round });
        await work.run(
          [
            [kernel, blocks],
            ["settleLayout", blocks],
          ],
          signal,
        );
      }
      readPlaces(work, stride, embedding);
      yield { epoch: epoch + 1, nEpochs, embedding };
    }
    return { ...embedding, data: embedding.data.slice() };
  } finally {
    work.release();
  }
}

function prepare(
  work: Workspace<"LayoutTask">,
  { compute, graph, start, fixed, settings, curve, key }: LayoutTask,
): { stride: number; nRounds: number } {
  const { memory, threads } = compute;
  const { rows, cols: nDimensions } = start;
  const vectors = Math.ceil(nDimensions / 4);
  // A place of up to 16 floats never lies in two cache lines.
  const stride =
    nDimensions <= 2 ? 2 : nDimensions <= 16 ? 2 ** Math.ceil(Math.log2(4 * vectors)) : 4 * vectors;
  const edges = frequentEdges(graph, settings.nEpochs);
  const nEdges = edges.columns.length;
  const nRounds = fixed ? 1 : roundsPerEpoch;
  const nPulls = fixed ? 1 : 2;
  // Four more, because the last group is filled up.
  const capacity = roundUp(largestDegree(edges.starts) * (nPulls + settings.negativeSamples) + 4, 4);
  const scratchBytes = roundUp(capacity * 8 + stride * 4, 64);
  const positions = work.allocate(rows * stride * 4);
  work.set({
    rows,
    nOthers: graph.cols,
    stride,
    vectors,
    blockRows,
    nRounds,
    isSame: fixed ? 0 : 1,
    positions,
    moved: work.allocate(rows * stride * 4),
    others: fixed ? work.allocate(graph.cols * stride * 4) : positions,
    starts: work.allocate((rows + 1) * 4),
    // The kernels read edges by four.
    columns: work.allocate(nEdges * 4 + 16),
    rates: work.allocate(nEdges * 4 + 16),
    seed: key,
    nPulls,
    nPushes: settings.negativeSamples,
    ...curve,
    repulsion: settings.repulsion,
    scratch: work.allocate(threads * 2 * scratchBytes),
    scratchBytes,
    capacity,
  });
  placeRows(memory.float32(positions, rows * stride), stride, start);
  if (fixed) placeRows(memory.float32(work.get("others"), fixed.rows * stride), stride, fixed);
  memory.int32(work.get("starts"), rows + 1).set(edges.starts);
  memory.int32(work.get("columns"), nEdges).set(edges.columns);
  memory.uint32(work.get("rates"), nEdges).set(edges.rates);
  return { stride, nRounds };
}

/** Edges with how often each is due: in each epoch for the strongest, in proportion for the others. */
function frequentEdges(
  { rows, starts, columns, values }: SparseMatrix,
  nEpochs: number,
): { starts: Int32Array; columns: Int32Array; rates: Uint32Array } {
  const strongest = values.reduce((most, value) => Math.max(most, value), 0);
  const kept = { starts: new Int32Array(rows + 1), columns: new Int32Array(columns.length) };
  const rates = new Uint32Array(columns.length);
  let count = 0;
  for (let i = 0; i < rows; i++) {
    for (let at = starts[i] as number; at < (starts[i + 1] as number); at++) {
      // As in umap-learn, edges that would be due less than once in all epochs are left out.
      const rate = (values[at] as number) / strongest;
      if (!(rate * nEpochs >= 1)) continue;
      kept.columns[count] = columns[at] as number;
      rates[count] = Math.min(2 ** 32 - 1, Math.round(rate * 2 ** 32));
      count++;
    }
    kept.starts[i + 1] = count;
  }
  return { starts: kept.starts, columns: kept.columns.subarray(0, count), rates: rates.subarray(0, count) };
}

function largestDegree(starts: Int32Array): number {
  let most = 0;
  for (let i = 1; i < starts.length; i++) {
    most = Math.max(most, (starts[i] as number) - (starts[i - 1] as number));
  }
  return most;
}

function placeRows(target: Float32Array, stride: number, { rows, cols, data }: Matrix<Float32Array>): void {
  if (stride === cols) target.set(data);
  else {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++) target[i * stride + j] = data[i * cols + j] as number;
    }
  }
}

function readPlaces(
  work: Workspace<"LayoutTask">,
  stride: number,
  { rows, cols, data }: Matrix<Float32Array>,
): void {
  const places = work.compute.memory.float32(work.get("positions"), rows * stride);
  if (stride === cols) data.set(places);
  else {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++) data[i * cols + j] = places[i * stride + j] as number;
    }
  }
}
