/**
 * The safetensors format: the length of a header in 8 bytes (little-endian), the header as JSON (for each tensor its
 * element type, its shape and its place among the bytes; texts under `__metadata__`), then the bytes of all tensors
 * without gaps. Source: github.com/huggingface/safetensors, "Format".
 */
import { FormatError } from "../errors.ts";

/** Elements of a tensor that the format can hold here. */
export type SafeArray = Float64Array | Float32Array | Int32Array | Uint8Array;

/** A dense tensor, row-major; its shape's product is the length of its data. */
export interface SafeTensor {
  readonly shape: readonly number[];
  readonly data: SafeArray;
}

/** What a file holds. */
export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, SafeTensor>;
}

const PREFIX_BYTES = 8;
const METADATA = "__metadata__";

const elementTypes = [
  { name: "F64", array: Float64Array },
  { name: "F32", array: Float32Array },
  { name: "I32", array: Int32Array },
  { name: "U8", array: Uint8Array },
] as const;

/**
 * The bytes of a file. Tensors of wide elements come first, so that each starts at a multiple of its elements' size.
 *
 * LIMIT: elements are written in the machine's byte order, which is the format's (little-endian) on every machine that
 * Node and browsers run on today.
 */
export function encodeSafetensors({ metadata, tensors }: Safetensors): Uint8Array {
  const ordered = [...tensors].sort(([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  let end = 0;
  const entries = ordered.map(([name, { shape, data }]) => {
    const begin = end;
    end += data.byteLength;
    return [name, { dtype: typeName(data), shape, data_offsets: [begin, end] }];
  });
  const header = JSON.stringify({ [METADATA]: metadata, ...Object.fromEntries(entries) });
  const text = new TextEncoder().encode(header);
  const start = PREFIX_BYTES + Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(start + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - PREFIX_BYTES), true);
  bytes.fill(0x20, PREFIX_BYTES, start); // the format pads the header with spaces
  bytes.set(text, PREFIX_BYTES);
  let at = start;
  for (const [, { data }] of ordered) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads the bytes of a file.
 *
 * @param what name of the file, for messages
 * @returns data are copies
 * @throws {FormatError} for anything that does not follow the format to its last byte, and for other element types
 */
export function decodeSafetensors(bytes: Uint8Array, what: string): Safetensors {
  const fail = (rule: string, got: string): FormatError =>
    new FormatError(`decodeSafetensors: "${what}" must ${rule}; got ${got}.`);
  const header = parseHeader(bytes, fail);
  const metadata = header.fields[METADATA] ?? {};
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === "string")) {
    throw fail(`have texts under ${METADATA}`, "something else");
  }
  const entries = Object.entries(header.fields)
    .filter(([name]) => name !== METADATA)
    .map(([name, value]) => ({ name, ...checkEntry(name, value, fail) }))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  // A view of our own: `slice` of Node's Buffer does not copy.
  const body = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length).subarray(header.end);
  let at = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== at) throw fail(`have no gap before "${name}"`, `${begin} where ${at} is next`);
    at = end;
  }
  if (at !== body.length) throw fail(`have ${at} bytes of tensors, as its header says`, `${body.length}`);
  const tensors = entries.map(({ name, shape, begin, end, array: ArrayOf }): [string, SafeTensor] => [
    name,
    { shape, data: new ArrayOf(body.slice(begin, end).buffer) },
  ]);
  return { metadata: metadata as Record<string, string>, tensors: new Map(tensors) };
}

type Fail = (rule: string, got: string) => FormatError;

interface Header {
  readonly fields: Readonly<Record<string, unknown>>;
  /** Where the bytes of the tensors begin. */
  readonly end: number;
}

function parseHeader(bytes: Uint8Array, fail: Fail): Header {
  const rule = "start with a header of the safetensors format";
  if (bytes.length < PREFIX_BYTES)
    throw fail(rule, bytes.length === 0 ? "an empty file" : `${bytes.length} bytes`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > BigInt(bytes.length - PREFIX_BYTES)) {
    throw fail(rule, `${bytes.length} bytes, of which the header alone would take ${length}`);
  }
  const end = PREFIX_BYTES + Number(length);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(PREFIX_BYTES, end));
    const fields: unknown = JSON.parse(text);
    if (isRecord(fields)) return { fields, end };
  } catch {
    // told below: text that is no JSON, or bytes that are no text
  }
  throw fail(rule, "bytes that are no JSON object");
}

interface Entry {
  readonly array: (typeof elementTypes)[number]["array"];
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function checkEntry(name: string, value: unknown, fail: Fail): Entry {
  const { dtype, shape, data_offsets: offsets } = isRecord(value) ? value : {};
  const type = elementTypes.find((candidate) => candidate.name === dtype);
  if (!type) {
    const known = elementTypes.map((one) => one.name).join(", ");
    throw fail(`have elements of ${known} in "${name}"`, JSON.stringify(dtype) ?? "none");
  }
  if (!isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) {
    throw fail(`have shape and data_offsets of "${name}" as lists of integers`, "something else");
  }
  const [begin = 0, end = 0] = offsets;
  const expected = shape.reduce((product, size) => product * size, type.array.BYTES_PER_ELEMENT);
  if (end - begin !== expected) {
    throw fail(
      `have ${expected} bytes of "${name}" for its shape ${shape.join(" x ")}`,
      `${begin} to ${end}`,
    );
  }
  return { array: type.array, shape, begin, end };
}

function typeName(data: SafeArray): string {
  const type = elementTypes.find(({ array }) => data instanceof array);
  if (!type) throw new TypeError("elements must be of a type that the format has");
  return type.name;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one >= 0);
}
