import { adadelta } from "./adadelta.ts";
import { adam } from "./adam.ts";
import type { Optimizer, OptimizerOptions } from "./optimizer.ts";
import { sgd } from "./sgd.ts";

export { type AdadeltaOptions, adadelta } from "./adadelta.ts";
export { type AdamOptions, adam } from "./adam.ts";
export { clipByGlobalNorm } from "./clipping.ts";
export type { Optimizer, OptimizerOptions } from "./optimizer.ts";
export { type Schedule, scheduleFactor } from "./schedules.ts";
export { type SgdOptions, sgd } from "./sgd.ts";

/** The optimizer that the options describe. */
export function createOptimizer(options: OptimizerOptions): Optimizer {
  switch (options.kind) {
    case "adam":
      return adam(options);
    case "adadelta":
      return adadelta(options);
    case "sgd":
      return sgd(options);
  }
}
