/**
 * Moves the vertices of a graph through the epochs of UMAP (src/kernels/assembly/layout.ts). The edges that are due, the
 * vertices that push and the rounds follow from counters: any number of threads gives the same bytes.
 */
import { type KernelCompute, openWorkspace, roundUp, type Workspace } from "../../kernels/index.ts";
import type { Matrix, SparseMatrix } from "../../matrix/index.ts";
import type { Curve } from "./curve.ts";
import { alongCurve } from "./order.ts";
import type { LayoutSettings, UmapStep } from "./types.ts";

/** Vertices of one unit of work: some ten microseconds. */
export const blockRows = 128;
/**
 * Rounds of one epoch, each of which moves a share of the vertices. In a single one all move at once, and neighbours can jump over
 * each other. On 70,000 MNIST images, two seeds each, one round kept slightly fewer neighbours (12.6 %) than two or four (13.0 to 13.2 %),
 * which did not differ; seeds alone differ by as much.
 */
export const roundsPerEpoch = 4;

/** Vertices that push in one unit of work of one round: few enough that their places stay in a processor's first cache. */
export const poolSize = 256;

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

/**
 * In which order the vertices lie in memory: near each other in space is near each other in memory, and those of one round lie together.
 */
export function layoutOrder(start: Matrix<Float32Array>): Int32Array {
  const along = alongCurve(start);
  const order = new Int32Array(start.rows);
  for (let round = 0, place = 0; round < roundsPerEpoch; round++) {
    for (let i = round; i < start.rows; i += roundsPerEpoch) order[place++] = along[i] as number;
  }
  return order;
}

/** The first vertex of a round, in that order. */
function firstOfRound(rows: number, round: number, nRounds: number): number {
  return round * Math.floor(rows / nRounds) + Math.min(round, rows % nRounds);
}

/** Yields the map before the first and after each epoch; returns the last, which is the caller's own. */
export async function* moveVertices(task: LayoutTask): AsyncGenerator<UmapStep, Matrix<Float32Array>, void> {
  const { compute, start, settings, signal } = task;
  const { nEpochs, learningRate } = settings;
  const { rows } = start;
  const work = openWorkspace(compute, "LayoutTask");
  try {
    const nRounds = task.fixed ? 1 : roundsPerEpoch;
    const order = task.fixed ? undefined : layoutOrder(start);
    const stride = prepare(work, task, order);
    const kernel = stride === 2 ? "layoutPlane" : "layoutSpace";
    const embedding: Matrix<Float32Array> = { ...start, data: start.data.slice() };
    yield { epoch: 0, nEpochs, embedding };
    for (let epoch = 0; epoch < nEpochs; epoch++) {
      work.set({ epoch, learningRate: learningRate * (1 - epoch / nEpochs) });
      for (let round = 0; round < nRounds; round++) {
        const first = firstOfRound(rows, round, nRounds);
        const end = firstOfRound(rows, round + 1, nRounds);
        const blocks = Math.ceil((end - first) / blockRows);
        work.set({ first, end });
        await work.run(
          [
            [kernel, blocks],
            ["settleLayout", blocks],
          ],
          signal,
        );
      }
      readPlaces(work, stride, embedding, order);
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
  order: Int32Array | undefined,
): number {
  const { memory, threads } = compute;
  const { rows, cols: nDimensions } = start;
  const vectors = Math.ceil(nDimensions / 4);
  // A place of up to 16 floats never lies in two cache lines.
  const stride =
    nDimensions <= 2 ? 2 : nDimensions <= 16 ? 2 ** Math.ceil(Math.log2(4 * vectors)) : 4 * vectors;
  const edges = frequentEdges(graph, settings.nEpochs, order);
  const nEdges = edges.columns.length;
  const nPulls = fixed ? 1 : 2;
  // Four more, because the last group is filled up.
  const degree = largestDegree(edges.starts);
  const capacity = roundUp(degree * (nPulls + settings.negativeSamples) + 4, 4);
  const placeBytes = roundUp(stride * 4, 16);
  const moverBytes = roundUp(16 + placeBytes + capacity * 8 + degree * 4 + 4, 64);
  const workerBytes = 4 * moverBytes + roundUp(poolSize * (stride + 1) * 4, 64);
  const positions = work.allocate(rows * stride * 4);
  work.set({
    nOthers: graph.cols,
    stride,
    vectors,
    blockRows,
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
    scratch: work.allocate(threads * workerBytes),
    workerBytes,
    moverBytes,
    placeBytes,
    capacity,
    poolSize,
  });
  placeRows(memory.float32(positions, rows * stride), stride, start, order);
  if (fixed) placeRows(memory.float32(work.get("others"), fixed.rows * stride), stride, fixed);
  memory.int32(work.get("starts"), rows + 1).set(edges.starts);
  memory.int32(work.get("columns"), nEdges).set(edges.columns);
  memory.uint32(work.get("rates"), nEdges).set(edges.rates);
  return stride;
}

/**
 * Edges with how often each is due: in each epoch for the strongest, in proportion for the others. Rows (and columns, where they are the
 * same vertices) stand in the given order.
 */
function frequentEdges(
  { rows, starts, columns, values }: SparseMatrix,
  nEpochs: number,
  order: Int32Array | undefined,
): { starts: Int32Array; columns: Int32Array; rates: Uint32Array } {
  const strongest = values.reduce((most, value) => Math.max(most, value), 0);
  const kept = { starts: new Int32Array(rows + 1), columns: new Int32Array(columns.length) };
  const rates = new Uint32Array(columns.length);
  const places = order && inverse(order);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const i = order ? (order[row] as number) : row;
    for (let at = starts[i] as number; at < (starts[i + 1] as number); at++) {
      // As in umap-learn, edges that would be due less than once in all epochs are left out.
      const rate = (values[at] as number) / strongest;
      if (!(rate * nEpochs >= 1)) continue;
      const column = columns[at] as number;
      kept.columns[count] = places ? (places[column] as number) : column;
      rates[count] = Math.min(2 ** 32 - 1, Math.round(rate * 2 ** 32));
      count++;
    }
    kept.starts[row + 1] = count;
  }
  return { starts: kept.starts, columns: kept.columns.subarray(0, count), rates: rates.subarray(0, count) };
}

function inverse(order: Int32Array): Int32Array {
  const places = new Int32Array(order.length);
  for (let place = 0; place < order.length; place++) places[order[place] as number] = place;
  return places;
}

function largestDegree(starts: Int32Array): number {
  let most = 0;
  for (let i = 1; i < starts.length; i++) {
    most = Math.max(most, (starts[i] as number) - (starts[i - 1] as number));
  }
  return most;
}

/** Row `order[i]` of the map is place i of the kernels. */
function placeRows(
  target: Float32Array,
  stride: number,
  { rows, cols, data }: Matrix<Float32Array>,
  order?: Int32Array,
): void {
  for (let i = 0; i < rows; i++) {
    const from = (order ? (order[i] as number) : i) * cols;
    for (let j = 0; j < cols; j++) target[i * stride + j] = data[from + j] as number;
  }
}

function readPlaces(
  work: Workspace<"LayoutTask">,
  stride: number,
  { rows, cols, data }: Matrix<Float32Array>,
  order: Int32Array | undefined,
): void {
  const places = work.compute.memory.float32(work.get("positions"), rows * stride);
  for (let i = 0; i < rows; i++) {
    const to = (order ? (order[i] as number) : i) * cols;
    for (let j = 0; j < cols; j++) data[to + j] = places[i * stride + j] as number;
  }
}
