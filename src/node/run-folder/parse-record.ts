import type { z } from "zod";
import { FormatError } from "../../errors.ts";

/** What a file must hold. */
export interface RecordFormat<T> {
  /** Public function that reads, for messages. */
  readonly where: string;
  /** Name of the file, for messages. */
  readonly file: string;
  /** Value of its key `format`. */
  readonly format: string;
  /** Newest version that this program reads. */
  readonly formatVersion: number;
  readonly schema: z.ZodType<T>;
}

/**
 * A record from the text of its file, checked: format first, then version, then every field. Fields keep the order that
 * they have in the file, so that a record that is written again has the same bytes.
 *
 * @throws {FormatError} naming the first field that is wrong
 */
export function parseRecord<T>(text: string, expected: RecordFormat<T>): T {
  const { where, file, format, formatVersion, schema } = expected;
  const value = parseJson(text, where, file);
  const found = field(value, "format");
  if (found !== format) {
    throw new FormatError(
      `${where}: "${file}" must have the format "${format}"; got ${JSON.stringify(found) ?? "none"}.`,
    );
  }
  const version = field(value, "formatVersion");
  if (typeof version === "number" && version > formatVersion) {
    throw new FormatError(
      `${where}: "${file}" must have a format version of at most ${formatVersion}; got ${version}. A newer version of unlabeled wrote it: update this one.`,
    );
  }
  const checked = schema.safeParse(value);
  if (checked.success) return inOrderOf(checked.data, value) as T;
  const [issue] = checked.error.issues;
  const path = issue?.path.map(String).join(".") || "its content";
  throw new FormatError(
    `${where}: ${path} in "${file}" must follow the format "${format}"; got a fault: ${issue?.message}.`,
  );
}

/** What was checked, its fields in the order of what was read; a schema gives them in its own. */
function inOrderOf(checked: unknown, read: unknown): unknown {
  if (Array.isArray(checked) && Array.isArray(read)) return checked.map((one, i) => inOrderOf(one, read[i]));
  if (!isObject(checked) || !isObject(read)) return checked;
  const keys = new Set([
    ...Object.keys(read).filter((key) => Object.hasOwn(checked, key)),
    ...Object.keys(checked),
  ]);
  return Object.fromEntries(Array.from(keys, (key) => [key, inOrderOf(checked[key], read[key])]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseJson(text: string, where: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const got = text.trim() === "" ? "an empty file" : "text that is not JSON";
    throw new FormatError(`${where}: "${file}" must hold JSON; got ${got}.`, { cause: error });
  }
}

function field(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
