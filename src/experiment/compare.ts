import type { ImageSource } from "../images/index.ts";
import type { ComparisonRecord, RunRecord } from "./record.ts";
import type { RunRequest } from "./request.ts";
import { type ExperimentContext, type RunProgress, type RunResult, runMethod } from "./run.ts";
import { sourceRecord } from "./source-record.ts";
import { summarize } from "./summarize.ts";

/** Several methods, each with several seeds. */
export interface CompareRequest extends Omit<RunRequest, "method" | "requested" | "seed"> {
  readonly methods: readonly string[];
  readonly seeds: readonly number[];
}

/** What a comparison tells while it runs: progress of a run, or a run that is finished. */
export type CompareEvent = {
  /** 0-based position of the run. */
  readonly run: number;
  readonly runs: number;
} & (
  | { readonly kind: "progress"; readonly progress: RunProgress }
  | { readonly kind: "result"; readonly result: RunResult }
);

/**
 * Runs every method with every seed, method by method, and hands out each run as soon as it is finished; only the
 * records are kept.
 *
 * @throws as `runMethod`
 */
export async function* compare(
  source: ImageSource,
  request: CompareRequest,
  context: ExperimentContext,
): AsyncGenerator<CompareEvent, ComparisonRecord, void> {
  const { methods, seeds, ...rest } = request;
  const wanted = methods.flatMap((method) => seeds.map((seed) => ({ ...rest, method, seed })));
  const runs = wanted.length;
  const results: RunRecord[] = [];
  for (const [run, one] of wanted.entries()) {
    const steps = runMethod(source, one, context);
    let next = await steps.next();
    while (!next.done) {
      yield { kind: "progress", run, runs, progress: next.value };
      next = await steps.next();
    }
    results.push(next.value.record);
    yield { kind: "result", run, runs, result: next.value };
  }
  return { source: sourceRecord(source, request.size), results, summary: summarize(results) };
}
