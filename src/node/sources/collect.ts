/** A whole source out of its pieces. */
import { FormatError, InputError, OptionError } from "../../errors.ts";
import { throwIfCancelled } from "../../estimator.ts";
import {
  type Box,
  type Fit,
  type ImageSet,
  labelsFromClasses,
  type SkippedFile,
  untouchedSide,
  vectorImages,
} from "../../images/index.ts";
import { type DecodedImage, ofChannels, resizeOne } from "./decode/index.ts";
import { decodePiece } from "./decode-piece.ts";
import { checkBad } from "./max-bad.ts";
import type { ImagePiece, Piece, SourceReader, VectorPiece } from "./reader.ts";
import type { DecodeProgress } from "./source-options.ts";

/** Items asked of a reader at a time. */
const pieceSize = 256;
/** Images between two words of progress. */
const progressStep = 32;

export interface CollectOptions {
  /** What the source is called, for messages. */
  readonly location: string;
  readonly size: number | undefined;
  readonly fit: Fit;
  readonly grey: boolean;
  /** The first so many items alone. */
  readonly limit: number | undefined;
  readonly maxBad: string | undefined;
  /** Items that are known to be unreadable before. */
  readonly skipped: readonly SkippedFile[];
  readonly onDecode: ((progress: DecodeProgress) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

export interface Collected {
  readonly images: ImageSet;
  readonly skipped: readonly SkippedFile[];
  /** What kind of pieces the source has. */
  readonly kind: Piece["kind"];
  /** Of image files: side to which they were brought, where one of them was. */
  readonly size?: number | undefined;
  /** Whether an item could not even be read: that may be otherwise the next time. */
  readonly unsteady: boolean;
}

/**
 * Reads a source to its end. Image files are brought to one size and to one kind of channels; images and vectors of other
 * kinds of sources come as they are.
 *
 * @throws {InputError} if there is nothing, fewer items than the limit says, or more unreadable ones than allowed
 * @throws {FormatError} if the items are of different kinds or shapes
 * @throws {CancelledError} if the signal fires
 */
export async function collect(reader: SourceReader, options: CollectOptions): Promise<Collected> {
  const { location, limit, signal } = options;
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 1)) {
    throw new OptionError(`openSource: limit must be an integer from 1 on; got ${limit}.`);
  }
  const gathered = new Gathered(reader, options);
  for await (const piece of reader.pieces(pieceSize, signal)) {
    throwIfCancelled("openSource", signal);
    await gathered.add(limit === undefined ? piece : firstOf(piece, limit - gathered.seen));
    if (limit !== undefined && gathered.seen >= limit) break;
  }
  if (limit !== undefined && gathered.seen < limit) {
    throw new InputError(
      `openSource: limit must be at most ${gathered.seen}, the number of items of "${location}"; got ${limit}. Leave the limit out to use them all.`,
    );
  }
  return gathered.finish();
}

class Gathered {
  seen = 0;
  private readonly options: CollectOptions;
  private readonly total: number | undefined;
  private readonly columns: readonly string[] | undefined;
  private kind: Piece["kind"] | undefined;
  private readonly decoded: DecodedImage[] = [];
  private readonly arrays: ImagePiece[] = [];
  private readonly vectors: VectorPiece[] = [];
  private readonly names: string[] = [];
  private readonly classes: (string | null)[] = [];
  private readonly skipped: SkippedFile[];
  private named = false;
  private unsteady = false;
  private readonly progress = { done: 0, skipped: 0 };

  constructor(reader: SourceReader, options: CollectOptions) {
    this.options = options;
    this.skipped = [...options.skipped];
    this.columns = reader.columns;
    const { limit } = options;
    this.total = reader.count === undefined ? undefined : Math.min(reader.count, limit ?? reader.count);
  }

  async add(piece: Piece): Promise<void> {
    const { location } = this.options;
    this.kind ??= piece.kind;
    if (piece.kind !== this.kind) {
      throw new FormatError(
        `openSource: "${location}" must hold items of one kind; got ${this.kind}, then ${piece.kind}.`,
      );
    }
    if (piece.kind === "files") {
      await this.decode(piece);
      return;
    }
    const count = piece.kind === "images" ? piece.count : piece.values.rows;
    this.seen += count;
    this.keep(count, piece.names, piece.classes);
    if (piece.kind === "images") this.arrays.push(sameShape(piece, this.arrays[0], location));
    else this.vectors.push(sameLength(piece, this.vectors[0], location));
  }

  private async decode(piece: Piece & { readonly kind: "files" }): Promise<void> {
    const { size, fit, grey, signal } = this.options;
    const box = size === undefined ? undefined : { height: size, width: size };
    const done = await decodePiece(piece, { box, fit, grey }, (bad) => this.report(bad), signal);
    for (const image of done.images) this.decoded.push(image);
    for (const one of done.skipped) this.skipped.push(one);
    this.keep(done.images.length, done.names, done.classes);
    this.seen += piece.files.length;
    this.unsteady ||= done.unsteady;
    // Nobody should wait for the end of what has to fail.
    if (this.total !== undefined) this.check(this.total);
  }

  private keep(
    count: number,
    names: readonly string[] | undefined,
    classes: readonly (string | null)[] | undefined,
  ): void {
    this.named ||= names !== undefined;
    for (let i = 0; i < count; i++) {
      this.names.push(names?.[i] ?? "");
      this.classes.push(classes?.[i] ?? null);
    }
  }

  private report(bad: boolean): void {
    const { progress, total } = this;
    progress.done += 1;
    if (bad) progress.skipped += 1;
    if (progress.done % progressStep === 0 || progress.done === total)
      this.options.onDecode?.({ ...progress, total });
  }

  private check(seen: number): void {
    const { location, maxBad } = this.options;
    checkBad(location, this.skipped, seen + this.options.skipped.length, maxBad);
  }

  finish(): Collected {
    const { location } = this.options;
    this.check(this.seen);
    if (this.names.length === 0) {
      const first = this.skipped[0];
      const got = first ? `none that could be read ("${first.file}": ${first.reason})` : "none";
      throw new InputError(
        `openSource: "${location}" must hold at least one image or row; got ${got}. Give a source with images.`,
      );
    }
    const { images, size } = this.assemble();
    const known = {
      ...(this.named && { files: this.names }),
      ...(this.columns && images.values && { columns: this.columns }),
      ...labelsFromClasses(this.classes),
    };
    return {
      images: { ...images, ...known },
      skipped: this.skipped,
      kind: this.kind ?? "files",
      size,
      unsteady: this.unsteady,
    };
  }

  private assemble(): { readonly images: ImageSet; readonly size?: number | undefined } {
    const [array] = this.arrays;
    if (array) return { images: { ...shapeOf(array), ...this.counted(array) } };
    const [vector] = this.vectors;
    if (!vector) {
      const { size, fit, location } = this.options;
      const box = size === undefined ? undefined : { height: size, width: size };
      const { images, brought } = assembleDecoded(this.decoded, { box, fit, location });
      return { images, size: brought ? images.height : undefined };
    }
    const { cols } = vector.values;
    const data = new Float32Array(this.names.length * cols);
    let at = 0;
    for (const { values } of this.vectors) {
      data.set(values.data, at);
      at += values.data.length;
    }
    const { location: name } = this.options;
    return { images: vectorImages({ rows: this.names.length, cols, data }, { name }) };
  }

  private counted(first: ImagePiece): { readonly count: number; readonly pixels: Uint8Array } {
    const count = this.names.length;
    const pixels = allocate(count, first, this.options.location);
    let at = 0;
    for (const piece of this.arrays) {
      pixels.set(piece.pixels, at);
      at += piece.pixels.length;
    }
    return { count, pixels };
  }
}

/**
 * Images of files, brought to one size and one kind of channels.
 *
 * @param box default: that of the images if all have the same, else 64 x 64, which greater ones have been brought to
 * @returns `brought`: whether they have a size that was asked for, or 64 x 64 because they must have some size
 */
export function assembleDecoded(
  decoded: readonly DecodedImage[],
  asked: { readonly box: Box | undefined; readonly fit: Fit; readonly location: string },
): { readonly images: ImageSet; readonly brought: boolean } {
  const { fit, location } = asked;
  const [first] = decoded as [DecodedImage];
  const same = decoded.every((one) => one.height === first.height && one.width === first.width);
  const asTheyAre = asked.box === undefined && same && !decoded.some((one) => one.shrunk);
  const box = asked.box ?? (asTheyAre ? first : { height: untouchedSide, width: untouchedSide });
  const channels = decoded.some((one) => one.channels === 3) ? 3 : 1;
  const shape = { height: box.height, width: box.width, channels };
  const pixels = allocate(decoded.length, shape, location);
  decoded.forEach((image, i) => {
    const one = ofChannels(resizeOne(image, shape, fit), channels);
    pixels.set(one.pixels, i * one.pixels.length);
  });
  return { images: { count: decoded.length, ...shape, pixels }, brought: !asTheyAre };
}

type Shape = Pick<ImageSet, "height" | "width" | "channels">;

function shapeOf({ height, width, channels }: Shape): Shape {
  return { height, width, channels };
}

function allocate(count: number, { height, width, channels }: Shape, location: string): Uint8Array {
  const length = count * height * width * channels;
  if (length <= 0xffffffff) return new Uint8Array(length);
  throw new InputError(
    `openSource: the ${count} images of "${location}" of ${height} x ${width} x ${channels} must fit into 4 GiB; got ${length} bytes. Use a smaller --size, --grey, or --limit.`,
  );
}

function sameShape(piece: ImagePiece, first: ImagePiece | undefined, location: string): ImagePiece {
  const text = ({ height, width, channels }: Shape): string => `${height} x ${width} x ${channels}`;
  if (!first || text(first) === text(piece)) return piece;
  throw new FormatError(
    `openSource: "${location}" must hold images of one shape; got ${text(first)}, then ${text(piece)}.`,
  );
}

function sameLength(piece: VectorPiece, first: VectorPiece | undefined, location: string): VectorPiece {
  if (!first || first.values.cols === piece.values.cols) return piece;
  throw new FormatError(
    `openSource: "${location}" must hold vectors of one length; got ${first.values.cols} numbers, then ${piece.values.cols}.`,
  );
}

/** The first `most` items of a piece. */
export function firstOf(piece: Piece, most: number): Piece {
  const known = {
    ...(piece.names && { names: piece.names.slice(0, most) }),
    ...(piece.classes && { classes: piece.classes.slice(0, most) }),
  };
  switch (piece.kind) {
    case "files":
      return { ...piece, ...known, files: piece.files.slice(0, most) };
    case "images": {
      const count = Math.min(most, piece.count);
      const pixels = piece.pixels.subarray(0, count * piece.height * piece.width * piece.channels);
      return { ...piece, ...known, count, pixels };
    }
    case "vectors": {
      const { cols, data } = piece.values;
      const rows = Math.min(most, piece.values.rows);
      return { ...piece, ...known, values: { rows, cols, data: data.subarray(0, rows * cols) } };
    }
  }
}
