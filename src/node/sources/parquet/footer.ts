/** The footer of a Parquet file: its columns and where they lie. */
import type { FileMetaData, RowGroup, SchemaElement, SchemaTree } from "hyparquet";
import { FormatError, messageOf } from "../../../errors.ts";
import type { OpenFile } from "../tables/index.ts";
import type { Chunk, Depth } from "./pages.ts";
import { DamagedError, readStruct } from "./thrift.ts";

/** Longest footer: of some hundred thousand columns. */
const longestFooter = 2 ** 27;

/** A column that holds values itself: of a struct or a list, one of its parts. */
export interface Leaf {
  readonly path: string;
  readonly element: SchemaElement;
  /** Its number among all leaves, as row groups have them. */
  readonly index: number;
  readonly depth: Depth;
}

/** A column as a table has it. */
export interface TableColumn {
  readonly name: string;
  readonly leaves: readonly Leaf[];
}

export interface Footer {
  readonly columns: readonly TableColumn[];
  /** Number of rows of each row group. */
  readonly groups: readonly number[];
  readonly rows: number;
  /** Note of the writer by this key, where there is one. */
  note(key: string): string | undefined;
  /** Where a column lies in a row group. */
  chunk(group: number, leaf: Leaf): Chunk;
}

/**
 * @throws {FormatError} if it is no Parquet file
 * @throws {DamagedError} if its footer makes no sense
 */
export async function readFooter(file: OpenFile): Promise<Footer> {
  const { size, path } = file;
  const start = Buffer.from(await file.read(0, Math.min(4, size)));
  const end = size >= 12 ? Buffer.from(await file.read(size - 8, 8)) : Buffer.alloc(8);
  const magic = end.toString("latin1", 4);
  if (magic === "PARE" || start.toString("latin1") === "PARE") {
    throw new FormatError(
      `openSource: "${path}" must be readable; got an encrypted Parquet file. Decrypt it first.`,
    );
  }
  if (start.toString("latin1") !== "PAR1" || magic !== "PAR1") {
    const got =
      size < 12 ? `${size} bytes` : start.toString("latin1") === "PAR1" ? "a beginning alone" : "others";
    throw new FormatError(
      `openSource: "${path}" must begin and end with PAR1, as a Parquet file does; got ${got}. The file is of another kind, or cut off: fetch or copy it again.`,
    );
  }
  const length = end.readUInt32LE(0);
  if (length > Math.min(size - 12, longestFooter)) throw new DamagedError(`a footer of ${length} bytes`);
  const bytes = await file.read(size - 8 - length, length + 8);
  // Whether it is sound: the library takes what it says at its word.
  readStruct(bytes.subarray(0, length), 0);
  return footerOf(await parsed(bytes), size - 8 - length);
}

interface Parsed {
  readonly metadata: FileMetaData;
  readonly tree: SchemaTree;
}

async function parsed(bytes: Uint8Array): Promise<Parsed> {
  const { parquetMetadata, parquetSchema } = await import("hyparquet");
  try {
    const metadata = parquetMetadata(bytes, { geoparquet: false });
    return { metadata, tree: parquetSchema(metadata) };
  } catch (error) {
    throw new DamagedError(`a footer that makes no sense (${messageOf(error)})`, {
      cause: error,
    });
  }
}

function footerOf({ metadata, tree }: Parsed, dataEnd: number): Footer {
  let nLeaves = 0;
  const columns = tree.children.map((child): TableColumn => {
    const leaves: Leaf[] = [];
    const visit = (node: SchemaTree, above: Depth, names: readonly string[]): void => {
      const { element, children } = node;
      const repeated = element.repetition_type === "REPEATED" ? 1 : 0;
      const optional = element.repetition_type === "OPTIONAL" ? 1 : 0;
      const depth = {
        definition: above.definition + repeated + optional,
        repetition: above.repetition + repeated,
      };
      const path = [...names, `${element.name}`];
      if (children.length === 0) leaves.push({ path: path.join("."), element, index: nLeaves++, depth });
      else for (const part of children) visit(part, depth, path);
    };
    visit(child, { definition: 0, repetition: 0 }, []);
    return { name: `${child.element.name}`, leaves };
  });
  const groups = metadata.row_groups.map((group) => wholeNumber(group.num_rows, "the rows of a row group"));
  const rows = groups.reduce((sum, count) => sum + count, 0);
  if (rows !== wholeNumber(metadata.num_rows, "the number of rows")) {
    throw new DamagedError(`${metadata.num_rows} rows in row groups of ${rows}`);
  }
  return {
    columns,
    groups,
    rows,
    note: (key) => {
      const value: unknown = metadata.key_value_metadata?.find((entry) => entry.key === key)?.value;
      return typeof value === "string" ? value : undefined;
    },
    chunk: (group, leaf) => chunkOf(metadata.row_groups[group] as RowGroup, leaf, dataEnd),
  };
}

function chunkOf(group: RowGroup, leaf: Leaf, dataEnd: number): Chunk {
  const column = group.columns[leaf.index];
  const about = column?.meta_data;
  const what = `column "${leaf.path}"`;
  if (!about || about.path_in_schema.join(".") !== leaf.path || about.type !== leaf.element.type) {
    throw new DamagedError(`a row group without ${what}`);
  }
  if (column.file_path) throw new DamagedError(`${what} in another file`);
  if (column.crypto_metadata) throw new DamagedError(`${what} encrypted`);
  const pages = wholeNumber(about.data_page_offset, `the pages of ${what}`);
  const dictionary = wholeNumber(about.dictionary_page_offset ?? 0, `the dictionary of ${what}`);
  const start = dictionary > 0 ? Math.min(dictionary, pages) : pages;
  const end = start + wholeNumber(about.total_compressed_size, `the length of ${what}`);
  if (start < 4 || end > dataEnd)
    throw new DamagedError(`${what} at bytes ${start} to ${end}, outside the data`);
  const nValues = wholeNumber(about.num_values, `the values of ${what}`);
  const rows = wholeNumber(group.num_rows, "the rows of a row group");
  if (leaf.depth.repetition > 0 ? nValues < rows : nValues !== rows) {
    throw new DamagedError(`${nValues} values of ${what} in ${rows} rows`);
  }
  return { start, end, codec: `${about.codec}`, nValues };
}

function wholeNumber(value: unknown, what: string): number {
  const number = typeof value === "bigint" ? Number(value) : value;
  if (typeof number === "number" && Number.isSafeInteger(number) && number >= 0) return number;
  throw new DamagedError(`a footer that does not tell ${what}`);
}
