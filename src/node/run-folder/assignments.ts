/**
 * `assignments.csv`: one line for each image, in the order of the source (csv.ts says how texts are written).
 *
 * `file` is empty where the images came out of one array, `label` is the name of the class or empty where it is not
 * known, `probability` is empty for a clusterer that gives none (K-Means), `distance` is that to the cluster's center. What
 * `assign` writes has three columns more: the `name` that a user gave the cluster, `unfamiliar` (1 or 0), and the
 * `familiarity` behind it; each is empty where it is not known.
 */
import { FormatError } from "../../errors.ts";
import type { ImageSet } from "../../images/index.ts";
import type { Assignment } from "../../pipeline/index.ts";
import { csvField, csvRows, csvText } from "./csv.ts";

const HEADER = "index,file,label,cluster,probability,distance";

/** The columns that `assign` adds. */
export const ADDED_COLUMNS: readonly string[] = ["name", "unfamiliar", "familiarity"];

/** The first line, with line end. */
export function assignmentsHeader(added: readonly string[] = []): string {
  return `${[HEADER, ...added].join(",")}\n`;
}

/** The text of the file. */
export function assignmentsCsv(images: ImageSet, assignment: Assignment): string {
  const lineOf = assignmentLines(images, assignment, 0);
  let text = assignmentsHeader();
  for (let i = 0; i < images.count; i++) text += lineOf(i);
  return text;
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
  const { clusters, rows } = parseRows(text, file, nClusters);
  const column = (c: number): string[] => rows.map((fields) => fields[c] ?? "");
  const numbers = (c: number): Float64Array =>
    Float64Array.from(rows, (fields) => (fields[c] === "" ? Number.NaN : Number(fields[c])));
  const [files, labels] = [column(1).map(csvText), column(2).map(csvText)];
  const probabilities = column(4);
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
 * The line of each of some images, with line end.
 *
 * @param from index of the first of them
 * @param added what further columns hold of each, with a comma in front
 */
export function assignmentLines(
  images: ImageSet,
  assignment: Assignment,
  from: number,
  added: (i: number) => string = () => "",
): (i: number) => string {
  const { labels, distances, probabilities } = assignment;
  const classNames = images.classNames?.map(csvField) ?? [];
  return (i) => {
    const label = classNames[images.labels?.[i] ?? -1] ?? "";
    const file = csvField(images.files?.[i] ?? "");
    return `${from + i},${file},${label},${labels[i]},${probabilities?.[i] ?? ""},${distances[i]}${added(i)}\n`;
  };
}

/**
 * The cluster of each image, from the text of the file, with or without the columns that `assign` adds.
 *
 * @param file its name, for messages
 * @param nClusters how many clusters there are
 * @throws {FormatError} naming the first line that is wrong
 */
export function parseAssignments(text: string, file: string, nClusters: number): Int32Array {
  return parseRows(text, file, nClusters).clusters;
}

/** The same, with all fields of each row. */
function parseRows(
  text: string,
  file: string,
  nClusters: number,
): { readonly clusters: Int32Array; readonly rows: readonly (readonly string[])[] } {
  const [header = [], ...rows] = csvRows(text);
  const got = header.join(",");
  if (got !== HEADER && got !== [HEADER, ...ADDED_COLUMNS].join(",")) {
    throw new FormatError(`readRun: "${file}" must start with "${HEADER}"; got "${got}".`);
  }
  const clusters = Int32Array.from(rows, (fields, i) => {
    const [index, , , cluster = ""] = fields;
    const value = /^\d{1,9}$/.test(cluster) ? Number(cluster) : -1;
    if (fields.length !== header.length || index !== String(i) || value < 0 || value >= nClusters) {
      throw new FormatError(
        `readRun: row ${i + 1} of "${file}" must hold index ${i} and a cluster in 0..${nClusters - 1}; got "${fields.join(",")}".`,
      );
    }
    return value;
  });
  return { clusters, rows };
}
