// npm run seeds: repeats what the five seed documents did, and writes docs/seeds.md: their figures, ours, the commands,
// and the pictures that they show (docs/images/seeds/). Needs the real images (UNLABELED_DATA, or "unlabeled data
// fetch"); hours where nothing of runs/measured/ is there yet, most of them for seed 000's own network.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import {
  argumentsOf,
  daysOf,
  fashion,
  finish,
  finishRow,
  fiveSeeds,
  markdownTable,
  measured,
  mnist,
  readRecord,
  recordsOf,
  root,
  runOf,
  spreadText,
} from "./measured-runs.mjs";

const kMeans = ["--method", "pixels+kmeans", "--clusters", "10"];
const rows = {
  encoded: {
    source: mnist,
    method: "seed-conv-ae+kmeans",
    flags: ["--epochs", "25", "--code-size", "10"],
    seeds: [0],
  },
  convMnist: { source: mnist, method: "conv-ae+kmeans" },
  dense: { source: mnist, method: "dense-ae+kmeans" },
  vanilla: { source: fashion, method: "vanilla-ae+kmeans", seeds: [0] },
  multilayer: { source: fashion, method: "deep-ae+kmeans" },
  sparse: { source: fashion, method: "sparse-ae+kmeans", seeds: [0] },
  conv: { source: fashion, method: "conv-ae+kmeans" },
  mixture: { source: fashion, method: "conv-ae+gmm" },
};
const comparisons = {
  baseline: [...mnist, ...kMeans, "--restarts", "10", "--runs", "5"],
  own: [...mnist, ...kMeans, "--init", "random", "--runs", "10"],
  fashion: ["fashion-mnist", ...kMeans, "--init", "random", "--runs", "30"],
};
/** As many epochs as seed 003 trained. */
const longer = [...fashion, "--methods", "conv-ae+kmeans,conv-ae+gmm", "--clusters", "10", "--epochs", "45"];
const elbow = ["elbow", "fashion-mnist", "--from", "1", "--to", "20", "--criteria", "inertia"];

for (const [name, words] of Object.entries(comparisons)) {
  await finish(["cluster", ...words], measured(`seeds-${name}`), "compare.json");
}
await finish(["compare", ...longer], measured("seeds-longer"), "compare.json");
await finish(elbow, measured("seeds-elbow"), "elbow.json");
for (const row of Object.values(rows)) await finishRow(row, seedsOf(row));

const found = Object.fromEntries(
  Object.entries(rows).map(([name, row]) => [name, recordsOf(row, seedsOf(row))]),
);
const many = Object.fromEntries(
  Object.keys(comparisons).map((name) => [
    name,
    readRecord(`${measured(`seeds-${name}`)}/compare.json`).results,
  ]),
);
many.longer = readRecord(`${measured("seeds-longer")}/compare.json`).results;
const curve = readRecord(`${measured("seeds-elbow")}/elbow.json`);
const pictures = "docs/images/seeds";
rmSync(`${root}${pictures}`, { recursive: true, force: true });
mkdirSync(`${root}${pictures}`, { recursive: true });
writeFileSync(`${root}docs/seeds.md`, page());

function seedsOf(row) {
  return row.seeds ?? fiveSeeds;
}

function values(records, score) {
  return records.map(({ metrics }) => metrics[score]);
}

/** A picture of a result, copied beside the page. */
function picture(from, figure, name, words) {
  const file = `${name}${figure.slice(figure.lastIndexOf("."))}`;
  copyFileSync(`${from}/figures/${figure}`, `${root}${pictures}/${file}`);
  return `![${words}](images/seeds/${file})\n_${words}._\n`;
}

/** The run of a row whose pictures are shown: the first seed's. */
function shown(row) {
  return runOf(row, seedsOf(row)[0]);
}

function command(words) {
  return `\`unlabeled ${words.join(" ")}\``;
}

function runCommand(row) {
  const seeds = seedsOf(row);
  const [, ...words] = argumentsOf(row, seeds[0]);
  return command(["cluster", ...words, ...(seeds.length > 1 ? ["--runs", `${seeds.length}`] : [])]);
}

function page() {
  const best = many.fashion.reduce((a, b) => (b.metrics.inertia < a.metrics.inertia ? b : a));
  // The published sum, to the accuracy that tells local optima apart.
  const published = many.fashion.find(({ metrics }) => Math.abs(metrics.inertia - 2_233_496) < 100);
  const classes = (records) => values(records, "majorityClasses").join(", ");
  const minutes = ([{ seconds }]) => Math.round(seconds.total / 60);
  const [longKMeans, longMixture] = many.longer.map((record) => spreadText([record.metrics.accuracy]));
  const table = markdownTable([
    ["Seed", "What", "Score", "Published", "Here", "Command"],
    [
      "000, 001",
      "K-Means on MNIST pixels",
      "purity",
      "0.5909",
      spreadText(values(many.baseline, "purity")),
      command(["cluster", ...comparisons.baseline]),
    ],
    [
      "000, 001",
      "K-Means on the code of its own network",
      "purity",
      "0.6554 (text: 0.66)",
      spreadText(values(found.encoded, "purity")),
      runCommand(rows.encoded),
    ],
    [
      "000, 001",
      "the same with our convolutional network",
      "purity",
      "0.6554",
      spreadText(values(found.convMnist, "purity")),
      runCommand(rows.convMnist),
    ],
    [
      "002",
      "own K-Means, centroids drawn from the data",
      "mean cluster purity",
      "0.6257 (one run)",
      spreadText(values(many.own, "meanClusterPurity")),
      command(["cluster", ...comparisons.own]),
    ],
    [
      "003",
      "K-Means on Fashion-MNIST, 70,000 images",
      "sum of squares",
      "2233496.1",
      published ? `${published.metrics.inertia.toFixed(1)} (seed ${published.seed})` : "not met in 30 runs",
      command(["cluster", ...comparisons.fashion]),
    ],
    [
      "003",
      "the same run",
      "accuracy",
      "0.5399",
      published ? `${published.metrics.accuracy.toFixed(4)} (seed ${published.seed})` : "",
      "as above",
    ],
    ["003", "the same, 30 runs", "accuracy", "", spreadText(values(many.fashion, "accuracy")), "as above"],
    [
      "003",
      "elbow over 1 to 20 clusters",
      "knee",
      "“5 or 7”, “8 to 10”",
      `${curve.suggestions.inertia}`,
      command(elbow),
    ],
    [
      "003",
      "convolutional autoencoder + K-Means, scored on the holdout",
      "accuracy",
      "0.5656",
      spreadText(values(found.conv, "accuracy")),
      runCommand(rows.conv),
    ],
    [
      "003",
      "convolutional autoencoder + Gaussian mixture",
      "accuracy",
      "0.5876",
      spreadText(values(found.mixture, "accuracy")),
      runCommand(rows.mixture),
    ],
    [
      "003",
      "both, trained for 45 epochs as in the document",
      "accuracy",
      "0.5656, 0.5876",
      `${longKMeans}, ${longMixture}`,
      command(["compare", ...longer]),
    ],
    [
      "003",
      "vanilla autoencoder + K-Means",
      "accuracy",
      "",
      spreadText(values(found.vanilla, "accuracy")),
      runCommand(rows.vanilla),
    ],
    [
      "003",
      "multilayer autoencoder + K-Means",
      "accuracy",
      "",
      spreadText(values(found.multilayer, "accuracy")),
      runCommand(rows.multilayer),
    ],
    [
      "003",
      "regularized (sparse) autoencoder + K-Means",
      "accuracy",
      "",
      spreadText(values(found.sparse, "accuracy")),
      runCommand(rows.sparse),
    ],
    [
      "004",
      "K-Means on the three numbers of a dense sigmoid autoencoder",
      "mean cluster purity",
      "0.6989 (one run)",
      spreadText(values(found.dense, "meanClusterPurity")),
      runCommand(rows.dense),
    ],
  ]);
  const all = [...Object.values(found), ...Object.values(many)].flat();
  const [encoded] = found.encoded;
  return `# The five seed documents, repeated

Made by \`npm run seeds\`. Every row names its score: _purity_ weighs each image alike, _mean cluster purity_ each cluster, _accuracy_ is the best one-to-one match of clusters and classes. Means are over the seeds 0, 1, ...,
± is the standard deviation; labels were used for the scores only. What stands in one run only says so. Runs of ${daysOf(all)}.

${table}
## Why figures differ

- **000, 001 (Schlachter).** The published 0.6554 was read off the stored notebook, whose code has 14 numbers where the post says 10; one run, of up to 300 epochs with a patience of 15, watched on the test images. Ours is the same network
  (convolution 16, dense 784, 392, 196, a relu code; Adadelta, cross-entropy, batches of 100) with 10 numbers, watched on half of the test images, and **${encoded.training.epochs.length} epochs only**, for which two shared cores took ${minutes(found.encoded)} minutes: purity ${encoded.metrics.purity.toFixed(4)},
  with ${encoded.metrics.majorityClasses} of 10 digits the most frequent one of some cluster. **Our repetition falls short of the published figure**; the loss was still falling (0.568 after 8 epochs). Our own convolutional network has ${classes(found.convMnist)} of 10 digits in its five runs.
- **002 (Gravila).** His centroids were the first ten of the shuffled images, one run. Over ten such starts the mean is a little below his figure, which lies within one standard deviation.
- **003 (Rao).** The published sum of squares is a local optimum that some starts end in; the lowest of thirty is ${best.metrics.inertia.toFixed(1)}, with accuracy ${best.metrics.accuracy.toFixed(4)} only: a lower sum is not better agreement with the classes. Her convolutional
  network is described by a picture that the document does not hold; ours has its own architecture and trains 20 epochs unless the row says 45 (hers), on the 60,000 training images, watched on the first half of the test images, scored on the second: the same 5,000 images.
  The one-layer codes (vanilla and sparse, one run each) are worse than pixels: an autoencoder is no gain by itself.
- **004 (Gravila).** Layers and activations are his; training differs (around the mean of each layer's input, noise on the images, the code taken before its sigmoids; see [autoencoders](autoencoders.md)). Some of our five runs lie below his one, the mean does not.

## Pictures

### 000, 001: before and after

${picture(`${measured("seeds-baseline")}/pixels+kmeans-0`, "confusion.svg", "000-pixels-confusion", "Sorted confusion matrix of K-Means on MNIST pixels")}
${picture(shown(rows.encoded), "reconstructions-typical.png", "000-reconstructions", "Images above, their reconstructions by seed 000's network below")}
${picture(shown(rows.encoded), "code-3d-classes.svg", "000-code", "The first three numbers of the code, with the centers of K-Means")}
${picture(shown(rows.encoded), "confusion.svg", "000-code-confusion", "Sorted confusion matrix of K-Means on the code")}
${picture(shown(rows.convMnist), "confusion.svg", "000-conv-confusion", "The same on the code of our convolutional network")}
### 002: K-Means on pixels

${picture(`${measured("seeds-own")}/pixels+kmeans-0`, "examples.png", "002-examples", "Examples of each cluster, one row each")}
${picture(`${measured("seeds-own")}/pixels+kmeans-0`, "centers.png", "002-centroids", "The ten centroids as images")}
### 003: Fashion-MNIST

${picture(measured("seeds-elbow"), "elbow.svg", "003-elbow", "Sum of squares over the number of clusters")}
${published ? picture(`${measured("seeds-fashion")}/pixels+kmeans-${published.seed}`, "confusion.svg", "003-confusion", "K-Means on pixels, the run with the published sum of squares") : ""}
${picture(`${measured("seeds-fashion")}/pixels+kmeans-0`, "strip.png", "003-images", "The first images")}
${picture(shown(rows.conv), "loss.svg", "003-loss", "Training and validation loss of the convolutional autoencoder")}
${picture(shown(rows.conv), "reconstructions-by-epoch.png", "003-reconstructions", "Reconstructions as epochs go by")}
${picture(shown(rows.conv), "confusion.svg", "003-conv-confusion", "Convolutional autoencoder and K-Means")}
${picture(shown(rows.mixture), "confusion.svg", "003-mixture-confusion", "Convolutional autoencoder and Gaussian mixture")}
${pictureOfShapes()}
### 004: three numbers for each image

${picture(shown(rows.dense), "code-3d-classes.svg", "004-code", "The code of three numbers coloured by digit, with the centroids")}
${picture(shown(rows.dense), "centers.png", "004-centroids", "The centroids, decoded back into images")}
Encoding in batches, encoder and decoder apart, and assigning points to trained centroids: \`model/encoder.onnx\`, \`model/decoder.onnx\` and \`unlabeled assign <run> <images>\`.
`.replace(/\n{3,}/g, "\n\n");
}

/** Circles of K-Means and ellipses of a mixture on the same code. */
function pictureOfShapes() {
  return `${picture(shown(rows.mixture), "k-means-code-2d-clusters.svg", "003-circles", "To K-Means clusters are round")}
${picture(shown(rows.mixture), "code-2d-clusters.svg", "003-ellipses", "A mixture's may be stretched and turned; within an ellipse lies 95% of a component's probability")}
${picture(shown(rows.mixture), "code-3d-clusters.svg", "003-ellipsoids", "The same in three dimensions")}`;
}
