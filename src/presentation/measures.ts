/** Scores of a run and criteria for the number of clusters under one roof, for what shows either by its name. */
import { criterionDescriptions, formatCriterion } from "./criteria.ts";
import { significant } from "./format.ts";
import { formatScore, scoreDescriptions } from "./scores.ts";

/** What the silhouette's own entry leaves to be said. */
const silhouetteError = {
  label: "Silhouette, standard error",
  explanation: "Standard error of the silhouette, where it was estimated from a sample.",
};

interface Measure {
  readonly label: string;
  readonly explanation: string;
  readonly format: (value: number) => string;
}

/** Of names that both have, the score's words. */
const measures: ReadonlyMap<string, Measure> = new Map([
  ...criterionDescriptions.map(({ name, label, explanation }): [string, Measure] => [
    name,
    { label, explanation, format: (value) => formatCriterion(name, value) },
  ]),
  ...scoreDescriptions.map(({ name, label, explanation }): [string, Measure] => [
    name,
    { label, explanation, format: (value) => formatScore(name, value) },
  ]),
  ["silhouetteError", { ...silhouetteError, format: (value) => formatScore("silhouetteError", value) }],
]);

/** The short name of a score or a criterion; the name itself where it is unknown. */
export function measureLabel(name: string): string {
  return measures.get(name)?.label ?? name;
}

/** What it measures, in a sentence; empty where it is unknown. */
export function measureExplanation(name: string): string {
  return measures.get(name)?.explanation ?? "";
}

/** A value of it, with as many decimals as mean something. */
export function formatMeasure(name: string, value: number): string {
  return measures.get(name)?.format(value) ?? significant(value);
}
