export { type Augmentation, type MovementRange, randomMovement } from "./augmentation.ts";
export type { BestEpoch, Checkpoint, EpochResult, StateTensor, Validation } from "./checkpoint.ts";
export {
  compileTraining,
  type DrawSpec,
  type Objective,
  type StateSpec,
  type TableSpec,
  type TrainingGraph,
  type TrainingProgram,
} from "./compile.ts";
export { type MinibatchContext, Minibatches, type MinibatchLosses, type Place } from "./minibatches.ts";
export { train } from "./train.ts";
export type { Trained, TrainingContext, TrainingProgress, TrainingSettings } from "./types.ts";
