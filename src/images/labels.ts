import { InputError } from "../errors.ts";
import type { ImageSet } from "./image-set.ts";

/**
 * The images with labels.
 *
 * @param labels     one for each image, a class number from 0 on, or -1 where unknown; kept, not copied
 * @param name       of the labels' file, for messages
 * @param classNames name of each class; without it, the decimal class numbers up to the greatest label
 * @returns the images as they are, without labels, if every label is -1 and no names are given
 * @throws {InputError} if there are more or fewer labels than images, or a label has no class
 */
export function withLabels(
  images: ImageSet,
  labels: Int32Array,
  name: string,
  classNames?: readonly string[],
): ImageSet {
  if (labels.length !== images.count) {
    throw new InputError(
      `withLabels: "${name}" must hold one label for each of the ${images.count} images; got ${labels.length}. Give the labels that belong to these images.`,
    );
  }
  const greatest = labels.reduce((a, b) => Math.max(a, b), -1);
  if (!classNames && greatest === -1) return images;
  const names = classNames ?? Array.from({ length: greatest + 1 }, (_, i) => `${i}`);
  const wrong = labels.findIndex((label) => label < -1 || label >= names.length);
  if (wrong !== -1) {
    throw new InputError(
      `withLabels: labels of "${name}" must be one of ${names.length} classes, 0..${names.length - 1}, or -1; got ${labels[wrong]} at label ${wrong}.`,
    );
  }
  return { ...images, labels, classNames: names };
}
