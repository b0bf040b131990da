/** The part of the package that needs files: named data sets, sources, run folders. Node only. */
export type {
  DataFolders,
  DataSet,
  DataSetFile,
  DataSetFiles,
  DataSetOptions,
  DataSetStatus,
  DownloadProgress,
  FetchedDataSet,
  FetchOptions,
} from "./data-sets/index.ts";
export { dataFolders, dataSetPath, dataSets, fetchDataSet, listDataSets } from "./data-sets/index.ts";
export { readEncoder } from "./encoder-file.ts";
export type {
  InterruptedFolder,
  OutputFile,
  OutputFolder,
  Report as RunReport,
  ResumeRecord,
  SourceDigests,
  StoredRun,
  StoredTraining,
  WorkFile,
  WorkFiles,
} from "./run-folder/index.ts";
export {
  assignmentsCsv,
  createOutputFile,
  createOutputFolder,
  jsonText,
  openInterrupted,
  parseComparison,
  parseElbow,
  parseLabels,
  parsePictures,
  parseResume,
  parseRun,
  parseTraining,
  picturesFile,
  readRun,
  resumeText,
  trainingFile,
  writeComparison,
  writeElbow,
  writeRun,
} from "./run-folder/index.ts";
export { shellWord } from "./shell-word.ts";
export type { SourceOptions } from "./sources/index.ts";
export { imageDigest, namedSources, openSource, outlineSource } from "./sources/index.ts";
