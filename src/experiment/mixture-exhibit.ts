/** What a mixture says of images, picked to be looked at. */
import { type ImageSet, imageLength, takeImages } from "../images/index.ts";
import { type Matrix, type Samples, takeRows } from "../matrix/index.ts";
import {
  type Assignment,
  type Chain,
  methodStages,
  parseMethod,
  type StageContext,
  takesVectors,
} from "../pipeline/index.ts";
import type { MixtureExhibit } from "./exhibits.ts";

/** Images of each kind that are shown. */
const DOUBTFUL = 12;
const UNEXPLAINED = 20;
const DRAWN = 12;

/** Images that are looked at for different pairs of clusters, the most doubtful ones. */
const CANDIDATES = 2000;

/** Bytes of pixels that all drawn images together may have. */
const DRAWN_BYTES = 400_000;

/** A mixture and the images that it clustered. */
export interface MixtureRun {
  readonly chain: Chain;
  readonly images: ImageSet;
  /** Features of the images. */
  readonly samples: Samples;
  readonly assignment: Assignment;
  /** How clearly each image belongs to its cluster. */
  readonly margins: Float64Array;
  readonly seed: number;
}

/** Pictures of what a mixture says; undefined for a clusterer that is none. */
export async function mixtureExhibit(
  run: MixtureRun,
  context: StageContext,
): Promise<MixtureExhibit | undefined> {
  const { clusterer } = methodStages(parseMethod(run.chain.method));
  const { logDensities } = run.assignment;
  if (!clusterer.probabilities || !logDensities) return undefined;
  const exhibit = (indices: Int32Array): MixtureExhibit["doubtful"]["originals"] => ({
    indices: Array.from(indices),
    images: takeImages(run.images, indices),
  });
  const candidates = ascending(run.margins).slice(0, CANDIDATES);
  const shares = await clusterer.probabilities(
    run.chain.clusterer,
    takeRows(run.samples, candidates),
    context,
  );
  const chosen = differentPairs(shares);
  const byDensity = ascending(logDensities);
  const least = byDensity.slice(0, UNEXPLAINED);
  const drawn = await drawnImages(run, context);
  return {
    doubtful: {
      originals: exhibit(chosen.map((position) => candidates[position] as number)),
      probabilities: rowsOf(shares, chosen),
    },
    unexplained: {
      originals: exhibit(least),
      logDensities: Array.from(least, (i) => logDensities[i] as number),
      median: logDensities[byDensity[Math.floor(byDensity.length / 2)] as number] as number,
    },
    ...(drawn && { drawn }),
  };
}

/** Positions of the values from the least to the greatest, the first among equals first. */
function ascending(values: Float64Array): Int32Array {
  return Int32Array.from(values, (_, i) => i).sort(
    (a, b) => (values[a] as number) - (values[b] as number) || a - b,
  );
}

/** Rows whose two likeliest clusters are no other row's, then the first of the others. */
function differentPairs(shares: Matrix): Int32Array {
  const pairs = new Set<string>();
  const first: number[] = [];
  const rest: number[] = [];
  for (let r = 0; r < shares.rows; r++) {
    const own = Array.from(shares.data.subarray(r * shares.cols, (r + 1) * shares.cols));
    const order = own.map((_, c) => c).sort((a, b) => (own[b] as number) - (own[a] as number) || a - b);
    const pair = order
      .slice(0, 2)
      .sort((a, b) => a - b)
      .join(" ");
    (pairs.has(pair) ? rest : first).push(r);
    pairs.add(pair);
  }
  return Int32Array.from([...first, ...rest].slice(0, DOUBTFUL).sort((a, b) => a - b));
}

function rowsOf({ cols, data }: Matrix, rows: Int32Array): Matrix<Float64Array> {
  const out = new Float64Array(rows.length * cols);
  rows.forEach((row, r) => {
    out.set(data.subarray(row * cols, (row + 1) * cols), r * cols);
  });
  return { rows: rows.length, cols, data: out };
}

async function drawnImages(
  { chain, images, seed }: MixtureRun,
  context: StageContext,
): Promise<MixtureExhibit["drawn"]> {
  const { features, clusterer } = methodStages(parseMethod(chain.method));
  if (!features.toImages || !clusterer.draw || takesVectors(chain.features)) return undefined;
  const { rows, cols } = clusterer.centers(chain.clusterer);
  const perCluster = Math.max(1, Math.min(DRAWN, Math.floor(DRAWN_BYTES / (rows * imageLength(images)))));
  const points = new Float32Array(rows * perCluster * cols);
  for (let cluster = 0; cluster < rows; cluster++) {
    const { data } = clusterer.draw(chain.clusterer, cluster, perCluster, seed);
    points.set(data, cluster * perCluster * cols);
  }
  const matrix = { rows: rows * perCluster, cols, data: points };
  return { perCluster, images: await features.toImages(chain.features, matrix, chain.shape, context) };
}
