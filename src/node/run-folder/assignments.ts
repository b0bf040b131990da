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
  checkHeader(header, file);
  const clusters = Int32Array.from(rows, (fields, i) => clusterOf(fields, i, header.length, file, nClusters));
  return { clusters, rows };
}

function checkHeader(header: readonly string[], file: string): void {
  const got = header.join(",");
  if (got !== HEADER && got !== [HEADER, ...ADDED_COLUMNS].join(",")) {
    throw new FormatError(`readRun: "${file}" must start with "${HEADER}"; got "${got}".`);
  }
}

function clusterOf(
  fields: readonly string[],
  i: number,
  columns: number,
  file: string,
  nClusters: number,
): number {
  const [index, , , cluster = ""] = fields;
  const value = /^\d{1,9}$/.test(cluster) ? Number(cluster) : -1;
  if (fields.length !== columns || index !== String(i) || value < 0 || value >= nClusters) {
    throw new FormatError(
      `readRun: row ${i + 1} of "${file}" must hold index ${i} and a cluster in 0..${nClusters - 1}; got "${fields.join(",")}".`,
    );
  }
  return value;
}

/** Letters of the file that are read at a time: some 10 ms. */
const SLICE_LETTERS = 262_144;

/**
 * All that the file says, read in slices between which others have their turn.
 *
 * @throws {FormatError} as {@link parseAssignments}; a probability or distance that is no number becomes NaN
 */
export async function parseAssignmentsInSlices(
  text: string,
  file: string,
  nClusters: number,
): Promise<StoredAssignments> {
  let columns = 0;
  const clusters: number[] = [];
  const files: string[] = [];
  const labels: string[] = [];
  const probabilities: number[] = [];
  const distances: number[] = [];
  const some = { files: false, labels: false, probabilities: false };
  // Few classes: one string for all images of each, instead of a piece of the file.
  const known = new Map<string, string>();
  const label = (field: string): string => {
    const found = known.get(field);
    if (found !== undefined) return found;
    const own = csvText(field);
    if (known.size < 10_000) known.set(field, own);
    return own;
  };
  for (let at = 0; at < text.length || columns === 0; ) {
    const end = sliceEnd(text, at);
    const rows = csvRows(text.slice(at, end));
    at = end;
    if (columns === 0) {
      const header = rows.shift() ?? [];
      checkHeader(header, file);
      columns = header.length;
    }
    for (const fields of rows) {
      clusters.push(clusterOf(fields, clusters.length, columns, file, nClusters));
      const [, name = "", group = "", , probability = "", distance = ""] = fields;
      files.push(csvText(name));
      labels.push(label(group));
      probabilities.push(probability === "" ? Number.NaN : Number(probability));
      distances.push(distance === "" ? Number.NaN : Number(distance));
      some.files ||= name !== "";
      some.labels ||= group !== "";
      some.probabilities ||= probability !== "";
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return {
    clusters: Int32Array.from(clusters),
    distances: Float64Array.from(distances),
    ...(some.files && { files }),
    ...(some.labels && { labels }),
    ...(some.probabilities && { probabilities: Float64Array.from(probabilities) }),
  };
}

/** Where a slice ends: behind a line end that is not within quotes. */
function sliceEnd(text: string, from: number): number {
  let end = from;
  let quotes = 0;
  let counted = from;
  for (let wanted = from + SLICE_LETTERS; wanted < text.length; wanted = end + 1) {
    end = text.indexOf("\n", wanted) + 1;
    if (end === 0) return text.length;
    for (let at = text.indexOf('"', counted); at >= 0 && at < end; at = text.indexOf('"', at + 1)) quotes++;
    counted = end;
    if (quotes % 2 === 0) return end;
  }
  return text.length;
}
