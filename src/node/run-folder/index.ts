export {
  type AssignmentEncoder,
  type AssignmentFormat,
  assignmentEncoder,
  assignmentFormats,
} from "./assignment-formats.ts";

export { assignmentsCsv, parseAssignments, type StoredAssignments } from "./assignments.ts";
export {
  CLUSTERS_FILE,
  type ClusterName,
  clusterTitle,
  parseClusterNames,
  readClusterNames,
  withClusterName,
  writeClusterNames,
} from "./cluster-names.ts";
export { csvField, csvRows, csvText } from "./csv.ts";
export { CURATION_FILE, withPresentClusters } from "./curation-file.ts";
export { EDITS_FILE, type EditLog, type LoggedRun } from "./edit-log.ts";
export { keepMap, mapKey, readKeptMap } from "./explorer-cache.ts";
export { readRunFile } from "./file-errors.ts";
export { jsonText } from "./json-text.ts";
export { type ListedRun, listRuns } from "./list-runs.ts";
export { modelFiles, readModel } from "./model-files.ts";
export { createOutputFile, type OutputFile } from "./output-file.ts";
export {
  createOutputFolder,
  type InterruptedFolder,
  type OutputFolder,
  openInterrupted,
} from "./output-folder.ts";
export {
  PICTURES_FILE,
  parsePictures,
  parseStoredPictures,
  picturesFile,
  type StoredPictures,
} from "./pictures-file.ts";
export { POINTS_FILE, readPoints } from "./points-file.ts";
export {
  parseComparison,
  parseElbow,
  parseLabels,
  parseRun,
  readResult,
  readRun,
  type StoredResult,
  type StoredRun,
} from "./read-run.ts";
export { parseResume, type ResumeRecord, resumeText, type SourceDigests } from "./resume-record.ts";
export {
  cleanPng,
  LONGEST_CAPTION,
  MOST_SAVED_VIEWS,
  MOST_VIEW_BYTES,
  readSavedViews,
  SAVED_VIEWS_FILE,
  type SavedView,
  type SavedViews,
  writeReport,
  writeSavedViews,
} from "./saved-views.ts";
export { skippedCsv, writeSkipped } from "./skipped.ts";
export {
  type EditableRun,
  EditConflictError,
  type EditContext,
  hasEdits,
  namesOf,
  type OpenedEdits,
  openEdits,
  readEdits,
} from "./stored-edits.ts";
export { parseTraining, type StoredTraining, trainingFile } from "./training-file.ts";
export type { WorkFile, WorkFiles } from "./work-files.ts";
export { type Report, writeComparison, writeElbow, writeRun } from "./write-run.ts";
