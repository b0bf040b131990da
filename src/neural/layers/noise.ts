/**
 * Random numbers in a network. ONNX's own random operators keep a hidden state, which breaks resuming and differs
 * between runtimes; so every draw is an input of 16 random bits, made by our own counters, which the graph turns into
 * a uniform or normal number.
 */
import { apply, constant, type Dimension, floatType, type Tensor } from "../graph/tensor.ts";
import { dataTypes } from "../onnx/index.ts";
import { add, gather, multiply, scale, toFloat } from "../operators/index.ts";

/** Number of values that 16 bits can have. */
const LEVELS = 65536;

/** Gives the inputs through which random bits come. */
export interface Draws {
  /**
   * Random bits for every image of a minibatch.
   *
   * @returns uint16, batch x `perImage`, each value in 0..65535 equally likely
   */
  bits(batch: Dimension, perImage: number): Tensor;
}

/** x plus normal noise of the given standard deviation (its distribution has 65,536 steps of equal probability). */
export function addNoise(x: Tensor, deviation: number, draws: Draws): Tensor {
  return add(x, scale(normal(x, draws), deviation));
}

/** Standard normal numbers in the shape of x. */
export function normal(x: Tensor, draws: Draws): Tensor {
  const quantiles = constant("float32", [LEVELS], normalQuantiles());
  const steps = toFloat(gather(quantiles, asIndices(bitsLike(x, draws)), 0), floatType(x));
  return apply("Reshape", [steps, apply("Shape", [x], { type: "int64", shape: [x.shape.length] })], x);
}

/** x with each number set to 0 with probability `share` (in steps of 1 / 65,536). */
export function mask(x: Tensor, share: number, draws: Draws): Tensor {
  const bits = toFloat(bitsLike(x, draws), "float32");
  const threshold = constant("float32", [], Float32Array.of(share * LEVELS - 0.5));
  const kept = apply("Greater", [bits, threshold], { type: "bool", shape: bits.shape });
  const factors = apply("Cast", [kept], { type: x.type, shape: bits.shape }, { to: dataTypes[x.type] });
  const shaped = apply(
    "Reshape",
    [factors, apply("Shape", [x], { type: "int64", shape: [x.shape.length] })],
    x,
  );
  return multiply(x, shaped);
}

function bitsLike(x: Tensor, draws: Draws): Tensor {
  const perImage = x.shape.slice(1).reduce((product: number, size) => product * Number(size), 1);
  return draws.bits(x.shape[0] ?? 1, perImage);
}

function asIndices(bits: Tensor): Tensor {
  return apply("Cast", [bits], { type: "int32", shape: bits.shape }, { to: dataTypes.int32 });
}

let quantiles: Float32Array | undefined;

/** The normal distribution cut into 65,536 pieces of equal probability: the middle of each. */
function normalQuantiles(): Float32Array {
  quantiles ??= Float32Array.from({ length: LEVELS }, (_, i) => normalQuantile((i + 0.5) / LEVELS));
  return quantiles;
}

/** Inverse of the normal distribution function: Acklam's rational approximation, relative error below 1.2e-9. */
function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    const above = polynomial(
      q,
      [
        -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734,
        4.374664141464968, 2.938163982698783,
      ],
    );
    const below = polynomial(
      q,
      [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1],
    );
    return above / below;
  }
  const q = p - 0.5;
  const r = q * q;
  const above = polynomial(
    r,
    [
      -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2,
      -3.066479806614716e1, 2.506628277459239,
    ],
  );
  const below = polynomial(
    r,
    [
      -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1,
      -1.328068155288572e1, 1,
    ],
  );
  return (above * q) / below;
}

/** Value of the polynomial with the given coefficients, that of the highest power first. */
function polynomial(x: number, coefficients: readonly number[]): number {
  return coefficients.reduce((value, coefficient) => value * x + coefficient, 0);
}
