// Wavelet scattering of 28 x 28 images: coefficients alone, and the whole view with its components. Where UNLABELED_DATA is
// set, all 70,000 images of MNIST and of Fashion-MNIST, or as many as LIMIT says; as quality, the share of 5,000 images whose
// nearest other image in the view is of their class.
import { createCompute, scattering, strokes } from "unlabeled";
import { openSource } from "unlabeled/node";
import { dataFolder, median } from "./samples.mjs";

const quick = process.argv.includes("--quick");
const limit = Number(process.env.LIMIT ?? 70_000);
const repeats = quick ? 1 : 3;

/** Seconds of a call on the clock, and of the processor over all threads. */
async function measured(call) {
  const start = performance.now();
  const before = process.cpuUsage();
  const result = await call();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: (performance.now() - start) / 1000, processor: (user + system) / 1e6 };
}

/** Reads all chunks, as a caller does who holds none. */
async function drained(images, context) {
  let rows = 0;
  for await (const chunk of scattering.scatteringChunks(images, {}, context)) rows += chunk.rows;
  return rows;
}

/** Share of the first rows whose nearest other among them has their label. */
function nearestShare({ data, cols }, labels, rows) {
  const norms = Float64Array.from({ length: rows }, (_, i) => {
    let sum = 0;
    for (let c = i * cols; c < (i + 1) * cols; c++) sum += data[c] * data[c];
    return sum;
  });
  let right = 0;
  for (let i = 0; i < rows; i++) {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < rows; j++) {
      if (j === i) continue;
      let product = 0;
      for (let c = 0; c < cols; c++) product += data[i * cols + c] * data[j * cols + c];
      const squared = norms[j] - 2 * product;
      if (squared < least) {
        least = squared;
        best = j;
      }
    }
    if (labels[i] === labels[best]) right++;
  }
  return right / rows;
}

async function imageSets() {
  if (!dataFolder || quick) return [["strokes", strokes({ count: quick ? 500 : 10_000 })]];
  const open = async (name) => (await openSource(name, { split: "all", limit })).images;
  return [
    ["mnist", await open("mnist")],
    ["fashion-mnist", await open("fashion-mnist")],
  ];
}

export async function run() {
  const compute = createCompute();
  console.log(`Scattering, medians of ${repeats}, ${compute.threads} threads`);
  console.log("images                   what            seconds  processor  per 10,000  nearest alike");
  await scattering.fit(strokes({ count: 500 }), {}, { compute }); // compiles
  for (const [name, images] of await imageSets()) {
    const tasks = [
      ["coefficients", () => drained(images, { compute })],
      ["view", () => scattering.fit(images, {}, { compute })],
    ];
    for (const [what, task] of tasks) {
      const runs = [];
      for (let repeat = 0; repeat < repeats; repeat++) runs.push(await measured(task));
      const seconds = median(runs.map((one) => one.seconds));
      const processor = median(runs.map((one) => one.processor));
      const { samples } = runs[0].result;
      const share = samples ? nearestShare(samples, images.labels, Math.min(5000, images.count)) : undefined;
      console.log(
        [
          `${name} ${images.count}`.padEnd(24),
          what.padEnd(13),
          seconds.toFixed(2).padStart(9),
          processor.toFixed(2).padStart(10),
          ((processor * 10_000) / images.count).toFixed(2).padStart(11),
          (share?.toFixed(4) ?? "").padStart(14),
        ].join(" "),
      );
    }
  }
  compute.close();
}
