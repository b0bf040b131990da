export { checkGraph } from "./check-graph.ts";
export { fit, steps } from "./graph.ts";
export { checkGraphOptions, checkNClusters, defaults, mostClusters } from "./options.ts";
export {
  bySize,
  type GraphSession,
  openGraphs,
  type Partition,
  partitions,
  type Run,
  type RunSettings,
} from "./session.ts";
export type { GraphFit, GraphModel, GraphOptions, GraphSettings, GraphStep } from "./types.ts";
export { type NeighborTable, voteOfNeighbors } from "./vote-of-neighbors.ts";
