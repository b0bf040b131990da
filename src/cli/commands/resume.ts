import { InputError } from "../../errors.ts";
import { type ComparisonRecord, summarize } from "../../experiment/index.ts";
import {
  type InterruptedFolder,
  type OutputFolder,
  openInterrupted,
  parseComparison,
  parseElbow,
  parseResume,
  parseRun,
  type ResumeRecord,
} from "../../node/index.ts";
import type { ClusterSettings, CompareSettings, ElbowSettings, ResumeSettings } from "../command-settings.ts";
import type { Effects } from "../effects.ts";
import { methodChoice } from "../methods.ts";
import type { OptionTable } from "../option-table.ts";
import { printRuns, runAll } from "../runs.ts";
import { checkStoredSettings } from "../settings.ts";
import { comparedMethods } from "./compare.ts";
import { printElbow, runElbow } from "./elbow.ts";

/** Options of a command, by its name. */
type OptionsOf = (command: string) => OptionTable;

/** The command that goes on with an interrupted one; its result is that of a command that was never interrupted. */
export function runWith(
  optionsOf: OptionsOf,
): (settings: ResumeSettings, effects: Effects) => Promise<number> {
  return (settings, effects) => run(settings, optionsOf, effects);
}

async function run(settings: ResumeSettings, optionsOf: OptionsOf, effects: Effects): Promise<number> {
  const folder = await openInterrupted(settings.partial);
  const record = await readResume(folder);
  if (folder.whole) return moveIntoPlace(folder, record?.settings.force === true, settings, effects);
  if (!record) {
    throw new InputError(
      `resume: "${folder.partial}" must hold a run that had begun; got none of its settings. Begin anew: the same command replaces the folder.`,
    );
  }
  const { json, quiet, debug } = settings;
  const checked = checkStoredSettings("unlabeled resume", optionsOf(record.command), record.settings);
  const stored = { ...checked, source: record.source, json, quiet, debug };
  const interrupted = { folder, record };
  switch (record.command) {
    case "cluster": {
      const asked = stored as unknown as ClusterSettings;
      return runAll(asked, { command: "cluster", methods: methodChoice(asked), interrupted }, effects);
    }
    case "compare": {
      const asked = stored as unknown as CompareSettings;
      return runAll(asked, { command: "compare", methods: comparedMethods(asked), interrupted }, effects);
    }
    case "elbow":
      return runElbow(stored as unknown as ElbowSettings, interrupted, effects);
  }
}

async function readResume({ work }: InterruptedFolder): Promise<ResumeRecord | undefined> {
  const bytes = await work.read("resume");
  return bytes && parseResume(new TextDecoder().decode(bytes), work.nameOf("resume"));
}

/** The result is whole, and only the last step is missing. */
async function moveIntoPlace(
  folder: InterruptedFolder,
  force: boolean,
  { json }: ResumeSettings,
  effects: Effects,
): Promise<number> {
  const output = await folder.takeOver({ force });
  const print = await printerOf(output, json, effects);
  await output.commit();
  print();
  return 0;
}

async function printerOf(output: OutputFolder, json: boolean, effects: Effects): Promise<() => void> {
  const { path, partial } = output;
  const text = async (name: string): Promise<string | undefined> => {
    const bytes = await output.read(name);
    return bytes && new TextDecoder().decode(bytes);
  };
  const elbow = await text("elbow.json");
  if (elbow !== undefined) {
    const record = parseElbow(elbow, `${partial}/elbow.json`);
    return () => printElbow(record, path, json, effects);
  }
  const run = await text("run.json");
  const record =
    run === undefined
      ? placed(parseComparison((await text("compare.json")) ?? "", `${partial}/compare.json`), path)
      : alone(parseRun(run, `${partial}/run.json`), path);
  return () => printRuns(record, path, json, effects);
}

function placed(record: ComparisonRecord, path: string): ComparisonRecord {
  return { ...record, results: record.results.map((one) => ({ ...one, run: `${path}/${one.run}` })) };
}

function alone(record: ComparisonRecord["results"][number], path: string): ComparisonRecord {
  return { source: record.source, results: [{ ...record, run: path }], summary: summarize([record]) };
}
