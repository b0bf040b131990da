/** Reports as lists of sections: which sections a record deserves, in which order. */
import type { ShownEdits } from "../edits/index.ts";
import type {
  ComparisonRecord,
  ElbowRecord,
  Exhibits,
  MethodSummary,
  RunRecord,
  SideBySide,
  SourceRecord,
} from "../experiment/index.ts";
import type { ClusterNames } from "./clusters.ts";
import { html } from "./html.ts";
import { renderPage } from "./page.ts";
import type { Part, Report, Section } from "./part.ts";
import { centersPart } from "./sections/centers.ts";
import { codePart } from "./sections/code.ts";
import { comparisonPart } from "./sections/comparison.ts";
import { confusionPart } from "./sections/confusion.ts";
import { curationPart } from "./sections/curation.ts";
import { elbowPart, historyPart } from "./sections/curves.ts";
import { editsPart } from "./sections/edits.ts";
import { examplesPart } from "./sections/examples.ts";
import { elbowFacts, factsSection } from "./sections/facts.ts";
import { mapPart } from "./sections/map.ts";
import { methodAgreementPart } from "./sections/method-agreement.ts";
import { mixturePart } from "./sections/mixture.ts";
import { networkPart } from "./sections/network.ts";
import { reconstructionsPart } from "./sections/reconstructions.ts";
import { elbowRepeat, repeatSection } from "./sections/repeat.ts";
import { sameImagesPart } from "./sections/same-images.ts";
import { scoresPart } from "./sections/scores.ts";
import { sideBySidePart } from "./sections/side-by-side.ts";
import { sizesPart } from "./sections/sizes.ts";
import { stripPart } from "./sections/strip.ts";
import { comparisonSentences, elbowSentences, runSentences, scoreTiles } from "./sections/summary.ts";
import { vectorsPart } from "./sections/vectors.ts";
import { sharedBytes } from "./shared-images.ts";
import { leadingMethod, type RunView, type ShownRun, shownRuns, viewOf } from "./view.ts";
import { seedWords, sourceWords } from "./words.ts";

/** One run, with its pictures, and the curve over k where one was computed. */
export interface RunReportInput {
  readonly result: RunRecord;
  readonly exhibits: Exhibits;
  readonly elbow?: ElbowRecord;
  /** What the user calls the clusters, by their numbers. */
  readonly names?: ClusterNames;
  /** The clusters after edits, where people have merged, split or moved some; `names` are those of the others. */
  readonly edits?: ShownEdits;
}

/** Several runs; `exhibits` holds the pictures of some of them, of which one run for each method is shown. */
export interface ComparisonReportInput {
  readonly comparison: ComparisonRecord;
  readonly exhibits: readonly ShownRun[];
  /** The methods on the same images, where there are several. */
  readonly sideBySide?: SideBySide;
  readonly elbow?: ElbowRecord;
}

/** Report on one run. Depends on its input alone: the same records give the same bytes. */
export function runReport({ result, exhibits, elbow, names, edits }: RunReportInput): Report {
  const view = viewOf(result, exhibits, names);
  const parts = [
    sectionOnly(factsSection([result], result)),
    result.source.vectors ? undefined : stripPart(exhibits.strip, result.source),
    edits && editsPart(view, edits),
    ...runParts(view),
    elbow && elbowPart(elbow),
    scoresPart(view),
    sectionOnly(repeatSection([result], result)),
  ];
  const page = {
    title: titleOf(result),
    sentences: runSentences(view),
    tiles: scoreTiles(result),
    notices: result.notices,
  };
  return assemble(parts, { ...page, result, invertible: invertible(result.source) });
}

/** Report on several methods, several seeds, or both. Depends on its input alone. */
export function comparisonReport({ comparison, exhibits, sideBySide, elbow }: ComparisonReportInput): Report {
  const { results, summary, source } = comparison;
  const views = shownRuns(comparison, exhibits, sideBySide && sharedBytes(sideBySide.images.images));
  const leading = leadingMethod(comparison);
  const lead = views.find(({ result }) => result.method === leading) as RunView;
  const several = views.length > 1;
  const strip = exhibits[0]?.exhibits.strip;
  const parts = [
    sectionOnly(factsSection(results, lead.result)),
    strip && !source.vectors ? stripPart(strip, source) : undefined,
    comparedPart(comparison, sideBySide),
    ...(several
      ? [lead, ...views.filter((view) => view !== lead)].map((view) =>
          chapterOf(view, summary, view !== lead),
        )
      : runParts(lead)),
    elbow && elbowPart(elbow),
    several ? undefined : scoresPart(lead, summaryOf(lead, summary)),
    sectionOnly(repeatSection(results, lead.result)),
  ];
  return assemble(parts, {
    title: several ? `${sourceWords(source)}: ${views.length} ways to cluster it` : titleOf(lead.result),
    sentences: comparisonSentences(comparison, lead),
    tiles: scoreTiles(lead.result, summaryOf(lead, summary)),
    notices: gatherNotices(results),
    result: lead.result,
    invertible: invertible(source),
  });
}

/** Report on a curve over the number of clusters. Depends on its input alone. */
export function elbowReport({ elbow }: { readonly elbow: ElbowRecord }): Report {
  const parts = [elbowPart(elbow), sectionOnly(elbowFacts(elbow)), sectionOnly(elbowRepeat(elbow))];
  return assemble(parts, {
    title: `${sourceWords(elbow.source)}: how many clusters?`,
    sentences: elbowSentences(elbow),
    notices: [],
    invertible: false,
  });
}

function invertible({ channels, vectors }: SourceRecord): boolean {
  return channels === 1 && !vectors;
}

interface Frame {
  readonly title: string;
  readonly sentences: readonly string[];
  readonly tiles?: ReturnType<typeof scoreTiles>;
  readonly notices: readonly string[];
  readonly invertible: boolean;
  /** The run that the page speaks of first. */
  readonly result?: RunRecord;
}

function assemble(parts: readonly (Part | undefined)[], { result, ...frame }: Frame): Report {
  const present = parts.filter((part) => part !== undefined);
  const { unlabeled: version, createdAt } = result?.environment ?? {};
  return {
    html: renderPage({
      ...frame,
      sections: present.map(({ section }) => section),
      scripts: scriptsOf(present),
      version,
      createdAt,
    }),
    figures: present.flatMap(({ figures }) => figures),
  };
}

// Everything that shows one run, from its centers to its iterations: first what was found, then how.
function runParts(view: RunView): readonly (Part | undefined)[] {
  return [
    centersPart(view),
    view.exhibits?.vectors ? vectorsPart(view) : examplesPart(view),
    mapPart(view),
    codePart(view),
    mixturePart(view),
    sizesPart(view),
    confusionPart(view),
    // A page of several methods has the images that each found in its own report.
    view.prefix === "" ? curationPart(view) : undefined,
    networkPart(view),
    reconstructionsPart(view),
    historyPart(view),
  ];
}

// The table of all runs, and what can only be seen of several methods, or several seeds, together.
function comparedPart(comparison: ComparisonRecord, sideBySide: SideBySide | undefined): Part | undefined {
  const table = comparisonPart(comparison);
  if (table === undefined) return undefined;
  return withParts(table, [
    methodAgreementPart(comparison),
    sideBySide && sideBySidePart(sideBySide, comparison.results),
    sideBySide && !comparison.source.vectors ? sameImagesPart(sideBySide, comparison.results) : undefined,
  ]);
}

function chapterOf(view: RunView, summary: readonly MethodSummary[], folded: boolean): Part {
  const { method, seed } = view.result;
  const title = `Pictures of ${method}, seed ${seed}`;
  return withParts({ section: { id: `${view.prefix}run`, title, body: html``, folded }, figures: [] }, [
    ...runParts(view),
    scoresPart(view, summaryOf(view, summary)),
  ]);
}

// A part with others below it.
function withParts({ section, figures }: Part, below: readonly (Part | undefined)[]): Part {
  const parts = below.filter((part) => part !== undefined);
  return {
    section: { ...section, sections: parts.map((part) => part.section) },
    figures: [...figures, ...parts.flatMap((part) => part.figures)],
    script: scriptsOf(parts).join("\n"),
  };
}

function scriptsOf(parts: readonly Part[]): readonly string[] {
  return [...new Set(parts.flatMap(({ script }) => script || []))];
}

function summaryOf(view: RunView, summary: readonly MethodSummary[]): MethodSummary | undefined {
  return summary.find(({ method }) => method === view.result.method);
}

function sectionOnly(section: Section): Part {
  return { section, figures: [] };
}

function titleOf({ source, clusters }: RunRecord): string {
  return `${sourceWords(source)} in ${clusters === 1 ? "1 cluster" : `${clusters} clusters`}`;
}

// The same notice of many seeds is said once, with the seeds.
function gatherNotices(results: readonly RunRecord[]): readonly string[] {
  const severalMethods = new Set(results.map(({ method }) => method)).size > 1;
  const gathered = new Map<
    string,
    { readonly method: string; readonly notice: string; readonly seeds: number[] }
  >();
  for (const { method, seed, notices } of results) {
    for (const notice of notices) {
      const key = `${method}\n${notice}`;
      const entry = gathered.get(key) ?? { method, notice, seeds: [] };
      entry.seeds.push(seed);
      gathered.set(key, entry);
    }
  }
  return [...gathered.values()].map(({ method, notice, seeds }) => {
    const seedsWords = `${seeds.length > 1 ? "seeds" : "seed"} ${seedWords(seeds)}`;
    return `${severalMethods ? `${method}, ` : ""}${seedsWords}: ${notice}`;
  });
}
