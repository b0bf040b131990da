/** Pictures that a person needs to judge a clustering, picked once and kept with the run. */
import type { ImageSet } from "../images/index.ts";
import type { Matrix } from "../matrix/index.ts";

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
  /** What an autoencoder makes of images; absent for other features. */
  readonly reconstructions?: ReconstructionExhibit;
  /** Places of images in the space that was clustered; absent for pixels. */
  readonly code?: CodeExhibit;
}

/** Originals, and what an autoencoder makes of them. */
export interface ReconstructionExhibit {
  /** About the median error, spread over the clusters. */
  readonly typical: ReconstructedImages;
  /** Greatest error first. */
  readonly worst: ReconstructedImages;
  /** The same images after some epochs of training (seed 003), in order; absent where training kept no pictures. */
  readonly byEpoch?: {
    readonly originals: Exhibit;
    /** 1-based. */
    readonly epochs: readonly number[];
    /** For each of `epochs`, the originals as they were reconstructed then. */
    readonly images: readonly ImageSet[];
  };
}

/** Some images beside their reconstructions. */
export interface ReconstructedImages {
  readonly originals: Exhibit;
  readonly reconstructed: ImageSet;
  /** Mean squared error per pixel, pixels in [0, 1]. */
  readonly errors: readonly number[];
}

/** A sample of images as points of the code. */
export interface CodeExhibit {
  /** Coordinates of the first dimensions, at most 3, nPoints x nDimensions. */
  readonly points: Matrix;
  /** Number of dimensions of the whole code. */
  readonly codeSize: number;
  /** Cluster of each point. */
  readonly clusters: Int32Array;
  /** Class of each point, where known (-1 = unknown). */
  readonly classes?: Int32Array;
  /** The cluster centers in the same dimensions, nClusters x nDimensions. */
  readonly centers: Matrix;
}
