import { apply, constant, type Dimension, integers, type Shape, type Tensor } from "../graph/tensor.ts";
import { dataTypes } from "../onnx/index.ts";

/** Whether two shapes are written alike. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

/**
 * Shape of an elementwise result, by the rules of NumPy's broadcasting. A named size broadcasts against itself and 1.
 *
 * @throws {TypeError} if the shapes do not go together
 */
export function broadcastShape(a: Shape, b: Shape): Shape {
  const length = Math.max(a.length, b.length);
  return Array.from({ length }, (_, i) => {
    const left = a[i - length + a.length] ?? 1;
    const right = b[i - length + b.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new TypeError(`shapes [${a}] and [${b}] do not broadcast`);
  });
}

/** The shape of a tensor as a tensor, known when the model runs. */
export function shapeOf(tensor: Tensor): Tensor {
  if (tensor.shape.every((size) => typeof size === "number")) return integers(tensor.shape);
  return apply("Shape", [tensor], { type: "int64", shape: [tensor.shape.length] });
}

/** A gradient spelled out in the shape of the tensor that it belongs to. */
export function spreadTo(gradient: Tensor, like: Tensor): Tensor {
  if (sameShape(gradient.shape, like.shape)) return gradient;
  return apply("Expand", [gradient, shapeOf(like)], { type: gradient.type, shape: like.shape });
}

/**
 * Gradient with respect to an input that was broadcast: what was copied forwards is added backwards.
 *
 * @param gradient of `output`, in any shape that broadcasts to the output's
 */
export function gatherTo(gradient: Tensor, output: Tensor, like: Tensor): Tensor {
  if (sameShape(output.shape, like.shape)) return gradient;
  const whole = spreadTo(gradient, output);
  const missing = output.shape.length - like.shape.length;
  const axes = output.shape.flatMap((size, i) =>
    i < missing || like.shape[i - missing] !== size ? [i] : [],
  );
  const kept = whole.shape.map((size, i): Dimension => (axes.includes(i) ? 1 : size));
  const summed = apply(
    "ReduceSum",
    [whole, integers(axes)],
    { type: whole.type, shape: missing === 0 ? kept : kept.filter((_, i) => !axes.includes(i)) },
    { keepdims: missing === 0 ? 1 : 0 },
  );
  if (sameShape(summed.shape, like.shape)) return summed;
  return apply("Reshape", [summed, shapeOf(like)], { type: whole.type, shape: like.shape });
}

/** Number of elements of a tensor, as a number of its own float type. */
export function elementCount(tensor: Tensor): Tensor {
  const double = tensor.type === "float64";
  if (tensor.shape.every((size) => typeof size === "number")) {
    const count = tensor.shape.reduce((product, size) => product * size, 1);
    return constant(tensor.type, [], double ? Float64Array.of(count) : Float32Array.of(count));
  }
  const size = apply("Size", [tensor], { type: "int64", shape: [] });
  return apply("Cast", [size], { type: tensor.type, shape: [] }, { to: dataTypes[tensor.type] });
}
