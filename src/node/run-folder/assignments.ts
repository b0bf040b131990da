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
import { csvField, csvRows } from "./csv.ts";

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
  const [header = [], ...rows] = csvRows(text);
  const got = header.join(",");
  if (got !== HEADER && got !== [HEADER, ...ADDED_COLUMNS].join(",")) {
    throw new FormatError(`readRun: "${file}" must start with "${HEADER}"; got "${got}".`);
  }
  return Int32Array.from(rows, (fields, i) => {
    const [index, , , cluster = ""] = fields;
    const value = /^\d{1,9}$/.test(cluster) ? Number(cluster) : -1;
    if (fields.length !== header.length || index !== String(i) || value < 0 || value >= nClusters) {
      throw new FormatError(
        `readRun: row ${i + 1} of "${file}" must hold index ${i} and a cluster in 0..${nClusters - 1}; got "${fields.join(",")}".`,
      );
    }
    return value;
  });
}
