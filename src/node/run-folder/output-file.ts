import { type FileHandle, lstat, open, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { OptionError } from "../../errors.ts";
import { systemCode } from "../files.ts";
import { makeFolders, removeMadeFolders } from "../make-folders.ts";
import { writing } from "./file-errors.ts";

/** A file that appears whole or not at all. One of `commit` and `discard` ends it. */
export interface OutputFile {
  readonly path: string;
  /** Adds to the content, beside the place where the file will be. */
  write(content: string | Uint8Array): Promise<void>;
  /** Adds the last of the content, and moves the file into place. */
  commit(content?: string): Promise<void>;
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
  let handle: FileHandle | undefined;
  const close = async (): Promise<void> => {
    const opened = handle;
    handle = undefined;
    await opened?.close();
  };
  const discard = async (): Promise<void> => {
    await close().catch(() => {}); // what could not be written is not wanted any more
    await rm(partial, { force: true }).catch(() => {}); // a name that is too long is none to take away
    await removeMadeFolders(dirname(target), firstMade); // after commit they are not empty
  };
  try {
    handle = await writing(where, path, () => open(partial, "w"));
  } catch (error) {
    await discard();
    throw error;
  }
  const write = (content: string | Uint8Array): Promise<void> =>
    writing(where, path, async () => {
      if (content.length > 0) await handle?.appendFile(content);
    });
  return {
    path,
    write,
    discard,
    commit: async (content = "") => {
      await write(content);
      await writing(where, path, async () => {
        await handle?.sync(); // else the name could outlive a power cut, and the content not
        await close();
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
