export type { EncoderFile, OnnxModel } from "../features/onnx/index.ts";
export { distancesToOwn } from "./center-distances.ts";
export {
  type AssignedImages,
  assignImages,
  assignStream,
  type Chain,
  calibrateChain,
  centerImages,
  chainClusters,
  chainColumns,
  chainFeatures,
  chainProbabilities,
  type MethodStages,
  methodStages,
  type SeenImages,
} from "./chain.ts";
export { clustererStages } from "./clusterers.ts";
export { describedMethods, describeMethod, type MethodDescription } from "./descriptions.ts";
export { type Familiarity, type StrangenessMeasure, UNFAMILIAR } from "./familiarity.ts";
export type { JointFit, JointStage, JointStep } from "./joint-stages.ts";
export {
  availableMethods,
  type Method,
  type MethodOptions,
  parseMethod,
  parseMethods,
  recipes,
  vectorRecipes,
} from "./method.ts";
export type {
  ClusterModel,
  CommunityModel,
  ComponentsModel,
  FeatureModel,
  ManifoldModel,
  MapModel,
  PixelsModel,
  SingleFeatureModel,
  StudentModel,
  TrainingCodes,
  View,
  ViewsModel,
} from "./models.ts";
export { trainsNetwork, usesNetwork } from "./networks.ts";
export { pipelineFile } from "./onnx-export.ts";
export { drawRows, MOST_IN_GRAPH } from "./sampling.ts";
export type {
  Assignment,
  ClustererStage,
  ClusterFit,
  ClusterInit,
  ClusterOptions,
  ClusterStep,
  ClusterTensors,
  FeatureFit,
  FeatureOptions,
  FeatureStage,
  GraphStep,
  ImageShape,
  IterationStep,
  LikelihoodScores,
  ManifoldFit,
  ManifoldStage,
  ManifoldStep,
  Objective,
  StageContext,
} from "./stages.ts";
export {
  memberships,
  neighborGraph,
  neighborsInViews,
  trainingCodes,
  weightedRows,
} from "./training-codes.ts";
export { checkMethodSource, scalesVectors, takesVectors } from "./vectors.ts";
