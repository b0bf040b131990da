// One measured fit of ours: node kmeans-ours.mjs '{"samples": "mnist" | file, "rows", "cols", "start": [rows], "threads", "labels"?: file}'
// Outside the time, as for the peer: reading, starting threads, and a small fit that compiles. Inside: copying the samples in.
import { readFileSync, writeFileSync } from "node:fs";
import { createCompute, kMeans } from "unlabeled";
import { mnistTrain, rowsAsCenters } from "../samples.mjs";

const task = JSON.parse(process.argv[2]);
const samples = task.samples === "mnist" ? mnistTrain() : readFloats(task);
const compute = createCompute({ threads: task.threads });
const init = rowsAsCenters(samples, task.start);

const few = { ...samples, rows: 20000, data: samples.data.slice(0, 20000 * samples.cols) };
await kMeans.fit(few, { nClusters: task.start.length, init, maxIterations: 20 }, { compute });

const start = performance.now();
const fitted = await kMeans.fit(samples, { nClusters: task.start.length, init }, { compute });
const seconds = (performance.now() - start) / 1000;
if (task.labels) writeFileSync(task.labels, fitted.labels);
console.log(
  JSON.stringify({
    seconds,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    iterations: fitted.iterations,
    quality: fitted.inertia,
  }),
);
compute.close();

function readFloats({ samples: path, rows, cols }) {
  const bytes = readFileSync(path);
  return { rows, cols, data: new Float32Array(bytes.buffer, bytes.byteOffset, rows * cols) };
}
