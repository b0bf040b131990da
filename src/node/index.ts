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
export type { ItemFiles, Names } from "./export/index.ts";
export {
  clusterFolder,
  clustersCsv,
  flatNames,
  itemFiles,
  labelsCsv,
  labelsParquet,
} from "./export/index.ts";
export type {
  ClusterName,
  InterruptedFolder,
  ListedRun,
  OutputFile,
  OutputFolder,
  Report as RunReport,
  ResumeRecord,
  SourceDigests,
  StoredAssignments,
  StoredPictures,
  StoredResult,
  StoredRun,
  StoredTraining,
  WorkFile,
  WorkFiles,
} from "./run-folder/index.ts";
export {
  assignmentsCsv,
  CLUSTERS_FILE,
  CURATION_FILE,
  clusterTitle,
  createOutputFile,
  createOutputFolder,
  jsonText,
  listRuns,
  openInterrupted,
  PICTURES_FILE,
  parseClusterNames,
  parseComparison,
  parseElbow,
  parseLabels,
  parsePictures,
  parseResume,
  parseRun,
  parseStoredPictures,
  parseTraining,
  picturesFile,
  readClusterNames,
  readResult,
  readRun,
  readRunFile,
  resumeText,
  trainingFile,
  withClusterName,
  writeClusterNames,
  writeComparison,
  writeElbow,
  writeRun,
  writeSkipped,
} from "./run-folder/index.ts";
export { shellWord } from "./shell-word.ts";
export type { DecodeProgress, SourceOptions, StreamEnd, StreamOptions } from "./sources/index.ts";
export {
  decodedCache,
  imageDigest,
  namedSources,
  openSource,
  outlineSource,
  streamSource,
} from "./sources/index.ts";
