export type { EncoderFile, OnnxModel } from "../features/onnx/index.ts";
export { distancesToOwn } from "./center-distances.ts";
export {
  assignImages,
  type Chain,
  centerImages,
  chainClusters,
  chainFeatures,
  methodStages,
} from "./chain.ts";
export { availableMethods, type Method, parseMethod, parseMethods } from "./method.ts";
export { trainsNetwork, usesNetwork } from "./networks.ts";
export { pipelineFile } from "./onnx-export.ts";
export type {
  Assignment,
  ClustererStage,
  ClusterFit,
  ClusterInit,
  ClusterModel,
  ClusterOptions,
  ClusterStep,
  ClusterTensors,
  FeatureFit,
  FeatureModel,
  FeatureOptions,
  FeatureStage,
  ImageShape,
  LikelihoodScores,
  Objective,
  PixelsModel,
  StageContext,
} from "./stages.ts";
