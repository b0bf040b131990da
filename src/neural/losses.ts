/** Losses and penalties: what training makes small. Each gives a single number. */
import { type Tensor, withDerivative } from "./graph/tensor.ts";
import {
  abs,
  activations,
  add,
  divide,
  elementCount,
  exp,
  log,
  mean,
  meanOfSquares,
  multiply,
  negate,
  scale,
  shift,
  softplus,
  square,
  subtract,
  sum,
  sumOfSquares,
} from "./operators/index.ts";

/** Mean squared error over all elements. */
export function meanSquaredError(output: Tensor, target: Tensor): Tensor {
  return meanOfSquares(subtract(output, target));
}

/**
 * Mean binary cross-entropy over all elements, from what comes before the sigmoid: there it neither overflows nor takes
 * the logarithm of 0.
 *
 * @param logits any numbers; their sigmoid is the probability
 * @param target in [0, 1]
 */
export function binaryCrossEntropy(logits: Tensor, target: Tensor): Tensor {
  const value = mean(subtract(softplus(logits), multiply(target, logits)));
  return withDerivative(value, [logits, target], (gradient) => {
    const each = divide(gradient, elementCount(logits));
    return [multiply(subtract(activations.sigmoid(logits), target), each), negate(multiply(logits, each))];
  });
}

/**
 * Kullback-Leibler divergence of q from the target p, mean over rows: sum of p log(p / q).
 *
 * @param target rows of positive numbers that sum to 1
 * @param q rows of positive numbers that sum to 1
 */
export function klDivergence(target: Tensor, q: Tensor): Tensor {
  return divide(sum(multiply(target, subtract(log(target), log(q)))), rowCount(q));
}

/**
 * Divergence of normal distributions from the standard one, summed over dimensions, mean over rows (Kingma and Welling
 * 2014, appendix B): (exp(v) + m^2 - 1 - v) / 2.
 *
 * @param means batch x dimensions
 * @param logVariances batch x dimensions
 */
export function standardNormalDivergence(means: Tensor, logVariances: Tensor): Tensor {
  const terms = subtract(add(exp(logVariances), square(means)), shift(logVariances, 1));
  return divide(scale(sum(terms), 0.5), rowCount(means));
}

/** L1 penalty: mean absolute value. */
export function meanAbsolute(x: Tensor): Tensor {
  return mean(abs(x));
}

/** L2 penalty: sum of squares over all the tensors. */
export function totalSquares(tensors: readonly Tensor[]): Tensor {
  const [first, ...rest] = tensors.map(sumOfSquares) as [Tensor, ...Tensor[]];
  return rest.reduce(add, first);
}

/** Number of rows as a float. */
function rowCount(x: Tensor): Tensor {
  const columns = x.shape.slice(1).reduce((product: number, size) => product * Number(size), 1);
  return scale(elementCount(x), 1 / columns);
}
