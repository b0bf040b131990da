/** A small compiler of networks, their gradients and their training onto ONNX. */
export {
  type Attribute,
  type ConstantSource,
  constant,
  type Derivative,
  type Dimension,
  type ElementType,
  type FloatType,
  type InputSource,
  input,
  integers,
  type NodeSource,
  type OperatorNode,
  type Shape,
  type Subgraph,
  type Tensor,
  type TensorData,
  type TensorSource,
  withoutDerivative,
} from "./graph/tensor.ts";
export type { Initializer } from "./initializers.ts";
export * from "./layers/index.ts";
export * from "./losses.ts";
export {
  encodeModel,
  type ModelDescription,
  type ModelSummary,
  readModel,
  type TensorProto,
} from "./onnx/index.ts";
export * from "./operators/index.ts";
export { createOptimizer, type Optimizer, type OptimizerOptions, type Schedule } from "./optimizers/index.ts";
export * from "./runtime/index.ts";
export * from "./training/index.ts";
