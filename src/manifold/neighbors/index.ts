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
export type { ExactNeighborsOptions, NeighborMetric, Neighbors, QueryNeighborsOptions } from "./types.ts";
