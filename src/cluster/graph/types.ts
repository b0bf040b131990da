/** What a user chooses. */
export interface GraphOptions {
  /**
   * Number of clusters, an integer in 1..min(number of samples, 1024), or `"auto"`: communities are joined for as long as
   * that raises the modularity.
   */
  readonly nClusters: number | "auto";
  /**
   * Weight of what chance alone would connect, above 0, in the modularity that joins communities, moves single samples and
   * is reported. Higher values make clusters more alike in size, and `"auto"` find more of them. Default 1.
   */
  readonly resolution?: number;
  /** The same for the communities that are found first, which should be more than clusters are wanted. Default 2. */
  readonly startResolution?: number;
  /** Independent runs, of which the one with the highest modularity is kept, the earliest among equals. Default 5. */
  readonly nRestarts?: number;
  /** Most sweeps in which single samples move between the clusters, an integer of at least 0. Default 50. */
  readonly maxSweeps?: number;
  /** Integer in 0..2^53-1. Default 0. */
  readonly seed?: number;
}

/** Complete, checked options. */
export interface GraphSettings {
  readonly nClusters: number | "auto";
  readonly resolution: number;
  readonly startResolution: number;
  readonly nRestarts: number;
  readonly maxSweeps: number;
  readonly seed: number;
}

/** One finished run. */
export interface GraphStep {
  /** 0-based. */
  readonly restart: number;
  /** Number of communities that were found before any were joined. */
  readonly nCommunities: number;
  readonly nClusters: number;
  /** Modularity of the clusters at the resolution of the settings. */
  readonly modularity: number;
}

/** Clusters of a graph, and how they came about. */
export interface GraphModel {
  readonly kind: "graph";
  readonly settings: GraphSettings;
  readonly nClusters: number;
  /** Number of samples in each cluster, falling. */
  readonly sizes: Int32Array;
  /**
   * Modularity at the resolution g of the settings: the sum over the clusters of W_c / 2m - g (V_c / 2m)^2, with the sum W_c
   * of the weights within a cluster, the sum V_c of its degrees, and the sum 2m of all weights. At most 1; 0 without edges.
   */
  readonly modularity: number;
  /** Number of communities before any were joined. */
  readonly nCommunities: number;
  /**
   * Modularity on the way from the communities to a single cluster, before single samples move: entry k - 1 is that of k
   * clusters. It has nCommunities entries.
   */
  readonly path: Float64Array;
  /** 0-based index of the kept run. */
  readonly restart: number;
  /** All runs. */
  readonly history: readonly GraphStep[];
}

/** A model together with what it says of the samples that it was fitted to. */
export interface GraphFit extends GraphModel {
  /** Cluster of each sample; the largest cluster is 0, of equally large ones that of the earlier sample comes first. */
  readonly labels: Int32Array;
}
