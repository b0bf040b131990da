import { type ImageSet, type SkippedFile, sliceImages } from "../../images/index.ts";
import { openSource } from "./open-source.ts";
import type { SourceOptions } from "./source-options.ts";

/** How a source is to be read piece by piece. */
export interface StreamOptions extends SourceOptions {
  /** Most images in a piece, from 1 on. */
  readonly chunk: number;
  /** Shape of the images, as a run had it (of vectors: height 1, width numbers, 1 channel); default: as the first piece has it. */
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
}

/**
 * Reads a `<source>` piece by piece, so that memory stays bounded by `chunk`; all that `openSource` opens.
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
  const { images, name, skipped = [] } = await openSource(location, options);
  for (let from = 0; from < images.count; from += options.chunk) {
    yield sliceImages(images, from, Math.min(images.count, from + options.chunk));
  }
  return { name, count: images.count, skipped };
}
