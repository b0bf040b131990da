import { describe, expect, test } from "vitest";
import { OptionError } from "../../errors.ts";
import { constant, type Dimension, type Tensor } from "../graph/tensor.ts";
import { checkGradients } from "../testing/check-gradients.ts";
import { evaluate, given, numbersOf } from "../testing/evaluate.ts";
import { describeNative } from "../testing/runtimes.ts";
import {
  applyNetwork,
  type Draws,
  describeNetwork,
  type Layer,
  type Network,
  networkOutput,
  networkParameters,
} from "./index.ts";

const vector = (channels: number) => ({ height: 1, width: 1, channels });
const image = { height: 5, width: 4, channels: 2 };
const window = { kernel: 3, stride: 2, padding: "same" } as const;
const layers: Record<Layer["kind"], Layer> = {
  dense: { kind: "dense", units: 3, activation: "tanh" },
  convolution: { kind: "convolution", channels: 3, ...window, activation: "sigmoid" },
  "transposed-convolution": {
    kind: "transposed-convolution",
    height: 9,
    width: 8,
    channels: 1,
    ...window,
    activation: "softplus",
  },
  reshape: { kind: "reshape", height: 2, width: 10, channels: 2 },
  "gaussian-noise": { kind: "gaussian-noise", deviation: 0.5 },
  activation: { kind: "activation", activation: "elu" },
  masking: { kind: "masking", share: 0.25 },
};
const all = Object.values(layers);
const bits = (count: number): Uint16Array =>
  Uint16Array.from({ length: count }, (_, i) => (i * 40503) % 65536);
const draws: Draws = {
  bits: (_batch: Dimension, perImage: number) => constant("uint16", [2, perImage], bits(2 * perImage)),
};

describe("a network", () => {
  const network: Network = {
    input: image,
    layers: [layers.convolution, layers.reshape, layers.dense, { kind: "reshape", ...vector(3) }],
  };

  test("has weights and a bias for each layer that computes, and knows its result", () => {
    const small: Network = {
      input: { height: 3, width: 3, channels: 1 },
      layers: [
        layers.convolution,
        { ...layers["transposed-convolution"], height: 4, width: 3, channels: 5 } as Layer,
      ],
    };
    expect(networkParameters(small, "net")).toEqual([
      { name: "net.0.weights", shape: [9, 3], fanIn: 9, fanOut: 27, role: "weights" },
      { name: "net.0.bias", shape: [3], fanIn: 9, fanOut: 27, role: "bias" },
      { name: "net.1.weights", shape: [45, 3], fanIn: 27, fanOut: 45, role: "weights" },
      { name: "net.1.bias", shape: [5], fanIn: 27, fanOut: 45, role: "bias" },
    ]);
    expect(networkOutput(small)).toEqual({ height: 4, width: 3, channels: 5 });
    expect(networkOutput(network)).toEqual(vector(3));
    expect(networkParameters(network, "net").map(({ name, shape }) => [name, shape])).toEqual([
      ["net.0.weights", [18, 3]],
      ["net.0.bias", [3]],
      ["net.2.weights", [40, 3]],
      ["net.2.bias", [3]],
    ]);
  });

  test("is described layer by layer", () => {
    expect(
      describeNetwork({ input: image, layers: [layers.masking, layers.convolution, layers.dense] }),
    ).toEqual([
      "25 % set to 0",
      "convolution 3, 3 x 3, stride 2, sigmoid (5 x 4 x 2 to 3 x 2 x 3)",
      "dense 3, tanh",
    ]);
  });

  test("refuses a transposed convolution that does not start at the size that it is given", () => {
    const wrong: Network = {
      input: image,
      layers: [{ ...layers["transposed-convolution"], height: 12 } as Layer],
    };
    const { tensor } = given("x", ["batch", 40], [], { sizes: { batch: 0 } });
    expect(() => applyNetwork(wrong, tensor, [tensor, tensor])).toThrow(
      new OptionError("applyNetwork: a transposed convolution to 12 x 8 must start at 6 x 4; got 5 x 4."),
    );
  });
});

const sizes = { batch: 2 };

describeNative("layers", (runtime) => {
  test("a network gives its last layer's numbers before and after the activation", async () => {
    const network: Network = { input: vector(2), layers: [{ kind: "dense", units: 1, activation: "relu" }] };
    const inputs = [
      given("x", ["batch", 2], [1, 2, 3, 4], { sizes }),
      given("w", [2, 1], [1, -1]),
      given("b", [1], [0.5]),
    ];
    const [x, ...parameters] = inputs.map(({ tensor }) => tensor);
    const { output, beforeActivation } = applyNetwork(network, x, parameters);
    const values = await evaluate(runtime(), [output, beforeActivation], inputs);
    expect(values.map(numbersOf)).toEqual([
      [0, 0],
      [-0.5, -0.5],
    ]);
  });

  test("without draws, noise lets everything pass", async () => {
    const x = given("x", ["batch", 2], [1, 2, 3, 4], { sizes });
    const network: Network = { input: vector(2), layers: [layers["gaussian-noise"], layers.masking] };
    const [value] = await evaluate(runtime(), [applyNetwork(network, x.tensor, []).output], [x]);
    expect(numbersOf(value)).toEqual([1, 2, 3, 4]);
  });
});

describeNative("gradients of layers", (runtime) => {
  test.each(all)("the gradients of a layer are differences: $kind", async (layer) => {
    const network = { input: image, layers: [layer] };
    const build = (x: Tensor, ...parameters: Tensor[]): Tensor =>
      applyNetwork(network, x, parameters, draws).output;
    const shapes = networkParameters(network, "").map(({ shape }) => shape);
    await checkGradients(runtime(), build, [["batch", 40], ...shapes], { sizes });
  });
});
