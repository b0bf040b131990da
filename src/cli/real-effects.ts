import { dataFolders, dataSetPath, fetchDataSet, listDataSets, openSource } from "../node/index.ts";
import { platform } from "../platform/node.ts";
import { downloadLine, type Effects, type ProgressLine } from "./effects.ts";

/** The effects of a command that runs in a terminal. Ctrl-C cancels it; a second one ends the program at once. */
export async function openRealEffects(
  version: string,
  talk: { readonly quiet: boolean; readonly json: boolean },
): Promise<Effects> {
  const { signal } = cancelOnInterrupt();
  // A terminal may say that it has 0 columns; ora would then clear lines without end.
  const onTerminal = process.stderr.isTTY && process.stderr.columns > 0;
  const progress = talk.quiet || !onTerminal ? silent : await spinner();
  const onProgress = (download: Parameters<typeof downloadLine>[0]): void =>
    progress.show(downloadLine(download));
  return {
    write: (text) => process.stdout.write(text),
    warn: (text) => {
      if (!talk.quiet) process.stderr.write(`${text}\n`);
    },
    progress,
    now: () => performance.now(),
    date: () => new Date().toISOString(),
    signal,
    version,
    runtime: platform.runtime,
    hardwareThreads: platform.hardwareThreads,
    openSource: (location, options) => openSource(location, { ...options, onProgress, signal }),
    listDataSets: () => listDataSets(),
    fetchDataSet: (name) => fetchDataSet(name, { onProgress, signal }),
    dataSetPath: (name) => dataSetPath(name),
    dataFolders: () => dataFolders(),
  };
}

function cancelOnInterrupt(): AbortController {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return controller;
}

const silent: ProgressLine = { show: () => {}, done: () => {} };

async function spinner(): Promise<ProgressLine> {
  const { default: ora } = await import("ora");
  // ora would otherwise take the keyboard, and Ctrl-C with it.
  const line = ora({ stream: process.stderr, discardStdin: false });
  return {
    show: (text) => {
      line.text = text;
      if (!line.isSpinning) line.start();
    },
    done: () => {
      line.stop();
    },
  };
}
