import { FormatError } from "../../errors.ts";
import {
  encodeModel,
  input,
  networkOutput,
  networkParameters,
  readModel,
  reshape,
  type StateTensor,
} from "../../neural/index.ts";
import { decodedTensor, encodedTensor, type ModelCore, numbersOf } from "./graphs.ts";
import type { AutoencoderSettings } from "./options.ts";
import { whiteningParameters } from "./whitening.ts";

/**
 * The encoder as an `.onnx` file: `images` (uint8, batch x height x width x channels) to `code` (float32, batch x
 * codeSize). What turns bytes into numbers, and what whitens the code, is inside.
 */
export function encoderFile(model: ModelCore): Uint8Array {
  const { height, width, channels } = model.settings.design.encoder.input;
  const images = input("images", "uint8", ["batch", height, width, channels]);
  const { tensor, constantNames } = encodedTensor(model, images);
  return encodeModel({
    name: `${model.settings.architecture} encoder`,
    description: "Images (bytes; rows, columns, channels) to their codes.",
    metadata: metadata(model),
    inputs: [images],
    outputs: { code: tensor },
    constantNames,
  });
}

/**
 * The decoder as an `.onnx` file: `code` (float32, batch x codeSize) to `images` (float32, batch x height x width x
 * channels, from 0 = no light to 1 = full; a linear output may go somewhat beyond).
 */
export function decoderFile(model: ModelCore): Uint8Array {
  const { encoder, codeSize } = model.settings.design;
  const { height, width, channels } = encoder.input;
  const code = input("code", "float32", ["batch", codeSize]);
  const { tensor, constantNames } = decodedTensor(model, code);
  return encodeModel({
    name: `${model.settings.architecture} decoder`,
    description: "Codes to images (about 0 to 1; rows, columns, channels).",
    metadata: metadata(model),
    inputs: [code],
    outputs: { images: reshape(tensor, ["batch", height, width, channels]) },
    constantNames,
  });
}

/** A file, read. */
export interface NamedBytes {
  /** For messages. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The parameters of a model out of its two files.
 *
 * @throws {FormatError} if the settings describe no network, a file is no ONNX model, or it is of another network than the
 *   settings say
 */
export function parametersFromFiles(
  settings: AutoencoderSettings,
  encoder: NamedBytes,
  decoder: NamedBytes,
): Readonly<Record<string, StateTensor>> {
  const { design } = settings;
  const { whitening, codeSize } = design;
  const parameters = {
    ...parametersIn(encoder, [
      ...networkParameters(design.encoder, "encoder"),
      ...whiteningParameters(whitening, codeSize, "forward"),
    ]),
    ...parametersIn(decoder, [
      ...networkParameters(design.decoder, "decoder"),
      ...whiteningParameters(whitening, codeSize, "backward"),
    ]),
  };
  checkGraphs({ settings, parameters });
  return parameters;
}

function parametersIn(
  { name: file, bytes }: NamedBytes,
  wanted: readonly { readonly name: string; readonly shape: readonly number[] }[],
): Record<string, StateTensor> {
  const { initializers } = readModel(bytes, file);
  const entries = wanted.map(({ name, shape }): [string, StateTensor] => {
    const found = initializers.get(name);
    const fits = found?.type === "float32" && `${found.shape}` === `${shape}`;
    if (!found || !fits || !(found.data instanceof Float32Array)) {
      throw new FormatError(
        `readAutoencoder: "${file}" must hold "${name}" as ${shape.join(" x ")} float32; got ${found ? `${found.shape.join(" x ")} ${found.type}` : "none"}. It belongs to another network than model.json.`,
      );
    }
    const bad = found.data.find((value) => !Number.isFinite(value));
    if (bad === undefined) return [name, { shape, data: found.data }];
    throw new FormatError(
      `readAutoencoder: "${name}" in "${file}" must be finite; got ${bad}. Make the run again.`,
    );
  });
  return Object.fromEntries(entries);
}

/** Layers that were edited by hand may each be right, and yet not go together. */
function checkGraphs(model: ModelCore): void {
  const { encoder, decoder, codeSize, variational } = model.settings.design;
  const sizes = [
    [numbersOf(networkOutput(encoder)), codeSize * (variational ? 2 : 1)],
    [numbersOf(decoder.input), codeSize],
    [numbersOf(networkOutput(decoder)), numbersOf(encoder.input)],
  ] as const;
  try {
    const different = sizes.find(([got, wanted]) => got !== wanted);
    if (different)
      throw new RangeError(`one part gives ${different[0]} numbers, the next takes ${different[1]}`);
    encodedTensor(model, input("images", "uint8", ["batch", numbersOf(encoder.input)]));
    decodedTensor(model, input("code", "float32", ["batch", codeSize]));
  } catch (cause) {
    const got = cause instanceof Error ? cause.message.replace(/\.$/, "") : String(cause);
    throw new FormatError(`readAutoencoder: the layers in model.json must go together; got: ${got}.`, {
      cause,
    });
  }
}

function metadata({ settings }: ModelCore): Record<string, string> {
  return {
    "unlabeled.architecture": settings.architecture,
    "unlabeled.codeSize": `${settings.design.codeSize}`,
    "unlabeled.layout": "NHWC",
    "unlabeled.pixels": "bytes 0..255, scaled to 0..1 inside; rows, columns, channels",
  };
}
