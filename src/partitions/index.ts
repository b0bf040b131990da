export type { Assignment, CostMatrix } from "./assignment.ts";
export { linearAssignment } from "./assignment.ts";
export type { ContingencyOptions, ContingencyTable } from "./contingency.ts";
export { contingencyTable } from "./contingency.ts";
export { adjustedRandIndex, fowlkesMallows } from "./pairs.ts";
