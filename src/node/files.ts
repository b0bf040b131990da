import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { InputError } from "../errors.ts";

/** What the operating system answers, in words. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: "no permission",
  EPERM: "no permission",
  ENOENT: "nothing there",
  ENOTDIR: "a path that leads through a file",
  EEXIST: "a file in its place",
  EISDIR: "a folder",
  ENAMETOOLONG: "a name that is too long",
  ELOOP: "links that lead in a circle",
  ENOSPC: "no space left on the disk",
  EDQUOT: "the disk quota used up",
  EROFS: "a read-only file system",
  EMFILE: "too many open files",
  ENFILE: "too many open files",
  EIO: "a fault of the disk",
};

/** Code of an error of the operating system (`ENOSPC`, ...); undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** What an error of the operating system means, in words; undefined for any other error. */
export function fileReason(error: unknown): string | undefined {
  const code = systemCode(error);
  return code === undefined ? undefined : (reasons[code] ?? code);
}

/** How a step that touches a path fails, should it fail. */
export interface FileRule {
  /** Public function that was called. */
  readonly where: string;
  readonly path: string;
  /** `readable`, `writable`. */
  readonly must: string;
  readonly remedy: string;
}

/**
 * Runs a step that touches a path; where the operating system refuses, the error says why and what to do.
 *
 * @throws {InputError} for a refusal; any other error as it is
 */
export async function withFile<T>(rule: FileRule, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const reason = fileReason(error);
    if (reason === undefined) throw error;
    const { where, path, must, remedy } = rule;
    throw new InputError(`${where}: "${path}" must be ${must}; got ${reason}. ${remedy}`, { cause: error });
  }
}

/**
 * What stands at a path, links followed; `none` also where the path leads through a file.
 *
 * @throws {InputError} if the operating system does not tell
 */
export async function kindOfPath(path: string, where: string): Promise<"file" | "folder" | "other" | "none"> {
  const remedy = "Check the path, and your right to read it.";
  const found = await withFile({ where, path, must: "readable", remedy }, () => statOrNone(path));
  if (found === undefined) return "none";
  return found.isFile() ? "file" : found.isDirectory() ? "folder" : "other";
}

async function statOrNone(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    // The last: a path with a null character, which no file can have.
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ERR_INVALID_ARG_VALUE") return undefined;
    throw error;
  }
}
