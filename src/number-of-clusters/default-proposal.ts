/**
 * The default proposal: some criteria are asked in a fixed order, and the first answer is taken. A clusterer of graphs is
 * asked for its modularity, which is what it makes large; of any other:
 *
 * 1. BIC and adjusted BIC of Gaussian mixtures, if both say the same, well inside the range. They alone weigh whole models
 *    of the samples against each other; where groups are about normal they find them even if they overlap.
 * 2. Gap, ICL and stability, if all three say the same: they have little in common, and agree where groups lie plainly
 *    apart, and where there are none.
 * 3. The adjusted BIC, well inside the range: groups that overlap too much, or are too small, for the others. Where groups
 *    are not normal, further components go on paying up to the end of the range, and it has no answer.
 * 4. The stability: the number of clusters that other samples would have given again.
 * 5. What is left, from the silhouette down to the knee.
 */
import { type Criterion, type Panel, panelCriteria } from "./types.ts";

/** Criteria whose common answer is taken, in the order in which they are asked. */
const questions: readonly (readonly Criterion[])[] = [
  ["modularity"],
  ["bic", "adjustedBic"],
  ["gap", "icl", "stability"],
  ["adjustedBic"],
  ["stability"],
  ["silhouette"],
  ["gap"],
  ["icl"],
  ["bic"],
  ["daviesBouldin"],
  ["calinskiHarabasz"],
  ["inertia"],
];

const ofMixtures: readonly Criterion[] = ["adjustedBic", "bic", "icl"];

/** Part of the range that must lie above a mixture's answer: near its end, a curve that falls on may wobble as well. */
const ROOM = 0.15;

/** What the criteria are called in sentences. */
export const criterionNames: Readonly<Record<Criterion, string>> = {
  inertia: "knee of the inertia",
  modularity: "modularity",
  silhouette: "silhouette",
  calinskiHarabasz: "Calinski-Harabasz",
  daviesBouldin: "Davies-Bouldin",
  gap: "gap statistic",
  bic: "BIC",
  adjustedBic: "adjusted BIC",
  icl: "ICL",
  stability: "stability",
};

/** Why the number of a criterion, or of some that agree, is taken. */
function groundOf(criteria: readonly Criterion[]): string {
  if (criteria.length > 1 && !criteria.includes("bic")) return "criteria that have little in common agree";
  switch (criteria[0]) {
    case "modularity":
      return "more edges of the graph of neighbours lie within the groups than by chance";
    case "bic":
    case "adjustedBic":
      return "that many normal distributions pay best for their parameters";
    case "icl":
      return "that many normal distributions, well apart, pay best for their parameters";
    case "stability":
      return "clusterings of different halves of the samples agree best there";
    case "gap":
      return "more clusters are no tighter than those of samples without groups";
    case "silhouette":
      return "samples are closest to their own clusters there, compared with the next ones";
    case "calinskiHarabasz":
      return "the scatter between the clusters is greatest there, compared with that within";
    case "daviesBouldin":
      return "clusters are tightest there, compared with their distances";
    default:
      return "further clusters gain little";
  }
}

/** The default proposal, where it comes from, and why. */
export function defaultProposal(
  k: readonly number[],
  suggestions: Panel["suggestions"],
): Pick<Panel, "suggested" | "suggestedBy" | "reason"> {
  for (const suggestedBy of questions) {
    const suggested = commonAnswer(suggestedBy, k, suggestions);
    if (suggested !== null) {
      return { suggested, suggestedBy, reason: reasonOf(suggested, suggestedBy, suggestions) };
    }
  }
  const reason = `No criterion proposes a number inside the range ${k[0]}..${k[k.length - 1]}.`;
  return { suggested: null, suggestedBy: [], reason };
}

/** What all of some criteria say, or null. */
function commonAnswer(
  criteria: readonly Criterion[],
  k: readonly number[],
  suggestions: Panel["suggestions"],
): number | null {
  const first = suggestions[criteria[0]] ?? null;
  if (first === null || criteria.some((criterion) => suggestions[criterion] !== first)) return null;
  const last = k[k.length - 1];
  const isInside = last - first >= ROOM * (last - k[0]);
  return isInside || !criteria.some((criterion) => ofMixtures.includes(criterion)) ? first : null;
}

function reasonOf(
  suggested: number,
  suggestedBy: readonly Criterion[],
  suggestions: Panel["suggestions"],
): string {
  const others = panelCriteria.filter(
    (each) => suggestions[each] !== undefined && !suggestedBy.includes(each),
  );
  const silent = others.filter((criterion) => suggestions[criterion] === null);
  const agreeing = others.filter((criterion) => suggestions[criterion] === suggested);
  const differing = others.filter(
    (criterion) => !silent.includes(criterion) && !agreeing.includes(criterion),
  );
  const sentences = [
    `${suggested}, by ${listed(suggestedBy)}: ${groundOf(suggestedBy)}.`,
    agreeing.length > 0 && `Of the same mind: ${listed(agreeing)}.`,
    differing.length > 0 && `Others: ${listed(differing, suggestions)}.`,
    silent.length > 0 && `Without an answer inside the range: ${listed(silent)}.`,
  ];
  return sentences.filter((sentence) => sentence !== false).join(" ");
}

function listed(criteria: readonly Criterion[], numbers?: Panel["suggestions"]): string {
  return criteria
    .map((criterion) => criterionNames[criterion] + (numbers ? ` ${numbers[criterion]}` : ""))
    .join(", ");
}
