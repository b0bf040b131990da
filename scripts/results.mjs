// npm run results [-- <part of a row's name> ...]: the measured rows of docs/results.md, run one after another with the
// program itself. Needs the real images (UNLABELED_DATA, or "unlabeled data fetch").
import { writeFileSync } from "node:fs";
import {
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

/** Beyond the seed documents: all images, or new ones. */
const frontier = ["mnist", "fashion-mnist"].flatMap((name) => [
  { source: whole(name), method: "pixels+kmeans", name: "pixels-all", seeds: freshSeeds },
  { source: whole(name), method: "deep-ae+kmeans", name: "deep-ae-kmeans-all", seeds: freshSeeds },
  { source: whole(name), method: "deep-ae+graph", name: "deep-ae-graph-all", seeds: freshSeeds },
  { source: whole(name), method: "deep-ae+umap+gmm", name: "deep-ae-umap-gmm-all", seeds: freshSeeds },
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
  { source: whole(name), method: "dec", name: "dec-all", seeds: freshSeeds },
  { source: whole(name), method: "idec", name: "idec-all", seeds: freshSeeds },
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

const wanted = process.argv.slice(2);
const chosen = rows.filter((row) => wanted.length === 0 || wanted.some((part) => nameOf(row).includes(part)));
if (chosen.length === 0) throw new Error(`No such row. There are: ${rows.map(nameOf).join(", ")}.`);

for (const row of chosen) await finishRow(row, seedsOf(row));
const complete = rows.flatMap((row) => {
  const records = recordsOf(row, seedsOf(row));
  return records ? [{ row, records }] : [];
});
const table = tableOf();
process.stdout.write(`\n${table}`);
writeFileSync(`${root}docs/results.md`, page());

function nameOf({ source, method }) {
  return `${source[0]}-${method}`;
}

function seedsOf(row) {
  return row.seeds ?? fiveSeeds;
}

function tableOf() {
  const lines = complete.map(({ row, records }) => {
    const shown = scores.map((score) => {
      const values = records.map((record) => record.metrics[score]);
      return score === "majorityClasses" ? values.join(", ") : spreadText(values);
    });
    const [minutes] = spread(records.map((record) => record.seconds.total / 60));
    const [name, , split, , score] = row.source;
    return [
      `${name} ${split}${score ? `, scored on ${score}` : ""}`,
      `${row.method}${row.flags ? ` (${row.flags.join(" ")})` : ""}`,
      ...shown,
      minutes.toFixed(1),
      row.published ?? "",
    ];
  });
  return markdownTable([["Images", "Method", ...scores, "Minutes a run", "Published"], ...lines]);
}

function page() {
  return `# Results

Made by \`npm run results\`. Ten clusters, seeds 0 to 4 (or one run, as the row says): mean and standard deviation; majorityClasses of each seed. Labels were used for these scores only.

Runs of ${daysOf(complete.flatMap(({ records }) => records))} on two virtual cores that had other work as well: quiet, they take about half the minutes.

${table}
Each run is \`unlabeled cluster <images> --method <method> --clusters 10 --seed <0..4>\` with the flags in the row.
`;
}
