/** The records of a CSV file, one by one, inflated where the file is gzip-compressed. */
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { FormatError } from "../../../errors.ts";
import { throwIfCancelled } from "../../../estimator.ts";
import { isGzip } from "../../idx-file.ts";
import type { OpenFile } from "../tables/index.ts";

/** Bytes read at a time. */
const chunkSize = 2 ** 18;
/** Longest record: 100,000 columns fit in, and a quote that is never closed does not fill the memory. */
const longestRecord = 2 ** 25;
/** Bytes that are looked at to tell what the file is. */
const telling = 2 ** 16;

/** A record with the number of the line it ends on, from 1 on. */
export interface CsvRecord {
  readonly fields: readonly string[];
  readonly line: number;
}

export interface RecordOptions {
  readonly delimiter: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * All records; empty lines are left out.
 *
 * @throws {FormatError} if quotes or gzip data are damaged, or a record is longer than 32 million characters
 * @throws {InputError} if the file cannot be read, or changes meanwhile
 * @throws {CancelledError} if the signal fires
 */
export async function* csvRecords(
  file: OpenFile,
  options: RecordOptions,
): AsyncGenerator<CsvRecord, void, void> {
  const { delimiter, signal } = options;
  throwIfCancelled("openSource", signal);
  const { parse } = await import("csv-parse");
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    max_record_size: longestRecord,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    skip_empty_lines: true,
  });
  // Errors reach the parser, which is read below.
  pipeline(await inflated(file), parser, () => undefined);
  let line = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      throwIfCancelled("openSource", signal);
      line = info.lines;
      yield { fields: record, line };
    }
  } catch (error) {
    throw explained(error, file.path, line);
  } finally {
    parser.destroy();
  }
}

/**
 * The first bytes of the content, up to the end of the first line where that is among the first 65,536.
 *
 * @throws as {@link csvRecords}
 */
export async function csvStart(file: OpenFile): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const stream = await inflated(file);
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      parts.push(chunk.subarray(0, telling - length));
      length += chunk.length;
      if (length >= telling) break;
    }
  } catch (error) {
    throw explained(error, file.path, 0);
  } finally {
    stream.destroy();
  }
  return Buffer.concat(parts);
}

async function inflated(file: OpenFile): Promise<Readable> {
  const raw = Readable.from(chunks(file), { objectMode: false });
  const packed = file.size >= 2 && isGzip(await file.read(0, 2));
  return packed ? pipeline(raw, createGunzip({ chunkSize }), () => undefined) : raw;
}

async function* chunks(file: OpenFile): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < file.size; at += chunkSize) {
    yield await file.read(at, Math.min(chunkSize, file.size - at));
  }
  await file.checkUnchanged();
}

function explained(error: unknown, path: string, line: number): unknown {
  if (!(error instanceof Error && "code" in error)) return error;
  const code = `${error.code}`;
  if (code.startsWith("Z_")) {
    return new FormatError(
      `openSource: "${path}" must be whole gzip data; got "${error.message}". The file is damaged or cut off: fetch or copy it again.`,
      { cause: error },
    );
  }
  if (!/^(CSV|INVALID)_/.test(code)) return error;
  const got =
    code === "CSV_MAX_RECORD_SIZE"
      ? "a row of more than 32 MiB: a quote is probably never closed"
      : code === "CSV_QUOTE_NOT_CLOSED"
        ? "a quote that is never closed"
        : "a quote in the middle of a field";
  return new FormatError(
    `openSource: "${path}" must be CSV after line ${line} (a field with quotes stands in quotes, and doubles its own); got ${got}. Correct the quotes.`,
    { cause: error },
  );
}
