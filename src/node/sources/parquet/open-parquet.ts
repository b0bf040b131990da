/** Parquet files, in bounded ranges of rows: docs/tables.md says every rule. */
import { FormatError, InputError } from "../../../errors.ts";
import { throwIfCancelled } from "../../../estimator.ts";
import { imageFormat } from "../decode/index.ts";
import type { EncodedFile, Piece, SourceReader } from "../reader.ts";
import {
  checkShape,
  columnName,
  numbersPiece,
  OpenFile,
  rowsPerPiece,
  type TableOptions,
} from "../tables/index.ts";
import { Column } from "./column.ts";
import { type Decompress, decompressor } from "./decompress.ts";
import { type Footer, readFooter } from "./footer.ts";
import { PageReader } from "./pages.ts";
import { type Items, type Named, type Plan, planOf } from "./plan.ts";
import { DamagedError } from "./thrift.ts";

/** Most numbers of a list in one row. */
const longestList = 2 ** 24;
/** Longest name or class of a row, in characters. */
const longestName = 4096;
/** A piece of images ends once it has this many bytes. */
const fullPiece = 2 ** 26;
/** Rows in which the first image is looked for, in a column that might hold some. */
const rowsToLookAt = 100;

/** What is needed to read any rows. */
interface Opened {
  readonly file: OpenFile;
  readonly footer: Footer;
  readonly decompress: Decompress;
}

/**
 * Opens a Parquet file. Its numeric columns, or the lists of one column, are vectors (images where a shape is given); a column of image
 * files in it is images. Memory is bounded by a piece of rows and a page of each column, whatever the size of the file.
 *
 * @throws {OptionError} if an option names no column
 * @throws {FormatError} if it is no Parquet file, or a damaged one
 * @throws {InputError} if it cannot be read, has no rows or no items, or not what must be in a row
 * @throws {CancelledError} if the signal fires
 */
export async function openParquet(path: string, options: TableOptions): Promise<SourceReader> {
  const file = await OpenFile.open(path);
  try {
    return await explained(path, async () => {
      const opened = { file, footer: await readFooter(file), decompress: await decompressor() };
      const { footer } = opened;
      if (footer.rows === 0) {
        throw new InputError(
          `openSource: "${path}" must hold at least one row; got none. Give a file with rows.`,
        );
      }
      const plan = await planOf(footer, path, options, (column) => holdsImages(opened, column));
      const cols = await widthOf(opened, plan.items);
      if (plan.items.kind !== "images") checkShape(options.shape, cols, path);
      return {
        count: footer.rows,
        notices: plan.notices,
        ...(plan.items.kind === "numbers" && { columns: plan.items.columns.map(({ leaf }) => leaf.path) }),
        pieces: (most, signal) =>
          pieces(opened, plan, cols, { ...options, signal: signal ?? options.signal }, most),
        close: () => file.close(),
      };
    });
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Runs a step; damage that it finds becomes a {@link FormatError}. */
async function explained<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof DamagedError)) throw error;
    throw new FormatError(
      `openSource: "${path}" must be a whole Parquet file; got ${error.message}. The file is damaged or of a kind that this program cannot read: fetch, copy or write it again.`,
      { cause: error },
    );
  }
}

function columnAt<V>(
  { file, footer, decompress }: Opened,
  group: number,
  { leaf, decode }: Named<V>,
): Column<V> {
  const pages = new PageReader(file, footer.chunk(group, leaf), leaf.depth, decode, decompress);
  return new Column(pages, leaf.depth);
}

async function holdsImages(opened: Opened, named: Named<Uint8Array>): Promise<boolean> {
  const group = opened.footer.groups.findIndex((rows) => rows > 0);
  const column = columnAt(opened, group, named);
  const rows = Math.min(opened.footer.groups[group] as number, rowsToLookAt);
  let first: Uint8Array | null = null;
  for (let row = 0; row < rows && first === null; row++) {
    await column.values(1, (_, value) => {
      first = value;
    });
  }
  return first !== null && imageFormat(first) !== undefined;
}

/** Numbers in each row, as the first row has them; 0 of images. */
async function widthOf(opened: Opened, items: Items): Promise<number> {
  if (items.kind === "images") return 0;
  if (items.kind === "numbers") return items.columns.length;
  const group = opened.footer.groups.findIndex((rows) => rows > 0);
  let width = 0;
  const take = (_: number, index: number, value: number | null): void => {
    if (value === null) throw gap(opened.file.path, 1, items.name, index);
    if (index >= longestList) {
      throw new InputError(
        `openSource: lists in column "${items.name}" of "${opened.file.path}" must have at most ${longestList} numbers; got more in row 1. Give shorter ones.`,
      );
    }
  };
  await columnAt(opened, group, items.column).lists(1, take, (_, length) => {
    width = length;
  });
  return width;
}

async function* pieces(
  opened: Opened,
  plan: Plan,
  cols: number,
  options: TableOptions,
  most: number,
): AsyncGenerator<Piece, void, void> {
  const { file, footer } = opened;
  let before = 0;
  for (let group = 0; group < footer.groups.length; group++) {
    const rows = footer.groups[group] as number;
    if (rows === 0) continue;
    const reader = await explained(
      file.path,
      async () => new GroupReader(opened, plan, cols, options, group, before),
    );
    for (let row = 0; row < rows; ) {
      throwIfCancelled("openSource", options.signal);
      const piece = await explained(file.path, () => reader.next(Math.min(most, rows - row)));
      row += countOf(piece);
      yield piece;
    }
    await explained(file.path, () => reader.finish());
    before += rows;
  }
  await file.checkUnchanged();
}

function countOf(piece: Piece): number {
  if (piece.kind === "files") return piece.files.length;
  return piece.kind === "images" ? piece.count : piece.values.rows;
}

/** The rows of one row group, piece by piece. */
class GroupReader {
  private readonly path: string;
  private readonly plan: Plan;
  private readonly cols: number;
  private readonly options: TableOptions;
  /** Rows of the file before the next one. */
  private before: number;
  private readonly numbers: readonly Column<number>[];
  private readonly bytes: Column<Uint8Array> | undefined;
  private readonly paths: Column<string> | undefined;
  private readonly ids: Column<string> | undefined;
  private readonly labels: Column<string> | undefined;

  constructor(
    opened: Opened,
    plan: Plan,
    cols: number,
    options: TableOptions,
    group: number,
    before: number,
  ) {
    const { items } = plan;
    const at = <V>(named: Named<V> | undefined): Column<V> | undefined =>
      named && columnAt(opened, group, named);
    this.path = opened.file.path;
    this.plan = plan;
    this.cols = cols;
    this.options = options;
    this.before = before;
    const numbers = items.kind === "numbers" ? items.columns : items.kind === "list" ? [items.column] : [];
    this.numbers = numbers.map((named) => columnAt(opened, group, named));
    this.bytes = items.kind === "images" ? at(items.bytes) : undefined;
    this.paths = items.kind === "images" ? at(items.path) : undefined;
    this.ids = at(plan.id);
    this.labels = at(plan.label);
  }

  /** The next rows, `most` or fewer, but one at least. */
  async next(most: number): Promise<Piece> {
    const { bytes } = this;
    const piece = bytes ? await this.files(bytes, most) : await this.vectors(most);
    this.before += countOf(piece);
    return piece;
  }

  /** @throws {DamagedError} if a column has further rows */
  async finish(): Promise<void> {
    for (const column of [...this.numbers, this.bytes, this.paths, this.ids, this.labels])
      await column?.finish();
  }

  private async vectors(most: number): Promise<Piece> {
    const { path, cols, plan, before } = this;
    const { items } = plan;
    const rows = rowsPerPiece(most, cols);
    const data = new Float32Array(rows * cols);
    const names = items.kind === "numbers" ? items.columns.map(({ leaf }) => leaf.path) : undefined;
    if (items.kind === "list") {
      const refuse = (row: number, got: string): never => {
        throw new InputError(
          `openSource: row ${before + row + 1}, column "${items.name}" of "${path}" must be a list of ${cols} numbers, as in the first row; got ${got}. Give lists of one length.`,
        );
      };
      const take = (row: number, index: number, value: number | null): void => {
        if (value === null) throw gap(path, before + row + 1, items.name, index);
        if (index >= cols) refuse(row, "more");
        data[row * cols + index] = value;
      };
      const end = (row: number, length: number): void => {
        if (length < cols) refuse(row, `${length}`);
      };
      await (this.numbers[0] as Column<number>).lists(rows, take, end);
    } else {
      for (const [i, column] of this.numbers.entries()) {
        await column.values(rows, (row, value) => {
          if (value === null) throw gap(path, before + row + 1, names?.[i] as string, 0);
          data[row * cols + i] = value;
        });
      }
    }
    const place = {
      path,
      row: (i: number) => `row ${before + i + 1}`,
      column: (i: number) =>
        items.kind === "list" ? `number ${i + 1} in column "${items.name}"` : columnName(names, i),
    };
    return numbersPiece(data, rows, cols, this.options.shape, await this.known(rows), place);
  }

  private async files(column: Column<Uint8Array>, most: number): Promise<Piece> {
    const contents: (Uint8Array | null)[] = [];
    let length = 0;
    while (contents.length < most && length < fullPiece) {
      await column.values(1, (_, value) => {
        contents.push(value);
        length += value?.length ?? 0;
      });
    }
    const paths = await this.texts(this.paths, contents.length, "path");
    const known = await this.known(contents.length);
    const { path, before } = this;
    const names = contents.map((_, i) => known.names?.[i] || paths?.[i] || `row ${before + i + 1}`);
    const files = contents.map((bytes, i): EncodedFile => {
      const name = names[i] as string;
      return { name, read: async () => bytes ?? missing(path, before + i + 1) };
    });
    return { kind: "files", files, ...known, names };
  }

  private async known(
    rows: number,
  ): Promise<{ names?: readonly string[]; classes?: readonly (string | null)[] }> {
    const { plan, before } = this;
    const ids = await this.texts(this.ids, rows, "name");
    const labels = await this.texts(this.labels, rows, "class");
    return {
      ...(ids && { names: ids.map((id, i) => id ?? `row ${before + i + 1}`) }),
      ...(labels && { classes: labels.map((label) => className(label, plan.label?.classNames)) }),
    };
  }

  private async texts(
    column: Column<string> | undefined,
    rows: number,
    what: string,
  ): Promise<(string | null)[] | undefined> {
    if (!column) return undefined;
    const texts: (string | null)[] = [];
    await column.values(rows, (row, value) => {
      if (value !== null && value.length > longestName) {
        throw new InputError(
          `openSource: row ${this.before + row + 1} of "${this.path}" must have a ${what} of at most ${longestName} characters; got more. Take another column.`,
        );
      }
      texts.push(value === "" ? null : value);
    });
    return texts;
  }
}

/** The class that a row has; a number where it stands for a name is that name, or none if it is negative. */
function className(label: string | null, names: readonly string[] | undefined): string | null {
  if (label === null || !names || !/^-?\d+$/.test(label)) return label;
  return Number(label) < 0 ? null : (names[Number(label)] ?? label);
}

function gap(path: string, row: number, column: string, index: number): InputError {
  const where = index > 0 ? `, number ${index + 1}` : "";
  return new InputError(
    `openSource: row ${row}, column "${column}"${where} of "${path}" must be a finite number; got nothing. Fill the gaps, or leave the row or the column out.`,
  );
}

function missing(path: string, row: number): never {
  throw new InputError(
    `openSource: row ${row} of "${path}" must hold the bytes of an image; got none. Write the file with its images in it.`,
  );
}
