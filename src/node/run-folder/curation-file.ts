/**
 * `curation.csv`: the images of a run that a person should look at, and why, as `src/experiment/curation` finds them.
 *
 * `file` and `label` are empty where they are not known, `group` is that of near duplicates. Text that a spreadsheet would
 * take for a formula has an apostrophe before it.
 */
import { FormatError } from "../../errors.ts";
import type { Curation } from "../../experiment/index.ts";
import type { ImageSet } from "../../images/index.ts";
import { csvField, csvRows, csvText } from "./csv.ts";

/** Name of the file in a run folder. */
export const CURATION_FILE = "curation.csv";

/**
 * The text of the file.
 *
 * @param images those that were scored
 * @param labels cluster of each
 */
export function curationCsv(images: ImageSet, labels: Int32Array, { rows }: Curation): string {
  const classNames = images.classNames?.map(csvField) ?? [];
  const lines = rows.map(({ kind, rank, index, group, score }) => {
    const file = csvField(images.files?.[index] ?? "");
    const label = classNames[images.labels?.[index] ?? -1] ?? "";
    return `${kind},${rank},${index},${file},${labels[index]},${label},${group ?? ""},${score}`;
  });
  return `${["kind,rank,index,file,cluster,label,group,score", ...lines].join("\n")}\n`;
}

/**
 * The same text with the present clusters of its images.
 *
 * @param labels present cluster of each image of the run
 * @throws {FormatError} if it names an image that the run does not have
 */
export function withPresentClusters(text: string, labels: Int32Array): string {
  const [head = [], ...rows] = csvRows(text);
  const lines = rows.map((fields, i) => {
    const cluster = labels[Number(fields[2])];
    if (cluster === undefined) {
      throw new FormatError(
        `withPresentClusters: row ${i + 1} of "${CURATION_FILE}" must be of an image in 0..${labels.length - 1}; got "${fields[2]}".`,
      );
    }
    const [kind, rank, index, file = "", , label = "", ...rest] = fields;
    return [kind, rank, index, csvField(csvText(file)), cluster, csvField(csvText(label)), ...rest].join(",");
  });
  return `${[head.join(","), ...lines].join("\n")}\n`;
}
