import { apply, type Dimension, integers, type OperatorNode, type Tensor } from "../graph/tensor.ts";
import { divide, multiply, scale } from "./arithmetic.ts";
import { elementCount, spreadTo } from "./shapes.ts";

/**
 * Sum along some axes.
 *
 * @param axes axes from 0; default all
 * @param keep whether summed axes stay, with size 1
 */
export function sum(x: Tensor, axes: readonly number[] = x.shape.map((_, i) => i), keep = false): Tensor {
  if (axes.length === 0) return x; // for ONNX, no axes are all
  const kept = x.shape.map((size, i): Dimension => (axes.includes(i) ? 1 : size));
  const shape = keep ? kept : kept.filter((_, i) => !axes.includes(i));
  const result = { type: x.type, shape };
  return apply("ReduceSum", [x, integers(axes)], result, { keepdims: keep ? 1 : 0 }, (gradient, output) => {
    if (keep || shape.length === 0 || gradient.shape.length === 0) return [gradient, undefined];
    return [unreduced(gradient, output, axes), undefined];
  });
}

/** A gradient of the reduced shape with its summed axes back, of size 1, so that it broadcasts again. */
function unreduced(gradient: Tensor, output: Tensor, axes: readonly number[]): Tensor {
  const whole = spreadTo(gradient, output);
  const shape = [...output.shape];
  for (const axis of [...axes].sort((a, b) => a - b)) shape.splice(axis, 0, 1);
  return apply("Unsqueeze", [whole, integers(axes)], { type: whole.type, shape });
}

/** Mean of all elements. */
export function mean(x: Tensor): Tensor {
  return divide(sum(x), elementCount(x));
}

/** Sum of the squares of all elements, in one pass. */
export function sumOfSquares(x: Tensor): Tensor {
  return apply("ReduceSumSquare", [x], { type: x.type, shape: [] }, { keepdims: 0 }, (gradient) => [
    multiply(x, scale(gradient, 2)),
  ]);
}

/** Mean of the squares of all elements. */
export function meanOfSquares(x: Tensor): Tensor {
  return divide(sumOfSquares(x), elementCount(x));
}

/** Where the least element along an axis stands, the first among equals: int64. No gradient passes. */
export function indexOfLeast(x: Tensor, axis: number): Tensor {
  const shape = x.shape.filter((_, i) => i !== axis);
  return apply("ArgMin", [x], { type: "int64", shape }, { axis, keepdims: 0, select_last_index: 0 });
}

/**
 * The least elements along an axis, the least first, and where they stand. No gradient passes.
 *
 * @param count at most the size of the axis
 * @returns both with `count` in place of that axis; indices as int64
 */
export function leastOf(x: Tensor, count: number, axis: number): { values: Tensor; indices: Tensor } {
  const shape = x.shape.map((size, i): Dimension => (i === axis ? count : size));
  const node: OperatorNode = {
    operator: "TopK",
    inputs: [x, integers([count])],
    attributes: { axis, largest: 0, sorted: 1 },
    nOutputs: 2,
  };
  return {
    values: { type: x.type, shape, source: { kind: "node", node, output: 0 } },
    indices: { type: "int64", shape, source: { kind: "node", node, output: 1 } },
  };
}
