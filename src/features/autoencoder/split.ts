/** Which images are trained on, and which tell how well. */
import { InputError } from "../../errors.ts";
import { type ImageSet, sliceImages, takeImages } from "../../images/index.ts";
import type { MovementRange } from "../../neural/index.ts";
import { distinctIntegers, type Random } from "../../random/index.ts";
import type { AutoencoderSettings } from "./options.ts";
import { sizeText } from "./use.ts";

/** Images, at most, that the validation loss is taken on. */
const MOST_HELD_OUT = 5000;

/** @throws {InputError} if there are none, or they have another size than those to train on */
export function checkValidation(validation: ImageSet, images: ImageSet): void {
  if (validation.count < 1) {
    throw new InputError("autoencoder.fit: there must be at least 1 validation image; got 0.");
  }
  if (sizeText(validation) === sizeText(images)) return;
  throw new InputError(
    `autoencoder.fit: validation images must be ${sizeText(images)} (height x width x channels), as those to train on; got ${sizeText(validation)}.`,
  );
}

/** Tells this training from others: checkpoints of one are refused by another. */
export function fingerprint(
  settings: AutoencoderSettings,
  images: ImageSet,
  split: Split,
  augment: MovementRange | undefined,
  started: boolean,
): string {
  const sets = [images, split.validation].map(({ count, pixels }) => [count, digest(pixels)]);
  const more = { ...(augment && { augment }), ...(started && { started }) };
  return JSON.stringify({ settings, images: sets, validation: split.words, ...more });
}

/** Two multiplicative hashes, 64 bits in all (Fowler, Noll and Vo 1991): against mistakes, not against malice. */
function digest(bytes: Uint8Array): string {
  let [one, other] = [0x811c9dc5, 0x9747b28c];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    one = Math.imul(one ^ byte, 0x01000193);
    other = Math.imul(other ^ byte, 0x85ebca6b);
  }
  return [one, other].map((hash) => (hash >>> 0).toString(16)).join("");
}

export interface Split {
  /** Images that are trained on. */
  readonly rows: Int32Array;
  readonly validation: ImageSet;
  /** What the validation images are, for people. */
  readonly words: string;
}

/** The given validation images, or a tenth of the images, drawn by the seed. */
export function heldOut(images: ImageSet, given: ImageSet | undefined, random: Random): Split {
  const all = Int32Array.from({ length: images.count }, (_, i) => i);
  if (given) {
    const validation = sliceImages(given, 0, Math.min(given.count, MOST_HELD_OUT));
    return { rows: all, validation, words: `${validation.count} images of the validation split` };
  }
  const count = Math.min(MOST_HELD_OUT, Math.max(1, Math.floor(images.count / 10)));
  const chosen = distinctIntegers(random, count, images.count).sort();
  const out = new Set(chosen);
  return {
    rows: all.filter((i) => !out.has(i)),
    validation: takeImages(images, chosen),
    words: `${count} of the images, which were not trained on`,
  };
}
