/** Features of the user's own network as files: how it is fed in `model.json`, and the network itself, copied. */
import { z } from "zod";
import { FormatError } from "../../errors.ts";
import { readModel } from "../../neural/index.ts";
import type { OnnxModel } from "../../pipeline/index.ts";

const positive = z.int().min(1);

/** What `model.json` says of it. */
export const onnxSchema: z.ZodObject<{
  kind: z.ZodLiteral<"onnx">;
  file: z.ZodString;
  image: z.ZodType<OnnxModel["image"]>;
  input: z.ZodType<OnnxModel["input"]>;
  output: z.ZodType<OnnxModel["output"]>;
}> = z.object({
  kind: z.literal("onnx"),
  file: z.string(),
  image: z.object({ height: positive, width: positive, channels: positive }),
  input: z.object({
    name: z.string(),
    type: z.enum(["uint8", "float32"]),
    layout: z.enum(["NCHW", "NHWC", "flat"]),
    shape: z.array(positive).min(1).max(3),
    repeat: positive,
    batch: positive.exactOptional(),
  }),
  output: z.object({ name: z.string(), length: positive }),
});

/** What `model.json` holds of the network, and its file. */
export function onnxFiles(model: OnnxModel): {
  readonly json: Omit<OnnxModel, "bytes">;
  readonly files: readonly (readonly [string, Uint8Array])[];
} {
  const { bytes, ...json } = model;
  return { json, files: [["encoder.onnx", bytes]] };
}

/**
 * The network from `model.json` and its file. Whether a whole file is one that runs is seen when it does.
 *
 * @param folder name of the folder, for messages
 * @param read gives the bytes of a file of the folder
 * @throws {FormatError} if what `model.json` says does not go together, or the file is no ONNX model
 */
export async function readOnnx(
  json: Omit<OnnxModel, "bytes">,
  folder: string,
  read: (file: string) => Promise<Uint8Array>,
): Promise<OnnxModel> {
  const { image, input } = json;
  const given = image.height * image.width * image.channels * input.repeat;
  const taken = input.shape.reduce((product, size) => product * size, 1);
  if (given !== taken || (input.repeat > 1 && image.channels > 1)) {
    throw new FormatError(
      `readRun: the input in "${folder}/model.json" must take the ${given} numbers of an image; got one of ${input.shape.join(" x ")}.`,
    );
  }
  const bytes = new Uint8Array(await read("encoder.onnx"));
  readModel(bytes, `${folder}/encoder.onnx`);
  return { ...json, bytes };
}
