/** Scores of images that come piece by piece: counts and sums are kept, no image. */
import type { ImageSet } from "../images/index.ts";
import { type ContingencyTable, externalScores } from "../metrics/index.ts";
import type { Assignment } from "../pipeline/index.ts";
import type { Metrics } from "./record.ts";

/** What has been counted so far. */
export interface AgreementCounts {
  /** Counts further images; labels of all pieces must stand for the same classes, later ones may know more. */
  add(images: ImageSet, assignment: Assignment): void;
  /** Number of images in each cluster. */
  readonly sizes: readonly number[];
  /** The inertia and, where any class is known, the scores that compare with classes. */
  metrics(): Metrics;
}

/** Counts for assignments to so many clusters. */
export function countAgreement(nClusters: number): AgreementCounts {
  const sizes = new Array<number>(nClusters).fill(0);
  /** Of each class, its images in each cluster. */
  const classes: Float64Array[] = [];
  let inertia = 0;
  return {
    sizes,
    add({ labels: known, classNames = [] }, { labels, distances }) {
      while (classes.length < classNames.length) classes.push(new Float64Array(nClusters));
      for (let i = 0; i < labels.length; i++) {
        const cluster = labels[i] as number;
        sizes[cluster] = (sizes[cluster] as number) + 1;
        inertia += (distances[i] as number) ** 2;
        const counts = classes[known?.[i] ?? -1];
        if (counts) counts[cluster] = (counts[cluster] as number) + 1;
      }
    },
    metrics() {
      const table = tableOf(classes, nClusters);
      return { ...(table.total > 0 && externalScores(table)), inertia };
    },
  };
}

function tableOf(classes: readonly Float64Array[], nClusters: number): ContingencyTable {
  const nClasses = classes.length;
  const counts = new Int32Array(nClusters * nClasses);
  const clusterSizes = new Float64Array(nClusters);
  const classSizes = new Float64Array(nClasses);
  let total = 0;
  classes.forEach((own, l) => {
    own.forEach((count, r) => {
      counts[r * nClasses + l] = count;
      clusterSizes[r] = (clusterSizes[r] as number) + count;
      classSizes[l] = (classSizes[l] as number) + count;
      total += count;
    });
  });
  return { nClusters, nClasses, counts, clusterSizes, classSizes, total, leftOut: 0 };
}
