export { agreementOf, type LabelledRun } from "./agreement.ts";
export { type AgreementCounts, countAgreement } from "./agreement-counts.ts";
export { slownessHere } from "./calibrate.ts";
export { type CompareEvent, type CompareRequest, compare, type FinishedRun } from "./compare.ts";
export {
  type Curation,
  type CurationKind,
  type CurationRow,
  curationKinds,
  findOutliers,
} from "./curation/index.ts";
export { ELBOW_SAMPLE, type ElbowContext, type ElbowProgress, type ElbowRequest, elbow } from "./elbow.ts";
export {
  type EstimateRequest,
  estimateAll,
  estimateMethod,
  type MethodEstimate,
  type Range,
  type SourceOutline,
  type StageEstimate,
} from "./estimate.ts";
export type {
  ClusterExhibit,
  CodeExhibit,
  CodeShapes,
  ColumnShift,
  CuratedImages,
  CurationExhibit,
  Exhibit,
  Exhibits,
  MapExhibit,
  MethodGroups,
  MixtureExhibit,
  ReconstructedImages,
  ReconstructionExhibit,
  SideBySide,
  VectorExhibit,
} from "./exhibits.ts";
export { MAP_EPOCHS, MAP_NEIGHBORS, type MapProgress, mapOfAll } from "./map-exhibit.ts";
export { MOST_CLUSTERS, type NumberOfClustersProgress } from "./panel.ts";
export {
  type ClusterExamples,
  EXAMPLES,
  type ExhibitChoice,
  pickExamples,
  pickExhibits,
} from "./pick-exhibits.ts";
export { type CodePlane, codeAt, placeOf, type RunPoints, runPoints } from "./points.ts";
export type { ExperimentContext, RunProgress } from "./progress.ts";
export type {
  AgreementRecord,
  ComparisonRecord,
  Criterion,
  CriterionCurve,
  ElbowRecord,
  EnvironmentRecord,
  EpochRecord,
  MethodSummary,
  MetricName,
  Metrics,
  NetworkChoices,
  PanelRecord,
  RunRecord,
  RunSettings,
  Seconds,
  SourceRecord,
  Spread,
  TrainingRecord,
} from "./record.ts";
export { RUN_FORMAT_VERSION } from "./record.ts";
export {
  type AskedSettings,
  defaultClusters,
  type LearnedFeatures,
  type RunRequest,
  settingsOf,
} from "./request.ts";
export { type RunResult, runMethod } from "./run.ts";
export { meanImages } from "./run-exhibits.ts";
export { compareRuns, type RunLabels, type RunPair } from "./run-pair.ts";
export { clusterSizes, type Scores, scoreAgreement, sumOfSquares } from "./scores.ts";
export { type GroupedRun, sideBySide } from "./side-by-side.ts";
export { sourceRecord } from "./source-record.ts";
export { spread, summarize } from "./summarize.ts";
export { type UnfoldingOptions, type UnfoldingStep, unfoldingStep } from "./unfolding-places.ts";
