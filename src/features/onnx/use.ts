/**
 * A network of the user's own as features: whatever it says of an image is clustered. Bytes are given as they are to a
 * network that takes uint8, and as bytes / 255 to one that takes float32; any other preparation belongs into the network.
 */
import { FormatError, InputError, OptionError } from "../../errors.ts";
import { throwIfCancelled } from "../../estimator.ts";
import type { ImageSet } from "../../images/index.ts";
import type { Matrix } from "../../matrix/index.ts";
import {
  type LayerShape,
  type Runtime,
  readModel,
  type Session,
  type TensorValue,
  withRuntime,
} from "../../neural/index.ts";
import { networkInput, networkOutputName } from "./inspect.ts";
import type { EncoderFile, NetworkInput, OnnxModel } from "./model.ts";

/** How the network is used. Nothing here changes a result beyond rounding. */
export interface OnnxContext {
  /** Where the network computes; without it one is opened for the call. */
  readonly runtime?: Runtime | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Features of images, and the model that gives them. */
export interface OnnxFit {
  readonly model: OnnxModel;
  /** images x numbers of the output */
  readonly samples: Matrix<Float32Array>;
  /** What the user should know, each a sentence. */
  readonly notices: readonly string[];
}

/** Numbers in one call, at most: networks hold some dozens of times as many as they are given. */
const MOST_NUMBERS = 2_097_152;

/** Images in one call, at most; more gain nothing. */
const MOST_IMAGES = 256;

/**
 * Looks into a network, and gives the features of images.
 *
 * @throws {OptionError} if there is no network
 * @throws {FormatError} if the file is no ONNX model, one that the runtime cannot load, or none that takes images
 * @throws {InputError} if it takes images of another size, fails on them, or gives numbers that are not finite
 * @throws {CancelledError} when the signal fires
 */
export async function fit(
  images: ImageSet,
  encoder: EncoderFile | undefined,
  context: OnnxContext = {},
): Promise<OnnxFit> {
  if (!encoder) {
    throw new OptionError("onnx: encoder must be the user's own network; got none. Give it with --encoder.");
  }
  const { name: file, bytes } = encoder;
  const { height, width, channels } = images;
  const image = { height, width, channels };
  const { metadata } = readModel(bytes, file);
  return withRuntime(context.runtime, async (runtime) => {
    const session = await load(runtime, file, bytes);
    try {
      const input = networkInput(file, session.inputs, metadata, image);
      const name = networkOutputName(file, session.outputs);
      const samples = await runAll(session, { file, input, output: { name } }, images, context.signal);
      const model = {
        kind: "onnx",
        file,
        bytes,
        image,
        input,
        output: { name, length: samples.cols },
      } as const;
      return { model, samples, notices: notices(model) };
    } finally {
      await session.release();
    }
  });
}

/**
 * Features of images.
 *
 * @returns images x numbers of the output
 * @throws {InputError} if the images have another size than those of the fit, or the output is not finite
 */
export async function encode(
  model: OnnxModel,
  images: ImageSet,
  context: OnnxContext = {},
): Promise<Matrix<Float32Array>> {
  if (size(images) !== size(model.image)) {
    throw new InputError(
      `onnx: images must be ${size(model.image)} (height x width x channels), as those that the model was fitted to; got ${size(images)}.`,
    );
  }
  return withRuntime(context.runtime, async (runtime) => {
    const session = await load(runtime, model.file, model.bytes);
    try {
      return await runAll(session, model, images, context.signal);
    } finally {
      await session.release();
    }
  });
}

async function load(runtime: Runtime, file: string, bytes: Uint8Array): Promise<Session> {
  try {
    return await runtime.load(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const remedy = /external data/i.test(error.message) ? " Export it as one file, weights included." : "";
    throw new FormatError(error.message.replace(/^load: the bytes/, `onnx: "${file}"`) + remedy, {
      cause: error,
    });
  }
}

/** What running needs; `output.length` is checked where it is known. */
type Runnable = Pick<OnnxModel, "file" | "input"> & {
  readonly output: { readonly name: string; readonly length?: number };
};

async function runAll(
  session: Session,
  model: Runnable,
  images: ImageSet,
  signal: AbortSignal | undefined,
): Promise<Matrix<Float32Array>> {
  const { input, output } = model;
  const numbers = input.shape.reduce((product, each) => product * each, 1);
  const most = Math.max(1, Math.min(MOST_IMAGES, Math.floor(MOST_NUMBERS / numbers)));
  let { length } = output;
  let features: Float32Array | undefined;
  for (let from = 0; from < images.count; from += input.batch ?? most) {
    throwIfCancelled("onnx", signal);
    const to = Math.min(from + (input.batch ?? most), images.count);
    const rows = input.batch ?? to - from;
    const result = await run(session, model, imagesValue(input, images, from, to, rows));
    length = checkedLength(model, result, rows, length);
    features ??= new Float32Array(images.count * length);
    // Of a batch that was filled up, the images alone.
    features.set(result.data.subarray(0, (to - from) * length), from * length);
  }
  const samples = { rows: images.count, cols: length ?? 0, data: features ?? new Float32Array() };
  checkFinite(model, samples);
  return samples;
}

interface FloatValue {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

async function run(
  session: Session,
  { file, input, output }: Runnable,
  value: TensorValue,
): Promise<FloatValue> {
  try {
    const results = await session.run({ [input.name]: value }, { fetch: [output.name], transfer: true });
    return results[output.name] as FloatValue;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const message = `onnx: "${file}" must be able to take images as ${value.shape.join(" x ")}; got a failure. ${error.message}`;
    throw new InputError(message, { cause: error });
  }
}

/** Images as the network takes them; `rows` beyond them are black. */
function imagesValue(
  { type, layout, shape, repeat }: NetworkInput,
  images: ImageSet,
  from: number,
  to: number,
  rows: number,
): TensorValue {
  const { height, width, channels } = images;
  const places = height * width;
  const length = places * channels * repeat;
  const bytes = images.pixels.subarray(from * places * channels, to * places * channels);
  const data = type === "uint8" ? new Uint8Array(rows * length) : new Float32Array(rows * length);
  const unit = type === "uint8" ? 1 : 255;
  if (layout === "NCHW") {
    for (let at = 0; at < bytes.length; at++) {
      const place = Math.floor(at / channels);
      const image = Math.floor(place / places);
      const target = image * length + (at % channels) * places + (place % places);
      for (let r = 0; r < repeat; r++) data[target + r * places] = (bytes[at] as number) / unit;
    }
  } else {
    for (let at = 0; at < bytes.length; at++) {
      for (let r = 0; r < repeat; r++) data[at * repeat + r] = (bytes[at] as number) / unit;
    }
  }
  return { type, shape: [rows, ...shape], data };
}

/** @throws {InputError} unless the output has the same number of numbers for each image */
function checkedLength(
  { file, output }: Runnable,
  { shape, data }: FloatValue,
  rows: number,
  known: number | undefined,
): number {
  const length = data.length / rows;
  const apart = rows === 1 || shape[0] === rows;
  if (apart && length > 0 && length === (known ?? length)) return length;
  throw new InputError(
    `onnx: "${output.name}" of "${file}" must have ${known ?? "as many"} numbers for each image, the images along its first axis; got ${shape.join(" x ") || "one number"} for ${rows} image${rows === 1 ? "" : "s"}.`,
  );
}

function checkFinite({ file, output }: Runnable, { cols, data }: Matrix): void {
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  throw new InputError(
    `onnx: "${output.name}" of "${file}" must be finite numbers; got ${data[bad]} for image ${Math.floor(bad / cols)}. The network may want its images prepared in another way: put that into it.`,
  );
}

function notices({ file, input }: OnnxModel): string[] {
  if (input.repeat === 1) return [];
  return [
    `"${file}" takes ${input.repeat} channels: the one of the grey images was given ${input.repeat} times.`,
  ];
}

function size({ height, width, channels }: LayerShape): string {
  return `${height} x ${width} x ${channels}`;
}
