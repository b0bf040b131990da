export { fit, steps } from "./consensus.ts";
export { checkConsensusOptions, defaults } from "./options.ts";
export type {
  ConsensusFit,
  ConsensusMember,
  ConsensusMethod,
  ConsensusModel,
  ConsensusOptions,
  ConsensusSettings,
  ConsensusStep,
} from "./types.ts";
