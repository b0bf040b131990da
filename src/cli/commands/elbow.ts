import { FormatError } from "../../errors.ts";
import { type ElbowRecord, elbow } from "../../experiment/index.ts";
import { jsonText, type StoredTraining, writeElbow, writeSkipped } from "../../node/index.ts";
import { type Criterion, panelCriteria } from "../../number-of-clusters/index.ts";
import { type Method, trainsNetwork } from "../../pipeline/index.ts";
import { elbowReport } from "../../report/index.ts";
import { didYouMean } from "../../spelling.ts";
import { checkClustererFlags } from "../clusterer-flags.ts";
import type { ElbowSettings } from "../command-settings.ts";
import { outlineOf, planRuns, warnOfMemory } from "../dry-run.ts";
import type { Effects } from "../effects.ts";
import type { Interrupted } from "../interrupted.ts";
import { chosenMethods, methodChoice, type SourceItems } from "../methods.ts";
import { checkNetworkFlags, checkNetworks, openEncoder } from "../network.ts";
import { checkFlagClusters, defaultFolder, runSettings } from "../open.ts";
import { runText } from "../progress-text.ts";
import { elbowText, placesText } from "../results-text.ts";
import { openSources } from "../sources.ts";
import { UsageError } from "../usage-error.ts";
import { inOutputFolder, trainingRemedy, type Workplace } from "../work.ts";

/** Scores a range of numbers of clusters, and suggests one. */
export function run(settings: ElbowSettings, effects: Effects): Promise<number> {
  return runElbow(settings, undefined, effects);
}

/** @param interrupted what the command goes on with, where it was interrupted */
export async function runElbow(
  settings: ElbowSettings,
  interrupted: Interrupted | undefined,
  effects: Effects,
): Promise<number> {
  const { from, to, size, seed } = settings;
  const where = "unlabeled elbow";
  const check = (methods: readonly Method[]): void => {
    if (methods.length > 1)
      throw new UsageError(`${where}: --method must be one method; got "${settings.method}".`);
    checkNetworkFlags(where, methods, settings);
    checkClustererFlags(where, methods, settings);
  };
  const choice = methodChoice(settings);
  const likely = chosenMethods(where, choice, settings, check);
  if (to < from) throw new UsageError(`${where}: --to must be at least --from, ${from}; got ${to}.`);
  const criteria = parseCriteria(where, settings.criteria);
  const planned = { command: "elbow", settings, methods: likely, runs: 1, panel: { from, to } } as const;
  const choose = (items: SourceItems): readonly Method[] =>
    chosenMethods(where, choice, settings, check, items);
  if (settings.dryRun) return planRuns(planned, choose, effects);
  const encoder = await openEncoder(where, likely, settings.encoder);
  const sources = { ...(await openSources(settings, likely.some(trainsNetwork), effects)), encoder };
  const { source, validation } = sources;
  const [method] = choose(source.images) as readonly [Method];
  checkFlagClusters("elbow", "--to", to, source.images.count);
  checkNetworks(where, [method], settings, source.images);
  warnOfMemory({ ...planned, methods: [method], clusters: to, source: outlineOf(source) }, effects);
  const out = interrupted?.folder.path ?? settings.out ?? defaultFolder(source.name, "elbow", seed);
  const order = { command: "elbow", settings, methods: [method], sources, out, interrupted } as const;
  const record = await inOutputFolder(order, effects, async (place) => {
    const resume = checkpointOf(place, method.name, seed);
    const request = { method: method.name, from, to, seed, size, encoder, validation, resume, criteria };
    const steps = elbow(source, { ...request, settings: runSettings(settings) }, place.context);
    const found = await showing(steps, { method: method.name, seed }, place, effects);
    await writeSkipped(place.output, "", source.skipped);
    await writeElbow(place.output, found, elbowReport({ elbow: found }));
    return found;
  });
  printElbow(record, out, settings.json, effects);
  return 0;
}

/** @throws {UsageError} for a criterion that does not exist, with the nearest spelling */
function parseCriteria(where: string, text: string | undefined): readonly Criterion[] | undefined {
  return text?.split(",").map((given) => {
    const name = given.trim();
    const criterion = panelCriteria.find((known) => known === name);
    if (criterion) return criterion;
    throw new UsageError(
      `${where}: --criteria must be some of ${panelCriteria.join(", ")}; got "${name}".${didYouMean(name, panelCriteria)}`,
    );
  });
}

/** @throws {FormatError} if the checkpoint is that of something else */
function checkpointOf(
  { training, output }: Workplace,
  method: string,
  seed: number,
): StoredTraining["checkpoint"] | undefined {
  if (!training || (training.method === method && training.seed === seed)) return training?.checkpoint;
  throw new FormatError(
    `resume: "${output.work.nameOf("training")}" must be a checkpoint of ${method}, seed ${seed}; got one of ${training.method}, seed ${training.seed}. ${trainingRemedy}`,
  );
}

async function showing(
  steps: ReturnType<typeof elbow>,
  run: { readonly method: string; readonly seed: number },
  { keeper }: Workplace,
  effects: Effects,
): Promise<ElbowRecord> {
  let next = await steps.next();
  while (!next.done) {
    effects.progress.show(runText({ ...run, ...next.value }));
    await keeper.after(run, next.value.training);
    next = await steps.next();
  }
  return next.value;
}

/** Prints the result of `elbow`. */
export function printElbow(record: ElbowRecord, out: string, json: boolean, effects: Effects): void {
  effects.progress.done();
  if (json) effects.write(jsonText({ ...record, report: `${out}/report.html` }));
  else effects.write(`${elbowText(record)}\n${placesText(out, record.source)}`);
}
