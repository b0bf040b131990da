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
 * A record from the text of its file, checked: format first, then version, then every field.
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
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const path = issue?.path.map(String).join(".") || "its content";
  throw new FormatError(
    `${where}: ${path} in "${file}" must follow the format "${format}"; got a fault: ${issue?.message}.`,
  );
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
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
