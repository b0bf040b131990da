/** How one answer is drawn from many partitions; see {@link ConsensusOptions.method}. */
export type ConsensusMethod = "spectral" | "vote";

/** What a user chooses. */
export interface ConsensusOptions {
  /** Number of clusters, an integer in 1..min(number of samples, 1024). */
  readonly nClusters: number;
  /** Resolutions at which the communities of each run are joined, each above 0. Default 1.25, 1.5 and 1.75. */
  readonly resolutions?: readonly number[];
  /** Runs on each graph; each gives a partition for each resolution. Default 4. */
  readonly nRuns?: number;
  /** Resolution at which communities are found first. Default 2. */
  readonly startResolution?: number;
  /** Most sweeps in which single samples move between the clusters of a partition. Default 50. */
  readonly maxSweeps?: number;
  /**
   * `"spectral"` (the default): K-Means on the leading singular vectors of the table of all labels. `"vote"`: each partition,
   * its clusters matched to those of the partition that agrees most with all others, has one vote for each sample.
   */
  readonly method?: ConsensusMethod;
  /** Integer in 0..2^53-1. Default 0. */
  readonly seed?: number;
}

/** Complete, checked options. */
export interface ConsensusSettings {
  readonly nClusters: number;
  readonly resolutions: readonly number[];
  readonly nRuns: number;
  readonly startResolution: number;
  readonly maxSweeps: number;
  readonly method: ConsensusMethod;
  readonly seed: number;
}

/** One finished partition. */
export interface ConsensusStep {
  /** How many partitions are finished, this one included, and of how many. */
  readonly partition: number;
  readonly of: number;
  /** 0-based number of its graph, and of its run on that graph. */
  readonly graph: number;
  readonly run: number;
  readonly resolution: number;
  readonly nCommunities: number;
  /** Modularity of the partition on its graph, at its resolution. */
  readonly modularity: number;
}

/** What became of one partition. */
export interface ConsensusMember extends Omit<ConsensusStep, "partition" | "of"> {
  /** Mean adjusted Rand index to the other partitions; 1 for the only one. */
  readonly agreement: number;
  /** Adjusted Rand index to the labels of the consensus. */
  readonly agreementWithLabels: number;
}

/** Clusters that many partitions agree on, and how far they do. */
export interface ConsensusModel {
  readonly kind: "consensus";
  readonly settings: ConsensusSettings;
  readonly nClusters: number;
  /** Number of samples in each cluster, falling. */
  readonly sizes: Int32Array;
  /** Number of partitions: graphs x runs x resolutions. */
  readonly nPartitions: number;
  /** Mean adjusted Rand index of each two partitions, at most 1; 1 for a single one. */
  readonly agreement: number;
  /** All partitions, in the order in which they were made. */
  readonly members: readonly ConsensusMember[];
}

/** A model together with what it says of the samples that it was fitted to. */
export interface ConsensusFit extends ConsensusModel {
  /** Cluster of each sample; the largest cluster is 0. */
  readonly labels: Int32Array;
  /** Share of the partitions that put each sample into its cluster, in [0, 1]. */
  readonly confidence: Float32Array;
}
