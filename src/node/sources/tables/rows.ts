/** Rows of numbers to vectors or images. */
import { InputError } from "../../../errors.ts";
import type { ImagePiece, VectorPiece } from "../reader.ts";
import type { ItemShape } from "./table-options.ts";

type Known = Pick<VectorPiece, "names" | "classes">;

/** Where the rows of a piece stand in their table, for messages. */
export interface Place {
  readonly path: string;
  /** A row of the piece in words: `row 7 (line 8)`. */
  row(index: number): string;
  /** A number of the row in words: `column "x"`, `number 3`. */
  column(index: number): string;
}

/**
 * @param data rows x cols, kept
 * @returns the rows as vectors, or as images where a shape is given
 * @throws {InputError} if a number is not finite, or no whole number in 0..255 where images are meant
 */
export function numbersPiece(
  data: Float32Array,
  rows: number,
  cols: number,
  shape: ItemShape | undefined,
  known: Known,
  place: Place,
): ImagePiece | VectorPiece {
  if (!shape) {
    for (let i = 0; i < data.length; i++) {
      if (!Number.isFinite(data[i])) {
        refuse(
          i,
          "a finite number (of 32 bits)",
          `${data[i]}`,
          "Fill the gaps, or leave the row or the column out.",
        );
      }
    }
    return { kind: "vectors", values: { rows, cols, data }, ...known };
  }
  const pixels = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    pixels[i] = data[i] as number;
    if (pixels[i] !== data[i]) {
      const remedy = "Leave --shape out to read the rows as vectors.";
      refuse(i, "a whole number in 0..255, since rows are images", `${data[i]}`, remedy);
    }
  }
  const { height, width, channels } = shape;
  return { kind: "images", count: rows, height, width, channels, pixels, ...known };

  function refuse(i: number, must: string, got: string, remedy: string): never {
    const where = `${place.row(Math.floor(i / cols))}, ${place.column(i % cols)} of "${place.path}"`;
    throw new InputError(`openSource: ${where} must be ${must}; got ${got}. ${remedy}`);
  }
}

/** @throws {InputError} if rows of that many numbers are no images of the shape */
export function checkShape(shape: ItemShape | undefined, nNumbers: number, path: string): void {
  if (!shape) return;
  const { height, width, channels } = shape;
  if (height * width * channels === nNumbers) return;
  throw new InputError(
    `openSource: rows of "${path}" must have ${height * width * channels} numbers for images of ${height} x ${width} x ${channels}; got ${nNumbers}. Check --shape, --id-column and --label-column.`,
  );
}
