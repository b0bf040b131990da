/**
 * What the explorer's page and its server say to each other. The page imports this file alone (types, and nothing of Node).
 *
 * Every address begins with `/api` and carries the token of the server in the header `X-Unlabeled-Token` (pictures, which a
 * page cannot give headers: `?token=`). Errors are `{ error: string }` with a status of 400 and above, where the text is
 * for people: where, what must hold, what came, what to do.
 *
 * Of one run (`<run>` is its `id` in the list of runs):
 *
 * - `GET  /api/runs`                                     {@link RunList}
 * - `GET  /api/runs/<run>`                               {@link RunView}; the run is opened if it was not
 * - `GET  /api/runs/<run>/arrays/<name>`                 raw numbers, little-endian ({@link ArrayInfo}); 202 with {@link Preparing} while they are made
 * - `GET  /api/runs/<run>/atlas/<sheet>`                 raw RGBA or grey bytes of one sheet of thumbnails ({@link AtlasInfo})
 * - `GET  /api/runs/<run>/images/<index>.png`            the image, as the run saw it; `?scale=` 1..16
 * - `GET  /api/runs/<run>/reconstructions/<index>.png`   what is left of it in its code, decoded again
 * - `GET  /api/runs/<run>/centers/<cluster>.png`         the center, decoded, or the mean image of the cluster
 * - `GET  /api/runs/<run>/images/<index>`                {@link ImageView}
 * - `GET  /api/runs/<run>/clusters`                      {@link ClusterView} of each cluster, as edited
 * - `GET  /api/runs/<run>/confusion`                     {@link ConfusionView}
 * - `GET  /api/runs/<run>/k/<k>`                         {@link KView}: the run's features in k clusters; 202 as for arrays
 * - `GET  /api/runs/<run>/edits`                         {@link EditState}
 * - `POST /api/runs/<run>/edits`                         {@link EditRequest}, answered by {@link EditState}; 409 if `version` is old
 * - `GET  /api/runs/<run>/report.html`                   the report that was written with the run
 * - `GET  /api/runs/<run>/events`                        server-sent events: {@link RunEvent}
 * - `GET  /api/runs/<run>/compare/<other>`                {@link CompareView} of two runs of the same images, as edited; 400 of others
 * - `POST /api/runs/<run>/steps`                         {@link StepsRequest}, answered by {@link StepsView}
 * - `POST /api/runs/<run>/decode`                        {@link DecodeRequest}, answered by a PNG
 * - `GET  /api/runs/<run>/codes/<end>`                   {@link CodeView} of an image (`i12`), the center of a cluster (`c3`) or a place (`p0.5,-1`)
 *
 * Of the run that is being made (`<id>` is that of its {@link LiveState}; numbers of an epoch are there for those that are
 * `seen`):
 *
 * - `GET  /api/live`                                     {@link LiveAnswer}
 * - `GET  /api/live/choices`                             {@link LiveChoices}
 * - `POST /api/live`                                     {@link StartRequest}, answered by {@link LiveAnswer}; 409 while another is made
 * - `POST /api/live/<id>/pause`, `.../go-on`, `.../cancel`   `{}`, answered by {@link LiveAnswer}
 * - `GET  /api/live/<id>/classes`                        int32, class of each image of the sample, -1 unknown
 * - `GET  /api/live/<id>/places/<epoch>`                 float32, sample x 2
 * - `GET  /api/live/<id>/groups/<epoch>`                 int32, K-Means of the codes of that epoch alone
 * - `GET  /api/live/<id>/pictures/<epoch>.png`           a row of images, reconstructed; of epoch 0 as they are; `?scale=` 1..16
 * - `GET  /api/live/events`                              server-sent events: {@link LiveAnswer}, at each change
 */
export type { Edit, EditRequest, EditState } from "../edits/index.ts";

/** The runs in the folders that the server may show. */
export interface RunList {
  readonly runs: readonly RunEntry[];
  /** The run that the command named, if it named one. */
  readonly first: string | null;
}

export interface RunEntry {
  /** Stands for the run in addresses: its path below the folder of runs, made of letters, digits and `-_.~`. */
  readonly id: string;
  /** Its folder, as a person would name it. */
  readonly name: string;
  readonly method: string;
  readonly source: string;
  readonly seed: number;
  readonly clusters: number;
  readonly count: number;
  readonly startedAt: string;
  /** The same for runs of the same images in the same order. */
  readonly digest: string;
  /** Shown scores by name, where images have classes. */
  readonly scores: Readonly<Record<string, number>>;
}

export interface RunView extends RunEntry {
  /** Of one image, in pixels; null of vectors. */
  readonly image: { readonly height: number; readonly width: number; readonly channels: number } | null;
  /** Names of the classes, if the images have them. */
  readonly classNames: readonly string[] | null;
  /** Names of the images (paths, ids), if they have them: `GET .../images/<index>` tells one. */
  readonly named: boolean;
  /** Whether the source's images are still there, and unchanged; else why not, and pictures of a sample are all there is. */
  readonly images:
    | { readonly available: true }
    /** `pending`: they are being read; the event `prepared` of `images` says that the view is to be fetched again. */
    | { readonly available: false; readonly reason: string; readonly pending?: true };
  readonly hasProbabilities: boolean;
  /** Whether a code can be decoded, and how many numbers it has. */
  readonly decoder: { readonly codeSize: number } | null;
  /** What draws a place of the code's plane: the decoder, or what stands for one where there is none. */
  readonly drawing: Drawing;
  readonly arrays: readonly ArrayInfo[];
  readonly atlas: AtlasInfo | null;
  /** Ellipses of one standard deviation and centers in a plane, by the name of its array of places. */
  readonly shapes: Readonly<Record<string, PlaneShapes>>;
  /** The record of the run as run.json has it, for the panel of settings, scores and timings. */
  readonly record: unknown;
}

/**
 * `cluster` (int32, as edited), `original-cluster`, `class` (int32, -1 unknown), `probability`, `distance`,
 * `reconstruction-error` (float32), `code-2d`, `code-3d`, `umap-2d`, `umap-3d` (float32, count x 2 or 3).
 */
export interface ArrayInfo {
  readonly name: string;
  readonly type: "int32" | "float32";
  /** Numbers of each image. */
  readonly width: number;
  /** `ready`: at hand; `made`: computed when asked for, which may take a while. */
  readonly state: "ready" | "made";
}

export interface Preparing {
  /** Of `GET .../arrays/<name>`: what is being made, and how far, 0..1. */
  readonly preparing: string;
  readonly done: number;
}

/** Thumbnails of all images, in order, in rows of `columns`, on sheets of `perSheet`. */
export interface AtlasInfo {
  readonly sheets: number;
  readonly perSheet: number;
  readonly columns: number;
  /** Of one thumbnail, in pixels. */
  readonly height: number;
  readonly width: number;
  /** 1: grey; 3: colours. Bytes of a sheet: rows x columns x channels, whole rows of thumbnails. */
  readonly channels: 1 | 3;
}

export interface PlaneShapes {
  /** Of each cluster, by its number, in the plane's coordinates; empty for numbers without images. */
  readonly centers: readonly (readonly number[])[];
  /** Closed lines around each cluster; empty where the method has none. */
  readonly ellipses: readonly (readonly (readonly [number, number])[])[];
}

export interface ImageView {
  readonly index: number;
  readonly name: string | null;
  readonly class: string | null;
  readonly cluster: number;
  readonly probability: number | null;
  readonly distance: number | null;
  readonly reconstructionError: number | null;
  /** Most probable clusters, where the method has probabilities. */
  readonly likely: readonly { readonly cluster: number; readonly probability: number }[];
  /** Nearest other images in the run's features, nearest first. */
  readonly neighbors: readonly {
    readonly index: number;
    readonly distance: number;
    readonly cluster: number;
  }[];
  /** What could not be told yet, because features are being made (event `prepared` of `features`); absent: all is told. */
  readonly pending?: readonly ("neighbors" | "likely")[];
}

export interface ClusterView {
  readonly cluster: number;
  readonly name: string | null;
  readonly notes: string | null;
  readonly size: number;
  /** Share of its most frequent class, where classes are known. */
  readonly purity: number | null;
  readonly majority: string | null;
  /** Clusters that its images might also belong to: share of its images whose second nearest cluster that is. */
  readonly confusedWith: readonly { readonly cluster: number; readonly share: number }[];
  /** Indices of images. */
  readonly typical: readonly number[];
  readonly borderline: readonly number[];
  readonly outliers: readonly number[];
  readonly random: readonly number[];
}

/**
 * `counts[i][j]`: images of `classes[i]` in `clusters[j]`, sorted so that the diagonal is heavy; empty where no classes
 * are known.
 */
export interface ConfusionView {
  readonly classes: readonly string[];
  readonly clusters: readonly number[];
  readonly counts: readonly (readonly number[])[];
}

/** How the clusters of a run and of another one agree, both as edited. */
export interface CompareView {
  readonly clusters: readonly ComparedCluster[];
  readonly others: readonly ComparedCluster[];
  /** `flow[a][b]`: images in `clusters[a]` and in `others[b]`. */
  readonly flow: readonly (readonly number[])[];
  /** Pairs (cluster, other), one-to-one, by which the two agree on the most images. */
  readonly match: readonly (readonly [cluster: number, other: number])[];
  /** Images in both clusters of a pair. */
  readonly agreeing: number;
  readonly adjustedRandIndex: number;
  readonly normalizedMutualInformation: number;
  /** Of the runs as they were made, null where a run has none. */
  readonly scores: readonly {
    readonly name: string;
    readonly values: readonly [number | null, number | null];
  }[];
  /** What the runs were asked differently, as run.json calls it; null where a run has none. */
  readonly differences: readonly { readonly name: string; readonly values: readonly [unknown, unknown] }[];
}

export interface ComparedCluster {
  readonly cluster: number;
  readonly name: string | null;
  readonly size: number;
}

export interface KView {
  readonly k: number;
  /** Name of an array (`k-<k>`) with the cluster of each image. */
  readonly array: string;
  readonly inertia: number;
  /** Values of the panel's criteria at this k, by name. */
  readonly criteria: Readonly<Record<string, number>>;
}

/** Views that people kept with the run, the oldest first. */
export interface KeptViews {
  readonly views: readonly KeptView[];
  /** How many there may be. */
  readonly most: number;
}

export interface KeptView {
  readonly id: number;
  readonly at: string;
  readonly caption: string;
  /** What it is of: the page's address behind `#`. */
  readonly address: string;
  readonly width: number;
  readonly height: number;
}

/** Keeps a picture (PNG in base64) with a caption, writes another caption, or removes a view. */
export type ViewRequest =
  | { readonly do: "keep"; readonly caption: string; readonly address: string; readonly png: string }
  | { readonly do: "caption"; readonly id: number; readonly caption: string }
  | { readonly do: "remove"; readonly id: number };

/** Images that somebody looks for, in their order; the first of them where there are many. */
export interface FoundImages {
  readonly total: number;
  readonly images: readonly { readonly index: number; readonly name: string | null }[];
}

/**
 * What a folder that `unlabeled export --what explorer` made says of itself. Beside the page, `data/` holds scripts, since a page from
 * disk may load nothing else: each calls `unlabeledData(name, value)`, by the name of its file. Of the addresses above there are
 * `run`, `clusters`, `confusion`, `edits` (as JSON), `arrays/<name>` and `atlas/<sheet>` (bytes, {@link PackedBytes}), `centers` and
 * `pictures/<cluster>` (PNG in base64 by number), `names` and `numbers` where the manifest says so.
 */
export interface FolderManifest {
  readonly format: "unlabeled-explorer";
  readonly formatVersion: 1;
  readonly entry: RunEntry;
  readonly madeAt: string;
  readonly imagesOfRun: number;
  readonly imagesInFolder: number;
  /** Whether `numbers` (int32) says which images of the run these are; else all are there. */
  readonly numbered: boolean;
  /** Whether `names` holds the name of each image. */
  readonly named: boolean;
}

/** Bytes in a script: in base64, deflated (zlib); before that, of numbers of `width` bytes the first byte of each, then the second ... */
export interface PackedBytes {
  readonly length: number;
  readonly width: number;
  readonly deflated: string;
}

/**
 * How codes become images: by a network, from principal components, or as pixels, which are their own picture; or why
 * they do not, and what to do.
 */
export type Drawing =
  | { readonly by: "network" | "components" | "pixels"; readonly codeSize: number }
  | { readonly by: null; readonly reason: string };

/**
 * What is to be drawn: a code, or a place in `code-2d` or `code-3d`, which stands for the code that lies there in their
 * plane. Of several places, and of places on a line between two codes (0: `from`, 1: `to`; others lie before and beyond
 * them), the images come as one, in rows of `columns` without gaps.
 */
export type DecodeRequest =
  | { readonly code: readonly number[] }
  | { readonly place: readonly number[] }
  | { readonly places: readonly (readonly number[])[]; readonly columns: number }
  | {
      readonly line: { readonly from: readonly number[]; readonly to: readonly number[] };
      readonly at: readonly number[];
      readonly columns: number;
    };

/** A code, and where it lies in `code-2d` (the first two numbers) and `code-3d`. */
export interface CodeView {
  readonly code: readonly number[];
  readonly place: readonly number[];
}

/** K-Means, or expectation and maximization of a mixture, on the plane `code-2d`, from another start: for looking on. */
export interface StepsRequest {
  readonly by: "k-means" | "mixture";
  /** 1..20 */
  readonly k: number;
  readonly seed: number;
  readonly init: "random" | "k-means++";
}

export interface StepsView {
  /** Images that it was made of, evenly spaced, of all. */
  readonly sample: number;
  readonly count: number;
  /** sample x 2, float32, little-endian, in base64. */
  readonly places: string;
  /** What falls (`inertia`) or rises (`meanLogLikelihood`). */
  readonly objective: "inertia" | "meanLogLikelihood";
  /** Whether it came to rest, or was ended after many iterations. */
  readonly converged: boolean;
  /** The start, then each iteration. */
  readonly iterations: readonly StepsIteration[];
}

export interface StepsIteration {
  /** After the iteration: k x 2. */
  readonly centers: readonly (readonly [x: number, y: number])[];
  /**
   * Group of each image, one byte each, in base64. K-Means: by the centers before the iteration moved them (null at the
   * start); a mixture: by its components after it.
   */
  readonly labels: string | null;
  readonly value: number | null;
  /** Images that changed their group. */
  readonly changed: number | null;
  /** Of a mixture: closed lines of one standard deviation. */
  readonly ellipses: readonly (readonly (readonly [x: number, y: number])[])[];
}

export type RunEvent =
  | { readonly kind: "edited"; readonly version: number }
  | { readonly kind: "preparing"; readonly what: string; readonly done: number }
  | { readonly kind: "prepared"; readonly what: string };

/** What a run that is started from the page may be told; each as the command line's flag of that name takes it. */
export type StartOption = "method" | "clusters" | "seed" | "epochs" | "limit";

export interface StartRequest {
  /** As the command line takes it: the name of a set, or a path on the server's machine. */
  readonly source: string;
  /** As text; what is left out is as usual. */
  readonly options: Readonly<Partial<Record<StartOption, string>>>;
}

/** What there is to choose from. */
export interface LiveChoices {
  readonly methods: readonly {
    readonly name: string;
    readonly meaning: string;
    /** Whether a network is trained, so that `epochs` say something. */
    readonly trains: boolean;
    readonly takes: "images" | "vectors" | "images and vectors";
  }[];
  /** Named sets, and whether they lie on this machine (else they would be downloaded). */
  readonly sources: readonly { readonly name: string; readonly meaning: string; readonly here: boolean }[];
  /** What the options are, in the words of `--help`. */
  readonly options: Readonly<Record<StartOption, { readonly help: string; readonly usual: string }>>;
  /** Folder that runs are written to. */
  readonly folder: string;
}

/** Null where none was started since the server was. */
export interface LiveAnswer {
  readonly live: LiveState | null;
}

/**
 * `pausing`, `cancelling`: asked for, and done at the next safe point. In `done`, `cancelled` and `failed` it has ended.
 */
export type LiveStatus =
  | "starting"
  | "running"
  | "pausing"
  | "paused"
  | "cancelling"
  | "done"
  | "cancelled"
  | "failed";

/** A run that is being made, or was. */
export interface LiveState {
  readonly id: string;
  readonly status: LiveStatus;
  readonly request: StartRequest;
  readonly startedAt: string;
  /** What is going on, in one line. */
  readonly text: string;
  /** Stages that were begun, in their order; the last one is under way. */
  readonly stages: readonly string[];
  /** How far that one is, 0..1, where that can be said. */
  readonly part: number | null;
  /** What was opened; null before. */
  readonly made: LiveRunFacts | null;
  readonly training: LiveTraining | null;
  /** Loss within epochs: mean of the epoch so far, over epochs that are done (fractions within one). */
  readonly losses: { readonly at: readonly number[]; readonly values: readonly number[] };
  /** Epochs that are complete; of very many, some. */
  readonly epochs: readonly LiveEpoch[];
  /** What the clusterer makes small or large, by iteration of the present start. */
  readonly objective: {
    readonly name: string;
    readonly iterations: readonly number[];
    readonly values: readonly number[];
  } | null;
  readonly warnings: readonly string[];
  /** Where `done`: the run, as the list of runs names it. */
  readonly run: string | null;
  /** Where `failed`: why. */
  readonly error: string | null;
  /** Where `cancelled`, or failed on the way: the command that goes on. */
  readonly resume: string | null;
}

export interface LiveRunFacts {
  readonly source: string;
  readonly count: number;
  readonly image: { readonly height: number; readonly width: number; readonly channels: number } | null;
  readonly method: string;
  readonly seed: number;
  readonly clusters: number | "auto";
  readonly folder: string;
  readonly classNames: readonly string[] | null;
  /** Images, evenly spaced, whose places are told. */
  readonly sample: number;
  /** Images in a row of pictures; 0: no network, no pictures. */
  readonly pictures: number;
}

export interface LiveTraining {
  /** 1-based. */
  readonly epoch: number;
  readonly epochs: number;
  readonly batch: number;
  readonly batches: number;
  readonly loss: number;
  readonly validationLoss: number | null;
  readonly imagesPerSecond: number | null;
  readonly secondsLeft: number | null;
}

export interface LiveEpoch {
  /** 1-based. */
  readonly epoch: number;
  readonly loss: number;
  readonly validationLoss: number | null;
  /** Whether its places and pictures can be asked for. */
  readonly seen: boolean;
  /** Whether its places have groups. */
  readonly grouped: boolean;
}
