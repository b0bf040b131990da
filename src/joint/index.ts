/** Features and clusters learned together. */
export { assign, assignCodes, fit, predict, responsibilities, steps } from "./joint.ts";
export { checkJointOptions, defaults } from "./options.ts";
export type { SoftAssignments } from "./soft-assignments.ts";
export type {
  AugmentationOptions,
  ClusteringStep,
  JointContext,
  JointFit,
  JointIteration,
  JointMethod,
  JointModel,
  JointOptions,
  JointSettings,
  JointStep,
  LayerStep,
  PartitionCheck,
  Pretraining,
  PretrainingStep,
} from "./types.ts";
