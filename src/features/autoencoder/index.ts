export {
  type Architecture,
  type ArchitectureName,
  architectures,
  type Design,
  type Penalties,
} from "./architectures.ts";
export {
  type AutoencoderContext,
  type AutoencoderFit,
  type AutoencoderFitOptions,
  type AutoencoderProgress,
  fit,
  type Glimpse,
  steps,
  type Unfolding,
  withWeights,
} from "./autoencoder.ts";
export { type ChangingEncoder, openEncoder } from "./changing-encoder.ts";
export {
  designParameters,
  encodedTensor,
  type ModelCore,
  type NamedTensor,
  type NetworkTensors,
  networkTensors,
} from "./graphs.ts";
export type { AutoencoderModel } from "./model.ts";
export { decoderFile, encoderFile, type NamedBytes, parametersFromFiles } from "./onnx-files.ts";
export { type AutoencoderSettings, checkAutoencoderOptions, isArchitecture } from "./options.ts";
export type { AutoencoderOptions, EpochRecord, TrainingRecord } from "./records.ts";
export {
  decode,
  encode,
  type NetworkContext,
  type Reconstruction,
  reconstruct,
  reconstructionErrors,
} from "./use.ts";
