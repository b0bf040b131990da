/**
 * Training around the mean. What a layer of sigmoids hands on is never negative, and pixels are not either: all weights
 * of a unit are then pushed the same way, and deep sigmoid networks learn slowly or not at all. So each dense layer is
 * trained on its input minus the input's mean, as if its bias were `bias - mean * weights`, and the last one starts from
 * the mean image (LeCun et al. 1998, "Efficient BackProp", section 4.3). What a network can express stays the same: when
 * training is done, the means go into the biases for good.
 */
import type { ImageSet } from "../../images/index.ts";
import {
  add,
  constant,
  type Layer,
  matrixProduct,
  type Network,
  networkParameters,
  type ParameterSpec,
  reshape,
  type StateTensor,
  subtract,
  type Tensor,
} from "../../neural/index.ts";
import type { Design } from "./architectures.ts";

/** What is added to one bias. */
interface Shift {
  /** Names of the parameters. */
  readonly bias: string;
  readonly weights: string;
  /** Mean of what the layer is given: as many numbers as the weights have rows. */
  readonly mean?: Float32Array;
  /** Where the layer's bias starts. */
  readonly start?: Float32Array;
}

/** The means of a training; none for designs that are trained as they are. */
export type Centering = readonly Shift[];

/** Share of full brightness to which the mean image is kept from black and white, where the inverse sigmoid is infinite. */
const MARGIN = 0.002;

/**
 * Means for a design on some images.
 *
 * @param rows indexes of the images that are trained on
 */
export function centeringOf(design: Design, images: ImageSet, rows: Int32Array): Centering {
  if (!design.centered) return [];
  const { encoder, decoder } = design;
  const mean = meanImage(images, rows);
  const code = encoder.layers.reduce(meanAfter, mean as Mean);
  const shifts = [...layerShifts(encoder, "encoder", mean), ...layerShifts(decoder, "decoder", code)];
  const last = shifts.at(-1);
  return last ? [...shifts.slice(0, -1), { ...last, start: startOf(decoder, mean) }] : [];
}

/**
 * Parameters as the network uses them, of those that are trained.
 *
 * @param specs of all parameters of the design
 * @param parameters in the same order
 */
export function centeredParameters(
  centering: Centering,
  specs: readonly ParameterSpec[],
  parameters: readonly Tensor[],
): readonly Tensor[] {
  return parameters.map((parameter, i) => {
    const shift = centering.find(({ bias }) => bias === (specs[i] as ParameterSpec).name);
    if (!shift) return parameter;
    const length = parameter.shape[0] as number;
    let bias = parameter;
    if (shift.start) bias = add(bias, constant("float32", [length], shift.start));
    if (!shift.mean) return bias;
    const weights = parameters[specs.findIndex(({ name }) => name === shift.weights)] as Tensor;
    const mean = constant("float32", [1, shift.mean.length], shift.mean);
    return subtract(bias, reshape(matrixProduct(mean, weights), [length]));
  });
}

/** The same for numbers, when training is done. */
export function foldCentering(
  centering: Centering,
  parameters: Readonly<Record<string, StateTensor>>,
): Readonly<Record<string, StateTensor>> {
  const folded = centering.map(({ bias, weights, mean, start }) => {
    const { shape, data } = parameters[bias] as StateTensor;
    const sums = Float64Array.from(data, (value, unit) => value + (start?.[unit] ?? 0));
    const matrix = (parameters[weights] as StateTensor).data;
    for (const [row, center] of (mean ?? []).entries()) {
      for (let unit = 0; unit < sums.length; unit++) {
        sums[unit] = (sums[unit] as number) - center * (matrix[row * sums.length + unit] as number);
      }
    }
    return [bias, { shape, data: Float32Array.from(sums) }] as const;
  });
  return { ...parameters, ...Object.fromEntries(folded) };
}

/** @param given mean of what the network is given, where it is known */
function layerShifts(network: Network, name: string, given: Mean): Shift[] {
  const specs = networkParameters(network, name);
  let mean = given;
  return network.layers.flatMap((layer, i) => {
    const before = mean;
    mean = meanAfter(mean, layer);
    if (layer.kind !== "dense") return [];
    const [bias, weights] = [`${name}.${i}.bias`, `${name}.${i}.weights`];
    const rows = specs.find((spec) => spec.name === weights)?.shape[0] as number;
    if (before === undefined) return [{ bias, weights }];
    return [
      { bias, weights, mean: typeof before === "number" ? new Float32Array(rows).fill(before) : before },
    ];
  });
}

/** Mean of the numbers between two layers: one for all, one for each, or not known. */
type Mean = Float32Array | number | undefined;

/** A sigmoid of numbers around 0 has the mean 1/2; a mask or another form changes no mean that counts. */
function meanAfter(before: Mean, layer: Layer): Mean {
  if (!("activation" in layer)) return before;
  return layer.activation === "sigmoid" ? 0.5 : undefined;
}

/** The bias with which an output layer that knows nothing else draws the mean image. */
function startOf({ layers }: Network, mean: Float32Array): Float32Array {
  const last = layers.findLast((layer) => layer.kind === "dense");
  if (last?.activation !== "sigmoid") return mean;
  return mean.map((value) => {
    const share = Math.min(1 - MARGIN, Math.max(MARGIN, value));
    return Math.log(share / (1 - share));
  });
}

/** Mean of images, each number in [0, 1]. */
function meanImage({ pixels, height, width, channels }: ImageSet, rows: Int32Array): Float32Array {
  const length = height * width * channels;
  const sums = new Float64Array(length);
  for (const row of rows) {
    for (let i = 0; i < length; i++) sums[i] = (sums[i] as number) + (pixels[row * length + i] as number);
  }
  return Float32Array.from(sums, (sum) => sum / (255 * rows.length));
}
