// One measured fit of ours: node minibatch-ours.mjs '{"samples": "mnist" | file, "rows", "cols", "k", "seed", "threads", "batch"?, "full"?}'
// Outside the time, as for the peer: reading, starting threads, and a small fit that compiles.
import { readFileSync } from "node:fs";
import { createCompute, kMeans, miniBatchKMeans } from "unlabeled";
import { mnistTrain } from "../samples.mjs";

const { samples: source, rows, cols, k, seed, threads, batch, full } = JSON.parse(process.argv[2]);
const samples = source === "mnist" ? mnistTrain() : readFloats();
const compute = createCompute({ threads });
const options = { nClusters: k, seed };
const fit = full
  ? (of) => kMeans.fit(of, { ...options, nRestarts: 1 }, { compute })
  : (of) => miniBatchKMeans.fit(of, { ...options, batchSize: batch }, { compute });

await fit({ ...samples, rows: 20000, data: samples.data.slice(0, 20000 * samples.cols) });
const start = performance.now();
const fitted = await fit(samples);
console.log(
  JSON.stringify({
    seconds: (performance.now() - start) / 1000,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    iterations: fitted.iterations,
    quality: fitted.inertia,
  }),
);
compute.close();

function readFloats() {
  const bytes = readFileSync(source);
  return { rows, cols, data: new Float32Array(bytes.buffer, bytes.byteOffset, rows * cols) };
}
