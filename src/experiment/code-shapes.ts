/** How far clusters reach in the drawn dimensions of a code: ellipses of a mixture, circles of K-Means (seed 003). */
import * as kMeans from "../cluster/k-means/index.ts";
import type { Matrix, Samples } from "../matrix/index.ts";
import {
  type Assignment,
  type ClustererStage,
  type ClusterModel,
  distancesToOwn,
  type StageContext,
} from "../pipeline/index.ts";
import type { CodeShapes } from "./exhibits.ts";

/** Share of a cluster that lies within its outline. */
const SHARE = 0.95;

/** Squared radius within which a standard normal distribution of 2 and of 3 dimensions has that share. */
const CHI_SQUARED = { 2: 5.991464547107979, 3: 7.814727903251179 } as const;

/** Pairs of dimensions in the order in which the entries of a matrix are kept. */
const entries = {
  2: [
    [0, 0],
    [0, 1],
    [1, 1],
  ],
  3: [
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 1],
    [1, 2],
    [2, 2],
  ],
} as const;

type Dimensions = keyof typeof entries;

/** What outlines are drawn for. */
export interface ShapedClusters {
  readonly clusterer: ClustererStage;
  readonly model: ClusterModel;
  readonly samples: Matrix<Float32Array>;
  readonly assignment: Assignment;
  readonly seed: number;
}

/** Outlines of the clusters; of a mixture, also those that K-Means would make of the same code. */
export async function codeShapes(
  { clusterer, model, samples, assignment, seed }: ShapedClusters,
  context: StageContext,
): Promise<readonly CodeShapes[]> {
  const centers = clusterer.centers(model);
  const { covariance, graphs } = clusterer;
  // Groups of a graph may have any shape.
  if (graphs) return [];
  if (covariance === undefined) return [circles(samples, assignment.labels, centers)];
  const ellipses = shapes("ellipses", centers, samples.cols, (cluster, dimensions) =>
    entries[dimensions].map(([i, j]) => CHI_SQUARED[dimensions] * covariance(model, cluster, i, j)),
  );
  const round = await kMeans.fit(samples, { nClusters: centers.rows, seed }, context);
  return [ellipses, circles(samples, round.labels, round.centers)];
}

function circles(samples: Samples, labels: Int32Array, centers: Matrix): CodeShapes {
  const radii = new Map(
    ([2, 3] as const)
      .filter((dimensions) => dimensions <= samples.cols)
      .map((dimensions) => [dimensions, radiiOf(samples, labels, centers, dimensions)]),
  );
  return shapes("circles", centers, samples.cols, (cluster, dimensions) => {
    const radius = radii.get(dimensions)?.[cluster] ?? 0;
    return entries[dimensions].map(([i, j]) => (i === j ? radius * radius : 0));
  });
}

/** Radius within which the share of each cluster's samples lies, in the first dimensions; 0 for an empty cluster. */
function radiiOf(
  samples: Samples,
  labels: Int32Array,
  centers: Matrix,
  dimensions: Dimensions,
): readonly number[] {
  const distances = distancesToOwn(
    firstColumns(samples, dimensions),
    firstColumns(centers, dimensions),
    labels,
  );
  const members = Array.from({ length: centers.rows }, (): number[] => []);
  labels.forEach((label, i) => {
    members[label]?.push(distances[i] as number);
  });
  return members.map((own) => own.sort((a, b) => a - b)[Math.ceil(SHARE * own.length) - 1] ?? 0);
}

function firstColumns({ rows, cols, data }: Matrix | Samples, kept: number): Matrix<Float32Array> {
  const out = new Float32Array(rows * kept);
  for (let i = 0; i < out.length; i++) {
    out[i] = data[Math.floor(i / kept) * cols + (i % kept)] as number;
  }
  return { rows, cols: kept, data: out };
}

function shapes(
  kind: CodeShapes["kind"],
  centers: Matrix,
  codeSize: number,
  entriesOf: (cluster: number, dimensions: Dimensions) => readonly number[],
): CodeShapes {
  const { rows } = centers;
  const all = (dimensions: Dimensions): Matrix<Float32Array> => ({
    rows,
    cols: entries[dimensions].length,
    data: Float32Array.from(Array.from({ length: rows }, (_, c) => entriesOf(c, dimensions)).flat()),
  });
  return {
    kind,
    centers: firstColumns(centers, Math.min(3, codeSize)),
    flat: all(2),
    ...(codeSize >= 3 && { solid: all(3) }),
  };
}
