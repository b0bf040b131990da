// Runs of the program itself whose figures stand in a document: what is finished stays in runs/measured/ and is not run
// again; what was interrupted is resumed.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../", import.meta.url));
const program = `${root}dist/cli/main.js`;
const folder = `${root}runs/measured`;

/** Seeds of a figure that is a mean. */
export const fiveSeeds = [0, 1, 2, 3, 4];

/** Training images; training images, scored on the second half of the test images (seed 003). */
export const mnist = ["mnist", "--split", "train"];
export const fashion = ["fashion-mnist", "--split", "train", "--score", "holdout"];

/** All 70,000 images; the training images, scored on the test images, which are assigned. */
export const whole = (name) => [name];
export const assigned = (name) => [name, "--split", "train", "--score", "test"];

/**
 * The command of one run of a row `{ source, method, flags, encoder }`, the last of which is the row whose network it takes; of a row of a
 * comparison, the command of the comparison.
 */
export function argumentsOf({ source, method, flags = [], comparison, encoder }, seed) {
  const what = comparison
    ? ["compare", ...source, "--methods", comparison.methods.join(",")]
    : ["cluster", ...source, "--method", method];
  const network = encoder ? ["--encoder", `${runOf(encoder, seed)}/model/encoder.onnx`] : [];
  return [...what, "--clusters", "10", "--seed", `${seed}`, ...network, ...flags];
}

/** The folder of one run; `name` tells rows of one method apart. A comparison holds the runs of its methods, which share what they can. */
export function runOf({ source, method, name = method, comparison }, seed) {
  return comparison
    ? `${comparisonOf({ source, comparison }, seed)}/${method}-${seed}`
    : `${folder}/${source[0]}-${name}-${seed}`;
}

function comparisonOf({ source, comparison }, seed) {
  return `${folder}/${source[0]}-${comparison.name}-${seed}`;
}

/** Runs the program with some words, unless its result is there already. */
export async function finish(words, out, record = "run.json") {
  if (existsSync(`${out}/${record}`)) return;
  const interrupted = existsSync(`${out}.partial/resume.json`);
  const command = interrupted ? ["resume", `${out}.partial`] : [...words, "--out", out];
  process.stdout.write(`\n$ unlabeled ${command.join(" ").replaceAll(root, "")}\n`);
  const status = await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...command], { stdio: "inherit" });
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? signal));
  });
  if (status !== 0) throw new Error(`unlabeled ${command.join(" ")} ended with ${status}.`);
}

/** Makes the runs of a row that are missing. */
export async function finishRow(row, seeds) {
  for (const seed of seeds) {
    if (row.encoder) await finishRow(row.encoder, [seed]);
    if (row.comparison) await finish(argumentsOf(row, seed), comparisonOf(row, seed), "compare.json");
    else await finish(argumentsOf(row, seed), runOf(row, seed));
  }
}

/** The records of a row's runs; undefined where one is missing. */
export function recordsOf(row, seeds) {
  if (!seeds.every((seed) => existsSync(`${runOf(row, seed)}/run.json`))) return undefined;
  return seeds.map((seed) => readRecord(`${runOf(row, seed)}/run.json`));
}

export function readRecord(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** Mean and standard deviation (n - 1). */
export function spread(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return [mean, values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0];
}

/** `0.7066 ± 0.0378`, or `0.5678 (one run)`. */
export function spreadText(values, digits = 4) {
  const [mean, sd] = spread(values);
  return values.length > 1
    ? `${mean.toFixed(digits)} ± ${sd.toFixed(digits)}`
    : `${mean.toFixed(digits)} (one run)`;
}

/** A table in Markdown; the first row is its head. */
export function markdownTable([head, ...rows]) {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

/** The days on which runs were made. */
export function daysOf(records) {
  return [...new Set(records.map(({ environment }) => environment.createdAt.slice(0, 10)))].sort().join(", ");
}

/** Folder of other results. */
export function measured(name) {
  return `${folder}/${name}`;
}
