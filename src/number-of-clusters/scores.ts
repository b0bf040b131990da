/** Internal scores of each partition, on some samples. */
import { internalScores } from "../metrics/index.ts";
import type { Random } from "../random/index.ts";
import type { Ground } from "./ground.ts";
import type { PanelContext } from "./types.ts";

/** Scores of one partition; null where they are not defined. */
export interface PartitionScores {
  readonly silhouette: number | null;
  /** Standard error of the silhouette. */
  readonly silhouetteError: number | null;
  readonly calinskiHarabasz: number | null;
  readonly daviesBouldin: number | null;
}

const undefinedScores: PartitionScores = {
  silhouette: null,
  silhouetteError: null,
  calinskiHarabasz: null,
  daviesBouldin: null,
};

/**
 * Internal scores of a partition of the ground's samples. None is defined for one cluster, and Calinski and Harabasz's
 * ratio not where every sample lies on its center.
 *
 * @param measured samples whose silhouettes are measured, against all others of the ground
 */
export async function partitionScores(
  { samples, population, negligible }: Ground,
  labels: Int32Array,
  { nClusters, measured, random }: { nClusters: number; measured: number; random: Random },
  context: PanelContext,
): Promise<PartitionScores> {
  const scores = await internalScores(samples, labels, { nClusters, sampleSize: measured, random }, context);
  if (scores.silhouette === undefined) return undefinedScores;
  return {
    silhouette: scores.silhouette,
    silhouetteError: errorOf(scores.silhouetteError as number, Math.min(measured, samples.rows), {
      drawnFrom: samples.rows,
      population,
    }),
    calinskiHarabasz: scores.inertia > negligible ? (scores.calinskiHarabasz ?? null) : null,
    daviesBouldin: scores.daviesBouldin ?? null,
  };
}

/** The error of a mean of some of the ground's samples, seen from all samples that the ground itself is drawn from. */
function errorOf(
  error: number,
  measured: number,
  { drawnFrom, population }: { readonly drawnFrom: number; readonly population: number },
): number {
  if (drawnFrom === population || measured === drawnFrom) return error;
  return error * Math.sqrt((1 - measured / population) / (1 - measured / drawnFrom));
}
