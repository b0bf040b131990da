/**
 * The clusters of a run as people have edited them: the log of edits, and the file of names beside it.
 *
 * The log is what counts once there is one; each append writes `clusters.json` anew from it. A `clusters.json` that reflects
 * fewer entries than the log has was left behind by a crash, and is passed over. One that reflects all of them and says
 * something else was edited by hand: what differs is taken in as renaming, in memory when a run is read, and into the log
 * by the next append.
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import {
  type EditEntry,
  type EditedClusters,
  type EditFold,
  type EditRequest,
  type EditState,
  editFold,
  foldEdits,
  resolveEdit,
} from "../../edits/index.ts";
import { FormatError, InputError, OptionError } from "../../errors.ts";
import type { RunRecord } from "../../experiment/index.ts";
import type { Compute } from "../../kernels/index.ts";
import type { Samples } from "../../matrix/index.ts";
import { kindOfPath } from "../files.ts";
import {
  CLUSTERS_FILE,
  type ClusterName,
  type NamesFile,
  parseNamesFile,
  readNamesText,
  writeClusterNames,
} from "./cluster-names.ts";
import { withEditLock } from "./edit-lock.ts";
import { appendEdits, EDITS_FILE, type EditLog, type LoggedRun, readEditLog } from "./edit-log.ts";

/** Another program, or another page, has edited the clusters since their state was read. */
export class EditConflictError extends InputError {}

/** A run as edits need it. */
export interface EditableRun {
  readonly record: Pick<RunRecord, "clusters" | "seed">;
  /** Cluster of each scored image, as the run found it. */
  readonly labels: Int32Array;
}

/** What edits need besides the run. */
export interface EditContext {
  /** The time, which the log keeps. */
  readonly now: () => Date;
  /** What the run's clusterer sees of its scored images, one row each (`chainFeatures`); asked for by splits alone. */
  readonly features?: (() => Promise<Samples>) | undefined;
  readonly compute?: Compute | undefined;
}

/** The clusters of a run, open for edits. */
export interface OpenedEdits {
  /** As last read or changed. */
  state(): EditState;
  /** Present cluster of each image; another array after each change, and not to be written to. */
  labels(): Int32Array;
  /** All that is known of the present clusters. */
  clusters(): EditedClusters;
  /**
   * Does one edit; it is on the disk when this returns. Calls may overlap: they wait for each other.
   *
   * @throws {EditConflictError} if `version` is not that of the log (any more); {@link OpenedEdits.state} is fresh then
   * @throws {OptionError} for an edit that cannot be
   * @throws {FormatError} if the log or the file of names is damaged
   * @throws {InputError} if the folder cannot be written
   */
  apply(request: EditRequest, signal?: AbortSignal): Promise<EditState>;
  /** Reads again what other programs may have done. */
  refresh(): Promise<EditState>;
}

/** The files of a run's edits, and what they come to. */
interface Stored {
  readonly log: EditLog | undefined;
  readonly names: NamesFile | undefined;
  /** What a person wrote into the file of names, and the log does not have yet. */
  readonly adopted: readonly EditEntry[];
  readonly fold: EditFold;
}

/**
 * The present clusters of a run; those that it found, where nobody edited them. Writes nothing.
 *
 * @param folder of the run; with `original` the clusters are those that the run found, with the names of those that were
 *   neither merged nor split
 * @throws {FormatError} if the log or the file of names is damaged
 * @throws {InputError} if one of them is there and cannot be read
 */
export async function readEdits(
  folder: string,
  run: EditableRun,
  { original = false }: { readonly original?: boolean } = {},
): Promise<EditedClusters> {
  const { fold } = await readStored(folder, loggedRun(run));
  return original ? originalClusters(run, fold.state()) : fold.state();
}

function originalClusters(
  { record, labels }: EditableRun,
  { clusters, route }: EditedClusters,
): EditedClusters {
  const touched = new Set(route.flatMap((step) => (step.kind === "merge" ? step.clusters : [step.cluster])));
  const renamed = clusters
    .filter(
      ({ cluster, name, notes }) => cluster < record.clusters && !touched.has(cluster) && (name ?? notes),
    )
    .map(({ cluster, name, notes }) => ({ at: "", edit: { kind: "rename", cluster, name, notes } as const }));
  return { ...foldEdits(record.clusters, labels, renamed), log: [] };
}

/** Whether the clusters of a run were edited: whether it has a log. */
export async function hasEdits(folder: string): Promise<boolean> {
  return (await kindOfPath(join(folder, EDITS_FILE), "hasEdits")) !== "none";
}

/** Names and notes of present clusters, as all that shows clusters takes them. */
export function namesOf({ clusters }: Pick<EditState, "clusters">): ReadonlyMap<number, ClusterName> {
  return new Map(
    clusters.flatMap(({ cluster, name, notes }): [number, ClusterName][] =>
      name === null && notes === null
        ? []
        : [[cluster, { cluster, ...(name !== null && { name }), ...(notes !== null && { notes }) }]],
    ),
  );
}

/**
 * Opens the clusters of a run for edits. Writes nothing until the first one.
 *
 * @param folder of the run
 * @throws {FormatError} if the log or the file of names is damaged
 * @throws {InputError} if one of them is there and cannot be read
 */
export async function openEdits(
  folder: string,
  run: EditableRun,
  { now, features, compute }: EditContext,
): Promise<OpenedEdits> {
  const logged = loggedRun(run);
  let current = (await readStored(folder, logged)).fold.state();
  const refresh = async (): Promise<EditState> => {
    current = (await readStored(folder, logged)).fold.state();
    return stateOf(current);
  };
  const checkVersion = ({ version }: EditRequest): void => {
    if (version === current.version) return;
    throw new EditConflictError(
      `openEdits: version must be ${current.version}, that of the clusters as they are now; got ${version}. They were edited elsewhere: look at them again.`,
    );
  };
  const apply = async (request: EditRequest, signal?: AbortSignal): Promise<EditState> => {
    await refresh();
    checkVersion(request);
    // Outside the lock, since fitting takes its time.
    const edit = await resolveEdit(current, request.do, { seed: run.record.seed, features, compute, signal });
    return withEditLock(folder, async () => {
      const stored = await readStored(folder, logged);
      current = stored.fold.state();
      checkVersion(request);
      const entry = { at: now().toISOString(), edit };
      stored.fold.add(entry);
      await append(folder, logged, stored, entry);
      current = stored.fold.state();
      return stateOf(current);
    });
  };
  return {
    state: () => stateOf(current),
    labels: () => current.labels,
    clusters: () => current,
    apply,
    refresh,
  };
}

function loggedRun({ record, labels }: EditableRun): LoggedRun {
  return { clusters: record.clusters, labels };
}

function stateOf({ version, canUndo, canRedo, log, clusters }: EditedClusters): EditState {
  return { version, canUndo, canRedo, log, clusters };
}

async function append(
  folder: string,
  run: LoggedRun,
  { log, names, adopted, fold }: Stored,
  entry: EditEntry,
): Promise<void> {
  // From now on the file of names is known to be older than the log, should this process end between the two.
  if (!log) await writeClusterNames(folder, names?.names ?? new Map(), 0);
  await appendEdits(folder, run, log, [...adopted, entry]);
  const state = fold.state();
  // The edit is done: a file that cannot be written now is stale, and written by the next one.
  await writeClusterNames(folder, namesOf(state), state.version).catch(() => {});
}

/** How often the two files are read, at most, until they belong together: appends take some milliseconds. */
const READS = 20;

/** The log and the text of the file of names, which another program may be writing at this moment. */
async function readBoth(
  folder: string,
  run: LoggedRun,
): Promise<{ readonly log: EditLog | undefined; readonly text: string | undefined }> {
  for (let read = 1; ; read++) {
    const before = await readNamesText(folder);
    const log = await readEditLog(folder, run);
    const text = await readNamesText(folder);
    if (text === before || read === READS) return { log, text: before };
  }
}

async function readStored(folder: string, run: LoggedRun): Promise<Stored> {
  const { log, text } = await readBoth(folder, run);
  const fold = editFold(run.clusters, run.labels);
  log?.entries.forEach((entry, i) => {
    try {
      fold.add(entry);
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      const file = join(folder, EDITS_FILE);
      throw new FormatError(
        `readEdits: line ${i + 2} of "${file}" must hold an edit that fits those before it; got one that does not: ${error.message}`,
        { cause: error },
      );
    }
  });
  const state = fold.state();
  const names =
    text === undefined ? undefined : parseNamesFile(text, join(folder, CLUSTERS_FILE), state.nextCluster);
  const adopted = names ? await handWritten(folder, state, names, log !== undefined) : [];
  for (const entry of adopted) fold.add(entry);
  return { log, names, adopted, fold };
}

/** What the file of names says otherwise than the log, where a person wrote it. */
async function handWritten(
  folder: string,
  { version, clusters }: EditedClusters,
  { names, edits = version }: NamesFile,
  hasLog: boolean,
): Promise<readonly EditEntry[]> {
  const file = join(folder, CLUSTERS_FILE);
  if (edits > version) {
    const lost = hasLog ? `has ${version}` : "is not there";
    throw new FormatError(
      `readEdits: edits in "${file}" must be the number of edits that ${EDITS_FILE} holds, or fewer; got ${edits}, and the log ${lost}. Bring the log back, or take the line "edits" out of the file to keep its names alone.`,
    );
  }
  if (edits < version) return [];
  const gone = [...names.keys()].find((cluster) => !clusters.some((one) => one.cluster === cluster));
  if (gone !== undefined) {
    throw new FormatError(
      `readEdits: cluster in "${file}" must be one that there is after the edits; got ${gone}, which was merged or split.`,
    );
  }
  const changed = clusters.flatMap((before) => {
    const { name = null, notes = null } = names.get(before.cluster) ?? {};
    if (name === before.name && notes === before.notes) return [];
    return [{ kind: "rename", cluster: before.cluster, name, notes, from: CLUSTERS_FILE } as const];
  });
  if (changed.length === 0) return [];
  const at = (await stat(file)).mtime.toISOString();
  return changed.map((edit) => ({ at, edit }));
}
