export type { Compute, KernelCompute } from "./compute.ts";
export { computeOf, createCompute, maxThreads } from "./compute.ts";
export { loadSamples } from "./load-samples.ts";
export type { LoadedSamples, TaskValues } from "./loaded-samples.ts";
export { beyondAllBounds, centerTables, largestRoundingError, sumOfBlocks, sumTables } from "./tables.ts";
