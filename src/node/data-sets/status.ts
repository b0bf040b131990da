import { InputError } from "../../errors.ts";
import { dataSets, filesOf, findDataSet } from "./catalogue.ts";
import { dataFolders } from "./data-folders.ts";
import type { DataSetOptions } from "./fetch.ts";
import { findFolder, foldersOf } from "./locate.ts";

/** A named data set, and whether it lies on this machine. */
export interface DataSetStatus {
  readonly name: string;
  readonly description: string;
  readonly licence: string;
  /** Authors. */
  readonly origin: string;
  /** Folder in which all its files lie, not checked; absent where there is none. */
  readonly folder?: string;
  /** Bytes of all files, uncompressed. */
  readonly bytes: number;
  /** Bytes to download where it is missing. */
  readonly downloadBytes: number;
}

/** All named data sets, in the order of the catalogue. Nothing is downloaded or verified. */
export async function listDataSets(options: DataSetOptions = {}): Promise<DataSetStatus[]> {
  const folders = options.folders ?? dataFolders();
  const statuses: DataSetStatus[] = [];
  for (const set of options.catalogue ?? dataSets) {
    const files = filesOf(set);
    const folder = await findFolder(set, files, folders, "listDataSets");
    statuses.push({
      name: set.name,
      description: set.description,
      licence: set.licence,
      origin: set.origin,
      bytes: files.reduce((sum, file) => sum + file.bytes, 0),
      downloadBytes: files.reduce((sum, file) => sum + file.downloadBytes, 0),
      ...(folder !== undefined && { folder }),
    });
  }
  return statuses;
}

/**
 * The folder in which all files of a named data set lie. Nothing is downloaded or verified.
 *
 * @throws {OptionError} for an unknown name
 * @throws {InputError} if the set does not lie on this machine
 */
export async function dataSetPath(name: string, options: DataSetOptions = {}): Promise<string> {
  const set = findDataSet(name, options.catalogue ?? dataSets, "dataSetPath");
  const folders = options.folders ?? dataFolders();
  const folder = await findFolder(set, filesOf(set), folders, "dataSetPath");
  if (folder !== undefined) return folder;
  const looked = foldersOf(set, folders).map((path) => `"${path}"`);
  throw new InputError(
    `dataSetPath: all files of "${name}" must lie in ${looked.join(" or ")}; got none, or only some. Run: unlabeled data fetch ${name} - or put them there.`,
  );
}
