import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "../../random/index.ts";
import type { Tensor } from "../graph/tensor.ts";
import { multiply, sum } from "../operators/index.ts";
import { evaluate, type Given, given, numbersOf, randomNumbers } from "../testing/evaluate.ts";
import { describeRuntimes } from "../testing/runtimes.ts";
import { applyNetwork, type ConvolutionLayer, type Network, networkOutput } from "./index.ts";
import { back, convolutions, numbers, vector } from "./testing/convolutions.ts";

describeRuntimes("what layers make", (runtime) => {
  const sizes = { batch: 2 };
  const random = createRandom(5);
  const drawn = (name: string, shape: readonly (number | string)[]): Given => {
    const count = shape.reduce<number>((product, size) => product * (size === "batch" ? 2 : Number(size)), 1);
    return given(name, shape, randomNumbers(random.stream(name), count), { sizes });
  };

  test("a strided window with uneven padding sees what counting by hand says", async () => {
    // 4 x 5 positions, window 3 x 3, stride 2: one row of zeros below, none above; one column on each side.
    const image = { height: 4, width: 5, channels: 1 };
    const layer: ConvolutionLayer = {
      kind: "convolution",
      channels: 1,
      kernel: 3,
      stride: 2,
      padding: "same",
      activation: "linear",
    };
    const inputs = [
      given(
        "x",
        ["batch", 20],
        [...Array.from({ length: 20 }, (_, i) => i), ...new Array<number>(20).fill(1)],
        {
          sizes,
        },
      ),
      given("weights", [9, 1], new Array<number>(9).fill(1)),
      given("bias", [1], [0.5]),
    ];
    const [x, ...parameters] = inputs.map(({ tensor }) => tensor) as [Tensor, Tensor, Tensor];
    const { output } = applyNetwork({ input: image, layers: [layer] }, x, parameters);
    const [values] = await evaluate(runtime(), [output], inputs);
    // e.g. at the first place: columns -1..1 of rows 0..2, so 0 + 1 + 5 + 6 + 10 + 11.
    expect(numbersOf(values).map((value) => value - 0.5)).toEqual([33, 63, 51, 52, 87, 64, 6, 9, 6, 4, 6, 4]);
  });

  test("a reshape at the end leaves the numbers before the last activation what they are", async () => {
    const network: Network = {
      input: vector(2),
      layers: [
        { kind: "dense", units: 2, activation: "sigmoid" },
        { kind: "reshape", height: 2, width: 1, channels: 1 },
      ],
    };
    const inputs = [
      given("x", ["batch", 2], [1, -2, 0.5, 3], { sizes }),
      given("weights", [2, 2], [1, 0, 0, 1]),
      given("bias", [2], [0, 1]),
    ];
    const [x, ...parameters] = inputs.map(({ tensor }) => tensor) as [Tensor, Tensor, Tensor];
    const { output, beforeActivation } = applyNetwork(network, x, parameters);
    const [after, before] = (await evaluate(runtime(), [output, beforeActivation], inputs)).map(numbersOf);
    expect(before).toEqual([1, -1, 0.5, 4]);
    after.forEach((value, i) => expect(value).toBeCloseTo(1 / (1 + Math.exp(-before[i])), 12));
  });

  test("a transposed convolution is the adjoint of the convolution with its weights", async () => {
    for (const { image, layer } of fc.sample(convolutions, { numRuns: 6, seed: 3 })) {
      const small = networkOutput({ input: image, layers: [layer] });
      const [x, y] = [drawn("x", ["batch", numbers(image)]), drawn("y", ["batch", numbers(small)])];
      const weights = drawn("weights", [layer.kernel ** 2 * image.channels, layer.channels]);
      const none = (channels: number) =>
        given(`bias-${channels}`, [channels], new Array<number>(channels).fill(0));
      const [biasDown, biasUp] = [none(layer.channels), none(image.channels)];
      const down = applyNetwork({ input: image, layers: [layer] }, x.tensor, [
        weights.tensor,
        biasDown.tensor,
      ]);
      const up = applyNetwork({ input: small, layers: [back(layer, image)] }, y.tensor, [
        weights.tensor,
        biasUp.tensor,
      ]);
      const inputs = [
        ...new Map([x, y, weights, biasDown, biasUp].map((one) => [one.tensor.source, one])).values(),
      ];
      const [one, other] = (
        await evaluate(
          runtime(),
          [sum(multiply(down.output, y.tensor)), sum(multiply(up.output, x.tensor))],
          layer.channels === image.channels ? inputs.filter((given) => given !== biasUp) : inputs,
        )
      ).map((value) => Number(value.data[0]));
      expect(one).toBeCloseTo(other, 9);
    }
  });
});
