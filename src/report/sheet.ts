import type { ImageSet } from "../images/index.ts";
import { figureScale } from "./sections/strip.ts";
import { drawSprite } from "./sprite.ts";

/** Images side by side on a contact sheet. */
const columns = 5;

/**
 * A contact sheet: images in rows of five as a PNG, small ones enlarged by whole steps.
 *
 * @param scale pixels of the PNG for one of an image, in both directions; default: so many that it can be looked at
 */
export function drawSheet(images: ImageSet, scale: number = figureScale(images.width)): Uint8Array {
  return drawSprite(images, { columns, gap: 4, scale }).png;
}
