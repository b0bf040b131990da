/**
 * Vectors of the user's own (embeddings) as features: as they are, or scaled.
 *
 * - `none`: as they are, not copied;
 * - `standard`: (x - mean) / sd of each column, both of the vectors that it was fitted to; what is constant there becomes 0;
 * - `l2`: each vector divided by its length, so that distances tell of angles alone; a vector of zeros stays.
 *
 * All of it in double precision, rounded once, so that `vectorsTensor` gives the same numbers.
 */
import { OptionError } from "../../errors.ts";
import { type Scaling, scalings } from "../../images/index.ts";
import { checkFeatures, checkShape, type Matrix } from "../../matrix/index.ts";
import {
  atLeast,
  constant,
  divide,
  multiply,
  sqrt,
  square,
  subtract,
  sum,
  type Tensor,
  toFloat,
} from "../../neural/index.ts";

/** What the features have learned. */
export interface VectorsModel {
  readonly kind: "vectors";
  readonly scaling: Scaling;
  /** Numbers of each vector. */
  readonly width: number;
  /** Of `standard`: mean of each column. */
  readonly mean?: Float64Array;
  /** Of `standard`: what each column less its mean is multiplied by: one over its standard deviation (divisor n), or 0 for a constant one. */
  readonly scale?: Float64Array;
}

/** Stands in for the length of a vector of zeros, far below that of any other. */
const NO_LENGTH = 1e-300;

/**
 * Learns how vectors are scaled, and scales them.
 *
 * @param values nSamples x width, finite
 * @returns the model, and the vectors as it scales them; for `none` these are `values` themselves
 * @throws {OptionError} for a scaling that does not exist
 * @throws {InputError} where there are no rows or columns
 */
export function fit(
  values: Matrix<Float32Array>,
  { scaling = "none" }: { readonly scaling?: Scaling | undefined } = {},
): { readonly model: VectorsModel; readonly samples: Matrix<Float32Array> } {
  checkShape("vectors.fit", values);
  if (!scalings.includes(scaling)) {
    throw new OptionError(`vectors.fit: scaling must be one of ${scalings.join(", ")}; got "${scaling}".`);
  }
  const model: VectorsModel = {
    kind: "vectors",
    scaling,
    width: values.cols,
    ...(scaling === "standard" && statistics(values)),
  };
  return { model, samples: transform(model, values) };
}

/**
 * Other vectors, scaled as those that the model was fitted to.
 *
 * @returns nSamples x width; for `none` the same matrix
 * @throws {OptionError} for vectors of another length
 */
export function transform(model: VectorsModel, values: Matrix<Float32Array>): Matrix<Float32Array> {
  const { scaling, width, mean, scale } = model;
  checkFeatures("vectors.transform", width, values);
  if (scaling === "none") return values;
  const { rows, cols, data } = values;
  const scaled = new Float32Array(rows * cols);
  if (mean && scale) standardizeInto(scaled, values, mean, scale);
  else {
    for (let from = 0; from < scaled.length; from += cols) {
      let length = 0;
      for (let j = from; j < from + cols; j++) length += (data[j] as number) ** 2;
      const divisor = Math.max(NO_LENGTH, Math.sqrt(length));
      for (let j = from; j < from + cols; j++) scaled[j] = (data[j] as number) / divisor;
    }
  }
  return { rows, cols, data: scaled };
}

/**
 * The same as part of an ONNX graph.
 *
 * @param vectors float32, batch x width
 * @returns float32, batch x width
 */
export function vectorsTensor({ width, mean, scale, scaling }: VectorsModel, vectors: Tensor): Tensor {
  if (scaling === "none") return vectors;
  const exact = toFloat(vectors, "float64");
  if (mean && scale) {
    const centered = subtract(exact, constant("float64", [width], mean));
    return toFloat(multiply(centered, constant("float64", [width], scale)), "float32");
  }
  const lengths = atLeast(sqrt(sum(square(exact), [1], true)), NO_LENGTH);
  return toFloat(divide(exact, lengths), "float32");
}

function standardizeInto(
  out: Float32Array,
  { rows, cols, data }: Matrix,
  mean: Float64Array,
  scale: Float64Array,
): void {
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, at++) {
      out[at] = ((data[at] as number) - (mean[j] as number)) * (scale[j] as number);
    }
  }
}

/** Two passes, around the first row: a constant column is then exactly that, and nothing cancels. */
function statistics({ rows, cols, data }: Matrix): { mean: Float64Array; scale: Float64Array } {
  const offsets = new Float64Array(cols);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, at++) {
      offsets[j] = (offsets[j] as number) + ((data[at] as number) - (data[j] as number));
    }
  }
  const mean = offsets.map((offset, j) => (data[j] as number) + offset / rows);
  const squares = new Float64Array(cols);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, at++) {
      squares[j] = (squares[j] as number) + ((data[at] as number) - (mean[j] as number)) ** 2;
    }
  }
  return { mean, scale: squares.map((square) => (square > 0 ? 1 / Math.sqrt(square / rows) : 0)) };
}
