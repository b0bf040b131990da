/** What the stages of a method have learned: plain data, told apart by `kind`, safe to clone and to save. */
import type { GaussianMixtureModel } from "../cluster/gaussian-mixture/index.ts";
import type { KMeansModel } from "../cluster/k-means/index.ts";
import type { MiniBatchKMeansModel } from "../cluster/mini-batch-k-means/index.ts";
import type { AutoencoderModel } from "../features/autoencoder/index.ts";
import type { HogModel } from "../features/hog/index.ts";
import type { OnnxModel } from "../features/onnx/index.ts";
import type { PcaModel } from "../features/pca/index.ts";
import type { ScatteringModel } from "../features/scattering/index.ts";
import type { VectorsModel } from "../features/vectors/index.ts";
import type { JointModel } from "../joint/index.ts";
import type { MembershipScales } from "../manifold/neighbors/index.ts";
import type { LayoutSettings } from "../manifold/umap/index.ts";
import type { Matrix, Samples } from "../matrix/index.ts";

/** Pixels as they are: nothing to learn. */
export interface PixelsModel {
  readonly kind: "pixels";
}

/** Principal components, of pixels or of vectors. */
export interface ComponentsModel extends PcaModel {
  /** How vectors are scaled before their components are taken; absent for pixels. */
  readonly scaled?: VectorsModel;
}

/** Several kinds of features of the same images, side by side. */
export interface ViewsModel {
  readonly kind: "views";
  readonly views: readonly View[];
}

/** One of several views. */
export interface View {
  /** Its word in a method's name. */
  readonly word: string;
  readonly model: SingleFeatureModel;
  /** Numbers that it has for each image. */
  readonly columns: number;
  /** What its numbers are multiplied by, so that all views vary alike in total. */
  readonly scale: number;
}

/** What a features stage of one view has learned, told apart by `kind`. */
export type SingleFeatureModel =
  | PixelsModel
  | VectorsModel
  | ComponentsModel
  | HogModel
  | ScatteringModel
  | AutoencoderModel
  | OnnxModel;

/** What a features stage has learned, told apart by `kind`. */
export type FeatureModel = SingleFeatureModel | ViewsModel;

/** What a map has learned, told apart by `kind`. */
export type ManifoldModel = MapModel;

/** What a clusterer has learned, told apart by `kind`. */
export type ClusterModel =
  | KMeansModel
  | MiniBatchKMeansModel
  | GaussianMixtureModel
  | CommunityModel
  | StudentModel;

/** Training images, as far as new ones are compared with them. */
export interface TrainingCodes {
  /** nSamples x nFeatures, views side by side. */
  readonly samples: Samples;
  /** Columns of each view. */
  readonly columns: readonly number[];
  /** Training images of each view that a new image looks at. */
  readonly nNeighbors: number;
  /** How far the neighbourhood of each training image reaches, in each view. */
  readonly scales: readonly MembershipScales[];
}

/** Places of training images, among which new images find theirs. */
export interface MapModel {
  readonly kind: "umap";
  readonly codes: TrainingCodes;
  /** nSamples x nDimensions. */
  readonly places: Matrix<Float32Array>;
  readonly settings: LayoutSettings;
}

/** Groups of training images, which new images join. */
export interface CommunityModel {
  readonly kind: "graph" | "consensus";
  readonly codes: TrainingCodes;
  /** Cluster of each training image, 0..nClusters-1. */
  readonly labels: Int32Array;
  /** Mean features of each cluster, nClusters x nFeatures. */
  readonly centers: Matrix<Float64Array>;
}

/** Centers that were trained together with a network, whose codes they are compared with. */
export interface StudentModel extends Omit<JointModel, "kind" | "autoencoder"> {
  readonly kind: "student-t";
}
