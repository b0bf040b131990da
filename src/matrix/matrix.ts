import { InputError, OptionError } from "../errors.ts";

/** Element types of a dense matrix of real numbers. */
export type FloatArray = Float32Array | Float64Array;

/** Dense matrix, row-major without gaps: element (r, c) is `data[r * cols + c]`. Rows are samples, columns are features. */
export interface Matrix<A extends FloatArray = FloatArray> {
  readonly rows: number;
  readonly cols: number;
  readonly data: A; // length rows * cols
}

/**
 * Samples that are still bytes: element (r, c) stands for the number `data[r * cols + c] * unit`.
 *
 * Pixels stay in this form through K-Means, whose sums are then exact integers.
 */
export interface ByteMatrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Uint8Array; // length rows * cols
  /** What one step of a byte is worth; 1 / 255 for pixels in [0, 1]. */
  readonly unit: number;
}

/** What an estimator is fitted to: float32 features, or bytes with their unit. */
export type Samples = Matrix<Float32Array> | ByteMatrix;

/** Whether samples are bytes with a unit, rather than float32. */
export function isByteMatrix(samples: Samples): samples is ByteMatrix {
  return samples.data instanceof Uint8Array;
}

/** Row `r` as a view into the matrix: writing to it writes to the matrix. */
export function row<A extends FloatArray>(matrix: Matrix<A>, r: number): A {
  return matrix.data.subarray(r * matrix.cols, (r + 1) * matrix.cols) as A;
}

/**
 * Matrix out of an array of equally long rows.
 *
 * @throws {InputError} if the rows differ in length
 */
export function matrixFromRows(rows: readonly (readonly number[])[]): Matrix<Float32Array> {
  const cols = rows[0]?.length ?? 0;
  const data = new Float32Array(rows.length * cols);
  rows.forEach((values, r) => {
    if (values.length !== cols) {
      throw new InputError(
        `matrixFromRows: every row must have the length of the first, ${cols}; row ${r} has ${values.length}.`,
      );
    }
    data.set(values, r * cols);
  });
  return { rows: rows.length, cols, data };
}

/**
 * The rows with the given indices, copied, in the order of the indices. Bytes stay bytes.
 *
 * @param indices entries in 0..rows-1; repeats are allowed
 */
export function takeRows<S extends Samples>(samples: S, indices: ArrayLike<number>): S {
  const { cols } = samples;
  const data = new (samples.data.constructor as Float32ArrayConstructor)(indices.length * cols);
  for (let i = 0; i < indices.length; i++) {
    const from = (indices[i] as number) * cols;
    data.set(samples.data.subarray(from, from + cols), i * cols);
  }
  return { ...samples, rows: indices.length, data };
}

/** Rows `from` up to, not including, `to`, as a view of the same numbers. */
export function sliceRows<S extends Samples>(samples: S, from: number, to: number): S {
  const { cols, data } = samples;
  return { ...samples, rows: to - from, data: data.subarray(from * cols, to * cols) };
}

/** The samples as float32; bytes in the units that they stand for, which takes four times their memory. */
export function floatsOf(samples: Samples): Matrix<Float32Array> {
  if (!isByteMatrix(samples)) return samples;
  const { rows, cols, data: bytes, unit } = samples;
  const data = new Float32Array(bytes.length); // Float32Array.from calls a function for each
  for (let i = 0; i < bytes.length; i++) data[i] = (bytes[i] as number) * unit;
  return { rows, cols, data };
}

/** Mean of the rows of each group, nGroups x cols, in the units that they stand for; 0 for an empty group. */
export function groupMeans(samples: Samples, labels: Int32Array, nGroups: number): Matrix<Float64Array> {
  const { cols, data } = samples;
  const unit = isByteMatrix(samples) ? samples.unit : 1;
  const sums = new Float64Array(nGroups * cols);
  const sizes = new Float64Array(nGroups);
  labels.forEach((label, i) => {
    sizes[label] = (sizes[label] as number) + 1;
    for (let j = 0; j < cols; j++) {
      sums[label * cols + j] = (sums[label * cols + j] as number) + (data[i * cols + j] as number);
    }
  });
  for (let c = 0; c < nGroups; c++) {
    const size = Math.max(1, sizes[c] as number);
    for (let j = 0; j < cols; j++) sums[c * cols + j] = ((sums[c * cols + j] as number) * unit) / size;
  }
  return { rows: nGroups, cols, data: sums };
}

/**
 * Checks what every estimator needs of its samples' shape: at least one row and column, and as many numbers as they say.
 *
 * @param where name of the public function that received them, for the message
 * @throws {InputError}
 */
export function checkShape(where: string, samples: Samples): void {
  const { rows, cols, data } = samples;
  if (!Number.isInteger(rows) || !Number.isInteger(cols) || rows < 1 || cols < 1) {
    throw new InputError(
      `${where}: samples must have at least one row and one column; got ${rows} x ${cols}.`,
    );
  }
  if (!(data instanceof Float32Array || data instanceof Uint8Array)) {
    const type = Object.prototype.toString.call(data).slice(8, -1);
    throw new InputError(
      `${where}: samples must be a Float32Array, or a Uint8Array with a unit; got ${type}.`,
    );
  }
  if (data.length !== rows * cols) {
    throw new InputError(
      `${where}: samples of ${rows} x ${cols} must hold ${rows * cols} numbers; got ${data.length}.`,
    );
  }
  if (isByteMatrix(samples) && !(samples.unit > 0 && Number.isFinite(samples.unit))) {
    throw new InputError(
      `${where}: the unit of byte samples must be positive and finite; got ${samples.unit}.`,
    );
  }
}

/**
 * The complaint about the first element that is not a finite number, or undefined where all are.
 *
 * Time O(rows x cols); the kernels find out faster whether there is one.
 */
export function nonFiniteError(where: string, samples: Matrix): InputError | undefined {
  const { cols, data } = samples;
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return undefined;
  return new InputError(
    `${where}: samples must be finite numbers; got ${data[at]} at row ${Math.floor(at / cols)}, column ${at % cols}. Remove or replace such rows first.`,
  );
}

/**
 * Checks that a model can be applied to samples.
 *
 * @param where named by the error
 * @param nFeatures of the model
 * @throws {OptionError} if the samples have another number of features
 */
export function checkFeatures(where: string, nFeatures: number, samples: Samples): void {
  if (samples.cols === nFeatures) return;
  throw new OptionError(
    `${where}: samples must have the model's ${nFeatures} features; got ${samples.cols}. Bring them to the size that the model was fitted to.`,
  );
}
