/** The file that says that a partial folder is ours, and which process writes it. */
import { readFile, rename, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { InputError } from "../../errors.ts";

/** Name of the file in the partial folder. */
export const MARKER = "unlabeled-partial.json";

/** The process that writes a partial folder, or wrote it last. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When it began, as its machine counts (Linux: ticks since the start); tells it from a later one of the same number. */
  readonly began?: string;
}

/** Says that this process writes the folder; the file is never seen half written. */
export async function markPartial(partial: string): Promise<void> {
  const begun = join(partial, `${MARKER}.new`);
  await writeFile(begun, JSON.stringify({ format: "unlabeled-partial", ...(await ownerHere()) }));
  await rename(begun, join(partial, MARKER));
}

/** This process. */
export async function ownerHere(): Promise<Owner> {
  const began = await beginningOf(process.pid);
  return { pid: process.pid, host: hostname(), ...(began !== undefined && { began }) };
}

/** The process that a text of JSON names; undefined if it names none. */
export function ownerIn(text: string): Owner | undefined {
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found !== "object" || found === null) return undefined;
    const { pid, host, began } = found as Record<string, unknown>;
    if (typeof pid !== "number" || typeof host !== "string") return undefined;
    return { pid, host, ...(typeof began === "string" && { began }) };
  } catch {
    return undefined;
  }
}

/**
 * Holds a partial folder to be there still: what is written into one that was moved or deleted meanwhile would make a new
 * one, which holds the last files alone and looks whole.
 *
 * @param shown the folder as the user named it, for messages
 * @throws {InputError} if it is gone
 */
export async function checkPartial(partial: string, shown: string): Promise<void> {
  if ((await partialOwner(partial)) !== undefined) return;
  throw new InputError(
    `createOutputFolder: "${shown}" must stay in its place until the run is finished; got nothing of it there any more. What it held is lost: run the command again, and leave the folder alone meanwhile.`,
  );
}

/** Who writes the folder; undefined if it is not ours. */
export async function partialOwner(partial: string): Promise<Owner | undefined> {
  try {
    const text = await readFile(join(partial, MARKER), "utf8");
    const owner = ownerIn(text);
    return owner && JSON.parse(text).format === "unlabeled-partial" ? owner : undefined;
  } catch {
    return undefined; // no marker: not ours
  }
}

/** Whether the process that wrote the marker still runs; of another machine that cannot be known, so it counts as ended. */
export async function isRunning(owner: Owner): Promise<boolean> {
  // In containers each run may well have the same number: our own number in an old marker is a coincidence.
  if (owner.host !== hostname() || owner.pid === process.pid) return false;
  try {
    process.kill(owner.pid, 0);
    const began = await beginningOf(owner.pid);
    return began === undefined || owner.began === undefined || began === owner.began;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** When a process began; undefined where the system does not say. */
async function beginningOf(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // The 22nd field; the second is a name in parentheses that may hold anything.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
