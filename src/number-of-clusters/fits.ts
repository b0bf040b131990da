/** Fits of the panel's clusterer. */
import type { Samples } from "../matrix/index.ts";
import { grownCenters, type Partition, partitionOf } from "./partition.ts";
import type { PanelClusterer, PanelContext, PanelFit, PanelFitOptions, PanelFitStep } from "./types.ts";

/** A fit, and its clusters. */
export interface PartitionFit<Model> extends PanelFit<Model> {
  readonly partition: Partition;
}

/**
 * A fit that ends no higher than the one with one cluster less. Fits from a seed need not fall with k, since each ends in
 * some local optimum; where one ends above that of k - 1, another starts from the clusters of k - 1 and the sample
 * farthest from its center, and the lower of both is kept. (K-Means cannot end higher from there; a clusterer that lowers
 * something else than the inertia may. A clusterer of graphs takes no centers to start from.)
 */
export async function* fallingFit<Model>(
  clusterer: PanelClusterer<Model>,
  samples: Samples,
  options: PanelFitOptions,
  previous: PartitionFit<Model> | undefined,
  context: PanelContext,
): AsyncGenerator<PanelFitStep, PartitionFit<Model>, void> {
  const { nClusters } = options;
  let fit = yield* clusterer.steps(samples, options, context);
  if (previous && fit.inertia > previous.inertia && !clusterer.graphs) {
    const init = grownCenters(samples, previous.partition, nClusters);
    const grown = yield* clusterer.steps(samples, { ...options, init, restarts: 1 }, context);
    if (grown.inertia < fit.inertia) fit = grown;
  }
  return { ...fit, partition: partitionOf(samples, fit.labels, nClusters) };
}
