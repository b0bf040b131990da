import type { RunContext } from "../estimator.ts";
import type { Matrix, Samples } from "../matrix/index.ts";

/** How a clusterer of the panel runs; nothing here changes a result. */
export type PanelContext = Pick<RunContext, "signal" | "compute">;

/** A clusterer as the panel needs it; made from any method's clusterer by the caller. */
export interface PanelClusterer<Model> {
  /** Whether its fits have a modularity: it finds groups in a graph of neighbours. */
  readonly graphs?: boolean;
  /** Fits; one iteration per step. */
  steps(
    samples: Samples,
    options: PanelFitOptions,
    context: PanelContext,
  ): AsyncGenerator<PanelFitStep, PanelFit<Model>, void>;
  /** Cluster of each of other samples. */
  assign(model: Model, samples: Samples, context: PanelContext): Promise<Int32Array>;
}

/** What the panel asks of a clusterer. */
export interface PanelFitOptions {
  readonly nClusters: number;
  readonly seed: number;
  /** First centers, nClusters x nFeatures, instead of the clusterer's own start. */
  readonly init?: Matrix;
  /** Starts of this fit, where the clusterer knows several; without it, as many as its user asked for. */
  readonly restarts?: number;
}

/** One iteration of a clusterer. */
export interface PanelFitStep {
  readonly iteration: number;
  readonly objective: number;
}

/** A finished clustering. */
export interface PanelFit<Model> {
  readonly model: Model;
  /** nSamples, 0..nClusters-1. */
  readonly labels: Int32Array;
  /** Sum of squared distances to the clusters' centers. */
  readonly inertia: number;
  /** Modularity of the labels, of a clusterer of graphs. */
  readonly modularity?: number;
}

/** All criteria, in the order in which they are computed and shown. */
export const panelCriteria = [
  "inertia",
  "modularity",
  "silhouette",
  "calinskiHarabasz",
  "daviesBouldin",
  "gap",
  "bic",
  "adjustedBic",
  "icl",
  "stability",
] as const;

/**
 * What is said of each k:
 * - `"inertia"`: sum of squared distances to the clusters' centers; its knee is proposed;
 * - `"modularity"`: how many more edges of the graph of neighbours lie within clusters than by chance; the highest is
 *   proposed; of clusterers of graphs;
 * - `"silhouette"`, `"calinskiHarabasz"`, `"daviesBouldin"`: internal scores; the best is proposed;
 * - `"gap"`: how much tighter the clusters are than those of samples without groups;
 * - `"bic"`, `"adjustedBic"`, `"icl"`: how well a Gaussian mixture pays for its parameters; the lowest is proposed;
 * - `"stability"`: how much clusterings of different halves of the samples agree, 0 as without groups, 1 in all.
 */
export type Criterion = (typeof panelCriteria)[number];

/** What a panel is asked for. */
export interface PanelOptions<Model> {
  readonly clusterer: PanelClusterer<Model>;
  /** Range of k, both ends included: 1 <= from <= to <= number of samples. */
  readonly from: number;
  readonly to: number;
  readonly seed: number;
  /** Which criteria; default all that fit the samples and the clusterer ({@link fittingCriteria}). */
  readonly criteria?: readonly Criterion[] | undefined;
  /**
   * Most samples that all criteria but the inertia look at, at least 2; default as many as hold 4 million numbers,
   * between 2,000 and 10,000. Where there are more, that many are drawn by the seed.
   */
  readonly sampleSize?: number | undefined;
  /** Of those, samples whose silhouettes are measured; default 2,000. */
  readonly silhouetteSize?: number | undefined;
  /** Sets of samples without groups that the gap is measured against, at least 2; default 10. */
  readonly references?: number | undefined;
  /** Pairs of halves that the stability is measured on, at least 2; default 10. */
  readonly pairs?: number | undefined;
}

/** Where a panel stands. */
export type PanelProgress =
  | {
      readonly stage: "fit";
      readonly k: number;
      /** 0-based position of k in the range. */
      readonly position: number;
      readonly total: number;
      readonly iteration: number;
      readonly objective: number;
    }
  | {
      readonly stage: "scores" | "mixtures" | "gap" | "stability";
      /** Parts of this stage that are done. */
      readonly done: number;
      readonly total: number;
    };

/** One value for each k; null where the criterion is not defined. */
export type Curve = readonly (number | null)[];

/** Curves over k, what each proposes, and what follows from them. */
export interface Panel {
  readonly k: readonly number[];
  /** Of the criteria that were computed. */
  readonly curves: Readonly<Partial<Record<Criterion, Curve>>>;
  /** Standard errors, where a curve is measured on samples: silhouette, gap, stability. */
  readonly errors: Readonly<Partial<Record<Criterion, Curve>>>;
  /** What each criterion proposes; null where it has nothing but an end of the range. */
  readonly suggestions: Readonly<Partial<Record<Criterion, number | null>>>;
  /** The default proposal; see {@link criterionNames} for the words of `reason`, and docs/number-of-clusters.md for the rule. */
  readonly suggested: number | null;
  /** The criteria that it is taken from. */
  readonly suggestedBy: readonly Criterion[];
  /** Why, and who agrees and who does not, in sentences. */
  readonly reason: string;
  /** How many samples all criteria but the inertia looked at, where that is not all. */
  readonly sampled?: number;
}
