import { InputError, OptionError } from "../../errors.ts";
import { throwIfCancelled } from "../../estimator.ts";
import {
  defaultSize,
  type ImageSet,
  type ImageSource,
  limitImages,
  resizeImages,
  type Split,
  sliceImages,
  strokes,
} from "../../images/index.ts";
import { didYouMean } from "../../spelling.ts";
import { dataSets, openDataSet } from "../data-sets/index.ts";
import { kindOfPath } from "../files.ts";
import { folderParts, openIdxFile } from "./idx-source.ts";
import { imageDigest } from "./image-digest.ts";
import { sourceName } from "./source-name.ts";
import type { SourceOptions } from "./source-options.ts";
import { checkSplit, openSplit, type Parts } from "./splits.ts";

/** Of the drawn digits, the first 8,000 are the training part. */
const nStrokes = 10_000;
const nTrainStrokes = 8000;

/** Sources that are known by a name: the digits that the program draws, and the named data sets. */
export const namedSources: readonly string[] = ["strokes", ...dataSets.map((set) => set.name)];

/**
 * Opens a `<source>`: `strokes`, a named data set (downloaded where it is missing), an IDX file, or a folder of IDX
 * files with the usual four names. A file or folder that has the name of a source is meant by `./name`.
 *
 * @throws {OptionError} if an option is out of range, or the source does not have the split
 * @throws {InputError} if nothing is there, it cannot be read, or holds no images of use
 * @throws {FormatError} if a file is damaged, or of a kind that is not known
 * @throws {CancelledError} if the signal fires
 */
export async function openSource(location: string, options: SourceOptions = {}): Promise<ImageSource> {
  const split = checkSplit(options.split ?? "all");
  throwIfCancelled("openSource", options.signal);
  const { name, images: whole } = await open(location, split, options);
  throwIfCancelled("openSource", options.signal);
  const { limit } = options;
  const limited = limit === undefined ? whole : limitImages(whole, limit);
  const size = options.size ?? defaultSize(limited);
  const images = size === undefined ? limited : resizeImages(limited, size);
  throwIfCancelled("openSource", options.signal);
  return {
    name,
    location,
    split,
    ...(limit !== undefined && { limit }),
    ...(size !== undefined && images !== limited && { size }),
    images,
    sha256: imageDigest(images),
  };
}

interface Opened {
  readonly name: string;
  readonly images: ImageSet;
}

async function open(location: string, split: Split, options: SourceOptions): Promise<Opened> {
  const catalogue = options.catalogue ?? dataSets;
  if (location === "strokes")
    return { name: location, images: await openSplit(strokesParts(), split, location) };
  if (catalogue.some((set) => set.name === location)) {
    const parts = dataSetParts(location, { ...options, catalogue });
    return { name: location, images: await openSplit(parts, split, location) };
  }
  const kind = await kindOfPath(location, "openSource");
  if (kind === "file") {
    if (split !== "all") {
      throw new OptionError(
        `openSource: split must be all for a single file; got ${split}. Give the folder in which the files of all splits lie.`,
      );
    }
    return { name: sourceName(location, kind), images: await openIdxFile(location, options.signal) };
  }
  if (kind === "folder") {
    const parts = await folderParts(location, options.signal);
    return { name: sourceName(location, kind), images: await openSplit(parts, split, location) };
  }
  const names = ["strokes", ...catalogue.map((set) => set.name)];
  const got = kind === "none" ? "which does not exist" : "which is neither";
  throw new InputError(
    `openSource: source must be ${names.join(", ")}, or the path of an IDX file or a folder; got "${location}", ${got}.${didYouMean(location, names) || " Check the path."}`,
  );
}

function strokesParts(): Parts {
  let drawn: ImageSet | undefined;
  const part = (from: number, to: number) => async () => {
    drawn ??= strokes({ count: nStrokes }); // once, also where both parts are asked for
    return sliceImages(drawn, from, to);
  };
  return { train: part(0, nTrainStrokes), test: part(nTrainStrokes, nStrokes) };
}

function dataSetParts(name: string, options: SourceOptions): Parts {
  const { onProgress, signal, catalogue, dataFolders: folders } = options;
  const part = (which: "train" | "test") => () =>
    openDataSet(name, which, { onProgress, signal, catalogue, folders });
  return { train: part("train"), test: part("test") };
}
