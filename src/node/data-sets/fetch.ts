import { rm } from "node:fs/promises";
import { join } from "node:path";
import { CancelledError, FormatError, InputError } from "../../errors.ts";
import { throwIfCancelled } from "../../estimator.ts";
import { withFile } from "../files.ts";
import { type DataSet, type DataSetFile, dataSets, filesOf, findDataSet } from "./catalogue.ts";
import { type DataFolders, dataFolders } from "./data-folders.ts";
import { AddressFailure, downloadFile } from "./download.ts";
import { findFile, findFolder, foldersOf, readVerified, usualNames } from "./locate.ts";

/** Where named data sets are looked for, and which ones there are. */
export interface DataSetOptions {
  /** Default: those of the user, as {@link dataFolders} gives them. */
  readonly folders?: DataFolders | undefined;
  /** Default: the sets that the program knows, {@link dataSets}. */
  readonly catalogue?: readonly DataSet[] | undefined;
}

/** How far a download has come. */
export interface DownloadProgress {
  /** Name of the data set. */
  readonly dataSet: string;
  /** Name of the file that is coming. */
  readonly file: string;
  /** Bytes of all files that have come; never falls. */
  readonly bytesDone: number;
  /** Bytes of all files that have to come, as far as known. */
  readonly bytesTotal: number;
}

/** Where a data set is kept, and how its download is watched and cancelled. */
export interface FetchOptions extends DataSetOptions {
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Where a data set lies after {@link fetchDataSet}. */
export interface FetchedDataSet {
  readonly name: string;
  readonly folder: string;
  /** Names of the files that had to be downloaded; none where all were there already. */
  readonly downloaded: readonly string[];
}

/**
 * Sees to it that a named data set lies on this machine, whole and with the right digests.
 *
 * Files that are right stay; those that are missing from the cache, or wrong there, are downloaded into it, each moved
 * into place in one step once it is verified. The user's own folder is never written to.
 *
 * @throws {OptionError} for an unknown name
 * @throws {FormatError} if a file in the user's own folder is not the right one
 * @throws {InputError} if no address gives a file, or the cache cannot be written
 * @throws {CancelledError} if the signal fires; finished files stay, the rest leaves nothing behind
 */
export async function fetchDataSet(name: string, options: FetchOptions = {}): Promise<FetchedDataSet> {
  const where = "fetchDataSet";
  const set = findDataSet(name, options.catalogue ?? dataSets, where);
  const folders = options.folders ?? dataFolders();
  const cache = join(folders.cache, set.name);
  const folder = (await findFolder(set, filesOf(set), folders, where)) ?? cache;

  const wanted: DataSetFile[] = [];
  for (const file of filesOf(set)) {
    throwIfCancelled(where, options.signal);
    if (!(await isRight(set, file, folder, folders))) wanted.push(file);
  }
  const report = reporter(set, wanted, options.onProgress);
  for (const file of wanted) {
    await fetchFile(set, file, folders, report(file), options.signal);
  }
  return { name, folder, downloaded: wanted.map((file) => file.name) };
}

/** What to do about a file of a set that is not the right one. */
export function wrongFileRemedy(set: DataSet, folder: string, folders: DataFolders): string {
  const cache = join(folders.cache, set.name);
  return folder === cache
    ? `Fetch it anew: unlabeled data fetch ${set.name}.`
    : `Put the right file there, or take this one away: the set is then fetched into "${cache}".`;
}

/** Whether the folder has the file, and the right one; a wrong one is an error unless it lies in the cache. */
async function isRight(
  set: DataSet,
  file: DataSetFile,
  folder: string,
  folders: DataFolders,
): Promise<boolean> {
  const path = await findFile(folder, usualNames(file.name), "fetchDataSet");
  if (path === undefined) return false;
  try {
    await readVerified(path, file, "fetchDataSet", wrongFileRemedy(set, folder, folders));
    return true;
  } catch (error) {
    if (error instanceof FormatError && folder === join(folders.cache, set.name)) return false;
    throw error;
  }
}

type OnBytes = (done: number, total: number) => void;

async function fetchFile(
  set: DataSet,
  file: DataSetFile,
  folders: DataFolders,
  onBytes: OnBytes,
  signal: AbortSignal | undefined,
): Promise<void> {
  const where = "fetchDataSet";
  const folder = join(folders.cache, set.name);
  const remedy = "Free some space, or name another folder in UNLABELED_CACHE.";
  const failures: string[] = [];
  let cause: unknown;
  for (const address of set.addresses) {
    const url = `${address}${file.name}.gz`;
    throwIfCancelled(where, signal);
    try {
      await withFile({ where, path: folder, must: "a folder that can be written to", remedy }, async () => {
        const path = await downloadFile(url, file, folder, { onBytes, signal });
        await removeOthers(folder, file, path);
      });
      return;
    } catch (error) {
      if (signal?.aborted) throw new CancelledError(`${where}: cancelled by the caller.`, { cause: error });
      if (!(error instanceof AddressFailure)) throw error;
      failures.push(`${url}: ${error.message}`);
      cause = error;
    }
  }
  const looked = foldersOf(set, folders).map((path) => `"${path}"`);
  throw new InputError(
    `${where}: "${set.name}" must have ${file.name} with the sha256 ${file.sha256}; got none from the folders ${looked.join(", ")} nor from ${failures.join(", nor from ")}. Connect to the network and run: unlabeled data fetch ${set.name} - or put its files into "${folder}".`,
    { cause },
  );
}

/** Takes away other forms of a file that has just been fetched: one of them, found first, was wrong. */
async function removeOthers(folder: string, file: DataSetFile, path: string): Promise<void> {
  const names = usualNames(file.name).filter((name) => join(folder, name) !== path);
  for (;;) {
    const other = await findFile(folder, names, "fetchDataSet");
    if (other === undefined) return;
    await rm(other);
  }
}

/** Turns the bytes of one file into those of all wanted files. */
function reporter(
  set: DataSet,
  wanted: readonly DataSetFile[],
  onProgress: FetchOptions["onProgress"],
): (file: DataSetFile) => OnBytes {
  let finished = 0; // bytes of the files before the present one
  let current = 0;
  let bytesDone = 0;
  let bytesToCome = wanted.reduce((sum, file) => sum + file.downloadBytes, 0);
  return (file) => {
    finished += current;
    current = 0;
    bytesToCome -= file.downloadBytes;
    return (done, total) => {
      current = done;
      // A second address starts the file again: what was reported stays until it is passed.
      bytesDone = Math.max(bytesDone, finished + done);
      const bytesTotal = Math.max(bytesDone, finished + total + bytesToCome);
      onProgress?.({ dataSet: set.name, file: file.name, bytesDone, bytesTotal });
    };
  };
}
