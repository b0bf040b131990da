import type { MetricName } from "../experiment/index.ts";
import { count, decimal, significant } from "./format.ts";

/** What a score is called and what it means, for tables and for people. */
export interface ScoreDescription {
  readonly name: MetricName;
  /** Short name, as in a table's head. */
  readonly label: string;
  /** One plain sentence: what it measures. */
  readonly explanation: string;
  /** The values it can take. */
  readonly range: string;
  readonly better: "higher" | "lower";
  /** Whether it can be computed only where the true classes are known. */
  readonly needsLabels: boolean;
  /** Whether values of different features (pixels, codes) may be compared. */
  readonly comparable: boolean;
}

const describe = (
  needsLabels: boolean,
  name: MetricName,
  label: string,
  range: string,
  better: "higher" | "lower",
  explanation: string,
): ScoreDescription => ({ name, label, explanation, range, better, needsLabels, comparable: needsLabels });

/** All scores in the order in which they are shown; `silhouetteError` belongs to `silhouette` and has no entry. */
export const scoreDescriptions: readonly ScoreDescription[] = [
  describe(
    true,
    "accuracy",
    "Accuracy",
    "0 to 1",
    "higher",
    "Share of the images that lie in the cluster matched to their class, each class having one cluster of its own (best one-to-one match).",
  ),
  describe(
    true,
    "purity",
    "Purity",
    "0 to 1",
    "higher",
    "Share of the images that belong to the most frequent class of their cluster; grows with the number of clusters.",
  ),
  describe(
    true,
    "meanClusterPurity",
    "Mean cluster purity",
    "0 to 1",
    "higher",
    "Share of the most frequent class in a cluster, averaged over clusters, so that small clusters weigh as much as large ones.",
  ),
  describe(
    true,
    "majorityClasses",
    "Majority classes",
    "1 to number of classes",
    "higher",
    "Number of classes that are the most frequent one of some cluster; the others were found by none.",
  ),
  describe(
    true,
    "nmi",
    "NMI",
    "0 to 1",
    "higher",
    "Normalized mutual information: how much knowing the cluster tells about the class, relative to all there is to know.",
  ),
  describe(
    true,
    "ami",
    "AMI",
    "about 0 to 1",
    "higher",
    "Adjusted mutual information: as NMI, with what chance alone would give taken away; 0 means no better than chance.",
  ),
  describe(
    true,
    "ari",
    "ARI",
    "−0.5 to 1",
    "higher",
    "Adjusted Rand index: how often clusters and classes agree on whether two images belong together; 0 means no better than chance.",
  ),
  describe(
    true,
    "homogeneity",
    "Homogeneity",
    "0 to 1",
    "higher",
    "1 if every cluster holds images of one class only.",
  ),
  describe(
    true,
    "completeness",
    "Completeness",
    "0 to 1",
    "higher",
    "1 if all images of a class lie in the same cluster.",
  ),
  describe(
    true,
    "vMeasure",
    "V-measure",
    "0 to 1",
    "higher",
    "Harmonic mean of homogeneity and completeness; high only if both are.",
  ),
  describe(
    true,
    "fowlkesMallows",
    "Fowlkes-Mallows",
    "0 to 1",
    "higher",
    "Of the pairs of images put together, the share that belongs together, and the reverse: their geometric mean.",
  ),
  describe(
    false,
    "inertia",
    "Inertia",
    "0 and up",
    "lower",
    "Sum of squared distances of the images to the center of their cluster: what K-Means makes small. Lower is tighter, not better agreement with classes.",
  ),
  describe(
    false,
    "silhouette",
    "Silhouette",
    "−1 to 1",
    "higher",
    "How much closer an image lies to its own cluster than to the next one, on average; near 0 means that clusters overlap.",
  ),
  describe(
    false,
    "calinskiHarabasz",
    "Calinski-Harabasz",
    "0 and up",
    "higher",
    "Spread between clusters over spread within them; to compare numbers of clusters on the same data.",
  ),
  describe(
    false,
    "daviesBouldin",
    "Davies-Bouldin",
    "0 and up",
    "lower",
    "How wide clusters are for the distance to the neighbour they resemble most, on average.",
  ),
  describe(
    false,
    "modularity",
    "Modularity",
    "−1 to 1",
    "higher",
    "How many more edges of the graph of nearest neighbours lie within clusters than by chance.",
  ),
  describe(
    false,
    "agreement",
    "Agreement of partitions",
    "about 0 to 1",
    "higher",
    "Mean adjusted Rand index between the partitions that the consensus was made of.",
  ),
  describe(
    false,
    "meanLogLikelihood",
    "Log-likelihood",
    "any number",
    "higher",
    "Mean natural logarithm of the density that the mixture has at an image: what its iterations make large.",
  ),
  describe(
    false,
    "bic",
    "BIC",
    "any number",
    "lower",
    "Bayesian information criterion: how unlikely the images are to the mixture, and what its parameters cost; to compare mixtures on the same data.",
  ),
  describe(
    false,
    "aic",
    "AIC",
    "any number",
    "lower",
    "Akaike information criterion: as BIC, with parameters at a lower price.",
  ),
  describe(
    false,
    "icl",
    "ICL",
    "any number",
    "lower",
    "Integrated completed likelihood: as BIC, and components that overlap count against it.",
  ),
];

/** The description of one score; none for `silhouetteError`. */
export function scoreDescription(name: MetricName): ScoreDescription | undefined {
  return scoreDescriptions.find((score) => score.name === name);
}

/** A value of a score, with as many decimals as mean something. */
export function formatScore(name: MetricName, value: number): string {
  if (name === "majorityClasses") return Number.isInteger(value) ? count(value) : decimal(value, 1);
  if (["inertia", "calinskiHarabasz", "bic", "aic", "icl"].includes(name)) return significant(value, 5);
  return decimal(value, 4);
}

/** Mean and standard deviation of a score, with the same decimals for both: `0.5154 ± 0.0470`. */
export function formatSpread(
  name: MetricName,
  spread: { readonly mean: number; readonly sd: number },
): string {
  const mean = formatScore(name, spread.mean);
  const digits = /\.(\d+)$/.exec(mean)?.[1]?.length ?? 0;
  return `${mean} ± ${decimal(spread.sd, name === "majorityClasses" ? 1 : digits)}`;
}

/** Direction in words: `higher is better`. */
export function directionOf(score: ScoreDescription): string {
  return `${score.better} is better`;
}
