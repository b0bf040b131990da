/** What `cluster` and `compare` share: from settings to runs in a folder, and their table. */
import { type ComparisonRecord, defaultClusters } from "../experiment/index.ts";
import { jsonText } from "../node/index.ts";
import { type Method, trainsNetwork } from "../pipeline/index.ts";
import { checkClustererFlags } from "./clusterer-flags.ts";
import type { RunsSettings } from "./command-settings.ts";
import { outlineOf, planRuns, warnOfMemory } from "./dry-run.ts";
import type { Effects } from "./effects.ts";
import type { WantedRun } from "./finished-runs.ts";
import type { Interrupted } from "./interrupted.ts";
import { chosenMethods, type MethodChoice, type SourceItems } from "./methods.ts";
import { checkNetworkFlags, checkNetworks, openEncoder } from "./network.ts";
import { checkFlagClusters, defaultFolder, defaultName, fileName, runSettings } from "./open.ts";
import { comparisonJson } from "./results-json.ts";
import { comparisonText, noticeLines, placesText } from "./results-text.ts";
import { openSources } from "./sources.ts";
import { UsageError } from "./usage-error.ts";
import { inOutputFolder } from "./work.ts";
import { type RunWatcher, writeRuns } from "./write-runs.ts";

/** Which runs, and how their folder looks. */
export interface RunsPlan {
  readonly command: "cluster" | "compare";
  readonly methods: MethodChoice;
  /** What the command goes on with, where it was interrupted. */
  readonly interrupted?: Interrupted | undefined;
  /**
   * Where the result stands that nobody gave a folder; default: in `runs/`.
   *
   * @param name what the folder is usually called
   */
  readonly placeOf?: (name: string) => Promise<string>;
  /** Follows the runs. */
  readonly watcher?: RunWatcher;
}

/** Runs every method with every seed, writes the folder, and prints the result. */
export async function runAll(settings: RunsSettings, plan: RunsPlan, effects: Effects): Promise<number> {
  const { command, interrupted } = plan;
  const where = `unlabeled ${command}`;
  const likely = checkAsked(settings, plan);
  const choose = (items: SourceItems): readonly Method[] =>
    chosenMethods(where, plan.methods, settings, flagCheck(where, settings), items);
  if (settings.dryRun) {
    return planRuns({ command, settings, methods: likely, runs: settings.runs }, choose, effects);
  }
  const encoder = await openEncoder(where, likely, settings.encoder);
  const sources = { ...(await openSources(settings, likely.some(trainsNetwork), effects)), encoder };
  const { source, score, validation } = sources;
  const methods = choose(source.images);
  const clusters = settings.clusters ?? defaultClusters(source);
  if (clusters !== "auto") checkFlagClusters(command, "--clusters", clusters, source.images.count);
  checkNetworks(where, methods, settings, source.images);
  const { runs } = settings;
  warnOfMemory({ command, settings, methods, clusters, runs, source: outlineOf(source) }, effects);
  const seeds = Array.from({ length: settings.runs }, (_, i) => settings.seed + i);
  const names = methods.map((method) => method.name);
  const single = command === "cluster" && seeds.length === 1;
  const wanted = names.flatMap((method) =>
    seeds.map((seed): WantedRun => ({ method, seed, folder: single ? "" : fileName(`${method}-${seed}`) })),
  );
  const requestedAs = Object.fromEntries(
    methods.map((method) => [method.name, method.requested ?? method.name]),
  );
  const what = command === "compare" ? "compare" : (methods[0]?.requested ?? names[0] ?? "");
  const out =
    interrupted?.folder.path ??
    settings.out ??
    (await plan.placeOf?.(defaultName(source.name, what, settings.seed))) ??
    defaultFolder(source.name, what, settings.seed);
  const request = {
    ...{ methods: names, requestedAs, seeds, clusters, settings: runSettings(settings) },
    ...{ size: settings.size, score, validation, encoder },
  };
  const order = { command, settings, methods, sources, out, interrupted };
  const record = await inOutputFolder(order, effects, (place) =>
    writeRuns({ source, request, single, wanted }, place, effects, plan.watcher),
  );
  printRuns(record, out, settings.json, effects);
  return 0;
}

/**
 * Checks all that can be checked before the source is open.
 *
 * @returns the methods, as they are where the source holds images
 * @throws {UsageError} for flags that do not go together
 * @throws {OptionError} for a method that does not exist
 */
export function checkAsked(settings: RunsSettings, { command, methods }: RunsPlan): readonly Method[] {
  const where = `unlabeled ${command}`;
  const likely = chosenMethods(where, methods, settings, flagCheck(where, settings));
  checkSeeds(settings, where);
  return likely;
}

/** What flags must go with, of chosen methods. */
function flagCheck(where: string, settings: RunsSettings): (methods: readonly Method[]) => void {
  return (methods) => {
    checkRecipe(where, methods, settings);
    checkNetworkFlags(where, methods, settings);
    checkClustererFlags(where, methods, settings);
  };
}

function checkRecipe(where: string, methods: readonly Method[], { thorough }: RunsSettings): void {
  if (!thorough || methods.some(({ requested }) => requested === "auto")) return;
  const got = methods.map(({ name }) => name).join(", ");
  throw new UsageError(`${where}: --thorough must go with the method auto; got ${got}.`);
}

function checkSeeds({ seed, runs }: RunsSettings, where: string): void {
  if (seed > Number.MAX_SAFE_INTEGER - (runs - 1)) {
    throw new UsageError(
      `${where}: --seed + --runs - 1 must be at most ${Number.MAX_SAFE_INTEGER}, the last seed; got ${seed} and ${runs}.`,
    );
  }
}

/** Prints the result of `cluster` or `compare`. */
export function printRuns(record: ComparisonRecord, out: string, json: boolean, effects: Effects): void {
  effects.progress.done();
  for (const line of noticeLines(record.results)) effects.warn(line);
  if (json) effects.write(jsonText(comparisonJson(record, out)));
  else effects.write(`${comparisonText(record)}\n${placesText(out, record.source)}`);
}
