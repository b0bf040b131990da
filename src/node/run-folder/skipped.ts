import type { SkippedFile } from "../../images/index.ts";
import { csvField } from "./csv.ts";
import type { OutputFolder } from "./output-folder.ts";

/**
 * Writes `skipped.csv`, one line for each item of the source that could not be read, where there are any: `file,reason`.
 *
 * @param folder place below the output folder; "" for the output folder itself
 */
export async function writeSkipped(
  output: OutputFolder,
  folder: string,
  skipped: readonly SkippedFile[] | undefined,
): Promise<void> {
  if (!skipped || skipped.length === 0) return;
  await output.write(folder === "" ? "skipped.csv" : `${folder}/skipped.csv`, skippedCsv(skipped));
}

/** The text of the file. */
export function skippedCsv(skipped: readonly SkippedFile[]): string {
  const lines = skipped.map(({ file, reason }) => `${csvField(file)},${csvField(reason)}`);
  return `${["file,reason", ...lines].join("\n")}\n`;
}
