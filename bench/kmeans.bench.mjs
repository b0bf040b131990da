// K-Means: which algorithm wins where. k = 2, 10, 50, 200 and d = 3, 10, 784 (floats), and bytes of real images where
// UNLABELED_DATA is set. Every algorithm starts from the same rows and must end at the same inertia.
import { createCompute, kMeans } from "unlabeled";
import { blobs, dataFolder, median, mnistTrain, rowsAsCenters, startingRows } from "./samples.mjs";

const quick = process.argv.includes("--quick");
const repeats = quick ? 1 : 3;
const sizes = quick ? { few: 2000, many: 500 } : { few: 100_000, many: 10_000 };
const algorithms = ["lloyd", "hamerly", "elkan", "yinyang"];

export async function run() {
  const compute = createCompute();
  const shapes = [
    { name: "floats", samples: blobs(sizes.few, 3) },
    { name: "floats", samples: blobs(sizes.few, 10) },
    { name: "floats", samples: blobs(sizes.many, 784) },
  ];
  if (dataFolder && !quick) shapes.push({ name: "MNIST bytes", samples: mnistTrain() });
  console.log(`K-Means, seconds to convergence (median of ${repeats}), ${compute.threads} threads`);
  console.log(
    "samples                     k  iterations      inertia  ".concat(
      algorithms.map((a) => a.padStart(9)).join(""),
    ),
  );
  for (const { name, samples } of shapes) {
    await kMeans.fit(samples, { nClusters: 2, maxIterations: 3 }, { compute }); // compiles
    for (const k of quick ? [2, 10] : [2, 10, 50, 200]) {
      const init = rowsAsCenters(samples, startingRows(samples.rows, k));
      const seconds = new Map(algorithms.map((algorithm) => [algorithm, []]));
      const inertias = new Set();
      let last;
      for (let repeat = 0; repeat < repeats; repeat++) {
        for (const algorithm of algorithms) {
          const start = performance.now();
          last = await kMeans.fit(
            samples,
            { nClusters: k, init, algorithm, maxIterations: 100 },
            { compute },
          );
          seconds.get(algorithm).push((performance.now() - start) / 1000);
          inertias.add(last.inertia);
        }
      }
      if (inertias.size > 1) throw new Error(`The algorithms disagree: ${[...inertias].join(", ")}`);
      const label = `${name} ${samples.rows} x ${samples.cols}`.padEnd(24);
      const times = algorithms
        .map((algorithm) => median(seconds.get(algorithm)).toFixed(3).padStart(9))
        .join("");
      console.log(
        `${label} ${String(k).padStart(4)} ${String(last.iterations).padStart(11)} ${last.inertia.toPrecision(9).padStart(12)}  ${times}`,
      );
    }
  }
  compute.close();
}
