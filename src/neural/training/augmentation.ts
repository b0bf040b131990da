import { type ImageSet, moveImageInto } from "../../images/index.ts";
import type { Random } from "../../random/index.ts";

/**
 * Writes another picture of an image, as training is to see it this time.
 *
 * @param row which image
 * @param random of this minibatch, drawn from by its images in their order
 */
export type Augmentation = (images: ImageSet, row: number, random: Random, into: Uint8Array) => void;

/** How far images are moved, each time anew. */
export interface MovementRange {
  /** Most pixels, each way, by which an image is shifted across and down. */
  readonly shift: number;
  /** Most degrees, each way, by which it is turned. */
  readonly rotation: number;
}

/** Moves each image by amounts that are uniform in their ranges; nothing where both ranges are 0. */
export function randomMovement({ shift, rotation }: MovementRange): Augmentation | undefined {
  if (shift === 0 && rotation === 0) return undefined;
  return (images, row, random, into) => {
    const within = (most: number): number => (2 * random.float() - 1) * most;
    moveImageInto(
      images,
      row,
      { right: within(shift), down: within(shift), degrees: within(rotation) },
      into,
    );
  };
}
