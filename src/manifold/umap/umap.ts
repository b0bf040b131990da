/**
 * UMAP (McInnes, Healy and Melville 2018): a map in which samples that are neighbours lie together. The neighbours of each sample make a
 * graph whose edges have memberships; the map starts from its eigenvectors, and its vertices are then pulled along
 * the edges and pushed from others, so that memberships by distance in the map come near those of the graph.
 */
import { InputError } from "../../errors.ts";
import { drain, type RunContext, throwIfCancelled } from "../../estimator.ts";
import { computeOf, type KernelCompute } from "../../kernels/index.ts";
import {
  checkShape,
  isByteMatrix,
  nonFiniteError,
  type Samples,
  type SparseMatrix,
} from "../../matrix/index.ts";
import { createRandom } from "../../random/index.ts";
import { fuzzyGraph, membershipScales, type Neighbors, nearestNeighbors } from "../neighbors/index.ts";
import { fitCurve } from "./curve.ts";
import { moveVertices } from "./layout.ts";
import { checkLayoutOptions, checkUmapOptions } from "./options.ts";
import { findStart } from "./start.ts";
import type {
  GraphLayout,
  GraphLayoutOptions,
  LayoutSettings,
  UmapFit,
  UmapOptions,
  UmapSettings,
  UmapStep,
} from "./types.ts";

/**
 * Fits a map.
 *
 * @param samples nSamples x nFeatures, finite
 * @returns the model, with the graph that it was made from; the same bytes on any number of threads
 * @throws {OptionError} for an option out of range
 * @throws {InputError} for samples of no use
 * @throws {CancelledError} if `context.signal` fires
 *
 * Time: that of the neighbours, and O(nSamples x nNeighbors x negativeSamples x nEpochs x nDimensions).
 */
export function fit(
  samples: Samples,
  options: UmapOptions = {},
  context: RunContext<UmapStep> = {},
): Promise<UmapFit> {
  return drain(steps(samples, options, context), context.onProgress);
}

/** As {@link fit}, one epoch at a time; what the generator returns is the fit. */
export async function* steps(
  samples: Samples,
  options: UmapOptions = {},
  context: RunContext<UmapStep> = {},
): AsyncGenerator<UmapStep, UmapFit, void> {
  checkShape("umap.fit", samples);
  const settings = checkUmapOptions(options, samples);
  throwIfCancelled("umap.fit", context.signal);
  const neighbors = options.neighbors ?? (await findNeighbors(samples, settings, context));
  const scales = membershipScales(neighbors);
  const graph = fuzzyGraph(neighbors, scales);
  const compute = computeOf(context.compute);
  const { curve, start, embedding } = yield* layOut(compute, graph, settings, samples, context.signal);
  return { kind: "umap", settings, curve, start, samples, scales, embedding, graph };
}

async function findNeighbors(
  samples: Samples,
  { nNeighbors, metric, seed }: UmapSettings,
  { compute, signal }: RunContext<UmapStep>,
): Promise<Neighbors> {
  if (samples.rows > 1) {
    return nearestNeighbors(samples, { k: nNeighbors - 1, metric, seed }, { compute, signal });
  }
  const complaint = isByteMatrix(samples) ? undefined : nonFiniteError("umap.fit", samples);
  if (complaint) throw complaint;
  return { rows: 1, k: 0, indices: new Int32Array(0), distances: new Float32Array(0) };
}

/**
 * Lays out a graph that is there already, as the mean of several.
 *
 * @param graph symmetric, without diagonal, no negative weights
 * @throws {OptionError} for an option out of range
 * @throws {InputError} for a graph that is not square, or has weights that are no finite numbers of at least 0
 * @throws {CancelledError} if `context.signal` fires
 */
export function layoutOf(
  graph: SparseMatrix,
  options: GraphLayoutOptions = {},
  context: RunContext<UmapStep> = {},
): Promise<GraphLayout> {
  return drain(layoutSteps(graph, options, context), context.onProgress);
}

/** As {@link layoutOf}, one epoch at a time; what the generator returns is the layout. */
export async function* layoutSteps(
  graph: SparseMatrix,
  options: GraphLayoutOptions = {},
  context: RunContext<UmapStep> = {},
): AsyncGenerator<UmapStep, GraphLayout, void> {
  checkGraph(graph);
  const settings = checkLayoutOptions(options, graph.rows);
  throwIfCancelled("umap.layoutOf", context.signal);
  return yield* layOut(computeOf(context.compute), graph, settings, options.samples, context.signal);
}

function checkGraph({ rows, cols, values }: SparseMatrix): void {
  if (rows < 1 || rows !== cols) {
    throw new InputError(`umap.layoutOf: graph must be square and not empty; got ${rows} x ${cols}.`);
  }
  const stray = values.find((value) => !(value >= 0 && value < Number.POSITIVE_INFINITY));
  if (stray !== undefined) {
    throw new InputError(
      `umap.layoutOf: weights of graph must be finite numbers of at least 0; got ${stray}.`,
    );
  }
}

async function* layOut<Settings extends LayoutSettings>(
  compute: KernelCompute,
  graph: SparseMatrix,
  settings: Settings,
  samples: Samples | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<UmapStep, GraphLayout, void> {
  const random = createRandom(settings.seed).stream("umap");
  const curve = fitCurve(settings.minDist, settings.spread);
  const { places, ...start } = await findStart({ compute, graph, settings, samples, random, signal });
  const key = random.stream("layout").uint32();
  const embedding = yield* moveVertices({ compute, graph, start: places, settings, curve, key, signal });
  return { settings, curve, start, embedding };
}
