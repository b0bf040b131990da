import { apply, type Shape, type Tensor } from "../graph/tensor.ts";
import { reshape, transpose } from "./layout.ts";
import { sum } from "./reductions.ts";
import { spreadTo } from "./shapes.ts";

/**
 * x W + b.
 *
 * @param x rows x in
 * @param weights in x out
 * @param bias out
 */
export function affine(x: Tensor, weights: Tensor, bias?: Tensor): Tensor {
  const inputs = bias ? [x, weights, bias] : [x, weights];
  return product(inputs, [x.shape[0] ?? 1, weights.shape[1] ?? 1], {}, (gradient, output) => {
    const whole = spreadTo(gradient, output);
    return [
      matrixProduct(whole, weights, { transposeB: true }),
      weightGradient(x, whole),
      bias && sum(whole, [0]),
    ];
  });
}

/**
 * Most columns of a product for which `Gemm` transposes its first input once: ONNX Runtime does it again for each such
 * block of columns.
 */
const COLUMN_BLOCK = 128;

/** x transposed, times the gradient of the output. */
function weightGradient(x: Tensor, gradient: Tensor): Tensor {
  const [rows = 1, columns = 1] = x.shape;
  if (Number(gradient.shape[1]) <= COLUMN_BLOCK) return matrixProduct(x, gradient, { transposeA: true });
  // With an axis more, or it would be made one with the product again.
  const turned = transpose(reshape(x, [1, rows, columns]), [0, 2, 1]);
  return matrixProduct(reshape(turned, [columns, rows]), gradient);
}

/** A B, each of them transposed first if wanted. Both have two axes. */
export function matrixProduct(
  a: Tensor,
  b: Tensor,
  { transposeA = false, transposeB = false }: { transposeA?: boolean; transposeB?: boolean } = {},
): Tensor {
  const shape = [a.shape[transposeA ? 1 : 0] ?? 1, b.shape[transposeB ? 0 : 1] ?? 1];
  const attributes = { ...(transposeA && { transA: 1 }), ...(transposeB && { transB: 1 }) };
  return product([a, b], shape, attributes, (gradient, output) => {
    const g = spreadTo(gradient, output);
    return [
      transposeA
        ? matrixProduct(b, g, { transposeA: transposeB, transposeB: true })
        : matrixProduct(g, b, { transposeB: !transposeB }),
      transposeB
        ? matrixProduct(g, a, { transposeA: true, transposeB: transposeA })
        : matrixProduct(a, g, { transposeA: !transposeA }),
    ];
  });
}

/**
 * A B for each of several matrices B. No gradient passes.
 *
 * @param a rows x in
 * @param b count x in x columns
 * @returns count x rows x columns
 */
export function matrixProducts(a: Tensor, b: Tensor): Tensor {
  const shape = [b.shape[0] ?? 1, a.shape[0] ?? 1, b.shape[2] ?? 1];
  return apply("MatMul", [a, b], { type: a.type, shape });
}

function product(
  inputs: readonly Tensor[],
  shape: Shape,
  attributes: Readonly<Record<string, number>>,
  rule: (gradient: Tensor, output: Tensor) => readonly (Tensor | undefined)[],
): Tensor {
  return apply("Gemm", inputs, { type: inputs[0]?.type ?? "float32", shape }, attributes, rule);
}
