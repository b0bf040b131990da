import { apply, type FloatType, scalarLike, type Tensor } from "../graph/tensor.ts";
import { dataTypes } from "../onnx/index.ts";
import { broadcastShape, gatherTo } from "./shapes.ts";

type BinaryRule = (gradient: Tensor, output: Tensor) => readonly [Tensor, Tensor];

function binary(operator: string, a: Tensor, b: Tensor, rule: BinaryRule): Tensor {
  const result = { type: a.type, shape: broadcastShape(a.shape, b.shape) };
  return apply(operator, [a, b], result, {}, (gradient, output) => {
    const [left, right] = rule(gradient, output);
    return [gatherTo(left, output, a), gatherTo(right, output, b)];
  });
}

/** a + b, with broadcasting. */
export function add(a: Tensor, b: Tensor): Tensor {
  return binary("Add", a, b, (gradient) => [gradient, gradient]);
}

/** a - b, with broadcasting. */
export function subtract(a: Tensor, b: Tensor): Tensor {
  return binary("Sub", a, b, (gradient) => [gradient, negate(gradient)]);
}

/** a b, with broadcasting. */
export function multiply(a: Tensor, b: Tensor): Tensor {
  return binary("Mul", a, b, (gradient) => [multiply(gradient, b), multiply(gradient, a)]);
}

/** a / b, with broadcasting. */
export function divide(a: Tensor, b: Tensor): Tensor {
  return binary("Div", a, b, (gradient, output) => {
    const left = divide(gradient, b);
    return [left, negate(multiply(left, output))];
  });
}

/** a times a plain number. */
export function scale(a: Tensor, factor: number): Tensor {
  const by = scalarLike(a, factor);
  return apply("Mul", [a, by], a, {}, (gradient) => [multiply(gradient, by), undefined]);
}

/** a plus a plain number. */
export function shift(a: Tensor, by: number): Tensor {
  return apply("Add", [a, scalarLike(a, by)], a, {}, (gradient) => [gradient, undefined]);
}

/** -a. */
export function negate(a: Tensor): Tensor {
  return apply("Neg", [a], a, {}, (gradient) => [negate(gradient)]);
}

/** a squared. */
export function square(a: Tensor): Tensor {
  return apply("Mul", [a, a], a, {}, (gradient) => [scale(multiply(gradient, a), 2), undefined]);
}

/** Square root; its gradient is infinite at 0. */
export function sqrt(a: Tensor): Tensor {
  return apply("Sqrt", [a], a, {}, (gradient, output) => [scale(divide(gradient, output), 0.5)]);
}

/** e to the power of a. */
export function exp(a: Tensor): Tensor {
  return apply("Exp", [a], a, {}, (gradient, output) => [multiply(gradient, output)]);
}

/** Natural logarithm. */
export function log(a: Tensor): Tensor {
  return apply("Log", [a], a, {}, (gradient) => [divide(gradient, a)]);
}

/** Absolute value; the gradient at 0 is 0. */
export function abs(a: Tensor): Tensor {
  return apply("Abs", [a], a, {}, (gradient) => [multiply(gradient, apply("Sign", [a], a))]);
}

/** The same numbers as floats of the given type; nothing passes backwards into integers. */
export function toFloat(a: Tensor, type: FloatType): Tensor {
  const { type: before, shape } = a;
  if (before === type) return a;
  const rule = (gradient: Tensor): Tensor[] => [toFloat(gradient, before as FloatType)];
  const differentiable = before === "float32" || before === "float64";
  return apply("Cast", [a], { type, shape }, { to: dataTypes[type] }, differentiable ? rule : undefined);
}

/** a, positive, to the power of a plain number. */
export function power(a: Tensor, exponent: number): Tensor {
  return apply("Pow", [a, scalarLike(a, exponent)], a, {}, (gradient) => [
    scale(multiply(gradient, power(a, exponent - 1)), exponent),
    undefined,
  ]);
}

/** a, or `least` where a is smaller; no gradient passes there. */
export function atLeast(a: Tensor, least: number): Tensor {
  const bound = scalarLike(a, least);
  return apply("Max", [a, bound], a, {}, (gradient) => {
    const above = apply("Greater", [a, bound], { type: "bool", shape: a.shape });
    return [multiply(gradient, apply("Cast", [above], a, { to: dataTypes[a.type] })), undefined];
  });
}
