// One measured fit of ours: node mixture-ours.mjs '{"samples": file, "rows", "cols", "start": file, "k", "iterations", "threads"}'
// Outside the time, as for the peer: reading, starting threads, and a small fit that compiles. Inside: copying the samples in.
import { readFileSync } from "node:fs";
import { createCompute, gaussianMixture } from "unlabeled";

const { samples: path, start: startPath, rows, cols, k, iterations, threads } = JSON.parse(process.argv[2]);
const bytes = readFileSync(path);
const samples = { rows, cols, data: new Float32Array(bytes.buffer, bytes.byteOffset, rows * cols) };
const { weights, means, covariances } = JSON.parse(readFileSync(startPath, "utf8"));
const init = { weights, means: { rows: k, cols, data: Float64Array.from(means) }, covariances };
const options = { nComponents: k, init, tolerance: 0, covarianceRegularization: 1e-6 };
const compute = createCompute({ threads });

const few = { rows: 2000, cols, data: samples.data.slice(0, 2000 * cols) };
await gaussianMixture.fit(few, { ...options, maxIterations: 5 }, { compute });

const begin = performance.now();
const fitted = await gaussianMixture.fit(samples, { ...options, maxIterations: iterations }, { compute });
const seconds = (performance.now() - begin) / 1000;
console.log(
  JSON.stringify({
    seconds,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    iterations: fitted.iterations,
    quality: fitted.meanLogLikelihood,
  }),
);
compute.close();
