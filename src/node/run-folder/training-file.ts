/** Where an interrupted training stood, as a file. */
import { z } from "zod";
import { FormatError } from "../../errors.ts";
import type { Checkpoint, StateTensor } from "../../neural/index.ts";
import { packFile, unpackFile } from "./packed-file.ts";

/** A checkpoint, and of what. */
export interface StoredTraining {
  /** Digest of the images that were clustered. */
  readonly sha256: string;
  readonly method: string;
  readonly seed: number;
  /** Runtime that trained so far, as training records name it. */
  readonly runtime: string;
  readonly checkpoint: Checkpoint;
}

const format = { format: "unlabeled-checkpoint", formatVersion: 1 };
const count = z.int().min(0);

const tensor = z
  .object({ shape: z.array(count), data: z.instanceof(Float32Array) })
  .refine(({ shape, data }) => shape.reduce((product, size) => product * size, 1) === data.length, {
    error: "as many numbers as the shape says",
  }) as unknown as z.ZodType<StateTensor>;
const tensors = z.record(z.string(), tensor);

const schema: z.ZodType<StoredTraining> = z.object({
  sha256: z.string(),
  method: z.string(),
  seed: count,
  runtime: z.string(),
  checkpoint: z.object({
    fingerprint: z.string(),
    epoch: count,
    batch: count,
    lossSum: z.number(),
    imagesSeen: count,
    state: tensors,
    history: z.array(
      z.object({
        loss: z.number(),
        validationLoss: z.number(),
        seconds: z.number(),
        keepsake: (z.instanceof(Uint8Array) as unknown as z.ZodType<Uint8Array>).exactOptional(),
      }),
    ),
    best: z.object({ epoch: count.min(1), parameters: tensors }).exactOptional(),
  }),
});

/** The bytes of the file. */
export function trainingFile(stored: StoredTraining): Uint8Array {
  return packFile(format, stored);
}

/**
 * Reads the bytes of the file.
 *
 * @param file its name, for messages
 * @throws {FormatError} if it is of another kind, or damaged
 */
export function parseTraining(bytes: Uint8Array, file: string, remedy: string): StoredTraining {
  const where = "resume";
  const checked = schema.safeParse(unpackFile(bytes, { ...format, where, file, remedy }));
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new FormatError(
    `${where}: ${issue?.path.map(String).join(".")} in "${file}" must follow the format "${format.format}"; got a fault: ${issue?.message}. ${remedy}`,
  );
}
