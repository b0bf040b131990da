import { apply, scalarLike, type Tensor } from "../graph/tensor.ts";
import { add, divide, multiply, shift, sqrt, sumOfSquares } from "../operators/index.ts";

/**
 * Gradients shrunk together so that their common norm is at most `limit` (Pascanu et al. 2013); smaller ones stay.
 *
 * As in PyTorch, 1e-6 keeps the division from a norm of 0.
 */
export function clipByGlobalNorm(gradients: readonly Tensor[], limit: number): readonly Tensor[] {
  const [first, ...rest] = gradients.map(sumOfSquares) as [Tensor, ...Tensor[]];
  const norm = sqrt(rest.reduce(add, first));
  const wanted = divide(scalarLike(norm, limit), shift(norm, 1e-6));
  const factor = apply("Min", [wanted, scalarLike(norm, 1)], wanted);
  return gradients.map((gradient) => multiply(gradient, factor));
}
