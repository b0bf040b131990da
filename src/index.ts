/**
 * Finds the groups in images that nobody labelled. Everything here runs in Node and in a browser; `unlabeled/node` adds
 * files, data sets and run folders.
 */

export type {
  ConsensusFit,
  ConsensusMember,
  ConsensusMethod,
  ConsensusModel,
  ConsensusOptions,
  ConsensusSettings,
  ConsensusStep,
} from "./cluster/consensus/index.ts";
export * as consensus from "./cluster/consensus/index.ts";
export type {
  CovarianceType,
  GaussianMixtureFit,
  GaussianMixtureModel,
  GaussianMixtureOptions,
  GaussianMixtureSettings,
  GaussianMixtureStep,
  MixtureAssignment,
  MixtureCriteria,
  MixtureInit,
  MixtureParameters,
  MixtureSample,
  MixtureStart,
} from "./cluster/gaussian-mixture/index.ts";
export * as gaussianMixture from "./cluster/gaussian-mixture/index.ts";
export type { GraphFit, GraphModel, GraphOptions, GraphSettings, GraphStep } from "./cluster/graph/index.ts";
export * as graph from "./cluster/graph/index.ts";
export type {
  KMeansAlgorithm,
  KMeansCenters,
  KMeansFit,
  KMeansInit,
  KMeansModel,
  KMeansOptions,
  KMeansSettings,
  KMeansStep,
} from "./cluster/k-means/index.ts";
export * as kMeans from "./cluster/k-means/index.ts";
export type {
  Chunks,
  MiniBatchKMeansFit,
  MiniBatchKMeansInit,
  MiniBatchKMeansModel,
  MiniBatchKMeansOptions,
  MiniBatchKMeansSettings,
  MiniBatchKMeansStep,
} from "./cluster/mini-batch-k-means/index.ts";
export * as miniBatchKMeans from "./cluster/mini-batch-k-means/index.ts";
export {
  CancelledError,
  FormatError,
  InputError,
  NumericalError,
  OptionError,
  UnlabeledError,
} from "./errors.ts";
export type { RunContext } from "./estimator.ts";
export type {
  AgreementRecord,
  AskedSettings,
  ClusterExhibit,
  CodeExhibit,
  CodePlane,
  CodeShapes,
  ColumnShift,
  CompareEvent,
  CompareRequest,
  ComparisonRecord,
  CriterionCurve,
  CuratedImages,
  Curation,
  CurationExhibit,
  CurationKind,
  CurationRow,
  ElbowContext,
  ElbowProgress,
  ElbowRecord,
  ElbowRequest,
  EnvironmentRecord,
  EstimateRequest,
  Exhibit,
  ExhibitChoice,
  Exhibits,
  ExperimentContext,
  FinishedRun,
  GroupedRun,
  LabelledRun,
  LearnedFeatures,
  MapExhibit,
  MethodEstimate,
  MethodGroups,
  MethodSummary,
  MetricName,
  Metrics,
  MixtureExhibit,
  NetworkChoices,
  NumberOfClustersProgress,
  PanelRecord,
  Range,
  ReconstructedImages,
  ReconstructionExhibit,
  RunPoints,
  RunProgress,
  RunRecord,
  RunRequest,
  RunResult,
  RunSettings,
  Scores,
  Seconds,
  SideBySide,
  SourceOutline,
  SourceRecord,
  Spread,
  StageEstimate,
  VectorExhibit,
} from "./experiment/index.ts";
export {
  agreementOf,
  clusterSizes,
  compare,
  curationKinds,
  elbow,
  pickExhibits,
  runMethod,
  scoreAgreement,
  settingsOf,
  sideBySide,
  sourceRecord,
  spread,
  summarize,
} from "./experiment/index.ts";
export type {
  ArchitectureName,
  AutoencoderContext,
  AutoencoderFitOptions,
  AutoencoderModel,
  AutoencoderOptions,
  AutoencoderSettings,
  EpochRecord,
  NetworkContext,
  Reconstruction,
  TrainingRecord,
} from "./features/autoencoder/index.ts";
export * as autoencoder from "./features/autoencoder/index.ts";
export type { HogDesign, HogFit, HogFitOptions, HogModel, HogOptions } from "./features/hog/index.ts";
export * as hog from "./features/hog/index.ts";
export * as onnx from "./features/onnx/index.ts";
export type {
  PcaFit,
  PcaModel,
  PcaOptions,
  PcaSettings,
  PcaSolver,
  SampleChunks,
} from "./features/pca/index.ts";
export * as pca from "./features/pca/index.ts";
export { pixels } from "./features/pixels/index.ts";
export type {
  ScatteringFit,
  ScatteringModel,
  ScatteringOptions,
  ScatteringSettings,
  ScatteringStep,
  ScatteringViewOptions,
  ScatteringViewSettings,
} from "./features/scattering/index.ts";
export * as scattering from "./features/scattering/index.ts";
export type { VectorsModel } from "./features/vectors/index.ts";
export * as vectors from "./features/vectors/index.ts";
export * from "./images/index.ts";
export type {
  AugmentationOptions,
  JointContext,
  JointFit,
  JointMethod,
  JointModel,
  JointOptions,
  JointSettings,
  JointStep,
  SoftAssignments,
} from "./joint/index.ts";
export * as joint from "./joint/index.ts";
export { type Compute, createCompute } from "./kernels/index.ts";
export type {
  ApproximateNeighborsOptions,
  ExactNeighborsOptions,
  MembershipScales,
  NeighborMetric,
  Neighbors,
  QueryNeighborsOptions,
} from "./manifold/neighbors/index.ts";
export * as neighbors from "./manifold/neighbors/index.ts";
export type {
  GraphLayout,
  GraphLayoutOptions,
  LayoutOptions,
  LayoutSettings,
  LayoutStart,
  UmapFit,
  UmapInit,
  UmapMetric,
  UmapModel,
  UmapOptions,
  UmapSettings,
  UmapStep,
  UmapTransformOptions,
} from "./manifold/umap/index.ts";
export * as umap from "./manifold/umap/index.ts";
export * from "./matrix/index.ts";
export * from "./metrics/index.ts";
export type {
  Checkpoint,
  Runtime,
  RuntimeName,
  Session,
  TensorValue,
  TrainingProgress,
} from "./neural/index.ts";
export * as neural from "./neural/index.ts";
export { openRuntime } from "./neural/index.ts";
export type {
  Criterion,
  Curve,
  Panel,
  PanelClusterer,
  PanelContext,
  PanelFit,
  PanelFitOptions,
  PanelFitStep,
  PanelOptions,
  PanelProgress,
} from "./number-of-clusters/index.ts";
export {
  criterionNames,
  fittingCriteria,
  knee,
  panel,
  panelCriteria,
  panelDefaults,
  panelSteps,
} from "./number-of-clusters/index.ts";
export type {
  AssignedImages,
  Assignment as ImageAssignment,
  Chain,
  ClusterInit,
  ClusterModel,
  ClusterStep,
  CommunityModel,
  ComponentsModel,
  EncoderFile,
  Familiarity,
  FeatureFit,
  FeatureModel,
  GraphStep as GraphProgress,
  ImageShape,
  IterationStep,
  ManifoldStep,
  MapModel,
  Method,
  MethodOptions,
  Objective,
  OnnxModel,
  PixelsModel,
  SeenImages,
  SingleFeatureModel,
  StageContext,
  StrangenessMeasure,
  StudentModel,
  TrainingCodes,
  View,
  ViewsModel,
} from "./pipeline/index.ts";
export {
  assignImages,
  assignStream,
  availableMethods,
  centerImages,
  chainFeatures,
  parseMethod,
  parseMethods,
  pipelineFile,
  recipes,
  UNFAMILIAR,
  vectorRecipes,
} from "./pipeline/index.ts";
export * from "./random/index.ts";
