/**
 * `assignments.csv`: one line for each image, in the order of the source, as RFC 4180 has it.
 *
 * `file` is empty where the images came out of one array, `label` is the name of the class or empty where it is not
 * known, `probability` is empty for a clusterer that gives none (K-Means), `distance` is that to the cluster's center.
 */
import { FormatError } from "../../errors.ts";
import type { ImageSet } from "../../images/index.ts";
import type { Assignment } from "../../pipeline/index.ts";
import { csvField } from "./csv-text.ts";

const HEADER = "index,file,label,cluster,probability,distance";

/** The text of the file. */
export function assignmentsCsv(images: ImageSet, assignment: Assignment): string {
  const { labels, distances, probabilities } = assignment;
  const classNames = images.classNames?.map(csvField) ?? [];
  const lines = [HEADER];
  for (let i = 0; i < labels.length; i++) {
    const label = classNames[images.labels?.[i] ?? -1] ?? "";
    const file = csvField(images.files?.[i] ?? "");
    lines.push(`${i},${file},${label},${labels[i]},${probabilities?.[i] ?? ""},${distances[i]}`);
  }
  return `${lines.join("\n")}\n`;
}

/** What the file says of each image. */
export interface StoredAssignments {
  /** Cluster of each image. */
  readonly clusters: Int32Array;
  /** What each image is called, where the source calls it something; "" for one that it does not. */
  readonly files?: readonly string[];
  /** Name of the class of each image, "" where it is not known; absent where none is known. */
  readonly labels?: readonly string[];
  /** Probability of its cluster, where the clusterer gives one. */
  readonly probabilities?: Float64Array;
  /** Distance of each image to the center of its cluster. */
  readonly distances: Float64Array;
}

/**
 * All that the file says.
 *
 * @throws {FormatError} as {@link parseAssignments}; a probability or distance that is no number becomes NaN
 */
export function parseAllAssignments(text: string, file: string, nClusters: number): StoredAssignments {
  const clusters = parseAssignments(text, file, nClusters);
  const rows = csvRows(text).slice(1);
  const column = (c: number): string[] => rows.map((fields) => fields[c] ?? "");
  const numbers = (c: number): Float64Array =>
    Float64Array.from(rows, (fields) => (fields[c] === "" ? Number.NaN : Number(fields[c])));
  const [files, labels, probabilities] = [column(1), column(2), column(4)];
  const some = (texts: readonly string[]): boolean => texts.some((text) => text !== "");
  return {
    clusters,
    distances: numbers(5),
    ...(some(files) && { files }),
    ...(some(labels) && { labels }),
    ...(some(probabilities) && { probabilities: numbers(4) }),
  };
}

/**
 * The cluster of each image, from the text of the file.
 *
 * @param file its name, for messages
 * @param nClusters how many clusters there are
 * @throws {FormatError} naming the first line that is wrong
 */
export function parseAssignments(text: string, file: string, nClusters: number): Int32Array {
  const [header = [], ...rows] = csvRows(text);
  if (header.join(",") !== HEADER) {
    throw new FormatError(`readRun: "${file}" must start with "${HEADER}"; got "${header.join(",")}".`);
  }
  return Int32Array.from(rows, (fields, i) => {
    const [index, , , cluster = ""] = fields;
    const value = /^\d{1,9}$/.test(cluster) ? Number(cluster) : -1;
    if (fields.length !== 6 || index !== String(i) || value < 0 || value >= nClusters) {
      throw new FormatError(
        `readRun: row ${i + 1} of "${file}" must hold index ${i} and a cluster in 0..${nClusters - 1}; got "${fields.join(",")}".`,
      );
    }
    return value;
  });
}

/** Rows of fields; quotes may hold commas, line ends and doubled quotes. */
function csvRows(text: string): string[][] {
  if (!text.includes('"')) {
    const lines = text.split(/\r?\n/);
    if (lines.at(-1) === "") lines.pop();
    return lines.map((line) => line.split(","));
  }
  const rows: string[][] = [];
  let fields: string[] = [];
  // Each match is one field and what ends it.
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) break; // a stray quote: the row stays short, and is refused by the caller
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    if (match[3] === ",") continue;
    rows.push(fields);
    fields = [];
  }
  if (fields.length > 0 || pattern.lastIndex === 0) rows.push(fields);
  return rows;
}
