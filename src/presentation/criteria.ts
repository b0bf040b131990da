/** The criteria for the number of clusters, as tables and people call them. */
import type { Criterion, CriterionCurve, PanelRecord } from "../experiment/index.ts";
import { decimal, significant } from "./format.ts";

/** What a criterion is called and what it means. */
export interface CriterionDescription {
  readonly name: Criterion;
  /** Short name, as in a table's head. */
  readonly label: string;
  /** What its proposal is, in a few words. */
  readonly proposal: string;
  readonly explanation: string;
}

/** All criteria in the order in which they are shown. */
export const criterionDescriptions: readonly CriterionDescription[] = [
  {
    name: "inertia",
    label: "Inertia",
    proposal: "knee of the curve",
    explanation:
      "Always falls as clusters are added; where it stops falling fast, further ones explain little more.",
  },
  {
    name: "modularity",
    label: "Modularity",
    proposal: "highest",
    explanation: "How many more edges of the graph of neighbours lie within clusters than by chance.",
  },
  {
    name: "silhouette",
    label: "Silhouette",
    proposal: "highest",
    explanation: "How much closer an image lies to its own cluster than to the next one.",
  },
  {
    name: "calinskiHarabasz",
    label: "Calinski-Harabasz",
    proposal: "highest",
    explanation: "Spread between clusters over spread within them.",
  },
  {
    name: "daviesBouldin",
    label: "Davies-Bouldin",
    proposal: "lowest",
    explanation: "How wide clusters are for the distance to the neighbour they resemble most.",
  },
  {
    name: "gap",
    label: "Gap",
    proposal: "first that the next does not better",
    explanation: "How much tighter the clusters are than those of images without groups.",
  },
  {
    name: "bic",
    label: "BIC",
    proposal: "lowest",
    explanation: "How unlikely the images are to a Gaussian mixture, and what its parameters cost.",
  },
  {
    name: "adjustedBic",
    label: "Adjusted BIC",
    proposal: "lowest",
    explanation: "As BIC, with parameters at a lower price.",
  },
  {
    name: "icl",
    label: "ICL",
    proposal: "lowest",
    explanation: "As BIC, and components that overlap count against it.",
  },
  {
    name: "stability",
    label: "Stability",
    proposal: "highest",
    explanation:
      "How much clusterings of different halves of the images agree: 0 as without groups, 1 in all.",
  },
];

/** The criteria that a panel has, with their values. */
export function criteriaOf(
  panel: PanelRecord,
): readonly (CriterionDescription & { readonly values: CriterionCurve })[] {
  return criterionDescriptions.flatMap((description) => {
    const values = panel[description.name];
    return values ? [{ ...description, values }] : [];
  });
}

/** A value of a criterion, with as many decimals as mean something. */
export function formatCriterion(name: Criterion, value: number): string {
  const fraction: readonly Criterion[] = ["modularity", "silhouette", "daviesBouldin", "gap", "stability"];
  return fraction.includes(name) ? decimal(value, 4) : significant(value, 6);
}
