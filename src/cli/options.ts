/** The options of all commands: each is declared once, here, in the table of what it belongs to. */

/** Which images. */
export const sourceOptions = {
  split: {
    type: "choice",
    flags: "--split <part>",
    choices: ["all", "train", "test", "validation", "holdout"],
    default: "all",
    help: "part of the source; validation and holdout are the first and the second half of test",
  },
  limit: {
    type: "integer",
    flags: "--limit <n>",
    min: 1,
    max: 1_000_000_000,
    usual: "all",
    help: "first n images; of class folders, evenly from each",
  },
  idColumn: {
    type: "text",
    flags: "--id-column <name>",
    usual: "none",
    help: "tables: column that names the items",
  },
  labelColumn: {
    type: "text",
    flags: "--label-column <name>",
    usual: "none",
    help: "tables: column of the classes, which are for scoring only",
  },
  maxBad: {
    type: "text",
    flags: "--max-bad <part>",
    usual: "1%",
    help: "part of the files that may be unreadable, as 1% or 0.01; up to it they are left out and listed in skipped.csv",
  },
  noCache: {
    type: "switch",
    flags: "--no-cache",
    help: "image files: decode them anew, and keep nothing in the cache folder",
  },
} as const;

/** How images are brought to one size and kind, what rows of arrays and tables are, and how vectors are scaled. */
export const sizeOptions = {
  size: {
    type: "integer",
    flags: "--size <side>",
    min: 1,
    max: 4096,
    usual: "as they are up to 64, else 64",
    help: "side in pixels to which images are brought",
  },
  fit: {
    type: "choice",
    flags: "--fit <how>",
    choices: ["contain", "cover", "stretch"],
    usual: "contain",
    help: "how images of another shape are brought to the size: with margins of 0, cut, or out of shape",
  },
  grey: {
    type: "switch",
    flags: "--grey",
    help: "one channel; without it image files have three unless all of them are grey",
  },
  shape: {
    type: "text",
    flags: "--shape <HxW[xC]>",
    usual: "rows are vectors",
    help: "arrays and tables: each row is an image of this shape, of bytes 0 to 255",
  },
  scaling: {
    type: "choice",
    flags: "--scaling <how>",
    choices: ["none", "standard", "l2"],
    usual: "none",
    help: "vectors: each column to mean 0 and standard deviation 1, or each row to length 1; new vectors alike",
  },
} as const;

/** How a clusterer runs. */
export const fitOptions = {
  seed: {
    type: "integer",
    flags: "--seed <n>",
    min: 0,
    max: 9_007_199_254_740_991,
    default: 0,
    help: "number that all random choices follow from; the same seed gives the same result",
  },
  restarts: {
    type: "integer",
    flags: "--restarts <n>",
    min: 1,
    max: 10_000,
    usual: "1 on pixels, 10 on codes and vectors; 3 of minibatch-kmeans",
    help: "starts within one run, of which the best by the method's own objective is kept",
  },
  init: {
    type: "choice",
    flags: "--init <how>",
    choices: ["k-means++", "random", "k-means"],
    usual: "k-means++; of mixtures k-means",
    help: "how the first clusters are found; k-means is for mixtures",
  },
  maxIterations: {
    type: "integer",
    flags: "--max-iterations <n>",
    min: 1,
    max: 1_000_000,
    usual: "300; of mixtures 200; of minibatch-kmeans 100",
    help: "most iterations of one start; minibatch-kmeans: most passes over the images",
  },
  tolerance: {
    type: "number",
    flags: "--tolerance <fraction>",
    usual: "0; of mixtures 1e-5, of minibatch-kmeans 1e-4",
    help: "stop when an iteration betters the objective by no more than this fraction; 0: when nothing changes",
  },
  covariance: {
    type: "choice",
    flags: "--covariance <type>",
    choices: ["full", "tied", "diagonal", "spherical"],
    usual: "full; diagonal beyond 64 numbers for each image",
    help: "mixtures: shape of the components",
  },
  neighbors: {
    type: "integer",
    flags: "--neighbors <n>",
    min: 2,
    max: 1000,
    usual: "15 of graph; several of consensus; 20 of umap",
    help: "graph, consensus, umap: images that count as near to each image, itself among them",
  },
  sample: {
    type: "integer",
    flags: "--sample <n>",
    min: 10,
    max: 1_000_000_000,
    usual: "300000",
    help: "graph, consensus, umap: most images that the graph or map is made of; of more, that many are drawn, and the others join as new images would",
  },
  resolution: {
    type: "number",
    positive: true,
    flags: "--resolution <x>",
    usual: "1 of graph; several of consensus",
    help: "graph, consensus: above 1, smaller groups count as groups",
  },
} as const;

/** What several runs have in common. */
export const runOptions = {
  clusters: {
    type: "integer",
    flags: "--clusters <n|auto>",
    min: 1,
    max: 1_000_000,
    words: ["auto"],
    usual: "as many as the source has classes, else auto",
    help: "number of clusters; auto: the number that unlabeled elbow suggests",
  },
  runs: {
    type: "integer",
    flags: "--runs <n>",
    min: 1,
    max: 10_000,
    default: 1,
    help: "independent runs, with the seeds seed, seed + 1, ...",
  },
  score: {
    type: "choice",
    flags: "--score <part>",
    choices: ["all", "train", "test", "validation", "holdout"],
    usual: "the images that were clustered",
    help: "assign and score this part instead",
  },
} as const;

/** How a command computes. */
export const computeOptions = {
  threads: {
    type: "integer",
    flags: "--threads <n>",
    min: 1,
    max: 256,
    usual: "all cores",
    help: "threads to compute on; changes the time, and of results only those of networks, in the last digits",
  },
} as const;

/** Where the result goes. */
export const folderOptions = {
  out: {
    type: "text",
    flags: "--out <folder>",
    usual: "named after source, method and seed, in runs/",
    help: "folder to write",
  },
  force: { type: "switch", flags: "--force", help: "replace that folder if it holds an earlier result" },
} as const;

/** Whether a command only says what it would do. */
export const planOptions = {
  dryRun: {
    type: "switch",
    flags: "--dry-run",
    help: "print the plan, with estimates of time and memory; compute and write nothing",
  },
} as const;

/** How a command talks. */
export const talkOptions = {
  json: { type: "switch", flags: "--json", help: "print one JSON document and nothing else" },
  quiet: { type: "switch", flags: "--quiet", help: "print the result, but neither progress nor warnings" },
  debug: { type: "switch", flags: "--debug", help: "show the whole stack of an error" },
} as const;

/**
 * Feature words and clusterers that `--help` names. Written here once more, as help must not load what runs them; a
 * test holds the lists together.
 */
const features =
  "pixels, vectors, pca, hog, scattering, vanilla-ae, dense-ae, deep-ae, conv-ae, seed-conv-ae, denoising-ae, sparse-ae, vae, onnx";
const spelling = `features+clusterer or features+umap+clusterer, of the features ${features} (views of the same images are joined by a colon, as in pca:hog+graph), and the clusterers kmeans, minibatch-kmeans, gmm, graph, consensus, or one of dec, idec, auto, of which auto is the recipe of our choice; sources of vectors (embeddings) take the features vectors and pca`;

/** Which method. */
export const methodOptions = {
  method: {
    type: "text",
    flags: "--method <name>",
    usual: "pixels+kmeans; of vectors vectors+kmeans",
    help: spelling as string,
  },
} as const;

/** Which recipe `auto` stands for. */
export const recipeOptions = {
  thorough: { type: "switch", flags: "--thorough", help: "auto: the recipe that takes minutes" },
} as const;

/** Which methods. */
export const methodsOptions = {
  methods: {
    type: "text",
    flags: "--methods <names>",
    usual:
      "pixels+kmeans,conv-ae+kmeans,conv-ae+gmm,deep-ae+kmeans,deep-ae+graph,pca:hog+graph,pca:hog:scattering+consensus,idec; of strokes pixels+kmeans,conv-ae+kmeans,conv-ae+gmm,pca:hog+graph with 10 epochs; of vectors vectors+kmeans,vectors+gmm (up to 512 numbers),vectors+umap+kmeans,vectors+graph,vectors+consensus",
    help: `methods, separated by commas; each is ${spelling}` as string,
  },
} as const;

/** How a network is trained, for methods whose features are one. */
export const networkOptions = {
  epochs: {
    type: "integer",
    flags: "--epochs <n>",
    min: 1,
    max: 1_000_000,
    usual: "20; of dense-ae 40",
    help: "networks: passes over the images in training",
  },
  codeSize: {
    type: "integer",
    flags: "--code-size <n>",
    min: 1,
    max: 65_536,
    usual: "10; of dense-ae 3, of vanilla-ae 32, of sparse-ae 64",
    help: "networks: numbers in the code that is clustered",
  },
  widths: {
    type: "integers",
    flags: "--widths <a,b,c>",
    min: 1,
    max: 65_536,
    usual: "the network's own",
    help: "networks: sizes of the layers before the code, which those after it mirror",
  },
  loss: {
    type: "choice",
    flags: "--loss <name>",
    choices: ["mse", "bce"],
    usual: "mse; of vae and seed-conv-ae bce",
    help: "networks: mean squared error or binary cross-entropy",
  },
  batch: {
    type: "integer",
    flags: "--batch <n>",
    min: 1,
    max: 1_000_000,
    usual: "256; of seed-conv-ae 100",
    help: "networks: images in each step of training",
  },
  learningRate: {
    type: "number",
    positive: true,
    flags: "--learning-rate <rate>",
    usual: "0.001; of conv-ae 0.002, of dense-ae 0.02, of seed-conv-ae 1",
    help: "networks: size of the first steps, which falls to 0 along half a cosine (but for seed-conv-ae)",
  },
} as const;

/** Which network, for the features that are one of the user's own. */
export const encoderOptions = {
  encoder: {
    type: "text",
    flags: "--encoder <file>",
    usual: "none",
    help: "onnx: ONNX file of your own network, from images to the numbers that are clustered",
  },
} as const;

/** Which numbers of clusters. */
export const rangeOptions = {
  from: {
    type: "integer",
    flags: "--from <k>",
    min: 1,
    max: 100_000,
    default: 1,
    help: "least number of clusters",
  },
  to: {
    type: "integer",
    flags: "--to <k>",
    min: 1,
    max: 100_000,
    default: 20,
    help: "greatest number of clusters",
  },
  criteria: {
    type: "text",
    flags: "--criteria <names>",
    usual: "all that suit the features",
    help: "separated by commas, of inertia, modularity (of graphs), silhouette, calinskiHarabasz, daviesBouldin, gap, bic, adjustedBic, icl, stability",
  },
} as const;

/** Where a single file goes. */
export const fileOptions = {
  out: {
    type: "text",
    flags: "--out <file>",
    dash: true,
    usual: "assigned-<source>-<split>.csv",
    help: "file to write, which appears when it is whole; - for standard output",
  },
  format: {
    type: "choice",
    flags: "--format <name>",
    choices: ["csv", "parquet", "jsonl"],
    usual: "by the extension of --out (.csv, .parquet, .jsonl), else csv",
    help: "format of that file; jsonl is one JSON document a line",
  },
  force: { type: "switch", flags: "--force", help: "replace that file if it is there" },
} as const;

/** What is taken out of a run. */
export const exportOptions = {
  to: {
    type: "text",
    flags: "--to <folder>",
    usual: "<run>-export",
    help: "folder to write; nothing outside of it is touched",
  },
  what: {
    type: "text",
    flags: "--what <parts>",
    default: "labels,sheets,onnx,curation",
    help: "separated by commas, of labels (CSV and Parquet), folders (one for each cluster, with its images), sheets (a picture of the typical images of each cluster), onnx (networks that go from image to cluster), figures (SVG and PNG), report (drawn anew, with the names of the clusters), curation (images to look at), explorer (the explorer's page, to look at only, from disk or any web host); or all",
  },
  copy: {
    type: "switch",
    flags: "--copy",
    help: "folders: copy the original files; without it, links lead to them",
  },
  limitPerCluster: {
    type: "integer",
    flags: "--limit-per-cluster <n>",
    min: 1,
    max: 1_000_000_000,
    usual: "all",
    help: "folders: the n images nearest to the center of each cluster",
  },
  explorerImages: {
    type: "integer",
    flags: "--explorer-images <n>",
    min: 1,
    max: 10_000_000,
    default: 100_000,
    help: "explorer: images that it holds at most; of more, a sample, which the page says",
  },
  force: { type: "switch", flags: "--force", help: "replace that folder if it holds an earlier export" },
} as const;

/** Which clusters of a run, where people have edited them. */
export const editsOptions = {
  original: {
    type: "switch",
    flags: "--original",
    help: "the clusters as the run found them; without it, as they were edited (merged, split, moved: docs/edits.md)",
  },
} as const;

/** What is said of a cluster. */
export const nameOptions = {
  notes: { type: "text", flags: "--notes <text>", usual: "as they are", help: "notes of the cluster" },
  remove: { type: "switch", flags: "--remove", help: "take name and notes of the cluster away" },
  list: { type: "switch", flags: "--list", help: "list all clusters with their names and notes" },
} as const;

/** How runs are listed. */
export const runsOptions = {
  sort: {
    type: "choice",
    flags: "--sort <column>",
    choices: [
      "date",
      "path",
      "method",
      "source",
      "images",
      "clusters",
      "score",
      "accuracy",
      "silhouette",
      "seconds",
    ],
    default: "date",
    help: "date, scores: the newest and the best first; score is the accuracy, or the silhouette of runs without labels",
  },
} as const;

/** Where the explorer serves, and what. */
export const explorerOptions = {
  port: {
    type: "integer",
    flags: "--port <n>",
    min: 1,
    max: 65_535,
    usual: "4319, or the next that is free",
    help: "port on 127.0.0.1",
  },
  noOpen: { type: "switch", flags: "--no-open", help: "only print the address, open no browser" },
  runs: {
    type: "text",
    flags: "--runs <folder>",
    default: "runs",
    help: "folder in which runs lie",
  },
} as const;
