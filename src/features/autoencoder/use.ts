import { InputError } from "../../errors.ts";
import { throwIfCancelled } from "../../estimator.ts";
import type { ImageSet } from "../../images/index.ts";
import type { Matrix } from "../../matrix/index.ts";
import {
  divide,
  encodeModel,
  input,
  type LayerShape,
  type Network,
  type Runtime,
  type Session,
  type TensorValue,
  widestPoint,
  withRuntime,
} from "../../neural/index.ts";
import { decodedTensor, encodedTensor, type ModelCore, numbersOf } from "./graphs.ts";
import { decoderFile, encoderFile } from "./onnx-files.ts";

/** How a network is used. Nothing here changes a result beyond rounding. */
export interface NetworkContext {
  /** Where the network computes; without it one is opened for the call. */
  readonly runtime?: Runtime | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Numbers that a network may hold at once, all images of a block together: 64 MiB. */
const MOST_NUMBERS = 16_777_216;

/** Images in one call, at most; more gain nothing. */
const MOST_IMAGES = 1024;

/**
 * Codes of images.
 *
 * @returns images x codeSize
 * @throws {InputError} if the images have another size than those that the network was trained on
 */
export async function encode(
  model: ModelCore,
  images: ImageSet,
  context: NetworkContext = {},
): Promise<Matrix<Float32Array>> {
  checkSize("encode", model, images);
  return withRuntime(context.runtime, (runtime) =>
    encodeBlocks(encoderFile(model), model, images, { ...context, runtime }),
  );
}

/** The network's own codes, before they are scaled. */
export async function encodeRaw(
  model: ModelCore,
  images: ImageSet,
  context: NetworkContext & { readonly runtime: Runtime },
): Promise<Matrix<Float32Array>> {
  const { height, width, channels } = model.settings.design.encoder.input;
  const pixels = input("images", "uint8", ["batch", height, width, channels]);
  const { tensor } = encodedTensor(model, pixels, { raw: true });
  const bytes = encodeModel({ name: "raw code", inputs: [pixels], outputs: { code: tensor } });
  return encodeBlocks(bytes, model, images, context);
}

async function encodeBlocks(
  bytes: Uint8Array,
  model: ModelCore,
  images: ImageSet,
  context: NetworkContext & { readonly runtime: Runtime },
): Promise<Matrix<Float32Array>> {
  const { encoder, codeSize } = model.settings.design;
  const codes = new Float32Array(images.count * codeSize);
  const session = await context.runtime.load(bytes);
  try {
    await eachBlock(images.count, [encoder], context.signal, async (from, to) => {
      const results = await session.run(
        { images: pixelsValue(images, from, to) },
        { fetch: ["code"], transfer: true },
      );
      codes.set(results.code?.data as Float32Array, from * codeSize);
    });
  } finally {
    await session.release();
  }
  return { rows: images.count, cols: codeSize, data: codes };
}

/**
 * Images of codes.
 *
 * @param codes nCodes x codeSize
 * @returns numbers beyond [0, 1], which a linear output may give, take the nearest end
 * @throws {InputError} if the codes have another size than the network's
 */
export async function decode(
  model: ModelCore,
  codes: Matrix,
  context: NetworkContext = {},
): Promise<ImageSet> {
  const { codeSize, encoder, decoder } = model.settings.design;
  if (codes.cols !== codeSize) {
    throw new InputError(`decode: codes must have ${codeSize} columns; got ${codes.cols}.`);
  }
  const length = numbersOf(encoder.input);
  const pixels = new Uint8Array(codes.rows * length);
  await withRuntime(context.runtime, async (runtime) => {
    const session = await runtime.load(decoderFile(model));
    try {
      await eachBlock(codes.rows, [decoder], context.signal, async (from, to) => {
        const data = Float32Array.from(codes.data.subarray(from * codeSize, to * codeSize));
        const results = await session.run(
          { code: { type: "float32", shape: [to - from, codeSize], data } },
          { fetch: ["images"], transfer: true },
        );
        writeBytes(results.images?.data as Float32Array, pixels.subarray(from * length, to * length));
      });
    } finally {
      await session.release();
    }
  });
  return { count: codes.rows, ...encoder.input, pixels };
}

/** What a network makes of images. */
export interface Reconstruction {
  readonly images: ImageSet;
  /** Mean squared error per number of each image, pixels in [0, 1]. */
  readonly errors: Float64Array;
}

/**
 * Images encoded and decoded again.
 *
 * @throws {InputError} if the images have another size than those that the network was trained on
 */
export async function reconstruct(
  model: ModelCore,
  images: ImageSet,
  context: NetworkContext = {},
): Promise<Reconstruction> {
  const pixels = new Uint8Array(images.pixels.length);
  const length = numbersOf(model.settings.design.encoder.input);
  const errors = await eachReconstruction(model, images, context, (block, from) => {
    writeBytes(block, pixels.subarray(from * length, from * length + block.length));
  });
  const { count, height, width, channels } = images;
  return { images: { count, height, width, channels, pixels }, errors };
}

/** Mean squared error of each image's reconstruction, without keeping the reconstructions. */
export function reconstructionErrors(
  model: ModelCore,
  images: ImageSet,
  context: NetworkContext = {},
): Promise<Float64Array> {
  return eachReconstruction(model, images, context, () => {});
}

async function eachReconstruction(
  model: ModelCore,
  images: ImageSet,
  context: NetworkContext,
  visit: (block: Float32Array, from: number) => void,
): Promise<Float64Array> {
  checkSize("reconstruct", model, images);
  const { encoder, decoder } = model.settings.design;
  const { height, width, channels } = encoder.input;
  const length = numbersOf(encoder.input);
  const errors = new Float64Array(images.count);
  await withRuntime(context.runtime, async (runtime) => {
    const pixels = input("images", "uint8", ["batch", height, width, channels]);
    const { tensor: code, factors } = encodedTensor(model, pixels);
    const decoded = decodedTensor(model, code).tensor;
    const outputs = { reconstruction: factors ? divide(decoded, factors) : decoded };
    const session = await runtime.load(encodeModel({ name: "reconstruction", inputs: [pixels], outputs }));
    try {
      await eachBlock(images.count, [encoder, decoder], context.signal, async (from, to) => {
        const block = await reconstructBlock(session, images, from, to);
        for (let i = from; i < to; i++) {
          errors[i] = squaredError(images.pixels, i * length, block, (i - from) * length, length);
        }
        visit(block, from);
      });
    } finally {
      await session.release();
    }
  });
  return errors;
}

async function reconstructBlock(
  session: Session,
  images: ImageSet,
  from: number,
  to: number,
): Promise<Float32Array> {
  const given = { images: pixelsValue(images, from, to) };
  const results = await session.run(given, { fetch: ["reconstruction"], transfer: true });
  return results.reconstruction?.data as Float32Array;
}

/** Calls for as many images at a time as memory allows. */
export async function eachBlock(
  count: number,
  networks: readonly Network[],
  signal: AbortSignal | undefined,
  visit: (from: number, to: number) => Promise<void>,
): Promise<void> {
  const widest = Math.max(...networks.map(widestPoint));
  const size = Math.max(1, Math.min(MOST_IMAGES, Math.floor(MOST_NUMBERS / widest)));
  for (let from = 0; from < count; from += size) {
    throwIfCancelled("autoencoder", signal);
    await visit(from, Math.min(from + size, count));
  }
}

/** Images as the value of a model's input, copied. */
export function pixelsValue(images: ImageSet, from: number, to: number): TensorValue {
  const { height, width, channels, pixels } = images;
  const length = height * width * channels;
  return {
    type: "uint8",
    shape: [to - from, height, width, channels],
    data: new Uint8Array(pixels.subarray(from * length, to * length)), // slice() gives a view for Node's Buffer
  };
}

/** Numbers as bytes; what lies beyond [0, 1] takes the nearest end. */
export function writeBytes(numbers: Float32Array, into: Uint8Array): void {
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i] as number;
    into[i] = value <= 0 ? 0 : value >= 1 ? 255 : Math.round(value * 255);
  }
}

function squaredError(
  bytes: Uint8Array,
  at: number,
  numbers: Float32Array,
  from: number,
  length: number,
): number {
  let total = 0;
  for (let i = 0; i < length; i++) {
    const difference = (bytes[at + i] as number) / 255 - (numbers[from + i] as number);
    total += difference * difference;
  }
  return total / length;
}

function checkSize(where: string, { settings }: ModelCore, images: ImageSet): void {
  const { input: wanted } = settings.design.encoder;
  if (sizeText(images) === sizeText(wanted)) return;
  throw new InputError(
    `${where}: images must be ${sizeText(wanted)} (height x width x channels), as those that the network was trained on; got ${sizeText(images)}.`,
  );
}

/** Size of an image, for people and comparisons. */
export function sizeText({ height, width, channels }: LayerShape): string {
  return `${height} x ${width} x ${channels}`;
}
