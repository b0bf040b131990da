export type {
  ActivationLayer,
  ConvolutionLayer,
  DenseLayer,
  GaussianNoiseLayer,
  Layer,
  LayerShape,
  MaskingLayer,
  Network,
  ReshapeLayer,
  TransposedConvolutionLayer,
} from "./layer.ts";
export {
  applyNetwork,
  describeNetwork,
  type NetworkResult,
  networkOutput,
  networkParameters,
  networkProducts,
  type ParameterSpec,
  widestPoint,
} from "./network.ts";
export { addNoise, type Draws, mask, normal } from "./noise.ts";
