/**
 * Samples without groups that otherwise look like the given ones: uniform in the box that the samples fill along their
 * principal axes (Tibshirani, Walther and Hastie 2001, section 4, choice b), or along the features where there are too
 * many of them to turn.
 */
import { isByteMatrix, type Matrix, type Samples, symmetricEigen } from "../matrix/index.ts";
import type { Random } from "../random/index.ts";

/** Features, at most, whose principal axes are taken; turning the samples takes the square of their number. */
const TURNED_FEATURES = 64;

/** Draws as many samples as were given, all from the same box. */
export type Reference = (random: Random) => Matrix<Float32Array>;

/** The box of the samples. */
export function uniformReference(samples: Samples): Reference {
  const { rows, cols } = samples;
  const mean = meanOf(samples);
  const axes = cols <= TURNED_FEATURES ? principalAxes(samples, mean) : undefined;
  const { low, high } = extentOf(samples, mean, axes);
  return (random) => {
    const data = new Float32Array(rows * cols);
    const place = new Float64Array(cols);
    for (let i = 0; i < rows; i++) {
      for (let a = 0; a < cols; a++) {
        place[a] = low[a] + (high[a] - low[a]) * random.float();
      }
      for (let j = 0; j < cols; j++) {
        let value = mean[j];
        if (!axes) value += place[j];
        else for (let a = 0; a < cols; a++) value += place[a] * axes[a * cols + j];
        data[i * cols + j] = value;
      }
    }
    return { rows, cols, data };
  };
}

function meanOf(samples: Samples): Float64Array {
  const { rows, cols, data } = samples;
  const unit = isByteMatrix(samples) ? samples.unit : 1;
  const mean = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) mean[j] = mean[j] + data[i * cols + j];
  }
  return mean.map((sum) => (sum * unit) / rows);
}

/** nFeatures x nFeatures, one axis per row. */
function principalAxes(samples: Samples, mean: Float64Array): Float64Array {
  const { cols } = samples;
  const covariance = new Float64Array(cols * cols);
  forEachRow(samples, mean, (x) => {
    for (let a = 0; a < cols; a++) {
      for (let b = 0; b <= a; b++) {
        covariance[a * cols + b] = covariance[a * cols + b] + x[a] * x[b];
      }
    }
  });
  for (let a = 0; a < cols; a++) {
    for (let b = 0; b < a; b++) covariance[b * cols + a] = covariance[a * cols + b];
  }
  return symmetricEigen(covariance, cols).vectors;
}

/** Least and greatest place of the samples along each axis, or feature, taken from the mean. */
function extentOf(
  samples: Samples,
  mean: Float64Array,
  axes: Float64Array | undefined,
): { readonly low: Float64Array; readonly high: Float64Array } {
  const { cols } = samples;
  const low = new Float64Array(cols).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(cols).fill(Number.NEGATIVE_INFINITY);
  forEachRow(samples, mean, (x) => {
    for (let a = 0; a < cols; a++) {
      let place = x[a];
      if (axes) {
        place = 0;
        for (let j = 0; j < cols; j++) place += x[j] * axes[a * cols + j];
      }
      low[a] = Math.min(low[a], place);
      high[a] = Math.max(high[a], place);
    }
  });
  return { low, high };
}

/** Calls `use` with each sample less the mean; the array is used again. */
function forEachRow(samples: Samples, mean: Float64Array, use: (x: Float64Array) => void): void {
  const { rows, cols, data } = samples;
  const unit = isByteMatrix(samples) ? samples.unit : 1;
  const x = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) x[j] = data[i * cols + j] * unit - mean[j];
    use(x);
  }
}
