/** From what a person wishes to what the log keeps: numbers of new clusters, images of parts. */
import { fit as fitMixture, precisions } from "../cluster/gaussian-mixture/index.ts";
import { fit as fitKMeans } from "../cluster/k-means/index.ts";
import { InputError, OptionError } from "../errors.ts";
import type { RunContext } from "../estimator.ts";
import { type Samples, takeRows } from "../matrix/index.ts";
import type { Edit, EditRequest, ResolvedEdit, SplitPart } from "./edit.ts";
import type { EditedClusters } from "./fold.ts";
import { nearestParts, type PartRule } from "./route.ts";

const where = "resolveEdit";

/** Most clusters that one may become: more could not be looked through. */
const MOST_PARTS = 100;

/** Features up to which the components of a split have any shape; beyond, their axes follow the features. */
const MOST_FULL = 16;

/** Starts of each fit within a cluster; it is small, and the best of a few is worth the wait. */
const STARTS = 5;

/** What splits need. */
export interface ResolveContext extends Pick<RunContext, "signal" | "compute"> {
  /** Integer in 0..2^53-1: the same split gives the same parts. */
  readonly seed: number;
  /** What the clusterer sees of all images, one row each; asked for by splits alone. */
  readonly features?: (() => Promise<Samples>) | undefined;
}

/**
 * What an edit comes to in the present state. Whether it can be is for `foldEdits` to say, apart from splits.
 *
 * @throws {OptionError} for a split that cannot be
 * @throws {InputError} for a split without features, or with features of other images
 */
export async function resolveEdit(
  state: EditedClusters,
  edit: EditRequest["do"],
  context: ResolveContext,
): Promise<ResolvedEdit> {
  switch (edit.kind) {
    case "rename": {
      const before = state.clusters.find(({ cluster }) => cluster === edit.cluster);
      const { cluster, name, notes = before?.notes ?? null } = edit;
      return { kind: "rename", cluster, name: name || null, notes: notes || null };
    }
    case "merge":
      return { kind: "merge", clusters: [...new Set(edit.clusters)].sort((a, b) => a - b), into: edit.into };
    case "move": {
      const to = edit.to === "new" ? state.nextCluster : edit.to;
      if (edit.to === state.nextCluster) {
        throw new OptionError(`${where}: to must be a cluster that there is, or "new"; got ${edit.to}.`);
      }
      // Those that are there already stay out of it.
      const moved = [...new Set(edit.images)].filter((i) => state.labels[i] !== to).sort((a, b) => a - b);
      if (edit.images.length > 0 && moved.length === 0) {
        throw new OptionError(
          `${where}: images must lie in another cluster than ${to}; got none that does not lie there already.`,
        );
      }
      return { kind: "move", images: moved, to };
    }
    case "split":
      return {
        kind: "split",
        cluster: edit.cluster,
        by: edit.by,
        parts: await partsOf(state, edit, context),
      };
    default:
      return edit;
  }
}

/** The largest part first. */
async function partsOf(
  state: EditedClusters,
  edit: Extract<Edit, { kind: "split" }>,
  context: ResolveContext,
): Promise<readonly SplitPart[]> {
  const { cluster, parts } = edit;
  const members = membersOf(state.labels, cluster);
  if (!Number.isInteger(parts) || parts < 2 || parts > MOST_PARTS) {
    throw new OptionError(`${where}: parts must be an integer in 2..${MOST_PARTS}; got ${parts}.`);
  }
  if (!state.clusters.some((one) => one.cluster === cluster)) {
    throw new OptionError(`${where}: cluster must be a cluster that there is; got ${cluster}.`);
  }
  if (members.length < parts) {
    throw new OptionError(
      `${where}: parts must be at most the number of images of cluster ${cluster}, ${members.length}; got ${parts}.`,
    );
  }
  const samples = await context.features?.();
  if (samples?.rows !== state.labels.length) {
    throw new InputError(
      `${where}: features of all ${state.labels.length} images must be given for a split; got ${samples ? `${samples.rows} rows` : "none"}.`,
    );
  }
  const own = takeRows(samples, members);
  const rules = await rulesOf(own, edit, context);
  const nearest = nearestParts(rules, own);
  const found = rules
    .map((rule, p) => ({ ...rule, images: members.filter((_, i) => nearest[i] === p) }))
    .filter(({ images }) => images.length > 0)
    .sort((a, b) => b.images.length - a.images.length || (a.images[0] as number) - (b.images[0] as number));
  if (found.length < 2) {
    const remedy =
      edit.by === "mixture" ? "Try K-Means, or another number of parts." : "Move images instead.";
    throw new OptionError(
      `${where}: cluster ${cluster} must hold images that differ in their features; got a single part. ${remedy}`,
    );
  }
  return found.map((part, p) => ({ cluster: state.nextCluster + p, ...part }));
}

async function rulesOf(
  samples: Samples,
  { parts, by }: Extract<Edit, { kind: "split" }>,
  { seed, signal, compute }: ResolveContext,
): Promise<readonly PartRule[]> {
  const { cols } = samples;
  const rows = (data: Float64Array, width: number): number[][] =>
    Array.from({ length: parts }, (_, p) => Array.from(data.subarray(p * width, (p + 1) * width)));
  if (by === "k-means") {
    const { centers } = await fitKMeans(
      samples,
      { nClusters: parts, nRestarts: STARTS, seed },
      { signal, compute },
    );
    return rows(centers.data, cols).map((center) => ({ center }));
  }
  const covarianceType = cols <= MOST_FULL ? "full" : "diagonal";
  const model = await fitMixture(
    samples,
    { nComponents: parts, nRestarts: STARTS, covarianceType, seed },
    { signal, compute },
  );
  const { factors, logPeaks } = precisions(model);
  return rows(model.means.data, cols).map((center, p) => ({
    center,
    factor: Array.from(factors[p] as Float64Array),
    bias: Math.log(model.weights[p] as number) + (logPeaks[p] as number),
  }));
}

function membersOf(labels: Int32Array, cluster: number): readonly number[] {
  const members: number[] = [];
  labels.forEach((label, i) => {
    if (label === cluster) members.push(i);
  });
  return members;
}
