/**
 * What one run and one comparison leave behind: plain data that JSON can hold, from which report, table and
 * explorer are drawn without computing anything again. The field names are the command line's JSON contract.
 */

import type { CovarianceType } from "../cluster/gaussian-mixture/index.ts";
import type { AutoencoderOptions, EpochRecord, TrainingRecord } from "../features/autoencoder/index.ts";
import type { Reading, Scaling, Split } from "../images/index.ts";
import type { Criterion } from "../number-of-clusters/index.ts";
import type { ClusterInit, Objective } from "../pipeline/index.ts";

export type { Criterion, EpochRecord, TrainingRecord };

/** Format version of `run.json`; readers accept every version up to their own. */
export const RUN_FORMAT_VERSION = 1;

/** Which images a run saw, and how they were asked to be read. */
export interface SourceRecord extends Reading {
  readonly name: string;
  /** The `<source>` argument that opens it again. */
  readonly location: string;
  readonly split: Split;
  readonly limit?: number;
  /** Side to which the images were brought, where they were resized. */
  readonly size?: number;
  /** Whether the source holds vectors of `width` numbers, and not images; absent for images. */
  readonly vectors?: true;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly labelled: boolean;
  readonly classNames?: readonly string[];
  /** Items that could not be read and were left out, where there were any; `skipped.csv` lists them. */
  readonly skipped?: number;
  readonly sha256: string;
}

/** Scores of a clustering; those that need labels are absent where there are none. */
export interface Metrics {
  readonly inertia?: number;
  readonly purity?: number;
  readonly meanClusterPurity?: number;
  readonly accuracy?: number;
  readonly nmi?: number;
  readonly ami?: number;
  readonly ari?: number;
  readonly homogeneity?: number;
  readonly completeness?: number;
  readonly vMeasure?: number;
  readonly fowlkesMallows?: number;
  readonly silhouette?: number;
  readonly silhouetteError?: number;
  readonly calinskiHarabasz?: number;
  readonly daviesBouldin?: number;
  readonly majorityClasses?: number;
  /** Mean natural log density of the scored images; of mixtures, as are the three below. */
  readonly meanLogLikelihood?: number;
  readonly bic?: number;
  readonly aic?: number;
  readonly icl?: number;
  /** How many more edges of the graph of neighbours lie within groups than by chance; of graphs. */
  readonly modularity?: number;
  /** Mean adjusted Rand index between the partitions that a consensus was made of. */
  readonly agreement?: number;
}

/** Name of a score, as records have it. */
export type MetricName = keyof Metrics;

/** Wall-clock seconds by stage; `total` is their sum (reading the images and writing the run are not in it). */
export interface Seconds {
  readonly total: number;
  readonly features: number;
  readonly manifold: number;
  readonly cluster: number;
}

/** What a user chose for a run, complete: `repeat` needs nothing else. */
export interface RunSettings {
  /** Absent where the clusterer knows no starts; as are the others where they mean nothing to the method. */
  readonly init?: ClusterInit;
  readonly restarts: number;
  readonly maxIterations: number;
  readonly tolerance: number;
  /** Shape of a mixture's components, where it was chosen; else it follows from the number of features. */
  readonly covariance?: CovarianceType;
  /** Images that count as near to each image, itself among them, where that was chosen. */
  readonly neighbors?: number;
  /** Most images that a graph or a map is made of, where that was chosen. */
  readonly sample?: number;
  /** How fine the groups of a graph are, where that was chosen. */
  readonly resolution?: number;
  /** How vectors are scaled before they are clustered, where they are; what that has learned lies in the model. */
  readonly scaling?: Exclude<Scaling, "none">;
  /** What was asked of the network, where the features are an autoencoder's code; complete settings are in `training`. */
  readonly network?: NetworkChoices;
}

/** Wishes for the features' network. */
export interface NetworkChoices extends AutoencoderOptions {
  /** File of a network of the user's own (`onnx` features). */
  readonly encoder?: string;
}

/** One method on one source with one seed. */
export interface RunRecord {
  readonly format: "unlabeled-run";
  readonly formatVersion: number;
  /** The method that ran, spelled `features[+manifold]+clusterer`. */
  readonly method: string;
  /** The method as the user asked for it (`auto` names a recipe, say). */
  readonly requested: string;
  readonly seed: number;
  readonly clusters: number;
  readonly settings: RunSettings;
  /** The images that were clustered. */
  readonly source: SourceRecord;
  /** The images that were scored, where they are others than those clustered (`--score`). */
  readonly scored?: SourceRecord;
  /** How the number of clusters was found, where the program chose it (`--clusters auto`). */
  readonly numberOfClusters?: PanelRecord;
  readonly converged: boolean;
  readonly iterations: number;
  /** What the clusterer made small or large; absent in records of earlier versions: inertia. */
  readonly objective?: Objective;
  /** Objective after each iteration of the kept start. */
  readonly history: readonly number[];
  /** How the network of the features was trained, where there is one. */
  readonly training?: TrainingRecord;
  /** Things the user should know: empty clusters that were refilled, iterations that ran out. */
  readonly notices: readonly string[];
  readonly metrics: Metrics;
  /** Number of scored images in each cluster. */
  readonly sizes: readonly number[];
  /** `confusion[r][l]` counts images of class l in cluster `order[r]`; present with labels. */
  readonly confusion?: readonly (readonly number[])[];
  /** Clusters in the order of the best one-to-one match with the classes; present with labels. */
  readonly order?: readonly number[];
  readonly seconds: Seconds;
  readonly environment: EnvironmentRecord;
  /** Folder of the run, where it was written. */
  readonly run?: string;
}

/** The program and machine that made a run. Does not influence its labels. */
export interface EnvironmentRecord {
  readonly unlabeled: string;
  readonly random: string;
  readonly runtime: string; // e.g. "node 20.20.2 linux x64"
  readonly threads: number;
  readonly createdAt: string; // ISO 8601
}

/** Mean, standard deviation (n - 1), least and greatest value of a metric over the runs of one method. */
export interface Spread {
  readonly mean: number;
  /** 0 for a single run. */
  readonly sd: number;
  readonly min: number;
  readonly max: number;
}

/** The runs of one method, taken together. */
export interface MethodSummary {
  readonly method: string;
  readonly runs: number;
  readonly metrics: Readonly<Partial<Record<MetricName, Spread>>>;
  readonly seconds: Spread;
}

/** Several methods, or several seeds, on one source. */
export interface ComparisonRecord {
  readonly source: SourceRecord;
  readonly results: readonly RunRecord[];
  readonly summary: readonly MethodSummary[];
  /** How far the runs agree with each other; absent for a single run, and in records of earlier versions. */
  readonly agreement?: AgreementRecord;
}

/** How far methods agree on the groups, whatever the classes are. */
export interface AgreementRecord {
  readonly methods: readonly string[];
  /**
   * `ari[a][b]`: adjusted Rand index of the labels that methods a and b gave the same scored images, averaged over the
   * seeds that both have (null if they share none); `ari[a][a]`: of runs of method a from different seeds, averaged
   * over their pairs (null for a single run).
   */
  readonly ari: readonly (readonly (number | null)[])[];
}

/** Values of a criterion over k; null where it is not defined. */
export type CriterionCurve = readonly (number | null)[];

/** Criteria over a range of k, and what each proposes. */
export interface PanelRecord
  extends Readonly<Partial<Record<Exclude<Criterion, "inertia">, CriterionCurve>>> {
  readonly k: readonly number[];
  readonly inertia: readonly number[];
  /** Standard errors of the criteria that are measured on samples. */
  readonly errors?: Readonly<Partial<Record<Criterion, CriterionCurve>>>;
  /** Proposed k by criterion; null where a criterion finds none. */
  readonly suggestions: Readonly<Record<string, number | null>>;
  /** The default proposal. */
  readonly suggested: number | null;
  /** The criteria that it is taken from; absent in records of earlier versions, as is the next. */
  readonly suggestedBy?: readonly Criterion[];
  /** Why, and which criteria agree, in sentences. */
  readonly reason?: string;
  /** Number of images that all criteria but the inertia looked at, where that is not all. */
  readonly criteriaSample?: number;
  /** Number of principal components of the features that all curves were taken on, where not on the features themselves. */
  readonly components?: number;
}

/** The panel of one method on one source. */
export interface ElbowRecord extends PanelRecord {
  readonly source: SourceRecord;
  readonly method: string;
  readonly seed: number;
  /** As the fits of the curve had them; absent in records of earlier versions. */
  readonly settings?: RunSettings;
  /** Number of images that the curve was computed on, where that is a seeded sample of the source. */
  readonly sampled?: number;
}
