/** What clusterers with centers share: distances to them, as numbers and as part of an ONNX graph. */
import { isByteMatrix, type Matrix, type Samples } from "../matrix/index.ts";
import { add, constant, matrixProduct, scale, square, sum, type Tensor, toFloat } from "../neural/index.ts";

/** Distance of each sample to the center of its cluster. */
export function distancesToOwn(samples: Samples, centers: Matrix, labels: Int32Array): Float64Array {
  const { cols, data } = samples;
  const unit = isByteMatrix(samples) ? samples.unit : 1;
  return Float64Array.from(labels, (label, i) => {
    let sum = 0;
    for (let j = 0; j < cols; j++) {
      sum += ((data[i * cols + j] as number) * unit - (centers.data[label * cols + j] as number)) ** 2;
    }
    return Math.sqrt(sum);
  });
}

/**
 * Squared distances as |x|^2 - 2 x c + |c|^2, both taken from the mean of the centers: in double precision nothing that
 * matters is lost, and a block of images needs no more memory than itself.
 *
 * @param features float32 or float64, batch x features
 * @returns float64, batch x centers; rounding may leave a hair below 0
 */
export function squaredDistances(features: Tensor, { rows, cols, data }: Matrix): Tensor {
  const middle = new Float64Array(cols);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, at++) middle[j] = (middle[j] as number) + (data[at] as number) / rows;
  }
  const lengths = new Float64Array(rows);
  for (let i = 0, at = 0; i < rows; i++) {
    let length = 0;
    for (let j = 0; j < cols; j++, at++) length += ((data[at] as number) - (middle[j] as number)) ** 2;
    lengths[i] = length;
  }
  const offset = constant(
    "float64",
    [cols],
    middle.map((value) => -value),
  );
  // Centers are written as they are, for the many rows of single precision among which neighbours are looked for.
  const type = data instanceof Float32Array ? "float32" : "float64";
  const centers = add(toFloat(constant(type, [rows, cols], data), "float64"), offset);
  const x = add(toFloat(features, "float64"), offset);
  const products = matrixProduct(x, centers, { transposeB: true });
  const apart = add(scale(products, -2), constant("float64", [rows], lengths));
  return add(apart, sum(square(x), [1], true));
}
