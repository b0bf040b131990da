import { InputError, OptionError } from "../../errors.ts";
import { throwIfCancelled } from "../../estimator.ts";
import {
  defaultSize,
  type Fit,
  fits,
  type ImageSet,
  type ImageSource,
  limitImages,
  type Reading,
  readingOf,
  resizeImages,
  type SkippedFile,
  scalings,
  withChannels,
} from "../../images/index.ts";
import { dataSets } from "../data-sets/index.ts";
import { collect } from "./collect.ts";
import { cacheEntry } from "./decoded-cache.ts";
import { imageDigest } from "./image-digest.ts";
import { checkBad, parseMaxBad } from "./max-bad.ts";
import { type OpenedReader, openLocation } from "./open-location.ts";
import type { SourceOptions } from "./source-options.ts";
import { checkSplit } from "./splits.ts";

/** Sources that are known by a name: the digits that the program draws, and the named data sets. */
export const namedSources: readonly string[] = ["strokes", ...dataSets.map((set) => set.name)];

/** The greatest side to which images are brought. */
const greatestSize = 4096;

/**
 * Opens a `<source>`: `strokes`, a named data set (downloaded where it is missing), a folder of images or of IDX files
 * with the usual four names, one file of any kind that is known by its extension, a pattern of image files with
 * wildcards, or `-`, a list of image files on standard input. A file or folder that has the name of a source is meant by
 * `./name`.
 *
 * Items that cannot be read are left out and told in `skipped`, as far as `maxBad` allows.
 *
 * @throws {OptionError} if an option is out of range, or the source does not have the split
 * @throws {InputError} if nothing is there, it cannot be read, or holds no images of use, or too many bad ones
 * @throws {FormatError} if a file is damaged, or of a kind that is not known
 * @throws {CancelledError} if the signal fires
 */
export async function openSource(location: string, options: SourceOptions = {}): Promise<ImageSource> {
  const split = checkSplit(options.split ?? "all");
  const reading = checkReading(options);
  throwIfCancelled("openSource", options.signal);
  const opened = await openLocation(location, split, options);
  throwIfCancelled("openSource", options.signal);
  if (opened.what !== undefined) checkNoRows(options, opened.what);
  const { images, skipped, notices, size, sha256 } =
    opened.kind === "set" ? wholeSet(opened.images, options) : await readThrough(opened, location, options);
  throwIfCancelled("openSource", options.signal);
  const { limit } = options;
  return {
    name: opened.name,
    location,
    split,
    ...(limit !== undefined && { limit }),
    ...(size !== undefined && { size }),
    ...reading,
    images,
    ...(skipped.length > 0 && { skipped }),
    ...(notices && notices.length > 0 && { notices }),
    sha256,
  };
}

/** @throws {OptionError} for what only arrays and tables can be asked */
function checkNoRows({ shape, idColumn, labelColumn }: SourceOptions, what: string): void {
  const [asked] = Object.entries({ shape, idColumn, labelColumn }).filter(([, value]) => value !== undefined);
  if (!asked) return;
  const [name, value] = asked;
  throw new OptionError(
    `openSource: ${name} must be left out for ${what}; got ${value}. It is about the rows of an array or a table.`,
  );
}

/**
 * What was asked about reading, without what was not.
 *
 * @throws {OptionError} for a value that is none
 */
export function checkReading(options: SourceOptions): Reading {
  const { fit, scaling, maxBad, size } = options;
  checkWord("fit", fits, fit);
  checkWord("scaling", scalings, scaling);
  if (maxBad !== undefined) parseMaxBad(maxBad);
  if (size !== undefined && (!Number.isInteger(size) || size < 1 || size > greatestSize)) {
    throw new OptionError(`openSource: size must be an integer in 1..${greatestSize}; got ${size}.`);
  }
  return readingOf(options);
}

function checkWord(name: string, words: readonly string[], given: string | undefined): void {
  if (given === undefined || words.includes(given)) return;
  throw new OptionError(`openSource: ${name} must be one of ${words.join(", ")}; got ${given}.`);
}

/** What a source comes to. */
interface Read {
  readonly images: ImageSet;
  readonly skipped: readonly SkippedFile[];
  readonly notices?: readonly string[] | undefined;
  /** Side to which the images were brought, where they were. */
  readonly size?: number | undefined;
  readonly sha256: string;
}

function wholeSet(whole: ImageSet, options: SourceOptions): Read {
  const { limit } = options;
  return { ...shaped(limit === undefined ? whole : limitImages(whole, limit), options), skipped: [] };
}

/** Images of one array, brought to the size and the channels that were asked for. */
function shaped(images: ImageSet, options: SourceOptions): Omit<Read, "skipped"> {
  const coloured = options.grey ? withChannels(images, 1) : images;
  const size = options.size ?? defaultSize(coloured);
  const sized = size === undefined ? coloured : resizeImages(coloured, size, options.fit);
  return { images: sized, ...(sized !== coloured && { size }), sha256: imageDigest(sized) };
}

async function readThrough(opened: OpenedReader, location: string, options: SourceOptions): Promise<Read> {
  const { size, limit, maxBad, onDecode, signal } = options;
  const fit: Fit = options.fit ?? "contain";
  const grey = options.grey === true;
  const rest = [opened.known, { size, fit, grey, limit: opened.limited ? undefined : limit }];
  const entry =
    options.noCache || opened.skipped.length > 0
      ? undefined
      : await cacheEntry(opened.paths, rest, (options.now ?? Date.now)(), options.dataFolders);
  const kept = await entry?.read();
  if (kept) {
    checkBad(location, kept.skipped, kept.images.count + kept.skipped.length, maxBad);
    return kept;
  }
  const reader = await opened.open();
  try {
    const collected = await collect(reader, {
      ...{ location, size, fit, grey, maxBad, onDecode, signal },
      limit: opened.limited ? undefined : limit,
      skipped: opened.skipped,
    });
    const told = { skipped: collected.skipped, notices: reader.notices };
    if (collected.images.values) return { ...vectors(collected.images, location, options), ...told };
    if (collected.kind === "images") return { ...shaped(collected.images, options), ...told };
    const read = { images: collected.images, ...told, sha256: imageDigest(collected.images) };
    const source = collected.size === undefined ? read : { ...read, size: collected.size };
    if (!collected.unsteady) await entry?.write(source);
    return source;
  } finally {
    await reader.close();
  }
}

/** @throws {InputError} for options that vectors do not have */
function vectors(
  images: ImageSet,
  location: string,
  { size, grey, fit }: SourceOptions,
): Omit<Read, "skipped"> {
  const [asked] =
    Object.entries({ size, grey: grey || undefined, fit }).find(([, value]) => value !== undefined) ?? [];
  if (asked !== undefined) {
    throw new InputError(
      `openSource: ${asked} must be left out for vectors; "${location}" holds vectors of ${images.width} numbers. Say that its rows are images with shape (--shape 28x28), or leave ${asked} out.`,
    );
  }
  return { images, sha256: imageDigest(images) };
}
