/** A map of images for the eye: UMAP of what the clusterer saw, of a sample of the images, whatever clustered them. */

import { drain } from "../estimator.ts";
import { layoutSteps } from "../manifold/umap/index.ts";
import { takeRows } from "../matrix/index.ts";
import { chainColumns, neighborGraph, neighborsInViews, type StageContext } from "../pipeline/index.ts";
import { distinctIntegers } from "../random/index.ts";
import type { CodeRun } from "./code-exhibits.ts";
import type { MapExhibit } from "./exhibits.ts";

/** Images on the map: a map of more takes longer than most methods do. */
export const MAP_POINTS = 4000;

/** Neighbours of each image, itself counted, and epochs: umap-learn's default, and what it gives large sets. */
const NEIGHBORS = 15;
const EPOCHS = 200;

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
    { columns, neighbors: NEIGHBORS, seed },
    context,
  );
  const { graph } = neighborGraph(tables);
  const { embedding } = await drain(layoutSteps(graph, { nDimensions: 2, nEpochs: EPOCHS, seed }, context));
  const pick = (of: Int32Array): Int32Array => chosen.map((i) => of[i] as number);
  return {
    points: embedding,
    clusters: pick(assignment.labels),
    ...(scored.images.labels && { classes: pick(scored.images.labels) }),
  };
}
