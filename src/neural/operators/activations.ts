import { apply, scalarLike, type Tensor, withDerivative } from "../graph/tensor.ts";
import { abs, add, exp, log, multiply, negate, scale, shift, square, subtract } from "./arithmetic.ts";
import { sum } from "./reductions.ts";

/** Activations that layers may have, by name. */
export type Activation = "linear" | "relu" | "leaky-relu" | "elu" | "softplus" | "sigmoid" | "tanh";

/** What each activation makes of every element of a tensor. */
export const activations: Readonly<Record<Activation, (x: Tensor) => Tensor>> = {
  linear: (x) => x,
  relu,
  "leaky-relu": (x) => leakyRelu(x),
  elu,
  softplus,
  sigmoid,
  tanh,
};

/** max(x, 0); the gradient at 0 is 0. */
export function relu(x: Tensor): Tensor {
  return apply("Relu", [x], x, {}, (gradient, output) => [multiply(gradient, positive(output))]);
}

/** 1 where x > 0, 0 where x = 0; x is never negative. */
function positive(x: Tensor): Tensor {
  // HardSigmoid, max(0, min(1, alpha x)), with the greatest alpha: ONNX Runtime runs it with SIMD instructions, which
  // it does not do for Sign. It has no kernel for doubles.
  if (x.type === "float32")
    return apply("HardSigmoid", [x], x, { alpha: { float: 3e38 }, beta: { float: 0 } });
  return apply("Sign", [x], x);
}

/** x where positive, else `slope` times x (Maas et al. 2013). */
function leakyRelu(x: Tensor, slope = 0.01): Tensor {
  return add(scale(x, slope), scale(relu(x), 1 - slope));
}

/** x where positive, else e^x - 1 (Clevert et al. 2015). ONNX Runtime has no kernel of it for doubles, so it is composed. */
function elu(x: Tensor): Tensor {
  const value = add(relu(x), shift(exp(negativePart(x)), -1));
  // A rule of its own: the parts' rules would give 0 at 0, where images without ink begin, instead of 1.
  return withDerivative(value, [x], (gradient, y) => [multiply(gradient, shift(negativePart(y), 1))]);
}

/** min(x, 0). */
function negativePart(x: Tensor): Tensor {
  return apply("Min", [x, scalarLike(x, 0)], x);
}

/** log(1 + e^x), without overflow. ONNX Runtime has no kernel of it for doubles, so it is composed. */
export function softplus(x: Tensor): Tensor {
  const value = add(relu(x), log(shift(exp(negate(abs(x))), 1)));
  return withDerivative(value, [x], (gradient) => [multiply(gradient, sigmoid(x))]);
}

/** 1 / (1 + e^-x). */
function sigmoid(x: Tensor): Tensor {
  return apply("Sigmoid", [x], x, {}, (gradient, y) => [multiply(gradient, subtract(y, square(y)))]);
}

/** Hyperbolic tangent. */
function tanh(x: Tensor): Tensor {
  return apply("Tanh", [x], x, {}, (gradient, y) => [multiply(gradient, shift(negate(square(y)), 1))]);
}

/** e^x over its sum along the last axis. */
export function softmax(x: Tensor): Tensor {
  return apply("Softmax", [x], x, { axis: -1 }, (gradient, y) => {
    const weighted = multiply(gradient, y);
    return [subtract(weighted, multiply(y, sum(weighted, [x.shape.length - 1], true)))];
  });
}
