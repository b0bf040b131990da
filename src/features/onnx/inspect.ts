/** What a foreign network takes and gives, found out from what it declares. */
import { FormatError, InputError } from "../../errors.ts";
import type { LayerShape, ValueInfo } from "../../neural/index.ts";
import type { NetworkInput } from "./model.ts";

/** Size along one axis; a text where the network leaves it open. */
type Dimension = ValueInfo["shape"][number];

/** Key of a model's metadata that says in which order its input has rows, columns and channels: `NCHW` or `NHWC`. */
const layoutKey = "unlabeled.layout";

/** The most channels that mean colours (and opacity); an axis of more is not the one of the channels. */
const MOST_CHANNELS = 4;

/** The most numbers of a fixed batch: 1 GiB of float32. */
const MOST_NUMBERS = 2 ** 28;

const imageTypes = ["uint8", "float32"] as const;

type Layout = "NCHW" | "NHWC";

/**
 * How images are given to a network: where its channels stand, and whether grey images are repeated.
 *
 * @param file name of the network's file, for messages
 * @param inputs those without a default
 * @param metadata of the model
 * @throws {FormatError} if the network has no single input that could be an image
 * @throws {InputError} if it takes images of another size
 */
export function networkInput(
  file: string,
  inputs: readonly ValueInfo[],
  metadata: Readonly<Record<string, string>>,
  image: LayerShape,
): NetworkInput {
  const [declared] = inputs;
  if (!declared || inputs.length > 1) throw noImage(file, inputs);
  const { name, shape } = declared;
  const type = imageTypes.find((each) => each === declared.type);
  if (!type || shape.length < 2 || shape.length > 4) throw noImage(file, inputs);
  const [batch, ...sizes] = shape;
  const fed =
    sizes.length === 3
      ? planes(file, sizes, image, layoutOf(sizes, image, metadata[layoutKey]))
      : flat(file, sizes, image);
  if (typeof batch !== "number") return { name, type, ...fed };
  const numbers = fed.shape.reduce((product, size) => product * size, batch);
  if (batch < 1 || numbers > MOST_NUMBERS) throw noImage(file, inputs);
  return { name, type, ...fed, batch };
}

/**
 * The output that serves as the features: the one named `code`, else the first of floats.
 *
 * @throws {FormatError} if there is none
 */
export function networkOutputName(file: string, outputs: readonly ValueInfo[]): string {
  const floats = outputs.filter(({ type }) => type === "float32" || type === "float64");
  const chosen = floats.find(({ name }) => name === "code") ?? floats[0];
  if (chosen) return chosen.name;
  throw new FormatError(
    `onnx: "${file}" must have an output of float32 or float64; got ${describeAll(outputs)}.`,
  );
}

type Fed = Pick<NetworkInput, "layout" | "shape" | "repeat">;

function planes(file: string, sizes: readonly Dimension[], image: LayerShape, layout: Layout): Fed {
  const declared = named(sizes, layout);
  const { height, width } = image;
  // A network of colours sees a grey image as one whose colours are all alike.
  const channels = image.channels === 1 && declared.channels === 3 ? 3 : image.channels;
  const fits = (size: Dimension, given: number): boolean => typeof size !== "number" || size === given;
  if (!fits(declared.height, height) || !fits(declared.width, width)) throw otherSize(file, declared, image);
  if (!fits(declared.channels, channels)) throw otherSize(file, declared, image);
  const shape = layout === "NCHW" ? [channels, height, width] : [height, width, channels];
  return { layout, shape, repeat: channels / image.channels };
}

/** One number after the other; grey images may keep their rows. */
function flat(file: string, sizes: readonly Dimension[], image: LayerShape): Fed {
  const { height, width, channels } = image;
  const own = sizes.length === 1 ? [height * width * channels] : [height, width];
  const fits = sizes.every((size, i) => typeof size !== "number" || size === own[i]);
  if (fits && (sizes.length === 1 || channels === 1)) return { layout: "flat", shape: own, repeat: 1 };
  const [first = "", second] = sizes;
  if (second !== undefined) throw otherSize(file, { height: first, width: second, channels: 1 }, image);
  const side = Math.sqrt(Number(first) / channels);
  const remedy = Number.isInteger(side) ? ` ${resize(side)}` : "";
  throw new InputError(
    `onnx: images must have ${first} numbers each, as "${file}" takes; got ${own[0]} (${size(image)}).${remedy}`,
  );
}

/** Where the channels stand: as the metadata say, else where a size fits; in doubt first, as PyTorch exports them. */
function layoutOf(sizes: readonly Dimension[], image: LayerShape, told: string | undefined): Layout {
  if (told === "NCHW" || told === "NHWC") return told;
  const candidates = (["NCHW", "NHWC"] as const).map((layout) => ({
    layout,
    rank: likelihood(named(sizes, layout), image),
  }));
  return candidates.reduce((best, candidate) => (candidate.rank > best.rank ? candidate : best)).layout;
}

/**
 * How well sizes go with the images. The axis of the channels tells most: that it has as many, or at least a number that
 * means colours; then height and width do.
 */
function likelihood({ height, width, channels }: Sizes, image: LayerShape): number {
  const fit = (size: Dimension, given: number): number =>
    typeof size !== "number" ? 1 : size === given ? 2 : 0;
  const colours = typeof channels === "number" && channels <= MOST_CHANNELS ? 1 : 0;
  const planes = fit(height, image.height) * fit(width, image.width); // 0..4
  return 10 * Math.max(fit(channels, image.channels), colours) + planes;
}

interface Sizes {
  readonly height: Dimension;
  readonly width: Dimension;
  readonly channels: Dimension;
}

function named(sizes: readonly Dimension[], layout: Layout): Sizes {
  const [a = "", b = "", c = ""] = sizes;
  return layout === "NCHW" ? { channels: a, height: b, width: c } : { height: a, width: b, channels: c };
}

function noImage(file: string, inputs: readonly ValueInfo[]): FormatError {
  return new FormatError(
    `onnx: "${file}" must have one input without a default, an image of uint8 or float32 with 2 to 4 axes, the batch first; got ${describeAll(inputs)}.`,
  );
}

function otherSize(file: string, declared: Sizes, image: LayerShape): InputError {
  return new InputError(
    `onnx: images must be ${size(declared)} (height x width x channels), as "${file}" takes; got ${size(image)}.${remedy(declared, image)}`,
  );
}

function remedy({ height, width, channels }: Sizes, image: LayerShape): string {
  const grey = image.channels === 1;
  if (typeof channels === "number" && channels !== image.channels && !(grey && channels === 3)) {
    return ` Use a network for ${grey ? "grey images" : `images of ${image.channels} channels`}.`;
  }
  return height === width && typeof height === "number" ? ` ${resize(height)}` : "";
}

function resize(side: number): string {
  return `Bring the images to that size: --size ${side}.`;
}

function size({ height, width, channels }: Sizes): string {
  return [height, width, channels].map((each) => (typeof each === "number" ? each : "any")).join(" x ");
}

function describeAll(values: readonly ValueInfo[]): string {
  const texts = values.map(({ name, type, shape }) => {
    const sizes = shape.map((each) => (each === "" ? "any" : each)).join(" x ");
    return `"${name}" (${type}${sizes ? ` ${sizes}` : ""})`;
  });
  return texts.length === 0 ? "none" : texts.join(", ");
}
