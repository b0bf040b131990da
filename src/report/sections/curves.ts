import type { ElbowRecord } from "../../experiment/index.ts";
import { count, criteriaOf, formatCriterion, quantity, significant, slug } from "../../presentation/index.ts";
import { criterionChart, elbowChart } from "../charts/elbow.ts";
import { historyChart } from "../charts/history.ts";
import { type Html, html, trusted } from "../html.ts";
import type { Part } from "../part.ts";
import { fluidChart, scrollBox } from "../pieces.ts";
import type { RunView } from "../view.ts";
import { itemOf, ofItems, worksInBatches } from "../words.ts";

/** The inertia with its knee (seed 003), the other criteria, what each proposes, and the numbers. */
export function elbowPart(elbow: ElbowRecord): Part {
  const chart = elbowChart(elbow);
  const range = `${Math.min(...elbow.k)} to ${Math.max(...elbow.k)}`;
  const sampled =
    elbow.sampled === undefined
      ? `all ${quantity(elbow.source.count, itemOf(elbow.source))}`
      : `a sample of ${count(elbow.sampled)} of the ${quantity(elbow.source.count, itemOf(elbow.source))}, drawn with seed ${elbow.seed}`;
  const criteria = criteriaOf(elbow);
  const others = criteria.filter(({ name }) => name !== "inertia");
  const charts = others.map((criterion) => ({ criterion, chart: criterionChart(elbow, criterion) }));
  const body = html`${elbow.reason !== undefined && others.length > 0 && html`<p>${elbow.suggested !== null && "Suggested: "}${elbow.reason}</p>`}
<div class="aside"><div>${fluidChart(chart)}</div>
<div><p>Inertia for k = ${range}, computed on ${sampled}. It always falls as clusters are added; where it stops falling fast, further clusters explain little more.</p>
${proposalsTable(elbow, criteria)}</div></div>
${
  charts.length > 0 &&
  html`<div class="criteria">${charts.map(
    ({ criterion, chart: drawn }) =>
      html`<figure class="chart">${trusted(drawn.inline)}<figcaption>${ofItems(criterion.explanation, elbow.source)}</figcaption></figure>`,
  )}</div>`
}
${elbow.criteriaSample !== undefined && html`<p class="soft">All but the inertia were taken on a sample of ${quantity(elbow.criteriaSample, itemOf(elbow.source))}; bars are standard errors.</p>`}
${elbow.components !== undefined && html`<p class="soft">All curves were taken on the first ${count(elbow.components)} principal components of the features, which are too wide to be looked at as they are.</p>`}
${valuesTable(elbow, criteria)}`;
  return {
    section: { id: "elbow", title: "How many clusters?", body },
    figures: [
      { name: "elbow.svg", content: chart.file },
      ...charts.map(({ criterion, chart: drawn }) => ({
        name: `elbow-${slug(criterion.label)}.svg`,
        content: drawn.file,
      })),
    ],
  };
}

/** The objective after each iteration; nothing if none was kept, or if the clusterer takes a graph apart, again and again. */
export function historyPart(view: RunView): Part | undefined {
  const { history, converged, iterations, settings, objective = "inertia" } = view.result;
  if (history.length === 0 || objective === "modularity" || objective === "agreement") return undefined;
  const batches = worksInBatches(view.result.method);
  const words = batches ? batchWords : objectiveWords[objective];
  const each = (n: number): string => (batches ? quantity(n, "batch", "batches") : quantity(n, "iteration"));
  const chart = historyChart(
    history,
    ofItems(words.label, view.result.source),
    batches ? "batch" : "iteration",
  );
  const first = history[0] ?? 0;
  const last = history[history.length - 1] ?? 0;
  const course =
    first !== 0
      ? ` The first ${batches ? "batch" : "iteration"} ended at ${significant(first, 5)}, the last at ${significant(last, 5)}.`
      : "";
  const body = html`<div class="aside"><div>${fluidChart(chart)}</div>
<div><p>${
    converged
      ? `Ended by itself after ${each(iterations)}${settings.tolerance === 0 && !batches ? ": nothing changed any more" : ""}.`
      : `Stopped after ${each(iterations)}, before it had come to rest; allow more iterations to see where it ends.`
  }${course} ${ofItems(words.law, view.result.source)}</p></div></div>`;
  return {
    section: { id: `${view.prefix}history`, title: "How it got there", body },
    figures: [{ name: `${view.prefix}history.svg`, content: chart.file }],
  };
}

const objectiveWords = {
  inertia: { label: "inertia", law: "Inertia never rises from one iteration to the next." },
  meanLogLikelihood: {
    label: "mean log-likelihood",
    law: "The likelihood of the images never falls from one iteration to the next.",
  },
  changed: {
    label: "share of images that changed their cluster",
    law: "Network and centers are trained together until hardly any image changes its cluster.",
  },
} as const;

/** Batches are samples: what is known of all images after each is an estimate. */
const batchWords = {
  label: "inertia, as batches tell it",
  law: "Each batch tells the inertia of all images roughly; smoothed over many of them, it falls until the centers have come to rest. The inertia in the scores is measured on all images at the end.",
};

type ShownCriterion = ReturnType<typeof criteriaOf>[number];

function proposalsTable(elbow: ElbowRecord, criteria: readonly ShownCriterion[]): Html | undefined {
  const row = ({ name, label, proposal }: ShownCriterion): Html => {
    const k = elbow.suggestions[name];
    const taken = elbow.suggestedBy?.includes(name) && criteria.length > 1;
    return html`<tr><th scope="row">${label}</th><td class="soft">${proposal}</td><td class="number">${taken ? html`<b>${k ?? "none"}</b>` : (k ?? "none")}</td></tr>`;
  };
  return html`<table><thead><tr><th scope="col">Criterion</th><th scope="col">Takes the</th><th scope="col" class="number">Proposed k</th></tr></thead>
<tbody>${criteria.map(row)}</tbody></table>`;
}

function valuesTable(elbow: ElbowRecord, criteria: readonly ShownCriterion[]): Html {
  const value = ({ name, values }: ShownCriterion, i: number): string => {
    const number = values[i];
    if (typeof number !== "number") return "–";
    const error = elbow.errors?.[name]?.[i];
    const bare = formatCriterion(name, number);
    return typeof error === "number" && error > 0 ? `${bare} ± ${formatCriterion(name, error)}` : bare;
  };
  const table = html`<table class="numbers"><thead><tr><th scope="col">k</th>${criteria.map(({ label }) => html`<th scope="col">${label}</th>`)}</tr></thead>
<tbody>${elbow.k.map((k, i) => html`<tr><th scope="row">${k}</th>${criteria.map((criterion) => html`<td>${value(criterion, i)}</td>`)}</tr>`)}</tbody></table>`;
  return html`<details><summary>The curves as numbers</summary>${scrollBox("Criteria by number of clusters", table)}</details>`;
}
