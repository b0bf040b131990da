/** Which features go with which kind of source: images, or vectors that somebody else has made. */
import { OptionError } from "../errors.ts";
import { type ImageSet, isVectors } from "../images/index.ts";
import { featureStages } from "./features.ts";
import type { Method } from "./method.ts";
import type { FeatureModel } from "./models.ts";

/** Whether learned features take vectors, and not images. */
export function takesVectors(model: FeatureModel): boolean {
  if (model.kind === "views") return model.views.some((view) => takesVectors(view.model));
  return model.kind === "vectors" || (model.kind === "pca" && model.scaled !== undefined);
}

/** Whether some of a method's features can be taken of vectors, and be scaled as these are. */
export function scalesVectors(method: Method): boolean {
  return method.features.some((word) => featureStages.get(word)?.takes !== undefined);
}

/**
 * Checks that all of a method's features can be taken of a source.
 *
 * @throws {OptionError} if one needs images and the source holds vectors, or the other way round
 */
export function checkMethodSource(where: string, method: Method, images: Pick<ImageSet, "values">): void {
  const vectors = isVectors(images);
  const stranger = method.features.find((word) => {
    const takes = featureStages.get(word)?.takes;
    return vectors ? takes === undefined : takes === "vectors";
  });
  if (stranger === undefined) return;
  const rest = method.joint === undefined ? restOf(method) : "kmeans";
  throw new OptionError(
    vectors
      ? `${where}: the features of a source of vectors must be vectors or pca; got ${stranger} of ${method.name}, which needs images. Take vectors+${rest}.`
      : `${where}: the features of a source of images must be made of images; got vectors of ${method.name}, which needs a source of vectors. Take pixels+${rest}.`,
  );
}

function restOf({ manifold, clusterer }: Method): string {
  return manifold === undefined ? clusterer : `${manifold}+${clusterer}`;
}
