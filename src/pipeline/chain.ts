/**
 * A fitted chain: all that is needed to find the cluster of a new image. The command line's `assign`, the library and
 * the report use the same rule, the one here.
 */
import { InputError, OptionError } from "../errors.ts";
import type { ImageSet } from "../images/index.ts";
import type { Samples } from "../matrix/index.ts";
import { clustererStages } from "./clusterers.ts";
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
  return manifold && chain.manifold ? manifold.apply(chain.manifold, samples, context) : samples;
}

/** Columns of each view in what a chain's clusterer sees; undefined where that is one view, or a map. */
export function chainColumns(chain: Chain): readonly number[] | undefined {
  if (chain.manifold) return undefined;
  return methodStages(parseMethod(chain.method)).features.columns?.(chain.features);
}

/**
 * The cluster of each image, by the rule of the chain's clusterer.
 *
 * @throws {InputError} if the images have another size than those that the chain was fitted to
 */
export async function assignImages(
  chain: Chain,
  images: ImageSet,
  context: StageContext = {},
): Promise<Assignment> {
  const samples = await chainFeatures(chain, images, context);
  return methodStages(parseMethod(chain.method)).clusterer.assign(chain.clusterer, samples, context);
}

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
