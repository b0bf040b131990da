/** Numbers and clusters in words. */
import type { EditState } from "../../src/explorer/protocol.ts";

const whole = new Intl.NumberFormat("en");

/** 70000 -> "70,000". */
export const count = (n: number): string => whole.format(n);

/** "1 image", "2 images". */
export const images = (n: number): string => `${count(n)} image${n === 1 ? "" : "s"}`;

/** 0.4312 -> "43 %"; small shares keep a decimal. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed(0)} %`;
}

/** A number with as many digits as a person reads. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return "none";
  const size = Math.abs(value);
  if (size >= 1000) return whole.format(Math.round(value));
  if (size >= 100) return value.toFixed(1);
  if (size === 0) return "0";
  return size >= 0.001 ? String(Number(value.toPrecision(4))) : value.toExponential(2);
}

/** Seconds as people say them. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds - minutes * 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A moment as a record has it, to the minute: "2026-01-02 03:04". */
export const minute = (at: string): string => at.slice(0, 16).replace("T", " ");

/** What a cluster is called: "7", or "7 · sandals". */
export function clusterLabel(cluster: number, name: string | null | undefined): string {
  return name ? `${cluster} · ${name}` : String(cluster);
}

/** The name of a cluster as it is now; "cluster 7" where it has none. */
export function nameOf(cluster: number, state: EditState | null): string {
  const name = state?.clusters.find((entry) => entry.cluster === cluster)?.name;
  return name ? `cluster ${cluster} (${name})` : `cluster ${cluster}`;
}

const scoreWords: Readonly<Record<string, readonly [label: string, meaning: string]>> = {
  accuracy: ["Accuracy", "Share of images in the cluster matched one-to-one with their class."],
  purity: ["Purity", "Share of images that belong to the most frequent class of their cluster."],
  meanClusterPurity: ["Mean cluster purity", "Purity, every cluster counting alike."],
  nmi: ["NMI", "Information that clusters and classes share, 0 to 1."],
  ami: ["AMI", "As NMI, corrected for chance."],
  ari: ["ARI", "Agreement on pairs of images, corrected for chance: 0 random, 1 the same."],
  homogeneity: ["Homogeneity", "Whether clusters hold one class each."],
  completeness: ["Completeness", "Whether classes lie in one cluster each."],
  vMeasure: ["V-measure", "Homogeneity and completeness together."],
  fowlkesMallows: ["Fowlkes-Mallows", "Pairs that are together in clusters and in classes."],
  majorityClasses: ["Classes found", "Classes that are the most frequent one of some cluster."],
  inertia: ["Inertia", "Sum of squared distances of the images to their centers."],
  silhouette: ["Silhouette", "How much closer images lie to their own cluster than to the next, -1 to 1."],
  silhouetteError: ["Silhouette, standard error", "Of its estimate from a sample."],
  calinskiHarabasz: [
    "Calinski-Harabasz",
    "Spread between clusters over spread within them; higher is better.",
  ],
  daviesBouldin: ["Davies-Bouldin", "How much clusters resemble their neighbours; lower is better."],
  meanLogLikelihood: ["Mean log likelihood", "Of the mixture, for one image; higher is better."],
  bic: ["BIC", "Likelihood and a price for parameters; lower is better."],
  aic: ["AIC", "Likelihood and a smaller price for parameters; lower is better."],
  icl: ["ICL", "As BIC; overlapping components count against it."],
  modularity: ["Modularity", "Edges of the neighbour graph within groups, beyond chance."],
  agreement: ["Agreement", "Mean ARI between the partitions of the consensus."],
  gap: ["Gap", "How much tighter the clusters are than those of images without groups."],
  adjustedBic: ["Adjusted BIC", "As BIC, with parameters at a lower price."],
  stability: ["Stability", "How much clusterings of different halves agree: 0 as without groups, 1 in all."],
};

export const scoreLabel = (name: string): string => scoreWords[name]?.[0] ?? name;
export const scoreMeaning = (name: string): string => scoreWords[name]?.[1] ?? "";
