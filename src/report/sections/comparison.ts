import type { ComparisonRecord, MethodSummary, MetricName, RunRecord } from "../../experiment/index.ts";
import {
  decimal,
  duration,
  formatScore,
  formatSpread,
  percent,
  quantity,
  scoreDescription,
  significant,
  slug,
} from "../../presentation/index.ts";
import { type AgreementPoint, agreementChart } from "../charts/agreement.ts";
import { sum } from "../clusters.ts";
import { type Html, type HtmlValue, html } from "../html.ts";
import type { Figure, Part } from "../part.ts";
import { fluidChart, scrollBox } from "../pieces.ts";
import { seedWords, trainingSeconds } from "../words.ts";

const labelledColumns: readonly MetricName[] = ["accuracy", "purity", "meanClusterPurity", "nmi", "ari"];
const unlabelledColumns: readonly MetricName[] = [
  "inertia",
  "silhouette",
  "calinskiHarabasz",
  "daviesBouldin",
];

/** Methods and seeds side by side; nothing for a single run. */
export function comparisonPart(comparison: ComparisonRecord): Part | undefined {
  if (comparison.results.length < 2) return undefined;
  const { summary } = comparison;
  const labelled = summary.some(({ metrics }) => metrics.accuracy !== undefined);
  const columns = (labelled ? labelledColumns : unlabelledColumns).filter((name) =>
    summary.some(({ metrics }) => metrics[name] !== undefined),
  );
  const several = summary.some(({ runs }) => runs > 1);
  const agreements = summary.flatMap((method) => agreementOf(method, comparison.results, summary.length > 1));
  const body = html`<p>${
    several ? "Mean ± standard deviation over seeds. Open a row to see every seed." : "One run each."
  }${summary.length > 1 && labelled && " Bold: the best of a column."}${
    !labelled &&
    summary.length > 1 &&
    " Without labels these scores compare runs of one method; between methods they measure different things."
  }</p>
${scrollBox("Comparison of runs", comparisonTable(comparison, columns, labelled))}
${agreements.map(({ markup }) => markup)}`;
  return {
    section: { id: "comparison", title: summary.length > 1 ? "Methods compared" : "Seeds compared", body },
    figures: agreements.map(({ figure }) => figure),
  };
}

/** The run of lowest inertia and the run of highest accuracy among those that have both scores. */
export interface Agreement {
  readonly points: readonly AgreementPoint[];
  readonly lowest: AgreementPoint;
  readonly highest: AgreementPoint;
}

/** Compares inertia with accuracy over the seeds of one method; nothing for fewer than two such runs. */
function compareAgreement(results: readonly RunRecord[]): Agreement | undefined {
  const points = results.flatMap(({ seed, metrics: { inertia, accuracy } }) =>
    inertia === undefined || accuracy === undefined ? [] : [{ seed, inertia, accuracy }],
  );
  const [first] = points;
  if (first === undefined || points.length < 2) return undefined;
  const lowest = points.reduce((best, point) => (point.inertia < best.inertia ? point : best), first);
  const highest = points.reduce((best, point) => (point.accuracy > best.accuracy ? point : best), first);
  return { points, lowest, highest };
}

/** Says whether the tightest run was the one that agrees best, with its figures. */
function agreementWords({ lowest, highest }: Agreement): string {
  const figures = (point: AgreementPoint): string =>
    `inertia ${significant(point.inertia, 6)}, accuracy ${percent(point.accuracy)}`;
  if (lowest.accuracy >= highest.accuracy) {
    return `Here the run of lowest inertia, seed ${lowest.seed}, also agrees best with the labels (${figures(lowest)}); that need not be so.`;
  }
  return `Lower inertia is not better agreement: the run of lowest inertia, seed ${lowest.seed} (${figures(lowest)}), agrees less with the labels than seed ${highest.seed} (${figures(highest)}).`;
}

function agreementOf(
  summary: MethodSummary,
  results: readonly RunRecord[],
  several: boolean,
): readonly { readonly markup: Html; readonly figure: Figure }[] {
  const agreement = compareAgreement(results.filter(({ method }) => method === summary.method));
  if (agreement === undefined) return [];
  const { lowest, highest, points } = agreement;
  const same = lowest.accuracy >= highest.accuracy;
  const noted = points.map((point): AgreementPoint => {
    if (point === lowest)
      return { ...point, note: `seed ${point.seed}: lowest inertia${same ? " and best agreement" : ""}` };
    return point === highest && !same ? { ...point, note: `seed ${point.seed}: highest accuracy` } : point;
  });
  const chart = agreementChart(noted);
  const markup = html`<div class="aside agreement"><div>${fluidChart(chart)}</div>
<div><p class="minor">${several ? summary.method : "Inertia and accuracy"}</p><p>${agreementWords(agreement)}</p>
<p class="soft">One dot per seed; the further left, the tighter the clusters, the higher, the better they match the classes.</p></div></div>`;
  return [
    {
      markup,
      figure: {
        name: several ? `agreement-${slug(summary.method)}.svg` : "agreement.svg",
        content: chart.file,
      },
    },
  ];
}

function comparisonTable(
  comparison: ComparisonRecord,
  columns: readonly MetricName[],
  labelled: boolean,
): Html {
  const { summary, results } = comparison;
  const best = new Map(
    labelled && summary.length > 1 ? columns.map((name) => [name, bestMean(summary, name)] as const) : [],
  );
  const trained = results.some(({ training }) => training !== undefined);
  const rows = summary.map((method) => {
    const runs = results.filter((result) => result.method === method.method);
    return html`<tbody><tr class="method"><th scope="row"><code>${method.method}</code></th><td class="number">${method.runs}</td>${columns.map(
      (name) => {
        const spread = method.metrics[name];
        const top = spread !== undefined && spread.mean === best.get(name);
        return html`<td class="number">${spread ? spreadWords(name, spread, top) : "–"}</td>`;
      },
    )}${trained && html`<td class="number">${trainingWords(runs)}</td>`}<td class="number">${duration(method.seconds.mean)}${method.runs > 1 && html` <span class="soft">± ${decimal(method.seconds.sd, 2)}</span>`}</td></tr>${
      runs.length > 1 &&
      html`<tr class="seeds"><td colspan="${columns.length + (trained ? 4 : 3)}">${seedRows(runs, columns)}</td></tr>`
    }</tbody>`;
  });
  return html`<table class="comparison"><thead><tr><th scope="col">Method</th><th scope="col" class="number">Runs</th>${columns.map(
    (name) => html`<th scope="col" class="number">${labelOf(name)}</th>`,
  )}${trained && html`<th scope="col" class="number">Training</th>`}<th scope="col" class="number">Time</th></tr></thead>${rows}</table>`;
}

/** Mean seconds of the epochs of a method's runs. */
function trainingWords(runs: readonly RunRecord[]): string {
  const seconds = runs.flatMap(({ training }) => (training ? [trainingSeconds(training)] : []));
  return seconds.length === 0 ? "–" : duration(sum(seconds) / seconds.length);
}

function seedRows(runs: readonly RunRecord[], columns: readonly MetricName[]): Html {
  const names: readonly MetricName[] = columns.includes("inertia") ? columns : [...columns, "inertia"];
  const shown = names.filter((name) => runs.some(({ metrics }) => metrics[name] !== undefined));
  return html`<details><summary>${quantity(runs.length, "run")}, seeds ${seedWords(runs.map(({ seed }) => seed))}</summary>
<table><thead><tr><th scope="col" class="number">Seed</th>${shown.map((name) => html`<th scope="col" class="number">${labelOf(name)}</th>`)}<th scope="col" class="number">Iterations</th><th scope="col" class="number">Time</th></tr></thead>
<tbody>${runs.map((run) => seedRow(run, shown))}</tbody></table></details>`;
}

function seedRow(run: RunRecord, columns: readonly MetricName[]): Html {
  return html`<tr><th scope="row" class="number">${run.seed}</th>${columns.map((name) => {
    const value = run.metrics[name];
    return html`<td class="number">${value === undefined ? "–" : formatScore(name, value)}</td>`;
  })}<td class="number">${run.iterations}${!run.converged && "+"}</td><td class="number">${duration(run.seconds.total)}</td></tr>`;
}

function spreadWords(name: MetricName, spread: { mean: number; sd: number }, top: boolean): HtmlValue {
  const [mean = "", sd] = formatSpread(name, spread).split(" ± ");
  const value = top ? html`<b>${mean}</b>` : mean;
  return spread.sd > 0 ? html`${value} <span class="soft">± ${sd}</span>` : value;
}

function bestMean(summary: readonly MethodSummary[], name: MetricName): number {
  const means = summary.flatMap(({ metrics }) => metrics[name]?.mean ?? []);
  return scoreDescription(name)?.better === "lower" ? Math.min(...means) : Math.max(...means);
}

function labelOf(name: MetricName): string {
  return scoreDescription(name)?.label ?? name;
}
