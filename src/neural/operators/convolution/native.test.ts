import { expect, test } from "vitest";
import { createRandom } from "../../../random/index.ts";
import { constant, input, type Tensor } from "../../graph/tensor.ts";
import { evaluate, given, numbersOf, randomNumbers, relativeError } from "../../testing/evaluate.ts";
import { describeRuntimes } from "../../testing/runtimes.ts";
import { multiply } from "../arithmetic.ts";
import { gradients } from "../gradients.ts";
import { sum } from "../reductions.ts";
import { convolution } from "./convolution.ts";
import { type ConvolutionGeometry, smallSize } from "./geometry.ts";
import { prefersNative } from "./native.ts";

const padding = { top: 2, left: 1, bottom: 0, right: 3 };
const cases = [
  { height: 9, width: 7, kernel: [5, 3], stride: 2, padding, channels: 1, out: 6 },
  { height: 6, width: 8, kernel: [3, 4], stride: 1, padding, channels: 5, out: 1 },
  { height: 4, width: 4, kernel: [4, 4], stride: 3, padding, channels: 17, out: 32 },
  {
    height: 1,
    width: 1,
    kernel: [1, 1],
    stride: 2,
    padding: { top: 0, left: 0, bottom: 0, right: 0 },
    channels: 3,
    out: 2,
  },
] as const satisfies readonly (ConvolutionGeometry & { channels: number; out: number })[];

const sizes = { batch: 3 };

describeRuntimes("convolutions with weights that stay", (runtime) => {
  test.each(cases)(
    "give the values and the gradient of those with weights that come in: $height x $width x $channels to $out",
    async ({ channels, out, ...geometry }) => {
      const random = createRandom(5).stream("native", channels);
      const { height, width, kernel } = geometry;
      const numbers = (...shape: number[]) =>
        randomNumbers(
          random,
          shape.reduce((a, b) => a * b, 1),
        );
      const small = smallSize(geometry);
      const options = { type: "float32", sizes } as const;
      const weightsShape = [kernel[0] * kernel[1] * channels, out];
      const x = given(
        "x",
        ["batch", height * width, channels],
        numbers(3, height * width, channels),
        options,
      );
      const slope = given(
        "slope",
        ["batch", small.height * small.width, out],
        numbers(3, small.height * small.width, out),
        options,
      );
      const weights = given("weights", weightsShape, numbers(...weightsShape), options);
      const bias = given("bias", [out], numbers(out), options);
      const inputs = [x, slope, weights, bias];
      const stays = ({ value }: typeof weights): Tensor => constant("float32", value.shape, value.data);
      const results = async (w: Tensor, b: Tensor) => {
        const y = convolution(x.tensor, w, b, geometry);
        const plain = convolution(x.tensor, w, undefined, geometry);
        const [dx] = gradients(sum(multiply(y, slope.tensor)), [x.tensor]) as [Tensor];
        return (await evaluate(runtime(), [y, plain, dx], inputs)).map(numbersOf);
      };
      const wanted = await results(weights.tensor, bias.tensor);
      const native = await results(stays(weights), stays(bias));
      native.forEach((values, i) => expect(relativeError(values, wanted[i] as number[])).toBeLessThan(1e-6));
    },
  );
});

test("ONNX Runtime's own convolution is used for weights that stay, in single precision alone", () => {
  const single = constant("float32", [1, 1], new Float32Array(1));
  expect(prefersNative(single)).toBe(true);
  expect(prefersNative(constant("float64", [1, 1], new Float64Array(1)))).toBe(false);
  expect(prefersNative(input("weights", "float32", [1, 1]))).toBe(false);
});
