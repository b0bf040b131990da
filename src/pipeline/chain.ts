/**
 * A fitted chain: all that is needed to find the cluster of a new image. The command line's `assign`, the library and
 * the report use the same rule, the one here.
 */
import { InputError, OptionError } from "../errors.ts";
import { throwIfCancelled } from "../estimator.ts";
import type { ImageSet } from "../images/index.ts";
import type { Matrix, Samples } from "../matrix/index.ts";
import { clustererStages } from "./clusterers.ts";
import {
  type Calibration,
  calibrated,
  type Familiarity,
  familiaritiesOf,
  strangenessOf,
} from "./familiarity.ts";
import { featureStages } from "./features.ts";
import { type JointStage, jointMethods } from "./joint-stages.ts";
import { manifoldStages } from "./manifolds.ts";
import { type Method, parseMethod } from "./method.ts";
import type { ClusterModel, FeatureModel, ManifoldModel } from "./models.ts";
import type {
  Assignment,
  ClustererStage,
  FeatureStage,
  ImageShape,
  ManifoldStage,
  StageContext,
} from "./stages.ts";
import { takesVectors } from "./vectors.ts";
import { viewsStage } from "./views.ts";

/** A fitted method: plain data, safe to clone and to save. */
export interface Chain {
  readonly kind: "chain";
  /** Name of the method, as {@link parseMethod} reads it. */
  readonly method: string;
  /** Size of the images that it takes. */
  readonly shape: ImageShape;
  readonly features: FeatureModel;
  /** The map between features and clusterer, where the method has one. */
  readonly manifold?: ManifoldModel;
  readonly clusterer: ClusterModel;
  /** How strange images may be; absent where that was not calibrated. */
  readonly familiarity?: Familiarity;
}

/** The stages of a method, in the order in which images pass them. */
export interface MethodStages {
  readonly features: FeatureStage;
  readonly manifold?: ManifoldStage;
  readonly clusterer: ClustererStage;
  /** What learns features and clusters together, where one stage after the other does not. */
  readonly joint?: JointStage;
}

/** The stages that a method's words stand for. */
export function methodStages(method: Method): MethodStages {
  const joint = method.joint === undefined ? undefined : jointMethods.get(method.joint);
  const views = method.features.map((word) => [word, known(method, featureStages.get(word))] as const);
  return {
    features: views.length > 1 ? viewsStage(views) : known(method, views[0]?.[1]),
    ...(method.manifold !== undefined && { manifold: known(method, manifoldStages.get(method.manifold)) }),
    clusterer: joint ? joint.clusterer : known(method, clustererStages.get(method.clusterer)),
    ...(joint && { joint }),
  };
}

function known<Stage>(method: Method, stage: Stage | undefined): Stage {
  if (stage !== undefined) return stage;
  throw new OptionError(`methodStages: method must be one that parseMethod gives; got "${method.name}".`);
}

/**
 * @throws {InputError} for vectors where the chain takes images, the other way round, and for vectors of another length
 */
function checkKind({ features, shape: { width } }: Chain, { values }: ImageSet): void {
  const wanted = takesVectors(features) ? `vectors of ${width} numbers` : "images";
  const got = values ? `vectors of ${values.cols}` : "images";
  const same = takesVectors(features) ? values?.cols === width : !values;
  if (same) return;
  throw new InputError(
    `assignImages: the source must hold ${wanted}, as that which the model was fitted to; got ${got}.`,
  );
}

/**
 * What a chain's clusterer sees of images: their features or, where the method has a map, their places on it.
 *
 * @throws {InputError} if the images have another size than those that the chain was fitted to
 */
export async function chainFeatures(
  chain: Chain,
  images: ImageSet,
  context: StageContext = {},
): Promise<Samples> {
  return (await seenBy(chain, images, context)).samples;
}

/** What a chain's clusterer sees, and how strange the images are to the map before it. */
async function seenBy(
  chain: Chain,
  images: ImageSet,
  context: StageContext,
): Promise<{ readonly samples: Samples; readonly strangeness?: Float64Array }> {
  const { shape } = chain;
  const size = (of: ImageShape): string => `${of.height} x ${of.width} x ${of.channels}`;
  checkKind(chain, images);
  if (size(images) !== size(shape)) {
    throw new InputError(
      `assignImages: images must be ${size(shape)} (height x width x channels), as those that the model was fitted to; got ${size(images)}.`,
    );
  }
  const { features, manifold } = methodStages(parseMethod(chain.method));
  const samples = await features.apply(chain.features, images, context);
  return manifold && chain.manifold ? manifold.apply(chain.manifold, samples, context) : { samples };
}

/**
 * Probability of each of a chain's clusters for samples as its clusterer sees them, nSamples x nClusters; undefined where
 * the clusterer knows none.
 */
export async function chainProbabilities(
  chain: Chain,
  samples: Samples,
  context: StageContext = {},
): Promise<Matrix | undefined> {
  const { clusterer } = methodStages(parseMethod(chain.method));
  return clusterer.probabilities?.(chain.clusterer, samples, context);
}

/** Columns of each view in what a chain's clusterer sees; undefined where that is one view, or a map. */
export function chainColumns(chain: Chain): readonly number[] | undefined {
  if (chain.manifold) return undefined;
  return methodStages(parseMethod(chain.method)).features.columns?.(chain.features);
}

/**
 * The cluster of each image, by the rule of the chain's clusterer, and how familiar the image is.
 *
 * @throws {InputError} if the images have another size than those that the chain was fitted to
 */
export async function assignImages(
  chain: Chain,
  images: ImageSet,
  context: StageContext = {},
): Promise<Assignment> {
  return (await assignSeen(chain, images, context)).assignment;
}

async function assignSeen(
  chain: Chain,
  images: ImageSet,
  context: StageContext,
): Promise<Omit<SeenImages, "images">> {
  const { samples, strangeness } = await seenBy(chain, images, context);
  const { clusterer } = methodStages(parseMethod(chain.method));
  const assigned = await clusterer.assign(chain.clusterer, samples, context);
  const assignment = strangeness ? { ...assigned, strangeness } : assigned;
  const { familiarity } = chain;
  return {
    samples,
    assignment: familiarity
      ? { ...assignment, familiarities: familiaritiesOf(familiarity, assignment) }
      : assignment,
  };
}

/** Images of a stream, and the cluster of each. */
export interface AssignedImages {
  readonly images: ImageSet;
  readonly assignment: Assignment;
}

/** The same with what the clusterer saw of the images. */
export interface SeenImages extends AssignedImages {
  readonly samples: Samples;
}

/**
 * As {@link assignImages}, on images that come piece by piece, so that none need fit into memory together. How they are
 * cut changes nothing; of networks, which compute in single precision, the last digits.
 *
 * Pieces of some thousand small images are best: every piece of a method that compares images with training ones begins
 * with loading those.
 *
 * @throws {InputError} if images have another size than those that the chain was fitted to
 * @throws {CancelledError} when the signal fires
 */
export async function* assignStream(
  chain: Chain,
  images: AsyncIterable<ImageSet>,
  context: StageContext = {},
): AsyncGenerator<SeenImages, void, void> {
  for await (const piece of images) {
    throwIfCancelled("assignStream", context.signal);
    if (piece.count === 0) continue;
    yield { images: piece, ...(await assignSeen(chain, piece, context)) };
  }
}

/**
 * The chain, with what it needs to tell how familiar images are.
 *
 * @param samples what its clusterer was fitted to
 * @param fit what was said of them then
 * @param validation images that neither features nor clusters were learned from: they are better judges than the
 *   training images, if they are at least 100
 */
export async function calibrateChain(
  chain: Chain,
  samples: Samples,
  fit: Assignment,
  context: StageContext,
  validation?: ImageSet,
): Promise<Chain> {
  const { clusterer, manifold } = methodStages(parseMethod(chain.method));
  const nClusters = clusterer.centers(chain.clusterer).rows;
  const usesCodes = chain.manifold !== undefined || clusterer.graphs === true;
  const measure = usesCodes
    ? "distance to training images"
    : fit.logDensities
      ? "log density"
      : "distance to center";
  let calibration: Pick<Calibration, "strangeness" | "labels" | "calibratedWith"> | undefined;
  if (validation && validation.count >= LEAST_VALIDATION) {
    const assignment = await assignImages(chain, validation, context);
    const { labels } = assignment;
    calibration = { strangeness: strangenessOf(assignment), labels, calibratedWith: "validation images" };
  } else {
    const strangeness =
      manifold && chain.manifold
        ? manifold.leftOut(chain.manifold)
        : await clusterer.leftOut?.(chain.clusterer, samples, fit, context);
    calibration = strangeness && { strangeness, labels: fit.labels, calibratedWith: "training images" };
  }
  const familiarity = calibration && calibrated({ measure, nClusters, ...calibration });
  return familiarity ? { ...chain, familiarity } : chain;
}

/** With fewer, no image could have a familiarity below 0.01. */
const LEAST_VALIDATION = 100;

/** How many clusters a chain has. */
export function chainClusters(chain: Chain): number {
  return methodStages(parseMethod(chain.method)).clusterer.centers(chain.clusterer).rows;
}

/** The centers of a chain's clusters as images; undefined where they cannot be turned back. */
export async function centerImages(chain: Chain, context: StageContext = {}): Promise<ImageSet | undefined> {
  const { features, clusterer, joint } = methodStages(parseMethod(chain.method));
  if (chain.manifold || joint?.drawsCenters === false || takesVectors(chain.features)) return undefined;
  return features.toImages?.(chain.features, clusterer.centers(chain.clusterer), chain.shape, context);
}
