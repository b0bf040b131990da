// UMAP against umap-learn, from samples to the map, two threads each; both maps scored by the same code in a third process.
// FULL=1 adds 250,000 drawn images, which take umap-learn minutes. PAIRS is the number of runs of each side, CASE a part of the name of the cases to run.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { strokes } from "unlabeled";
import { dataFolder, mnistAll } from "../samples.mjs";
import { comparePairs, measure, pythonWith, skip } from "./pairs.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const threads = 2;
const pairs = Number(process.env.PAIRS ?? 3);
const note =
  "Both from pixels to the map; reading files, starting threads and a small warm-up fit are outside both times.";

export async function run() {
  const python = pythonWith("umap");
  if (!python) {
    skip("umap", "umap-learn", "apt-get install umap-learn, or pip install umap-learn");
    return;
  }
  const scratch = mkdtempSync(join(tmpdir(), "unlabeled-bench-"));
  try {
    const sets = new Map();
    if (dataFolder) {
      sets.set("mnist", mnistAll().data);
    } else skip("umap mnist", "the MNIST data set", "set UNLABELED_DATA to the folder that holds mnist/");
    if (process.env.FULL === "1") sets.set("strokes", strokes({ count: 250_000 }).pixels);
    const cases = [
      { set: "mnist", rows: 5000, nNeighbors: 15, nDimensions: 2 },
      { set: "mnist", rows: 70_000, nNeighbors: 15, nDimensions: 2 },
      { set: "mnist", rows: 70_000, nNeighbors: 20, nDimensions: 10 },
      { set: "strokes", rows: 250_000, nNeighbors: 15, nDimensions: 2 },
    ];
    for (const { set, ...shape } of cases.filter(({ set }) => sets.has(set))) {
      const pixels = sets.get(set);
      const cols = set === "mnist" ? 784 : pixels.length / shape.rows;
      const samples = join(scratch, `${set}-${shape.rows}.u8`);
      writeFileSync(samples, pixels.subarray(0, shape.rows * cols));
      const { rows, nNeighbors, nDimensions } = shape;
      const name = `umap ${set} ${rows}x${cols} neighbours=${nNeighbors} dimensions=${nDimensions}`;
      compare(name, python, { samples, cols, ...shape }, scratch);
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function compare(name, python, task, scratch) {
  const wanted = process.env.CASE;
  if (wanted && !name.includes(wanted)) return;
  const maps = { ours: [], peer: [] };
  const measureMap = (side, command, script, env) => () => {
    const map = join(scratch, `${side}-${maps[side].length}.f32`);
    const seed = maps[side].push(map);
    const found = measure(command, [here(script), JSON.stringify({ ...task, threads, map, seed })], env);
    const scored = measure(process.execPath, [here("umap-scores.mjs"), JSON.stringify({ ...task, map })]);
    maps[side][maps[side].length - 1] = scored;
    return { ...found, quality: scored.trustworthiness };
  };
  const env = {
    NUMBA_NUM_THREADS: String(threads),
    OMP_NUM_THREADS: String(threads),
    OPENBLAS_NUM_THREADS: String(threads),
  };
  comparePairs({
    name,
    what: "trustworthiness at 15",
    pairs,
    ours: measureMap("ours", process.execPath, "umap-ours.mjs"),
    peers: { "with two threads": measureMap("peer", python, "umap_learn.py", env) },
    note,
  });
  const line = { case: `${name} quality`, ours: meansOf(maps.ours), peer: meansOf(maps.peer), maps };
  console.log(
    `${line.case}: trustworthiness at 15 ${line.ours.trustworthiness.toFixed(4)} against ${line.peer.trustworthiness.toFixed(4)}, ` +
      `neighbour recall ${line.ours.neighborRecall.toFixed(4)} against ${line.peer.neighborRecall.toFixed(4)} (means of ${pairs})`,
  );
  console.log(JSON.stringify(line));
}

function meansOf(scores) {
  const mean = (name) => scores.reduce((sum, score) => sum + score[name], 0) / scores.length;
  return { trustworthiness: mean("trustworthiness"), neighborRecall: mean("neighborRecall") };
}
