import { join } from "node:path";
import { InputError } from "../../errors.ts";
import { throwIfCancelled } from "../../estimator.ts";
import { type ImageSet, imagesFromIdx, labelsFromIdx, readIdx, withLabels } from "../../images/index.ts";
import { type DataSet, type DataSetFile, dataSets, findDataSet } from "./catalogue.ts";
import { type DataFolders, dataFolders } from "./data-folders.ts";
import { type FetchOptions, fetchDataSet, wrongFileRemedy } from "./fetch.ts";
import { findFile, findFolder, readVerified, usualNames } from "./locate.ts";

/**
 * The images of one part of a named data set, with their labels. The whole set is downloaded first where that part
 * does not lie in the user's own folder or in the cache.
 *
 * @throws {OptionError} for an unknown name
 * @throws {FormatError} if a file is not the right one
 * @throws {InputError} if the set is on this machine in no folder, and cannot be downloaded
 * @throws {CancelledError} if the signal fires
 */
export async function openDataSet(
  name: string,
  part: "train" | "test",
  options: FetchOptions = {},
): Promise<ImageSet> {
  const set = findDataSet(name, options.catalogue ?? dataSets, "openDataSet");
  const folders = options.folders ?? dataFolders();
  const { trainImages, trainLabels, testImages, testLabels } = set.files;
  const [images, labels] = part === "train" ? [trainImages, trainLabels] : [testImages, testLabels];
  const found = await findFolder(set, [images, labels], folders, "openDataSet");
  const folder = found ?? (await fetchDataSet(name, { ...options, folders })).folder;
  throwIfCancelled("openDataSet", options.signal);
  const imagesIdx = readIdx(await read(set, images, folder, folders), images.name);
  throwIfCancelled("openDataSet", options.signal);
  const labelsIdx = readIdx(await read(set, labels, folder, folders), labels.name);
  return withLabels(
    imagesFromIdx(imagesIdx, images.name),
    labelsFromIdx(labelsIdx, labels.name),
    labels.name,
    set.classNames,
  );
}

async function read(
  set: DataSet,
  file: DataSetFile,
  folder: string,
  folders: DataFolders,
): Promise<Uint8Array> {
  const path = await findFile(folder, usualNames(file.name), "openDataSet");
  if (path === undefined) {
    throw new InputError(`openDataSet: "${join(folder, file.name)}" must be there; it has just disappeared.`);
  }
  return readVerified(path, file, "openDataSet", wrongFileRemedy(set, folder, folders));
}
