/** New images, put into the present clusters of a run. */
import {
  type Assignment,
  type Chain,
  chainProbabilities,
  type SeenImages,
  type StageContext,
} from "../pipeline/index.ts";
import type { EditedClusters } from "./fold.ts";
import { routeLabels, routeProbabilities } from "./route.ts";

/**
 * The assignment of new images after the edits of a run: their clusters, and the probabilities of these where the
 * clusterer knows any. Distances and familiarities stay those to the clusters that the run found, since merged clusters
 * have several centers. Without merges and splits it is the assignment as it was.
 *
 * @param assigned as `assignStream` gives it
 */
export async function editedAssignment(
  { route, nextCluster }: Pick<EditedClusters, "route" | "nextCluster">,
  chain: Chain,
  { assignment, samples }: SeenImages,
  context: StageContext = {},
): Promise<Assignment> {
  if (route.length === 0) return assignment;
  const labels = routeLabels(route, assignment.labels, samples);
  const all = assignment.probabilities && (await chainProbabilities(chain, samples, context));
  return {
    ...assignment,
    labels,
    ...(all && { probabilities: routeProbabilities(route, labels, all, nextCluster, samples) }),
  };
}
