/** A source in pieces that fit into memory, in the shape that a run asks for. */
import { InputError, OptionError } from "../../errors.ts";
import { throwIfCancelled } from "../../estimator.ts";
import {
  type Box,
  defaultSize,
  type ImageSet,
  limitImages,
  resizeImages,
  type SkippedFile,
  sliceImages,
  vectorImages,
  withChannels,
} from "../../images/index.ts";
import { assembleDecoded, firstOf } from "./collect.ts";
import { decodePiece } from "./decode-piece.ts";
import { checkBad } from "./max-bad.ts";
import { type OpenedReader, openLocation } from "./open-location.ts";
import { checkReading } from "./open-source.ts";
import type { FilePiece, Piece } from "./reader.ts";
import type { SourceOptions } from "./source-options.ts";
import { checkSplit } from "./splits.ts";

/** How a source is to be read piece by piece. */
export interface StreamOptions extends SourceOptions {
  /** Most images in a piece, from 1 on. */
  readonly chunk: number;
  /**
   * Shape of the images, as a run had it (of vectors: height 1, width numbers, 1 channel), which all are brought to by
   * `fit`; `size` is then of no account. Default: as `openSource` would have it, of the first piece alone.
   */
  readonly height?: number | undefined;
  readonly width?: number | undefined;
  readonly channels?: number | undefined;
}

/** What is known of a source once it is read to its end. */
export interface StreamEnd {
  /** Name for people and folders. */
  readonly name: string;
  /** Items that were given; without those skipped. */
  readonly count: number;
  /** Items that could not be read, in the order of the source. */
  readonly skipped: readonly SkippedFile[];
  /** What the reader decided without being asked, in sentences for people. */
  readonly notices: readonly string[];
}

/**
 * Reads a `<source>` piece by piece, so that memory stays bounded by `chunk`: all that `openSource` opens. (Named sets,
 * `strokes` and IDX files are read whole and given in pieces.) Nothing is kept in the cache.
 *
 * Each piece has `files` where the items have names. Where the source has classes it has `labels`, which index its own
 * `classNames`: names in the order in which the source brings them, each piece with those of the pieces before and more.
 *
 * @throws all that `openSource` throws; an unreadable source may show itself after some pieces
 */
export async function* streamSource(
  location: string,
  options: StreamOptions,
): AsyncGenerator<ImageSet, StreamEnd, void> {
  const { chunk, limit, signal } = options;
  for (const [name, value] of Object.entries({ chunk, limit: limit ?? 1 })) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new OptionError(`streamSource: ${name} must be an integer from 1 on; got ${value}.`);
  }
  checkReading(options);
  throwIfCancelled("streamSource", signal);
  const opened = await openLocation(location, checkSplit(options.split ?? "all"), options);
  if (opened.kind === "reader") return yield* streamReader(opened, location, options);
  const { name } = opened;
  const images = limit === undefined ? opened.images : limitImages(opened.images, limit);
  const shape = new Shape(location, options);
  for (let from = 0; from < images.count; from += chunk) {
    throwIfCancelled("streamSource", signal);
    yield shape.bring(sliceImages(images, from, Math.min(images.count, from + chunk)));
  }
  return { name, count: images.count, skipped: [], notices: [] };
}

async function* streamReader(
  opened: OpenedReader,
  location: string,
  options: StreamOptions,
): AsyncGenerator<ImageSet, StreamEnd, void> {
  const { chunk, maxBad, signal, onDecode } = options;
  const limit = opened.limited ? undefined : options.limit;
  const reader = await opened.open();
  const skipped = [...opened.skipped];
  const total = reader.count === undefined ? undefined : Math.min(reader.count, limit ?? reader.count);
  const shape = new Shape(location, options);
  const classes = new GrowingClasses();
  let count = 0;
  let seen = 0;
  try {
    for await (const whole of reader.pieces(chunk, signal)) {
      throwIfCancelled("streamSource", signal);
      const piece = limit === undefined ? whole : firstOf(whole, limit - seen);
      const read = await readPiece(piece, seen, shape, skipped, options);
      seen += countOf(piece);
      if (piece.kind === "files") onDecode?.({ done: seen, total, skipped: skipped.length });
      if (total !== undefined) checkBad(location, skipped, total + opened.skipped.length, maxBad);
      if (read) {
        count += read.images.count;
        yield { ...read.images, ...(read.names && { files: read.names }), ...classes.label(read) };
      }
      if (limit !== undefined && seen >= limit) break;
    }
  } finally {
    await reader.close();
  }
  if (limit !== undefined && seen < limit) {
    throw new InputError(
      `streamSource: limit must be at most ${seen}, the number of items of "${location}"; got ${limit}. Leave the limit out to use them all.`,
    );
  }
  checkBad(location, skipped, seen + opened.skipped.length, maxBad);
  if (count === 0) {
    throw new InputError(
      `streamSource: "${location}" must hold at least one image or row that can be read; got none. Give a source with images.`,
    );
  }
  return { name: opened.name, count, skipped, notices: reader.notices ?? [] };
}

interface ReadPiece {
  readonly images: ImageSet;
  readonly names: readonly string[] | undefined;
  readonly classes: readonly (string | null)[] | undefined;
}

/** @returns undefined where nothing of the piece could be read */
async function readPiece(
  piece: Piece,
  firstRow: number,
  shape: Shape,
  skipped: SkippedFile[],
  options: StreamOptions,
): Promise<ReadPiece | undefined> {
  const { names, classes } = piece;
  if (piece.kind === "files") return readFiles(piece, shape, skipped, options);
  if (countOf(piece) === 0) return undefined;
  if (piece.kind === "vectors") {
    const images = vectorImages(piece.values, { name: shape.location, firstRow });
    return { images: shape.checkVectors(images), names, classes };
  }
  const { count, height, width, channels, pixels } = piece;
  return { images: shape.bring({ count, height, width, channels, pixels }), names, classes };
}

async function readFiles(
  piece: FilePiece,
  shape: Shape,
  skipped: SkippedFile[],
  { fit = "contain", grey = false, size, signal }: StreamOptions,
): Promise<ReadPiece | undefined> {
  const square = size === undefined ? undefined : { height: size, width: size };
  const settings = { box: shape.box ?? square, fit, grey: grey || shape.channels === 1 };
  const done = await decodePiece(piece, settings, () => {}, signal);
  for (const one of done.skipped) skipped.push(one);
  if (done.images.length === 0) return undefined;
  const { location } = shape;
  const images = shape.box
    ? assembleDecoded(done.images, { box: shape.box, fit, location }).images
    : assembleDecoded(done.images, { box: square, fit, location }).images;
  return { images: shape.bring(images), names: done.names, classes: done.classes };
}

function countOf(piece: Piece): number {
  if (piece.kind === "files") return piece.files.length;
  return piece.kind === "images" ? piece.count : piece.values.rows;
}

/** The shape that all images of a stream have: asked for, or that of the first ones. */
class Shape {
  readonly location: string;
  box: Box | undefined;
  channels: number | undefined;
  private readonly options: StreamOptions;

  constructor(location: string, options: StreamOptions) {
    const { height, width, channels } = options;
    this.location = location;
    this.options = options;
    this.box = height === undefined || width === undefined ? undefined : { height, width };
    this.channels = channels;
  }

  /** The images in this shape. */
  bring(images: ImageSet): ImageSet {
    if (images.values) return this.checkVectors(images);
    const { size, grey, fit } = this.options;
    const side = size ?? defaultSize(images);
    this.box ??=
      side === undefined ? { height: images.height, width: images.width } : { height: side, width: side };
    this.channels ??= grey ? 1 : images.channels;
    return resizeImages(withChannels(images, this.channels), this.box, fit);
  }

  /** @throws {InputError} if they have another length */
  checkVectors(images: ImageSet): ImageSet {
    this.box ??= { height: 1, width: images.width };
    if (this.box.height === 1 && this.box.width === images.width && (this.channels ?? 1) === 1) return images;
    const { height, width } = this.box;
    throw new InputError(
      `streamSource: "${this.location}" must hold images of ${height} x ${width} x ${this.channels ?? 1}, or vectors of one length; got vectors of ${images.width} numbers. Give a source like that of the run, or say with shape what its rows are.`,
    );
  }
}

/** Classes in the order in which they come. */
class GrowingClasses {
  private readonly names: string[] = [];
  private readonly indices = new Map<string, number>();
  private known = false;

  label({ classes, images }: ReadPiece): { labels?: Int32Array; classNames?: readonly string[] } {
    this.known ||= classes?.some((name) => name !== null) === true;
    if (!this.known) return {};
    const labels = Int32Array.from({ length: images.count }, (_, i) => this.indexOf(classes?.[i] ?? null));
    return { labels, classNames: [...this.names] };
  }

  private indexOf(name: string | null): number {
    if (name === null) return -1;
    let index = this.indices.get(name);
    if (index === undefined) {
      index = this.names.push(name) - 1;
      this.indices.set(name, index);
    }
    return index;
  }
}
