// npm run results [-- <part of a row's name> ...]: the measured rows of docs/results.md, run one after another with the
// program itself. What is finished stays in runs/results/ and is not run again; what was interrupted is resumed. Needs
// the real images (UNLABELED_DATA, or "unlabeled data fetch").
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const program = `${root}dist/cli/main.js`;
const folder = `${root}runs/results`;
const seeds = [0, 1, 2, 3, 4];

const mnist = ["mnist", "--split", "train"];
const fashion = ["fashion-mnist", "--split", "train", "--score", "holdout"];
const rows = [
  { source: mnist, method: "pixels+kmeans" },
  { source: mnist, method: "dense-ae+kmeans", published: "seed 004: mean cluster purity 0.6989" },
  { source: mnist, method: "conv-ae+kmeans", published: "seed 000: purity 0.66" },
  { source: mnist, method: "conv-ae+gmm" },
  { source: mnist, method: "deep-ae+kmeans" },
  {
    source: mnist,
    method: "seed-conv-ae+kmeans",
    flags: ["--epochs", "8", "--restarts", "10"],
    seeds: [0], // one epoch takes a minute; its author had one run as well, of up to 300 epochs
    published: "seed 000, its own network: purity 0.66",
  },
  { source: fashion, method: "pixels+kmeans", published: "seed 003: accuracy 0.5399" },
  { source: fashion, method: "conv-ae+kmeans", published: "seed 003: accuracy 0.5656" },
  { source: fashion, method: "conv-ae+gmm", published: "seed 003: accuracy 0.5876" },
  { source: fashion, method: "deep-ae+kmeans" },
];
const scores = ["meanClusterPurity", "purity", "accuracy", "nmi", "ari", "majorityClasses"];

const wanted = process.argv.slice(2);
const chosen = rows.filter((row) => wanted.length === 0 || wanted.some((part) => nameOf(row).includes(part)));
if (chosen.length === 0) throw new Error(`No such row. There are: ${rows.map(nameOf).join(", ")}.`);

for (const row of chosen) {
  for (const seed of seedsOf(row)) await finish(row, seed);
}
const table = tableOf(
  rows.filter((row) => seedsOf(row).every((seed) => existsSync(`${runOf(row, seed)}/run.json`))),
);
process.stdout.write(`\n${table}`);
writeFileSync(`${root}docs/results.md`, page(table));

/** A row's name, which is also the name of its folders. */
function nameOf({ source, method }) {
  const [name] = source;
  return `${name}-${method}`;
}

function seedsOf(row) {
  return row.seeds ?? seeds;
}

function runOf(row, seed) {
  return `${folder}/${nameOf(row)}-${seed}`;
}

function argumentsOf({ source, method, flags = [] }, seed) {
  return ["cluster", ...source, "--method", method, "--clusters", "10", "--seed", `${seed}`, ...flags];
}

/** Runs what is missing of one run. */
async function finish(row, seed) {
  const run = runOf(row, seed);
  if (existsSync(`${run}/run.json`)) return;
  const interrupted = existsSync(`${run}.partial/resume.json`);
  const command = interrupted ? ["resume", `${run}.partial`] : [...argumentsOf(row, seed), "--out", run];
  process.stdout.write(`\n$ unlabeled ${command.join(" ").replaceAll(root, "")}\n`);
  const status = await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...command], { stdio: "inherit" });
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? signal));
  });
  if (status !== 0) throw new Error(`unlabeled ${command.join(" ")} ended with ${status}.`);
}

function tableOf(complete) {
  const header = ["Images", "Method", ...scores, "Minutes a run", "Published"];
  const lines = complete.map((row) => {
    const records = seedsOf(row).map((seed) =>
      JSON.parse(readFileSync(`${runOf(row, seed)}/run.json`, "utf8")),
    );
    const spread = (values) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      return [mean, Math.sqrt(squares / (values.length - 1))];
    };
    const shown = scores.map((score) => {
      const values = records.map((record) => record.metrics[score]);
      if (score === "majorityClasses") return values.join(", ");
      const [mean, sd] = spread(values);
      return values.length > 1 ? `${mean.toFixed(4)} ± ${sd.toFixed(4)}` : `${mean.toFixed(4)} (one run)`;
    });
    const [minutes] = spread(records.map((record) => record.seconds.total / 60));
    const [name, , split, , score] = row.source;
    const images = `${name} ${split}${score ? `, scored on ${score}` : ""}`;
    return [
      images,
      `${row.method}${row.flags ? ` (${row.flags.join(" ")})` : ""}`,
      ...shown,
      minutes.toFixed(1),
      row.published ?? "",
    ];
  });
  return [header, header.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

/** When the runs were made. */
function days() {
  const made = rows.flatMap((row) =>
    seedsOf(row)
      .map((seed) => `${runOf(row, seed)}/run.json`)
      .filter((file) => existsSync(file))
      .map((file) => JSON.parse(readFileSync(file, "utf8")).environment.createdAt.slice(0, 10)),
  );
  return [...new Set(made)].sort().join(", ");
}

function page(rowsOfTable) {
  return `# Results

Made by \`npm run results\`. Ten clusters, seeds 0 to 4 (or one run, as the row says): mean and standard deviation; majorityClasses of each seed. Labels were used for these scores only.

Runs of ${days()} on two virtual cores that had other work as well: quiet, they take about half the minutes.

${rowsOfTable}
Each run is \`unlabeled cluster <images> --method <method> --clusters 10 --seed <0..4>\` with the flags in the row.
`;
}
