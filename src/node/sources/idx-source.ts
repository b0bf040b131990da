import { open, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { InputError } from "../../errors.ts";
import { throwIfCancelled } from "../../estimator.ts";
import { type ImageSet, imagesFromIdx, labelsFromIdx, readIdx, withLabels } from "../../images/index.ts";
import { findFile, usualNames } from "../data-sets/index.ts";
import { withFile } from "../files.ts";
import { readIdxFile } from "../idx-file.ts";
import { isImageName } from "./files/index.ts";
import type { Parts } from "./splits.ts";

/**
 * The images of one IDX file, labelled where a labels file of the usual name lies beside it (`images-idx3` becomes
 * `labels-idx1`, compressed or not).
 *
 * @throws {FormatError} if the file is not an IDX file
 * @throws {InputError} if it holds no images, or other ones than the labels belong to
 */
export async function openIdxFile(path: string, signal: AbortSignal | undefined): Promise<ImageSet> {
  const name = basename(path).replace(/\.gz$/, "");
  const labelsName = name.replace(/images([-.])idx\d/, "labels$1idx1");
  const labels =
    labelsName === name
      ? undefined
      : await findFile(dirname(path), [labelsName, `${labelsName}.gz`], "openSource");
  return readLabelled(path, labels, signal);
}

/** Whether a file may be IDX, plain or compressed, by its first two bytes; a short or unreadable one may be anything. */
export async function mayBeIdx(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  if (!file) return true;
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(2), 0, 2, 0);
    const [first, second] = buffer;
    return bytesRead < 2 || (first === 0 && second === 0) || (first === 0x1f && second === 0x8b);
  } catch {
    return true;
  } finally {
    await file.close();
  }
}

/**
 * The parts of a folder of IDX files with the usual four names; undefined if it holds no images of those names.
 *
 * @throws {InputError} if it holds IDX files of other names alone, and no image files beside them
 */
export async function findIdxParts(
  folder: string,
  signal: AbortSignal | undefined,
): Promise<Parts | undefined> {
  const find = (name: string): Promise<string | undefined> =>
    findFile(folder, usualNames(name), "openSource");
  const part = async (prefix: string): Promise<Parts["train"]> => {
    const images = await find(`${prefix}-images-idx3-ubyte`);
    if (images === undefined) return undefined;
    const labels = await find(`${prefix}-labels-idx1-ubyte`);
    return () => readLabelled(images, labels, signal);
  };
  const parts = { train: await part("train"), test: await part("t10k") };
  if (parts.train || parts.test) return parts;
  const remedy = "Check your right to read it.";
  const entries = await withFile(
    { where: "openSource", path: folder, must: "a readable folder", remedy },
    () => readdir(folder, { withFileTypes: true }),
  );
  const [idx] = entries
    .filter((entry) => entry.isFile() && /idx[34]/.test(entry.name))
    .map((entry) => entry.name)
    .sort();
  const others = entries.some((entry) => entry.isDirectory() || isImageName(entry.name));
  if (idx === undefined || others) return undefined;
  throw new InputError(
    `openSource: folder "${folder}" must hold train-images-idx3-ubyte or t10k-images-idx3-ubyte (plain or .gz), or image files; got other names. Give one file: ${join(folder, idx)}`,
  );
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
