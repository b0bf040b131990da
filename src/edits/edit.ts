/**
 * What a person does to the clusters of a run. A wish (`Edit`) says what is to be done; a resolved edit says what came of
 * it, cluster numbers and images included, so that a log of them gives the same clusters again without computing.
 *
 * Types alone, which the explorer's page imports too.
 */

/** What a person may do to clusters. */
export type Edit =
  | {
      readonly kind: "rename";
      readonly cluster: number;
      readonly name: string | null;
      readonly notes?: string | null;
    }
  /** All images of `clusters` (two or more) belong to `into`, which is one of them. */
  | { readonly kind: "merge"; readonly clusters: readonly number[]; readonly into: number }
  /** The images of one cluster become `parts` clusters, found by K-Means or a mixture within its features. */
  | {
      readonly kind: "split";
      readonly cluster: number;
      readonly parts: number;
      readonly by: "k-means" | "mixture";
    }
  | { readonly kind: "move"; readonly images: readonly number[]; readonly to: number | "new" };

/** One edit that somebody asks for, or a step back or forth. */
export interface EditRequest {
  /** Of the state that the person saw. */
  readonly version: number;
  readonly do: Edit | { readonly kind: "undo" } | { readonly kind: "redo" };
}

/** What edits have made of a run's clusters. */
export interface EditState {
  /** Grows with each line of the log. */
  readonly version: number;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** What was done, oldest first, in words; undone ones are marked. */
  readonly log: readonly LoggedEdit[];
  /** Clusters that there are now, by number; numbers are never used for another cluster again. */
  readonly clusters: readonly PresentCluster[];
}

/** An edit that was made. */
export interface LoggedEdit {
  /** When, as an ISO date. */
  readonly at: string;
  readonly what: string;
  readonly undone: boolean;
}

/** A cluster that there is now. */
export interface PresentCluster {
  readonly cluster: number;
  readonly name: string | null;
  readonly notes: string | null;
  /** Number of its images; 0 where all were moved away, or where the run found none. */
  readonly size: number;
}

/**
 * One of the clusters that a split made, and the part of the rule by which new images get there: the one of greatest
 * `bias - |factor (x - center)|^2 / 2` has the image, where x are its features.
 */
export interface SplitPart {
  readonly cluster: number;
  /** Indices of its images, ascending. */
  readonly images: readonly number[];
  /** One number for each feature, in the features' units. */
  readonly center: readonly number[];
  /** Of a mixture: a number for each feature, or rows of a lower triangle, nFeatures x nFeatures. Absent: 1 each. */
  readonly factor?: readonly number[];
  /** Of a mixture: log of the part's weight and of the density at its center. Absent: 0. */
  readonly bias?: number;
}

/** What was done, so that it can be done again without computing. */
export type ResolvedEdit =
  | {
      readonly kind: "rename";
      readonly cluster: number;
      readonly name: string | null;
      readonly notes: string | null;
      /** Read from the file of names, into which a person wrote it: not undone. */
      readonly from?: "clusters.json";
    }
  | { readonly kind: "merge"; readonly clusters: readonly number[]; readonly into: number }
  | {
      readonly kind: "split";
      readonly cluster: number;
      readonly by: "k-means" | "mixture";
      readonly parts: readonly SplitPart[];
    }
  /** `to` may be the next number, and is a new cluster then. */
  | { readonly kind: "move"; readonly images: readonly number[]; readonly to: number }
  | { readonly kind: "undo" }
  | { readonly kind: "redo" };

/** An entry of a log. */
export interface EditEntry {
  /** When, as an ISO date. */
  readonly at: string;
  readonly edit: ResolvedEdit;
}
