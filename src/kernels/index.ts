export type { Compute, KernelCompute } from "./compute.ts";
export { computeOf, createCompute, maxThreads } from "./compute.ts";
export type { LoadedSamples, TaskValues } from "./loaded-samples.ts";
export {
  beyondAllBounds,
  centerTables,
  largestRoundingError,
  loadSamples,
  sumOfBlocks,
  sumTables,
} from "./loaded-samples.ts";
