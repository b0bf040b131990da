/**
 * A folder that appears whole or not at all: it grows as `<out>.partial/` and takes its name in one rename. A file in
 * the partial folder says that it is ours, and which process writes it, so that a left-over can be told from a folder
 * that someone is working in, or that has nothing to do with this program.
 */
import { constants } from "node:fs";
import { copyFile, mkdir, readFile, rename, rm, rmdir, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { InputError, OptionError } from "../../errors.ts";
import { systemCode } from "../files.ts";
import { makeFolders, removeMadeFolders } from "../make-folders.ts";
import { shellWord } from "../shell-word.ts";
import { reading, writing } from "./file-errors.ts";
import { checkPartial, isRunning, MARKER, markPartial, partialOwner } from "./partial-marker.ts";
import { isOurFolder, outputState } from "./recognize.ts";
import { holdsWork, removeWorkFiles, type WorkFiles, workFiles } from "./work-files.ts";

/** A folder in the making. One of `commit`, `leave` and `discard` ends it. */
export interface OutputFolder {
  /** Where it will stand, as it was named. */
  readonly path: string;
  /** Where it grows. */
  readonly partial: string;
  /** What a later `resume` needs; gone when the folder is in place. */
  readonly work: WorkFiles;
  /** Writes a file below the folder, whole or not at all; its own folders are made. */
  write(relativePath: string, content: string | Uint8Array): Promise<void>;
  /**
   * Makes a link below the folder to a file elsewhere, or a copy where links are not wanted, or cannot be made.
   *
   * @param target absolute path of the file
   * @returns which of the two it became
   */
  place(relativePath: string, target: string, options: { readonly copy: boolean }): Promise<"link" | "copy">;
  /** Bytes of a file below the folder; undefined if it is not there. */
  read(relativePath: string): Promise<Uint8Array | undefined>;
  /** Moves the folder into place. */
  commit(): Promise<void>;
  /** Ends without a result: all stays as it is, for `resume`. Does nothing after `commit`. */
  leave(): void;
  /** Whether something would be lost by `discard`: a checkpoint, or a finished run. */
  holdsWork(): Promise<boolean>;
  /** Takes back all that was written; does nothing after `commit` and `leave`. */
  discard(): Promise<void>;
}

/**
 * Starts an output folder. Everything that would keep it from being written shows here, before any work is done.
 *
 * @param options.force replaces an existing folder, if it is one that this program wrote, or empty; and what an
 *   interrupted run left
 * @param options.flag which names the folder on the command line, for messages; default `--out`
 * @throws {OptionError} if the folder exists (without `force`), is not ours, is being written, or cannot be written
 */
export async function createOutputFolder(
  path: string,
  options: { readonly force: boolean; readonly flag?: string },
): Promise<OutputFolder> {
  const where = "createOutputFolder";
  if (path === "") throw new OptionError(`${where}: out must name a folder; got "".`);
  const target = resolve(path);
  const partial = `${target}.partial`;
  await checkFree(path, target, options.force, { flag: options.flag });
  await clearPartial(path, partial, options.force);
  const firstMade = await writing(where, path, () => makeFolders(dirname(target)));
  try {
    await writing(where, path, async () => {
      await mkdir(partial);
      await markPartial(partial);
    });
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => {}); // the first error is the one to tell
    await removeMadeFolders(dirname(target), firstMade);
    throw error;
  }
  return outputFolder(path, options.force, firstMade);
}

/** What an interrupted run left. */
export interface InterruptedFolder {
  /** Where its result will stand. */
  readonly path: string;
  /** Its name on the command line. */
  readonly partial: string;
  readonly work: WorkFiles;
  /** Whether the result is whole, and only has to be moved into place. */
  readonly whole: boolean;
  /**
   * Goes on writing it.
   *
   * @param options.force as for {@link createOutputFolder}
   * @throws {OptionError} if its place is taken by now
   */
  takeOver(options: { readonly force: boolean }): Promise<OutputFolder>;
}

/**
 * Finds what an interrupted run left.
 *
 * @param name `<out>.partial`, or `<out>`
 * @throws {InputError} if there is nothing, something else, or a run that is still going on
 */
export async function openInterrupted(name: string): Promise<InterruptedFolder> {
  const path = name.replace(/[/\\]+$/, "").replace(/\.partial$/, "");
  const shown = `${path}.partial`;
  const partial = `${resolve(path)}.partial`;
  const state = await reading("resume", shown, () => outputState(partial));
  const rule = `resume: "${shown}" must be the folder of an interrupted run`;
  if (state === "absent") {
    const finished = await isOurFolder(resolve(path));
    const remedy = finished ? `"${path}" is finished already.` : "Check the path.";
    throw new InputError(`${rule}; got nothing there. ${remedy}`);
  }
  const owner = await partialOwner(partial);
  // Without a marker, but with its record: the run was killed when only the last rename was missing.
  if (owner === undefined && state !== "ours") {
    throw new InputError(`${rule}; got something that unlabeled did not write.`);
  }
  const checkIdle = async (): Promise<void> => {
    const writer = await partialOwner(partial);
    if (writer === undefined || !(await isRunning(writer))) return;
    throw new InputError(
      `${rule}; got a run that is still going on (process ${writer.pid}). Wait for it, or end it first.`,
    );
  };
  await checkIdle();
  return {
    path,
    partial: shown,
    work: workFiles(partial, shown),
    whole: state === "ours",
    takeOver: async ({ force }) => {
      await checkFree(path, resolve(path), force, { remedy: "Move that one away, and resume again." });
      await checkIdle(); // seconds may have passed
      await writing("resume", shown, () => markPartial(partial));
      await checkIdle(); // two that came at the same moment: the later one has it
      return outputFolder(path, force, undefined);
    },
  };
}

/** @param firstMade outermost of the folders that were made around it */
function outputFolder(path: string, force: boolean, firstMade: string | undefined): OutputFolder {
  const target = resolve(path);
  const partial = `${target}.partial`;
  let ended = false;
  return {
    path,
    partial: `${path}.partial`,
    work: workFiles(partial, `${path}.partial`),
    write: (relativePath, content) =>
      writing("createOutputFolder", join(path, relativePath), async () => {
        const file = join(partial, relativePath);
        await checkPartial(partial, `${path}.partial`);
        await makeFolders(dirname(file));
        try {
          await writeFile(`${file}.new`, content);
          await rename(`${file}.new`, file);
        } catch (error) {
          await rm(`${file}.new`, { force: true }).catch(() => {}); // the first error is the one to tell
          throw error;
        }
      }),
    place: (relativePath, target, { copy }) =>
      writing("createOutputFolder", join(path, relativePath), async () => {
        const file = join(partial, relativePath);
        await makeFolders(dirname(file));
        if (!copy && (await linked(target, file))) return "link";
        await copyFile(target, file, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
        return "copy";
      }),
    read: (relativePath) => readOrNone(join(partial, relativePath), join(`${path}.partial`, relativePath)),
    commit: async () => {
      await checkFree(path, target, force);
      await checkPartial(partial, `${path}.partial`);
      await writing("createOutputFolder", path, () => moveIntoPlace(partial, target));
      ended = true;
    },
    leave: () => {
      ended = true;
    },
    holdsWork: () => holdsWork(partial),
    discard: async () => {
      if (ended) return;
      ended = true;
      await rm(partial, { recursive: true, force: true });
      await removeMadeFolders(dirname(target), firstMade);
    },
  };
}

/** Where the system, or its user, may make no links (Windows without that right, some file systems), there is none. */
async function linked(target: string, file: string): Promise<boolean> {
  try {
    await symlink(target, file, "file");
    return true;
  } catch (error) {
    if (["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EINVAL"].includes(systemCode(error) ?? ""))
      return false;
    throw error;
  }
}

function readOrNone(path: string, shown: string): Promise<Uint8Array | undefined> {
  return reading("resume", shown, async () => {
    try {
      return await readFile(path);
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined;
      throw error;
    }
  });
}

/** @throws {OptionError} unless the target is absent, or may be replaced */
async function checkFree(
  path: string,
  target: string,
  force: boolean,
  { flag = "--out", remedy }: { readonly flag?: string | undefined; readonly remedy?: string } = {},
): Promise<void> {
  const state = await writing("createOutputFolder", path, () => outputState(target));
  if (state === "absent" || (force && state !== "foreign")) return;
  if (state === "foreign") {
    throw new OptionError(
      `createOutputFolder: out must be a folder that does not exist yet; got "${path}", which unlabeled did not write, so that --force does not replace it. ${remedy ?? `Choose another with ${flag}.`}`,
    );
  }
  throw new OptionError(
    `createOutputFolder: out must be a folder that does not exist yet; got "${path}". ${remedy ?? `Replace it with --force, or choose another with ${flag}.`}`,
  );
}

/** Removes what an interrupted run left, if nothing is lost with it, or it is to be replaced; touches nothing else. */
async function clearPartial(path: string, partial: string, force: boolean): Promise<void> {
  const state = await writing("createOutputFolder", path, () => outputState(partial));
  if (state === "absent") return;
  const owner = await partialOwner(partial);
  if (owner === undefined && state !== "empty" && state !== "ours") {
    throw new OptionError(
      `createOutputFolder: "${path}.partial" must not exist; got something that unlabeled did not write. Move it away, or choose another folder with --out.`,
    );
  }
  if (owner !== undefined && (await isRunning(owner))) {
    throw new OptionError(
      `createOutputFolder: "${path}.partial" must not be in use; got a run that is writing it (process ${owner.pid}). Wait for it, or choose another folder with --out.`,
    );
  }
  if (!force && (await holdsWork(partial))) {
    throw new OptionError(
      `createOutputFolder: "${path}.partial" must not exist; got an interrupted run. Go on with it: unlabeled resume ${shellWord(`${path}.partial`)}, or begin anew with --force.`,
    );
  }
  await writing("createOutputFolder", path, () => rm(partial, { recursive: true }));
}

async function moveIntoPlace(partial: string, target: string): Promise<void> {
  // Only a whole result gets here. The marker goes last: until then, and by the record after it, resume knows the folder.
  await removeWorkFiles(partial);
  await rm(join(partial, MARKER), { force: true });
  if (!(await isOurFolder(target))) {
    await rmdir(target).catch(() => {}); // empty, or absent
    await rename(partial, target);
    return;
  }
  // The old folder steps aside first, and comes back should the new one not get its place.
  const aside = join(dirname(target), `.${basename(target)}.replaced-${process.pid}`);
  await rename(target, aside);
  try {
    await rename(partial, target);
  } catch (error) {
    await rename(aside, target);
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
}
