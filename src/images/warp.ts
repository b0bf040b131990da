import type { ImageSet } from "./image-set.ts";

/** How a picture is moved: first turned about its middle, then shifted. */
export interface Movement {
  /** Pixels to the right and down; fractions are allowed. */
  readonly right: number;
  readonly down: number;
  /** Clockwise, as one sees it. */
  readonly degrees: number;
}

/**
 * Writes one image, moved. Between pixels it is interpolated linearly; beyond the edge, the edge's pixels go on.
 *
 * @param into as many bytes as the image has
 */
export function moveImageInto(
  { height, width, channels, pixels }: ImageSet,
  image: number,
  { right, down, degrees }: Movement,
  into: Uint8Array,
): void {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  const start = image * height * width * channels;
  let next = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // Where the pixel comes from: shifted and turned back.
      const [fromX, fromY] = [x - right - middleX, y - down - middleY];
      const sourceX = Math.min(width - 1, Math.max(0, cos * fromX + sin * fromY + middleX));
      const sourceY = Math.min(height - 1, Math.max(0, cos * fromY - sin * fromX + middleY));
      const [left, top] = [Math.floor(sourceX), Math.floor(sourceY)];
      const [shareX, shareY] = [sourceX - left, sourceY - top];
      const aside = left + 1 < width ? channels : 0;
      const below = top + 1 < height ? width * channels : 0;
      let at = start + (top * width + left) * channels;
      for (let channel = 0; channel < channels; channel++, at++) {
        const upper = (1 - shareX) * (pixels[at] as number) + shareX * (pixels[at + aside] as number);
        const lower =
          (1 - shareX) * (pixels[at + below] as number) + shareX * (pixels[at + below + aside] as number);
        into[next++] = Math.round((1 - shareY) * upper + shareY * lower);
      }
    }
  }
}
