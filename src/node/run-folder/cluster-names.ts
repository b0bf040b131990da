/**
 * `clusters.json`: what the user calls the clusters of a run, beside its `run.json`. The program never writes a name of its
 * own into it; a cluster without a name is called by its number.
 *
 * `{ "format": "unlabeled-clusters", "version": 1, "clusters": [{ "cluster": 0, "name": "...", "notes": "..." }] }`
 *
 * Once the clusters of the run were edited, the log (edit-log.ts) is what counts, and this file is written from it: `edits` then
 * says how many of its entries it reflects. It may still be written by hand: stored-edits.ts says how that is taken in.
 */
import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isName, isNotes, nameRule, notesRule } from "../../edits/index.ts";
import { FormatError, InputError, OptionError } from "../../errors.ts";
import { fileReason, systemCode } from "../files.ts";
import { jsonText } from "./json-text.ts";
import { parseRecord } from "./parse-record.ts";

/** What the user says of one cluster. */
export interface ClusterName {
  /** 0..clusters-1 of the run. */
  readonly cluster: number;
  /** One line of 1 to 200 characters. */
  readonly name?: string;
  /** Any text of 1 to 10,000 characters. */
  readonly notes?: string;
}

/** Name of the file in a run folder. */
export const CLUSTERS_FILE = "clusters.json" as const;

const FORMAT = "unlabeled-clusters";
const FORMAT_VERSION = 1;

const name = z.string().refine(isName, { error: `must be ${nameRule}` });
const notes = z.string().min(1).max(10_000);

const schema = z.object({
  edits: z.int().min(0).exactOptional(),
  clusters: z.array(
    z.object({ cluster: z.int().min(0), name: name.exactOptional(), notes: notes.exactOptional() }),
  ),
});

/** What the file holds. */
export interface NamesFile {
  readonly names: ReadonlyMap<number, ClusterName>;
  /** How many entries of the log of edits it reflects; absent where a person wrote it. */
  readonly edits?: number;
}

/**
 * The names and notes of a run's clusters, by cluster; empty where the user gave none.
 *
 * @param folder of the run
 * @param nClusters number of its clusters
 * @throws {FormatError} if the file does not follow the format, names a cluster twice, or one that the run does not have
 * @throws {InputError} if the file is there and cannot be read
 */
export async function readClusterNames(
  folder: string,
  nClusters: number,
): Promise<ReadonlyMap<number, ClusterName>> {
  const text = await readNamesText(folder);
  return text === undefined ? new Map() : parseClusterNames(text, join(folder, CLUSTERS_FILE), nClusters);
}

/**
 * The text of the file; undefined where there is none.
 *
 * @throws {InputError} if the file is there and cannot be read
 */
export async function readNamesText(folder: string): Promise<string | undefined> {
  const file = join(folder, CLUSTERS_FILE);
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    const reason = fileReason(error);
    if (reason === undefined) throw error;
    throw new InputError(
      `readClusterNames: "${file}" must be readable; got ${reason}. Mend it, or move it away: clusters then go by their numbers.`,
      { cause: error },
    );
  }
}

/**
 * The names from the text of the file.
 *
 * @param file its name, for messages
 */
export function parseClusterNames(
  text: string,
  file: string,
  nClusters: number,
): ReadonlyMap<number, ClusterName> {
  return parseNamesFile(text, file, nClusters).names;
}

/** All that the text says; as {@link parseClusterNames}. */
export function parseNamesFile(text: string, file: string, nClusters: number): NamesFile {
  const where = "readClusterNames";
  const expected = { where, file, format: FORMAT, formatVersion: FORMAT_VERSION, schema };
  const { clusters, edits } = parseRecord(withFormatVersion(text), expected);
  const names = new Map<number, ClusterName>();
  for (const entry of clusters) {
    if (entry.cluster >= nClusters) {
      throw new FormatError(
        `${where}: cluster in "${file}" must be an integer in 0..${nClusters - 1}, a cluster of the run; got ${entry.cluster}.`,
      );
    }
    if (names.has(entry.cluster)) {
      throw new FormatError(
        `${where}: "${file}" must name each cluster at most once; got cluster ${entry.cluster} twice.`,
      );
    }
    names.set(entry.cluster, entry);
  }
  return { names, ...(edits !== undefined && { edits }) };
}

/** The file, which people write by hand too, says `version` where the others say `formatVersion`; either will do. */
function withFormatVersion(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || "formatVersion" in value || !("version" in value))
      return text;
    return JSON.stringify({ ...value, formatVersion: value.version });
  } catch {
    return text; // the caller says what is wrong
  }
}

/**
 * Names a cluster, or notes something of it; what is undefined stays as it was, and `null` is taken away.
 *
 * @returns the names as they are then
 * @throws {OptionError} for a name or notes that cannot be, or a cluster that is not there
 */
export function withClusterName(
  names: ReadonlyMap<number, ClusterName>,
  nClusters: number,
  change: { readonly cluster: number; readonly name?: string | null; readonly notes?: string | null },
): ReadonlyMap<number, ClusterName> {
  const where = "withClusterName";
  const { cluster } = change;
  if (!Number.isInteger(cluster) || cluster < 0 || cluster >= nClusters) {
    throw new OptionError(
      `${where}: cluster must be an integer in 0..${nClusters - 1}, a cluster of the run; got ${cluster}.`,
    );
  }
  if (typeof change.name === "string" && !isName(change.name)) {
    throw new OptionError(`${where}: name must be ${nameRule}; got ${JSON.stringify(change.name)}.`);
  }
  if (typeof change.notes === "string" && !isNotes(change.notes)) {
    throw new OptionError(`${where}: notes must be ${notesRule}; got ${change.notes.length} characters.`);
  }
  const old = names.get(cluster);
  const name = change.name === undefined ? old?.name : change.name;
  const noted = change.notes === undefined ? old?.notes : change.notes;
  const changed = new Map(names);
  changed.delete(cluster);
  if (name || noted) changed.set(cluster, { cluster, ...(name && { name }), ...(noted && { notes: noted }) });
  return new Map([...changed].sort(([a], [b]) => a - b));
}

/**
 * Writes the names into a run folder; the file appears whole or not at all.
 *
 * @param edits how many entries of the log of edits they reflect, where there is one
 * @throws {InputError} if the folder cannot be written
 */
export async function writeClusterNames(
  folder: string,
  names: ReadonlyMap<number, ClusterName>,
  edits?: number,
): Promise<void> {
  const file = join(folder, CLUSTERS_FILE);
  const partial = join(folder, `.${randomUUID()}.partial`);
  const clusters = [...names.values()].sort((a, b) => a.cluster - b.cluster);
  try {
    const reflected = edits === undefined ? {} : { edits };
    await writeFile(partial, jsonText({ format: FORMAT, version: FORMAT_VERSION, ...reflected, clusters }));
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {}); // the first error is the one to tell
    const reason = fileReason(error);
    if (reason === undefined) throw error;
    const remedy =
      "Names are kept beside run.json: make the folder writable, or name the clusters of a copy.";
    throw new InputError(`writeClusterNames: "${file}" must be writable; got ${reason}. ${remedy}`, {
      cause: error,
    });
  }
}

/** What a cluster is called: `3: boots`, or `3` without a name. */
export function clusterTitle(cluster: number, names: ReadonlyMap<number, ClusterName>): string {
  const name = names.get(cluster)?.name;
  return name === undefined ? `${cluster}` : `${cluster}: ${name}`;
}
