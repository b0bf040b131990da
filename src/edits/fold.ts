/**
 * The clusters of a run as they are after its edits.
 *
 * A log is folded entry by entry. Undoing takes the last edit that is done out of the line of edits, and all others are
 * applied again from the beginning: edits are few, and so no edit needs an inverse. Numbers of clusters are never given
 * twice, not even those of undone edits, so that a number means one cluster for as long as the log lives.
 */
import { OptionError } from "../errors.ts";
import { isName, isNotes, nameRule, notesRule } from "./cluster-text.ts";
import type { EditEntry, EditState, LoggedEdit, PresentCluster, ResolvedEdit, SplitPart } from "./edit.ts";
import { editWords } from "./words.ts";

const where = "foldEdits";

/** How an edit changes where new images belong. Moving images says nothing of new ones. */
export type RouteStep =
  | { readonly kind: "merge"; readonly clusters: readonly number[]; readonly into: number }
  | {
      readonly kind: "split";
      readonly cluster: number;
      readonly parts: readonly Omit<SplitPart, "images">[];
    };

/** The clusters of a run after its edits. */
export interface EditedClusters extends EditState {
  /** Present cluster of each image; never written to again. */
  readonly labels: Int32Array;
  /** Number that the next new cluster will have: all numbers are below it. */
  readonly nextCluster: number;
  /** What leads a new image from the cluster that the program finds for it to the present one, in order. */
  readonly route: readonly RouteStep[];
}

/** A log as it is folded. */
export interface EditFold {
  /**
   * Takes one more entry.
   *
   * @throws {OptionError} if it cannot be, and the state stays as it is
   */
  add(entry: EditEntry): void;
  state(): EditedClusters;
}

/**
 * The clusters after the edits of a log.
 *
 * @param nClusters clusters of the run, 0..nClusters-1
 * @param labels cluster of each image as the run found it; not written to
 * @param entries oldest first
 * @throws {OptionError} for an edit that cannot be: of a cluster that is not there, ...
 */
export function foldEdits(
  nClusters: number,
  labels: Int32Array,
  entries: readonly EditEntry[],
): EditedClusters {
  const fold = editFold(nClusters, labels);
  for (const entry of entries) fold.add(entry);
  return fold.state();
}

/** What edits change. */
interface Clusters {
  readonly labels: Int32Array;
  readonly texts: ReadonlyMap<number, Pick<PresentCluster, "name" | "notes">>;
  readonly route: readonly RouteStep[];
}

/** An edit in the line of edits. */
interface Turn {
  readonly entry: EditEntry;
  readonly words: string;
  done: boolean;
}

const noTexts = { name: null, notes: null };

/** As {@link foldEdits}, for a log that grows. */
export function editFold(nClusters: number, labels: Int32Array): EditFold {
  const found: Clusters = {
    labels,
    texts: new Map(Array.from({ length: nClusters }, (_, cluster) => [cluster, noTexts])),
    route: [],
  };
  const turns: Turn[] = [];
  let undone: Turn[] = [];
  let version = 0;
  let nextCluster = nClusters;
  let clusters = found;

  const again = (): Clusters =>
    turns.reduce((before, { entry, done }) => (done ? applied(before, entry.edit) : before), found);
  const lastDone = (): Turn | undefined => turns.findLast(({ done, entry }) => done && canBeUndone(entry));
  const turn = (edit: "undo" | "redo"): void => {
    const one = edit === "undo" ? lastDone() : undone.at(-1);
    if (one === undefined) {
      const rule =
        edit === "undo"
          ? "there must be an edit to undo; got none that is done"
          : "there must be an edit to redo; got none that was undone and not followed by another";
      throw new OptionError(`${where}: ${rule}.`);
    }
    one.done = edit === "redo";
    if (edit === "undo") undone.push(one);
    else undone.pop();
    clusters = again();
  };

  return {
    add(entry) {
      const { edit } = entry;
      if (edit.kind === "undo" || edit.kind === "redo") turn(edit.kind);
      else {
        checkEdit(clusters, nextCluster, edit);
        const words = editWords(edit, (cluster) => clusters.texts.has(cluster));
        clusters = applied(clusters, edit);
        turns.push({ entry, words, done: true });
        if (canBeUndone(entry)) undone = [];
        nextCluster = Math.max(nextCluster, ...[...clusters.texts.keys()].map((cluster) => cluster + 1));
      }
      version++;
    },
    state: () => ({
      version,
      canUndo: lastDone() !== undefined,
      canRedo: undone.length > 0,
      log: turns.map(({ entry, words, done }): LoggedEdit => ({ at: entry.at, what: words, undone: !done })),
      clusters: present(clusters, nextCluster),
      labels: clusters.labels,
      nextCluster,
      route: clusters.route,
    }),
  };
}

function canBeUndone({ edit }: EditEntry): boolean {
  return edit.kind !== "rename" || edit.from === undefined;
}

function present({ labels, texts }: Clusters, nextCluster: number): readonly PresentCluster[] {
  const sizes = new Int32Array(nextCluster);
  for (const cluster of labels) sizes[cluster] = (sizes[cluster] as number) + 1;
  return [...texts]
    .sort(([a], [b]) => a - b)
    .map(([cluster, text]) => ({ cluster, ...text, size: sizes[cluster] as number }));
}

/** The clusters after one more edit that is known to be possible. */
function applied({ labels, texts, route }: Clusters, edit: ResolvedEdit): Clusters {
  switch (edit.kind) {
    case "rename": {
      const { cluster, name, notes } = edit;
      // A name that a person wrote for a cluster which an undone edit has made.
      if (!texts.has(cluster)) return { labels, texts, route };
      return { labels, route, texts: new Map(texts).set(cluster, { name, notes }) };
    }
    case "merge": {
      const { into } = edit;
      const gone = new Set(edit.clusters.filter((cluster) => cluster !== into));
      return {
        labels: labels.map((cluster) => (gone.has(cluster) ? into : cluster)),
        texts: new Map([...texts].filter(([cluster]) => !gone.has(cluster))),
        route: [...route, { kind: "merge", clusters: edit.clusters, into }],
      };
    }
    case "split": {
      const after = labels.slice();
      for (const { cluster, images } of edit.parts) for (const i of images) after[i] = cluster;
      const parts = edit.parts.map(({ images: _, ...part }) => part);
      const named = new Map([...texts].filter(([cluster]) => cluster !== edit.cluster));
      for (const { cluster } of parts) named.set(cluster, noTexts);
      return {
        labels: after,
        texts: named,
        route: [...route, { kind: "split", cluster: edit.cluster, parts }],
      };
    }
    case "move": {
      const after = labels.slice();
      for (const i of edit.images) after[i] = edit.to;
      return {
        labels: after,
        texts: texts.has(edit.to) ? texts : new Map(texts).set(edit.to, noTexts),
        route,
      };
    }
    default:
      return { labels, texts, route };
  }
}

/** @throws {OptionError} for an edit that these clusters do not allow */
function checkEdit({ labels, texts }: Clusters, nextCluster: number, edit: ResolvedEdit): void {
  const refuse = (rule: string): never => {
    throw new OptionError(`${where}: ${rule}.`);
  };
  const checkThere = (cluster: number, what = "cluster"): void => {
    if (texts.has(cluster)) return;
    const were = Number.isInteger(cluster) && cluster >= 0 && cluster < nextCluster;
    refuse(
      `${what} must be a cluster that there is; got ${cluster}${were ? ", which an edit has taken away" : ""}`,
    );
  };
  const checkImages = (images: readonly number[]): void => {
    const wrong = images.find((i) => !Number.isInteger(i) || i < 0 || i >= labels.length);
    if (wrong !== undefined)
      refuse(`images must be indices in 0..${labels.length - 1}, of images of the run; got ${wrong}`);
  };
  switch (edit.kind) {
    case "rename":
      checkThere(edit.cluster);
      if (edit.name !== null && !isName(edit.name))
        refuse(`name must be ${nameRule}; got ${JSON.stringify(edit.name)}`);
      if (edit.notes !== null && !isNotes(edit.notes))
        refuse(`notes must be ${notesRule}; got ${edit.notes.length} characters`);
      return;
    case "merge": {
      const different = new Set(edit.clusters);
      for (const cluster of different) checkThere(cluster, "each of clusters");
      if (different.size < 2)
        refuse(`clusters must be at least two different ones to merge; got ${different.size}`);
      if (!different.has(edit.into))
        refuse(
          `into must be one of the clusters that are merged, ${edit.clusters.join(", ")}; got ${edit.into}`,
        );
      return;
    }
    case "split": {
      checkThere(edit.cluster);
      let count = 0;
      const seen = new Uint8Array(labels.length);
      edit.parts.forEach(({ cluster, images }, p) => {
        if (cluster !== nextCluster + p)
          refuse(`parts must have the next numbers, from ${nextCluster} on; got ${cluster}`);
        checkImages(images);
        for (const i of images) {
          if (labels[i] !== edit.cluster || seen[i])
            refuse(`images of parts must be those of cluster ${edit.cluster}, each once; got ${i}`);
          seen[i] = 1;
        }
        count += images.length;
      });
      if (edit.parts.length < 2) refuse(`parts must be at least 2; got ${edit.parts.length}`);
      const size = labels.reduce((sum, cluster) => sum + Number(cluster === edit.cluster), 0);
      if (count !== size)
        refuse(`parts must hold all ${size} images of cluster ${edit.cluster}; got ${count} of them`);
      return;
    }
    case "move":
      if (edit.to !== nextCluster) checkThere(edit.to, "to");
      if (edit.images.length === 0) refuse("images must be at least one to move; got none");
      checkImages(edit.images);
      return;
    default:
      return;
  }
}
