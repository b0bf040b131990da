import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "../files.ts";

/** The one file that every finished folder of ours has, and the format that it names. */
const recordFiles = {
  "run.json": "unlabeled-run",
  "compare.json": "unlabeled-comparison",
  "elbow.json": "unlabeled-elbow",
  "export.json": "unlabeled-export",
} as const;

/** What stands where an output folder is to be: nothing, an empty folder, one that we wrote, or anything else. */
export type OutputState = "absent" | "empty" | "ours" | "foreign";

/** Looks, changes nothing. A link counts as foreign, wherever it leads. */
export async function outputState(path: string): Promise<OutputState> {
  try {
    if (!(await lstat(path)).isDirectory()) return "foreign";
  } catch (error) {
    if (systemCode(error) === "ENOENT") return "absent";
    throw error;
  }
  if ((await readdir(path)).length === 0) return "empty";
  return (await recordIn(path)) === undefined ? "foreign" : "ours";
}

/** Whether the folder is one that this program wrote. */
export async function isOurFolder(path: string): Promise<boolean> {
  return (await recordIn(path)) !== undefined;
}

/** Name of the file that says what a folder of ours holds; undefined for any other folder. */
export async function recordIn(folder: string): Promise<keyof typeof recordFiles | undefined> {
  for (const [file, format] of Object.entries(recordFiles)) {
    const text = await readFile(join(folder, file), "utf8").catch(() => "");
    if (formatOf(text) === format) return file as keyof typeof recordFiles;
  }
  return undefined;
}

function formatOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "format" in value ? value.format : undefined;
  } catch {
    return undefined;
  }
}
