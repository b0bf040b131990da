/**
 * The one rule by which new images join what was found among others: where a graph of neighbours said which cluster an
 * image has, or a map where it lies, a new image takes what its nearest training images have, each as much as it belongs to
 * its neighbourhood: `exp(-max(0, d - rho) / sigma)`, with the scales rho and sigma that UMAP gives the training image
 * (McInnes, Healy and Melville 2018, section 3.1). The weights of each view add up to one; views count alike.
 */
import {
  fuzzyGraph,
  type MembershipScales,
  meanGraph,
  membershipScales,
  membershipShares,
  type Neighbors,
  nearestNeighbors,
  queryNeighbors,
} from "../manifold/neighbors/index.ts";
import { floatsOf, isByteMatrix, type Matrix, type Samples, type SparseMatrix } from "../matrix/index.ts";
import {
  add,
  atLeast,
  constant,
  divide,
  gather,
  leastOf,
  multiply,
  negate,
  reshape,
  scale,
  slice,
  softmax,
  sqrt,
  subtract,
  sum,
  type Tensor,
  toFloat,
} from "../neural/index.ts";
import { squaredDistances } from "./center-distances.ts";
import type { TrainingCodes } from "./models.ts";
import type { NeighborOptions, StageContext } from "./stages.ts";

/** The training images that new images look at, and how much. */
export interface Memberships {
  readonly rows: number;
  /** Training images of each new one. */
  readonly cols: number;
  readonly indices: Int32Array; // rows x cols
  /** Those of a row add up to 1. */
  readonly weights: Float32Array; // rows x cols
  /** How far each new image is from its nearest training image: as {@link leftOutStrangeness}. */
  readonly strangeness: Float64Array;
}

/** Samples of several views, each by itself; a view that is alone as it is. */
function viewsOf(samples: Samples, columns: readonly number[] = [samples.cols]): readonly Samples[] {
  if (columns.length === 1) return [samples];
  const unit = isByteMatrix(samples) ? samples.unit : 1;
  let first = 0;
  return columns.map((cols) => {
    const from = first;
    first += cols;
    const data = new Float32Array(samples.rows * cols);
    for (let i = 0; i < samples.rows; i++) {
      for (let j = 0; j < cols; j++) {
        data[i * cols + j] = (samples.data[i * samples.cols + from + j] as number) * unit;
      }
    }
    return { rows: samples.rows, cols, data };
  });
}

/**
 * Nearest neighbours of the samples in each view.
 *
 * @param options.neighbors counted with the sample itself; no more than there are samples
 */
export async function neighborsInViews(
  samples: Samples,
  { columns, neighbors, seed }: NeighborOptions & { readonly neighbors: number; readonly seed: number },
  context: StageContext,
): Promise<readonly Neighbors[]> {
  const tables: Neighbors[] = [];
  const k = Math.min(neighbors, samples.rows) - 1;
  const before = context.neighborMemo?.get(samples);
  if (before?.[0]?.k === k) return before;
  for (const view of viewsOf(samples, columns)) {
    tables.push(k > 0 ? await nearestNeighbors(view, { k, seed }, context) : alone);
  }
  context.neighborMemo?.set(samples, tables);
  return tables;
}

/** The neighbours of a single sample. */
const alone: Neighbors = { rows: 1, k: 0, indices: new Int32Array(0), distances: new Float32Array(0) };

/** The graph of all views' neighbours, and the scales that its weights follow from. */
export interface NeighborGraph {
  readonly graph: SparseMatrix;
  readonly scales: readonly MembershipScales[];
  /** Neighbours of each image in each view, at least 1. */
  readonly nNeighbors: number;
}

/** The mean of the graphs of the views. */
export function neighborGraph(tables: readonly Neighbors[]): NeighborGraph {
  const scales = tables.map((table) => membershipScales(table));
  const graph = meanGraph(tables.map((table, v) => fuzzyGraph(table, scales[v])));
  return { graph, scales, nNeighbors: Math.max(1, tables[0]?.k ?? 1) };
}

/** What new images will be compared with. */
export function trainingCodes(
  samples: Samples,
  { scales, nNeighbors }: NeighborGraph,
  columns: readonly number[] | undefined,
): TrainingCodes {
  return {
    samples,
    columns: columns ?? [samples.cols],
    nNeighbors,
    scales,
  };
}

/** The training images that other samples look at. */
export async function memberships(
  { samples, columns, nNeighbors, scales }: TrainingCodes,
  queries: Samples,
  context: StageContext,
): Promise<Memberships> {
  const trained = viewsOf(samples, columns);
  const asked = viewsOf(queries, columns);
  const cols = nNeighbors * columns.length;
  const indices = new Int32Array(queries.rows * cols);
  const weights = new Float32Array(queries.rows * cols);
  const strangeness = new Float64Array(queries.rows);
  for (const [v, view] of trained.entries()) {
    const found = await queryNeighbors(view, asked[v] as Samples, { k: nNeighbors }, context);
    const own = membershipShares(found, scales[v] as MembershipScales);
    for (let at = 0; at < own.length; at++) own[at] = (own[at] as number) / columns.length;
    const usual = usualDistance(scales[v] as MembershipScales) * columns.length;
    for (let i = 0; i < queries.rows; i++) {
      const from = i * nNeighbors;
      strangeness[i] = (strangeness[i] as number) + (found.distances[from] as number) / usual;
      indices.set(found.indices.subarray(from, from + nNeighbors), i * cols + v * nNeighbors);
      weights.set(own.subarray(from, from + nNeighbors), i * cols + v * nNeighbors);
    }
  }
  return { rows: queries.rows, cols, indices, weights, strangeness };
}

/**
 * How far each training image is from its nearest other one that differs from it, which is the scale rho, as a share of
 * the mean of these distances; the mean over the views.
 */
export function leftOutStrangeness({ samples, scales }: TrainingCodes): Float64Array {
  const strangeness = new Float64Array(samples.rows);
  for (const scale of scales) {
    const usual = usualDistance(scale) * scales.length;
    for (let i = 0; i < samples.rows; i++) {
      strangeness[i] = (strangeness[i] as number) + (scale.rho[i] as number) / usual;
    }
  }
  return strangeness;
}

/** Mean distance of training images to their nearest other one; 1 where all are the same. */
function usualDistance({ rho }: MembershipScales): number {
  return rho.reduce((sum, distance) => sum + distance, 0) / rho.length || 1;
}

/** Stands for the scale 0 of a neighbourhood whose images are all the same, which takes any image as its own. */
const NO_SCALE = 1e30;

/**
 * What new images take of values that training images have: weighted means of rows.
 *
 * @param values nSamples x nValues
 */
export function weightedRows(
  { rows, cols, indices, weights }: Memberships,
  values: Matrix,
): Matrix<Float32Array> {
  const width = values.cols;
  const data = new Float32Array(rows * width);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const from = (indices[i * cols + j] as number) * width;
      const weight = weights[i * cols + j] as number;
      for (let c = 0; c < width; c++) {
        data[i * width + c] = (data[i * width + c] as number) + weight * (values.data[from + c] as number);
      }
    }
  }
  return { rows, cols: width, data };
}

/**
 * The same as part of an ONNX graph.
 *
 * @param features float32 or float64, batch x features
 * @param values nSamples x nValues
 * @returns float64, batch x nValues
 */
export function weightedRowsTensor(
  { samples, columns, nNeighbors, scales }: TrainingCodes,
  features: Tensor,
  values: Matrix<Float32Array>,
): Tensor {
  const table = constant("float32", [values.rows, values.cols], values.data);
  let first = 0;
  const parts = viewsOf(samples, columns).map((view, v) => {
    const asked = slice(features, 1, first, first + view.cols);
    first += view.cols;
    const { rho, sigma } = scales[v] as MembershipScales;
    const squares = atLeast(squaredDistances(asked, floatsOf(view)), 0);
    const near = leastOf(squares, nNeighbors, 1);
    const scaleOf = (of: Float32Array): Tensor =>
      toFloat(gather(constant("float32", [of.length], of), near.indices, 0), "float64");
    const beyond = atLeast(subtract(sqrt(near.values), scaleOf(rho)), 0);
    const reach = sigma.map((value) => (value === 0 ? NO_SCALE : value));
    const own = softmax(negate(divide(beyond, scaleOf(reach))));
    const taken = toFloat(gather(table, near.indices, 0), "float64"); // batch x nNeighbors x nValues
    const weights = reshape(own, [features.shape[0] ?? 1, nNeighbors, 1]);
    return scale(sum(multiply(taken, weights), [1]), 1 / columns.length);
  });
  return parts.reduce((total, part) => add(total, part));
}
