/**
 * A folder that appears whole or not at all: it grows as `<out>.partial/` and takes its name in one rename. A file in
 * the partial folder says that it is ours, and which process writes it, so that a left-over can be told from a folder
 * that someone is working in, or that has nothing to do with this program.
 */
import { mkdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { OptionError } from "../../errors.ts";
import { makeFolders, removeMadeFolders } from "../make-folders.ts";
import { writing } from "./file-errors.ts";
import { isOurFolder, outputState } from "./recognize.ts";

const MARKER = "unlabeled-partial.json";

/** A folder in the making. One of `commit` and `discard` ends it. */
export interface OutputFolder {
  /** Where it will stand, as it was named. */
  readonly path: string;
  /** Writes a file below the folder; its own folders are made. */
  write(relativePath: string, content: string | Uint8Array): Promise<void>;
  /** Moves the folder into place. */
  commit(): Promise<void>;
  /** Takes back all that was written; does nothing after `commit`. */
  discard(): Promise<void>;
}

/**
 * Starts an output folder. Everything that would keep it from being written shows here, before any work is done.
 *
 * @param options.force replaces an existing folder, if it is one that this program wrote, or empty
 * @throws {OptionError} if the folder exists (without `force`), is not ours, is being written, or cannot be written
 */
export async function createOutputFolder(
  path: string,
  options: { readonly force: boolean },
): Promise<OutputFolder> {
  const where = "createOutputFolder";
  if (path === "") throw new OptionError(`${where}: out must name a folder; got "".`);
  const target = resolve(path);
  const partial = `${target}.partial`;
  await checkFree(path, target, options.force);
  await clearPartial(path, partial);
  const firstMade = await writing(where, path, () => makeFolders(dirname(target)));
  try {
    await writing(where, path, async () => {
      await mkdir(partial);
      await writeFile(join(partial, MARKER), marker());
    });
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => {}); // the first error is the one to tell
    await removeMadeFolders(dirname(target), firstMade);
    throw error;
  }

  let ended = false;
  const discard = async (): Promise<void> => {
    if (ended) return;
    ended = true;
    await rm(partial, { recursive: true, force: true });
    await removeMadeFolders(dirname(target), firstMade);
  };
  return {
    path,
    discard,
    write: (relativePath, content) =>
      writing(where, join(path, relativePath), async () => {
        const file = join(partial, relativePath);
        await makeFolders(dirname(file));
        await writeFile(file, content);
      }),
    commit: async () => {
      await checkFree(path, target, options.force);
      await writing(where, path, () => moveIntoPlace(partial, target));
      ended = true;
    },
  };
}

/** @throws {OptionError} unless the target is absent, or may be replaced */
async function checkFree(path: string, target: string, force: boolean): Promise<void> {
  const state = await writing("createOutputFolder", path, () => outputState(target));
  if (state === "absent" || (force && state !== "foreign")) return;
  if (state === "foreign") {
    throw new OptionError(
      `createOutputFolder: out must be a folder that does not exist yet; got "${path}", which unlabeled did not write, so that --force does not replace it. Choose another with --out.`,
    );
  }
  throw new OptionError(
    `createOutputFolder: out must be a folder that does not exist yet; got "${path}". Replace it with --force, or choose another with --out.`,
  );
}

/** Removes what an interrupted run left; refuses to touch anything else. */
async function clearPartial(path: string, partial: string): Promise<void> {
  const state = await writing("createOutputFolder", path, () => outputState(partial));
  if (state === "absent") return;
  const owner = await partialOwner(partial);
  if (owner === undefined && state !== "empty") {
    throw new OptionError(
      `createOutputFolder: "${path}.partial" must not exist; got something that unlabeled did not write. Move it away, or choose another folder with --out.`,
    );
  }
  if (owner !== undefined && isRunning(owner)) {
    throw new OptionError(
      `createOutputFolder: "${path}.partial" must not be in use; got a run that is writing it (process ${owner.pid}). Wait for it, or choose another folder with --out.`,
    );
  }
  await writing("createOutputFolder", path, () => rm(partial, { recursive: true }));
}

interface Owner {
  readonly pid: number;
  readonly host: string;
}

function marker(): string {
  return JSON.stringify({ format: "unlabeled-partial", pid: process.pid, host: hostname() });
}

async function partialOwner(partial: string): Promise<Owner | undefined> {
  try {
    const found: unknown = JSON.parse(await readFile(join(partial, MARKER), "utf8"));
    if (typeof found !== "object" || found === null) return undefined;
    const { format, pid, host } = found as Record<string, unknown>;
    if (format !== "unlabeled-partial" || typeof pid !== "number" || typeof host !== "string")
      return undefined;
    return { pid, host };
  } catch {
    return undefined; // no marker: not ours
  }
}

/** Whether the process that wrote the marker still runs; of another machine that cannot be known, so it counts as ended. */
function isRunning(owner: Owner): boolean {
  // In containers each run may well have the same number: our own number in an old marker is a coincidence.
  if (owner.host !== hostname() || owner.pid === process.pid) return false;
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

async function moveIntoPlace(partial: string, target: string): Promise<void> {
  await rm(join(partial, MARKER));
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
