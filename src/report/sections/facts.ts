import type { ElbowRecord, RunRecord, SourceRecord } from "../../experiment/index.ts";
import { count, duration, quantity } from "../../presentation/index.ts";
import type { HtmlValue } from "../html.ts";
import { html } from "../html.ts";
import type { Section } from "../part.ts";
import { definitions } from "../pieces.ts";
import {
  clustersWords,
  itemOf,
  methodWords,
  seedWords,
  sizeWords,
  trainingSeconds,
  worksInBatches,
} from "../words.ts";

type Entry = readonly [term: string, value: HtmlValue];

/** What was clustered and how, of all the runs on the page. */
export function factsSection(results: readonly RunRecord[], shown: RunRecord): Section {
  const methods = [...new Set(results.map(({ method }) => method))];
  const seeds = results.map(({ seed }) => seed);
  const entries: (Entry | undefined)[] = [
    ...sourceEntries(shown.source),
    shown.scored &&
      ([
        "Scored on",
        `${quantity(shown.scored.count, itemOf(shown.scored))}, split ${shown.scored.split}`,
      ] as const),
    [methods.length === 1 ? "Method" : "Methods", methodsValue(methods, shown.source)],
    scalingEntry(shown),
    trainingEntry(results),
    ["Clusters", clustersWords(results.map(({ clusters }) => clusters)).replace(/ clusters?$/, "")],
    [new Set(seeds).size === 1 ? "Seed" : "Seeds", seedWords(seeds)],
    ...courseEntries(results, shown),
    ["Time", timeWords(results)],
  ];
  return { id: "facts", title: "What was done", body: definitions(entries) };
}

/** How the clusterer runs; one that takes a graph apart has no start, and no iterations that lead anywhere. */
function courseEntries(results: readonly RunRecord[], shown: RunRecord): readonly Entry[] {
  const { objective, iterations } = shown;
  if (objective === "modularity")
    return [["Runs", `${count(iterations)}, each in another order; the best one kept`]];
  if (objective === "agreement") return [["Partitions", count(iterations)]];
  return [
    ["Start", startWords(shown)],
    ["Stops", stopWords(shown)],
    [
      worksInBatches(shown.method) ? "Batches" : "Iterations",
      results.length === 1 ? iterationWords(shown) : manyIterationsWords(results),
    ],
  ];
}

/** What a curve over k was computed on. */
export function elbowFacts(elbow: ElbowRecord): Section {
  const entries: (Entry | undefined)[] = [
    ...sourceEntries(elbow.source),
    elbow.sampled === undefined
      ? undefined
      : (["Sample", quantity(elbow.sampled, itemOf(elbow.source))] as const),
    ["Method", methodsValue([elbow.method], elbow.source)],
    ["Seed", `${elbow.seed}`],
    ["Range of k", `${Math.min(...elbow.k)} to ${Math.max(...elbow.k)}`],
  ];
  return { id: "facts", title: "What was done", body: definitions(entries) };
}

function sourceEntries(source: SourceRecord): readonly (Entry | undefined)[] {
  const how = source.fit === undefined || source.fit === "contain" ? "" : ` (${source.fit})`;
  const resized = source.size === undefined ? "" : `, brought to ${source.size} × ${source.size}${how}`;
  const classes =
    source.classNames === undefined
      ? "known"
      : `known, ${quantity(source.classNames.length, "class", "classes")}`;
  return [
    [
      "Source",
      source.name === source.location
        ? source.name
        : html`${source.name} <span class="soft">${source.location}</span>`,
    ],
    ["Split", source.split],
    [
      source.vectors ? "Vectors" : "Images",
      `${count(source.count)}${source.limit === undefined ? "" : `, limited to ${count(source.limit)}`}`,
    ],
    ["Size", `${sizeWords(source)}${resized}`],
    source.skipped === undefined
      ? undefined
      : [
          "Left out",
          html`${quantity(source.skipped, "file")} that could not be read, listed in <code>skipped.csv</code>`,
        ],
    ["Labels", source.labelled ? `${classes}; not used for clustering` : "none"],
  ];
}

function methodsValue(methods: readonly string[], source: SourceRecord): HtmlValue {
  return methods.map((method, i) => {
    const words = methodWords(method, source);
    return html`${i > 0 && ", "}<code>${method}</code>${methods.length === 1 && !words.endsWith(method) && html` <span class="soft">${words}</span>`}`;
  });
}

const scalingWords = {
  standard: "each column to mean 0 and standard deviation 1",
  l2: "each vector to length 1",
} as const;

function scalingEntry({ source, settings: { scaling } }: RunRecord): Entry | undefined {
  if (!source.vectors) return undefined;
  return ["Scaling", scaling === undefined ? "none" : scalingWords[scaling]];
}

function trainingEntry(results: readonly RunRecord[]): Entry | undefined {
  const trained = results.flatMap(({ training }) => training ?? []);
  if (trained.length === 0) return undefined;
  const epochs = trained.map((training) => training.epochs.length);
  const low = Math.min(...epochs);
  const high = Math.max(...epochs);
  const seconds = trained.reduce((total, training) => total + trainingSeconds(training), 0);
  const ran = low === high ? quantity(low, "epoch") : `${count(low)} to ${quantity(high, "epoch")}`;
  return ["Training", `${ran}, ${duration(seconds)}${trained.length > 1 ? " in all" : ""}`];
}

function startWords({ settings, source }: RunRecord): string {
  const { init: word = "K-Means" } = settings;
  const init = word === "random" ? `random ${itemOf(source)}s` : word;
  return `${init}${settings.restarts > 1 ? `, the best of ${settings.restarts} starts` : ""}`;
}

function stopWords({ settings, method }: RunRecord): string {
  if (worksInBatches(method)) {
    return `when batches no longer lower the inertia, or after ${quantity(settings.maxIterations, "pass", "passes")}`;
  }
  const when =
    settings.tolerance === 0 ? "when nothing changes" : `at a relative change of ${settings.tolerance}`;
  return `${when}, or after ${quantity(settings.maxIterations, "iteration")}`;
}

function iterationWords({ iterations, converged }: RunRecord): string {
  return `${count(iterations)}, ${converged ? "converged" : "not converged"}`;
}

function manyIterationsWords(results: readonly RunRecord[]): string {
  const iterations = results.map((result) => result.iterations);
  const low = count(Math.min(...iterations));
  const high = count(Math.max(...iterations));
  const converged = results.filter((result) => result.converged).length;
  return `${low === high ? low : `${low} to ${high}`}; ${count(converged)} of ${quantity(results.length, "run")} converged`;
}

function timeWords(results: readonly RunRecord[]): string {
  const total = results.reduce((seconds, result) => seconds + result.seconds.total, 0);
  const threads = quantity(results[0]?.environment.threads ?? 1, "thread");
  if (results.length === 1) return `${duration(total)} on ${threads}`;
  return `${duration(total)} for ${quantity(results.length, "run")} on ${threads}`;
}
