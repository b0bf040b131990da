// Nearest neighbours against scikit-learn (exact, brute) and pynndescent (approximate), on two threads.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { blobs, dataFolder, generator, mnistAll } from "../samples.mjs";
import { comparePairs, measure, pythonWith, skip } from "./pairs.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const threads = 2;
const pairs = Number(process.env.PAIRS ?? 3);
const note =
  "Copying the samples in is inside both times; reading files, starting threads, compiling and a small warm-up search are outside both. Recall is measured on 500 rows.";

const ours = (task) =>
  measure(process.execPath, [here("neighbors-ours.mjs"), JSON.stringify({ threads, ...task })]);

const theirs = (program, python, task) =>
  measure(python, [here(`neighbors_${program}.py`), JSON.stringify({ threads, ...task })], {
    OMP_NUM_THREADS: String(threads),
    OPENBLAS_NUM_THREADS: String(threads),
    NUMBA_NUM_THREADS: String(threads),
  });

export async function run() {
  const scratch = mkdtempSync(join(tmpdir(), "unlabeled-bench-"));
  const write = (name, samples) => {
    const file = join(scratch, `${name}.f32`);
    writeFileSync(file, samples.data);
    return { file, rows: samples.rows, cols: samples.cols };
  };
  try {
    const codes = write("codes", blobs(70000, 10));
    if (dataFolder) {
      const pixels = scaled(mnistAll());
      const projected = write("projected", project(pixels, 50));
      compare("exact mnist projected 70000x50 k=15", "exact", { ...projected, k: 15 }, "sklearn");
      compare("exact codes 70000x10 k=15", "exact", { ...codes, k: 15 }, "sklearn");
      const wide = write("pixels", pixels);
      compare("approximate mnist 70000x784 k=15", "nearest", { ...wide, k: 15 }, "pynndescent");
      // The same numbers as MNIST has them; the peer takes them as floats.
      const bytes = join(scratch, "pixels.u8");
      writeFileSync(bytes, mnistAll().data);
      compare("approximate mnist bytes 70000x784 k=15", "nearest", { ...wide, bytes, k: 15 }, "pynndescent");
      compare(
        "approximate mnist projected 70000x50 k=15",
        "approximate",
        { ...projected, k: 15 },
        "pynndescent",
      );
    } else {
      skip("neighbors mnist", "the MNIST data set", "set UNLABELED_DATA to the folder that holds mnist/");
      compare("exact codes 70000x10 k=15", "exact", { ...codes, k: 15 }, "sklearn");
    }
    compare("approximate codes 70000x10 k=15", "nearest", { ...codes, k: 15 }, "pynndescent");
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function compare(name, search, task, program) {
  const wanted = process.env.CASE;
  if (wanted && !name.includes(wanted)) return;
  const python = pythonWith(program);
  const packages = { sklearn: "scikit-learn", pynndescent: "pynndescent" };
  if (!python) {
    skip(`neighbors ${name}`, packages[program], `pip install ${packages[program]}`);
    return;
  }
  comparePairs({
    name: `neighbors ${name}`,
    what: "recall",
    pairs,
    ours: () => ours({ ...task, search }),
    peers: { default: () => theirs(program, python, task) },
    note,
  });
}

/** Bytes as float32 in [0, 1]. */
function scaled({ rows, cols, data, unit }) {
  return { rows, cols, data: Float32Array.from(data, (value) => value * unit) };
}

/** Seeded random projection: keeps distances roughly, as principal components would. */
function project({ rows, cols, data }, width) {
  const next = generator(5);
  const directions = Float64Array.from({ length: cols * width }, () => (next() - 0.5) / 10);
  const out = new Float32Array(rows * width);
  const sums = new Float64Array(width);
  for (let i = 0; i < rows; i++) {
    sums.fill(0);
    for (let c = 0; c < cols; c++) {
      const value = data[i * cols + c];
      if (value !== 0) for (let j = 0; j < width; j++) sums[j] += value * directions[c * width + j];
    }
    out.set(sums, i * width);
  }
  return { rows, cols: width, data: out };
}
