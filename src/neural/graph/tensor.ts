/**
 * Tensors of a computation that has not run yet. A tensor knows the node that makes it, the node knows the tensors it
 * takes: so the graph is whatever can be reached from the results one asks for, and nothing has to be registered,
 * ordered or pruned. `encodeModel` writes what is reached as an ONNX model; `gradients` walks the same links backwards.
 */

/** Element types that the compiler uses, named as in ONNX. */
export type ElementType = "float32" | "float64" | "uint8" | "uint16" | "int32" | "int64" | "bool";

/** Element types in which networks compute. */
export type FloatType = "float32" | "float64";

/** Elements of a tensor in memory. A bool is one byte, 0 or 1. */
export type TensorData = Float32Array | Float64Array | Uint8Array | Uint16Array | Int32Array | BigInt64Array;

/** The array that holds elements of each type in memory. */
export const elementArrays: {
  readonly float32: typeof Float32Array;
  readonly float64: typeof Float64Array;
  readonly uint8: typeof Uint8Array;
  readonly uint16: typeof Uint16Array;
  readonly int32: typeof Int32Array;
  readonly int64: typeof BigInt64Array;
  readonly bool: typeof Uint8Array;
} = {
  float32: Float32Array,
  float64: Float64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
};

/** Size along one axis; a name stands for a size that is known only when the model runs (`"batch"`). */
export type Dimension = number | string;

/** Size of each dimension, the slowest first. */
export type Shape = readonly Dimension[];

/** A value of the computation. */
export interface Tensor {
  readonly type: ElementType;
  readonly shape: Shape;
  readonly source: TensorSource;
  /** How gradients pass through; absent where nothing that can be trained influences the value. */
  readonly derivative?: Derivative;
}

/** Where a value comes from. */
export type TensorSource = InputSource | ConstantSource | NodeSource;

/** Given from outside when the model runs. */
export interface InputSource {
  readonly kind: "input";
  /** Unique in the model. */
  readonly name: string;
}

/** Written into the model. */
export interface ConstantSource {
  readonly kind: "constant";
  readonly data: TensorData;
}

/** One output of a node. */
export interface NodeSource {
  readonly kind: "node";
  readonly node: OperatorNode;
  /** Which output, from 0. */
  readonly output: number;
}

/** One ONNX operator, applied. */
export interface OperatorNode {
  /** ONNX name of the operator, e.g. `"Gemm"`. */
  readonly operator: string;
  readonly inputs: readonly Tensor[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly nOutputs: number;
  /** Body of a `Loop`. */
  readonly body?: Subgraph;
}

/** Attribute of an operator. Plain integers are ONNX ints; `{ float }` marks a floating-point number. */
export type Attribute = number | readonly number[] | { readonly float: number };

/** A graph inside a node; it may use inputs of the graph around it by their names. */
export interface Subgraph {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

/** Reverse-mode rule of an operation: gradients of the loss with respect to its inputs, from that of its output. */
export interface Derivative {
  readonly inputs: readonly Tensor[];
  /**
   * @param gradient of the output; its shape may be any that broadcasts to the output's (a scalar for a sum, say)
   * @returns one for each of `inputs`, each of a shape that broadcasts to the input's; undefined where it has none
   */
  readonly rule: (gradient: Tensor) => readonly (Tensor | undefined)[];
}

/** A value that is given when the model runs. */
export function input(name: string, type: ElementType, shape: Shape): Tensor {
  return { type, shape, source: { kind: "input", name } };
}

/** A value that is written into the model; `data.length` is the product of the shape. */
export function constant(type: ElementType, shape: readonly number[], data: TensorData): Tensor {
  return { type, shape, source: { kind: "constant", data } };
}

/** A constant of 64-bit integers, as ONNX wants shapes, axes and indices. */
export function integers(values: ArrayLike<number>): Tensor {
  return constant("int64", [values.length], BigInt64Array.from(Array.from(values, BigInt)));
}

/** A single number of the given float type. */
export function scalar(type: FloatType, value: number): Tensor {
  const data = type === "float64" ? Float64Array.of(value) : Float32Array.of(value);
  return constant(type, [], data);
}

/** A single number of the same float type as `like`. */
export function scalarLike(like: Tensor, value: number): Tensor {
  return scalar(floatType(like), value);
}

/** The float type of a tensor that must be one. */
export function floatType(tensor: Tensor): FloatType {
  if (tensor.type === "float32" || tensor.type === "float64") return tensor.type;
  throw new TypeError(`a float tensor was expected; got ${tensor.type}`);
}

/** What an operator makes. */
export interface Result {
  readonly type: ElementType;
  readonly shape: Shape;
}

/**
 * Applies an ONNX operator with one output.
 *
 * @param rule gradients with respect to all inputs, in their order; without it nothing passes backwards
 */
export function apply(
  operator: string,
  inputs: readonly Tensor[],
  { type, shape }: Result,
  attributes: Readonly<Record<string, Attribute>> = {},
  rule?: (gradient: Tensor, output: Tensor) => readonly (Tensor | undefined)[],
): Tensor {
  const node: OperatorNode = { operator, inputs, attributes, nOutputs: 1 };
  const made: Tensor = { type, shape, source: { kind: "node", node, output: 0 } };
  return rule ? withDerivative(made, inputs, rule) : made;
}

/** The same value, through which gradients pass by a rule of its own rather than those of the nodes that make it. */
export function withDerivative(
  value: Tensor,
  inputs: readonly Tensor[],
  rule: (gradient: Tensor, output: Tensor) => readonly (Tensor | undefined)[],
): Tensor {
  const { type, shape, source } = value;
  const output: Tensor = {
    type,
    shape,
    source,
    derivative: { inputs, rule: (gradient) => rule(gradient, output) },
  };
  return output;
}

/** The same value, through which no gradient passes. */
export function withoutDerivative({ type, shape, source }: Tensor): Tensor {
  return { type, shape, source };
}
