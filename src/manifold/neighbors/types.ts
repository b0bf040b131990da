/** Nearest neighbours of each of some points, nearest first, ties by the lowest index. */
export interface Neighbors {
  readonly rows: number;
  /** Neighbours of each row. Among a set's own points the point itself is left out and not counted. */
  readonly k: number;
  readonly indices: Int32Array; // rows x k
  /** Distances themselves, not squared. */
  readonly distances: Float32Array; // rows x k, rising along each row
}

/**
 * What near means: `euclidean`, or `cosine`, 1 - cos of the angle between two rows. A row of zeros has no direction: its cosine
 * distance is 0 to another row of zeros and 1 to everything else.
 */
export type NeighborMetric = "euclidean" | "cosine";

/** What `exactNeighbors` needs to know. */
export interface ExactNeighborsOptions {
  /** Integer in 1..rows - 1: the point itself is not among its neighbours. */
  readonly k: number;
  /** Default `euclidean`. */
  readonly metric?: NeighborMetric | undefined;
}

/** What `queryNeighbors` needs to know. */
export interface QueryNeighborsOptions {
  /** Integer in 1..samples.rows. */
  readonly k: number;
  /** Default `euclidean`. */
  readonly metric?: NeighborMetric | undefined;
}

/** What `approximateNeighbors` needs to know. */
export interface ApproximateNeighborsOptions {
  /** Integer in 1..rows - 1: the point itself is not among its neighbours. */
  readonly k: number;
  /** Default `euclidean`. */
  readonly metric?: NeighborMetric | undefined;
  /** Default 0. */
  readonly seed?: number | undefined;
  /** Most rounds of NN-descent; default 20. */
  readonly maxIterations?: number | undefined;
  /** Ends when a round changes no more than this share of all entries; default 0.01. */
  readonly tolerance?: number | undefined;
  /** Blocks of nearby points with which each is compared before the first round; default 8. */
  readonly nearBlocks?: number | undefined;
}
