import { OptionError } from "../../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import {
  activations,
  affine,
  type ConvolutionGeometry,
  convolution,
  reshape,
  samePadding,
  smallSize,
  transposedConvolution,
} from "../operators/index.ts";
import type { ConvolutionLayer, Layer, LayerShape, Network, TransposedConvolutionLayer } from "./layer.ts";
import { addNoise, type Draws, mask } from "./noise.ts";

/** Weights or biases of a layer. */
export interface ParameterSpec {
  /** e.g. `"encoder.0.weights"`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Numbers that one output number depends on, and that one input number influences; for the initializers. */
  readonly fanIn: number;
  readonly fanOut: number;
  readonly role: "weights" | "bias";
}

/** Size of a network's result. */
export function networkOutput(network: Network): LayerShape {
  return network.layers.reduce((shape, layer) => layerOutput(layer, shape), network.input);
}

/** Parameters of all layers, in their order; each layer that has any has weights and a bias. */
export function networkParameters(network: Network, name: string): readonly ParameterSpec[] {
  let shape = network.input;
  return network.layers.flatMap((layer, i) => {
    const specs = layerParameters(layer, shape, `${name}.${i}`);
    shape = layerOutput(layer, shape);
    return specs;
  });
}

/**
 * Most numbers that a network holds for one image between two layers, the patches of convolutions included: memory
 * grows with it times the number of images at once.
 */
export function widestPoint(network: Network): number {
  let shape = network.input;
  let widest = numbersOf(shape);
  for (const layer of network.layers) {
    const next = layerOutput(layer, shape);
    widest = Math.max(widest, numbersOf(next), numbersInPatches(layer, shape, next));
    shape = next;
  }
  return widest;
}

/** Products of a number and a weight that a network forms for one image: what its time grows with. */
export function networkProducts(network: Network): number {
  let shape = network.input;
  let products = 0;
  for (const layer of network.layers) {
    const next = layerOutput(layer, shape);
    const [weights] = layerParameters(layer, shape, "");
    if (weights) {
      const size = weights.shape.reduce((product, length) => product * length, 1);
      const places =
        layer.kind === "convolution" ? next : layer.kind === "transposed-convolution" ? shape : undefined;
      products += size * (places ? places.height * places.width : 1);
    }
    shape = next;
  }
  return products;
}

/** Numbers in the patches of a convolution; of a transposed one, in what its positions see or give, the greater of both. */
function numbersInPatches(layer: Layer, before: LayerShape, after: LayerShape): number {
  switch (layer.kind) {
    case "convolution":
      return after.height * after.width * layer.kernel ** 2 * before.channels;
    case "transposed-convolution":
      return before.height * before.width * layer.kernel ** 2 * Math.max(before.channels, after.channels);
    default:
      return 0;
  }
}

/** What a network makes of its input. */
export interface NetworkResult {
  readonly output: Tensor;
  /** The same numbers before the last activation, as losses want them that contain it; reshapes after it change nothing. */
  readonly beforeActivation: Tensor;
}

/**
 * Applies a network.
 *
 * @param x batch x numbers, or batch x positions x channels
 * @param parameters as `networkParameters` lists them
 * @param draws random numbers for layers of noise; without it they let everything pass
 * @returns batch x numbers
 * @throws {OptionError} if a layer does not fit the size that it is given
 */
export function applyNetwork(
  network: Network,
  x: Tensor,
  parameters: readonly Tensor[],
  draws?: Draws,
): NetworkResult {
  let shape = network.input;
  let next = 0;
  let result: NetworkResult = { output: x, beforeActivation: x };
  for (const layer of network.layers) {
    const taken = layerParameters(layer, shape, "").length;
    const own = parameters.slice(next, next + taken);
    result = applyLayer(layer, shape, result, own, draws);
    next += taken;
    shape = layerOutput(layer, shape);
  }
  const batch = x.shape[0] ?? 1;
  const numbers = shape.height * shape.width * shape.channels;
  return {
    output: reshape(result.output, [batch, numbers]),
    beforeActivation: reshape(result.beforeActivation, [batch, numbers]),
  };
}

/** A layer in a few words, for people. */
function describeLayer(layer: Layer, before: LayerShape): string {
  const after = layerOutput(layer, before);
  const size = (shape: LayerShape): string =>
    shape.height === 1 && shape.width === 1
      ? `${shape.channels}`
      : `${shape.height} x ${shape.width} x ${shape.channels}`;
  switch (layer.kind) {
    case "dense":
      return `dense ${layer.units}, ${layer.activation}`;
    case "convolution":
    case "transposed-convolution": {
      const name = layer.kind === "convolution" ? "convolution" : "transposed convolution";
      return `${name} ${layer.channels}, ${layer.kernel} x ${layer.kernel}, stride ${layer.stride}, ${layer.activation} (${size(before)} to ${size(after)})`;
    }
    case "reshape":
      return `as ${size(after)}`;
    case "activation":
      return layer.activation;
    case "gaussian-noise":
      return `normal noise ${layer.deviation}`;
    case "masking":
      return `${Math.round(layer.share * 100)} % set to 0`;
  }
}

/** A network's layers in words. */
export function describeNetwork(network: Network): string[] {
  let shape = network.input;
  return network.layers.map((layer) => {
    const text = describeLayer(layer, shape);
    shape = layerOutput(layer, shape);
    return text;
  });
}

function layerOutput(layer: Layer, shape: LayerShape): LayerShape {
  switch (layer.kind) {
    case "dense":
      return { height: 1, width: 1, channels: layer.units };
    case "convolution":
      return { ...smallSize(convolutionGeometry(layer, shape)), channels: layer.channels };
    case "transposed-convolution":
      return { height: layer.height, width: layer.width, channels: layer.channels };
    case "reshape":
      return { height: layer.height, width: layer.width, channels: layer.channels };
    case "activation":
    case "gaussian-noise":
    case "masking":
      return shape;
  }
}

function layerParameters(layer: Layer, shape: LayerShape, name: string): ParameterSpec[] {
  switch (layer.kind) {
    case "dense":
      return parameterPair(name, numbersOf(shape), layer.units, {
        fanIn: numbersOf(shape),
        fanOut: layer.units,
      });
    case "convolution": {
      const area = layer.kernel ** 2;
      const fans = { fanIn: area * shape.channels, fanOut: area * layer.channels };
      return parameterPair(name, area * shape.channels, layer.channels, fans);
    }
    case "transposed-convolution": {
      const area = layer.kernel ** 2;
      const fans = { fanIn: area * shape.channels, fanOut: area * layer.channels };
      const [weights, bias] = parameterPair(name, area * layer.channels, shape.channels, fans);
      return [weights, { ...bias, shape: [layer.channels] }];
    }
    case "reshape":
    case "activation":
    case "gaussian-noise":
    case "masking":
      return [];
  }
}

function parameterPair(
  name: string,
  rows: number,
  columns: number,
  fans: { readonly fanIn: number; readonly fanOut: number },
): [ParameterSpec, ParameterSpec] {
  return [
    { name: `${name}.weights`, shape: [rows, columns], role: "weights", ...fans },
    { name: `${name}.bias`, shape: [columns], role: "bias", ...fans },
  ];
}

function applyLayer(
  layer: Layer,
  shape: LayerShape,
  before: NetworkResult,
  parameters: readonly Tensor[],
  draws: Draws | undefined,
): NetworkResult {
  const x = before.output;
  const batch = x.shape[0] ?? 1;
  const [weights, bias] = parameters as [Tensor, Tensor];
  switch (layer.kind) {
    case "dense":
      return activated(affine(reshape(x, [batch, numbersOf(shape)]), weights, bias), layer.activation);
    case "convolution": {
      const image = reshape(x, [batch, shape.height * shape.width, shape.channels]);
      return activated(
        convolution(image, weights, bias, convolutionGeometry(layer, shape)),
        layer.activation,
      );
    }
    case "transposed-convolution": {
      const image = reshape(x, [batch, shape.height * shape.width, shape.channels]);
      const geometry = transposedGeometry(layer, shape);
      return activated(transposedConvolution(image, weights, bias, geometry), layer.activation);
    }
    case "reshape":
      checkReshape(layer, shape);
      return before;
    case "activation":
      return activated(x, layer.activation);
    case "gaussian-noise":
      return passed(draws ? addNoise(x, layer.deviation, draws) : x);
    case "masking":
      return passed(draws ? mask(x, layer.share, draws) : x);
  }
}

function activated(x: Tensor, activation: keyof typeof activations): NetworkResult {
  return { output: activations[activation](x), beforeActivation: x };
}

function passed(x: Tensor): NetworkResult {
  return { output: x, beforeActivation: x };
}

function convolutionGeometry(layer: ConvolutionLayer, shape: LayerShape): ConvolutionGeometry {
  return geometryOf(layer, shape);
}

/** @throws {OptionError} if the layer does not start at the size that it is given */
function transposedGeometry(layer: TransposedConvolutionLayer, shape: LayerShape): ConvolutionGeometry {
  const geometry = geometryOf(layer, layer);
  const small = smallSize(geometry);
  if (small.height === shape.height && small.width === shape.width) return geometry;
  throw new OptionError(
    `applyNetwork: a transposed convolution to ${layer.height} x ${layer.width} must start at ${small.height} x ${small.width}; got ${shape.height} x ${shape.width}.`,
  );
}

/** @throws {OptionError} if the layer has another number of numbers than it is given */
function checkReshape(layer: LayerShape, shape: LayerShape): void {
  const [wanted, given] = [numbersOf(layer), numbersOf(shape)];
  if (wanted === given) return;
  throw new OptionError(
    `applyNetwork: a reshape to ${layer.height} x ${layer.width} x ${layer.channels} must be given as many numbers (${wanted}); got ${given}.`,
  );
}

function geometryOf(
  { kernel, stride, padding }: ConvolutionLayer | TransposedConvolutionLayer,
  { height, width }: { readonly height: number; readonly width: number },
): ConvolutionGeometry {
  const square = [kernel, kernel] as const;
  const none = { top: 0, left: 0, bottom: 0, right: 0 };
  const around =
    padding === "same"
      ? samePadding({ height, width }, square, stride)
      : padding === "valid"
        ? none
        : padding;
  return { height, width, kernel: square, stride, padding: around };
}

function numbersOf({ height, width, channels }: LayerShape): number {
  return height * width * channels;
}
