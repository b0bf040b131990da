import { OptionError } from "../../errors.ts";
import type { ImageSource } from "../../images/index.ts";
import { isVectors, limitImages, nClasses, resizeImages, sliceImages, strokes } from "../../images/index.ts";
import { openRuntime, type Runtime } from "../../neural/index.ts";
import { anyRuntime } from "../../neural/testing/runtimes.ts";
import type { Effects, SourceOptions } from "../effects.ts";
import type { Terminal } from "../program.ts";
import { runProgram } from "../program.ts";

/** What a command said and asked for. */
export interface Recording {
  readonly exitCode: number;
  readonly out: string;
  readonly error: string;
  /** Lines of progress, in order. */
  readonly progress: readonly string[];
  readonly opened: readonly (readonly [location: string, options: SourceOptions])[];
  /** Addresses that were opened in the browser. */
  readonly shown: readonly string[];
}

/** How the world is to behave. */
export interface World {
  /** Cancels when a line of progress contains this text. */
  readonly cancelAt?: string;
  /** Called with what is written, and with a way to press Ctrl-C. */
  readonly onWrite?: (text: string, cancel: () => void) => void;
  /** Called with each line of progress. */
  readonly onProgress?: (text: string) => void;
  /** Sources by location; default: 60 drawn digits as `tiny`. */
  readonly open?: (location: string, options: SourceOptions) => ImageSource;
  /** Images in a piece of a source that is read as a stream, at most. */
  readonly pieces?: number;
  /** Clock in milliseconds; default: one on which every look takes a quarter of a second. */
  readonly now?: () => number;
  /** Memory; default: plenty. */
  readonly memory?: ReturnType<Effects["memory"]>;
  /** Runtime for networks; default: the best that this machine has, without a word if that is the slower one. */
  readonly openRuntime?: Effects["openRuntime"];
}

/** Runs the program on words, in a world that is recorded: no terminal, clock, network or data folder. */
export async function record(words: readonly string[], world: World = {}): Promise<Recording> {
  const said = { out: "", error: "" };
  const progress: string[] = [];
  const opened: [string, SourceOptions][] = [];
  const shown: string[] = [];
  const controller = new AbortController();
  let milliseconds = 0;
  const effects: Effects = {
    write: (text) => {
      said.out += text;
      world.onWrite?.(text, () => controller.abort());
    },
    warn: (text) => {
      said.error += `${text}\n`;
    },
    progress: {
      show: (text) => {
        progress.push(text);
        world.onProgress?.(text);
        if (world.cancelAt !== undefined && text.includes(world.cancelAt)) controller.abort();
      },
      done: () => {},
    },
    now:
      world.now ??
      (() => {
        milliseconds += 250;
        return milliseconds;
      }),
    date: () => "2026-01-02T03:04:05.000Z",
    signal: controller.signal,
    version: "1.2.3",
    runtime: "recorder",
    hardwareThreads: 2,
    openBrowser: (url) => {
      shown.push(url);
    },
    openRuntime: world.openRuntime ?? sharedRuntime,
    drained: async () => true,
    tidy: () => {},
    openSource: async (location, options) => {
      opened.push([location, options]);
      return (world.open ?? openTiny)(location, options);
    },
    outlineSource: async (location, options) => {
      const { name, images } = (world.open ?? openTiny)(location, options);
      const { count, height, width, channels } = images;
      const classes = nClasses(images);
      return {
        name,
        count,
        height,
        width,
        channels,
        ...(isVectors(images) && { vectors: true }),
        ...(classes > 0 && { classes }),
      };
    },
    memory: () => world.memory ?? { available: 2 ** 40, held: 0 },
    async *streamSource(location, { chunk, onDecode: _, ...options }) {
      opened.push([location, options]);
      const { name, images, skipped = [], notices = [] } = (world.open ?? openTiny)(location, options);
      const most = Math.min(chunk, world.pieces ?? chunk);
      for (let from = 0; from < images.count; from += most) {
        yield sliceImages(images, from, Math.min(images.count, from + most));
      }
      return { name, count: images.count, skipped, notices };
    },
    listDataSets: async () => [
      {
        name: "mnist",
        description: "digits",
        licence: "CC",
        origin: "LeCun",
        folder: "/sets/mnist",
        bytes: 9,
        downloadBytes: 4e6,
      },
      {
        name: "fashion-mnist",
        description: "clothes",
        licence: "MIT",
        origin: "Zalando",
        bytes: 9,
        downloadBytes: 4e6,
      },
    ],
    fetchDataSet: async (name) => ({ name, folder: `/cache/${name}`, downloaded: ["a", "b"] }),
    dataSetPath: async (name) => `/sets/${name}`,
    dataFolders: () => ({ cache: "/cache" }),
    decodedCache: async () => ({ folder: "/cache/decoded", bytes: 12_300_000 }),
  };
  const terminal: Terminal = {
    out: effects.write,
    error: (text) => {
      said.error += text;
    },
    columns: 100,
    version: effects.version,
    openEffects: async () => effects,
  };
  const exitCode = await runProgram(words, terminal);
  return { exitCode, ...said, progress, opened, shown };
}

const runtimes = new Map<number | undefined, Promise<Runtime>>();

/** One runtime for all commands on as many threads, which nobody closes: to start one takes longer than they take. */
async function sharedRuntime(threads: number | undefined): Promise<Runtime> {
  const runtime = runtimes.get(threads) ?? openRuntime({ only: anyRuntime, threads });
  runtimes.set(threads, runtime);
  return { ...(await runtime), close: () => {} };
}

/** Small, since a report and principal components take most of the time of so small a run. */
const digits = resizeImages(strokes({ count: 60 }), 14);

/** 60 drawn digits of 14 x 14; the last 20 are the test part, its halves validation and holdout. */
export function openTiny(location: string, options: SourceOptions): ImageSource {
  if (location !== "tiny") throw new OptionError(`openSource: source must be tiny; got "${location}".`);
  const { split = "all", limit } = options;
  const [from, to] = tinyParts[split];
  const part = sliceImages(digits, from, to);
  const images = limit === undefined ? part : limitImages(part, limit);
  const sha256 = `${split}-${images.count}`;
  return { name: "tiny", location, split, ...(limit !== undefined && { limit }), images, sha256 };
}

const tinyParts = {
  all: [0, 60],
  train: [0, 40],
  test: [40, 60],
  validation: [40, 50],
  holdout: [50, 60],
} as const;
