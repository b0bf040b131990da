import type { ElbowRecord } from "../../experiment/index.ts";
import { elbowChart } from "../charts/elbow.ts";
import { historyChart } from "../charts/history.ts";
import { count, quantity, significant } from "../format.ts";
import { type Html, html } from "../html.ts";
import type { Part } from "../part.ts";
import { fluidChart, scrollBox } from "../pieces.ts";
import type { RunView } from "../view.ts";

/** The elbow curve with its knee (seed 003), what each criterion suggests, and the numbers. */
export function elbowPart(elbow: ElbowRecord): Part {
  const chart = elbowChart(elbow);
  const range = `${Math.min(...elbow.k)} to ${Math.max(...elbow.k)}`;
  const sampled =
    elbow.sampled === undefined
      ? `all ${quantity(elbow.source.count, "image")}`
      : `a sample of ${count(elbow.sampled)} of the ${quantity(elbow.source.count, "image")}, drawn with seed ${elbow.seed}`;
  const body = html`<div class="aside"><div>${fluidChart(chart)}</div>
<div><p>Inertia for k = ${range}, computed on ${sampled}. It always falls as clusters are added; where it stops falling fast, further clusters explain little more.</p>
${suggestionsTable(elbow)}
${valuesTable(elbow)}</div></div>`;
  return {
    section: { id: "elbow", title: "How many clusters?", body },
    figures: [{ name: "elbow.svg", content: chart.file }],
  };
}

/** The objective after each iteration; nothing if none was kept. */
export function historyPart(view: RunView): Part | undefined {
  const { history, converged, iterations, settings, objective = "inertia" } = view.result;
  if (history.length === 0) return undefined;
  const chart = historyChart(history, objectiveWords[objective].label);
  const first = history[0] ?? 0;
  const last = history[history.length - 1] ?? 0;
  const course =
    first !== 0
      ? ` The first iteration ended at ${significant(first, 5)}, the last at ${significant(last, 5)}.`
      : "";
  const body = html`<div class="aside"><div>${fluidChart(chart)}</div>
<div><p>${
    converged
      ? `Ended by itself after ${quantity(iterations, "iteration")}${settings.tolerance === 0 ? ": nothing changed any more" : ""}.`
      : `Stopped after ${quantity(iterations, "iteration")}, before it had come to rest; allow more iterations to see where it ends.`
  }${course} ${objectiveWords[objective].law}</p></div></div>`;
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
} as const;

const criterionWords: Readonly<Record<string, string>> = { inertia: "Knee of the inertia" };

function suggestionsTable(elbow: ElbowRecord): Html | undefined {
  const entries = Object.entries(elbow.suggestions);
  if (entries.length === 0) return undefined;
  return html`<table><thead><tr><th scope="col">Criterion</th><th scope="col" class="number">Suggested k</th></tr></thead>
<tbody>${entries.map(([criterion, k]) => html`<tr><th scope="row">${criterionWords[criterion] ?? criterion}</th><td class="number">${k ?? "none"}</td></tr>`)}</tbody></table>`;
}

function valuesTable(elbow: ElbowRecord): Html {
  const table = html`<table class="numbers"><thead><tr><th scope="col">k</th><th scope="col">Inertia</th></tr></thead>
<tbody>${elbow.k.map((k, i) => html`<tr><th scope="row">${k}</th><td>${significant(elbow.inertia[i] ?? Number.NaN, 7)}</td></tr>`)}</tbody></table>`;
  return html`<details><summary>The curve as numbers</summary>${scrollBox("Inertia by number of clusters", table)}</details>`;
}
