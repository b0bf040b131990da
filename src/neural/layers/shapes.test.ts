import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError } from "../../errors.ts";
import { input } from "../graph/tensor.ts";
import {
  applyNetwork,
  type ConvolutionLayer,
  describeNetwork,
  type Layer,
  type Network,
  networkOutput,
  networkParameters,
  widestPoint,
} from "./index.ts";
import { back, convolutions, numbers, vector } from "./testing/convolutions.ts";

/** Places along one axis, counted: the window starts at every multiple of the stride at which it ends within. */
function places(
  size: number,
  { kernel, stride, padding }: ConvolutionLayer,
  axis: "down" | "across",
): number {
  if (padding === "same") return Math.ceil(size / stride);
  const none = { top: 0, left: 0, bottom: 0, right: 0 };
  const { top, left, bottom, right } = padding === "valid" ? none : padding;
  const whole = size + (axis === "down" ? top + bottom : left + right);
  let count = 0;
  for (let at = 0; at + kernel <= whole; at += stride) count++;
  return count;
}

describe("sizes of layers", () => {
  test("a convolution has as many results as its window has places, for all sizes, strides and paddings", () => {
    fc.assert(
      fc.property(convolutions, ({ image, layer }) => {
        expect(networkOutput({ input: image, layers: [layer] })).toEqual({
          height: places(image.height, layer, "down"),
          width: places(image.width, layer, "across"),
          channels: layer.channels,
        });
      }),
    );
  });

  test("a transposed convolution leads back to the size that the convolution came from", () => {
    fc.assert(
      fc.property(convolutions, ({ image, layer }) => {
        const network = { input: image, layers: [layer, back(layer, image)] };
        expect(networkOutput(network)).toEqual(image);
        const specs = networkParameters(network, "n");
        expect(specs[2].shape).toEqual(specs[0].shape);
        expect(specs[3].shape).toEqual([image.channels]);
        const x = input("x", "float32", ["batch", numbers(image)]);
        const parameters = specs.map(({ name, shape }) => input(name, "float32", shape));
        expect(applyNetwork(network, x, parameters).output.shape).toEqual(["batch", numbers(image)]);
      }),
    );
  });

  test("parameters are named, shaped and counted for the initializers in the order of the layers", () => {
    const network: Network = {
      input: { height: 5, width: 7, channels: 3 },
      layers: [
        { kind: "gaussian-noise", deviation: 0.1 },
        { kind: "convolution", channels: 4, kernel: 3, stride: 2, padding: "valid", activation: "relu" },
        { kind: "dense", units: 6, activation: "relu" },
        { kind: "reshape", height: 1, width: 3, channels: 2 },
        { kind: "dense", units: 2, activation: "linear" },
      ],
    };
    const fans = [
      { fanIn: 27, fanOut: 36 },
      { fanIn: 24, fanOut: 6 },
      { fanIn: 6, fanOut: 2 },
    ];
    const pair = (layer: number, rows: number, columns: number, fan: (typeof fans)[number]) => [
      { name: `encoder.${layer}.weights`, shape: [rows, columns], role: "weights", ...fan },
      { name: `encoder.${layer}.bias`, shape: [columns], role: "bias", ...fan },
    ];
    expect(networkParameters(network, "encoder")).toEqual([
      ...pair(1, 27, 4, fans[0]),
      ...pair(2, 24, 6, fans[1]),
      ...pair(4, 6, 2, fans[2]),
    ]);
  });

  test("a reshape must keep the numbers that it is given", () => {
    const network: Network = { input: vector(6), layers: [{ kind: "reshape", ...vector(5) }] };
    const x = input("x", "float32", ["batch", 6]);
    expect(() => applyNetwork(network, x, [])).toThrow(
      new OptionError("applyNetwork: a reshape to 1 x 1 x 5 must be given as many numbers (5); got 6."),
    );
  });

  test("a window larger than its image is refused", () => {
    const layer: Layer = {
      kind: "convolution",
      channels: 1,
      kernel: 4,
      stride: 1,
      padding: "valid",
      activation: "relu",
    };
    expect(() => networkOutput({ input: { height: 3, width: 9, channels: 1 }, layers: [layer] })).toThrow(
      new OptionError(
        "convolution: kernel must fit into the image with its padding (3 x 9); got 4 x 4. Use a smaller kernel, larger images or more padding.",
      ),
    );
  });
});

describe("the widest point", () => {
  test("is the image where layers only narrow", () => {
    const narrow: Layer = { kind: "dense", units: 4, activation: "relu" };
    expect(widestPoint({ input: { height: 3, width: 3, channels: 2 }, layers: [narrow] })).toBe(18);
  });

  test("is the widest layer, wherever it stands", () => {
    const layers: Layer[] = [5, 40, 3].map((units) => ({ kind: "dense", units, activation: "relu" }));
    expect(widestPoint({ input: vector(9), layers })).toBe(40);
  });

  test("is what the windows of a convolution see, in either direction", () => {
    const image = { height: 6, width: 4, channels: 3 };
    const layer: ConvolutionLayer = {
      kind: "convolution",
      channels: 2,
      kernel: 5,
      stride: 2,
      padding: "same",
      activation: "relu",
    };
    // 3 x 2 places, 25 positions under the window.
    expect(widestPoint({ input: image, layers: [layer] })).toBe(6 * 25 * 3);
    const small = { height: 3, width: 2, channels: 2 };
    expect(widestPoint({ input: small, layers: [back(layer, image)] })).toBe(6 * 25 * 3);
    expect(widestPoint({ input: { ...small, channels: 7 }, layers: [back(layer, image)] })).toBe(6 * 25 * 7);
  });

  test("is the result of a convolution that makes more channels than its windows see", () => {
    const layer: ConvolutionLayer = {
      kind: "convolution",
      channels: 50,
      kernel: 1,
      stride: 1,
      padding: "same",
      activation: "relu",
    };
    expect(widestPoint({ input: { height: 4, width: 4, channels: 1 }, layers: [layer] })).toBe(16 * 50);
  });

  test("is not moved by noise or a reshape", () => {
    const layers: Layer[] = [
      { kind: "masking", share: 0.5 },
      { kind: "gaussian-noise", deviation: 1 },
      { kind: "reshape", height: 2, width: 3, channels: 1 },
    ];
    expect(widestPoint({ input: vector(6), layers })).toBe(6);
  });
});

test("every layer is described in words that name its size", () => {
  const network: Network = {
    input: { height: 4, width: 4, channels: 1 },
    layers: [
      { kind: "gaussian-noise", deviation: 0.25 },
      { kind: "masking", share: 0.2 },
      { kind: "convolution", channels: 8, kernel: 3, stride: 2, padding: "same", activation: "relu" },
      {
        kind: "transposed-convolution",
        height: 4,
        width: 4,
        channels: 2,
        kernel: 3,
        stride: 2,
        padding: "same",
        activation: "elu",
      },
      { kind: "dense", units: 6, activation: "leaky-relu" },
      { kind: "reshape", height: 3, width: 2, channels: 1 },
      { kind: "reshape", ...vector(6) },
    ],
  };
  expect(describeNetwork(network)).toEqual([
    "normal noise 0.25",
    "20 % set to 0",
    "convolution 8, 3 x 3, stride 2, relu (4 x 4 x 1 to 2 x 2 x 8)",
    "transposed convolution 2, 3 x 3, stride 2, elu (2 x 2 x 8 to 4 x 4 x 2)",
    "dense 6, leaky-relu",
    "as 3 x 2 x 1",
    "as 6",
  ]);
});
