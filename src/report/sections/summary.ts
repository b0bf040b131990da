/** The two sentences at the top of a report, and the figures beside them. */

import type {
  ComparisonRecord,
  ElbowRecord,
  MethodSummary,
  MetricName,
  RunRecord,
  Spread,
} from "../../experiment/index.ts";
import {
  count,
  decimal,
  formatSpread,
  percent,
  quantity,
  scoreDescription,
} from "../../presentation/index.ts";
import { scoredSource } from "../clusters.ts";
import { costOf } from "../cost.ts";
import { type Html, html } from "../html.ts";
import type { RunView } from "../view.ts";
import { clustersWords, imagesWords, itemOf, methodWords } from "../words.ts";
import { scoreValue } from "./scores.ts";

const match = "lie in the cluster matched to their class";
const named = "accuracy: the best one-to-one match of clusters and classes";

/** What was done and how good it is, for a run alone. */
export function runSentences({ result }: RunView): readonly [string, string] {
  const done = `${imagesWords(result.source)} were sorted into ${quantity(result.clusters, "cluster")} by ${methodWords(result.method, result.source)}${blindWords(result)}.`;
  const { accuracy } = result.metrics;
  if (accuracy === undefined) return [done, unlabelledSentence(result)];
  return [
    done,
    `Held against the labels afterwards, ${percent(accuracy)} of ${scoredWords(result)} ${match} (${named})${foundWords(result)}.`,
  ];
}

/** What was done and how good it is, for several runs. */
export function comparisonSentences(comparison: ComparisonRecord, lead: RunView): readonly [string, string] {
  const { summary, results, source } = comparison;
  const [only] = results;
  if (results.length === 1 && only !== undefined) return runSentences(lead);
  const method = summary.find((candidate) => candidate.method === lead.result.method);
  const clusters = clustersWords(results.map((result) => result.clusters));
  const by =
    summary.length === 1 ? methodWords(lead.result.method, source) : quantity(summary.length, "method");
  const done = `${imagesWords(source)} were sorted into ${clusters} by ${by}${timesWords(summary)}${blindWords(lead.result)}.`;
  const accuracy = method?.metrics.accuracy;
  if (accuracy === undefined || method === undefined)
    return [done, unlabelledSentence(lead.result, results.length > 1)];
  const mean = `${percent(accuracy.mean)}${method.runs > 1 ? ` ± ${decimal(accuracy.sd * 100, 1)}` : ""}`;
  const shown = method.runs > 1 ? `; the pictures show ${shownWords(lead.result, results)}` : "";
  const meaning = method.runs > 1 ? `${named}; mean ± standard deviation` : named;
  if (summary.length === 1) {
    return [
      done,
      `Held against the labels afterwards, ${mean} of ${scoredWords(lead.result)} ${match} (${meaning})${shown}.`,
    ];
  }
  const others = summary.filter(
    (candidate) => candidate !== method && candidate.metrics.accuracy !== undefined,
  );
  const rest = othersWords(others);
  return [
    done,
    `Held against the labels afterwards, ${mean} of ${scoredWords(lead.result)} ${match} with the best of them, ${method.method}${rest} (${meaning})${shown}.`,
  ];
}

/** What a curve over k was made for and what it says. */
export function elbowSentences(elbow: ElbowRecord): readonly [string, string] {
  const range = `${Math.min(...elbow.k)} to ${Math.max(...elbow.k)}`;
  const sample =
    elbow.sampled === undefined
      ? imagesWords(elbow.source)
      : `A sample of ${count(elbow.sampled)} of the ${imagesWords(elbow.source)}`;
  const done = `${sample} ${elbow.sampled === undefined ? "were" : "was"} sorted into ${range} clusters by ${methodWords(elbow.method, elbow.source)}, to see how many clusters the ${itemOf(elbow.source)}s have by themselves.`;
  if (elbow.suggested === null)
    return [done, "No criterion has a clear answer: these numbers alone suggest no number of clusters."];
  return [
    done,
    `Suggested: ${elbow.suggested}. Where criteria differ, the ${itemOf(elbow.source)}s have groups within groups, or no clear groups; look at the clusters before believing a number.`,
  ];
}

const labelledTiles: readonly MetricName[] = ["accuracy", "purity", "nmi", "ari"];
const unlabelledTiles: readonly MetricName[] = ["silhouette", "daviesBouldin", "calinskiHarabasz", "inertia"];

/** Four scores in large figures; of several runs, mean and standard deviation. */
export function scoreTiles(result: RunRecord, summary?: MethodSummary): Html | undefined {
  const names = (result.metrics.accuracy === undefined ? unlabelledTiles : labelledTiles).filter(
    (name) => result.metrics[name] !== undefined,
  );
  if (names.length === 0) return undefined;
  const several = summary !== undefined && summary.runs > 1;
  return html`<dl class="tiles">${names.map((name) => {
    const score = scoreDescription(name);
    const spread: Spread | undefined = several ? summary.metrics[name] : undefined;
    const [value = "", error] = (
      spread ? formatSpread(name, spread) : score ? scoreValue(score, result.metrics) : ""
    ).split(" ± ");
    return html`<div><dt>${score?.label ?? name}</dt><dd>${value}${error !== undefined && html`<small> ± ${error}</small>`}</dd></div>`;
  })}</dl>`;
}

function othersWords(others: readonly MethodSummary[]): string {
  const means = others.map(({ metrics }) => metrics.accuracy?.mean ?? 0);
  if (others.length === 0) return "";
  if (others.length === 1) return `, and ${percent(means[0] ?? 0)} with ${others[0]?.method}`;
  return `, and ${percent(Math.min(...means))} to ${percent(Math.max(...means))} with the others`;
}

function blindWords({ source, metrics }: RunRecord): string {
  return source.labelled && metrics.accuracy !== undefined ? ", without a look at their labels" : "";
}

function scoredWords(result: RunRecord): string {
  return result.scored === undefined
    ? "them"
    : `the ${quantity(result.scored.count, itemOf(result.scored))} of ${scoredSource(result).name} (${result.scored.split})`;
}

function foundWords(result: RunRecord): string {
  const nClasses = result.confusion?.[0]?.length;
  const found = result.metrics.majorityClasses;
  if (nClasses === undefined || found === undefined) return "";
  if (found === nClasses)
    return `, and each of the ${count(nClasses)} classes is the most frequent one of some cluster`;
  return `, and ${count(found)} of ${count(nClasses)} classes are the most frequent one of some cluster`;
}

function timesWords(summary: readonly MethodSummary[]): string {
  const runs = [...new Set(summary.map((method) => method.runs))];
  const [only] = runs;
  if (runs.length !== 1 || only === undefined || only === 1) return "";
  return summary.length === 1
    ? `, ${count(only)} times with different seeds`
    : `, each with ${quantity(only, "seed")}`;
}

function shownWords(shown: RunRecord, results: readonly RunRecord[]): string {
  const rivals = results.filter(({ method }) => method === shown.method).map(costOf);
  const { meanLogLikelihood, agreement, modularity, accuracy } = shown.metrics;
  const what =
    meanLogLikelihood !== undefined
      ? "the highest likelihood"
      : agreement !== undefined
        ? "the highest agreement of its partitions"
        : modularity !== undefined
          ? "the highest modularity"
          : "the lowest inertia";
  const lowest = costOf(shown) <= Math.min(...rivals) ? `, which has ${what}` : "";
  const reached =
    accuracy === undefined
      ? ""
      : `${lowest === "" ? ", which has" : " and"} an accuracy of ${percent(accuracy)}`;
  return `seed ${shown.seed}${lowest}${reached}`;
}

// Words for the silhouette after Kaufman and Rousseeuw 1990, table 4.
function unlabelledSentence(result: RunRecord, several = false): string {
  const shown = several ? ` (the pictures show ${result.method} with seed ${result.seed})` : "";
  const { silhouette } = result.metrics;
  if (silhouette === undefined)
    return `Nothing but the pictures below tells whether the clusters mean something${shown}, as no labels are known.`;
  const score = scoreDescription("silhouette");
  const value = score ? scoreValue(score, result.metrics) : "";
  const words =
    silhouette > 0.7
      ? "lie far apart"
      : silhouette > 0.5
        ? "are well separated"
        : silhouette > 0.25
          ? "overlap in part"
          : "overlap heavily";
  return `No labels are known, so judge by the pictures${shown}; by the silhouette, ${value} on a scale from −1 to 1 (higher is better), the clusters ${words}.`;
}
