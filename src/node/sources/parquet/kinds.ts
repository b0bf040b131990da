/** What the values of a column are, by its type and by what is noted of it. */
import type { SchemaElement } from "hyparquet";
import { halfFloat } from "../tables/index.ts";
import type { Decode, Physical } from "./values.ts";

const physical: readonly string[] = [
  "BOOLEAN",
  "INT32",
  "INT64",
  "FLOAT",
  "DOUBLE",
  "BYTE_ARRAY",
  "FIXED_LEN_BYTE_ARRAY",
];
const textual: readonly string[] = ["UTF8", "STRING", "ENUM", "JSON"];
/** Bytes of a name or class that are looked at: more than the longest that is allowed has. */
const longestText = 20_000;

/** Decoder of a column of numbers (truth values are 0 and 1); undefined where it holds others. */
export function numbersOf(element: SchemaElement): Decode<number> | undefined {
  const type = physicalOf(element);
  const noted = notedAs(element);
  if (!type || noted === "date") return undefined;
  const length = lengthOf(element);
  const base = { type, length, ...signed(element) };
  if (noted === "decimal") {
    const scale = 10 ** scaleOf(element);
    const whole = (value: bigint): number => Number(value) / scale;
    return { ...base, number: (value) => value / scale, whole, bytes: (value) => whole(bigEndian(value)) };
  }
  if (type === "FIXED_LEN_BYTE_ARRAY" && length === 2 && element.logical_type?.type === "FLOAT16") {
    return { ...base, bytes: ([low = 0, high = 0]) => halfFloat(low | (high << 8)) };
  }
  return type.endsWith("BYTE_ARRAY") ? undefined : { ...base, bytes: () => Number.NaN };
}

/** Decoder of names and classes: texts, numbers and truth values; undefined where the column holds others. */
export function textsOf(element: SchemaElement): Decode<string> | undefined {
  const type = physicalOf(element);
  if (!type || notedAs(element) !== "") return undefined;
  if (type === "FIXED_LEN_BYTE_ARRAY") return undefined;
  const { number } = signed(element);
  const decoder = new TextDecoder();
  return {
    type,
    length: 0,
    number: (value) => (type === "BOOLEAN" ? (value ? "true" : "false") : `${number(value)}`),
    whole: (value) => `${isUnsigned(element) ? BigInt.asUintN(64, value) : value}`,
    bytes: (value) => decoder.decode(value.subarray(0, longestText)),
  };
}

/** Decoder of bytes; undefined where the column holds others, or texts. */
export function bytesOf(element: SchemaElement): Decode<Uint8Array> | undefined {
  const none = (): Uint8Array => new Uint8Array();
  if (physicalOf(element) !== "BYTE_ARRAY" || notedAs(element) !== "" || isText(element)) return undefined;
  return { type: "BYTE_ARRAY", length: 0, number: none, whole: none, bytes: (value) => value };
}

/** What a column holds, for messages. */
export function describedKind(element: SchemaElement): string {
  if (notedAs(element) === "date") return "dates or times";
  if (isText(element)) return "text";
  return physicalOf(element)?.endsWith("BYTE_ARRAY") ? "bytes" : `values of type ${element.type}`;
}

function isText(element: SchemaElement): boolean {
  return textual.includes(`${element.converted_type}`) || textual.includes(`${element.logical_type?.type}`);
}

function physicalOf(element: SchemaElement): Physical | undefined {
  return physical.includes(`${element.type}`) ? (element.type as Physical) : undefined;
}

function lengthOf({ type_length: length }: SchemaElement): number {
  return typeof length === "number" && length > 0 ? length : 0;
}

function notedAs({
  converted_type: converted,
  logical_type: logical,
}: SchemaElement): "date" | "decimal" | "" {
  const notes = `${converted} ${logical?.type}`;
  if (/DATE|TIME|INTERVAL/.test(notes)) return "date";
  return notes.includes("DECIMAL") ? "decimal" : "";
}

function scaleOf({ scale, logical_type: logical }: SchemaElement): number {
  const given: unknown = logical?.type === "DECIMAL" ? logical.scale : scale;
  return typeof given === "number" ? Math.max(0, Math.min(given, 100)) : 0;
}

function isUnsigned({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  return `${converted}`.startsWith("UINT_") || (logical?.type === "INTEGER" && !logical.isSigned);
}

function signed(element: SchemaElement): Pick<Decode<number>, "number" | "whole"> {
  if (!isUnsigned(element)) return { number: (value) => value, whole: Number };
  const unsigned = element.type === "INT32";
  return {
    number: (value) => (unsigned ? value >>> 0 : value),
    whole: (value) => Number(BigInt.asUintN(64, value)),
  };
}

function bigEndian(bytes: Uint8Array): bigint {
  // No decimal that is written has more than 32 bytes.
  const shown = bytes.subarray(0, 32);
  let value = 0n;
  for (const byte of shown) value = value * 256n + BigInt(byte);
  return BigInt.asIntN(8 * shown.length, value);
}
