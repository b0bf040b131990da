/** What an interrupted comparison has done already. */
import { FormatError } from "../errors.ts";
import type { Exhibits, FinishedRun, RunRecord } from "../experiment/index.ts";
import type { Checkpoint } from "../neural/index.ts";
import {
  type OutputFolder,
  parseLabels,
  parsePictures,
  parseRun,
  type StoredTraining,
} from "../node/index.ts";
import { costOf } from "../report/index.ts";
import { trainingRemedy } from "./work.ts";

/** One run of those that were asked for. */
export interface WantedRun {
  readonly method: string;
  readonly seed: number;
  /** Its folder within that of the result; "" where it is the result. */
  readonly folder: string;
}

/** A run together with its pictures and labels, and which of the wanted ones it is. */
export interface PicturedRun {
  readonly run: number;
  readonly result: RunRecord;
  readonly exhibits: Exhibits;
  /** Cluster of each scored image. */
  readonly labels: Int32Array;
}

/**
 * Records and labels of the runs that are whole, by their position. A run's record is written last, so where it is,
 * all is.
 *
 * @throws {FormatError} if a record or its labels are damaged, or the record is that of another run
 */
export async function finishedRuns(
  output: OutputFolder,
  wanted: readonly WantedRun[],
  sha256: string,
): Promise<ReadonlyMap<number, FinishedRun>> {
  const finished = new Map<number, FinishedRun>();
  for (const [run, { method, seed, folder }] of wanted.entries()) {
    const name = folder === "" ? "run.json" : `${folder}/run.json`;
    const bytes = await output.read(name);
    if (!bytes) continue;
    const file = `${output.partial}/${name}`;
    const record = parseRun(new TextDecoder().decode(bytes), file);
    if (record.method !== method || record.seed !== seed || record.source.sha256 !== sha256) {
      throw new FormatError(
        `resume: "${file}" must be of ${method}, seed ${seed}, on the images of this run; got ${record.method}, seed ${record.seed}, on ${record.source.name}. Delete its folder to make that run again.`,
      );
    }
    finished.set(run, { record, labels: await labelsOf(record, folder, output) });
  }
  return finished;
}

async function labelsOf(record: RunRecord, folder: string, output: OutputFolder): Promise<Int32Array> {
  const name = folder === "" ? "assignments.csv" : `${folder}/assignments.csv`;
  const file = `${output.partial}/${name}`;
  const bytes = await output.read(name);
  if (bytes) return parseLabels(new TextDecoder().decode(bytes), file, record);
  const remedy = `Delete the folder of ${record.method}, seed ${record.seed} to make that run again.`;
  throw new FormatError(`resume: "${file}" must be there; got nothing. ${remedy}`);
}

/**
 * Which run the training of an interrupted command belongs to.
 *
 * @returns undefined if that run is finished by now
 * @throws {FormatError} if it is none of the wanted ones, or not the next one
 */
export function interruptedRun(
  training: StoredTraining | undefined,
  wanted: readonly WantedRun[],
  finished: ReadonlyMap<number, FinishedRun>,
  file: string,
): { readonly run: number; readonly checkpoint: Checkpoint } | undefined {
  if (!training) return undefined;
  const { method, seed, checkpoint } = training;
  const run = wanted.findIndex((one) => one.method === method && one.seed === seed);
  if (finished.has(run)) return undefined;
  const next = wanted.findIndex((_, i) => !finished.has(i));
  const expected = wanted[next];
  if (run === next || !expected) return { run, checkpoint };
  throw new FormatError(
    `resume: "${file}" must be a checkpoint of ${expected.method}, seed ${expected.seed}; got one of ${method}, seed ${seed}. ${trainingRemedy}`,
  );
}

/**
 * Of each method, the finished run that is best by its own objective, with its pictures.
 *
 * @throws {FormatError} if its pictures are not there, or damaged
 */
export async function picturedRuns(
  output: OutputFolder,
  finished: ReadonlyMap<number, FinishedRun>,
): Promise<Map<string, PicturedRun>> {
  const best = new Map<string, Omit<PicturedRun, "exhibits">>();
  for (const [run, { record: result, labels }] of finished) {
    const kept = best.get(result.method);
    if (!kept || costOf(result) < costOf(kept.result)) best.set(result.method, { run, result, labels });
  }
  const pictured = new Map<string, PicturedRun>();
  for (const [method, kept] of best) {
    const { run, result } = kept;
    const remedy = `Delete the folder of ${method}, seed ${result.seed} to make that run again.`;
    const file = output.work.nameOf({ picturesOf: run });
    const bytes = await output.work.read({ picturesOf: run });
    if (!bytes) throw new FormatError(`resume: "${file}" must be there; got nothing. ${remedy}`);
    pictured.set(method, { ...kept, exhibits: parsePictures(bytes, file, remedy) });
  }
  return pictured;
}
