/** Which runs lie in a folder, without reading more of each than its record. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../errors.ts";
import type { RunRecord } from "../../experiment/index.ts";
import { withFile } from "../files.ts";
import { type ClusterName, readClusterNames } from "./cluster-names.ts";
import { isRunning, MARKER, partialOwner } from "./partial-marker.ts";
import { parseRun, readResult } from "./read-run.ts";
import { recordIn } from "./recognize.ts";
import { parseResume } from "./resume-record.ts";
import { hasEdits, namesOf, readEdits } from "./stored-edits.ts";
import { RESUME_FILE } from "./work-files.ts";

/** A folder that holds a run, or what became of one. */
export interface ListedRun {
  readonly path: string;
  /** `running`: a process is writing it; `damaged`: its record cannot be read, as `fault` says. */
  readonly state: "finished" | "interrupted" | "running" | "damaged";
  /** Of finished runs. */
  readonly record?: RunRecord;
  readonly names?: ReadonlyMap<number, ClusterName>;
  /** Clusters that it has after edits. */
  readonly clusters?: number;
  /** Of others, what they were asked to do on, where that is known. */
  readonly asked?: { readonly command: string; readonly source: string; readonly method: string };
  readonly fault?: string;
}

/** Folders within folders: `runs/<comparison>/<run>`, and one more. */
const DEPTH = 3;

/**
 * All runs in a folder, in those below it, and the folder itself if it is one; sorted by path. Whatever is wrong with one of
 * them is said of it, and never ends the list. Links to folders are not followed.
 *
 * @throws {InputError} if the folder cannot be read
 */
export async function listRuns(folder: string): Promise<readonly ListedRun[]> {
  const remedy = "Name a run, or the folder in which your runs lie.";
  const rule = { where: "listRuns", path: folder, must: "a readable folder", remedy };
  await withFile(rule, () => readdir(folder));
  const found: ListedRun[] = [];
  await look(folder, DEPTH, found);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function look(folder: string, depth: number, found: ListedRun[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = new Set(entries.map(({ name }) => name));
  const owner = names.has(MARKER) ? await partialOwner(folder) : undefined;
  if (owner || names.has(RESUME_FILE)) {
    const running = owner !== undefined && (await isRunning(owner));
    const asked = await askedOf(folder);
    found.push({ path: folder, state: running ? "running" : "interrupted", ...(asked && { asked }) });
    return; // the finished parts of a comparison that goes on are listed when it is whole
  }
  if (names.has("run.json")) {
    found.push(await runIn(folder));
    return;
  }
  if (depth === 0 || names.has("export.json")) return;
  for (const entry of entries)
    if (entry.isDirectory()) await look(join(folder, entry.name), depth - 1, found);
  // The records of comparisons and curves are no runs; a damaged one is told all the same.
  for (const file of ["compare.json", "elbow.json"] as const) {
    if (!names.has(file) || (await recordIn(folder)) !== undefined) continue;
    found.push({ path: folder, state: "damaged", fault: `${file} is not what unlabeled writes` });
  }
}

async function runIn(folder: string): Promise<ListedRun> {
  try {
    const file = join(folder, "run.json");
    const record = parseRun(await readFile(file, "utf8"), file);
    if (await hasEdits(folder)) {
      const { assignments } = await readResult(folder);
      const edited = await readEdits(folder, { record, labels: assignments.clusters });
      return {
        ...{ path: folder, state: "finished", record },
        ...{ names: namesOf(edited), clusters: edited.clusters.length },
      };
    }
    const names = await readClusterNames(folder, record.clusters).catch(() => new Map());
    return { path: folder, state: "finished", record, names, clusters: record.clusters };
  } catch (error) {
    return { path: folder, state: "damaged", fault: messageOf(error) };
  }
}

async function askedOf(folder: string): Promise<ListedRun["asked"]> {
  try {
    const file = join(folder, RESUME_FILE);
    const { command, source, settings } = parseResume(await readFile(file, "utf8"), file);
    const method = settings.method ?? settings.methods ?? "";
    return { command, source, method: String(method) };
  } catch {
    return undefined; // begun, and ended before its settings were written
  }
}
