/** Results as a person reads them in a terminal. */

import type {
  ComparisonRecord,
  ElbowRecord,
  MethodSummary,
  MetricName,
  RunRecord,
  SourceRecord,
  Spread,
} from "../experiment/index.ts";
import { criteriaOf, formatCriterion, formatScore, scoreDescription } from "../presentation/index.ts";
import { type Column, renderTable } from "./table.ts";

const scoresWithLabels: readonly MetricName[] = [
  "accuracy",
  "purity",
  "meanClusterPurity",
  "nmi",
  "ari",
  "inertia",
];
const scoresWithoutLabels: readonly MetricName[] = [
  "silhouette",
  "calinskiHarabasz",
  "daviesBouldin",
  "inertia",
];

/** `strokes: 10,000 images of 28 x 28, 10 classes` */
export function sourceLine(source: Omit<SourceRecord, "sha256">): string {
  const { name, split, count, height, width, channels, labelled, classNames, vectors } = source;
  const part = split === "all" ? "" : ` (${split})`;
  const colour = channels === 1 ? "" : ` x ${channels}`;
  const classes = labelled && classNames ? `, ${classNames.length} classes` : ", no labels";
  const left = source.skipped === undefined ? "" : `, ${grouped(source.skipped)} unreadable left out`;
  const items = vectors
    ? `${plural(count, "vector")} of ${plural(width, "number")}`
    : `${plural(count, "image")} of ${height} x ${width}${colour}`;
  return `${name}${part}: ${items}${classes}${left}`;
}

/** What a source holds, in one word. */
export const itemWord = ({ vectors }: Pick<SourceRecord, "vectors">): "image" | "vector" =>
  vectors ? "vector" : "image";

/** `1 image`, `10,000 images` */
export function plural(count: number, one: string): string {
  return `${grouped(count)} ${count === 1 ? one : `${one}s`}`;
}

/** Whole number with thousands separated, the same in every language. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** The table of every run, that of every method where some method has several runs, and how numbers of clusters were chosen. */
export function comparisonText(record: ComparisonRecord): string {
  const names = scoreNames(record.results);
  const several = record.summary.some((summary) => summary.runs > 1);
  const scored = record.results[0]?.scored;
  return [
    `${sourceLine(record.source)}\n`,
    scored ? `scored on ${sourceLine(scored)}\n` : "",
    "\n",
    renderTable(
      runColumns(names),
      record.results.map((result) => runRow(result, names)),
    ),
    several ? `\nMean ± standard deviation over the runs\n\n${summaryTable(record.summary, names)}` : "",
    ...chosenNumbers(record.results),
  ].join("");
}

/** Where in a folder the report lies, and the list of what could not be read. */
export function placesText(folder: string, { skipped }: SourceRecord): string {
  return `Report: ${folder}/report.html\n${skipped ? `Left out: ${folder}/skipped.csv\n` : ""}`;
}

/** Why a run has as many clusters as it has, where the program chose them; what holds for several runs is said once. */
function chosenNumbers(results: readonly RunRecord[]): readonly string[] {
  const lines = results.flatMap(({ method, numberOfClusters }) =>
    numberOfClusters?.reason ? [`${method}: ${numberOfClusters.reason}\n`] : [],
  );
  return lines.length > 0 ? ["\nNumber of clusters\n\n", ...new Set(lines)] : [];
}

function scoreNames(results: readonly RunRecord[]): readonly MetricName[] {
  const labelled = results.some((result) => result.metrics.accuracy !== undefined);
  const names = labelled ? scoresWithLabels : scoresWithoutLabels;
  // Inertia in one space says nothing of inertia in another.
  const spaces = new Set(results.map(({ method }) => method.slice(0, method.lastIndexOf("+"))));
  return names.filter(
    (name) =>
      results.some((result) => result.metrics[name] !== undefined) &&
      (name !== "inertia" || spaces.size === 1),
  );
}

function runColumns(names: readonly MetricName[]): readonly Column[] {
  return [
    left("Method"),
    right("Seed"),
    right("Clusters"),
    ...names.map(scoreColumn),
    right("Iterations"),
    right("Seconds"),
  ];
}

function runRow(result: RunRecord, names: readonly MetricName[]): readonly string[] {
  const scores = names.map((name) => {
    const value = result.metrics[name];
    return value === undefined ? "" : scoreText(name, value);
  });
  return [
    result.method,
    String(result.seed),
    String(result.clusters),
    ...scores,
    `${result.iterations}${result.converged ? "" : "*"}`,
    result.seconds.total.toFixed(2),
  ];
}

function summaryTable(summaries: readonly MethodSummary[], names: readonly MetricName[]): string {
  const columns = [left("Method"), right("Runs"), ...names.map(scoreColumn), right("Seconds")];
  const rows = summaries.map(({ method, runs, metrics, seconds }) => [
    method,
    String(runs),
    ...names.map((name) => spreadText(metrics[name], (value) => scoreText(name, value))),
    spreadText(seconds, (value) => value.toFixed(2)),
  ]);
  return renderTable(columns, rows);
}

function spreadText(spread: Spread | undefined, format: (value: number) => string): string {
  return spread ? `${format(spread.mean)} ± ${format(spread.sd)}` : "";
}

/** The curve as a table, and the suggestion. */
export function elbowText(record: ElbowRecord): string {
  const criteria = criteriaOf(record);
  const rows = record.k.map((k, i) => [
    String(k),
    ...criteria.map(({ name, values }) => {
      const value = values[i];
      return typeof value === "number" ? plainMinus(formatCriterion(name, value)) : "";
    }),
  ]);
  const proposals = ["proposed", ...criteria.map(({ name }) => String(record.suggestions[name] ?? "none"))];
  const heads = [right("Clusters"), ...criteria.map(({ label }) => right(label))];
  const sampled = record.criteriaSample
    ? `All but the inertia were taken on a sample of ${grouped(record.criteriaSample)} images.\n`
    : "";
  const components = record.components
    ? `All curves were taken on the first ${record.components} principal components of the features.\n`
    : "";
  const reason = record.reason ?? `${record.suggested ?? "none"}.`;
  const suggestion = record.suggested === null ? reason : `Suggested: ${reason}`;
  return `${sourceLine(record.source)}\n\n${renderTable(heads, [...rows, proposals])}\n${sampled}${components}${suggestion}\n`;
}

/**
 * What the user should know of the runs, each thing once, with the seeds that it holds for.
 *
 * @returns lines for standard error
 */
export function noticeLines(results: readonly RunRecord[]): readonly string[] {
  const seedsOf = new Map<string, number[]>();
  for (const { method, seed, notices } of results) {
    for (const notice of notices) {
      const key = `${method}\n${notice}`;
      seedsOf.set(key, [...(seedsOf.get(key) ?? []), seed]);
    }
  }
  return [...seedsOf].map(([key, seeds]) => {
    const [method, notice] = key.split("\n");
    const shown = seeds.slice(0, 5).join(", ") + (seeds.length > 5 ? `, ... (${seeds.length} runs)` : "");
    return `unlabeled: ${method}, seed ${shown}: ${notice}`;
  });
}

function scoreColumn(name: MetricName): Column {
  return right(scoreDescription(name)?.label ?? name);
}

/** As in the report, but with a plain minus, which can be copied. */
function scoreText(name: MetricName, value: number): string {
  return plainMinus(formatScore(name, value));
}

function plainMinus(text: string): string {
  return text.replace("−", "-");
}

function left(head: string): Column {
  return { head, align: "left" };
}

function right(head: string): Column {
  return { head, align: "right" };
}
