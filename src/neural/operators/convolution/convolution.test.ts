import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "../../../random/index.ts";
import type { FloatType, Tensor } from "../../graph/tensor.ts";
import { checkGradients } from "../../testing/check-gradients.ts";
import { evaluate, given, numbersOf, randomNumbers, relativeError } from "../../testing/evaluate.ts";
import { describeNative, describeRuntimes } from "../../testing/runtimes.ts";
import { multiply } from "../arithmetic.ts";
import { gradients } from "../gradients.ts";
import { sum } from "../reductions.ts";
import { convolution, transposedConvolution } from "./convolution.ts";
import { type ConvolutionGeometry, smallSize } from "./geometry.ts";

interface Fixture extends ConvolutionGeometry {
  readonly channels: number;
  readonly out: number;
  readonly convolution: Results;
  readonly transposed: Results;
}

type Results = Record<
  "x" | "weights" | "bias" | "gradient" | "y" | "dx" | "dweights" | "dbias",
  readonly number[]
>;

const path = new URL("../../../../fixtures/neural/convolutions.json", import.meta.url);
const { batch, cases } = JSON.parse(readFileSync(path, "utf8")) as { batch: number; cases: Fixture[] };
const sizes = { batch };

/** Shapes of the large image, the weights, and the small image. */
function shapesOf(geometry: ConvolutionGeometry, channels: number, out: number) {
  const { height, width, kernel } = geometry;
  const small = smallSize(geometry);
  return {
    large: ["batch", height * width, channels],
    weights: [kernel[0] * kernel[1] * channels, out],
    small: ["batch", small.height * small.width, out],
  };
}

/** All results that a fixture has, as ours, in its order. */
async function ours(
  runtime: Parameters<typeof evaluate>[0],
  fixture: Fixture,
  kind: "convolution" | "transposed",
  type: FloatType,
): Promise<Record<string, number[]>> {
  const theirs = fixture[kind];
  const { large, weights, small } = shapesOf(fixture, fixture.channels, fixture.out);
  const forwards = kind === "convolution";
  const options = { type, sizes };
  const inputs = [
    given("x", forwards ? large : small, theirs.x, options),
    given("weights", weights, theirs.weights, options),
    given("bias", [forwards ? fixture.out : fixture.channels], theirs.bias, options),
    given("gradient", forwards ? small : large, theirs.gradient, options),
  ];
  const [x, w, b, gradient] = inputs.map(({ tensor }) => tensor);
  const y = (forwards ? convolution : transposedConvolution)(x, w, b, fixture);
  const slopes = gradients(sum(multiply(y, gradient)), [x, w, b]);
  const values = (await evaluate(runtime, [y, ...slopes], inputs)).map(numbersOf);
  return { y: values[0], dx: values[1], dweights: values[2], dbias: values[3] };
}

describeRuntimes("convolutions", (runtime, runtimeName) => {
  // WebAssembly takes longest to load a model; every fourth case has all strides and both lowerings.
  const chosen = cases.filter((_, i) => runtimeName === "onnxruntime-node" || i % 4 === 0);
  const named = chosen.map((fixture) => {
    const { height, width, kernel, stride, padding, channels, out } = fixture;
    const name = `${height} x ${width} x ${channels} by ${kernel.join(" x ")} to ${out}, stride ${stride}, padding ${Object.values(padding)}`;
    return { name, fixture };
  });

  test.each(named)(
    "PyTorch's values and gradients are ours to the last digit: $name",
    async ({ fixture }) => {
      for (const kind of ["convolution", "transposed"] as const) {
        const { y, dx, dweights, dbias } = fixture[kind];
        expect(await ours(runtime(), fixture, kind, "float32"), kind).toEqual({ y, dx, dweights, dbias });
      }
    },
  );
});

describeNative("convolutions in depth", (runtime) => {
  test.each(cases.map((fixture, index) => ({ index, fixture })))(
    "PyTorch's values and gradients are ours in double precision: case $index",
    async ({ fixture }) => {
      for (const kind of ["convolution", "transposed"] as const) {
        const { y, dx, dweights, dbias } = fixture[kind];
        expect(await ours(runtime(), fixture, kind, "float64"), kind).toEqual({ y, dx, dweights, dbias });
      }
    },
  );

  // Both lowerings of the transposed convolution: few channels and many.
  const padding = { top: 1, left: 0, bottom: 0, right: 1 };
  const checked = [1, 2, 3].flatMap((stride) =>
    [2, 5].map((channels) => ({ stride, channels, height: 3, width: 4, kernel: [3, 2] as const, padding })),
  );

  test.each(checked)(
    "gradients are differences in double precision: stride $stride, $channels channels",
    async ({ channels, ...geometry }) => {
      const { large, weights, small } = shapesOf(geometry, channels, 2);
      const forwards = (x: Tensor, w: Tensor, b?: Tensor): Tensor => convolution(x, w, b, geometry);
      const backwards = (x: Tensor, w: Tensor, b?: Tensor): Tensor =>
        transposedConvolution(x, w, b, geometry);
      await checkGradients(runtime(), forwards, [large, weights, [2]], { sizes });
      await checkGradients(runtime(), backwards, [small, weights, [channels]], { sizes });
      await checkGradients(runtime(), (x, w) => backwards(forwards(x, w), w), [large, weights], { sizes });
    },
  );

  test.each(checked)(
    "gradients are differences in single precision, to 1e-2: stride $stride, $channels channels",
    async ({ channels, ...geometry }) => {
      const { large, weights, small } = shapesOf(geometry, channels, 2);
      const check = { sizes, type: "float32", step: 0.05, tolerance: 1e-2 } as const;
      const forwards = (x: Tensor, w: Tensor, b: Tensor): Tensor => convolution(x, w, b, geometry);
      const backwards = (x: Tensor, w: Tensor, b: Tensor): Tensor => transposedConvolution(x, w, b, geometry);
      await checkGradients(runtime(), forwards, [large, weights, [2]], check);
      await checkGradients(runtime(), backwards, [small, weights, [channels]], check);
    },
  );

  test("a transposed convolution is the adjoint: <conv(x), y> = <x, transposed(y)>", async () => {
    const side = fc.integer({ min: 1, max: 9 });
    const edge = fc.integer({ min: 0, max: 4 });
    const geometries = fc
      .record({
        height: side,
        width: side,
        kernel: fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })),
        stride: fc.integer({ min: 1, max: 4 }),
        padding: fc.record({ top: edge, left: edge, bottom: edge, right: edge }),
      })
      .filter(
        ({ height, width, kernel, padding }) =>
          kernel[0] <= height + padding.top + padding.bottom &&
          kernel[1] <= width + padding.left + padding.right,
      );
    const channels = fc.integer({ min: 1, max: 7 });
    const law = async (geometry: ConvolutionGeometry, inside: number, out: number, seed: number) => {
      const random = createRandom(seed);
      const shapes = shapesOf(geometry, inside, out);
      const [x, weights, y] = (["large", "weights", "small"] as const).map((name) => {
        const count = shapes[name].reduce<number>(
          (product, size) => product * (size === "batch" ? batch : Number(size)),
          1,
        );
        return given(name, shapes[name], randomNumbers(random, count, { from: 0 }), { sizes });
      });
      const outputs = [
        sum(multiply(convolution(x.tensor, weights.tensor, undefined, geometry), y.tensor)),
        sum(multiply(x.tensor, transposedConvolution(y.tensor, weights.tensor, undefined, geometry))),
      ];
      const [left, right] = (await evaluate(runtime(), outputs, [x, weights, y])).map(numbersOf);
      expect(Math.abs(left[0] - right[0])).toBeLessThan(1e-10 * y.value.data.length);
    };
    await fc.assert(fc.asyncProperty(geometries, channels, channels, fc.integer({ min: 0, max: 1e6 }), law), {
      numRuns: 30,
    });
  });

  test("real numbers in single precision agree with double precision to 1e-5 of the maximum", async () => {
    const geometry = { height: 9, width: 7, kernel: [5, 3], stride: 2, padding } as const;
    for (const channels of [1, 6]) {
      const { large, weights, small } = shapesOf(geometry, channels, 4);
      const random = createRandom(3).stream("precision", channels);
      const numbers = [9 * 7 * channels * batch, 15 * channels * 4].map((n) => randomNumbers(random, n));
      const results = [];
      for (const type of ["float64", "float32"] as const) {
        const x = given("x", large, numbers[0], { type, sizes });
        const w = given("weights", weights, numbers[1], { type });
        const y = convolution(x.tensor, w.tensor, undefined, geometry);
        const back = transposedConvolution(y, w.tensor, undefined, geometry);
        expect([y.shape, back.shape]).toEqual([small, large]);
        const slopes = gradients(sum(multiply(back, back)), [x.tensor, w.tensor]);
        results.push((await evaluate(runtime(), [y, back, ...slopes], [x, w])).map(numbersOf));
      }
      const [double, single] = results;
      single.forEach((values, i) => expect(relativeError(values, double[i])).toBeLessThan(1e-5));
    }
  });
});
