/**
 * A fitted chain: all that is needed to find the cluster of a new image. The command line's `assign`, the library and
 * the report use the same rule, the one here.
 */
import { InputError, OptionError } from "../errors.ts";
import type { ImageSet } from "../images/index.ts";
import type { Samples } from "../matrix/index.ts";
import { clustererStages } from "./clusterers.ts";
import { featureStages } from "./features.ts";
import { type Method, parseMethod } from "./method.ts";
import type {
  Assignment,
  ClustererStage,
  ClusterModel,
  FeatureModel,
  FeatureStage,
  ImageShape,
  StageContext,
} from "./stages.ts";

/** A fitted method: plain data, safe to clone and to save. */
export interface Chain {
  readonly kind: "chain";
  /** Name of the method, as {@link parseMethod} reads it. */
  readonly method: string;
  /** Size of the images that it takes. */
  readonly shape: ImageShape;
  readonly features: FeatureModel;
  readonly clusterer: ClusterModel;
}

/** The stages that a method's words stand for. */
export function methodStages(method: Method): { features: FeatureStage; clusterer: ClustererStage } {
  const features = featureStages.get(method.features[0]);
  const clusterer = clustererStages.get(method.clusterer);
  if (!features || !clusterer) {
    throw new OptionError(`methodStages: method must be one that parseMethod gives; got "${method.name}".`);
  }
  return { features, clusterer };
}

/**
 * Features of images, by a chain's first stage.
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
  if (size(images) !== size(shape)) {
    throw new InputError(
      `assignImages: images must be ${size(shape)} (height x width x channels), as those that the model was fitted to; got ${size(images)}.`,
    );
  }
  return methodStages(parseMethod(chain.method)).features.apply(chain.features, images, context);
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

/** The centers of a chain's clusters as images; undefined where its features cannot be turned back. */
export async function centerImages(chain: Chain, context: StageContext = {}): Promise<ImageSet | undefined> {
  const { features, clusterer } = methodStages(parseMethod(chain.method));
  return features.toImages?.(chain.features, clusterer.centers(chain.clusterer), chain.shape, context);
}
