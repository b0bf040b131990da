export { convolution, transposedConvolution } from "./convolution.ts";
export {
  type ConvolutionGeometry,
  type Padding,
  type PlaneSize,
  samePadding,
  smallSize,
} from "./geometry.ts";
