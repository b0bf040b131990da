import { OptionError } from "../../../errors.ts";

/** How a table is to be read. */
export interface TableOptions {
  /** Rows are images of this shape: whole numbers 0..255, row by row of the image, the channels of a pixel side by side. */
  readonly shape?: ItemShape | undefined;
  /** Column that names the rows: its name, or its number from 1 on. */
  readonly idColumn?: string | undefined;
  /** Column that holds the class of each row: its name, or its number from 1 on. */
  readonly labelColumn?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ItemShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * A shape as it is written: `28x28`, `32x32x3`.
 *
 * @throws {OptionError} for anything else
 */
export function parseShape(text: string): ItemShape {
  const [, height, width, channels = "1"] = /^([1-9]\d{0,4})x([1-9]\d{0,4})(?:x([134]))?$/.exec(text) ?? [];
  if (height === undefined || width === undefined) {
    throw new OptionError(
      `openSource: shape must be HxW or HxWxC (1, 3 or 4 channels), as 28x28 or 32x32x3; got "${text}".`,
    );
  }
  return { height: Number(height), width: Number(width), channels: Number(channels) };
}

/** Most numbers in a piece, so that wide rows take no more memory than narrow ones. */
const mostNumbers = 2 ** 22;

/** Rows of a piece: at most `most`, and of at most 4 million numbers, but one at least. */
export function rowsPerPiece(most: number, columns: number): number {
  return Math.max(1, Math.min(most, Math.floor(mostNumbers / Math.max(1, columns))));
}
