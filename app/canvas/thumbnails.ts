/**
 * Thumbnails of the images in view, packed into one small picture: sheets of the whole set stay as bytes, and only what is
 * seen goes to the graphics card.
 */
import type { AtlasInfo } from "../../src/explorer/protocol.ts";

export interface Thumbnails {
  readonly indices: readonly number[];
  readonly atlas: ImageData;
  readonly mapping: Record<string, { x: number; y: number; width: number; height: number; mask: false }>;
  /** Side on the screen, in pixels. */
  readonly size: number;
  /** Whether every image in view has one, so that points are not needed. */
  readonly all: boolean;
}

const frame = 2;

/**
 * Packs thumbnails, each framed in the colour of its image; images whose sheet is not there yet are left out.
 *
 * @param sheets bytes of the sheets that are at hand, by number
 * @param colours count x 4
 */
export function packThumbnails(
  atlas: AtlasInfo,
  sheets: ReadonlyMap<number, Uint8Array>,
  indices: readonly number[],
  colours: Uint8Array,
  size: number,
): Thumbnails | null {
  const there = indices.filter((index) => sheets.has(Math.floor(index / atlas.perSheet)));
  if (there.length === 0) return null;
  const { width, height } = atlas;
  const cellWidth = width + 2 * frame;
  const cellHeight = height + 2 * frame;
  const across = Math.max(1, Math.ceil(Math.sqrt((there.length * cellHeight) / cellWidth)));
  const down = Math.ceil(there.length / across);
  const picture = new ImageData(across * cellWidth, down * cellHeight);
  const pixels = new Uint32Array(picture.data.buffer);
  const mapping: Thumbnails["mapping"] = {};
  there.forEach((index, at) => {
    const x = (at % across) * cellWidth;
    const y = Math.floor(at / across) * cellHeight;
    mapping[String(index)] = { x, y, width: cellWidth, height: cellHeight, mask: false };
    const colour =
      (255 << 24) |
      ((colours[index * 4 + 2] as number) << 16) |
      ((colours[index * 4 + 1] as number) << 8) |
      (colours[index * 4] as number);
    for (let row = 0; row < cellHeight; row++) {
      const start = (y + row) * picture.width + x;
      pixels.fill(colour >>> 0, start, start + cellWidth);
    }
    copyThumbnail(atlas, sheets, index, pixels, picture.width, x + frame, y + frame);
  });
  return { indices: there, atlas: picture, mapping, size, all: there.length === indices.length };
}

function copyThumbnail(
  { perSheet, columns, width, height, channels }: AtlasInfo,
  sheets: ReadonlyMap<number, Uint8Array>,
  index: number,
  into: Uint32Array,
  stride: number,
  left: number,
  top: number,
): void {
  const sheet = sheets.get(Math.floor(index / perSheet)) as Uint8Array;
  const place = index % perSheet;
  const across = columns * width;
  const x0 = (place % columns) * width;
  const y0 = Math.floor(place / columns) * height;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = ((y0 + y) * across + x0 + x) * channels;
      const red = sheet[at] as number;
      const green = channels === 1 ? red : (sheet[at + 1] as number);
      const blue = channels === 1 ? red : (sheet[at + 2] as number);
      into[(top + y) * stride + left + x] = ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    }
  }
}
