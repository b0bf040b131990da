/** A trained autoencoder as files: what it is in `model.json`, its numbers in `encoder.onnx` and `decoder.onnx`. */
import { z } from "zod";
import {
  type AutoencoderModel,
  type AutoencoderSettings,
  architectures,
  type Design,
  decoderFile,
  encoderFile,
  isArchitecture,
  parametersFromFiles,
} from "../../features/autoencoder/index.ts";
import { trainingSchema } from "./schemas.ts";

const count = z.int().min(0);
const positive = z.int().min(1);
const activation = z.enum(["linear", "relu", "leaky-relu", "elu", "softplus", "sigmoid", "tanh"]);
const shape = z.object({ height: positive, width: positive, channels: positive });
const padding = z.union([
  z.enum(["same", "valid"]),
  z.object({ top: count, left: count, bottom: count, right: count }),
]);
const window = { kernel: positive, stride: positive, padding, activation };

const layer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("dense"), units: positive, activation }),
  z.object({ kind: z.literal("convolution"), channels: positive, ...window }),
  z.object({ kind: z.literal("transposed-convolution"), ...shape.shape, ...window }),
  z.object({ kind: z.literal("reshape"), ...shape.shape }),
  z.object({ kind: z.literal("activation"), activation }),
  z.object({ kind: z.literal("gaussian-noise"), deviation: z.number() }),
  z.object({ kind: z.literal("masking"), share: z.number() }),
]);

const network = z.object({ input: shape, layers: z.array(layer) });

const optimizer = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("adam"),
    beta1: z.number().exactOptional(),
    beta2: z.number().exactOptional(),
    epsilon: z.number().exactOptional(),
  }),
  z.object({
    kind: z.literal("adadelta"),
    rho: z.number().exactOptional(),
    epsilon: z.number().exactOptional(),
  }),
  z.object({ kind: z.literal("sgd"), momentum: z.number().exactOptional() }),
]);

const design: z.ZodType<Design> = z.object({
  encoder: network,
  decoder: network,
  codeSize: positive,
  imageRms: z.number().positive().exactOptional(),
  centered: z.boolean().exactOptional(),
  variational: z.boolean(),
  loss: z.enum(["mse", "bce"]),
  penalties: z.object({ codeL1: z.number().exactOptional(), weightsL2: z.number().exactOptional() }),
  whitening: z.number().min(0).max(1),
  optimizer,
  schedule: z.enum(["constant", "cosine", "step"]),
  initializer: z.enum(["glorot", "glorot-sigmoid", "he", "fan-in"]),
  learningRate: z.number(),
  batch: positive,
  epochs: positive,
  patience: positive.exactOptional(),
});

const settings: z.ZodType<AutoencoderSettings> = z.object({
  architecture: z.string().refine(isArchitecture, {
    error: `one of ${Object.keys(architectures).join(", ")}`,
  }) as unknown as z.ZodType<AutoencoderSettings["architecture"]>,
  seed: count,
  design,
});

/** What `model.json` says of an autoencoder. */
export const autoencoderSchema: z.ZodObject<{
  kind: z.ZodLiteral<"autoencoder">;
  settings: z.ZodType<AutoencoderSettings>;
  image: z.ZodType<AutoencoderModel["image"]>;
  training: z.ZodType<AutoencoderModel["training"]>;
}> = z.object({
  kind: z.literal("autoencoder"),
  settings,
  image: shape,
  training: trainingSchema,
});

/** What `model.json` holds of an autoencoder, and its files. */
export function autoencoderFiles(model: AutoencoderModel): {
  readonly json: Omit<AutoencoderModel, "parameters">;
  readonly files: readonly (readonly [string, Uint8Array])[];
} {
  const { parameters: _inTheFiles, ...json } = model;
  return {
    json,
    files: [
      ["encoder.onnx", encoderFile(model)],
      ["decoder.onnx", decoderFile(model)],
    ],
  };
}

/**
 * An autoencoder from `model.json` and its files.
 *
 * @param folder name of the folder, for messages
 * @param read gives the bytes of a file of the folder
 * @throws {FormatError} if a file is no ONNX model, or of another network
 */
export async function readAutoencoder(
  json: Omit<AutoencoderModel, "parameters">,
  folder: string,
  read: (file: string) => Promise<Uint8Array>,
): Promise<AutoencoderModel> {
  const named = async (file: string) => ({ name: `${folder}/${file}`, bytes: await read(file) });
  const parameters = parametersFromFiles(
    json.settings,
    await named("encoder.onnx"),
    await named("decoder.onnx"),
  );
  return { ...json, parameters };
}
