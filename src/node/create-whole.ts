import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { makeFolders, removeMadeFolders } from "./make-folders.ts";

/**
 * A new file in `folder`, which is made where it is missing; the file appears whole or not at all.
 *
 * @param write writes the file at the path that it is given, checks it, and returns the name that it shall have
 * @returns path of the file
 */
export async function createWhole(
  folder: string,
  write: (partial: string) => Promise<string>,
): Promise<string> {
  const firstMade = await makeFolders(resolve(folder));
  const partial = join(folder, `.${randomUUID()}.partial`);
  try {
    const path = join(folder, await write(partial));
    await rename(partial, path);
    return path;
  } catch (error) {
    await rm(partial, { force: true });
    await removeMadeFolders(resolve(folder), firstMade);
    throw error;
  }
}
