import { InputError, OptionError } from "../errors.ts";
import { type ImageSet, sliceImages } from "./image-set.ts";

/**
 * The first `limit` images; pixels and labels are views.
 *
 * @param limit integer in 1..count
 * @throws {OptionError} if `limit` is no integer from 1 on
 * @throws {InputError} if there are fewer images
 */
export function limitImages(images: ImageSet, limit: number): ImageSet {
  if (!Number.isInteger(limit) || limit < 1) {
    throw new OptionError(`limitImages: limit must be an integer from 1 on; got ${limit}.`);
  }
  if (limit > images.count) {
    throw new InputError(
      `limitImages: limit must be at most ${images.count}, the number of images; got ${limit}. Leave the limit out to use them all.`,
    );
  }
  return limit === images.count ? images : sliceImages(images, 0, limit);
}
