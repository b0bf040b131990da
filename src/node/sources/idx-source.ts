import { readdir } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { FormatError, InputError } from "../../errors.ts";
import { throwIfCancelled } from "../../estimator.ts";
import { type ImageSet, imagesFromIdx, labelsFromIdx, readIdx, withLabels } from "../../images/index.ts";
import { findFile, usualNames } from "../data-sets/index.ts";
import { withFile } from "../files.ts";
import { readIdxFile } from "../idx-file.ts";
import type { Parts } from "./splits.ts";

const imageExtensions: readonly string[] = [
  ".png",
  ".jpg",
  ".jpeg",
  ".webp",
  ".gif",
  ".tif",
  ".tiff",
  ".bmp",
];
const laterExtensions: readonly string[] = [
  ...imageExtensions,
  ".npy",
  ".npz",
  ".csv",
  ".tsv",
  ".parquet",
  ".zip",
];

/** A folder of class folders can be large: this many of its sub-folders are looked into for a better message. */
const mostSubFolders = 50;

/**
 * The images of one IDX file, labelled where a labels file of the usual name lies beside it (`images-idx3` becomes
 * `labels-idx1`, compressed or not).
 *
 * @throws {FormatError} if the file is not an IDX file
 * @throws {InputError} if it holds no images, or other ones than the labels belong to
 */
export async function openIdxFile(path: string, signal: AbortSignal | undefined): Promise<ImageSet> {
  if (laterExtensions.includes(extname(path).toLowerCase())) {
    throw new FormatError(
      `openSource: "${path}" must be an IDX file (plain or .gz); got a ${extname(path)} file. This version reads IDX files and the named sets; other formats come with a later version.`,
    );
  }
  const name = basename(path).replace(/\.gz$/, "");
  const labelsName = name.replace(/images([-.])idx\d/, "labels$1idx1");
  const labels =
    labelsName === name
      ? undefined
      : await findFile(dirname(path), [labelsName, `${labelsName}.gz`], "openSource");
  return readLabelled(path, labels, signal);
}

/**
 * The parts of a folder of IDX files with the usual four names.
 *
 * @throws {InputError} if it holds none of them, with what it holds instead
 */
export async function folderParts(folder: string, signal: AbortSignal | undefined): Promise<Parts> {
  const find = (name: string): Promise<string | undefined> =>
    findFile(folder, usualNames(name), "openSource");
  const part = async (prefix: string): Promise<Parts["train"]> => {
    const images = await find(`${prefix}-images-idx3-ubyte`);
    if (images === undefined) return undefined;
    const labels = await find(`${prefix}-labels-idx1-ubyte`);
    return () => readLabelled(images, labels, signal);
  };
  const parts = { train: await part("train"), test: await part("t10k") };
  if (!parts.train && !parts.test) throw await folderWithoutImages(folder);
  return parts;
}

async function readLabelled(
  path: string,
  labelsPath: string | undefined,
  signal: AbortSignal | undefined,
): Promise<ImageSet> {
  throwIfCancelled("openSource", signal);
  const images = imagesFromIdx(readIdx(await readIdxFile(path, "openSource"), path), path);
  if (labelsPath === undefined) return images;
  throwIfCancelled("openSource", signal);
  const labels = labelsFromIdx(readIdx(await readIdxFile(labelsPath, "openSource"), labelsPath), labelsPath);
  return withLabels(images, labels, labelsPath);
}

async function folderWithoutImages(folder: string): Promise<InputError> {
  const remedy = "Check your right to read it.";
  const list = (path: string) =>
    withFile({ where: "openSource", path, must: "a readable folder", remedy }, () =>
      readdir(path, { withFileTypes: true }),
    );
  const isImage = (name: string): boolean => imageExtensions.includes(extname(name).toLowerCase());
  const start = `openSource: folder "${folder}" must hold train-images-idx3-ubyte or t10k-images-idx3-ubyte (plain or .gz)`;

  const entries = await list(folder);
  if (entries.length === 0)
    return new InputError(`${start}; got an empty folder. Give a folder with images.`);
  const idx = entries
    .filter((entry) => entry.isFile() && /idx[34]/.test(entry.name))
    .map((entry) => entry.name);
  if (idx.length > 0) {
    return new InputError(`${start}; got other names. Give one file: ${join(folder, idx.sort()[0] ?? "")}`);
  }
  let names = entries.map((entry) => entry.name);
  for (const entry of entries.filter((candidate) => candidate.isDirectory()).slice(0, mostSubFolders)) {
    names = names.concat((await list(join(folder, entry.name))).map((inner) => inner.name));
  }
  if (names.some(isImage)) {
    return new InputError(
      `${start}; got image files. This version reads IDX files and the named sets; image files come with a later version.`,
    );
  }
  return new InputError(`${start}; got neither, nor any images. Give a folder with images.`);
}
