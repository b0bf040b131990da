import { freemem } from "node:os";
import { OptionError } from "../errors.ts";
import { openRuntime, type Runtime, type RuntimeName } from "../neural/index.ts";
import {
  dataFolders,
  dataSetPath,
  decodedCache,
  fetchDataSet,
  listDataSets,
  openSource,
  outlineSource,
  streamSource,
} from "../node/index.ts";
import { platform } from "../platform/node.ts";
import { downloadLine, type Effects, type ProgressLine } from "./effects.ts";
import { openBrowser } from "./open-browser.ts";
import { openProgressLine, silent } from "./progress-line.ts";
import { decodeLine } from "./progress-text.ts";
import { tidy } from "./tidy.ts";

/**
 * The effects of a command that runs in a terminal. Ctrl-C cancels it, and so does the end of the terminal; a second
 * such signal ends the program at once.
 *
 * @param instead another wish to cancel, and another place for progress, where nobody sits at the terminal
 */
export async function openRealEffects(
  version: string,
  talk: { readonly quiet: boolean; readonly json: boolean },
  instead: { readonly signal?: AbortSignal; readonly progress?: ProgressLine } = {},
): Promise<Effects> {
  const signal = instead.signal ?? cancelOnInterrupt().signal;
  const progress = instead.progress ?? (talk.quiet ? silent : await openProgressLine(process.stderr));
  const onProgress = (download: Parameters<typeof downloadLine>[0]): void =>
    progress.show(downloadLine(download));
  return {
    write: (text) => process.stdout.write(text),
    drained: drainOf(process.stdout),
    tidy,
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
    openBrowser,
    openRuntime: openChosenRuntime,
    openSource: (location, options) =>
      openSource(location, {
        ...options,
        ...{ onProgress, signal },
        onDecode: (decode) => progress.show(decodeLine(decode)),
      }),
    outlineSource: (location, options) => outlineSource(location, { ...options, onProgress, signal }),
    memory: () => ({ available: availableMemory(), held: process.memoryUsage.rss() }),
    streamSource: (location, options) => streamSource(location, { ...options, onProgress, signal }),
    listDataSets: () => listDataSets(),
    fetchDataSet: (name) => fetchDataSet(name, { onProgress, signal }),
    dataSetPath: (name) => dataSetPath(name),
    dataFolders: () => dataFolders(),
    decodedCache: () => decodedCache(),
  };
}

/** Node 20.13 knows of containers; before, what the whole machine has free. */
function availableMemory(): number {
  return process.availableMemory?.() ?? freemem();
}

/**
 * What waits until a stream has taken what was written; it then tells whether anybody reads the stream still. (Standard
 * output is never destroyed: its errors alone say that the reader is gone.)
 */
function drainOf(stream: NodeJS.WriteStream): () => Promise<boolean> {
  let isGone = false;
  stream.on("error", () => {
    isGone = true;
  });
  return async () => {
    await new Promise<void>((resolve) => setImmediate(resolve)); // errors are told a moment later
    if (stream.writableNeedDrain && !isGone) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          for (const event of ["drain", "error"]) stream.off(event, done);
          resolve();
        };
        for (const event of ["drain", "error"]) stream.on(event, done);
      });
    }
    return !isGone;
  };
}

const runtimeNames: readonly RuntimeName[] = ["onnxruntime-node", "onnxruntime-web"];

/** ONNX Runtime: the one that `UNLABELED_RUNTIME` names, else the best there is. */
async function openChosenRuntime(threads: number | undefined): Promise<Runtime> {
  const chosen = process.env.UNLABELED_RUNTIME || undefined;
  const only = runtimeNames.find((name) => name === chosen);
  if (chosen !== undefined && only === undefined) {
    throw new OptionError(
      `unlabeled: UNLABELED_RUNTIME must be one of ${runtimeNames.join(", ")}; got "${chosen}".`,
    );
  }
  return openRuntime({ threads, only });
}

function cancelOnInterrupt(): AbortController {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, interrupt);
  return controller;
}
