/** From the `<source>` argument to what reads it. */
import { basename, join } from "node:path";
import { FormatError, InputError, OptionError } from "../../errors.ts";
import { type ImageSet, type SkippedFile, type Split, strokes } from "../../images/index.ts";
import { didYouMean } from "../../spelling.ts";
import { dataSets, openDataSet } from "../data-sets/index.ts";
import { fileReason, kindOfPath } from "../files.ts";
import { imageFormats } from "./decode/index.ts";
import {
  classFolders,
  filesReader,
  isGlob,
  isImageName,
  limitedItems,
  listGlob,
  listImages,
  readFileList,
} from "./files/index.ts";
import { findIdxParts, mayBeIdx, openIdxFile } from "./idx-source.ts";
import type { SourceReader } from "./reader.ts";
import { knownFiles, readerFor } from "./readers.ts";
import { sourceName } from "./source-name.ts";
import type { SourceOptions } from "./source-options.ts";
import { openSplit, type Parts } from "./splits.ts";

/** What a location leads to: images that are whole at once, or files that are read piece by piece. */
export type Opened =
  | {
      readonly kind: "set";
      readonly name: string;
      /** What the location is, for messages: something without rows of its own. */
      readonly what: string;
      readonly images: ImageSet;
    }
  | OpenedReader;

export interface OpenedReader {
  readonly kind: "reader";
  readonly name: string;
  /** What the location is, for messages, where it is no array or table. */
  readonly what?: string | undefined;
  /** Files that decide what is read, by path. */
  readonly paths: readonly string[];
  /** What is known besides, of the names that items have and of what was asked. */
  readonly known: readonly unknown[];
  /** What could not be read already. */
  readonly skipped: readonly SkippedFile[];
  /** Whether the limit is seen to. */
  readonly limited: boolean;
  open(): Promise<SourceReader>;
}

/** Which of the drawn digits are what part. */
const strokesRanges: Readonly<Record<Split, readonly [from: number, to: number]>> = {
  all: [0, 10_000],
  train: [0, 8000],
  test: [8000, 10_000],
  validation: [8000, 9000],
  holdout: [9000, 10_000],
};

/** @throws what {@link openSource} throws */
export async function openLocation(location: string, split: Split, options: SourceOptions): Promise<Opened> {
  const catalogue = options.catalogue ?? dataSets;
  if (location === "strokes") return setOf(location, "a named set", limitedStrokes(split, options.limit));
  if (catalogue.some((set) => set.name === location)) {
    const parts = dataSetParts(location, { ...options, catalogue });
    return setOf(location, "a named set", await openSplit(parts, split, location));
  }
  if (location === "-") {
    onlyAll(split, "a list of files");
    const names = await readFileList(options.input ?? process.stdin, options.signal);
    return openFiles("list", { names, folder: "", classes: undefined }, [], options);
  }
  const kind = await kindOfPath(location, "openSource");
  if (kind === "file") {
    onlyAll(split, "a single file");
    const name = sourceName(location, kind);
    const open = readerFor(location, options);
    if (open) {
      const { shape, idColumn, labelColumn } = options;
      const known = [basename(location), { shape, idColumn, labelColumn }];
      const what = isImageName(basename(location)) ? "an image file" : undefined;
      return { kind: "reader", name, what, paths: [location], known, skipped: [], limited: false, open };
    }
    if (!(await mayBeIdx(location))) {
      throw new FormatError(
        `openSource: "${location}" must be ${knownFiles}; got none of these. Give it the name that says what it is, or another file.`,
      );
    }
    return setOf(name, "an IDX file", await openIdxFile(location, options.signal));
  }
  if (kind === "folder") {
    const name = sourceName(location, kind);
    const parts = await findIdxParts(location, options.signal);
    if (parts) return setOf(name, "a folder", await openSplit(parts, split, location));
    onlyAll(split, "a folder of images");
    return openFolder(location, name, options);
  }
  if (kind === "none" && isGlob(location)) {
    onlyAll(split, "a pattern");
    const { folder, names } = await listGlob(location, options.signal);
    if (names.length === 0) {
      throw new InputError(
        `openSource: pattern "${location}" must match image files; got none. Check it, and quote it, so that it reaches the program: "${location}".`,
      );
    }
    const files = { names, folder, classes: classFolders(names) };
    return openFiles(sourceName(folder, "folder"), files, [], options);
  }
  const names = ["strokes", ...catalogue.map((set) => set.name)];
  const got = kind === "none" ? "which does not exist" : "which is neither";
  throw new InputError(
    `openSource: source must be ${names.join(", ")}, or the path of a folder or file; got "${location}", ${got}.${didYouMean(location, names) || " Check the path."}`,
  );
}

function setOf(name: string, what: string, images: ImageSet): Opened {
  return { kind: "set", name, what, images };
}

/** @throws {OptionError} for another split than all */
function onlyAll(split: Split, what: string): void {
  if (split === "all") return;
  throw new OptionError(
    `openSource: split must be all for ${what}; got ${split}. Give a named set, a folder of IDX files, or each part as a source of its own.`,
  );
}

async function openFolder(folder: string, name: string, options: SourceOptions): Promise<Opened> {
  const unreadable: SkippedFile[] = [];
  const onUnreadable = (subFolder: string, error: unknown): void => {
    unreadable.push({ file: `${subFolder}/`, reason: fileReason(error) ?? String(error) });
  };
  const names = await listImages(folder, onUnreadable, options.signal);
  const [first] = unreadable;
  if (names.length === 0) {
    const got = first ? `none, and "${first.file}" could not be read: ${first.reason}` : "none";
    throw new InputError(
      `openSource: folder "${folder}" must hold image files (${imageFormats.join(", ")}), or train-images-idx3-ubyte or t10k-images-idx3-ubyte (plain or .gz); got ${got}. Give a folder with images, or one file in it.`,
    );
  }
  return openFiles(name, { names, folder, classes: classFolders(names) }, unreadable, options);
}

interface Listed {
  readonly names: readonly string[];
  /** Folder that the names are relative to; "" for the working folder. */
  readonly folder: string;
  readonly classes: readonly string[] | undefined;
}

function openFiles(
  name: string,
  { names: all, folder, classes: allClasses }: Listed,
  skipped: readonly SkippedFile[],
  { limit }: SourceOptions,
): Opened {
  // A limit that is out of range is refused where the files are read.
  const taken =
    limit !== undefined && limit >= 1 && limit < all.length
      ? limitedItems(all.length, limit, allClasses)
      : undefined;
  const names = taken?.map((i) => all[i] as string) ?? all;
  const classes = taken && allClasses ? taken.map((i) => allClasses[i] as string) : allClasses;
  const pathOf = (file: string): string => (folder === "" ? file : join(folder, file));
  return {
    kind: "reader",
    name,
    what: "image files",
    paths: names.map(pathOf),
    known: [names, classes],
    skipped,
    limited: taken !== undefined,
    open: async () => filesReader({ names, classes, pathOf }),
  };
}

/** Draws no more than the limit asks for; a limit that is wrong is left to whoever sees to it. */
function limitedStrokes(split: Split, limit: number | undefined): ImageSet {
  const [from, to] = strokesRanges[split];
  const most = to - from;
  const asked = limit !== undefined && Number.isInteger(limit) && limit >= 1 && limit <= most;
  return strokes({ first: from, count: asked ? limit : most });
}

function dataSetParts(name: string, options: SourceOptions): Parts {
  const { onProgress, signal, catalogue, dataFolders: folders } = options;
  const part = (which: "train" | "test") => () =>
    openDataSet(name, which, { onProgress, signal, catalogue, folders });
  return { train: part("train"), test: part("test") };
}
