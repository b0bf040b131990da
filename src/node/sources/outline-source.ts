import { InputError } from "../../errors.ts";
import type { SourceOutline } from "../../experiment/index.ts";
import {
  defaultSize,
  type ImageSource,
  isVectors,
  labelsFromIdx,
  nClasses,
  readIdx,
  type Split,
} from "../../images/index.ts";
import { type DataSet, dataFolders, dataSets, findFile, foldersOf, usualNames } from "../data-sets/index.ts";
import { kindOfPath } from "../files.ts";
import { readIdxFile, readIdxFileHeader } from "../idx-file.ts";
import { openLocation } from "./open-location.ts";
import { openSource } from "./open-source.ts";
import { sourceName } from "./source-name.ts";
import type { SourceOptions } from "./source-options.ts";
import { checkSplit } from "./splits.ts";

/** Items of a folder, an archive or a table that are read for the shape of all of them. */
const looked = 256;

/** Drawn digits of the whole set, and of its training part; their size. */
const drawn = { count: 10_000, train: 8000, height: 28, width: 28, channels: 1, classes: 10 };

/**
 * What is known of a source's images without reading them: of the drawn digits, of named sets and of IDX files from
 * their headers; of folders, archives, arrays and Parquet files from their number of items and the first 256 (of class
 * folders evenly from each; items that cannot be read count here). What does not know its number, or has classes that
 * only its end tells, is opened whole. Downloads nothing.
 *
 * @throws {InputError} if a named set is not on this machine
 * @throws as {@link openSource}
 */
export async function outlineSource(location: string, options: SourceOptions = {}): Promise<SourceOutline> {
  const found = await headersOf(location, options);
  if (!found) {
    const few = await fewOf(location, options);
    const { name, images } = few?.source ?? (await openSource(location, options));
    const { height, width, channels } = images;
    const count = few?.count ?? images.count;
    const classes = nClasses(images);
    const known = { ...(isVectors(images) && { vectors: true }), ...(classes > 0 && { classes }) };
    return { name, count, height, width, channels, ...known };
  }
  const { name, classes, ...parts } = found;
  const { count, height, width, channels } = partOf(parts, options.split ?? "all", location);
  const size = options.size ?? defaultSize({ height, width });
  return {
    name,
    count: Math.min(count, options.limit ?? count),
    ...(size === undefined ? { height, width } : { height: size, width: size }),
    channels,
    ...(classes !== undefined && { classes }),
  };
}

/** The first items of a source that knows how many it has. */
async function fewOf(
  location: string,
  options: SourceOptions,
): Promise<{ readonly source: ImageSource; readonly count: number } | undefined> {
  if (location === "-") return undefined; // a list can be read but once
  const split = checkSplit(options.split ?? "all");
  const opened = await openLocation(location, split, { ...options, limit: undefined });
  if (opened.kind === "set") return undefined;
  const reader = await opened.open();
  await reader.close();
  const { limit } = options;
  if (reader.count === undefined || (limit !== undefined && limit > reader.count)) return undefined;
  const count = limit ?? reader.count;
  if (count <= looked) return undefined;
  const source = await openSource(location, { ...options, limit: looked, maxBad: "100%", noCache: true });
  const even = (await kindOfPath(location, "openSource")) === "folder";
  return source.images.labels && !even ? undefined : { source, count };
}

interface Part {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

interface Headers {
  readonly name: string;
  readonly classes?: number | undefined;
  readonly train?: Part | undefined;
  readonly test?: Part | undefined;
  /** A file that is no part of anything. */
  readonly whole?: Part | undefined;
}

async function headersOf(location: string, options: SourceOptions): Promise<Headers | undefined> {
  const catalogue = options.catalogue ?? dataSets;
  if (location === "strokes") {
    const { train, count, classes, ...size } = drawn;
    const part = (of: number): Part => ({ count: of, ...size });
    return { name: location, classes, train: part(train), test: part(count - train) };
  }
  const set = catalogue.find(({ name }) => name === location);
  if (set) return headersOfSet(set, options);
  const kind = await kindOfPath(location, "openSource");
  if (kind === "file" && /(idx[34]|ubyte)(\.gz)?$/.test(location)) {
    return { name: sourceName(location, kind), whole: await partIn(location) };
  }
  if (kind !== "folder") return undefined;
  const parts = await partsIn(location);
  return parts && { name: sourceName(location, kind), ...parts };
}

async function headersOfSet(set: DataSet, options: SourceOptions): Promise<Headers> {
  for (const folder of foldersOf(set, options.dataFolders ?? dataFolders())) {
    const parts = await partsIn(folder);
    if (parts) return { ...parts, name: set.name, classes: set.classNames.length };
  }
  throw new InputError(
    `openSource: "${set.name}" must be on this machine to be estimated; got it in no data folder. Fetch it first: unlabeled data fetch ${set.name}`,
  );
}

async function partsIn(folder: string): Promise<Omit<Headers, "name"> | undefined> {
  const find = (name: string) => findFile(folder, usualNames(name), "openSource");
  const part = async (prefix: string): Promise<Part | undefined> => {
    const path = await find(`${prefix}-images-idx3-ubyte`);
    return path === undefined ? undefined : partIn(path);
  };
  const [train, test] = [await part("train"), await part("t10k")];
  if (!train && !test) return undefined;
  const labels = await find(`${train ? "train" : "t10k"}-labels-idx1-ubyte`);
  return { train, test, ...(labels !== undefined && { classes: await classesIn(labels) }) };
}

/** A byte for each image: read as it is. */
async function classesIn(path: string): Promise<number> {
  const labels = labelsFromIdx(readIdx(await readIdxFile(path, "openSource"), path), path);
  return labels.reduce((most, label) => Math.max(most, label + 1), 0);
}

async function partIn(path: string): Promise<Part> {
  const { shape } = await readIdxFileHeader(path, "openSource");
  const [count = 0, height = 0, width = 0, channels = 1] = shape;
  if (shape.length >= 3 && shape.length <= 4 && count > 0) return { count, height, width, channels };
  throw new InputError(
    `openSource: "${path}" must hold images, in 3 or 4 dimensions; got ${shape.length} (${shape.join(" x ")}).`,
  );
}

function partOf({ train, test, whole }: Omit<Headers, "name">, split: Split, location: string): Part {
  const halves = (part: Part | undefined): Part | undefined => {
    if (!part) return undefined;
    const half = Math.floor(part.count / 2);
    return { ...part, count: split === "validation" ? half : part.count - half };
  };
  const both = train && test ? { ...train, count: train.count + test.count } : (train ?? test ?? whole);
  const part = split === "all" ? both : split === "train" ? train : split === "test" ? test : halves(test);
  if (part) return part;
  throw new InputError(
    `openSource: split of "${location}" must be a part that it has; got ${split}. Use --split all, or give a source with that part.`,
  );
}
