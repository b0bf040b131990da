import { fileURLToPath } from "node:url";
import { startExplorer } from "../../explorer/index.ts";
import type { Runtime } from "../../neural/index.ts";
import type { ExploreSettings } from "../command-settings.ts";
import type { Effects } from "../effects.ts";
import { runMaker } from "../live/run-maker.ts";
import { openCompute, openNetworks, threadsOf } from "../open.ts";
import type { OptionTable } from "../option-table.ts";
import { plural } from "../results-text.ts";
import { reopen } from "../sources.ts";

/** Ports that are tried, where none was asked for. */
const PORTS = [4319, 4320, 4321, 4322, 4323, 0];

/** The built page, beside the compiled program. */
const pageFolder = fileURLToPath(new URL("../../app/", import.meta.url));

/** Options of a command, by its name. */
type OptionsOf = (command: string) => OptionTable;

/** The command that serves the explorer until the user ends it. */
export function runWith(
  optionsOf: OptionsOf,
): (settings: ExploreSettings, effects: Effects) => Promise<number> {
  return (settings, effects) => run(settings, optionsOf, effects);
}

async function run(settings: ExploreSettings, optionsOf: OptionsOf, effects: Effects): Promise<number> {
  const { run: first, runs, port, noOpen, json } = settings;
  const compute = openCompute(settings.threads, effects);
  let runtime: Promise<Runtime> | undefined;
  try {
    const explorer = await startExplorer(
      { ports: port === undefined ? PORTS : [port], runsFolder: runs, run: first, pageFolder },
      {
        compute,
        maker: runMaker({
          table: optionsOf("cluster"),
          runsFolder: runs,
          threads: settings.threads,
          effects,
        }),
        now: () => effects.now(),
        date: () => effects.date(),
        warn: (text) => effects.warn(text),
        reopen: async (wanted, run) => {
          const source = await reopen(wanted, run, "unlabeled explore", effects);
          effects.progress.done();
          return source;
        },
        runtime: () => {
          runtime ??= openNetworks(threadsOf(settings, effects), effects);
          return runtime;
        },
      },
    );
    effects.progress.done();
    if (json) effects.write(`${JSON.stringify({ url: explorer.url, port: explorer.port })}\n`);
    else {
      const found = first === undefined ? `${plural(explorer.runs, "run")} in ${runs}` : first;
      effects.write(`Explorer of ${found}: ${explorer.url}\nCtrl-C ends it.\n`);
    }
    if (!noOpen) effects.openBrowser(explorer.url);
    await ended(effects.signal);
    await explorer.close();
    return 0;
  } finally {
    compute.close();
    await runtime?.then(
      (opened) => opened.close(),
      () => {}, // it could not be opened: whoever asked was told
    );
  }
}

/** Resolves when the user cancels. */
function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
