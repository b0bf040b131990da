/** The explorer's runs, made by this program's own command. */
import { UnlabeledError } from "../../errors.ts";
import type { LiveChoices, RunInTheMaking, RunMaker, RunNews, StartOption } from "../../explorer/index.ts";
import { describedMethods } from "../../pipeline/index.ts";
import type { Effects } from "../effects.ts";
import { describeFailure } from "../failure.ts";
import type { OptionTable } from "../option-table.ts";
import { UsageError } from "../usage-error.ts";
import { Gate } from "./gate.ts";
import { type MakeOrder, makeRun } from "./make-run.ts";
import { hasProcesses, makeInProcess } from "./run-process.ts";
import { startSettings } from "./start-settings.ts";

const offered = ["method", "clusters", "seed", "epochs", "limit"] as const satisfies readonly StartOption[];

/** What runs need besides what a page says of them. */
export interface MakerParts {
  /** The options of `cluster`. */
  readonly table: OptionTable;
  readonly runsFolder: string;
  /** Threads to compute on; absent: all cores. */
  readonly threads: number | undefined;
  readonly effects: Effects;
}

export function runMaker({ table, runsFolder, threads, effects }: MakerParts): RunMaker {
  return {
    choices: async () => ({
      methods: describedMethods(),
      sources: await namedSources(effects),
      options: optionWords(table),
      folder: runsFolder,
    }),
    check: (request) => {
      try {
        startSettings(request, table, threads);
      } catch (error) {
        if (!(error instanceof UnlabeledError)) throw error;
        throw new UsageError(describeFailure(error, false, "cluster").text);
      }
    },
    make: (request, tell) => {
      const order = { settings: startSettings(request, table, threads), runsFolder };
      return hasProcesses ? makeInProcess(order, effects.version, tell) : makeHere(order, effects, tell);
    },
  };
}

async function namedSources(effects: Effects): Promise<LiveChoices["sources"]> {
  const sets = await effects.listDataSets();
  return [
    { name: "strokes", meaning: "digits drawn by the program itself", here: true },
    ...sets.map(({ name, description, folder }) => ({
      name,
      meaning: description,
      here: folder !== undefined,
    })),
  ];
}

function optionWords(table: OptionTable): LiveChoices["options"] {
  const entries = offered.map((name) => {
    const spec = table[name];
    if (!spec || spec.type === "switch") throw new TypeError(`cluster has no value ${name}`);
    return [name, { help: spec.help, usual: String(spec.default ?? spec.usual ?? "") }] as const;
  });
  return Object.fromEntries(entries) as LiveChoices["options"];
}

/** A run between the other work of this process. */
function makeHere(order: MakeOrder, effects: Effects, tell: (news: RunNews) => void): RunInTheMaking {
  const controller = new AbortController();
  const gate = new Gate();
  const cancel = (): void => controller.abort();
  return {
    pause: () => gate.close(),
    goOn: () => gate.open(),
    cancel,
    kill: cancel,
    ended: makeRun(order, { tell, gate }, { ...effects, signal: controller.signal }),
  };
}
