import { InputError } from "../../errors.ts";
import {
  type RunProgress,
  type RunRecord,
  type RunResult,
  runMethod,
  type SourceRecord,
} from "../../experiment/index.ts";
import type { ImageSource } from "../../images/index.ts";
import { jsonText, readRun } from "../../node/index.ts";
import type { RepeatSettings } from "../command-settings.ts";
import type { Effects } from "../effects.ts";
import { environment, openCompute } from "../open.ts";
import { grouped, plural } from "../results-text.ts";

/** Runs a finished run again, and says whether every image has the same label; 0 if so, else 1. */
export async function run(settings: RepeatSettings, effects: Effects): Promise<number> {
  const stored = await readRun(settings.run);
  const { record } = stored;
  const source = await reopen(record.source, settings.run, effects);
  const score = record.scored && (await reopen(record.scored, settings.run, effects));
  const again = await runAgain(record, source, score, settings, effects);

  const count = stored.labels.length;
  const different = again.assignment.labels.reduce(
    (sum, label, i) => sum + (label === stored.labels[i] ? 0 : 1),
    0,
  );
  const result = {
    run: settings.run,
    same: different === 0,
    different,
    count,
    metricsSame: sameMetrics(record, again.record),
  };
  effects.progress.done();
  effects.write(settings.json ? jsonText(result) : resultText(result));
  return result.same ? 0 : 1;
}

/** @throws {InputError} if the source holds other images than those of the run */
async function reopen(wanted: SourceRecord, run: string, effects: Effects): Promise<ImageSource> {
  const { location, split, limit, size } = wanted;
  effects.progress.show(`Opening ${location}`);
  const source = await effects.openSource(location, { split, limit, size });
  if (source.sha256 !== wanted.sha256) {
    throw new InputError(
      `unlabeled repeat: "${location}" must hold the images that "${run}" was made of (${wanted.sha256.slice(0, 12)}...); got others (${source.sha256.slice(0, 12)}...). Put those back, or cluster the new ones.`,
    );
  }
  return source;
}

async function runAgain(
  record: RunRecord,
  source: ImageSource,
  score: ImageSource | undefined,
  settings: RepeatSettings,
  effects: Effects,
): Promise<RunResult> {
  const { method, seed, clusters } = record;
  const compute = openCompute(settings.threads, effects);
  try {
    const context = {
      compute,
      signal: effects.signal,
      now: effects.now,
      environment: environment(effects, compute),
    };
    const request = { method, seed, clusters, settings: record.settings, score };
    const steps = runMethod(source, request, context);
    let next = await steps.next();
    while (!next.done) {
      effects.progress.show(progressText(next.value));
      next = await steps.next();
    }
    return next.value;
  } finally {
    compute.close();
  }
}

function progressText({ method, seed, stage, step }: RunProgress): string {
  return `${method}, seed ${seed}: ${step ? `iteration ${step.iteration}` : stage}`;
}

/** Equal to the last bit, as far as JSON keeps them: it keeps every bit of a finite number. */
function sameMetrics(before: RunRecord, after: RunRecord): boolean {
  const sorted = ({ metrics }: RunRecord): string => JSON.stringify(Object.entries(metrics).sort());
  return sorted(before) === sorted(after);
}

function resultText(result: {
  same: boolean;
  different: number;
  count: number;
  metricsSame: boolean;
}): string {
  const metrics = result.metricsSame ? "so are all scores" : "some scores differ";
  if (result.same) return `The same: all ${plural(result.count, "image")} have the same label; ${metrics}.\n`;
  return `Different: ${grouped(result.different)} of ${plural(result.count, "image")} have another label.\n`;
}
