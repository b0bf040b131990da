/** Edited clusters with what a report shows of them. */
import type { Exhibit, Exhibits } from "../experiment/index.ts";
import { concatenateImages, takeImages } from "../images/index.ts";
import { type ContingencyTable, contingencyTable } from "../partitions/index.ts";
import type { EditState, PresentCluster } from "./edit.ts";
import type { EditedClusters } from "./fold.ts";

/** A present cluster, and some of its images. */
export interface ShownCluster extends PresentCluster {
  /** Images of each class in it; absent without labels. */
  readonly classCounts?: readonly number[];
  /** Its images among those that the run has kept, those first that were typical of the clusters that it found. */
  readonly examples?: Exhibit;
}

/** What a report shows of edits. */
export interface ShownEdits extends Pick<EditState, "log"> {
  readonly clusters: readonly ShownCluster[];
}

/** Images of a cluster that are shown, at most. */
const MOST_EXAMPLES = 25;

/**
 * @param exhibits pictures that the run has kept; absent where it has none
 * @param classes class of each image, -1 where it is not known; absent where none is
 */
export function showEdits(
  { clusters, labels, log, nextCluster }: EditedClusters,
  exhibits?: Pick<Exhibits, "clusters">,
  classes?: Int32Array,
): ShownEdits {
  const table = classes?.some((one) => one >= 0)
    ? contingencyTable(labels, classes, { nClusters: nextCluster })
    : undefined;
  return {
    log,
    clusters: clusters.map((one) => {
      const examples = exhibits && examplesOf(one.cluster, labels, exhibits);
      return {
        ...one,
        ...(table && { classCounts: Array.from(classCountsIn(table, one.cluster)) }),
        ...(examples && { examples }),
      };
    }),
  };
}

function classCountsIn({ counts, nClasses }: ContingencyTable, cluster: number): Int32Array {
  return counts.subarray(cluster * nClasses, (cluster + 1) * nClasses);
}

function examplesOf(
  cluster: number,
  labels: Int32Array,
  { clusters }: Pick<Exhibits, "clusters">,
): Exhibit | undefined {
  const seen = new Set<number>();
  const found: Exhibit[] = [];
  for (const kind of ["typical", "random", "borderline"] as const) {
    // By rank, so that of merged clusters each is seen.
    const own = clusters
      .flatMap((exhibit) => exhibit[kind].indices.map((index, at) => ({ index, at, exhibit: exhibit[kind] })))
      .filter(({ index }) => labels[index] === cluster)
      .sort((a, b) => a.at - b.at || a.index - b.index);
    for (const { index, at, exhibit } of own) {
      if (seen.has(index) || seen.size === MOST_EXAMPLES) continue;
      seen.add(index);
      found.push({ indices: [index], images: takeImages(exhibit.images, [at]) });
    }
  }
  if (found.length === 0) return undefined;
  return {
    indices: [...seen],
    images: found.map(({ images }) => images).reduce(concatenateImages),
  };
}
