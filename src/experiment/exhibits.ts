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
  /** Cluster centers as images, one per cluster. */
  readonly centers?: ImageSet;
  /** Whether these are the means of the clusters' images, because a center in the features cannot be turned back. */
  readonly centersAreMeans?: true;
  readonly clusters: readonly ClusterExhibit[];
  /** What an autoencoder makes of images; absent for other features. */
  readonly reconstructions?: ReconstructionExhibit;
  /** Places of images in the space that was clustered; absent for pixels. */
  readonly code?: CodeExhibit;
  /** A map of images; absent for a handful of them. */
  readonly map?: MapExhibit;
  /** What a mixture says of images; absent for other clusterers. */
  readonly mixture?: MixtureExhibit;
  /** What sets clusters apart, where the source holds vectors: their pixels then say nothing; absent for images. */
  readonly vectors?: VectorExhibit;
  /** Images to look at before the set is used; absent where there are none, and in pictures of earlier versions. */
  readonly curation?: CurationExhibit;
}

/** In which columns the clusters of vectors differ from all vectors. */
export interface VectorExhibit {
  /** Numbers of each vector, and how many of these columns vary at all. */
  readonly width: number;
  readonly varying: number;
  /** Whether the source names its columns. */
  readonly named?: boolean;
  /** Of each cluster the columns that differ most, in order; none of an empty cluster. */
  readonly shifts: readonly (readonly ColumnShift[])[];
}

/** How a cluster's mean of one column lies to that of all vectors. */
export interface ColumnShift {
  /** 0-based. */
  readonly column: number;
  /** What the source calls it, where it calls it something. */
  readonly name?: string;
  /** Mean within the cluster, in the source's units. */
  readonly mean: number;
  /** That less the mean of all vectors, in their standard deviations. */
  readonly shift: number;
}

/** Images to look at before a set is used: of each kind some, and how many there are. Absent kinds have none. */
export interface CurationExhibit {
  /** Groups of images that are nearly the same; those first that lie in several classes, then in several clusters. */
  readonly duplicates?: {
    /** Groups, and images in all of them. */
    readonly total: number;
    readonly images: number;
    /** Groups whose images are equal, pixel by pixel. */
    readonly equal: number;
    /** Groups of which not all images lie in one cluster, or have one class. */
    readonly acrossClusters: number;
    readonly acrossClasses?: number;
    /** Number of images among which near ones were sought, where that is not all. */
    readonly sampled?: number;
    readonly groups: readonly {
      /** As in `curation.csv`, from 1 on. */
      readonly group: number;
      /** Its images, of which the first few are shown. */
      readonly size: number;
      readonly shown: Exhibit;
      readonly clusters: readonly number[];
    }[];
  };
  /** Farthest first. */
  readonly outliers?: CuratedImages;
  /** The most firmly held first. */
  readonly disagreements?: CuratedImages & {
    /** Class of more than half of each cluster's images; -1 where there is none. */
    readonly majorities: readonly number[];
  };
}

/** Some images of one kind, with the cluster and the score of each. */
export interface CuratedImages {
  readonly total: number;
  readonly shown: Exhibit;
  readonly clusters: readonly number[];
  readonly scores: readonly number[];
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
  /** How far clusters reach, those of the run's own clusterer first; absent in one dimension. */
  readonly shapes?: readonly CodeShapes[];
}

/** A sample of images as points of a map, on which images lie close together that are near in what the clusterer saw. */
export interface MapExhibit {
  /** nPoints x 2. */
  readonly points: Matrix<Float32Array>;
  /** Cluster of each point. */
  readonly clusters: Int32Array;
  /** Class of each point, where known (-1 = unknown). */
  readonly classes?: Int32Array;
}

/** Outlines of clusters in the drawn dimensions. */
export interface CodeShapes {
  /**
   * `"ellipses"`: within it lies 95 % of a component's probability; `"circles"`: of a cluster of K-Means, 95 % of the
   * images.
   */
  readonly kind: "ellipses" | "circles";
  /** nClusters x nDimensions. */
  readonly centers: Matrix;
  /**
   * In the first two dimensions, nClusters x 3: entries xx, xy, yy of the matrix E for which the outline around a center
   * c is (x - c)' E^-1 (x - c) = 1; all 0 for an empty cluster.
   */
  readonly flat: Matrix;
  /** In three dimensions, nClusters x 6: entries xx, xy, xz, yy, yz, zz; absent for codes of fewer. */
  readonly solid?: Matrix;
}

/** Images that a mixture is unsure of, images that it cannot explain, and images that it draws itself. */
export interface MixtureExhibit {
  /** Most doubtful first; as far as there are enough, each pair of clusters once. */
  readonly doubtful: {
    readonly originals: Exhibit;
    /** Probability of each cluster, nImages x nClusters. */
    readonly probabilities: Matrix;
  };
  /** The least likely images, the least likely first. */
  readonly unexplained: {
    readonly originals: Exhibit;
    /** Natural log density of each. */
    readonly logDensities: readonly number[];
    /** The same of the image in the middle of all. */
    readonly median: number;
  };
  /** Points drawn from each component as images, those of a component together; absent where points are no images. */
  readonly drawn?: { readonly perCluster: number; readonly images: ImageSet };
}

/** Several methods on the same images, held against one reference, so that they can be compared group by group. */
export interface SideBySide {
  /** What the groups of the reference are: the classes, or, without labels, the clusters of the first method. */
  readonly reference: "classes" | "clusters";
  /** Number of groups of the reference. */
  readonly nGroups: number;
  /** The same images for all methods, in the order of their groups. */
  readonly images: Exhibit;
  /** Group of each of `images`, 0..nGroups-1. */
  readonly groups: readonly number[];
  /** At least two, in the order of the comparison. */
  readonly methods: readonly MethodGroups[];
}

/** What one run of a method made of the images. */
export interface MethodGroups {
  readonly method: string;
  readonly seed: number;
  /** Its clusters, in the order of their best one-to-one match with the groups. */
  readonly order: readonly number[];
  /** The group that the cluster `order[r]` is matched with; null for a cluster that is left over. */
  readonly partners: readonly (number | null)[];
  /** `counts[r][g]`: scored images of group g in the cluster `order[r]`. */
  readonly counts: readonly (readonly number[])[];
  /** Adjusted Rand index of its clusters and the groups. */
  readonly ari: number;
  /** Cluster of each of the images that are shown. */
  readonly clusters: readonly number[];
}
