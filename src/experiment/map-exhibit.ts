/** A map of images for the eye: UMAP of what the clusterer saw, of a sample of the images, whatever clustered them. */

import { drain } from "../estimator.ts";
import { layoutSteps } from "../manifold/umap/index.ts";
import { type Matrix, type Samples, takeRows } from "../matrix/index.ts";
import {
  chainColumns,
  drawRows,
  memberships,
  neighborGraph,
  neighborsInViews,
  type StageContext,
  trainingCodes,
  weightedRows,
} from "../pipeline/index.ts";
import { distinctIntegers } from "../random/index.ts";
import type { CodeRun } from "./code-exhibits.ts";
import type { MapExhibit } from "./exhibits.ts";

/** Images on the map: a map of more takes longer than most methods do. */
const MAP_POINTS = 4000;

/** Neighbours of each image, itself counted, and epochs: umap-learn's default, and what it gives large sets. */
export const MAP_NEIGHBORS = 15;
export const MAP_EPOCHS = 200;

/** A map says nothing of fewer images. */
const LEAST_POINTS = 5;

/** The map of a run; undefined for a handful of images. */
export async function mapExhibit(run: CodeRun, context: StageContext): Promise<MapExhibit | undefined> {
  const { samples, random, seed, scored, assignment } = run;
  if (samples.rows < LEAST_POINTS) return undefined;
  const count = Math.min(MAP_POINTS, samples.rows);
  const chosen = distinctIntegers(random.stream("map-points"), count, samples.rows).sort();
  const columns = chainColumns(run.chain);
  const tables = await neighborsInViews(
    takeRows(samples, chosen),
    { columns, neighbors: MAP_NEIGHBORS, seed },
    context,
  );
  const { graph } = neighborGraph(tables);
  const { embedding } = await drain(
    layoutSteps(graph, { nDimensions: 2, nEpochs: MAP_EPOCHS, seed }, context),
  );
  const pick = (of: Int32Array): Int32Array => chosen.map((i) => of[i] as number);
  return {
    points: embedding,
    clusters: pick(assignment.labels),
    ...(scored.images.labels && { classes: pick(scored.images.labels) }),
  };
}

/** Where a map of all images stands. */
export interface MapProgress {
  readonly part: "neighbors" | "layout" | "rest";
  /** 0..1, of the part. */
  readonly done: number;
}

/** Images that join a finished map at a time. */
const JOINING_ROWS = 16_384;

/**
 * A map of all images: as {@link mapExhibit}, of as many as a graph may be made of; the others then join by the rule for new
 * images.
 *
 * @param samples what a clusterer saw
 * @param options.columns columns of each view; absent where all are one
 * @returns nSamples x nDimensions; the same bytes on any number of threads
 * @throws {CancelledError} when the signal fires
 */
export async function* mapOfAll(
  samples: Samples,
  options: {
    readonly columns?: readonly number[] | undefined;
    readonly seed: number;
    readonly nDimensions: 2 | 3;
  },
  context: StageContext,
): AsyncGenerator<MapProgress, Matrix<Float32Array>, void> {
  const { columns, seed, nDimensions } = options;
  const drawn = drawRows(samples, { seed }, "map-sample");
  const mapped = drawn?.samples ?? samples;
  yield { part: "neighbors", done: 0 };
  const tables = await neighborsInViews(mapped, { columns, neighbors: MAP_NEIGHBORS, seed }, context);
  const near = neighborGraph(tables);
  yield { part: "layout", done: 0 };
  const steps = layoutSteps(near.graph, { nDimensions, nEpochs: MAP_EPOCHS, seed }, context);
  let next = await steps.next();
  while (!next.done) {
    yield { part: "layout", done: next.value.epoch / next.value.nEpochs };
    next = await steps.next();
  }
  const { embedding } = next.value;
  if (!drawn) return embedding;
  const all = { rows: samples.rows, cols: nDimensions, data: new Float32Array(samples.rows * nDimensions) };
  const put = (places: Matrix<Float32Array>, rows: Int32Array): void =>
    rows.forEach((row, i) => {
      all.data.set(places.data.subarray(i * nDimensions, (i + 1) * nDimensions), row * nDimensions);
    });
  put(embedding, drawn.indices);
  const codes = trainingCodes(mapped, near, columns);
  for (let from = 0; from < drawn.rest.length; from += JOINING_ROWS) {
    yield { part: "rest", done: from / drawn.rest.length };
    const rows = drawn.rest.subarray(from, from + JOINING_ROWS);
    put(weightedRows(await memberships(codes, takeRows(samples, rows), context), embedding), rows);
  }
  return all;
}
