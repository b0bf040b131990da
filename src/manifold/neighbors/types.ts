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

/** What {@link exactNeighbors} needs to know. */
export interface ExactNeighborsOptions {
  /** Integer in 1..rows - 1: the point itself is not among its neighbours. */
  readonly k: number;
  /** Default `euclidean`. */
  readonly metric?: NeighborMetric | undefined;
}

/** What {@link queryNeighbors} needs to know. */
export interface QueryNeighborsOptions {
  /** Integer in 1..samples.rows. */
  readonly k: number;
  /** Default `euclidean`. */
  readonly metric?: NeighborMetric | undefined;
}
