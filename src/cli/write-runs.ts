/** Runs become folders as they are finished, and one report on top at the end. */
import {
  type CompareRequest,
  type ComparisonRecord,
  compare,
  ELBOW_SAMPLE,
  type ElbowRecord,
  elbow,
  type FinishedRun,
  MOST_CLUSTERS,
  type RunProgress,
  type RunRecord,
  type RunResult,
  sideBySide,
} from "../experiment/index.ts";
import type { ImageSource } from "../images/index.ts";
import { picturesFile, readRun, writeComparison, writeRun, writeSkipped } from "../node/index.ts";
import { type Chain, methodStages, parseMethod } from "../pipeline/index.ts";
import { createRandom } from "../random/index.ts";
import { comparisonReport, costOf, runReport } from "../report/index.ts";
import type { Effects } from "./effects.ts";
import {
  finishedRuns,
  interruptedRun,
  type PicturedRun,
  picturedRuns,
  type WantedRun,
} from "./finished-runs.ts";
import { runText } from "./progress-text.ts";
import type { Workplace } from "./work.ts";

/** Runs to make, and how their folder looks. */
export interface RunsOrder {
  readonly source: ImageSource;
  readonly request: CompareRequest;
  /** One run alone: it is the folder, rather than one of the folders in it. */
  readonly single: boolean;
  /** All runs of the request, in its order. */
  readonly wanted: readonly WantedRun[];
}

/** Follows runs while they are made; whoever makes them waits for it. */
export interface RunWatcher {
  /** The source is open, the folder begun. */
  began(order: RunsOrder, place: Workplace): Promise<void>;
  /** After each step of a run, which goes on when this is done. */
  after(progress: RunProgress): Promise<void>;
}

/** Makes the runs that are not there yet, and writes everything. */
export async function writeRuns(
  order: RunsOrder,
  place: Workplace,
  effects: Effects,
  watcher?: RunWatcher,
): Promise<ComparisonRecord> {
  const { output, training } = place;
  const { source, wanted, single } = order;
  const finished = await finishedRuns(output, wanted, source.sha256);
  const interrupted = interruptedRun(training, wanted, finished, output.work.nameOf("training"));
  const writer = new RunsWriter(order, place, effects, watcher);
  await watcher?.began(order, place);
  await writer.takeUp(finished);
  const events = compare(source, { ...order.request, finished, interrupted }, place.context);
  let next = await events.next();
  while (!next.done) {
    const event = next.value;
    if (event.kind === "result") await writer.add(event.run, event.result);
    else {
      const which = event.runs > 1 ? `Run ${event.run + 1} of ${event.runs}: ` : "";
      effects.progress.show(`${which}${runText(event.progress)}`);
      await watcher?.after(event.progress);
      await place.keeper.after(event.progress, event.progress.training);
    }
    next = await events.next();
  }
  const record = next.value;
  if (!single) await writer.finish(withRuns(record, (run) => wanted[run]?.folder ?? ""));
  return withRuns(record, (run) => [output.path, wanted[run]?.folder].filter(Boolean).join("/"));
}

class RunsWriter {
  private readonly order: RunsOrder;
  private readonly place: Workplace;
  private readonly effects: Effects;
  private readonly watcher: RunWatcher | undefined;
  /** Of each method, the run that the report on top will show. */
  private shown = new Map<string, PicturedRun>();
  private curve: ElbowRecord | undefined;

  constructor(order: RunsOrder, place: Workplace, effects: Effects, watcher: RunWatcher | undefined) {
    this.order = order;
    this.place = place;
    this.effects = effects;
    this.watcher = watcher;
  }

  /** What an interrupted comparison has finished. */
  async takeUp(finished: ReadonlyMap<number, FinishedRun>): Promise<void> {
    const { output } = this.place;
    const [first] = finished.keys();
    if (first === undefined) return;
    this.shown = await picturedRuns(output, finished);
    const { record, chain } = await readRun(`${output.partial}/${this.order.wanted[first]?.folder}`);
    this.curve = chosenBy(record) ?? (await this.curveOf(chain));
  }

  /** Writes a run that has just been finished. Its record comes last: with it, `resume` takes the run as done. */
  async add(run: number, result: RunResult): Promise<void> {
    const { output } = this.place;
    const { record, exhibits } = result;
    this.curve ??= chosenBy(record) ?? (await this.curveOf(result.chain));
    const kept = this.shown.get(record.method);
    const better = !kept || costOf(record) < costOf(kept.result);
    if (better && !this.order.single) await output.work.write({ picturesOf: run }, picturesFile(exhibits));
    const elbow = chosenBy(record) ?? (this.curve?.method === record.method ? this.curve : undefined);
    const report = runReport({ result: record, exhibits, ...(elbow && { elbow }) });
    const folder = this.order.wanted[run]?.folder ?? "";
    await writeSkipped(output, folder, this.order.source.skipped);
    await writeRun(output, folder, result, report, elbow);
    await output.work.remove("training");
    if (!better) return;
    const { labels } = result.assignment;
    this.shown.set(record.method, { run, result: record, exhibits, labels });
    if (kept) await output.work.remove({ picturesOf: kept.run });
  }

  /** Writes what stands above the runs. */
  async finish(comparison: ComparisonRecord): Promise<void> {
    const { curve } = this;
    const { source, request, wanted } = this.order;
    const shown = [...this.shown.values()];
    const scored = request.score ?? source;
    const compared = sideBySide(scored.images, shown, createRandom(wanted[0]?.seed ?? 0));
    const report = comparisonReport({
      comparison,
      exhibits: shown,
      ...(compared && { sideBySide: compared }),
      ...(curve && { elbow: curve }),
    });
    await writeSkipped(this.place.output, "", source.skipped);
    await writeComparison(this.place.output, comparison, report);
  }

  /**
   * The inertia over k of the first method, by the features of its first run, with one start each; on few images there is
   * nothing to see, and clusterers of graphs do not make the inertia small.
   */
  private async curveOf(chain: Chain): Promise<ElbowRecord | undefined> {
    const { source, request, wanted } = this.order;
    const to = Math.min(MOST_CLUSTERS, source.images.count);
    const { method = "", seed = 0 } = wanted[0] ?? {};
    if (to < 3 || chain.method !== method || methodStages(parseMethod(method)).clusterer.graphs)
      return undefined;
    const { size } = request;
    const settings = { ...request.settings, restarts: 1 };
    const range = { from: 1, to, sample: ELBOW_SAMPLE, criteria: ["inertia"] } as const;
    const asked = { method, seed, size, settings, chain, ...range };
    const steps = elbow(source, asked, this.place.context);
    let next = await steps.next();
    while (!next.done) {
      const progress = { method, seed, ...next.value };
      this.effects.progress.show(runText(progress));
      await this.watcher?.after(progress);
      next = await steps.next();
    }
    return next.value;
  }
}

/** The panel that a run's number of clusters was chosen by, where nobody gave it. */
function chosenBy({ numberOfClusters, source, method, seed, settings }: RunRecord): ElbowRecord | undefined {
  return numberOfClusters && { source, method, seed, settings, ...numberOfClusters };
}

function withRuns(record: ComparisonRecord, folderOf: (index: number) => string): ComparisonRecord {
  return { ...record, results: record.results.map((result, i) => ({ ...result, run: folderOf(i) })) };
}
