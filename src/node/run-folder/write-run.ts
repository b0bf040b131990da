import {
  type ComparisonRecord,
  type ElbowRecord,
  RUN_FORMAT_VERSION,
  type RunResult,
} from "../../experiment/index.ts";
import { assignmentsCsv } from "./assignments.ts";
import { CURATION_FILE, curationCsv } from "./curation-file.ts";
import { jsonText } from "./json-text.ts";
import { modelFiles } from "./model-files.ts";
import type { OutputFolder } from "./output-folder.ts";
import { PICTURES_FILE, storedPicturesFile } from "./pictures-file.ts";
import { POINTS_FILE, pointsFile } from "./points-file.ts";

/** A page, and the figures in it as files of their own. */
export interface Report {
  readonly html: string;
  readonly figures: readonly { readonly name: string; readonly content: string | Uint8Array }[];
}

/**
 * Writes a run's files: `run.json`, `assignments.csv`, `curation.csv`, `model/`, `figures/`, `report.html`, what the report
 * is drawn from, and what the explorer shows first.
 *
 * @param folder place of the run below the output folder; "" for the output folder itself
 * @param elbow the curve over k that the report shows, where one was computed
 */
export async function writeRun(
  output: OutputFolder,
  folder: string,
  result: RunResult,
  report: Report,
  elbow?: ElbowRecord,
): Promise<void> {
  const at = (name: string): string => (folder === "" ? name : `${folder}/${name}`);
  const { assignment, curation, exhibits } = result;
  const { images } = result.scored;
  await output.write(at("assignments.csv"), assignmentsCsv(images, assignment));
  await output.write(at(CURATION_FILE), curationCsv(images, assignment.labels, curation));
  await output.write(at(PICTURES_FILE), storedPicturesFile({ exhibits, ...(elbow && { elbow }) }));
  const points = result.points && pointsFile(result.points);
  if (points) await output.write(at(POINTS_FILE), points);
  for (const [name, content] of modelFiles(result.chain)) await output.write(at(`model/${name}`), content);
  await writeReport(output, folder, report);
  await output.write(at("run.json"), jsonText(result.record));
}

/** Writes a comparison's own files, `compare.json`, `figures/` and `report.html`, beside the folders of its runs. */
export async function writeComparison(
  output: OutputFolder,
  record: ComparisonRecord,
  report: Report,
): Promise<void> {
  await writeReport(output, "", report);
  await output.write(
    "compare.json",
    jsonText({ format: "unlabeled-comparison", formatVersion: RUN_FORMAT_VERSION, ...record }),
  );
}

/** Writes the files of an elbow curve: `elbow.json`, `figures/`, `report.html`. */
export async function writeElbow(output: OutputFolder, record: ElbowRecord, report: Report): Promise<void> {
  await writeReport(output, "", report);
  await output.write(
    "elbow.json",
    jsonText({ format: "unlabeled-elbow", formatVersion: RUN_FORMAT_VERSION, ...record }),
  );
}

async function writeReport(output: OutputFolder, folder: string, report: Report): Promise<void> {
  const at = (name: string): string => (folder === "" ? name : `${folder}/${name}`);
  for (const { name, content } of report.figures) await output.write(at(`figures/${name}`), content);
  await output.write(at("report.html"), report.html);
}
