/** Small records with plausible figures, for the tests of this folder. */
import type {
  ComparisonRecord,
  ElbowRecord,
  Exhibit,
  Exhibits,
  MetricName,
  Metrics,
  RunRecord,
  SourceRecord,
  Spread,
} from "../../experiment/index.ts";
import type { ImageSet } from "../../images/index.ts";
import { createRandom } from "../../random/index.ts";

/** What a test may choose of a record. */
export interface RecordChoice {
  readonly classNames?: readonly string[];
  readonly nClusters?: number;
  readonly labelled?: boolean;
  readonly seed?: number;
  readonly method?: string;
  readonly source?: Partial<SourceRecord>;
  readonly metrics?: Metrics;
  readonly notices?: readonly string[];
}

/** Names of Fashion-MNIST, which are the awkward ones among the usual sets. */
export const fashionNames: readonly string[] = [
  "T-shirt/top",
  "Trouser",
  "Pullover",
  "Dress",
  "Coat",
  "Sandal",
  "Shirt",
  "Sneaker",
  "Bag",
  "Ankle boot",
];

export function sourceRecord(choice: RecordChoice = {}): SourceRecord {
  const { classNames = fashionNames, labelled = true, source } = choice;
  return {
    name: "fashion-mnist",
    location: "fashion-mnist",
    split: "test",
    count: 10_000,
    height: 28,
    width: 28,
    channels: 1,
    labelled,
    ...(labelled && { classNames }),
    sha256: "0123456789abcdef".repeat(4),
    ...source,
  };
}

/** A run whose clusters hold mostly one class each; sizes and metrics differ with the seed. */
export function runRecord(choice: RecordChoice = {}): RunRecord {
  const { classNames = fashionNames, labelled = true, seed = 0, method = "pixels+kmeans" } = choice;
  const nClusters = choice.nClusters ?? 10;
  const random = createRandom(seed).stream("confusion");
  const confusion = Array.from({ length: nClusters }, (_, r) =>
    classNames.map((_, l) =>
      l === r % classNames.length
        ? 500 + random.integer(300)
        : random.integer(3) === 0
          ? random.integer(200)
          : 0,
    ),
  );
  const order = Array.from({ length: nClusters }, (_, r) => (r * 7 + 3) % nClusters);
  const whole = new Set(order).size === nClusters ? order : order.map((_, r) => r);
  const sizes = new Array<number>(nClusters).fill(0);
  whole.forEach((cluster, r) => {
    sizes[cluster] = (confusion[r] ?? []).reduce((total, n) => total + n, 0);
  });
  return {
    format: "unlabeled-run",
    formatVersion: 1,
    method,
    requested: method,
    seed,
    clusters: nClusters,
    settings: { init: "random", restarts: 1, maxIterations: 300, tolerance: 0 },
    source: sourceRecord(choice),
    converged: true,
    iterations: 4,
    ...(method.endsWith("+gmm")
      ? { objective: "meanLogLikelihood" as const, history: [-9.4, -9.2, -9.1, -9.0883 + seed * 0.01] }
      : { history: [2_800_000, 2_400_000, 2_250_000, 2_233_496 + seed] }),
    notices: choice.notices ?? [],
    metrics: choice.metrics ?? { ...metricsOf(labelled, seed), ...likelihoodOf(method, seed) },
    sizes,
    ...(labelled && { confusion, order: whole }),
    seconds: { total: 1.25, features: 0.05, manifold: 0, cluster: 1.2 },
    environment: {
      unlabeled: "0.0.1",
      random: "xoshiro128**/splitmix32/fnv1a v1",
      runtime: "node 20.20.2 linux x64",
      threads: 2,
      createdAt: "2026-03-01T10:12:13.000Z",
    },
    run: `runs/fashion-mnist-kmeans-${seed}`,
  };
}

function likelihoodOf(method: string, seed: number): Metrics {
  if (!method.endsWith("+gmm")) return {};
  return { meanLogLikelihood: -9.0883 + seed * 0.01, bic: 1_096_495, aic: 1_092_200, icl: 1_097_268 };
}

function metricsOf(labelled: boolean, seed: number): Metrics {
  const unlabelled: Metrics = {
    inertia: 2_233_496 + seed * 100,
    silhouette: 0.1523,
    silhouetteError: 0.0021,
    calinskiHarabasz: 1324.7,
    daviesBouldin: 1.98,
  };
  if (!labelled) return unlabelled;
  return {
    ...unlabelled,
    purity: 0.5742,
    meanClusterPurity: 0.6012,
    accuracy: 0.5399 + seed * 0.01,
    nmi: 0.5121,
    ami: 0.512,
    ari: 0.3484,
    homogeneity: 0.5007,
    completeness: 0.524,
    vMeasure: 0.5121,
    fowlkesMallows: 0.4189,
    majorityClasses: 9,
  };
}

const noiseStream = createRandom(0).stream("noise");

/** Grey or colour images of noise, with labels if there are class names. */
export function noiseImages(
  count: number,
  side: number,
  channels: number,
  classNames?: readonly string[],
): ImageSet {
  return {
    count,
    height: side,
    width: side,
    channels,
    pixels: noise.subarray(0, count * side * side * channels),
    ...(classNames && {
      classNames,
      labels: Int32Array.from({ length: count }, (_, i) => i % classNames.length),
    }),
  };
}

// Enough for 120 images of 64 x 64 in colour; drawn once, because the tests look at many pages.
const noise: Uint8Array = Uint8Array.from({ length: 120 * 64 * 64 * 3 }, () => noiseStream.integer(256));

/** Pictures of a run: noise, which compresses worst. */
export function exhibitsOf(result: RunRecord, perGrid = 25): Exhibits {
  const { height, channels, classNames } = result.source;
  const exhibit = (count: number): Exhibit => ({
    indices: Array.from({ length: count }, (_, i) => i),
    images: noiseImages(count, height, channels, classNames),
  });
  return {
    strip: exhibit(20),
    centers: noiseImages(result.clusters, height, channels),
    clusters: result.sizes.map((size, cluster) => ({
      cluster,
      size,
      typical: exhibit(Math.min(size, perGrid)),
      borderline: exhibit(Math.min(size, perGrid)),
      random: exhibit(Math.min(size, perGrid)),
    })),
  };
}

/** Runs of one source taken together, their summary computed from them. */
export function comparisonOf(results: readonly RunRecord[]): ComparisonRecord {
  const methods = [...new Set(results.map(({ method }) => method))];
  return {
    source: results[0]?.source ?? sourceRecord(),
    results,
    summary: methods.map((method) => {
      const runs = results.filter((result) => result.method === method);
      const names = Object.keys(runs[0]?.metrics ?? {}) as MetricName[];
      const metrics = Object.fromEntries(
        names.map((name) => [name, spreadOf(runs.map((run) => run.metrics[name] ?? 0))]),
      );
      return {
        method,
        runs: runs.length,
        metrics,
        seconds: spreadOf(runs.map(({ seconds }) => seconds.total)),
      };
    }),
  };
}

function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
  const sd = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0;
  return { mean, sd, min: Math.min(...values), max: Math.max(...values) };
}

/** A curve that falls like 1 / k, with a knee at 5. */
export function elbowRecord(choice: Partial<ElbowRecord> = {}): ElbowRecord {
  const k = Array.from({ length: 20 }, (_, i) => i + 1);
  return {
    source: sourceRecord(),
    method: "pixels+kmeans",
    seed: 0,
    k,
    inertia: k.map((n) => 1_600_000 + 3_200_000 / n),
    suggestions: { inertia: 5 },
    suggested: 5,
    ...choice,
  };
}
