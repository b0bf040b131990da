import { mkdir, readdir, rmdir } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCode } from "./files.ts";

/**
 * Makes a folder and those that it lies in, as far as they are missing.
 *
 * Node's own recursive mkdir never comes back where a file system says "no such file" about a folder that it will not
 * let anyone make (Linux' /proc does).
 *
 * @param path absolute
 * @returns the outermost folder that was made; undefined if all were there
 */
export async function makeFolders(path: string): Promise<string | undefined> {
  try {
    await mkdir(path);
    return path;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return undefined;
    if (systemCode(error) !== "ENOENT" || dirname(path) === path) throw error;
  }
  const outermost = await makeFolders(dirname(path));
  await mkdir(path);
  return outermost ?? path;
}

/**
 * Takes away folders that {@link makeFolders} made, from the innermost out, as long as they are empty.
 *
 * @param firstMade what `makeFolders` returned
 */
export async function removeMadeFolders(innermost: string, firstMade: string | undefined): Promise<void> {
  if (firstMade === undefined) return;
  for (let folder = innermost; folder.startsWith(firstMade); folder = dirname(folder)) {
    if ((await readdir(folder).catch(() => ["?"])).length > 0) return;
    await rmdir(folder).catch(() => {});
  }
}
