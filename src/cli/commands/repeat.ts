import { type RunRecord, type RunResult, runMethod } from "../../experiment/index.ts";
import type { ImageSource } from "../../images/index.ts";
import type { Runtime } from "../../neural/index.ts";
import { jsonText, readRun, type StoredRun } from "../../node/index.ts";
import { parseMethod, trainsNetwork, usesNetwork } from "../../pipeline/index.ts";
import type { RepeatSettings } from "../command-settings.ts";
import type { Effects } from "../effects.ts";
import { environment, openCompute, openNetworks } from "../open.ts";
import { runText } from "../progress-text.ts";
import { grouped, itemWord, plural } from "../results-text.ts";
import { openValidation, reopen } from "../sources.ts";

const where = "unlabeled repeat";

/** Runs a finished run again, and says whether every image has the same label; 0 if so, else 1. */
export async function run(settings: RepeatSettings, effects: Effects): Promise<number> {
  const stored = await readRun(settings.run);
  const { record } = stored;
  const source = await reopen(record.source, settings.run, where, effects);
  const score = record.scored && (await reopen(record.scored, settings.run, where, effects));
  const again = await runAgain(stored, source, score, settings, effects);

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
  warnOfRuntimes(record, again.record, effects);
  effects.write(settings.json ? jsonText(result) : resultText(result, itemWord(record.source)));
  return result.same ? 0 : 1;
}

async function runAgain(
  { record, chain }: StoredRun,
  source: ImageSource,
  score: ImageSource | undefined,
  settings: RepeatSettings,
  effects: Effects,
): Promise<RunResult> {
  const { method, seed, clusters } = record;
  // The run's own copy: the file that it came from may have changed since.
  const { features } = chain;
  const encoder = features.kind === "onnx" ? { name: features.file, bytes: features.bytes } : undefined;
  const parsed = parseMethod(method);
  // Networks give the same numbers on the same number of threads; everything else does on any.
  const threads = settings.threads ?? (usesNetwork(parsed) ? record.environment.threads : undefined);
  const compute = openCompute(threads, effects);
  let runtime: Runtime | undefined;
  try {
    if (usesNetwork(parsed)) runtime = await openNetworks(compute.threads, effects);
    const { location } = record.source;
    const validation = trainsNetwork(parsed)
      ? await openValidation({ ...record.source, source: location }, effects)
      : undefined;
    const context = {
      compute,
      runtime,
      signal: effects.signal,
      now: effects.now,
      environment: environment(effects, compute),
    };
    const request = { method, seed, clusters, settings: record.settings, score, validation, encoder };
    const steps = runMethod(source, request, context);
    let next = await steps.next();
    while (!next.done) {
      effects.progress.show(runText(next.value));
      next = await steps.next();
    }
    return next.value;
  } finally {
    runtime?.close();
    compute.close();
  }
}

/** A network ends the same only where it is trained by the same runtime, on as many threads. */
function warnOfRuntimes(before: RunRecord, after: RunRecord, effects: Effects): void {
  const [was, is] = [before.training?.runtime, after.training?.runtime];
  if (was === is) return;
  effects.warn(
    `unlabeled: the network was trained with ${was}, and now with ${is}: it may end slightly different.`,
  );
}

/** Equal to the last bit, as far as JSON keeps them: it keeps every bit of a finite number. */
function sameMetrics(before: RunRecord, after: RunRecord): boolean {
  const sorted = ({ metrics }: RunRecord): string => JSON.stringify(Object.entries(metrics).sort());
  return sorted(before) === sorted(after);
}

function resultText(
  result: { same: boolean; different: number; count: number; metricsSame: boolean },
  item: string,
): string {
  const metrics = result.metricsSame ? "so are all scores" : "some scores differ";
  const all = plural(result.count, item);
  if (result.same) return `The same: all ${all} have the same label; ${metrics}.\n`;
  return `Different: ${grouped(result.different)} of ${all} have another label.\n`;
}
