/** The file that says that a partial folder is ours, and which process writes it. */
import { readFile, rename, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

/** Name of the file in the partial folder. */
export const MARKER = "unlabeled-partial.json";

/** The process that writes a partial folder, or wrote it last. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
}

/** Says that this process writes the folder; the file is never seen half written. */
export async function markPartial(partial: string): Promise<void> {
  const begun = join(partial, `${MARKER}.new`);
  await writeFile(begun, JSON.stringify({ format: "unlabeled-partial", pid: process.pid, host: hostname() }));
  await rename(begun, join(partial, MARKER));
}

/** Who writes the folder; undefined if it is not ours. */
export async function partialOwner(partial: string): Promise<Owner | undefined> {
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
export function isRunning(owner: Owner): boolean {
  // In containers each run may well have the same number: our own number in an old marker is a coincidence.
  if (owner.host !== hostname() || owner.pid === process.pid) return false;
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
