// npm run results [-- <pattern of rows' names> ...]: the measured rows of docs/results.md, run one after another with the
// program itself. Needs the real images (UNLABELED_DATA, or "unlabeled data fetch").
import { readFileSync, writeFileSync } from "node:fs";
import { recipes } from "../dist/index.js";
import {
  assigned,
  daysOf,
  fashion,
  finishRow,
  fiveSeeds,
  markdownTable,
  mnist,
  recordsOf,
  root,
  spread,
  spreadText,
  whole,
} from "./measured-runs.mjs";

const rows = [
  { source: mnist, method: "pixels+kmeans" },
  { source: mnist, method: "dense-ae+kmeans", published: "seed 004: mean cluster purity 0.6989" },
  { source: mnist, method: "conv-ae+kmeans", published: "seed 000: purity 0.66" },
  { source: mnist, method: "deep-ae+kmeans" },
  {
    source: mnist,
    method: "seed-conv-ae+kmeans",
    flags: ["--epochs", "25", "--code-size", "10"],
    seeds: [0], // one epoch takes a minute or two; its author had one run as well, of up to 300 epochs
    published: "seed 000, its own network: purity 0.66",
  },
  { source: fashion, method: "pixels+kmeans", published: "seed 003: accuracy 0.5399" },
  { source: fashion, method: "conv-ae+kmeans", published: "seed 003: accuracy 0.5656" },
  { source: fashion, method: "conv-ae+gmm", published: "seed 003: accuracy 0.5876" },
  { source: fashion, method: "deep-ae+kmeans" },
];
/** Seeds of the recipe's figures, none of which it was developed with. */
const freshSeeds = [100, 101, 102, 103, 104];

/** Methods that begin with one network, which each seed trains once for all of them. */
const networks = { name: "networks", methods: ["deep-ae+kmeans", "deep-ae+graph", "dec", "idec"] };

const ofNetworks = (name, method) => ({
  source: whole(name),
  method,
  name: `networks-${method}`,
  comparison: networks,
  seeds: freshSeeds,
});

/** Beyond the seed documents: all images, or new ones. */
const frontier = ["mnist", "fashion-mnist"].flatMap((name) => [
  { source: whole(name), method: "pixels+kmeans", name: "pixels-all", seeds: freshSeeds },
  ...networks.methods.map((method) => ofNetworks(name, method)),
  {
    source: whole(name),
    method: "onnx+umap+gmm",
    shown: "deep-ae+umap+gmm",
    encoder: ofNetworks(name, "deep-ae+kmeans"),
    name: "deep-ae-umap-gmm-all",
    seeds: freshSeeds,
  },
  { source: whole(name), method: "pca:hog+graph", name: "pca-hog-graph-all", seeds: freshSeeds },
  { source: whole(name), method: "auto", name: "auto-all", seeds: freshSeeds },
  {
    source: whole(name),
    method: "auto",
    flags: ["--thorough"],
    name: "auto-thorough-all",
    seeds: freshSeeds,
    published:
      name === "mnist"
        ? "IMSAT 0.984 (GPU), ASPC-DA 0.988 (GPU, augmented images)"
        : "SENet 0.697 (GPU), N2D 0.672 (GPU; others got 0.51 to 0.56)",
  },
  { source: assigned(name), method: "auto", name: "auto-new", seeds: freshSeeds },
  {
    source: assigned(name),
    method: "auto",
    flags: ["--thorough"],
    name: "auto-thorough-new",
    seeds: freshSeeds,
  },
]);
const scores = ["meanClusterPurity", "purity", "accuracy", "nmi", "ari", "majorityClasses"];
const seedHead = ["Images", "Method", ...scores, "Minutes a run", "Published", "Runs of"];
const frontierHead = [
  ...["Images", "Method", "Accuracy", "NMI", "ARI", "Purity", "Worst seed", "Seconds (longest)"],
  ...["Published", "Runs of"],
];

const wanted = process.argv.slice(2);
const all = [...rows, ...frontier];
const chosen = all.filter(
  (row) => wanted.length === 0 || wanted.some((pattern) => new RegExp(pattern).test(nameOf(row))),
);
if (chosen.length === 0) throw new Error(`No such row. There are: ${all.map(nameOf).join(", ")}.`);

for (const row of chosen) await finishRow(row, seedsOf(row));
const present = readFileSync(`${root}docs/results.md`, "utf8").split("\n");
const seedTable = tableOf(rows, seedHead, seedCells);
const frontierTable = tableOf(frontier, frontierHead, frontierCells);
process.stdout.write(`\n${seedTable}\n${frontierTable}`);
writeFileSync(`${root}docs/results.md`, page());

function nameOf({ source, method, name = method }) {
  return `${source[0]}-${name}`;
}

/** A row whose runs are not all here keeps the line that the document has of it: runs take hours, and stay where they were made. */
function tableOf(some, head, cellsOf) {
  const lines = some.flatMap((row) => {
    const records = recordsOf(row, seedsOf(row));
    const cells = [...namesOf(row), ...(records ? cellsOf(row, records) : [])];
    if (records) return [[...cells, row.published ?? "", daysOf(records)]];
    const kept = present.find((line) => namesOf(row).every((name, at) => cellsIn(line)[at] === name));
    return kept ? [cellsIn(kept)] : [];
  });
  return markdownTable([head, ...lines]);
}

function cellsIn(line) {
  return line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** What was clustered and how: the first two cells, which no other row of either table has. */
function namesOf({ source, method, shown = method, flags = [] }) {
  const [name, , split, , score] = source;
  const images = [name, split, score && `scored on ${score}`].filter(Boolean).join(", ");
  return [images, `\`${[shown, ...flags].join(" ")}\``];
}

function seedsOf(row) {
  return row.seeds ?? fiveSeeds;
}

function seedCells(_row, records) {
  const shown = scores.map((score) => {
    const values = records.map((record) => record.metrics[score]);
    return score === "majorityClasses" ? values.join(", ") : spreadText(values);
  });
  const [minutes] = spread(records.map((record) => record.seconds.total / 60));
  return [...shown, minutes.toFixed(1)];
}

function frontierCells(row, records) {
  const of = (score) => records.map((record) => record.metrics[score]);
  const trained = row.encoder ? recordsOf(row.encoder, seedsOf(row)) : [];
  const seconds = records.map(({ seconds }, at) => seconds.total + (trained[at]?.seconds.features ?? 0));
  return [
    ...["accuracy", "nmi", "ari", "purity"].map((metric) => spreadText(of(metric))),
    Math.min(...of("accuracy")).toFixed(4),
    `${spread(seconds)[0].toFixed(0)} (${Math.max(...seconds).toFixed(0)})`,
  ];
}

function page() {
  return `# Results

Made by \`npm run results\`. Ten clusters, seeds 0 to 4 (or one run, as the row says): mean and standard deviation; majorityClasses of each seed. Labels were used for these scores only.

On two virtual cores that had other work as well: quiet, runs take about half the minutes.

${seedTable}
Each run is \`unlabeled cluster <images> --method <method> --clusters 10 --seed <0..4>\` with the flags in the row.

## Beyond the seed documents

All 70,000 images, or the 60,000 training images with the 10,000 test images assigned and scored. Ten clusters, seeds 100 to 104: mean ± standard deviation of five runs, and the worst of them. Seconds are from images in memory to labels, on two virtual cores; pictures and report come after. The rows of networks (\`deep-ae\`, \`dec\`, \`idec\`) and of \`pca:hog\` ran beside much other work, those of networks three to four times as long as on a quiet machine: their scores are of use, their seconds are not.

**The recipe was developed on these two sets.** \`auto\` is \`${recipes.fast}\`, with \`--thorough\` \`${recipes.thorough}\`: one recipe and one set of settings for both sets, and within a run no label is used. But views, numbers of neighbours and resolutions were compared with labels in view, on seeds 0 to 99; seeds 100 to 104 played no part. Expect less on images that are unlike these.

${frontierTable}
Published figures stand with their conditions: methods of their authors, from scratch, most of them on a GPU; augmentation (moved and turned copies) tells a method what must not matter, which ours is not told. Some published figures are the best of several runs, or of several epochs, chosen with labels.

Each run is \`unlabeled cluster <images> --method <method> --clusters 10 --seed <100..104>\` with the flags in the row (\`--split train --score test\` where new images are assigned). The rows of \`deep-ae\`, \`dec\` and \`idec\` come from one \`compare --methods ${networks.methods.join(",")}\` for each seed, which trains the network once and counts its time in each row; \`deep-ae+umap+gmm\` takes that network as \`onnx+umap+gmm --encoder <run>/model/encoder.onnx\`, and the time of its training is counted there too.
`;
}
