import { type KMeansInit, type KMeansModel, predict, steps } from "../../cluster/k-means/index.ts";
import type { PanelClusterer } from "../types.ts";

/** K-Means as the panel's clusterer, with `nRestarts` starts where the panel does not say otherwise. */
export function kMeansClusterer(
  nRestarts: number,
  start: KMeansInit = "k-means++",
): PanelClusterer<KMeansModel> {
  return {
    async *steps(samples, { nClusters, seed, init, restarts = nRestarts }, context) {
      const options = { nClusters, seed, init: init ?? start, nRestarts: init ? 1 : restarts };
      const fitting = steps(samples, options, context);
      let next = await fitting.next();
      while (!next.done) {
        yield { iteration: next.value.iteration, objective: next.value.inertia };
        next = await fitting.next();
      }
      const { labels, inertia } = next.value;
      return { model: next.value, labels, inertia };
    },
    assign: predict,
  };
}
