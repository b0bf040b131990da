/** The commands: what each is called, takes and offers. What it does is loaded only when it runs. */
import type { Effects } from "./effects.ts";
import type { OptionTable, SettingsOf } from "./option-table.ts";
import {
  computeOptions,
  editsOptions,
  encoderOptions,
  explorerOptions,
  exportOptions,
  fileOptions,
  fitOptions,
  folderOptions,
  methodOptions,
  methodsOptions,
  nameOptions,
  networkOptions,
  planOptions,
  rangeOptions,
  recipeOptions,
  runOptions,
  runsOptions,
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
  /** May be left out. */
  readonly optional?: true;
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
  help: "a folder of images (class folders are for scoring), one image, a pattern in quotes as 'photos/**/*.jpg', - for a list of files on standard input; a .zip, .npy, .npz, .csv, .tsv, .parquet or IDX file; or strokes (drawn by the program itself), mnist, fashion-mnist",
};
const run: Argument = { name: "run", help: "folder of a finished run" };
const interrupted: Argument = {
  name: "partial",
  help: "folder <out>.partial that an interrupted cluster, compare or elbow left; <out> will do",
};
const dataSet: Argument = { name: "name", help: "mnist or fashion-mnist" };

/** What every command that fits a method to a source takes. */
const fittingOptions = {
  ...fitOptions,
  ...networkOptions,
  ...encoderOptions,
  ...sourceOptions,
  ...sizeOptions,
  ...folderOptions,
  ...planOptions,
  ...computeOptions,
  ...talkOptions,
} as const;

/** What arguments become in the settings. */
type Words = { readonly [K in "source" | "run" | "name" | "partial"]: string } & {
  readonly [K in "cluster" | "text" | "first" | "second"]: string | undefined;
};

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
      "unlabeled compare embeddings.npy --scaling l2",
    ],
    arguments: [source],
    options: {
      ...methodsOptions,
      ...recipeOptions,
      ...runOptions,
      ...fittingOptions,
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
      "unlabeled cluster mnist --method conv-ae+gmm --dry-run",
    ],
    arguments: [source],
    options: {
      ...methodOptions,
      ...recipeOptions,
      ...runOptions,
      ...fittingOptions,
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
      ...fittingOptions,
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
    options: { ...sourceOptions, ...fileOptions, ...editsOptions, ...computeOptions, ...talkOptions },
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
      "Run a finished run again from its own settings, and say whether the labels are the same (exit code 1 if not)",
    examples: ["unlabeled repeat runs/strokes-pixels+kmeans-0"],
    arguments: [run],
    options: { ...computeOptions, ...talkOptions },
    load: async () => (await import("./commands/repeat.ts")).run,
  }),
  command({
    name: "export",
    summary:
      "Take things away from a run: labels, cluster folders, contact sheets, ONNX files, figures, report",
    examples: [
      "unlabeled export runs/photos-auto-0",
      "unlabeled export runs/photos-auto-0 --what labels,folders --to sorted --copy",
      "unlabeled export runs/mnist-pixels+kmeans-0 --what folders --limit-per-cluster 100",
      "unlabeled export runs/photos-auto-0 --what report,figures",
    ],
    arguments: [run],
    options: { ...exportOptions, ...editsOptions, ...talkOptions },
    load: async () => (await import("./commands/export.ts")).run,
  }),
  command({
    name: "name",
    summary: "Name a cluster of a run, or note something of it; lists, exports and their reports then say so",
    examples: [
      'unlabeled name runs/photos-auto-0 3 "boots"',
      'unlabeled name runs/photos-auto-0 3 --notes "two of them are shoes"',
      "unlabeled name runs/photos-auto-0 3 --remove",
      "unlabeled name runs/photos-auto-0 --list",
    ],
    arguments: [
      run,
      { name: "cluster", help: "number of the cluster", optional: true },
      { name: "text", help: "its name, one line", optional: true },
    ],
    options: { ...nameOptions, ...talkOptions },
    load: async () => (await import("./commands/name.ts")).run,
  }),
  command({
    name: "explore",
    summary:
      "Look at runs in the browser: map, clusters, confusion; rename, merge, split, move; start runs and watch them learn",
    examples: [
      "unlabeled explore",
      "unlabeled explore runs/mnist-pca+kmeans-0",
      "unlabeled explore runs/mnist-pca+kmeans-0 --port 8080 --no-open",
    ],
    arguments: [
      {
        name: "run",
        help: "folder of a run, or of a comparison, to show first (default: the list of runs)",
        optional: true,
      },
    ],
    options: { ...explorerOptions, ...computeOptions, ...talkOptions },
    load: async () => (await import("./commands/explore.ts")).runWith(optionsOf),
  }),
  command({
    name: "runs",
    summary: "List the runs in a folder, finished and interrupted, or compare two of them",
    examples: [
      "unlabeled runs",
      "unlabeled runs runs --sort accuracy",
      "unlabeled runs runs/mnist-pixels+kmeans-0 runs/mnist-auto-0",
    ],
    arguments: [
      { name: "first", help: "folder in which runs lie (default: runs), or a run", optional: true },
      { name: "second", help: "another run, to compare the first with", optional: true },
    ],
    options: { ...runsOptions, ...talkOptions },
    load: async () => (await import("./commands/runs.ts")).run,
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
