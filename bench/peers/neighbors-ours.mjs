// One measured search of ours: node neighbors-ours.mjs '{"file" (floats), "bytes" (a file, instead), "rows", "cols", "k", "search": "exact" | "approximate" | "nearest", "threads"}'
// Outside the time, as for the peers: reading, starting threads, and a small search that compiles.
import { readFileSync } from "node:fs";
import { createCompute, neighbors } from "unlabeled";

const { approximateNeighbors, estimateRecall, exactNeighbors, nearestNeighbors } = neighbors;

const { file, bytes, rows, cols, k, search, threads } = JSON.parse(process.argv[2]);
const content = readFileSync(bytes ?? file);
const samples = bytes
  ? { rows, cols, data: new Uint8Array(content), unit: 1 / 255 }
  : { rows, cols, data: new Float32Array(content.buffer, content.byteOffset, rows * cols) };
const compute = createCompute({ threads });
const run = {
  exact: exactNeighbors,
  approximate: approximateNeighbors,
  nearest: nearestNeighbors,
}[search];
const few = { ...samples, rows: 4000, data: samples.data.slice(0, 4000 * cols) };
await run(few, { k }, { compute });

const start = performance.now();
const cpu = process.cpuUsage();
const found = await run(samples, { k }, { compute });
const seconds = (performance.now() - start) / 1000;
const cpuSeconds = process.cpuUsage(cpu).user / 1e6;
const peakMiB = process.resourceUsage().maxRSS / 1024;
const recall = await estimateRecall(samples, found, { sample: 500 }, { compute });
console.log(JSON.stringify({ seconds, cpuSeconds, peakMiB, quality: recall }));
compute.close();
