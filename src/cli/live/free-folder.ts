import { access } from "node:fs/promises";
import { join } from "node:path";

/**
 * A folder that is not there yet, and was not left by an interrupted run: what is started from a page replaces nothing.
 *
 * @returns `<folder>/<name>`, or with `-2`, `-3`, ... behind it
 */
export async function freeFolder(folder: string, name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? name : `${name}-${number}`);
    if (!(await isThere(path)) && !(await isThere(`${path}.partial`))) return path;
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
