export { approximateNeighbors } from "./approximate.ts";
export { exactNeighbors, queryNeighbors } from "./exact.ts";
export {
  type Components,
  connectedComponents,
  fuzzyGraph,
  meanGraph,
  neighborMatrix,
  transpose,
} from "./graph.ts";
export {
  type MembershipScales,
  membershipScales,
  membershipShares,
  membershipStrengths,
} from "./membership.ts";
export { mostExactRows, nearestNeighbors } from "./nearest.ts";
export { type EstimateRecallOptions, estimateRecall, neighborRecall } from "./recall.ts";
export type {
  ApproximateNeighborsOptions,
  ExactNeighborsOptions,
  NeighborMetric,
  Neighbors,
  QueryNeighborsOptions,
} from "./types.ts";
