import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { FormatError, InputError } from "../../errors.ts";
import {
  type ComparisonRecord,
  type ElbowRecord,
  RUN_FORMAT_VERSION,
  type RunRecord,
} from "../../experiment/index.ts";
import { type Chain, chainClusters } from "../../pipeline/index.ts";
import { parseAssignments, parseAssignmentsInSlices, type StoredAssignments } from "./assignments.ts";
import { reading } from "./file-errors.ts";
import { readModel } from "./model-files.ts";
import { parseRecord } from "./parse-record.ts";
import { recordIn } from "./recognize.ts";
import { comparisonSchema, elbowSchema, runSchema } from "./schemas.ts";

/** A run, as its folder holds it. */
export interface StoredRun {
  readonly record: RunRecord;
  readonly chain: Chain;
  /** Cluster of each scored image. */
  readonly labels: Int32Array;
}

/** What a run says of its images, without its model. */
export interface StoredResult {
  readonly record: RunRecord;
  readonly assignments: StoredAssignments;
}

/**
 * Reads the record and the assignments of a run folder: all that tables and lists need, at a fraction of the time.
 *
 * @throws {InputError} if it is no folder of a run, or a file of it is missing
 * @throws {FormatError} if a file does not follow its format, or was written by a newer version
 */
export async function readResult(folder: string): Promise<StoredResult> {
  await checkRunFolder(folder);
  const text = (name: string): Promise<string> =>
    reading("readRun", join(folder, name), () => readFile(join(folder, name), "utf8"));
  const record = parseRun(await text("run.json"), join(folder, "run.json"));
  const file = join(folder, "assignments.csv");
  const content = await text("assignments.csv");
  const assignments = await parseAssignmentsInSlices(content, file, record.clusters);
  checkCount(assignments.clusters, file, record);
  return { record, assignments };
}

/**
 * Reads a run folder.
 *
 * @throws {InputError} if it is no folder of a run, or a file of it is missing
 * @throws {FormatError} if a file does not follow its format, or was written by a newer version
 */
export async function readRun(folder: string): Promise<StoredRun> {
  await checkRunFolder(folder);
  const read = (file: string): Promise<Uint8Array> =>
    reading("readRun", join(folder, file), () => readFile(join(folder, file)));
  const text = async (file: string): Promise<string> => new TextDecoder().decode(await read(file));
  const record = parseRun(await text("run.json"), join(folder, "run.json"));
  const chain = await readModel(join(folder, "model"), (file) => read(join("model", file)));
  const labels = parseLabels(await text("assignments.csv"), join(folder, "assignments.csv"), record);
  if (chainClusters(chain) !== record.clusters || chain.method !== record.method) {
    throw new FormatError(
      `readRun: model.json in "${folder}" must belong to its run.json; got another model.`,
    );
  }
  return { record, chain, labels };
}

/**
 * A run record from the text of `run.json`.
 *
 * @param file its name, for messages
 * @throws {FormatError} if it does not follow the format, or was written by a newer version
 */
export function parseRun(text: string, file: string): RunRecord {
  return parseRecord(text, { ...format("unlabeled-run", file), schema: runSchema });
}

/**
 * The cluster of each scored image of a run, from the text of its `assignments.csv`.
 *
 * @param file its name, for messages
 * @param record the run that it belongs to
 * @throws {FormatError} if it does not follow the format, or has another number of images or of clusters
 */
export function parseLabels(text: string, file: string, record: RunRecord): Int32Array {
  const labels = parseAssignments(text, file, record.clusters);
  checkCount(labels, file, record);
  return labels;
}

function checkCount(labels: Int32Array, file: string, record: RunRecord): void {
  const { count } = record.scored ?? record.source;
  if (labels.length === count) return;
  throw new FormatError(
    `readRun: "${file}" must have ${count} rows, as run.json says; got ${labels.length}.`,
  );
}

/**
 * A comparison record from the text of `compare.json`; `run` of each result is its folder beside that file.
 *
 * @throws {FormatError} as {@link parseRun}
 */
export function parseComparison(text: string, file: string): ComparisonRecord {
  return parseRecord(text, { ...format("unlabeled-comparison", file), schema: comparisonSchema });
}

/**
 * An elbow record from the text of `elbow.json`.
 *
 * @throws {FormatError} as {@link parseRun}
 */
export function parseElbow(text: string, file: string): ElbowRecord {
  return parseRecord(text, { ...format("unlabeled-elbow", file), schema: elbowSchema });
}

function format(
  name: string,
  file: string,
): { where: string; file: string; format: string; formatVersion: number } {
  return { where: "readRun", file, format: name, formatVersion: RUN_FORMAT_VERSION };
}

/** @throws {InputError} unless the folder holds a `run.json`, with what the folder is instead */
async function checkRunFolder(folder: string): Promise<void> {
  const rule = `readRun: "${folder}" must be the folder of a run`;
  const found = await stat(folder).catch(() => undefined);
  if (!found)
    throw new InputError(`${rule}; got nothing there. Check the path; "unlabeled cluster" makes a run.`);
  if (!found.isDirectory())
    throw new InputError(`${rule}; got a file. Give the folder that holds its run.json.`);
  if (await stat(join(folder, "run.json")).catch(() => undefined)) return;
  const record = await recordIn(folder);
  if (record === "compare.json") {
    const text = await readFile(join(folder, record), "utf8");
    const runs = parseComparison(text, join(folder, record)).results.map((result) => result.run ?? "");
    const shown = runs.slice(0, 3).map((run) => join(folder, run));
    throw new InputError(
      `${rule}; got a comparison of ${runs.length}. Name one of its runs: ${shown.join(", ")}${runs.length > 3 ? ", ..." : ""}.`,
    );
  }
  const got =
    record === "elbow.json"
      ? "an elbow curve, which has no model"
      : record === "export.json"
        ? "what was exported of a run; name the run itself"
        : "a folder without run.json";
  throw new InputError(`${rule}; got ${got}. "unlabeled cluster" makes one.`);
}
