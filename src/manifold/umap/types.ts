import type { Matrix, Samples, SparseMatrix } from "../../matrix/index.ts";
import type { MembershipScales, Neighbors } from "../neighbors/index.ts";
import type { Curve } from "./curve.ts";

/** How distances between samples are measured. */
export type UmapMetric = "euclidean" | "cosine";

/** Where the layout starts; see {@link LayoutOptions.init}. */
export type UmapInit = "spectral" | "pca" | "random";

/** What a user chooses of the layout of a graph. */
export interface LayoutOptions {
  /** Dimensions of the map, an integer in 1..64. Default 2. */
  readonly nDimensions?: number;
  /** Distance below which points of the map count as equally near, at least 0 and at most `spread`. Default 0.1. */
  readonly minDist?: number;
  /** Scale of the map, positive. Default 1. */
  readonly spread?: number;
  /** Rounds of moves, an integer in 0..100000. Default 500 for up to 10,000 samples, 200 for more. */
  readonly nEpochs?: number;
  /** Length of the first moves, positive; it falls to 0 in equal steps. Default 1. */
  readonly learningRate?: number;
  /** Vertices drawn at random that push for each edge that pulls, an integer in 0..100. Default 5. */
  readonly negativeSamples?: number;
  /** Strength of the pushes, at least 0. Default 1. */
  readonly repulsion?: number;
  /**
   * Where the layout starts: `"spectral"` (eigenvectors of the graph; the principal components of the samples, or the
   * pieces apart where only a graph is given, if the graph falls into several pieces; the default), `"pca"`,
   * `"random"`, or a matrix of nSamples x nDimensions. All are brought to 0..10 along each axis, as in umap-learn.
   */
  readonly init?: UmapInit | Matrix;
  /** Integer in 0..2^53-1. Default 0. */
  readonly seed?: number;
}

/** What a user chooses. */
export interface UmapOptions extends LayoutOptions {
  /** Neighbours of each sample, itself counted, an integer in 2..1000; no more than there are samples are used. Default 15. */
  readonly nNeighbors?: number;
  /** Default `"euclidean"`. */
  readonly metric?: UmapMetric;
  /** Neighbours that are known already, by the same metric; they are then not looked for. */
  readonly neighbors?: Neighbors;
}

/** What a user chooses of the layout of a graph that is there already. */
export interface GraphLayoutOptions extends LayoutOptions {
  /** What the graph was made of, for a start from principal components. */
  readonly samples?: Samples;
}

/** Complete, checked options of a layout. */
export interface LayoutSettings {
  readonly nDimensions: number;
  readonly minDist: number;
  readonly spread: number;
  readonly nEpochs: number;
  readonly learningRate: number;
  readonly negativeSamples: number;
  readonly repulsion: number;
  readonly init: UmapInit | Matrix<Float32Array>;
  readonly seed: number;
}

/** Complete, checked options. */
export interface UmapSettings extends LayoutSettings {
  readonly nNeighbors: number;
  readonly metric: UmapMetric;
}

/** The map after one epoch. */
export interface UmapStep {
  /** 1-based; 0 is the start, before any move. */
  readonly epoch: number;
  readonly nEpochs: number;
  /** nSamples x nDimensions: a view that the next step overwrites. */
  readonly embedding: Matrix<Float32Array>;
}

/** Where a layout started, in the end. */
export interface LayoutStart {
  /** `"pieces"`: the pieces of the graph apart, each by its own eigenvectors; `"given"`: the caller's matrix. */
  readonly used: UmapInit | "pieces" | "given";
  /** Pieces (connected components) of the graph. */
  readonly nPieces: number;
  /** Largest length of A v - value v over the eigenvectors v that were taken; 0 where none were. */
  readonly residual: number;
}

/** A finished layout. */
export interface GraphLayout {
  readonly settings: LayoutSettings;
  readonly curve: Curve;
  readonly start: LayoutStart;
  /** nSamples x nDimensions. */
  readonly embedding: Matrix<Float32Array>;
}

/** A finished map: all that `transform` needs. */
export interface UmapModel {
  readonly kind: "umap";
  readonly settings: UmapSettings;
  readonly curve: Curve;
  readonly start: LayoutStart;
  /** The samples that the map was made of: the caller's own, not a copy. */
  readonly samples: Samples;
  /** How widely each sample sees. */
  readonly scales: MembershipScales;
  /** nSamples x nDimensions. */
  readonly embedding: Matrix<Float32Array>;
}

/** A model together with the graph it was made from. */
export interface UmapFit extends UmapModel {
  /** Memberships of the neighbours, symmetric. */
  readonly graph: SparseMatrix;
}
