// Mini-batch K-Means against scikit-learn's, and against K-Means: two threads, batches of 1024, k-means++, each to its own end.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { blobs, dataFolder, median } from "../samples.mjs";
import { comparePairs, measure, pythonWith, skip } from "./pairs.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const threads = 2;
const pairs = Number(process.env.PAIRS ?? 3);
const note = "Each pair has a seed of its own; each side ends when its smoothed inertia no longer falls.";

export async function run() {
  const python = pythonWith("sklearn");
  const scratch = mkdtempSync(join(tmpdir(), "unlabeled-bench-"));
  try {
    const million = join(scratch, "million.f32");
    writeFileSync(million, blobs(1_000_000, 10).data);
    const cases = [
      { name: "minibatch mnist 60000x784 k=10", samples: "mnist", rows: 60000, cols: 784, k: 10 },
      { name: "minibatch mnist 60000x784 k=100", samples: "mnist", rows: 60000, cols: 784, k: 100 },
      { name: "minibatch blobs 1000000x10 k=20", samples: million, rows: 1_000_000, cols: 10, k: 20 },
    ];
    for (const { name, ...task } of cases) {
      if (task.samples === "mnist" && !dataFolder) {
        skip(name, "the MNIST data set", "set UNLABELED_DATA to the folder that holds mnist/");
      } else if (!python) {
        skip(name, "scikit-learn", "apt-get install python3-sklearn, or pip install scikit-learn");
      } else compare(name, python, task);
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function compare(name, python, task) {
  let seed = 0;
  const own = { quality: [], seconds: [] };
  const full = { quality: [], seconds: [] };
  const ours = () => {
    const asked = { ...task, seed: seed++, threads, batch: 1024 };
    const run = (more) =>
      measure(process.execPath, [here("minibatch-ours.mjs"), JSON.stringify({ ...asked, ...more })]);
    const whole = run({ full: true });
    const batched = run({});
    for (const [of, one] of [
      [full, whole],
      [own, batched],
    ]) {
      of.quality.push(one.quality);
      of.seconds.push(one.seconds);
    }
    return batched;
  };
  let theirSeed = 0;
  const theirs = () =>
    measure(
      python,
      [here("minibatch_sklearn.py"), JSON.stringify({ ...task, seed: theirSeed++, batch: 1024 })],
      {
        OMP_NUM_THREADS: String(threads),
        OPENBLAS_NUM_THREADS: String(threads),
      },
    );
  comparePairs({ name, what: "inertia", pairs, ours, peers: { MiniBatchKMeans: theirs }, note });
  const line = {
    case: `${name} against our K-Means`,
    inertia: median(own.quality) / median(full.quality),
    ratio: median(full.seconds) / median(own.seconds),
  };
  console.log(
    `${line.case}: ${line.ratio.toFixed(2)} times as fast, median inertia ${(100 * (line.inertia - 1)).toFixed(2)} % above`,
  );
  console.log(JSON.stringify(line));
}
