export type { ByteMatrix, FloatArray, Matrix, Samples } from "./matrix.ts";
export { checkShape, isByteMatrix, matrixFromRows, nonFiniteError, row, takeRows } from "./matrix.ts";
export { decodeNpy, encodeNpy } from "./npy.ts";
