// K-Means against scikit-learn: the same starting centers, two threads, until nothing changes.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { blobs, dataFolder, median, startingRows } from "../samples.mjs";
import { comparePairs, measure, pythonWith, skip } from "./pairs.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const threads = 2;
const pairs = Number(process.env.PAIRS ?? 3);
const note =
  "Copying the samples in is inside both times; reading files, starting threads and a small warm-up fit are outside both.";

export async function run() {
  const python = pythonWith("sklearn");
  const scratch = mkdtempSync(join(tmpdir(), "unlabeled-bench-"));
  try {
    const million = join(scratch, "million.f32");
    writeFileSync(million, blobs(1_000_000, 10).data);
    const cases = [
      { name: "kmeans mnist 60000x784 k=10", samples: "mnist", rows: 60000, cols: 784, k: 10 },
      { name: "kmeans mnist 60000x784 k=100", samples: "mnist", rows: 60000, cols: 784, k: 100 },
      { name: "kmeans blobs 1000000x10 k=10", samples: million, rows: 1_000_000, cols: 10, k: 10 },
    ];
    for (const { name, k, ...samples } of cases) {
      if (samples.samples === "mnist" && !dataFolder) {
        skip(name, "the MNIST data set", "set UNLABELED_DATA to the folder that holds mnist/");
        continue;
      }
      if (!python) {
        skip(
          name,
          "scikit-learn",
          "apt-get install python3-sklearn libopenblas0-pthread, or pip install scikit-learn",
        );
        continue;
      }
      compare(name, python, { ...samples, start: startingRows(samples.rows, k) });
    }
    if (dataFolder) {
      const mnist = { samples: "mnist", rows: 60000, cols: 784, start: startingRows(60000, 10) };
      compareThreads(mnist);
      if (python) checkLabels(python, mnist, scratch);
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

const ours = (task) =>
  measure(process.execPath, [here("kmeans-ours.mjs"), JSON.stringify({ threads, ...task })]);

const theirs = (python, task) =>
  measure(python, [here("kmeans_sklearn.py"), JSON.stringify(task)], {
    OMP_NUM_THREADS: String(threads),
    OPENBLAS_NUM_THREADS: String(threads),
  });

function compare(name, python, task) {
  comparePairs({
    name,
    what: "inertia",
    pairs,
    ours: () => ours(task),
    peers: {
      "lloyd float32": () => theirs(python, { ...task, algorithm: "lloyd", dtype: "float32" }),
      "elkan float32": () => theirs(python, { ...task, algorithm: "elkan", dtype: "float32" }),
    },
    note,
  });
}

function compareThreads(task) {
  const ratios = [];
  for (let pair = 0; pair < pairs; pair++) {
    ratios.push(ours({ ...task, threads: 1 }).seconds / ours({ ...task, threads: 2 }).seconds);
  }
  console.log(
    `kmeans mnist 60000x784 k=10, two threads against one: ${median(ratios).toFixed(2)} times as fast (${ratios.map((r) => r.toFixed(2)).join(", ")})`,
  );
  console.log(JSON.stringify({ case: "kmeans mnist 60000x784 k=10 threads", ratio: median(ratios), ratios }));
}

/** The labels of the field's program in double precision. */
function checkLabels(python, task, scratch) {
  const files = { ours: join(scratch, "ours.i32"), theirs: join(scratch, "theirs.i32") };
  const own = ours({ ...task, labels: files.ours });
  const other = theirs(python, { ...task, algorithm: "lloyd", dtype: "float64", labels: files.theirs });
  const a = new Int32Array(Uint8Array.from(readFileSync(files.ours)).buffer);
  const b = new Int32Array(Uint8Array.from(readFileSync(files.theirs)).buffer);
  const equal = a.filter((label, i) => label === b[i]).length;
  const line = {
    case: "kmeans mnist 60000x784 k=10 correctness",
    equalLabels: equal / a.length,
    differentLabels: a.length - equal,
    inertiaError: Math.abs(own.quality / other.quality - 1),
    iterations: { ours: own.iterations, peer: other.iterations },
    peer: `${other.program} lloyd float64`,
  };
  console.log(
    `${line.case}: ${equal} of ${a.length} labels equal to ${line.peer}, inertia ${own.quality} against ${other.quality}, iterations ${own.iterations} against ${other.iterations}`,
  );
  console.log(JSON.stringify(line));
}
