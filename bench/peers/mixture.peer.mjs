// Gaussian mixtures against scikit-learn: the same start, full covariances, two threads, the same number of iterations.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { blobs, startingRows } from "../samples.mjs";
import { comparePairs, measure, pythonWith, skip } from "./pairs.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const threads = 2;
const pairs = Number(process.env.PAIRS ?? 3);
const note =
  "Copying the samples in is inside both times; reading files, starting threads and a small warm-up fit are outside both.";
const cases = [
  { name: "mixture blobs 70000x10 k=10", rows: 70_000, cols: 10, k: 10, iterations: 20 },
  { name: "mixture blobs 70000x64 k=20", rows: 70_000, cols: 64, k: 20, iterations: 10 },
  { name: "mixture blobs 1000000x10 k=10", rows: 1_000_000, cols: 10, k: 10, iterations: 10 },
];

export async function run() {
  const python = pythonWith("sklearn");
  if (!python) {
    for (const { name } of cases) {
      skip(
        name,
        "scikit-learn",
        "apt-get install python3-sklearn libopenblas0-pthread, or pip install scikit-learn",
      );
    }
    return;
  }
  const scratch = mkdtempSync(join(tmpdir(), "unlabeled-bench-"));
  try {
    for (const one of cases) compare(python, scratch, one);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function compare(python, scratch, { name, ...size }) {
  const task = { ...size, samples: join(scratch, "samples.f32"), start: join(scratch, "start.json") };
  const { data } = blobs(size.rows, size.cols);
  writeFileSync(task.samples, data);
  writeFileSync(task.start, JSON.stringify(startOf(data, size)));
  const measured = (...words) => whole(measure(...words), name, size.iterations);
  const theirs = (dtype) => () =>
    measured(python, [here("mixture_sklearn.py"), JSON.stringify({ ...task, dtype })], {
      OMP_NUM_THREADS: String(threads),
      OPENBLAS_NUM_THREADS: String(threads),
    });
  comparePairs({
    name,
    what: "mean log-likelihood",
    pairs,
    ours: () => measured(process.execPath, [here("mixture-ours.mjs"), JSON.stringify({ ...task, threads })]),
    peers: { float64: theirs("float64"), float32: theirs("float32") },
    note,
  });
}

/** A side that ends early, because nothing changes any more, has done less work than the other. */
function whole(result, name, iterations) {
  if (result.iterations === iterations) return result;
  throw new Error(
    `${name}: each side must take ${iterations} iterations; ${result.program ?? "ours"} took ${result.iterations}.`,
  );
}

/** Equal weights, some of the samples as means, and wide round covariances. */
function startOf(data, { rows, cols, k }) {
  const means = startingRows(rows, k).flatMap((row) =>
    Array.from(data.subarray(row * cols, (row + 1) * cols)),
  );
  const covariances = Array.from({ length: k * cols * cols }, (_, at) =>
    (at % (cols * cols)) % (cols + 1) === 0 ? 4 : 0,
  );
  return { weights: Array(k).fill(1 / k), means, covariances };
}
