import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import { throwIfCancelled } from "../../../estimator.ts";
import { withFile } from "../../files.ts";
import { imageExtensions } from "../decode/index.ts";

/** Whether a name is that of an image file, by its extension; hidden files are none. */
export function isImageName(name: string): boolean {
  return !name.startsWith(".") && imageExtensions.includes(extname(name).toLowerCase());
}

/**
 * Paths of all image files in a folder and its sub-folders, relative to it, with `/`, sorted by code units.
 *
 * Hidden files and folders (with a dot before their name) and files without the extension of an image are left out.
 * Links to files and folders are followed. Each folder is listed once, however many links lead to it: under its own
 * name if it lies in the folder, else under that of the link that sorts first; so links in a circle end. Links to a
 * folder that this one lies in (a circle too, and all else of that folder is not meant) and links that lead nowhere are
 * left out, as are sub-folders that may not be read; `onUnreadable` hears of the latter.
 *
 * @throws {InputError} if the folder itself cannot be read
 */
export async function listImages(
  folder: string,
  onUnreadable: (subFolder: string, error: unknown) => void,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const where = "openSource";
  const remedy = "Check your right to read it.";
  const top = await withFile({ where, path: folder, must: "a readable folder", remedy }, async () => {
    await readdir(folder); // may be refused, which below would be passed over
    return realpath(folder);
  });
  const images: string[] = [];
  const seen = new Set<string>([top]);
  const links: string[] = [];

  /** Real folders first; what links lead to waits until all of them are known. */
  const walk = async (start: string): Promise<void> => {
    const waiting = [start];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      throwIfCancelled(where, signal);
      for (const entry of await entriesOf(at)) {
        const name = at === "" ? entry.name : `${at}/${entry.name}`;
        if (entry.name.startsWith(".")) continue;
        if (entry.isDirectory()) {
          seen.add(await realpath(join(folder, name)).catch(() => name));
          waiting.push(name);
        } else if (entry.isFile() && isImageName(entry.name)) images.push(name);
        else if (entry.isSymbolicLink()) {
          const target = await stat(join(folder, name)).catch(() => undefined);
          if (target?.isDirectory()) links.push(name);
          else if (target?.isFile() && isImageName(entry.name)) images.push(name);
        }
      }
    }
  };
  const entriesOf = async (at: string): Promise<Dirent[]> => {
    try {
      return await readdir(join(folder, at), { withFileTypes: true });
    } catch (error) {
      onUnreadable(at, error);
      return [];
    }
  };

  await walk("");
  while (links.length > 0) {
    links.sort();
    const link = links.shift() as string;
    const target = await realpath(join(folder, link)).catch(() => undefined);
    if (target === undefined || seen.has(target) || liesIn(top, target)) continue;
    seen.add(target);
    await walk(link);
  }
  return images.sort();
}

/** Whether a path lies in a folder, or is it; both real and absolute. */
function liesIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
