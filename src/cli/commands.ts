/** The commands: what each is called, takes and offers. What it does is loaded only when it runs. */
import type { Effects } from "./effects.ts";
import {
  computeOptions,
  encoderOptions,
  fileOptions,
  fitOptions,
  folderOptions,
  methodOptions,
  methodsOptions,
  networkOptions,
  type OptionTable,
  rangeOptions,
  recipeOptions,
  runOptions,
  type SettingsOf,
  sizeOptions,
  sourceOptions,
  talkOptions,
} from "./options.ts";

/** What a command does; gives the exit code. */
export type Run<Settings> = (settings: Settings, effects: Effects) => Promise<number>;

/** A word that a command takes without a flag. */
export interface Argument {
  readonly name: string;
  readonly help: string;
}

export interface Command {
  /** One word, or two for a command of a command: `data list`. */
  readonly name: string;
  readonly summary: string;
  readonly examples: readonly string[];
  readonly arguments: readonly Argument[];
  readonly options: OptionTable;
  readonly load: () => Promise<Run<Readonly<Record<string, unknown>>>>;
}

const source: Argument = {
  name: "source",
  help: "strokes (drawn by the program itself), mnist, fashion-mnist; a folder of images (class folders are for scoring), one file, a pattern in quotes as 'photos/**/*.jpg', - for a list of files on standard input; IDX files",
};
const run: Argument = { name: "run", help: "folder of a finished run" };
const interrupted: Argument = {
  name: "partial",
  help: "folder <out>.partial that an interrupted cluster, compare or elbow left; <out> will do",
};
const dataSet: Argument = { name: "name", help: "mnist or fashion-mnist" };

/** What arguments become in the settings. */
type Words = { readonly [K in "source" | "run" | "name" | "partial"]: string };

/** A command whose `load` is held to the settings that its options give. */
function command<T extends OptionTable>(
  declared: Omit<Command, "load"> & {
    readonly options: T;
    readonly load: () => Promise<Run<SettingsOf<T> & Words>>;
  },
): Command {
  return {
    ...declared,
    load: async () => {
      const run = await declared.load();
      // checkSettings has seen to it that the settings are those of the options.
      return (settings, effects) => run(settings as unknown as SettingsOf<T> & Words, effects);
    },
  };
}

/** All commands, in the order in which `--help` shows them. */
export const commands: readonly Command[] = [
  command({
    name: "compare",
    summary: "Cluster images with several methods, score them, and write one report",
    examples: [
      "unlabeled compare strokes",
      "unlabeled compare mnist --split train --runs 5",
      "unlabeled compare strokes --methods pixels+kmeans,conv-ae+kmeans --epochs 5",
      "unlabeled compare fashion-mnist --split train --score test --json",
    ],
    arguments: [source],
    options: {
      ...methodsOptions,
      ...recipeOptions,
      ...runOptions,
      ...fitOptions,
      ...networkOptions,
      ...encoderOptions,
      ...sourceOptions,
      ...sizeOptions,
      ...folderOptions,
      ...computeOptions,
      ...talkOptions,
    },
    load: async () => (await import("./commands/compare.ts")).run,
  }),
  command({
    name: "cluster",
    summary: "Cluster images with one method, and write a run folder with a report",
    examples: [
      "unlabeled cluster strokes",
      "unlabeled cluster photos --clusters 20 --size 32",
      "unlabeled cluster mnist --split train --clusters 10 --restarts 10",
      "unlabeled cluster fashion-mnist --init random --runs 30 --out runs/fashion",
      "unlabeled cluster mnist --split train --method conv-ae+kmeans --epochs 20 --code-size 10",
      "unlabeled cluster mnist --method auto",
      "unlabeled cluster fashion-mnist --method auto --thorough",
    ],
    arguments: [source],
    options: {
      ...methodOptions,
      ...recipeOptions,
      ...runOptions,
      ...fitOptions,
      ...networkOptions,
      ...encoderOptions,
      ...sourceOptions,
      ...sizeOptions,
      ...folderOptions,
      ...computeOptions,
      ...talkOptions,
    },
    load: async () => (await import("./commands/cluster.ts")).run,
  }),
  command({
    name: "elbow",
    summary: "Score a range of numbers of clusters, and suggest one",
    examples: ["unlabeled elbow strokes", "unlabeled elbow fashion-mnist --from 1 --to 20"],
    arguments: [source],
    options: {
      ...rangeOptions,
      ...methodOptions,
      ...fitOptions,
      ...networkOptions,
      ...encoderOptions,
      ...sourceOptions,
      ...sizeOptions,
      ...folderOptions,
      ...computeOptions,
      ...talkOptions,
    },
    load: async () => (await import("./commands/elbow.ts")).run,
  }),
  command({
    name: "assign",
    summary: "Put new images into the clusters of a finished run",
    examples: [
      "unlabeled assign runs/mnist-pixels+kmeans-0 mnist --split test --out test.csv",
      "unlabeled assign runs/strokes-auto-0 new-images.npy --out clusters.parquet",
      "unlabeled assign runs/strokes-auto-0 new-images.npy --format jsonl --out -",
    ],
    arguments: [run, source],
    options: { ...sourceOptions, ...fileOptions, ...computeOptions, ...talkOptions },
    load: async () => (await import("./commands/assign.ts")).run,
  }),
  command({
    name: "resume",
    summary: "Go on with an interrupted cluster, compare or elbow; ends as if it had never been interrupted",
    examples: ["unlabeled resume runs/mnist-conv-ae+kmeans-0.partial"],
    arguments: [interrupted],
    options: talkOptions,
    load: async () => (await import("./commands/resume.ts")).runWith(optionsOf),
  }),
  command({
    name: "repeat",
    summary:
      "Run it again from its own settings, and say whether the labels are the same (exit code 1 if not)",
    examples: ["unlabeled repeat runs/strokes-pixels+kmeans-0"],
    arguments: [run],
    options: { ...computeOptions, ...talkOptions },
    load: async () => (await import("./commands/repeat.ts")).run,
  }),
  command({
    name: "data list",
    summary: "List the named data sets, and where they lie on this machine",
    examples: ["unlabeled data list"],
    arguments: [],
    options: talkOptions,
    load: async () => (await import("./commands/data.ts")).list,
  }),
  command({
    name: "data fetch",
    summary: "Download a named data set, where it is missing",
    examples: ["unlabeled data fetch mnist"],
    arguments: [dataSet],
    options: talkOptions,
    load: async () => (await import("./commands/data.ts")).fetch,
  }),
  command({
    name: "data path",
    summary: "Tell the folder in which a named data set lies",
    examples: ["unlabeled data path mnist"],
    arguments: [dataSet],
    options: talkOptions,
    load: async () => (await import("./commands/data.ts")).path,
  }),
  command({
    name: "doctor",
    summary: "Tell what this machine offers: runtime, threads, SIMD, data folders",
    examples: ["unlabeled doctor"],
    arguments: [],
    options: { ...computeOptions, ...talkOptions },
    load: async () => (await import("./commands/doctor.ts")).run,
  }),
];

function optionsOf(command: string): OptionTable {
  return commands.find(({ name }) => name === command)?.options ?? {};
}

/** Commands that are promised and not built yet. */
export const laterCommands: readonly string[] = ["explore", "export", "runs"];
