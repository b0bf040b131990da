import { lstat, rename, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { OptionError } from "../../errors.ts";
import { systemCode } from "../files.ts";
import { makeFolders, removeMadeFolders } from "../make-folders.ts";
import { writing } from "./file-errors.ts";

/** A file that appears whole or not at all. One of `commit` and `discard` ends it. */
export interface OutputFile {
  readonly path: string;
  /** Writes the content and moves the file into place. */
  commit(content: string): Promise<void>;
  /** Takes back what was begun; does nothing after `commit`. */
  discard(): Promise<void>;
}

/**
 * Starts an output file; everything that would keep it from being written shows here, before any work is done.
 *
 * @param options.force replaces an existing file (never a folder)
 * @throws {OptionError} if the file exists (without `force`), is a folder, or cannot be written
 */
export async function createOutputFile(
  path: string,
  options: { readonly force: boolean },
): Promise<OutputFile> {
  const where = "createOutputFile";
  if (path === "") throw new OptionError(`${where}: out must name a file; got "".`);
  const target = resolve(path);
  const partial = `${target}.${process.pid}.partial`;
  await writing(where, path, () => checkFree(path, target, options.force));
  const firstMade = await writing(where, path, () => makeFolders(dirname(target)));
  const discard = async (): Promise<void> => {
    await rm(partial, { force: true }).catch(() => {}); // a name that is too long is none to take away
    await removeMadeFolders(dirname(target), firstMade); // after commit they are not empty
  };
  try {
    await writing(where, path, () => writeFile(partial, ""));
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    path,
    discard,
    commit: async (content) => {
      await writing(where, path, async () => {
        await writeFile(partial, content);
        await checkFree(path, target, options.force);
        await rename(partial, target);
      });
    },
  };
}

async function checkFree(path: string, target: string, force: boolean): Promise<void> {
  const found = await lstat(target).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  });
  if (found === undefined || (force && found.isFile())) return;
  const remedy = found.isFile()
    ? "Replace it with --force, or choose another with --out."
    : "Choose another with --out.";
  const got = found.isDirectory() ? `the folder "${path}"` : `"${path}"`;
  throw new OptionError(
    `createOutputFile: out must be a file that does not exist yet; got ${got}. ${remedy}`,
  );
}
