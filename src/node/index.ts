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
export type { OutputFile, OutputFolder, Report as RunReport, StoredRun } from "./run-folder/index.ts";
export {
  assignmentsCsv,
  createOutputFile,
  createOutputFolder,
  jsonText,
  parseComparison,
  parseElbow,
  parseRun,
  readRun,
  writeComparison,
  writeElbow,
  writeRun,
} from "./run-folder/index.ts";
export type { SourceOptions } from "./sources/index.ts";
export { imageDigest, namedSources, openSource } from "./sources/index.ts";
