/** One array, wherever its bytes come from: rows as vectors or images. */
import { FormatError, InputError } from "../../../errors.ts";
import { throwIfCancelled } from "../../../estimator.ts";
import type { ImagePiece, Piece, VectorPiece } from "../reader.ts";
import { checkShape, type ItemShape, numbersPiece, rowsPerPiece } from "../tables/index.ts";
import { decodeElements } from "./elements.ts";
import type { NpyHeader } from "./header.ts";

/** Bytes of an array, from the start of its data on. */
export interface ArrayBytes {
  /** The next `length` bytes; fewer only where the array ends. */
  next(length: number): Promise<Uint8Array>;
}

/** Where an array is read from; each reading begins anew. */
export type OpenArray = () => Promise<ArrayBytes>;

/** What the rows of an array are. */
export interface RowKind {
  readonly kind: "images" | "vectors";
  readonly rows: number;
  /** Numbers in a row. */
  readonly cols: number;
  readonly item: ItemShape | undefined;
}

const mostColumns = 1 << 26;

/**
 * Two axes are vectors, or images where a shape is given; three are grey images, four are images with 1, 3 or 4 channels last.
 *
 * @throws {FormatError} for another number of axes, or channels that do not come last
 * @throws {InputError} for an array without rows, or rows of another shape than asked
 */
export function rowKind({ shape }: NpyHeader, item: ItemShape | undefined, path: string): RowKind {
  const text = `shape (${shape.join(", ")})`;
  const [rows = 0, ...inner] = shape;
  const cols = inner.reduce((product, length) => product * length, 1);
  if (shape.length < 2 || shape.length > 4) {
    throw new FormatError(
      `openSource: "${path}" must have two axes (rows of numbers), three (images) or four (images with channels); got ${text}. Reshape the array before saving it.`,
    );
  }
  if (rows === 0 || cols === 0 || cols > mostColumns) {
    throw new InputError(
      `openSource: "${path}" must have at least one row of 1 to ${mostColumns} numbers; got ${text}.`,
    );
  }
  if (shape.length === 2) {
    checkShape(item, cols, path);
    return { kind: item ? "images" : "vectors", rows, cols, item };
  }
  const [height = 1, width = 1, channels = 1] = inner;
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new FormatError(
      `openSource: "${path}" must have its channels (1, 3 or 4) on the last axis; got ${text}. Where they come first, save numpy.moveaxis(array, 1, -1).`,
    );
  }
  const own = { height, width, channels };
  if (item) checkShape(item, cols, path);
  return { kind: "images", rows, cols, item: item ?? own };
}

/**
 * Bytes of an array of images that are no bytes yet: floats in 0..1 are times 255, numbers in 0..255 are rounded; which, the whole
 * array tells.
 */
export interface Brightness {
  readonly scale: number;
}

/** @throws {InputError} if a number lies outside 0..255, or is none */
export async function brightnessOf(
  header: NpyHeader,
  { rows, cols }: RowKind,
  open: OpenArray,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Brightness> {
  const { element } = header;
  if (element.bytes === 1 && element.kind === "u") return { scale: 1 };
  if (element.kind === "b") return { scale: 255 };
  let most = 0;
  let whole = true;
  const bytes = await open();
  const step = rowsPerPiece(rows, cols);
  for (let from = 0; from < rows; from += step) {
    throwIfCancelled("openSource", signal);
    const numbers = await nextRows(bytes, header, Math.min(step, rows - from), cols, path);
    for (let i = 0; i < numbers.length; i++) {
      const value = numbers[i] as number;
      if (!(value >= 0 && value <= 255)) {
        const row = from + Math.floor(i / cols);
        throw new InputError(
          `openSource: row ${row} of "${path}" must hold brightnesses, in 0..1 or in 0..255; got ${value}. Bring the images to that range before saving them.`,
        );
      }
      if (value > most) most = value;
      if (value % 1 !== 0) whole = false;
    }
  }
  return { scale: most <= 1 && (element.kind === "f" || !whole) ? 255 : 1 };
}

/** The next rows as numbers. */
async function nextRows(
  bytes: ArrayBytes,
  { element }: NpyHeader,
  count: number,
  cols: number,
  path: string,
): Promise<Float32Array> {
  return decodeElements(await nextBytes(bytes, count * cols * element.bytes, path), element);
}

async function nextBytes(bytes: ArrayBytes, length: number, path: string): Promise<Uint8Array> {
  const found = await bytes.next(length);
  if (found.length === length) return found;
  throw new FormatError(
    `openSource: "${path}" must hold all the numbers that its header promises; it ended ${length - found.length} bytes too early. Fetch or copy it again.`,
  );
}

/** Rows in pieces of at most `most`; `classes` are those of all rows. */
export async function* arrayPieces(
  header: NpyHeader,
  kind: RowKind,
  brightness: Brightness | undefined,
  bytes: ArrayBytes,
  {
    path,
    most,
    classes,
    signal,
  }: {
    readonly path: string;
    readonly most: number;
    readonly classes?: readonly (string | null)[] | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): AsyncGenerator<Piece, void, void> {
  const { rows, cols, item } = kind;
  const step = rowsPerPiece(most, cols);
  const isBytes = header.element.kind === "u" && header.element.bytes === 1;
  for (let from = 0; from < rows; from += step) {
    throwIfCancelled("openSource", signal);
    const count = Math.min(step, rows - from);
    const known = classes ? { classes: classes.slice(from, from + count) } : {};
    if (brightness && item) {
      const pixels = isBytes
        ? await nextBytes(bytes, count * cols, path)
        : bytesOf(await nextRows(bytes, header, count, cols, path), brightness);
      const piece: ImagePiece = { kind: "images", count, ...item, pixels, ...known };
      yield piece;
    } else {
      const place = {
        path,
        row: (index: number): string => `row ${from + index}`,
        column: (index: number): string => `column ${index}`,
      };
      const numbers = await nextRows(bytes, header, count, cols, path);
      yield numbersPiece(numbers, count, cols, undefined, known, place) as VectorPiece;
    }
  }
}

function bytesOf(numbers: Float32Array, { scale }: Brightness): Uint8Array {
  return Uint8Array.from(numbers, (value) => Math.round(value * scale));
}
