import type { MethodSummary, Metrics } from "../../experiment/index.ts";
import {
  decimal,
  directionOf,
  formatScore,
  formatSpread,
  type ScoreDescription,
  scoreDescriptions,
} from "../../presentation/index.ts";
import { type Html, type HtmlValue, html } from "../html.ts";
import type { Part } from "../part.ts";
import { scrollBox } from "../pieces.ts";
import type { RunView } from "../view.ts";
import { ofItems, type Space, spaceOf } from "../words.ts";

const unlabelledTitles: Readonly<Record<Space, string>> = {
  pixels: "Without labels",
  vectors: "Without labels; distances are taken between vectors, as they are scaled",
  code: "Without labels; distances are taken between codes, not pixels, so these values compare runs of one network alone",
  features: "Without labels; distances are taken between features, not pixels",
};

/**
 * Every score of a run with a line on what it means.
 *
 * @param summary of all runs of the method; its mean and spread get a column if there are several
 */
export function scoresPart(view: RunView, summary?: MethodSummary): Part {
  const { metrics, seed } = view.result;
  const spread = summary !== undefined && summary.runs > 1 ? summary : undefined;
  const columns = spread === undefined ? 3 : 4;
  const head = html`<thead><tr><th scope="col">Score</th><th scope="col" class="number">${spread ? `Seed ${seed}` : "Value"}</th>${
    spread && html`<th scope="col" class="number">All ${spread.runs} runs</th>`
  }<th scope="col">What it says</th></tr></thead>`;
  const group = (title: string, needsLabels: boolean): HtmlValue => {
    const present = scoreDescriptions.filter(
      (score) => score.needsLabels === needsLabels && metrics[score.name] !== undefined,
    );
    if (present.length === 0) return undefined;
    return html`<tbody><tr><th colspan="${columns}" scope="rowgroup" class="group">${title}</th></tr>${present.map(
      (score) => rowOf(score, view, spread),
    )}</tbody>`;
  };
  const table = html`<table class="scores">${head}${group("Against the labels, which the clustering never saw", true)}${group(unlabelledTitle(view), false)}</table>`;
  return {
    section: { id: `${view.prefix}scores`, title: "All scores", body: scrollBox("All scores", table) },
    figures: [],
  };
}

function unlabelledTitle({ result }: RunView): string {
  const title = unlabelledTitles[spaceOf(result)];
  return result.source.vectors ? title.replace(", not pixels", ", not the vectors") : title;
}

/** A score of one run, the silhouette with its error. */
export function scoreValue(score: ScoreDescription, metrics: Metrics): string {
  const value = metrics[score.name];
  if (value === undefined) return "–";
  const error = score.name === "silhouette" ? (metrics.silhouetteError ?? 0) : 0;
  return `${formatScore(score.name, value)}${error > 0 ? ` ± ${decimal(error, 4)}` : ""}`;
}

function rowOf(score: ScoreDescription, view: RunView, summary: MethodSummary | undefined): Html {
  const { metrics, source } = view.result;
  const spread = summary?.metrics[score.name];
  return html`<tr><th scope="row">${score.label}</th><td class="number">${scoreValue(score, metrics)}</td>${
    summary && html`<td class="number">${spread ? formatSpread(score.name, spread) : "–"}</td>`
  }<td class="words">${ofItems(score.explanation, source)} <span class="soft">${score.range}; ${directionOf(score)}.${
    score.name === "silhouette" &&
    (metrics.silhouetteError ?? 0) > 0 &&
    " Measured on a sample; ± is the standard error."
  }</span></td></tr>`;
}
