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
  AssignmentEncoder,
  AssignmentFormat,
  ClusterName,
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
  assignmentEncoder,
  assignmentFormats,
  assignmentsCsv,
  CLUSTERS_FILE,
  clusterTitle,
  createOutputFile,
  createOutputFolder,
  csvField,
  jsonText,
  openInterrupted,
  parseClusterNames,
  parseComparison,
  parseElbow,
  parseLabels,
  parsePictures,
  parseResume,
  parseRun,
  parseTraining,
  picturesFile,
  readClusterNames,
  readRun,
  resumeText,
  trainingFile,
  withClusterName,
  writeClusterNames,
  writeComparison,
  writeElbow,
  writeRun,
} from "./run-folder/index.ts";
export { shellWord } from "./shell-word.ts";
export type { DecodeProgress, SourceOptions, StreamEnd, StreamOptions } from "./sources/index.ts";
export { imageDigest, namedSources, openSource, sourceName, streamSource } from "./sources/index.ts";
