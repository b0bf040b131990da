/**
 * `curation.csv`: the images of a run that a person should look at, and why, as `src/experiment/curation` finds them.
 *
 * `file` and `label` are empty where they are not known, `group` is that of near duplicates. Text that a spreadsheet would
 * take for a formula has an apostrophe before it.
 */
import type { Curation } from "../../experiment/index.ts";
import type { ImageSet } from "../../images/index.ts";
import { csvField } from "./csv.ts";

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
