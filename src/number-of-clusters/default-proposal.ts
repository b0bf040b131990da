/**
 * The default proposal: criteria are asked in a fixed order, and the first that has an answer gives it.
 *
 * 1. The adjusted BIC of Gaussian mixtures, if its minimum lies well inside the range. It alone weighs whole models of the
 *    samples against each other; where groups are about normal it finds them even if they overlap. Where they are not,
 *    further components go on paying up to the end of the range, and it has no answer.
 * 2. The stability: the number of clusters that other samples would have given again.
 * 3. The remaining criteria, from the silhouette on, down to the knee.
 */
import type { Criterion, Panel } from "./types.ts";

const order: readonly Criterion[] = [
  "adjustedBic",
  "stability",
  "silhouette",
  "gap",
  "icl",
  "bic",
  "daviesBouldin",
  "calinskiHarabasz",
  "inertia",
];

const ofMixtures: readonly Criterion[] = ["adjustedBic", "bic", "icl"];

/** Part of the range that must lie above a mixture's answer: near its end, a curve that falls on may wobble as well. */
const ROOM = 0.15;

/** What the criteria are called in sentences. */
export const criterionNames: Readonly<Record<Criterion, string>> = {
  inertia: "knee of the inertia",
  silhouette: "silhouette",
  calinskiHarabasz: "Calinski-Harabasz",
  daviesBouldin: "Davies-Bouldin",
  gap: "gap statistic",
  bic: "BIC",
  adjustedBic: "adjusted BIC",
  icl: "ICL",
  stability: "stability",
};

/** Why the number of a criterion is taken. */
const grounds: Readonly<Record<Criterion, string>> = {
  inertia: "further clusters gain little there",
  silhouette: "samples are closest to their own clusters there, compared with the next ones",
  calinskiHarabasz: "the scatter between the clusters is greatest there, compared with that within",
  daviesBouldin: "clusters are tightest there, compared with their distances",
  gap: "from there on, clusters are no tighter than those of samples without groups",
  bic: "that many normal distributions pay best for their parameters",
  adjustedBic: "that many normal distributions pay best for their parameters",
  icl: "that many normal distributions, well apart, pay best for their parameters",
  stability: "clusterings of different halves of the samples agree best there",
};

/** The default proposal, where it comes from, and why. */
export function defaultProposal(
  k: readonly number[],
  suggestions: Panel["suggestions"],
): Pick<Panel, "suggested" | "suggestedBy" | "reason"> {
  const asked = order.filter((criterion) => suggestions[criterion] !== undefined);
  const suggestedBy = asked.find((criterion) => answers(criterion, k, suggestions)) ?? null;
  const suggested = suggestedBy && (suggestions[suggestedBy] ?? null);
  if (suggestedBy === null || suggested === null) {
    const reason = `No criterion proposes a number inside the range ${k[0]}..${k[k.length - 1]}.`;
    return { suggested: null, suggestedBy: null, reason };
  }
  const others = asked.filter((criterion) => criterion !== suggestedBy);
  const silent = others.filter((criterion) => suggestions[criterion] === null);
  const agreeing = others.filter((criterion) => suggestions[criterion] === suggested);
  const differing = others.filter(
    (criterion) => !silent.includes(criterion) && !agreeing.includes(criterion),
  );
  const sentences = [
    `${suggested}, by the ${criterionNames[suggestedBy]}: ${grounds[suggestedBy]}.`,
    agreeing.length > 0 && `Of the same mind: ${listed(agreeing)}.`,
    differing.length > 0 && `Others: ${listed(differing, suggestions)}.`,
    silent.length > 0 && `Without an answer inside the range: ${listed(silent)}.`,
  ];
  return { suggested, suggestedBy, reason: sentences.filter((sentence) => sentence !== false).join(" ") };
}

function answers(criterion: Criterion, k: readonly number[], suggestions: Panel["suggestions"]): boolean {
  const suggestion = suggestions[criterion] ?? null;
  if (suggestion === null || !ofMixtures.includes(criterion)) return suggestion !== null;
  const first = k[0];
  const last = k[k.length - 1];
  return last - suggestion >= ROOM * (last - first);
}

function listed(criteria: readonly Criterion[], numbers?: Panel["suggestions"]): string {
  return criteria
    .map((criterion) => criterionNames[criterion] + (numbers ? ` ${numbers[criterion]}` : ""))
    .join(", ");
}
