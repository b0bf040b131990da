/** Pictures that a person needs to judge a clustering, picked once and kept with the run. */
import type { ImageSet } from "../images/index.ts";

/** Images of one cluster, each set in order of interest, with the indices of its images in the source. */
export interface ClusterExhibit {
  readonly cluster: number;
  readonly size: number;
  /** Nearest to the center first. */
  readonly typical: Exhibit;
  /** Nearly as close to another center; most doubtful first. */
  readonly borderline: Exhibit;
  /** Drawn at random (seed 002's `examples_of`). */
  readonly random: Exhibit;
}

/** Some images of the source. */
export interface Exhibit {
  readonly indices: readonly number[];
  readonly images: ImageSet;
}

/** All pictures of one run. */
export interface Exhibits {
  /** The first images of the source (seed 003's strip). */
  readonly strip: Exhibit;
  /** Cluster centers as images, one per cluster; absent where a center is not an image. */
  readonly centers?: ImageSet;
  readonly clusters: readonly ClusterExhibit[];
}
