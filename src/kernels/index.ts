export type { Compute, KernelCompute } from "./compute.ts";
export { computeOf, createCompute } from "./compute.ts";
export { loadSamples } from "./load-samples.ts";
export type { LoadedSamples, TaskValues } from "./loaded-samples.ts";
export { roundUp } from "./round-up.ts";
export { beyondAllBounds, centerTables, largestRoundingError, sumOfBlocks, sumTables } from "./tables.ts";
export { openWorkspace, type Workspace } from "./workspace.ts";
