export { choleskyFactor, invertLowerTriangular } from "./cholesky.ts";
export type { ByteMatrix, FloatArray, Matrix, Samples } from "./matrix.ts";
export {
  checkFeatures,
  checkShape,
  floatsOf,
  groupMeans,
  isByteMatrix,
  matrixFromRows,
  nonFiniteError,
  row,
  sliceRows,
  takeRows,
} from "./matrix.ts";
export { decodeNpy, encodeNpy } from "./npy.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  type SafeArray,
  type SafeTensor,
  type Safetensors,
} from "./safetensors.ts";
export type { SparseMatrix } from "./sparse.ts";
export { type SymmetricEigen, symmetricEigen } from "./symmetric-eigen.ts";
export { tridiagonalValues, tridiagonalVectors } from "./tridiagonal-eigen.ts";
