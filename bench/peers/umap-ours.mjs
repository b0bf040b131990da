// One measured fit of ours: node umap-ours.mjs '{"samples": file, "rows", "cols", "nNeighbors", "nDimensions", "threads", "seed", "map": file}'
// Outside the time, as for the peer: reading, starting threads, and a small fit that compiles. Inside: everything else.
import { readFileSync, writeFileSync } from "node:fs";
import { createCompute, umap } from "unlabeled";

const {
  samples: path,
  rows,
  cols,
  nNeighbors,
  nDimensions,
  threads,
  seed,
  map,
} = JSON.parse(process.argv[2]);
const samples = { rows, cols, data: new Uint8Array(readFileSync(path)), unit: 1 / 255 };
const compute = createCompute({ threads });

const few = { ...samples, rows: 2000, data: samples.data.slice(0, 2000 * cols) };
await umap.fit(few, { nNeighbors, nDimensions, nEpochs: 20 }, { compute });

const start = performance.now();
const cpu = process.cpuUsage();
const fitted = await umap.fit(samples, { nNeighbors, nDimensions, seed }, { compute });
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(cpu);
writeFileSync(map, fitted.embedding.data);
console.log(
  JSON.stringify({
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    iterations: fitted.settings.nEpochs,
  }),
);
compute.close();
