import { apply, type Tensor } from "../../graph/tensor.ts";
import { reshape, transpose } from "../layout.ts";
import { type ConvolutionGeometry, kernelArea, smallSize } from "./geometry.ts";

/**
 * Whether ONNX Runtime's own convolution is the faster one: with weights that stay, it arranges them once, and takes half
 * the time of gather and product. It has none in double precision.
 */
export function prefersNative(weights: Tensor): boolean {
  return weights.type === "float32" && weights.source.kind === "constant";
}

/** A convolution by the operator `Conv`, which has channels before positions. Shapes are those of `convolution`. */
export function nativeConvolution(
  x: Tensor,
  weights: Tensor,
  bias: Tensor | undefined,
  geometry: ConvolutionGeometry,
): Tensor {
  const { height, width, kernel, stride, padding } = geometry;
  const small = smallSize(geometry);
  const batch = x.shape[0] ?? 1;
  const out = weights.shape[1] as number;
  const channels = (weights.shape[0] as number) / kernelArea(geometry);
  const image = reshape(turned(x), [batch, channels, height, width]);
  const kernels = transpose(reshape(weights, [...kernel, channels, out]), [3, 2, 0, 1]);
  const value = apply(
    "Conv",
    bias ? [image, kernels, bias] : [image, kernels],
    { type: x.type, shape: [batch, out, small.height, small.width] },
    {
      kernel_shape: kernel,
      strides: [stride, stride],
      pads: [padding.top, padding.left, padding.bottom, padding.right],
    },
  );
  return turned(reshape(value, [batch, out, small.height * small.width]));
}

/** Positions and channels exchanged. */
function turned(x: Tensor): Tensor {
  const [batch, before, after] = x.shape as [Tensor["shape"][0], number, number];
  if (before === 1 || after === 1) return reshape(x, [batch, after, before]);
  return transpose(x, [0, 2, 1]);
}
