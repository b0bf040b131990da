/**
 * Whitening of a trained code, whole or in part. K-Means takes every direction as equally important, while those of a
 * code vary by factors that are chances of training. Each principal direction is divided by its standard deviation to a
 * power: 0 leaves the code, 1 gives every direction the same weight (Mahalanobis 1936), 0.5 stands between.
 */
import { type Matrix, symmetricEigen } from "../../matrix/index.ts";
import { add, matrixProduct, type StateTensor, subtract, type Tensor } from "../../neural/index.ts";

/**
 * Added to every variance, as a share of their mean: a direction in which the code hardly varies is noise, and stays small.
 */
const RIDGE = 1e-4;

/** Share of the code's mean square below which a variance may be nothing but the rounding of float32. */
const ROUNDING = 1e-10;

/**
 * Parameters of the whitening, none of them trained. From the network's code x to the code y that is clustered: y =
 * (x - center) forward; back: x = y backward + center.
 */
const names = {
  center: "whitening.center",
  forward: "whitening.forward",
  backward: "whitening.backward",
} as const;

/**
 * Names and shapes of the parameters that one direction needs.
 *
 * @param power of the standard deviations; with 0 the code is taken as it is and nothing is needed
 */
export function whiteningParameters(
  power: number,
  codeSize: number,
  direction: "forward" | "backward",
): readonly { readonly name: string; readonly shape: readonly number[] }[] {
  if (power === 0) return [];
  return [
    { name: names.center, shape: [codeSize] },
    { name: names[direction], shape: [codeSize, codeSize] },
  ];
}

/**
 * Fits the whitening to codes.
 *
 * Time O(rows x codeSize^2 + codeSize^3).
 *
 * @param power of the standard deviations, in [0, 1]
 * @param codes rows x codeSize, as the network gives them
 * @returns center, forward and backward by name; nothing where the power is 0
 */
export function fitWhitening(power: number, codes: Matrix): Readonly<Record<string, StateTensor>> {
  if (power === 0) return {};
  const size = codes.cols;
  const center = columnMeans(codes);
  const { values, vectors } = symmetricEigen(covariance(codes, center), size);
  const factors = values.map((variance) => variance ** (power / 2));
  const forward = new Float64Array(size * size);
  const backward = new Float64Array(size * size);
  for (let axis = 0; axis < size; axis++) {
    const factor = factors[axis] as number;
    for (let i = 0; i < size; i++) {
      const component = vectors[axis * size + i] as number;
      forward[i * size + axis] = component / factor;
      backward[axis * size + i] = component * factor;
    }
  }
  return {
    [names.center]: stateTensor([size], center),
    [names.forward]: stateTensor([size, size], forward),
    [names.backward]: stateTensor([size, size], backward),
  };
}

/**
 * The whitening as part of a graph: batch x codeSize to batch x codeSize.
 *
 * @param parameters as {@link whiteningParameters} lists them for `forward`
 */
export function whiten(code: Tensor, parameters: readonly Tensor[]): Tensor {
  const [center, forward] = parameters;
  return center && forward ? matrixProduct(subtract(code, center), forward) : code;
}

/**
 * Back from the whitened code to the network's.
 *
 * @param parameters as {@link whiteningParameters} lists them for `backward`
 */
export function unwhiten(code: Tensor, parameters: readonly Tensor[]): Tensor {
  const [center, backward] = parameters;
  return center && backward ? add(matrixProduct(code, backward), center) : code;
}

function stateTensor(shape: readonly number[], values: Float64Array): StateTensor {
  return { shape, data: Float32Array.from(values) };
}

function columnMeans({ rows, cols, data }: Matrix): Float64Array {
  const means = new Float64Array(cols);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < cols; c++) means[c] = (means[c] as number) + (data[r * cols + c] as number) / rows;
  }
  return means;
}

/** Covariance of the columns, with the ridge on its diagonal. */
function covariance({ rows, cols, data }: Matrix, means: Float64Array): Float64Array {
  const sums = new Float64Array(cols * cols);
  const centered = new Float64Array(cols);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < cols; c++) centered[c] = (data[r * cols + c] as number) - (means[c] as number);
    for (let a = 0; a < cols; a++) {
      const one = (centered[a] as number) / rows;
      for (let b = 0; b <= a; b++)
        sums[a * cols + b] = (sums[a * cols + b] as number) + one * (centered[b] as number);
    }
  }
  let total = 0;
  let squares = 0;
  for (let a = 0; a < cols; a++) {
    total += sums[a * cols + a] as number;
    squares += (sums[a * cols + a] as number) + (means[a] as number) ** 2;
  }
  const ridge = total > ROUNDING * squares ? (RIDGE * total) / cols : 1; // a constant code: nothing to scale
  for (let a = 0; a < cols; a++) {
    sums[a * cols + a] = (sums[a * cols + a] as number) + ridge;
    for (let b = 0; b < a; b++) sums[b * cols + a] = sums[a * cols + b] as number;
  }
  return sums;
}
