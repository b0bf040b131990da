/**
 * What is known of each image of a run beyond its cluster: a place for the eye, how clearly it belongs to its cluster, and
 * which cluster is the next best. A few numbers for each, so that a run can be shown without its images and its network.
 */
import * as pca from "../features/pca/index.ts";
import { queryNeighbors } from "../manifold/neighbors/index.ts";
import { floatsOf, type Matrix, type Samples, sliceRows, takeRows } from "../matrix/index.ts";
import type { StageContext } from "../pipeline/index.ts";

/** Dimensions that can be drawn. */
const DRAWN_DIMENSIONS = 3;

/** Rows that are compared with centers at a time. */
const ROWS_AT_ONCE = 8192;

/** Components of more rows than this are those of as many, evenly spaced: more would not turn them visibly. */
const FITTED_ROWS = 200_000;

/** A plane (or a space, or a line) through what a clusterer saw. */
export interface CodePlane {
  /** nFeatures. */
  readonly mean: Float64Array;
  /** nDimensions x nFeatures, orthonormal rows; the first vary most. */
  readonly axes: Matrix<Float64Array>;
}

/** Some numbers of each image. */
export interface RunPoints {
  /** nImages x nDimensions, 1 to 3: the projection onto `plane`. */
  readonly places: Matrix<Float32Array>;
  readonly plane: CodePlane;
  /** How clearly each image belongs to its cluster, 0 = undecided. */
  readonly margins: Float32Array;
  /** Cluster of each image whose center is the nearest after that of its own; -1 where there is a single cluster. */
  readonly seconds: Int32Array;
  /** Mean squared error per pixel of each image, where a network brings it back. */
  readonly errors?: Float32Array;
}

/** What the points are made of. */
export interface PointsInput {
  /** What the clusterer saw. */
  readonly samples: Samples;
  readonly labels: Int32Array;
  readonly margins: Float64Array;
  /** nClusters x nFeatures. */
  readonly centers: Matrix;
  readonly errors?: Float64Array | undefined;
}

/**
 * The points of a run.
 *
 * Codes of up to three numbers are taken as they are, longer ones along their principal components.
 */
export async function runPoints(input: PointsInput, context: StageContext): Promise<RunPoints> {
  const { samples, labels, margins, centers, errors } = input;
  return {
    ...(await codePlaces(samples, context)),
    margins: Float32Array.from(margins),
    seconds: await secondClusters(samples, labels, centers, context),
    ...(errors && { errors: Float32Array.from(errors) }),
  };
}

/** Where samples lie in the plane in which they vary most. */
export async function codePlaces(
  samples: Samples,
  context: StageContext,
): Promise<Pick<RunPoints, "places" | "plane">> {
  const { rows, cols } = samples;
  if (cols <= DRAWN_DIMENSIONS) {
    const axes = { rows: cols, cols, data: new Float64Array(cols * cols) };
    for (let i = 0; i < cols; i++) axes.data[i * cols + i] = 1;
    const places = { rows, cols, data: floatsOf(samples).data.slice() };
    return { places, plane: { mean: new Float64Array(cols), axes } };
  }
  const options = { nComponents: DRAWN_DIMENSIONS, seed: 0 };
  const { scores, ...model } = await pca.fit(spaced(samples, FITTED_ROWS), options, context);
  const places = rows === scores.rows ? scores : await pca.transform(model, samples, context);
  return { places, plane: { mean: model.mean, axes: model.components } };
}

/**
 * The point of the code that lies at a place of the plane.
 *
 * @param place as many numbers as the plane has dimensions, or fewer: the others are those of the mean
 * @returns one row of nFeatures
 */
export function codeAt({ mean, axes }: CodePlane, place: readonly number[]): Matrix<Float64Array> {
  const data = mean.slice();
  for (let a = 0; a < Math.min(axes.rows, place.length); a++) {
    for (let j = 0; j < axes.cols; j++) {
      data[j] = (data[j] as number) + (place[a] as number) * (axes.data[a * axes.cols + j] as number);
    }
  }
  return { rows: 1, cols: axes.cols, data };
}

/**
 * The place of a code in the plane: that of the point of the plane which is the nearest to it.
 *
 * @param code nFeatures numbers
 * @returns as many numbers as the plane has dimensions
 */
export function placeOf({ mean, axes }: CodePlane, code: ArrayLike<number>): number[] {
  return Array.from({ length: axes.rows }, (_, a) => {
    let along = 0;
    for (let j = 0; j < axes.cols; j++) {
      along += ((code[j] as number) - (mean[j] as number)) * (axes.data[a * axes.cols + j] as number);
    }
    return along;
  });
}

/** The cluster of each sample whose center is the nearest, its own left out. */
async function secondClusters(
  samples: Samples,
  labels: Int32Array,
  centers: Matrix,
  context: StageContext,
): Promise<Int32Array> {
  const seconds = new Int32Array(samples.rows).fill(-1);
  if (centers.rows < 2) return seconds;
  const { rows, cols } = centers;
  const targets = { rows, cols, data: Float32Array.from(centers.data) };
  for (let from = 0; from < samples.rows; from += ROWS_AT_ONCE) {
    const to = Math.min(from + ROWS_AT_ONCE, samples.rows);
    const asked = floatsOf(sliceRows(samples, from, to));
    const { indices } = await queryNeighbors(targets, asked, { k: 2 }, context);
    for (let i = from; i < to; i++) {
      const first = indices[2 * (i - from)] as number;
      seconds[i] = first === labels[i] ? (indices[2 * (i - from) + 1] as number) : first;
    }
  }
  return seconds;
}

/** At most so many rows, evenly spaced. */
function spaced(samples: Samples, most: number): Samples {
  if (samples.rows <= most) return samples;
  return takeRows(
    samples,
    Int32Array.from({ length: most }, (_, i) => Math.floor((i * samples.rows) / most)),
  );
}
