export { assignImages, type Chain, centerImages, chainFeatures, methodStages } from "./chain.ts";
export { availableMethods, type Method, parseMethod, parseMethods } from "./method.ts";
export type {
  Assignment,
  ClustererStage,
  ClusterFit,
  ClusterModel,
  ClusterOptions,
  ClusterStep,
  FeatureModel,
  FeatureStage,
  ImageShape,
  PixelsModel,
  StageContext,
} from "./stages.ts";
