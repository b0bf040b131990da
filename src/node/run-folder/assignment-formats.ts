/** Assignments as they come, piece by piece, in the formats that `assign` writes. */
import type { ColumnSource, ParquetWriter } from "hyparquet-writer";
import { type AssignedImages, UNFAMILIAR } from "../../pipeline/index.ts";
import { ADDED_COLUMNS, assignmentLines, assignmentsHeader } from "./assignments.ts";
import { csvField } from "./csv.ts";

/** Formats of assignments, by the extension of their files. */
export const assignmentFormats = ["csv", "parquet", "jsonl"] as const;

/** A format in which new images' clusters are written. */
export type AssignmentFormat = (typeof assignmentFormats)[number];

/** Bytes or text of a file, as its rows come. */
export interface AssignmentEncoder {
  /** What the file begins with. */
  head(): string | Uint8Array;
  /** More rows; what they come to may wait until others have come. */
  rows(piece: AssignedImages): string | Uint8Array;
  /** What the file ends with. */
  end(): string | Uint8Array;
}

/**
 * An encoder for one file.
 *
 * @param names what clusters are called, by their number
 */
export async function assignmentEncoder(
  format: AssignmentFormat,
  names: ReadonlyMap<number, string>,
): Promise<AssignmentEncoder> {
  if (format === "csv") return csvEncoder(names);
  if (format === "jsonl") return jsonLinesEncoder(names);
  return parquetEncoder(names);
}

function csvEncoder(names: ReadonlyMap<number, string>): AssignmentEncoder {
  const fields = new Map([...names].map(([cluster, name]) => [cluster, csvField(name)]));
  let index = 0;
  return {
    head: () => assignmentsHeader(ADDED_COLUMNS),
    rows({ images, assignment }) {
      const from = index;
      index += images.count;
      const { labels, familiarities } = assignment;
      const lineOf = assignmentLines(images, assignment, from, (i) => {
        const familiarity = familiarities?.[i];
        const flag = familiarity === undefined ? "" : Number(familiarity < UNFAMILIAR);
        return `,${fields.get(labels[i] as number) ?? ""},${flag},${familiarity ?? ""}`;
      });
      return bytesOf(images.count, lineOf);
    },
    end: () => "",
  };
}

/** Lines that are text at the same time: so many small texts are gone again before they are kept for long. */
const LINES_PER_TEXT = 256;

/** Lines as UTF-8. */
function bytesOf(count: number, lineOf: (i: number) => string): Uint8Array {
  const parts: Uint8Array[] = [];
  const encoder = new TextEncoder();
  for (let from = 0; from < count; from += LINES_PER_TEXT) {
    let text = "";
    for (let i = from; i < Math.min(count, from + LINES_PER_TEXT); i++) text += lineOf(i);
    parts.push(encoder.encode(text));
  }
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** What is known of one image: the columns of a row, undefined where it is not known. */
interface Row {
  readonly index: number;
  readonly file: string | undefined;
  readonly label: string | undefined;
  readonly cluster: number;
  readonly probability: number | undefined;
  readonly distance: number;
  readonly name: string | undefined;
  readonly unfamiliar: boolean | undefined;
  readonly familiarity: number | undefined;
}

/** The row of each of some images. */
function rowsOf(
  { images, assignment }: AssignedImages,
  from: number,
  names: ReadonlyMap<number, string>,
): (i: number) => Row {
  const { labels, distances, probabilities, familiarities } = assignment;
  return (i) => {
    const cluster = labels[i] as number;
    const familiarity = familiarities?.[i];
    return {
      index: from + i,
      file: images.files?.[i],
      label: images.classNames?.[images.labels?.[i] ?? -1],
      cluster,
      probability: probabilities?.[i],
      distance: distances[i] as number,
      name: names.get(cluster),
      unfamiliar: familiarity === undefined ? undefined : familiarity < UNFAMILIAR,
      familiarity,
    };
  };
}

/** One JSON document a line; what is not known is absent. */
function jsonLinesEncoder(names: ReadonlyMap<number, string>): AssignmentEncoder {
  let index = 0;
  return {
    head: () => "",
    rows(piece) {
      const from = index;
      index += piece.images.count;
      const rowOf = rowsOf(piece, from, names);
      return bytesOf(piece.images.count, (i) => `${JSON.stringify(rowOf(i))}\n`);
    },
    end: () => "",
  };
}

/** Rows of a row group, at least: each group has its own head for every column. */
const ROWS_PER_GROUP = 8192;

const columnTypes = {
  index: "INT32",
  file: "STRING",
  label: "STRING",
  cluster: "INT32",
  probability: "DOUBLE",
  distance: "DOUBLE",
  name: "STRING",
  unfamiliar: "BOOLEAN",
  familiarity: "DOUBLE",
} as const satisfies Record<keyof Row, string>;

const always: readonly string[] = ["index", "cluster", "distance"];

/** Row groups are written as they fill, so that none but the last one is in memory. */
async function parquetEncoder(names: ReadonlyMap<number, string>): Promise<AssignmentEncoder> {
  const { ByteWriter, ParquetWriter, schemaFromColumnData } = await import("hyparquet-writer");
  const bytes = new ByteWriter();
  const columnsOf = (rows: readonly Row[]): ColumnSource[] =>
    Object.entries(columnTypes).map(([name, type]) => ({
      name,
      type,
      data: rows.map((row) => row[name as keyof Row]),
      nullable: !always.includes(name),
      offsetIndex: false,
    }));
  const file: ParquetWriter = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({ columnData: columnsOf([]) }),
    createdBy: "unlabeled",
  });
  /** What has been encoded since this was last asked. */
  const taken = (): Uint8Array => {
    const part = bytes.getBytes().slice();
    bytes.index = 0; // its offset goes on counting
    return part;
  };
  let index = 0;
  let waiting: Row[] = [];
  const writeGroup = (): void => {
    if (waiting.length === 0) return;
    file.write({ columnData: columnsOf(waiting), rowGroupSize: waiting.length });
    waiting = [];
  };
  return {
    head: taken,
    rows(piece) {
      const rowOf = rowsOf(piece, index, names);
      for (let i = 0; i < piece.images.count; i++) waiting.push(rowOf(i));
      index += piece.images.count;
      if (waiting.length >= ROWS_PER_GROUP) writeGroup();
      return taken();
    },
    end() {
      writeGroup();
      file.finish();
      return taken();
    },
  };
}
