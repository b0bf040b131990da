/**
 * Models that are mostly numbers as one file each: arrays as tensors, everything else beside them, and a digest of it all.
 * `model.json` names the file and says what kind of model it is.
 */
import { z } from "zod";
import { FormatError } from "../../errors.ts";
import type { ByteMatrix } from "../../matrix/index.ts";
import type { TrainingCodes } from "../../pipeline/index.ts";
import { type PackedFormat, packFile, unpackFile } from "./packed-file.ts";

const format: PackedFormat = { format: "unlabeled-model-part", formatVersion: 1 };

const positive = z.int().min(1);

export const float32s: z.ZodType<Float32Array> = z.instanceof(Float32Array);
export const float64s: z.ZodType<Float64Array> = z.instanceof(Float64Array);
export const int32s: z.ZodType<Int32Array> = z.instanceof(Int32Array);

/** A matrix of numbers that are all finite. */
export function matrixOf<A extends Float32Array | Float64Array>(
  data: z.ZodType<A>,
): z.ZodType<{ rows: number; cols: number; data: A }> {
  return z
    .object({ rows: positive, cols: positive, data })
    .refine(
      ({ rows, cols, data: numbers }) => numbers.length === rows * cols,
      "as many numbers as rows and columns say",
    )
    .refine(({ data: numbers }) => numbers.every(Number.isFinite), "finite numbers") as z.ZodType<{
    rows: number;
    cols: number;
    data: A;
  }>;
}

/** What `model.json` says of a model in a file of its own. */
export const packedSchema: z.ZodObject<{ kind: z.ZodString; file: z.ZodString }> = z.object({
  kind: z.string(),
  file: z.string().regex(/^[\w-]+\.safetensors$/),
});

/** A model as `model.json` has it, and its file. */
export interface PackedModel {
  readonly json: { readonly kind: string; readonly file: string };
  readonly files: readonly (readonly [string, Uint8Array])[];
}

/** @param name name of the file without its ending */
export function packModel(model: { readonly kind: string }, name: string): PackedModel {
  const file = `${name}.safetensors`;
  return { json: { kind: model.kind, file }, files: [[file, packFile(format, model)]] };
}

/**
 * A model from its file.
 *
 * @param folder name of the folder, for messages
 * @throws {FormatError} if the file is damaged, or holds another model than it should
 */
export async function unpackModel<Model>(
  file: string,
  schema: z.ZodType<Model>,
  { folder, read }: { readonly folder: string; readonly read: (file: string) => Promise<Uint8Array> },
): Promise<Model> {
  const name = `${folder}/${file}`;
  const value = unpackFile(await read(file), {
    ...format,
    where: "readRun",
    file: name,
    remedy: "The run cannot be used without it: run it again.",
  });
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new FormatError(
    `readRun: ${issue?.path.map(String).join(".") || "the content"} in "${name}" must be as the model needs it; got a fault: ${issue?.message}.`,
  );
}

const bytesSchema: z.ZodType<ByteMatrix> = z
  .object({ rows: positive, cols: positive, data: z.instanceof(Uint8Array), unit: z.number().positive() })
  .refine(({ rows, cols, data }) => data.length === rows * cols, "as many numbers as rows and columns say");

/** Training images that new ones are compared with. */
export const codesSchema: z.ZodType<TrainingCodes> = z
  .object({
    samples: z.union([matrixOf(float32s), bytesSchema]),
    columns: z.array(positive).min(1),
    nNeighbors: positive,
    scales: z.array(z.object({ rho: float32s, sigma: float32s })),
  })
  .refine(
    ({ samples, columns, nNeighbors, scales }) =>
      columns.reduce((sum, width) => sum + width, 0) === samples.cols &&
      nNeighbors <= samples.rows &&
      scales.length === columns.length &&
      scales.every(({ rho, sigma }) => rho.length === samples.rows && sigma.length === samples.rows),
    "views and scales that fit the training images",
  );
