import type { ImageSource } from "../images/index.ts";
import type { Checkpoint } from "../neural/index.ts";
import { parseMethod } from "../pipeline/index.ts";
import { agreementOf, type LabelledRun } from "./agreement.ts";
import type { ExperimentContext, RunProgress } from "./progress.ts";
import type { ComparisonRecord, RunRecord } from "./record.ts";
import { type AskedSettings, type LearnedFeatures, type RunRequest, settingsOf } from "./request.ts";
import { type RunResult, runMethod } from "./run.ts";
import { sourceRecord } from "./source-record.ts";
import { summarize } from "./summarize.ts";

/** Several methods, each with several seeds. */
export interface CompareRequest
  extends Omit<RunRequest, "method" | "requested" | "seed" | "resume" | "learned" | "settings"> {
  readonly settings: AskedSettings;
  readonly methods: readonly string[];
  /** How the user spelled each of the methods; default: by its name. */
  readonly requestedAs?: Readonly<Record<string, string>> | undefined;
  readonly seeds: readonly number[];
  /** Runs that an earlier, interrupted comparison finished, by 0-based position: they are not run again. */
  readonly finished?: ReadonlyMap<number, FinishedRun> | undefined;
  /** Where the training of one run stood then. */
  readonly interrupted?: { readonly run: number; readonly checkpoint: Checkpoint } | undefined;
}

/** What a comparison keeps of a run. */
export interface FinishedRun {
  readonly record: RunRecord;
  /** Cluster of each scored image. */
  readonly labels: Int32Array;
}

/** What a comparison tells while it runs: progress of a run, or a run that is finished now. */
export type CompareEvent = {
  /** 0-based position of the run. */
  readonly run: number;
  readonly runs: number;
} & (
  | { readonly kind: "progress"; readonly progress: RunProgress }
  | { readonly kind: "result"; readonly result: RunResult }
);

/**
 * Runs every method with every seed, method by method, and hands out each run as soon as it is finished. Kept are only
 * its record, its labels, and features that a later method needs as well: those are learned once for each seed.
 *
 * @throws as `runMethod`
 */
export async function* compare(
  source: ImageSource,
  request: CompareRequest,
  context: ExperimentContext,
): AsyncGenerator<CompareEvent, ComparisonRecord, void> {
  const { methods, requestedAs = {}, seeds, finished, interrupted, ...rest } = request;
  const wanted = methods.flatMap((method) => {
    const settings = settingsOf(parseMethod(method), request.settings);
    return seeds.map((seed) => ({
      ...rest,
      method,
      requested: requestedAs[method] ?? method,
      seed,
      settings,
    }));
  });
  const runs = wanted.length;
  const results: RunRecord[] = [];
  const learnedBefore = new Map<string, LearnedFeatures>();
  const labelled: LabelledRun[] = [];
  const keep = ({ record, labels }: FinishedRun): void => {
    results.push(record);
    labelled.push({ method: record.method, seed: record.seed, labels });
  };
  for (const [run, one] of wanted.entries()) {
    const before = finished?.get(run);
    if (before) {
      keep(before);
      continue;
    }
    const resume = interrupted?.run === run ? interrupted.checkpoint : undefined;
    const features = featuresOf(one);
    const learned = learnedBefore.get(features);
    const steps = runMethod(source, { ...one, resume, learned }, context);
    let next = await steps.next();
    while (!next.done) {
      yield { kind: "progress", run, runs, progress: next.value };
      next = await steps.next();
    }
    keep({ record: next.value.record, labels: next.value.assignment.labels });
    if (wanted.slice(run + 1).some((later) => featuresOf(later) === features)) {
      learnedBefore.set(features, next.value.learned);
    } else {
      learnedBefore.delete(features);
    }
    yield { kind: "result", run, runs, result: next.value };
  }
  const agreement = agreementOf(labelled);
  return {
    source: sourceRecord(source, request.size),
    results,
    summary: summarize(results),
    ...(agreement && { agreement }),
  };
}

/** Runs with the same name here have the same features. */
function featuresOf({ method, seed }: Pick<RunRequest, "method" | "seed">): string {
  return `${parseMethod(method).features.join(":")}, seed ${seed}`;
}
