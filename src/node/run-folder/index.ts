export { assignmentsCsv, parseAssignments } from "./assignments.ts";
export { jsonText } from "./json-text.ts";
export { modelFiles, readModel } from "./model-files.ts";
export { createOutputFile, type OutputFile } from "./output-file.ts";
export { createOutputFolder, type OutputFolder } from "./output-folder.ts";
export { parseComparison, parseElbow, parseRun, readRun, type StoredRun } from "./read-run.ts";
export { type Report, writeComparison, writeElbow, writeRun } from "./write-run.ts";
