/** What `cluster` and `compare` share: runs, their folders, and the report on top. */
import { throwIfCancelled } from "../estimator.ts";
import {
  type ComparisonRecord,
  compare,
  defaultClusters,
  ELBOW_SAMPLE,
  ELBOW_TO,
  type ElbowRecord,
  type ExperimentContext,
  elbow,
  type RunProgress,
  type RunRecord,
  type RunResult,
} from "../experiment/index.ts";
import type { ImageSource } from "../images/index.ts";
import { createOutputFolder, jsonText, type OutputFolder, writeComparison, writeRun } from "../node/index.ts";
import { parseMethods } from "../pipeline/index.ts";
import { comparisonReport, runReport, type ShownRun } from "../report/index.ts";
import type { RunsSettings } from "./command-settings.ts";
import type { Effects } from "./effects.ts";
import { checkFlagClusters, defaultFolder, environment, fileName, openCompute, runSettings } from "./open.ts";
import { comparisonJson } from "./results-json.ts";
import { comparisonText, grouped, noticeLines } from "./results-text.ts";
import { UsageError } from "./usage-error.ts";

/** Which runs, and how their folder looks. */
export interface RunsPlan {
  readonly command: "cluster" | "compare";
  /** Methods, separated by commas. */
  readonly methods: string;
}

/** Runs every method with every seed, writes the folder, and prints the result. */
export async function runAll(settings: RunsSettings, plan: RunsPlan, effects: Effects): Promise<number> {
  const methods = parseMethods(plan.methods).map((method) => method.name);
  checkSeeds(settings, plan.command);
  const { source, score } = await openSources(settings, effects);
  const clusters = settings.clusters ?? defaultClusters(source);
  checkFlagClusters(plan.command, "--clusters", clusters, source.images.count);
  const seeds = Array.from({ length: settings.runs }, (_, i) => settings.seed + i);
  const what = plan.command === "compare" ? "compare" : (methods[0] ?? "");
  const out = settings.out ?? defaultFolder(source.name, what, settings.seed);

  const output = await createOutputFolder(out, { force: settings.force });
  const compute = openCompute(settings.threads, effects);
  try {
    const context: ExperimentContext = {
      compute,
      signal: effects.signal,
      now: effects.now,
      environment: environment(effects, compute),
    };
    const request = { methods, seeds, clusters, settings: runSettings(settings), size: settings.size, score };
    const curve = await elbowOf(source, methods[0] ?? "", settings, context, effects);
    const single = plan.command === "cluster" && seeds.length === 1;
    const record = await writeAll(compare(source, request, context), { output, single, curve }, effects);
    throwIfCancelled(`unlabeled ${plan.command}`, effects.signal);
    await output.commit();
    printResult(record, out, settings, effects);
    return 0;
  } finally {
    compute.close();
    await output.discard();
  }
}

function checkSeeds({ seed, runs }: RunsSettings, command: string): void {
  if (seed > Number.MAX_SAFE_INTEGER - (runs - 1)) {
    throw new UsageError(
      `unlabeled ${command}: --seed + --runs - 1 must be at most ${Number.MAX_SAFE_INTEGER}, the last seed; got ${seed} and ${runs}.`,
    );
  }
}

async function openSources(
  settings: RunsSettings,
  effects: Effects,
): Promise<{ source: ImageSource; score: ImageSource | undefined }> {
  const { split, limit, size } = settings;
  effects.progress.show(`Opening ${settings.source}`);
  const source = await effects.openSource(settings.source, { split, limit, size });
  if (settings.score === undefined || settings.score === split) return { source, score: undefined };
  return { source, score: await effects.openSource(settings.source, { split: settings.score, limit, size }) };
}

/** The curve over k for the report; on few images there is none to see. */
async function elbowOf(
  source: ImageSource,
  method: string,
  settings: RunsSettings,
  context: ExperimentContext,
  effects: Effects,
): Promise<ElbowRecord | undefined> {
  const to = Math.min(ELBOW_TO, source.images.count);
  if (to < 3) return undefined;
  const { seed, size } = settings;
  const request = { method, seed, size, from: 1, to, settings: runSettings(settings), sample: ELBOW_SAMPLE };
  const steps = elbow(source, request, context);
  let next = await steps.next();
  while (!next.done) {
    effects.progress.show(`Elbow curve: ${next.value.k} of ${to} clusters`);
    next = await steps.next();
  }
  return next.value;
}

interface Target {
  readonly output: OutputFolder;
  /** One run alone: it is the folder, rather than one of the folders in it. */
  readonly single: boolean;
  readonly curve: ElbowRecord | undefined;
}

/** Writes each run as it comes; keeps of each method the pictures of the run that the report on top will show. */
async function writeAll(
  events: ReturnType<typeof compare>,
  { output, single, curve }: Target,
  effects: Effects,
): Promise<ComparisonRecord> {
  const shown = new Map<string, ShownRun>();
  const folders: string[] = [];
  let next = await events.next();
  while (!next.done) {
    const event = next.value;
    if (event.kind === "progress") {
      effects.progress.show(progressText(event.progress, event.run, event.runs));
    } else {
      const { result } = event;
      const folder = single ? "" : fileName(`${result.record.method}-${result.record.seed}`);
      folders.push(folder);
      const report = runReport({
        result: result.record,
        exhibits: result.exhibits,
        ...(curve && { elbow: curve }),
      });
      await writeRun(output, folder, result, report);
      keepShown(shown, result);
    }
    next = await events.next();
  }
  const record = next.value;
  if (!single) {
    const placed = withRuns(record, (i) => folders[i] ?? "");
    const exhibits = [...shown.values()];
    const report = comparisonReport({ comparison: placed, exhibits, ...(curve && { elbow: curve }) });
    await writeComparison(output, placed, report);
  }
  return withRuns(record, (i) => [output.path, folders[i]].filter(Boolean).join("/"));
}

/** The report shows the run of lowest inertia, which is a choice that needs no labels; the earliest among equals. */
function keepShown(shown: Map<string, ShownRun>, { record, exhibits }: RunResult): void {
  const inertia = ({ metrics }: RunRecord): number => metrics.inertia ?? Number.POSITIVE_INFINITY;
  const kept = shown.get(record.method);
  if (kept && inertia(kept.result) <= inertia(record)) return;
  shown.set(record.method, { result: record, exhibits });
}

function withRuns(record: ComparisonRecord, folderOf: (index: number) => string): ComparisonRecord {
  return { ...record, results: record.results.map((result, i) => ({ ...result, run: folderOf(i) })) };
}

function progressText(progress: RunProgress, run: number, runs: number): string {
  const { method, seed, stage, step } = progress;
  const which = runs > 1 ? `Run ${run + 1} of ${runs}: ` : "";
  const doing = step
    ? `iteration ${step.iteration}, inertia ${grouped(Math.round(step.inertia))}, ${grouped(step.changed)} moved`
    : stage;
  return `${which}${method}, seed ${seed}: ${doing}`;
}

function printResult(record: ComparisonRecord, out: string, settings: RunsSettings, effects: Effects): void {
  effects.progress.done();
  for (const line of noticeLines(record.results)) effects.warn(line);
  if (settings.json) effects.write(jsonText(comparisonJson(record, out)));
  else effects.write(`${comparisonText(record)}\nReport: ${out}/report.html\n`);
}
