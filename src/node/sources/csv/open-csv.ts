/** CSV and TSV files, row by row: docs/tables.md says every rule. */
import { FormatError, InputError } from "../../../errors.ts";
import type { Piece, SourceReader } from "../reader.ts";
import {
  checkShape,
  columnName,
  numbersPiece,
  OpenFile,
  type Roles,
  refuseColumns,
  rolesOf,
  rowsPerPiece,
  shortened,
  type TableOptions,
} from "../tables/index.ts";
import { delimiterOf } from "./dialect.ts";
import { isGap, isHeader, isMeantAsNumber, numberOf } from "./header.ts";
import { type CsvRecord, csvRecords, csvStart } from "./records.ts";

/** Longest name or class of a row, in characters. */
const longestName = 4096;

/** How a file is laid out, as its first records tell. */
interface Layout {
  readonly path: string;
  readonly delimiter: string;
  readonly header: boolean;
  readonly names: readonly string[] | undefined;
  readonly nColumns: number;
  readonly roles: Roles;
  /** Columns of the vector. */
  readonly numeric: readonly number[];
}

/**
 * Opens a CSV or TSV file, plain or gzip-compressed: its numeric columns are vectors, or images where a shape is given.
 * Memory is bounded by a piece of rows, whatever the size of the file.
 *
 * @throws {OptionError} if an option names no column
 * @throws {FormatError} if it is no text in UTF-8, has rows of different lengths, or damaged quotes or gzip data
 * @throws {InputError} if it cannot be read, has no rows, no numbers where numbers must be, or rows of another shape than asked
 * @throws {CancelledError} if the signal fires
 */
export async function openCsv(path: string, options: TableOptions): Promise<SourceReader> {
  const file = await OpenFile.open(path);
  try {
    const layout = await layoutOf(file, options);
    return {
      notices: noticesOf(layout),
      columns: columnsOf(layout),
      pieces: (most, signal) => pieces(file, layout, options, most, signal ?? options.signal),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function layoutOf(file: OpenFile, options: TableOptions): Promise<Layout> {
  const { path } = file;
  const { signal } = options;
  const delimiter = delimiterOf(await csvStart(file), path);
  const start: CsvRecord[] = [];
  for await (const record of csvRecords(file, { delimiter, signal })) {
    start.push(record);
    if (start.length === 2) break;
  }
  const [first, second] = start;
  if (!first) throw noRows(path, "nothing");
  const header = isHeader(first.fields, second?.fields);
  const sample = header ? second : first;
  if (!sample) throw noRows(path, "a header alone");
  const nColumns = first.fields.length;
  const names = header ? first.fields.map((name) => name.trim()) : undefined;
  const roles = rolesOf(names, nColumns, options, path);
  const numeric = Array.from({ length: nColumns }, (_, i) => i).filter((i) => !roles.aside.has(i));
  const layout = { path, delimiter, header, names, nColumns, roles, numeric };
  checkLength(sample, 1, layout);
  const texts = numeric.filter((i) => !isMeantAsNumber(sample.fields[i] as string));
  if (texts.length > 0) {
    const got = `"${shortened(sample.fields[texts[0] as number] as string)}"`;
    refuseColumns(
      path,
      texts.map((i) => columnName(names, i)),
      texts.length > 1 ? `text (${got})` : got,
    );
  }
  if (numeric.length === 0) {
    throw new InputError(
      `openSource: "${path}" must have a column of numbers; got none besides those of names and classes. Check --id-column and --label-column.`,
    );
  }
  checkShape(options.shape, numeric.length, path);
  return layout;
}

function noticesOf({ header, names, roles }: Layout): readonly string[] {
  if (!header) return ["The first row is taken as numbers, not as a header.", ...roles.notices];
  const counted = names?.every((name) => numberOf(name) !== undefined);
  return counted
    ? ["The first row counts the columns: it is taken as a header.", ...roles.notices]
    : roles.notices;
}

/** Names of the columns of the vector; of a header that only counts there are none. */
function columnsOf({ names, numeric }: Layout): readonly string[] | undefined {
  if (names === undefined || names.every((name) => numberOf(name) !== undefined)) return undefined;
  return numeric.map((i) => names[i] as string);
}

async function* pieces(
  file: OpenFile,
  layout: Layout,
  options: TableOptions,
  most: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Piece, void, void> {
  const { path, numeric, roles, names, delimiter } = layout;
  const { shape } = options;
  const cols = numeric.length;
  const size = rowsPerPiece(most, cols);
  let rows = 0;
  let kept: CsvRecord["line"][] = [];
  let data = new Float32Array(size * cols);
  let ids: string[] = [];
  let classes: (string | null)[] = [];
  const piece = (): Piece => {
    const before = rows - kept.length;
    const lines = kept;
    const known = {
      ...(roles.id !== undefined && { names: ids }),
      ...(roles.label !== undefined && { classes }),
    };
    const place = {
      path,
      row: (i: number) => rowName(before + i + 1, lines[i] as number),
      column: (i: number) => columnName(names, numeric[i] as number),
    };
    return numbersPiece(data.subarray(0, lines.length * cols), lines.length, cols, shape, known, place);
  };
  let header = layout.header;
  for await (const record of csvRecords(file, { delimiter, signal })) {
    if (header) {
      header = false;
      continue;
    }
    rows += 1;
    checkLength(record, rows, layout);
    const { fields, line } = record;
    const at = kept.length * cols;
    for (let i = 0; i < cols; i++) {
      const column = numeric[i] as number;
      const value = numberOf(fields[column] as string);
      if (value === undefined) refuseField(fields[column] as string, column, rows, line, layout);
      data[at + i] = value;
    }
    if (roles.id !== undefined) ids.push(nameIn(record, roles.id, rows, layout));
    if (roles.label !== undefined) classes.push(nameIn(record, roles.label, rows, layout) || null);
    kept.push(line);
    if (kept.length < size) continue;
    yield piece();
    data = new Float32Array(size * cols);
    kept = [];
    ids = [];
    classes = [];
  }
  if (kept.length > 0) yield piece();
}

function noRows(path: string, got: string): InputError {
  return new InputError(
    `openSource: "${path}" must hold at least one row of numbers; got ${got}. Give a file with rows.`,
  );
}

function rowName(row: number, line: number): string {
  return `row ${row} (line ${line})`;
}

function checkLength({ fields, line }: CsvRecord, row: number, { nColumns, path, delimiter }: Layout): void {
  if (fields.length === nColumns) return;
  const separator = { ",": "comma", ";": "semicolon" }[delimiter] ?? "tab";
  throw new FormatError(
    `openSource: ${rowName(row, line)} of "${path}" must have ${nColumns} fields, as the first row has; got ${fields.length}. A field that holds a ${separator} must stand in quotes; numbers have a decimal point.`,
  );
}

function nameIn({ fields, line }: CsvRecord, column: number, row: number, { path, names }: Layout): string {
  const text = (fields[column] as string).trim();
  if (text.length <= longestName) return text;
  throw new InputError(
    `openSource: ${rowName(row, line)}, ${columnName(names, column)} of "${path}" must have at most ${longestName} characters, as a name or class; got ${text.length}. Take another column.`,
  );
}

function refuseField(
  field: string,
  column: number,
  row: number,
  line: number,
  { path, names }: Layout,
): never {
  const text = field.slice(0, 500).trim();
  const remedy = isGap(text)
    ? "Fill the gaps, or leave the row or the column out."
    : /^[+-]?\d*,\d*$/.test(text)
      ? "Write numbers with a decimal point."
      : "If the column holds names or classes, say --id-column or --label-column.";
  throw new InputError(
    `openSource: ${rowName(row, line)}, ${columnName(names, column)} of "${path}" must be a finite number; got ${text === "" ? "nothing" : `"${shortened(text)}"`}. ${remedy}`,
  );
}
