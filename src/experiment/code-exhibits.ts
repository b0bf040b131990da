/** Pictures of a code: images beside their reconstructions, and the code itself as points. */
import { type ImageSource, takeImages } from "../images/index.ts";
import { isByteMatrix, type Matrix, type Samples } from "../matrix/index.ts";
import {
  type Assignment,
  type Chain,
  type FeatureFit,
  type FeatureStage,
  methodStages,
  parseMethod,
  type StageContext,
} from "../pipeline/index.ts";
import { distinctIntegers, type Random } from "../random/index.ts";
import { codeShapes } from "./code-shapes.ts";
import type { CodeExhibit, Exhibits, ReconstructedImages, ReconstructionExhibit } from "./exhibits.ts";

/** Images of each kind that are shown beside their reconstructions. */
const RECONSTRUCTIONS = 10;

/** Points of the scatter: enough to see the shape, few enough for a page. */
const CODE_POINTS = 2000;

/** Dimensions of the code that are drawn. */
const DRAWN_DIMENSIONS = 3;

/** A fitted run, as far as its code goes. */
export interface CodeRun {
  readonly source: ImageSource;
  readonly scored: ImageSource;
  readonly chain: Chain;
  readonly features: FeatureFit;
  /** Features of the scored images. */
  readonly samples: Samples;
  readonly assignment: Assignment;
  readonly random: Random;
  readonly seed: number;
}

/** Pictures of a code and, where a network brings images back, how far off each image then is. */
export interface CodeExhibits extends Pick<Exhibits, "code" | "reconstructions"> {
  /** Mean squared error per pixel of each scored image. */
  readonly errors?: Float64Array;
}

/** What can be shown of a run's code; nothing where its features are the pixels themselves, or long vectors. */
export async function codeExhibits(run: CodeRun, context: StageContext): Promise<CodeExhibits> {
  const { chain } = run;
  const { features, clusterer } = methodStages(parseMethod(chain.method));
  const { samples } = run;
  // The first columns of somebody's vectors are no better than any others.
  const long = chain.features.kind === "vectors" && !chain.manifold && samples.cols > DRAWN_DIMENSIONS;
  if (isByteMatrix(samples) || long) return {};
  const points = scatter(run, samples, clusterer.centers(chain.clusterer));
  const { assignment, seed } = run;
  const shaped = { clusterer, model: chain.clusterer, samples, assignment, seed };
  const code = samples.cols < 2 ? points : { ...points, shapes: await codeShapes(shaped, context) };
  if (!features.reconstruction) return { code };
  const errors = await features.reconstruction.errors(chain.features, run.scored.images, context);
  return {
    code,
    errors,
    reconstructions: await reconstructions(run, features.reconstruction, errors, context),
  };
}

function scatter(run: CodeRun, samples: Matrix<Float32Array>, centers: Matrix): CodeExhibit {
  const { images } = run.scored;
  const count = Math.min(CODE_POINTS, samples.rows);
  const chosen = distinctIntegers(run.random.stream("code-points"), count, samples.rows).sort();
  const { labels } = run.assignment;
  const pick = (of: Int32Array): Int32Array => chosen.map((i) => of[i] as number);
  return {
    points: firstDimensions(samples, chosen),
    codeSize: samples.cols,
    clusters: pick(labels),
    ...(images.labels && { classes: pick(images.labels) }),
    centers: firstDimensions(
      centers,
      Int32Array.from({ length: centers.rows }, (_, i) => i),
    ),
  };
}

function firstDimensions(matrix: Matrix, rows: Int32Array): Matrix<Float32Array> {
  const cols = Math.min(DRAWN_DIMENSIONS, matrix.cols);
  const data = new Float32Array(rows.length * cols);
  rows.forEach((row, r) => {
    for (let c = 0; c < cols; c++) data[r * cols + c] = matrix.data[row * matrix.cols + c] as number;
  });
  return { rows: rows.length, cols, data };
}

async function reconstructions(
  run: CodeRun,
  stage: NonNullable<FeatureStage["reconstruction"]>,
  errors: Float64Array,
  context: StageContext,
): Promise<ReconstructionExhibit> {
  const { source, scored } = run;
  const model = run.chain.features;
  const shown = async (indices: Int32Array): Promise<ReconstructedImages> => {
    const images = takeImages(scored.images, indices);
    const made = await stage.of(model, images, context);
    return {
      originals: { indices: Array.from(indices), images },
      reconstructed: made.images,
      errors: Array.from(made.errors),
    };
  };
  const ascending = Int32Array.from(errors, (_, i) => i).sort(
    (a, b) => (errors[a] as number) - (errors[b] as number) || a - b,
  );
  const unfolding = run.features.unfolding;
  const first = Int32Array.from({ length: unfolding?.images[0]?.count ?? 0 }, (_, i) => i);
  return {
    typical: await shown(ordinary(ascending, run.assignment.labels)),
    worst: await shown(ascending.slice(-RECONSTRUCTIONS).reverse()),
    ...(unfolding &&
      unfolding.epochs.length > 0 && {
        byEpoch: {
          originals: { indices: Array.from(first), images: takeImages(source.images, first) },
          ...unfolding,
        },
      }),
  };
}

/**
 * Images with about the median error, from as many clusters as there is room for.
 *
 * @param ascending indices of all images by their error
 * @param labels cluster of each image
 */
function ordinary(ascending: Int32Array, labels: Int32Array): Int32Array {
  const middle = Math.floor(ascending.length / 2);
  const fromMiddle = Array.from(ascending, (_, i) => {
    const step = Math.ceil(i / 2) * (i % 2 === 0 ? 1 : -1);
    return ascending[(((middle + step) % ascending.length) + ascending.length) % ascending.length] as number;
  });
  const chosen: number[] = [];
  const clusters = new Set<number>();
  for (const i of fromMiddle) {
    if (chosen.length === RECONSTRUCTIONS) break;
    if (clusters.has(labels[i] as number)) continue;
    clusters.add(labels[i] as number);
    chosen.push(i);
  }
  for (const i of fromMiddle) {
    if (chosen.length >= Math.min(RECONSTRUCTIONS, ascending.length)) break;
    if (!chosen.includes(i)) chosen.push(i);
  }
  return Int32Array.from(chosen.sort((a, b) => (labels[a] as number) - (labels[b] as number) || a - b));
}
