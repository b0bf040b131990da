/** A small compiler of networks, their gradients and their training onto ONNX. */
export {
  constant,
  type ElementType,
  input,
  type Shape,
  type Tensor,
  type TensorData,
  withoutDerivative,
} from "./graph/tensor.ts";
export type { Initializer } from "./initializers.ts";
export * from "./layers/index.ts";
export * from "./losses.ts";
export { encodeModel, type ModelDescription, type ModelSummary, readModel } from "./onnx/index.ts";
export * from "./operators/index.ts";
export { createOptimizer, type Optimizer, type OptimizerOptions, type Schedule } from "./optimizers/index.ts";
export * from "./runtime/index.ts";
export * from "./training/index.ts";
