/** Images as PNG and as sheets of thumbnails. */
import { encode } from "fast-png";
import { type ImageSet, imageLength, resizeImages, sliceImages, withChannels } from "../images/index.ts";
import type { AtlasInfo } from "./protocol.ts";
import { Refusal } from "./refusal.ts";
import { inSlices } from "./slices.ts";

/** Side that a thumbnail has at most, and that of a sheet: what any WebGL2 takes. */
const THUMBNAIL_SIDE = 32;
const SHEET_SIDE = 4096;

/** Images that are shrunk at a time. */
const SHRUNK_AT_ONCE = 64;

/** Pixels of one PNG, at most. */
const MOST_PIXELS = 16_777_216;

type Shape = Pick<ImageSet, "height" | "width" | "channels">;

/**
 * One image of a set as PNG, each of its pixels a square of `scale` x `scale`.
 *
 * @param scale integer of at least 1; less is taken where the picture would be too large
 */
export function pngOf(images: ImageSet, index: number, scale: number): Uint8Array {
  const { height, width, channels } = images;
  const length = imageLength(images);
  const pixels = images.pixels.subarray(index * length, (index + 1) * length);
  const most = Math.max(1, Math.floor(Math.sqrt(MOST_PIXELS / (height * width))));
  const by = Math.min(scale, most);
  const data = by === 1 ? pixels : enlarged(pixels, { height, width, channels }, by);
  return encode({ width: width * by, height: height * by, data, channels, depth: 8 });
}

/**
 * Images of a set as one, in rows of `columns` without gaps; what is left of the last row is black.
 *
 * @throws {Refusal} 400 where it would be too large
 */
export function mosaicOf(images: ImageSet, columns: number): ImageSet {
  const { count, height, width } = images;
  const across = Math.min(columns, count);
  const rows = Math.ceil(count / across);
  if (rows * height * across * width > MOST_PIXELS) {
    throw new Refusal(
      400,
      `explorer: images drawn at once must have at most ${MOST_PIXELS} pixels; got ${count} of ${height} x ${width}. Ask for fewer.`,
    );
  }
  return inRows(images, across);
}

/** Images of a set as one, in rows of `columns` without gaps, however large. */
export function inRows(images: ImageSet, columns: number): ImageSet {
  const { count, height, width, channels, pixels } = images;
  const rows = Math.ceil(count / columns);
  const line = width * channels;
  const whole = new Uint8Array(rows * height * columns * line);
  for (let i = 0; i < count; i++) {
    for (let y = 0; y < height; y++) {
      const from = (i * height + y) * line;
      const row = Math.floor(i / columns) * height + y;
      whole.set(pixels.subarray(from, from + line), (row * columns + (i % columns)) * line);
    }
  }
  return { count: 1, height: rows * height, width: columns * width, channels, pixels: whole };
}

function enlarged(pixels: Uint8Array, { height, width, channels }: Shape, by: number): Uint8Array {
  const out = new Uint8Array(pixels.length * by * by);
  let at = 0;
  for (let y = 0; y < height * by; y++) {
    const line = Math.floor(y / by) * width;
    for (let x = 0; x < width * by; x++) {
      const from = (line + Math.floor(x / by)) * channels;
      for (let c = 0; c < channels; c++) out[at++] = pixels[from + c] as number;
    }
  }
  return out;
}

/** How the thumbnails of so many images lie. */
export function atlasInfo(count: number, { height, width, channels }: Shape): AtlasInfo {
  const side = Math.max(height, width);
  const shrunk = (length: number): number =>
    side <= THUMBNAIL_SIDE ? length : Math.max(1, Math.round((length * THUMBNAIL_SIDE) / side));
  const box = { height: shrunk(height), width: shrunk(width) };
  const columns = Math.floor(SHEET_SIDE / box.width);
  const perSheet = columns * Math.floor(SHEET_SIDE / box.height);
  return { sheets: Math.ceil(count / perSheet), perSheet, columns, ...box, channels: channels === 1 ? 1 : 3 };
}

/**
 * One sheet: whole rows of thumbnails, the last one filled up with black.
 *
 * @returns rows x columns x channels, as {@link AtlasInfo} says
 *
 * Memory: the sheet alone, 48 MiB at most.
 */
export async function atlasSheet(images: ImageSet, atlas: AtlasInfo, sheet: number): Promise<Uint8Array> {
  const { perSheet, columns, height, width, channels } = atlas;
  const first = sheet * perSheet;
  const count = Math.min(perSheet, images.count - first);
  const line = columns * width * channels;
  const bytes = new Uint8Array(Math.ceil(count / columns) * height * line);
  const thumbnailLine = width * channels;
  await inSlices(count, SHRUNK_AT_ONCE, (from, to) => {
    const some = sliceImages(images, first + from, first + to);
    const fitting = some.height === height && some.width === width;
    const shrunk = fitting ? some : resizeImages(some, { height, width }, "stretch");
    const { pixels } = withChannels(shrunk, channels);
    for (let i = from; i < to; i++) {
      const top = Math.floor(i / columns) * height;
      const left = (i % columns) * thumbnailLine;
      for (let y = 0; y < height; y++) {
        const at = ((i - from) * height + y) * thumbnailLine;
        bytes.set(pixels.subarray(at, at + thumbnailLine), (top + y) * line + left);
      }
    }
  });
  return bytes;
}
