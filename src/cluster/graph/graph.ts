import { drain, type RunContext, throwIfCancelled } from "../../estimator.ts";
import { computeOf } from "../../kernels/index.ts";
import type { SparseMatrix } from "../../matrix/index.ts";
import { createRandom } from "../../random/index.ts";
import { checkGraph } from "./check-graph.ts";
import { checkGraphOptions } from "./options.ts";
import { openGraphs, type Partition, partitions } from "./session.ts";
import type { GraphFit, GraphOptions, GraphStep } from "./types.ts";

/**
 * Clusters of a graph: communities of samples that are connected with each other more than chance would have it.
 *
 * Each run finds more communities than are wanted (Louvain's method at `startResolution`, in random order), joins them two
 * by two to the number of clusters, and then moves single samples between clusters, all to a high modularity.
 *
 * - Fewer communities than clusters: the run begins again at twice the resolution, until there are as many.
 * - Samples without edges join the largest cluster, except that they stand alone where there would be fewer than nClusters.
 * - Pieces without an edge between them are never joined by `"auto"`; to a given nClusters, the smallest are joined first.
 * - No cluster is ever empty: the last sample of a cluster does not move.
 *
 * @param graph nSamples x nSamples, symmetric, weights of at least 0; a weight on the diagonal counts once in its degree
 * @returns the model with the labels of the samples; the same bytes on any number of threads
 * @throws {OptionError} for an option out of range
 * @throws {InputError} for a graph that is no such matrix, or that is in thousands of pieces
 * @throws {CancelledError} if `context.signal` fires
 *
 * Time O(nRestarts x entries) in practice. Blondel et al. 2008; the modularity is that of Reichardt and Bornholdt 2006.
 */
export function fit(
  graph: SparseMatrix,
  options: GraphOptions,
  context: RunContext<GraphStep> = {},
): Promise<GraphFit> {
  return drain(steps(graph, options, context), context.onProgress);
}

/** As {@link fit}, one run at a time; what the generator returns is the fit. */
export async function* steps(
  graph: SparseMatrix,
  options: GraphOptions,
  context: RunContext<GraphStep> = {},
): AsyncGenerator<GraphStep, GraphFit, void> {
  checkGraph("graph.fit", graph);
  const settings = checkGraphOptions(options, graph);
  throwIfCancelled("graph.fit", context.signal);
  const session = openGraphs("graph.fit", computeOf(context.compute), [graph], context.signal);
  try {
    const root = createRandom(settings.seed).stream("graph");
    const runs = Array.from({ length: settings.nRestarts }, (_, restart) => ({
      graph: 0,
      random: root.stream("run", restart),
    }));
    const history: GraphStep[] = [];
    let best: Partition | undefined;
    for await (const partition of partitions(session, runs, {
      ...settings,
      resolutions: [settings.resolution],
    })) {
      const { run: restart, nCommunities, modularity, sizes } = partition;
      const step = { restart, nCommunities, nClusters: sizes.length, modularity };
      history.push(step);
      if (best === undefined || modularity > best.modularity) best = partition;
      yield step;
    }
    const { run, resolution: _, ...kept } = best as Partition;
    return { kind: "graph", settings, nClusters: kept.sizes.length, restart: run, history, ...kept };
  } finally {
    session.workspace.release();
  }
}
