/**
 * Plain data with typed arrays in it, as a file: arrays become tensors of the safetensors format, named by their place;
 * everything else is JSON in its metadata. A digest over the whole file tells every byte that was changed since.
 */
import { createHash } from "node:crypto";
import { FormatError } from "../../errors.ts";
import { decodeSafetensors, encodeSafetensors, type SafeArray, type SafeTensor } from "../../matrix/index.ts";

/** Which kind of file. */
export interface PackedFormat {
  readonly format: string;
  readonly formatVersion: number;
}

/** Where a file is read from, and what it should be. */
export interface PackedFile extends PackedFormat {
  /** Public function that reads, for messages. */
  readonly where: string;
  /** Name of the file, for messages. */
  readonly file: string;
  /** What to do if it cannot be used. */
  readonly remedy: string;
}

const TENSOR = "$tensor";
const DIGEST = "sha256";
const noDigest = "0".repeat(64);

/** The bytes of a file that holds the value. */
export function packFile({ format, formatVersion }: PackedFormat, value: unknown): Uint8Array {
  const tensors = new Map<string, SafeTensor>();
  const content = JSON.stringify(withoutArrays(value, "", undefined, tensors));
  const metadata = { format, formatVersion: `${formatVersion}`, content, [DIGEST]: noDigest };
  const bytes = encodeSafetensors({ metadata, tensors });
  bytes.set(new TextEncoder().encode(digestOf(bytes)), digestPlace(bytes));
  return bytes;
}

/**
 * The value that a file holds; whoever reads it checks its parts.
 *
 * @throws {FormatError} if the file is of another kind, of a newer version, or was changed or cut since it was written
 */
export function unpackFile(bytes: Uint8Array, expected: PackedFile): unknown {
  const { where, file, remedy, format, formatVersion } = expected;
  const fail = (rule: string, got: string, cause?: unknown): FormatError =>
    new FormatError(`${where}: "${file}" must ${rule}; got ${got}. ${remedy}`, { cause });
  try {
    const { metadata, tensors } = decodeSafetensors(bytes, file);
    if (metadata.format !== format) {
      throw fail(`have the format "${format}"`, metadata.format ? `"${metadata.format}"` : "another");
    }
    if (Number(metadata.formatVersion) > formatVersion) {
      throw fail(
        `have a format version of at most ${formatVersion}`,
        `${metadata.formatVersion}, which a newer version of unlabeled wrote`,
      );
    }
    if (digestOf(bytes) !== metadata[DIGEST]) {
      throw fail("be as it was written", "bytes that do not fit its digest");
    }
    return JSON.parse(metadata.content ?? "", (_key, value: unknown) => withArrays(value, tensors));
  } catch (error) {
    if (error instanceof FormatError && error.message.startsWith(where)) throw error;
    throw fail("be a whole file of unlabeled", "one that is damaged or of another kind", error);
  }
}

/** A copy in which every typed array is replaced by the name of its tensor. */
function withoutArrays(
  value: unknown,
  path: string,
  shape: readonly number[] | undefined,
  tensors: Map<string, SafeTensor>,
): unknown {
  if (isSafeArray(value)) {
    tensors.set(path, { shape: shape ?? [value.length], data: value });
    return { [TENSOR]: path };
  }
  const below = (key: string | number): string => (path === "" ? `${key}` : `${path}/${key}`);
  if (Array.isArray(value)) return value.map((one, i) => withoutArrays(one, below(i), undefined, tensors));
  if (typeof value !== "object" || value === null) return value;
  const given = shapeBeside(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, withoutArrays(one, below(key), given, tensors)]),
  );
}

/** The shape of `data`, where an object has both; other tools then see it in the file. */
function shapeBeside(value: object): readonly number[] | undefined {
  const { shape, data } = value as { readonly shape?: unknown; readonly data?: unknown };
  if (!Array.isArray(shape) || !isSafeArray(data)) return undefined;
  return shape.reduce((product, size) => product * size, 1) === data.length ? shape : undefined;
}

function withArrays(value: unknown, tensors: ReadonlyMap<string, SafeTensor>): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, TENSOR)) return value;
  return tensors.get(String((value as Record<string, unknown>)[TENSOR]))?.data;
}

function isSafeArray(value: unknown): value is SafeArray {
  return (
    value instanceof Float32Array ||
    value instanceof Float64Array ||
    value instanceof Int32Array ||
    value instanceof Uint8Array
  );
}

/** Digest of the file with zeros in the place of the digest. */
function digestOf(bytes: Uint8Array): string {
  const at = digestPlace(bytes);
  const hash = createHash("sha256").update(bytes.subarray(0, at)).update(noDigest);
  return hash.update(bytes.subarray(at + noDigest.length)).digest("hex");
}

/** Where the digest stands: a quote within a text of the header has a \ before it, so its key is found nowhere else. */
function digestPlace(bytes: Uint8Array): number {
  const key = `"${DIGEST}":"`;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(key) + key.length;
}
