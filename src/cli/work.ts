/** What `cluster`, `compare` and `elbow` share: a folder, threads and networks for the time that they work. */
import { FormatError, InputError } from "../errors.ts";
import { throwIfCancelled } from "../estimator.ts";
import type { ExperimentContext } from "../experiment/index.ts";
import type { Runtime } from "../neural/index.ts";
import {
  createOutputFolder,
  type OutputFolder,
  parseTraining,
  type ResumeRecord,
  resumeText,
  type StoredTraining,
} from "../node/index.ts";
import { type Method, usesNetwork } from "../pipeline/index.ts";
import type { Effects } from "./effects.ts";
import { type Interrupted, leaveForResume } from "./interrupted.ts";
import { environment, openCompute, openNetworks, threadsOf } from "./open.ts";
import { patientSignal } from "./patient-signal.ts";
import { checkDigest, digestsOf, type OpenedSources } from "./sources.ts";
import { runtimeText, type TrainingKeeper, trainingKeeper } from "./training-keeper.ts";

/** A command that is about to work: all that could be checked is. */
export interface WorkOrder {
  readonly command: ResumeRecord["command"];
  /** Everything that the command was asked. */
  readonly settings: {
    readonly source: string;
    readonly force: boolean;
    readonly threads: number | undefined;
  };
  readonly methods: readonly Method[];
  readonly sources: OpenedSources;
  /** Folder of the result. */
  readonly out: string;
  /** What the command goes on with, where it was interrupted. */
  readonly interrupted: Interrupted | undefined;
}

/** Where a command works. */
export interface Workplace {
  readonly output: OutputFolder;
  readonly context: ExperimentContext;
  readonly keeper: TrainingKeeper;
  /** Where the training of an interrupted run stood. */
  readonly training: StoredTraining | undefined;
}

/** What to do with the file of a checkpoint that is of no use. */
export const trainingRemedy =
  "Delete that file to train again from the start, or begin all anew with --force.";

/**
 * Works in a new output folder, or in the one that an interrupted command left, and moves it into place.
 *
 * @throws what the work throws; the folder is then left for `resume`, or taken away
 */
export async function inOutputFolder<T>(
  order: WorkOrder,
  effects: Effects,
  work: (place: Workplace) => Promise<T>,
): Promise<T> {
  const { interrupted, sources, methods } = order;
  throwIfCancelled(`unlabeled ${order.command}`, effects.signal);
  if (interrupted) checkSources(interrupted, sources);
  const training = interrupted && (await readTraining(interrupted, sources.source.sha256));
  const output = await openFolder(order);
  const threads = threadsOf(order.settings, effects);
  const compute = openCompute(threads, effects);
  const patience = patientSignal(effects.signal);
  let runtime: Runtime | undefined;
  try {
    if (!interrupted) await output.work.write("resume", resumeText(resumeRecord(order, threads, effects)));
    if (methods.some(usesNetwork)) runtime = await openNetworks(threads, effects);
    if (interrupted) warnOfChanges(interrupted, training, runtime, effects);
    const result = await work({
      output,
      training,
      keeper: trainingKeeper({
        work: output.work,
        effects,
        patience,
        runtime,
        sha256: sources.source.sha256,
      }),
      context: {
        ...{ compute, runtime, signal: patience.signal, now: effects.now },
        environment: environment(effects, compute),
      },
    });
    throwIfCancelled(`unlabeled ${order.command}`, effects.signal);
    await output.commit();
    return result;
  } catch (error) {
    throw await leaveForResume(output, error, interrupted !== undefined, effects);
  } finally {
    patience.close();
    runtime?.close();
    compute.close();
    await output.discard();
  }
}

function openFolder({ interrupted, out, settings: { force } }: WorkOrder): Promise<OutputFolder> {
  return interrupted ? interrupted.folder.takeOver({ force }) : createOutputFolder(out, { force });
}

/** Threads are written down even where they were not chosen: on another number of them, a network ends slightly different. */
function resumeRecord(order: WorkOrder, threads: number, effects: Effects): ResumeRecord {
  const { source, ...settings } = order.settings;
  return {
    command: order.command,
    settings: { ...settings, threads },
    source,
    sha256: digestsOf(order.sources),
    unlabeled: effects.version,
  };
}

/** @throws {InputError} if images or network are others than those that the command was begun with */
function checkSources({ folder, record }: Interrupted, sources: OpenedSources): void {
  const digests = digestsOf(sources);
  if (record.sha256.encoder !== digests.encoder) {
    throw new InputError(
      `unlabeled resume: "${sources.encoder?.name}" must be the network that "${folder.partial}" was begun with; got another. Put that one back, or begin anew with --force.`,
    );
  }
  for (const part of ["source", "score", "validation"] as const) {
    const made = `"${folder.partial}" was begun with`;
    const remedy = "Put those back, or begin anew with --force.";
    checkDigest("unlabeled resume", record.source, record.sha256[part], digests[part], made, remedy);
  }
}

/** @throws {FormatError} for a checkpoint that is damaged, or of other images */
async function readTraining({ folder }: Interrupted, sha256: string): Promise<StoredTraining | undefined> {
  const bytes = await folder.work.read("training");
  if (!bytes) return undefined;
  const file = folder.work.nameOf("training");
  const training = parseTraining(bytes, file, trainingRemedy);
  if (training.sha256 === sha256) return training;
  throw new FormatError(
    `resume: "${file}" must be a checkpoint of the images of this run; got one of others. ${trainingRemedy}`,
  );
}

function warnOfChanges(
  { record }: Interrupted,
  training: StoredTraining | undefined,
  runtime: Runtime | undefined,
  effects: Effects,
): void {
  const warn = (was: string, is: string): void => {
    if (was === is) return;
    effects.warn(
      `unlabeled: the run was begun with ${was}; this is ${is}: it may end slightly different from an uninterrupted one.`,
    );
  };
  warn(`version ${record.unlabeled}`, `version ${effects.version}`);
  if (training && runtime) warn(training.runtime, runtimeText(runtime));
}
