/** What `run.json`, `compare.json`, `elbow.json` and `model.json` must hold. Unknown keys are ignored. */
import { z } from "zod";
import type {
  ComparisonRecord,
  ElbowRecord,
  RunRecord,
  SourceRecord,
  TrainingRecord,
} from "../../experiment/index.ts";
import { fits, scalings, splits } from "../../images/index.ts";
import { type Criterion, panelCriteria } from "../../number-of-clusters/index.ts";

const count = z.int().min(0);
const positive = z.int().min(1);
const names = z.array(z.string());
const spread = z.object({ mean: z.number(), sd: z.number(), min: z.number(), max: z.number() });

const source: z.ZodType<SourceRecord> = z.object({
  name: z.string(),
  location: z.string(),
  split: z.enum(splits),
  limit: positive.exactOptional(),
  size: positive.exactOptional(),
  vectors: z.literal(true).exactOptional(),
  fit: z.enum(fits).exactOptional(),
  grey: z.boolean().exactOptional(),
  shape: z.string().exactOptional(),
  scaling: z.enum(scalings).exactOptional(),
  idColumn: z.string().exactOptional(),
  labelColumn: z.string().exactOptional(),
  maxBad: z.string().exactOptional(),
  count: positive,
  height: positive,
  width: positive,
  channels: positive,
  labelled: z.boolean(),
  classNames: names.exactOptional(),
  skipped: positive.exactOptional(),
  sha256: z.string(),
});

const score = z.number().exactOptional();
const metrics = z.object({
  inertia: score,
  purity: score,
  meanClusterPurity: score,
  accuracy: score,
  nmi: score,
  ami: score,
  ari: score,
  homogeneity: score,
  completeness: score,
  vMeasure: score,
  fowlkesMallows: score,
  silhouette: score,
  silhouetteError: score,
  calinskiHarabasz: score,
  daviesBouldin: score,
  majorityClasses: score,
  meanLogLikelihood: score,
  bic: score,
  aic: score,
  icl: score,
  modularity: score,
  agreement: score,
});

const init = z.enum(["k-means", "k-means++", "random"]);

const loss = z.enum(["mse", "bce"]);

const network = z.object({
  epochs: positive.exactOptional(),
  codeSize: positive.exactOptional(),
  widths: z.array(positive).exactOptional(),
  loss: loss.exactOptional(),
  batch: positive.exactOptional(),
  learningRate: z.number().exactOptional(),
  encoder: z.string().exactOptional(),
});

const settings = z.object({
  init: init.exactOptional(),
  restarts: positive,
  maxIterations: positive,
  tolerance: z.number().min(0),
  covariance: z.enum(["full", "tied", "diagonal", "spherical"]).exactOptional(),
  neighbors: positive.exactOptional(),
  sample: positive.exactOptional(),
  resolution: z.number().positive().exactOptional(),
  scaling: z.enum(["standard", "l2"]).exactOptional(),
  network: network.exactOptional(),
});

export const trainingSchema: z.ZodType<TrainingRecord> = z.object({
  architecture: z.string(),
  encoder: names,
  decoder: names,
  parameters: count,
  codeSize: positive,
  loss,
  optimizer: z.string(),
  batch: positive,
  learningRate: z.number(),
  maxEpochs: positive,
  epochs: z.array(z.object({ loss: z.number(), validationLoss: z.number(), seconds: z.number() })),
  keptEpoch: positive,
  stopReason: z.enum(["epochs", "no improvement"]),
  validation: z.string(),
  deadDimensions: z.array(count),
  codeSpread: z.array(z.number()),
  runtime: z.string(),
});

const seconds = z.object({
  total: z.number(),
  features: z.number(),
  manifold: z.number(),
  cluster: z.number(),
});

const environment = z.object({
  unlabeled: z.string(),
  random: z.string(),
  runtime: z.string(),
  threads: positive,
  createdAt: z.string(),
});

const curve = z.array(z.number().nullable()).exactOptional();
const criteria = {
  modularity: curve,
  silhouette: curve,
  calinskiHarabasz: curve,
  daviesBouldin: curve,
  gap: curve,
  bic: curve,
  adjustedBic: curve,
  icl: curve,
  stability: curve,
} satisfies Record<Exclude<Criterion, "inertia">, typeof curve>;
const panel = {
  k: z.array(positive),
  inertia: z.array(z.number()),
  ...criteria,
  errors: z.object({ inertia: curve, ...criteria }).exactOptional(),
  suggestions: z.record(z.string(), positive.nullable()),
  suggested: positive.nullable(),
  suggestedBy: z.array(z.enum(panelCriteria)).exactOptional(),
  reason: z.string().exactOptional(),
  criteriaSample: positive.exactOptional(),
  components: positive.exactOptional(),
};

export const runSchema: z.ZodType<RunRecord> = z.object({
  format: z.literal("unlabeled-run"),
  formatVersion: positive,
  method: z.string(),
  requested: z.string(),
  seed: count,
  clusters: positive,
  settings,
  source,
  scored: source.exactOptional(),
  numberOfClusters: z.object(panel).exactOptional(),
  converged: z.boolean(),
  iterations: count,
  objective: z.enum(["inertia", "meanLogLikelihood", "modularity", "agreement", "changed"]).exactOptional(),
  history: z.array(z.number()),
  training: trainingSchema.exactOptional(),
  notices: names,
  metrics,
  sizes: z.array(count),
  confusion: z.array(z.array(count)).exactOptional(),
  order: z.array(count).exactOptional(),
  seconds,
  environment,
  run: z.string().exactOptional(),
});

const metricSpreads = z.partialRecord(metrics.keyof(), spread);

const agreement = z.object({ methods: names, ari: z.array(z.array(z.number().nullable())) });

export const comparisonSchema: z.ZodType<ComparisonRecord> = z.object({
  source,
  results: z.array(runSchema),
  summary: z.array(z.object({ method: z.string(), runs: positive, metrics: metricSpreads, seconds: spread })),
  agreement: agreement.exactOptional(),
});

export const elbowSchema: z.ZodType<ElbowRecord> = z.object({
  source,
  method: z.string(),
  seed: count,
  settings: settings.exactOptional(),
  ...panel,
  sampled: positive.exactOptional(),
});
