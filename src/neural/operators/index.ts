export { type Activation, activations, softmax, softplus } from "./activations.ts";
export * from "./arithmetic.ts";
export {
  type ConvolutionGeometry,
  convolution,
  type Padding,
  type PlaneSize,
  samePadding,
  smallSize,
  transposedConvolution,
} from "./convolution/index.ts";
export { gradients } from "./gradients.ts";
export { concatenate, gather, pad, reshape, slice, transpose } from "./layout.ts";
export { affine, matrixProduct, matrixProducts } from "./linear.ts";
export { indexOfLeast, leastOf, mean, meanOfSquares, sum, sumOfSquares } from "./reductions.ts";
export { arcTangent, floor, greater, select, smaller } from "./selection.ts";
export { elementCount, sameShape, spreadTo } from "./shapes.ts";
