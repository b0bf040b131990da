export type { BestEpoch, Checkpoint, EpochResult, StateTensor, Validation } from "./checkpoint.ts";
export {
  compileTraining,
  type DrawSpec,
  type Objective,
  type StateSpec,
  type TrainingGraph,
  type TrainingProgram,
} from "./compile.ts";
export { train } from "./train.ts";
export type { Trained, TrainingContext, TrainingProgress, TrainingSettings } from "./types.ts";
