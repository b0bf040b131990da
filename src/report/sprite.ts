/** Many small images in one PNG. */
import { encode } from "fast-png";
import type { ImageSet } from "../images/index.ts";

/** Where the images of a sprite lie. */
export interface SpriteLayout {
  /** Images side by side; the last row may be shorter. */
  readonly columns: number;
  /** Transparent pixels between neighbours, none around. Default 1. */
  readonly gap?: number;
  /** Pixels of the PNG for one pixel of an image, in both directions. Default 1. */
  readonly scale?: number;
}

/** A PNG file and its size in pixels. */
export interface Sprite {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * Draws images in rows, left to right and top to bottom, pixel for pixel: pixel (x, y) of image i stands at
 * `((i % columns) * (width + gap) + x) * scale` from the left, and likewise from the top.
 *
 * Colours are exact. So are greys, unless the images use all 256 of them and there are gaps: then the rarest grey is
 * drawn one step off, because a palette has 256 entries and one of them is the transparent gap.
 *
 * @param images at least one
 * @returns grey PNG for one grey image, palette PNG for several, colour and opacity for others
 */
export function drawSprite(images: ImageSet, layout: SpriteLayout): Sprite {
  const { gap = 1, scale = 1 } = layout;
  const columns = Math.max(1, Math.min(layout.columns, images.count));
  const rows = Math.ceil(images.count / columns);
  const width = (columns * (images.width + gap) - gap) * scale;
  const height = (rows * (images.height + gap) - gap) * scale;
  const depth = images.channels === 1 ? 1 : 4;
  const canvas = new Int16Array(width * height * depth).fill(images.channels === 1 ? unpainted : 0);
  for (let i = 0; i < images.count; i++) {
    const left = (i % columns) * (images.width + gap) * scale;
    const top = Math.floor(i / columns) * (images.height + gap) * scale;
    paintInto(canvas, images, i, { start: (top * width + left) * depth, lineLength: width * depth, scale });
  }
  if (depth === 4)
    return {
      png: encode({ width, height, data: Uint8Array.from(canvas), channels: 4 }, packing),
      width,
      height,
    };
  if (!canvas.includes(unpainted)) {
    return {
      png: encode({ width, height, data: Uint8Array.from(canvas), channels: 1 }, packing),
      width,
      height,
    };
  }
  return { png: encode({ width, height, ...greysAndGaps(canvas) }, packing), width, height };
}

const unpainted = -1;

/** A hundredth larger than with the highest level, which takes five times as long on images that are mostly paper. */
const packing = { zlib: { level: 6 } } as const;

// A palette, transparent first and then the greys in use, packs a quarter smaller than grey with opacity.
function greysAndGaps(canvas: Int16Array): { data: Uint8Array; channels: 1; palette: number[][] } {
  const uses = new Uint32Array(256);
  for (let i = 0; i < canvas.length; i++) {
    const grey = canvas[i] as number;
    if (grey !== unpainted) uses[grey] = (uses[grey] as number) + 1;
  }
  const rarest = uses.includes(0) ? unpainted : uses.indexOf(Math.min(...uses));
  const palette = [[0, 0, 0, 0]];
  const entryOf = new Uint8Array(256);
  uses.forEach((n, grey) => {
    if (n === 0 || grey === rarest) return;
    entryOf[grey] = palette.length;
    palette.push([grey, grey, grey, 255]);
  });
  if (rarest !== unpainted) entryOf[rarest] = entryOf[rarest === 0 ? 1 : rarest - 1] as number;
  const data = new Uint8Array(canvas.length);
  for (let i = 0; i < canvas.length; i++) {
    const grey = canvas[i] as number;
    if (grey !== unpainted) data[i] = entryOf[grey] as number;
  }
  return { data, channels: 1, palette };
}

interface Place {
  /** Index of the image's first number in the canvas. */
  readonly start: number;
  /** Numbers in one line of the canvas. */
  readonly lineLength: number;
  readonly scale: number;
}

function paintInto(canvas: Int16Array, images: ImageSet, index: number, place: Place): void {
  const { height, width, channels, pixels } = images;
  const { start, lineLength, scale } = place;
  const depth = channels === 1 ? 1 : 4;
  for (let y = 0; y < height * scale; y++) {
    const line = (index * height + Math.floor(y / scale)) * width;
    for (let x = 0; x < width * scale; x++) {
      const from = (line + Math.floor(x / scale)) * channels;
      const to = start + y * lineLength + x * depth;
      if (channels === 1) {
        canvas[to] = pixels[from] as number;
        continue;
      }
      for (let c = 0; c < 3; c++) canvas[to + c] = pixels[from + Math.min(c, channels - 1)] as number;
      canvas[to + 3] = channels === 4 ? (pixels[from + 3] as number) : 255;
    }
  }
}

/**
 * Images made smaller by a whole factor, each pixel the mean of factor x factor (at the edges, of what there is).
 *
 * @param factor integer >= 1; 1 gives the images themselves
 */
export function shrinkImages(images: ImageSet, factor: number): ImageSet {
  if (factor <= 1) return images;
  const { count, channels } = images;
  const height = Math.ceil(images.height / factor);
  const width = Math.ceil(images.width / factor);
  const pixels = new Uint8Array(count * height * width * channels);
  let to = 0;
  for (let i = 0; i < count; i++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < channels; c++)
          pixels[to++] = meanOf(images, i, y * factor, x * factor, c, factor);
      }
    }
  }
  return { ...images, height, width, pixels };
}

function meanOf(images: ImageSet, i: number, top: number, left: number, c: number, factor: number): number {
  const bottom = Math.min(images.height, top + factor);
  const right = Math.min(images.width, left + factor);
  let total = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      total += images.pixels[((i * images.height + y) * images.width + x) * images.channels + c] as number;
    }
  }
  return Math.round(total / ((bottom - top) * (right - left)));
}

/** PNG bytes as a `data:` address that a page can hold. */
export function pngAddress(png: Uint8Array): string {
  let binary = "";
  // In pieces: a call with a million arguments overflows the stack.
  for (let i = 0; i < png.length; i += 0x2000) binary += String.fromCharCode(...png.subarray(i, i + 0x2000));
  return `data:image/png;base64,${btoa(binary)}`;
}
