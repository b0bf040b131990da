import { createHash } from "node:crypto";
import { join } from "node:path";
import { FormatError } from "../../errors.ts";
import { kindOfPath } from "../files.ts";
import { readIdxFile } from "../idx-file.ts";
import type { DataSet, DataSetFile } from "./catalogue.ts";
import type { DataFolders } from "./data-folders.ts";

/** The sub-folders in which a set is looked for, in this order. */
export function foldersOf(set: DataSet, folders: DataFolders): readonly string[] {
  return [folders.data, folders.cache]
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, set.name));
}

/**
 * Names under which an IDX file is met: as it is or compressed, and with the dot that some archives put before `idx`.
 *
 * @param name with a hyphen and without `.gz`, e.g. `train-images-idx3-ubyte`
 */
export function usualNames(name: string): readonly string[] {
  const dotted = name.replace(/-(idx\d)/, ".$1");
  return [name, `${name}.gz`, dotted, `${dotted}.gz`];
}

/** Path of the first of the names that is a file in the folder; undefined where none is. */
export async function findFile(
  folder: string,
  names: readonly string[],
  where: string,
): Promise<string | undefined> {
  for (const name of names) {
    const path = join(folder, name);
    if ((await kindOfPath(path, where)) === "file") return path;
  }
  return undefined;
}

/** The first folder that holds all the files, whatever is in them; undefined where none does. */
export async function findFolder(
  set: DataSet,
  files: readonly DataSetFile[],
  folders: DataFolders,
  where: string,
): Promise<string | undefined> {
  for (const folder of foldersOf(set, folders)) {
    const paths = await Promise.all(files.map((file) => findFile(folder, usualNames(file.name), where)));
    if (!paths.includes(undefined)) return folder;
  }
  return undefined;
}

/**
 * The uncompressed bytes of a file of a named set, checked.
 *
 * @param remedy for a file that is not the right one
 * @throws {FormatError} if it is another file than the one that the set is made of
 */
export async function readVerified(
  path: string,
  file: DataSetFile,
  where: string,
  remedy: string,
): Promise<Uint8Array> {
  const bytes = await readIdxFile(path, where);
  const sha256 = sha256Of(bytes);
  if (sha256 !== file.sha256) {
    throw new FormatError(
      `${where}: "${path}" must have the sha256 ${file.sha256} (uncompressed); got ${sha256}. ${remedy}`,
    );
  }
  return bytes;
}

/** Digest in hexadecimal. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
