/**
 * A map that unfolds while a network is trained: after each epoch the same images, in the two directions in which their
 * codes differ most. Those directions have no sign, and where two of them weigh nearly alike they turn from epoch to epoch;
 * so each plane is turned and mirrored to lie as nearly as can be on the one before it (orthogonal Procrustes analysis,
 * Schönemann 1966), by which no distance changes.
 */
import * as kMeans from "../cluster/k-means/index.ts";
import type { Matrix } from "../matrix/index.ts";
import { contingencyTable, linearAssignment } from "../partitions/index.ts";
import type { StageContext } from "../pipeline/index.ts";
import { codePlaces } from "./points.ts";

/** Where codes lie on the plane, around their mean. */
export interface UnfoldingStep {
  /** nImages x 2. */
  readonly places: Matrix<Float32Array>;
  /** Cluster of each image by K-Means of these codes alone, numbered as in the step before; absent where none were asked for. */
  readonly groups?: Int32Array;
}

/** How codes are grouped on the way. */
export interface UnfoldingOptions {
  /** Number of groups; absent: none are made. */
  readonly nGroups?: number | undefined;
  readonly seed: number;
}

/**
 * The next step of a map that unfolds. Codes of one or two numbers are their own places.
 *
 * @param codes nImages x codeSize
 * @param before the step before, of the same images
 */
export async function unfoldingStep(
  codes: Matrix<Float32Array>,
  { nGroups, seed }: UnfoldingOptions,
  before: UnfoldingStep | undefined,
  context: StageContext,
): Promise<UnfoldingStep> {
  const { places } = await codePlaces(codes, context);
  const flat = centered(places);
  const turned = codes.cols > 2 && before ? alignPlaces(flat, before.places) : flat;
  if (nGroups === undefined || nGroups > codes.rows) return { places: turned };
  const { compute, signal } = context;
  const { labels } = await kMeans.fit(codes, { nClusters: nGroups, seed }, { compute, signal });
  return { places: turned, groups: before?.groups ? renumbered(labels, before.groups, nGroups) : labels };
}

/** The first two columns around their mean; a second of zeros where there is none. */
function centered({ rows, cols, data }: Matrix): Matrix<Float32Array> {
  const out = new Float32Array(rows * 2);
  for (let c = 0; c < Math.min(2, cols); c++) {
    let mean = 0;
    for (let r = 0; r < rows; r++) mean += (data[r * cols + c] as number) / rows;
    for (let r = 0; r < rows; r++) out[r * 2 + c] = (data[r * cols + c] as number) - mean;
  }
  return { rows, cols: 2, data: out };
}

/**
 * Places turned, and mirrored where that is nearer, so that the sum of squared distances to other places of the same images
 * is the smallest. In the plane both ways can be written down: with the sums of products M = sum of a b^T, the best rotation
 * turns by the angle of (M_xx + M_yy, M_xy - M_yx), the best reflection by that of (M_xx - M_yy, M_xy + M_yx), and the
 * longer of these two vectors is the better way.
 *
 * @param places nImages x 2, around their mean
 * @param target nImages x 2, around their mean
 */
export function alignPlaces(
  places: Matrix<Float32Array>,
  target: Matrix<Float32Array>,
): Matrix<Float32Array> {
  const { rows, data } = places;
  let [xx, xy, yx, yy] = [0, 0, 0, 0];
  for (let i = 0; i < rows; i++) {
    const [ax, ay] = [data[2 * i] as number, data[2 * i + 1] as number];
    const [bx, by] = [target.data[2 * i] as number, target.data[2 * i + 1] as number];
    xx += ax * bx;
    xy += ax * by;
    yx += ay * bx;
    yy += ay * by;
  }
  const turn = Math.hypot(xx + yy, xy - yx);
  const mirror = Math.hypot(xx - yy, xy + yx);
  const mirrored = mirror > turn;
  const length = mirrored ? mirror : turn;
  const cos = length > 0 ? (mirrored ? xx - yy : xx + yy) / length : 1;
  const sin = length > 0 ? (mirrored ? xy + yx : xy - yx) / length : 0;
  const out = new Float32Array(rows * 2);
  for (let i = 0; i < rows; i++) {
    const [x, y] = [data[2 * i] as number, data[2 * i + 1] as number];
    out[2 * i] = mirrored ? cos * x + sin * y : cos * x - sin * y;
    out[2 * i + 1] = mirrored ? sin * x - cos * y : sin * x + cos * y;
  }
  return { rows, cols: 2, data: out };
}

/** Groups with the numbers of those before with which they share most images. */
function renumbered(labels: Int32Array, before: Int32Array, k: number): Int32Array {
  const { counts } = contingencyTable(labels, before, { nClusters: k, nClasses: k });
  const costs = { rows: k, cols: k, data: Int32Array.from(counts, (count) => -count) };
  const { columnOfRow } = linearAssignment(costs);
  return labels.map((label) => columnOfRow[label] as number);
}
