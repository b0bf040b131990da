/** Random convolutions, for tests. */
import fc from "fast-check";
import type { ConvolutionLayer, Layer, LayerShape } from "../index.ts";

/** A vector of so many numbers. */
export const vector = (channels: number): LayerShape => ({ height: 1, width: 1, channels });
/** Numbers in all. */
export const numbers = ({ height, width, channels }: LayerShape): number => height * width * channels;

const side = fc.integer({ min: 0, max: 2 });
const paddings = fc.oneof(
  fc.constant("same" as const),
  fc.constant("valid" as const),
  fc.record({ top: side, left: side, bottom: side, right: side }),
);
/** A convolution that fits into its image. */
export const convolutions: fc.Arbitrary<{ readonly image: LayerShape; readonly layer: ConvolutionLayer }> = fc
  .record({
    height: fc.integer({ min: 1, max: 9 }),
    width: fc.integer({ min: 1, max: 9 }),
    channels: fc.integer({ min: 1, max: 3 }),
    out: fc.integer({ min: 1, max: 3 }),
    kernel: fc.integer({ min: 1, max: 5 }),
    stride: fc.integer({ min: 1, max: 2 }),
    padding: paddings,
  })
  .filter(
    ({ height, width, kernel, padding }) => padding !== "valid" || (kernel <= height && kernel <= width),
  )
  .filter(
    ({ height, width, kernel, padding }) =>
      typeof padding === "string" ||
      (kernel <= height + padding.top + padding.bottom && kernel <= width + padding.left + padding.right),
  )
  .map(({ height, width, channels, out, kernel, stride, padding }) => {
    const layer: ConvolutionLayer = {
      kind: "convolution",
      channels: out,
      kernel,
      stride,
      padding,
      activation: "linear",
    };
    return { image: { height, width, channels }, layer };
  });

/** The transposed convolution that leads back from a convolution's result to its image. */
export function back(layer: ConvolutionLayer, image: LayerShape): Layer {
  const { kernel, stride, padding, activation } = layer;
  return { kind: "transposed-convolution", ...image, kernel, stride, padding, activation };
}
