import { apply, type Dimension, integers, type Shape, scalarLike, type Tensor } from "../graph/tensor.ts";
import { sameShape, shapeOf, spreadTo } from "./shapes.ts";

/**
 * The same elements in another shape.
 *
 * @param shape at most one named size, which is found when the model runs
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const sizes = integers(shape.map((size) => (typeof size === "number" ? size : -1)));
  return apply("Reshape", [x, sizes], { type: x.type, shape }, {}, (gradient, output) => {
    if (gradient.shape.length === 0) return [gradient, undefined];
    const whole = spreadTo(gradient, output);
    const named = x.shape.filter((size) => typeof size !== "number").length;
    if (named <= 1) return [reshape(whole, x.shape), undefined];
    return [apply("Reshape", [whole, shapeOf(x)], x), undefined];
  });
}

/** Axes in another order: axis i of the result is axis `order[i]` of x. */
export function transpose(x: Tensor, order: readonly number[]): Tensor {
  const shape = order.map((axis): Dimension => x.shape[axis] ?? 1);
  return apply("Transpose", [x], { type: x.type, shape }, { perm: order }, (gradient, output) => {
    const back = order.map((_, axis) => order.indexOf(axis));
    return [transpose(spreadTo(gradient, output), back)];
  });
}

/** Tensors one after the other along an axis of known size. */
export function concatenate(tensors: readonly Tensor[], axis: number): Tensor {
  const sizes = tensors.map((tensor) => tensor.shape[axis] as number);
  const [first] = tensors as [Tensor];
  const shape = first.shape.map((size, i) => (i === axis ? sizes.reduce((a, b) => a + b, 0) : size));
  return apply("Concat", tensors, { type: first.type, shape }, { axis }, (gradient, output) => {
    const whole = spreadTo(gradient, output);
    let from = 0;
    return sizes.map((size) => {
      from += size;
      return slice(whole, axis, from - size, from);
    });
  });
}

/** Elements `from` up to, not including, `to` along an axis of known size. */
export function slice(x: Tensor, axis: number, from: number, to: number): Tensor {
  const size = x.shape[axis] as number;
  const shape = x.shape.map((length, i) => (i === axis ? to - from : length));
  const inputs = [x, integers([from]), integers([to]), integers([axis])];
  return apply("Slice", inputs, { type: x.type, shape }, {}, (gradient, output) => [
    pad(spreadTo(gradient, output), axis, from, size - to),
  ]);
}

/** Zeros before and after the floats along an axis of known size. */
export function pad(x: Tensor, axis: number, before: number, after: number): Tensor {
  const size = x.shape[axis] as number;
  const pads = x.shape.flatMap((_, i) => (i === axis ? before : 0));
  const ends = x.shape.flatMap((_, i) => (i === axis ? after : 0));
  const shape = x.shape.map((length, i) => (i === axis ? size + before + after : length));
  const inputs = [x, integers([...pads, ...ends]), scalarLike(x, 0)];
  return apply("Pad", inputs, { type: x.type, shape }, {}, (gradient, output) => [
    slice(spreadTo(gradient, output), axis, before, before + size),
  ]);
}

/** The entries of an axis with the given indices (not differentiable: a gather whose gradient is needed has its own rule). */
export function gather(x: Tensor, indices: Tensor, axis: number): Tensor {
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  return apply("Gather", [x, indices], { type: x.type, shape }, { axis });
}
