/**
 * What a run will take, told before it: a simple law for each stage, with factors that were measured once (costs below), and
 * the speed of this machine, measured anew each time (calibrate.ts). How many iterations a fit will need cannot be known, so
 * times are ranges. docs/large-data.md holds estimates beside what runs then took.
 *
 * n images of p numbers; d numbers of features for each; k clusters.
 */
import { checkAutoencoderOptions, isArchitecture } from "../features/autoencoder/index.ts";
import { networkProducts } from "../neural/index.ts";
import { type Method, MOST_IN_GRAPH, methodStages } from "../pipeline/index.ts";
import { ELBOW_SAMPLE } from "./elbow.ts";
import { COMPONENTS, MOST_CLUSTERS, WIDE } from "./panel.ts";
import type { RunSettings } from "./record.ts";
import { DEFAULT_CLUSTERS } from "./request.ts";
import { EXACT_SILHOUETTE_IMAGES, SILHOUETTE_SAMPLE } from "./scores.ts";

/** What is known of images before they are read. */
export interface SourceOutline {
  readonly name: string;
  readonly count: number;
  /** Size to which they will be brought. */
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Whether they are vectors: `width` numbers each. */
  readonly vectors?: boolean | undefined;
  /** Number of classes, where labels are known. */
  readonly classes?: number | undefined;
}

/** One method on one source. */
export interface EstimateRequest {
  readonly method: Method;
  readonly settings: RunSettings;
  readonly source: SourceOutline;
  /** `"auto"`: chosen by the panel. */
  readonly clusters: number | "auto";
  /** Independent runs. */
  readonly runs: number;
  /** Numbers of clusters that a panel looks at: those of `elbow`; nothing for a run. */
  readonly panel?: { readonly from: number; readonly to: number } | undefined;
  /** Seconds that this machine takes for what the one of the measurements did in one; default 1. */
  readonly slowness?: number | undefined;
}

/** A number that is likely, and what it should not leave. */
export interface Range {
  readonly likely: number;
  readonly low: number;
  readonly high: number;
}

/** A part of a run. */
export interface StageEstimate {
  readonly stage: "start" | "features" | "map" | "number of clusters" | "cluster" | "report";
  readonly seconds: Range;
}

/** What a method will take. */
export interface MethodEstimate {
  readonly method: string;
  /** Of all its runs, from the command to the report. */
  readonly seconds: Range;
  /** Peak of the whole program. */
  readonly bytes: Range;
  /** Of one run. */
  readonly stages: readonly StageEstimate[];
  /** Images that the graph or map will be made of, where those are not all. */
  readonly sampled?: number;
}

const MiB = 2 ** 20;

/**
 * Measured on two virtual cores of an AMD EPYC, both free, Node 20: seconds for each unit of work, so that a law is a
 * factor times its unit. `bench/RESULTS.md` tells of the machine.
 */
const costs = {
  /** Loading the program; a runtime for networks. */
  start: 0.7,
  startNetwork: 0.4,
  /** Pictures, files and report of a run. */
  report: 1.1,
  /** Reading: for each number of the images. Scoring and writing: for each image. */
  number: 5e-9,
  image: 1.4e-5,
  /** One number of a squared distance, of bytes and of floats. */
  byteDistance: 3.5e-11,
  floatDistance: 1.4e-10,
  /** One product of pca's covariance; the cube of its rows. */
  covariance: 2e-11,
  eigen: 5e-10,
  hog: 3.5e-8,
  scattering: 1.3e-7,
  /** One product of a network's forward pass. */
  product: 6e-11,
  /** One step of training, and one image in it, whatever the network. */
  step: 4e-4,
  trained: 1e-5,
  /** One entry of a mixture's matrices, for each image, component and iteration. */
  mixture: 2.8e-10,
  /** A comparison of two images among neighbours, exact, and of one with the candidates of NN-descent. */
  pair: 8e-12,
  descent: 3e-6,
  /** One image of one view in a run of Louvain's method of 15 neighbours; in all partitions of one run of a consensus. */
  partition: 1e-5,
  consensus: 3e-5,
  /** One edge in an epoch of a map. */
  epochEdge: 3.6e-8,
  /** One image of the sample on which criteria for k are taken, for each k, and one number of it. */
  criterion: 2e-4,
  criterionNumber: 8e-7,
  /** One number of a distance of a silhouette. */
  silhouette: 3e-11,
} as const;

/** How far a stage may be from its law, where iterations are not known and where they are. */
const unsure = { low: 0.4, high: 2.2 };
const surer = { low: 0.65, high: 1.5 };

/** Iterations that fits have needed on real images, near the middle. */
const iterations = { kMeans: 60, mixture: 60, joint: 25 };

/** Neighbours of each image. */
const neighborsOf = { graph: 15, consensus: 30, umap: 20 };

/** What a pass of K-Means spends on each distance beside its numbers, as so many numbers more. */
const distanceOverhead = 50;

/** What comparing two images costs: sketches first, and few numbers of most. */
const pairWeight = (width: number): number => width ** 0.8 + 30;

/** Beyond, neighbours are found by NN-descent (manifold/neighbors). */
const MOST_EXACT = 100_000;

/** The estimate for one method. */
export function estimateMethod(request: EstimateRequest): MethodEstimate {
  const { method, settings, source, runs, panel, slowness = 1 } = request;
  const stages = methodStages(method);
  const n = source.count;
  const numbers = source.height * source.width * source.channels;
  const k = request.clusters === "auto" ? (source.classes ?? DEFAULT_CLUSTERS) : request.clusters;
  const views = method.features.map((word) => viewCost(word, source, settings));
  const d = views.reduce((sum, view) => sum + view.width, 0);
  const most = Math.min(n, settings.sample ?? MOST_IN_GRAPH);
  const map = stages.manifold ? mapCost(n, most, views, settings) : undefined;
  const shape = { n, most, d: map ? map.width : d, k, views: map ? [map] : views };
  const parts: [StageEstimate["stage"], number, typeof unsure][] = [];
  const networks = views.some((view) => view.network);
  parts.push([
    "start",
    costs.start + (networks ? costs.startNetwork : 0) + n * numbers * costs.number,
    surer,
  ]);
  parts.push(["features", sum(views.map((view) => view.seconds)), surer]);
  if (map) parts.push(["map", map.seconds, surer]);
  const range =
    panel ?? (request.clusters === "auto" ? { from: 1, to: Math.min(MOST_CLUSTERS, n) } : undefined);
  if (range)
    parts.push([
      "number of clusters",
      panelSeconds(method, shape, settings, range, panel !== undefined),
      unsure,
    ]);
  if (!panel) parts.push(["cluster", clusterSeconds(method, shape, settings, views), unsure]);
  parts.push(["report", reportSeconds(method, shape, range !== undefined), surer]);
  const timed = parts.map(([stage, seconds, doubt]) => ({
    stage,
    seconds: around(seconds * slowness, doubt),
  }));
  // What is started once is started once for all runs.
  const one = total(timed.map(({ seconds }) => seconds));
  const start = timed[0]?.seconds ?? around(0, surer);
  const seconds = scaled(one, start, runs);
  const bytes = peakBytes(shape, numbers, views, method, settings);
  return {
    method: method.name,
    seconds,
    bytes: around(bytes, { low: 0.7, high: 1.4 }),
    stages: timed,
    ...((stages.manifold || stages.clusterer.graphs) && most < n && { sampled: most }),
  };
}

/** What several methods take together, one after the other: features that they share are learned anew in the estimate. */
export function estimateAll(methods: readonly MethodEstimate[]): Pick<MethodEstimate, "seconds" | "bytes"> {
  const least = Math.max(...methods.map(({ bytes }) => bytes.low));
  const most = Math.max(...methods.map(({ bytes }) => bytes.high));
  return {
    seconds: total(methods.map(({ seconds }) => seconds)),
    bytes: { likely: Math.max(...methods.map(({ bytes }) => bytes.likely)), low: least, high: most },
  };
}

/** What a view costs, and the numbers that it gives for each image. */
interface ViewCost {
  readonly width: number;
  readonly seconds: number;
  /** Bytes that it holds while it is learned, beside its features. */
  readonly working: number;
  readonly network?: true;
}

function viewCost(word: string, source: SourceOutline, settings: RunSettings): ViewCost {
  const { count: n, height, width, channels } = source;
  const p = height * width * channels;
  if (isArchitecture(word)) return networkCost(word, source, settings);
  switch (word) {
    case "pca":
      return {
        width: Math.min(50, p, n),
        seconds: costs.covariance * n * p * Math.min(p, 600) + costs.eigen * Math.min(p, 1536) ** 3,
        working: 8 * Math.min(p, 4096) ** 2 * 2,
      };
    case "hog":
      return { width: 50, seconds: costs.hog * n * p, working: 4 * Math.min(n, 20_000) * 1.65 * p };
    case "scattering":
      return {
        width: 100,
        seconds: costs.scattering * n * p,
        working: Math.min(256 * MiB, 4 * Math.min(n, 10_000) * 5 * p) + 60 * MiB,
      };
    case "onnx":
      return { width: 128, seconds: n * 1e-3, working: 200 * MiB, network: true };
    case "pixels":
    case "vectors":
      return { width: p, seconds: 0, working: 0 };
    default:
      throw new TypeError(`a law for the features "${word}" must stand in estimate.ts; got none`);
  }
}

function networkCost(word: string, source: SourceOutline, settings: RunSettings): ViewCost {
  const { encoder: _file, ...choices } = settings.network ?? {};
  const { design } = checkAutoencoderOptions("estimate", word, choices, source, 0);
  const forward = networkProducts(design.encoder) + networkProducts(design.decoder);
  const n = source.count;
  const steps = Math.ceil(n / design.batch);
  const epoch = 3 * n * forward * costs.product + steps * costs.step + n * costs.trained;
  const coding = n * networkProducts(design.encoder) * costs.product;
  // Of each number of a batch some copies are held, and of each weight its moments and gradients.
  const weights = 64 * (networkProducts(design.encoder) + networkProducts(design.decoder));
  return {
    width: design.codeSize,
    seconds: design.epochs * epoch + coding,
    working: 120 * MiB + Math.min(weights, 8 * 2 ** 30) + n * source.height * source.width * source.channels,
    network: true,
  };
}

interface Shape {
  readonly n: number;
  /** Images of a graph or map. */
  readonly most: number;
  readonly d: number;
  readonly k: number;
  readonly views: readonly { readonly width: number }[];
}

function mapCost(n: number, most: number, views: readonly ViewCost[], settings: RunSettings): ViewCost {
  const neighbors = settings.neighbors ?? neighborsOf.umap;
  const epochs = most <= 10_000 ? 500 : 200;
  const joining = n > most ? queries(n - most, most, views) : 0;
  return {
    width: 10,
    seconds: neighborSeconds(most, views) + costs.epochEdge * most * neighbors * epochs + joining,
    working: 0,
  };
}

/** All nearest neighbours within each view. */
function neighborSeconds(rows: number, views: readonly { readonly width: number }[]): number {
  return sum(
    views.map(({ width }) =>
      rows <= MOST_EXACT
        ? costs.pair * rows * rows * pairWeight(width)
        : costs.descent * rows * pairWeight(width),
    ),
  );
}

/** Nearest neighbours of other images among those that are there. */
function queries(asked: number, rows: number, views: readonly { readonly width: number }[]): number {
  return sum(views.map(({ width }) => 2 * costs.pair * asked * rows * pairWeight(width)));
}

function graphSeconds(method: Method, { n, most, views }: Shape, settings: RunSettings): number {
  const neighbors = settings.neighbors ?? neighborsOf.graph;
  const each =
    method.clusterer === "consensus" ? costs.consensus : (costs.partition * neighbors) / neighborsOf.graph;
  const partitions = settings.restarts * most * views.length * each;
  return neighborSeconds(most, views) + partitions + (n > most ? queries(n - most, most, views) : 0);
}

function clusterSeconds(
  method: Method,
  shape: Shape,
  settings: RunSettings,
  views: readonly ViewCost[],
): number {
  const { n, d, k } = shape;
  const passes = Math.min(settings.maxIterations, iterations.kMeans);
  // Bounds spare most distances of later passes.
  const pass = distanceCost(method, d) * n * k;
  const kMeans = (starts: number): number => pass * (1 + starts * (2 + passes * 0.25));
  if (method.joint !== undefined) {
    const [network] = views;
    const perEpoch = (network?.seconds ?? 0) / 20;
    return kMeans(settings.restarts) + Math.min(settings.maxIterations, iterations.joint) * perEpoch * 0.5;
  }
  switch (method.clusterer) {
    case "minibatch-kmeans":
      // A last pass, a pass or two in batches, each of which costs a little by itself, and starts on a sample.
      return pass * 3 + distanceCost(method, d) * 3072 * k * 30 + 0.1 + 60 * 2e-3;
    case "gmm": {
      const full = settings.covariance === undefined ? d <= 64 : settings.covariance !== "diagonal";
      const rounds = Math.min(settings.maxIterations, iterations.mixture) * settings.restarts;
      return kMeans(1) + costs.mixture * n * k * (full ? d * (d + 3) : 8 * d) * rounds;
    }
    case "graph":
    case "consensus":
      return graphSeconds(method, shape, settings);
    case "kmeans":
      return kMeans(settings.restarts);
    default:
      throw new TypeError(
        `a law for the clusterer "${method.clusterer}" must stand in estimate.ts; got none`,
      );
  }
}

/** One distance: pixels stay bytes, all else are floats. */
function distanceCost({ features, manifold }: Method, d: number): number {
  const bytes = features[0] === "pixels" && features.length === 1 && manifold === undefined;
  return (bytes ? costs.byteDistance : costs.floatDistance) * (d + distanceOverhead);
}

/** A fit for each k, and the criteria on a sample; graphs are judged by their modularity alone, on one set of neighbours. */
function panelSeconds(
  method: Method,
  shape: Shape,
  settings: RunSettings,
  { from, to }: { readonly from: number; readonly to: number },
  allCriteria: boolean,
): number {
  const count = to - from + 1;
  const middle = (from + to) / 2;
  if (methodStages(method).clusterer.graphs) {
    const once = neighborSeconds(shape.most, shape.views);
    const runs = Math.min(settings.restarts, 10);
    const fits = count * runs * shape.most * shape.views.length * costs.partition;
    return once + fits + (allCriteria ? criteriaSeconds(shape, count, 4) : 0);
  }
  // Of wide features the principal components are looked at: eight passes over the numbers for 60 directions.
  const isWide = shape.d > WIDE;
  const looked = isWide ? { ...shape, d: Math.min(COMPONENTS, shape.n), k: middle } : { ...shape, k: middle };
  const components = isWide ? 8 * 60 * shape.n * shape.d * costs.covariance : 0;
  const fits = count * clusterSeconds(method, looked, settings, []);
  return components + fits + criteriaSeconds(looked, count, method.clusterer === "gmm" ? 3 : 1);
}

/** Gap, stability, mixtures and scores of each k, on a sample. */
function criteriaSeconds({ n, d }: Shape, count: number, weight: number): number {
  const sampled = Math.min(n, Math.max(2000, Math.min(10_000, 4e6 / d)));
  return count * weight * sampled * (costs.criterion + d * costs.criterionNumber);
}

/** Scores, pictures and files; of K-Means and mixtures also the curve over k on a sample. */
function reportSeconds(method: Method, { n, d, most, k, views }: Shape, hasCurve: boolean): number {
  const { clusterer } = methodStages(method);
  const curve =
    hasCurve || clusterer.graphs
      ? 0
      : distanceCost(method, d) * Math.min(n, ELBOW_SAMPLE) * MOST_CLUSTERS * (MOST_CLUSTERS / 2) * 18;
  // A silhouette compares a sample with all images; few images all with all.
  const compared = n <= EXACT_SILHOUETTE_IMAGES ? n : SILHOUETTE_SAMPLE;
  const silhouette = costs.silhouette * compared * n * (d + distanceOverhead);
  const joining = clusterer.graphs ? queries(Math.min(n, 2000), most, views) : 0;
  return costs.report + n * costs.image + distanceCost(method, d) * n * k * 2 + curve + silhouette + joining;
}

/** What the program holds at its peak: itself, images, features, and the greatest of what stages need beside. */
function peakBytes(
  { n, most, d, k }: Shape,
  numbers: number,
  views: readonly ViewCost[],
  { clusterer, manifold, features }: Method,
  settings: RunSettings,
): number {
  const program = 165 * MiB;
  const images = 3 * n * numbers;
  const pixels = features.length === 1 && features[0] === "pixels";
  const own = pixels ? 0 : 4 * n * sum(views.map((view) => view.width)) * 2;
  const neighbors =
    settings.neighbors ??
    (clusterer === "consensus" ? neighborsOf.consensus : manifold ? neighborsOf.umap : neighborsOf.graph);
  // Tables of neighbours and scales, edges both ways, and sketches.
  const graph = most * (views.length * (neighbors * 16 + 120) + neighbors * 40);
  const isGraph = clusterer === "graph" || clusterer === "consensus";
  const partitions = clusterer === "consensus" ? 4 * most * settings.restarts * 2 : 0;
  const clustering = isGraph
    ? graph + partitions
    : clusterer === "gmm"
      ? 8 * n * k + 8 * n * d
      : n * (pixels ? numbers * 0.6 : 4 * d) + n * 24;
  const working = Math.max(...views.map((view) => view.working), manifold ? graph : 0, clustering);
  const labels = n * (40 + 8 * (isGraph || clusterer === "gmm" ? k : 0));
  return program + images + own + working + labels;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function around(likely: number, { low, high }: typeof unsure): Range {
  return { likely, low: likely * low, high: likely * high };
}

function total(ranges: readonly Range[]): Range {
  const of = (name: keyof Range): number => sum(ranges.map((range) => range[name]));
  return { likely: of("likely"), low: of("low"), high: of("high") };
}

/** Several runs, of which the start is common. */
function scaled(one: Range, start: Range, runs: number): Range {
  const of = (name: keyof Range): number => start[name] + runs * (one[name] - start[name]);
  return { likely: of("likely"), low: of("low"), high: of("high") };
}
