import { InputError } from "../errors.ts";
import type { ImageSet } from "./image-set.ts";

/**
 * The images with 1 or 3 channels. Opacity is put onto black; colours become grey by their brightness,
 * (299 red + 587 green + 114 blue) / 1000, halves rounded up; grey becomes three equal channels.
 *
 * @param channels 1 or 3; the images are returned as they are, not copied, where they have as many
 * @throws {InputError} if the images have other channels than 1, 3 or 4
 */
export function withChannels(images: ImageSet, channels: number): ImageSet {
  if (images.channels === channels) return images;
  if (![1, 3, 4].includes(images.channels) || (channels !== 1 && channels !== 3)) {
    throw new InputError(
      `withChannels: images must have 1, 3 or 4 channels, to become 1 or 3; got ${images.channels}, to become ${channels}.`,
    );
  }
  const count = images.pixels.length / images.channels;
  const pixels = new Uint8Array(count * channels);
  const { pixels: from, channels: stride } = images;
  for (let i = 0; i < count; i++) {
    if (stride === 1) {
      pixels.fill(from[i] as number, i * 3, i * 3 + 3);
      continue;
    }
    const opacity = stride === 4 ? (from[i * 4 + 3] as number) : 255;
    const part = (c: number): number =>
      Math.floor((2 * (from[i * stride + c] as number) * opacity + 255) / 510);
    if (channels === 1) pixels[i] = Math.floor((299 * part(0) + 587 * part(1) + 114 * part(2) + 500) / 1000);
    else for (let c = 0; c < 3; c++) pixels[i * 3 + c] = part(c);
  }
  return { ...images, channels, pixels };
}
