// Views of images: principal components of pixels, and of histograms of oriented gradients. Real images where UNLABELED_DATA
// is set, else strokes. Processor seconds stand beside the time, and the explained share of the variance beside both.
import { createCompute, hog as hogView, pca, strokes } from "unlabeled";
import { dataFolder, median, mnistAll } from "./samples.mjs";

const { fit: fitHog, hog } = hogView;
const { explainedVarianceRatio, fit: fitPca, transform } = pca;

const quick = process.argv.includes("--quick");
const repeats = quick ? 1 : 3;

export async function run() {
  const compute = createCompute();
  const pixels = dataFolder && !quick ? mnistAll() : strokesAsPixels(quick ? 500 : 70_000);
  const images = { count: pixels.rows, height: 28, width: 28, channels: 1, pixels: pixels.data };
  const name = dataFolder && !quick ? "MNIST" : "strokes";
  const floats = { ...pixels, data: Float32Array.from(pixels.data, (byte) => byte * pixels.unit) };
  console.log(
    `Views of ${pixels.rows} images of ${name}, 50 components, median of ${repeats}, ${compute.threads} threads`,
  );
  console.log("view                                  seconds  processor  explained");
  const share = (model) => explainedVarianceRatio(model).reduce((sum, part) => sum + part, 0);
  const model = await fitPca(pixels, { nComponents: 50 }, { compute });
  const tasks = [
    ["pca of bytes, exact", async () => share(await fitPca(pixels, { nComponents: 50 }, { compute }))],
    ["pca of floats, exact", async () => share(await fitPca(floats, { nComponents: 50 }, { compute }))],
    [
      "pca of bytes, randomized",
      async () => share(await fitPca(pixels, { nComponents: 50, solver: "randomized" }, { compute })),
    ],
    [
      "pca, transform",
      async () => {
        await transform(model, pixels, { compute });
        return share(model);
      },
    ],
    [
      "hog, whole descriptors",
      async () => {
        await hog(images, {}, { compute });
      },
    ],
    ["hog and its pca", async () => share((await fitHog(images, {}, { compute })).pca)],
    [
      "hog, and pca of 20,000 drawn",
      async () => share((await fitHog(images, { nFitted: quick ? 200 : 20_000 }, { compute })).pca),
    ],
  ];
  for (const [task, work] of tasks) {
    const seconds = [];
    const processor = [];
    let explained;
    for (let repeat = 0; repeat < repeats; repeat++) {
      const start = performance.now();
      const used = process.cpuUsage();
      explained = await work();
      seconds.push((performance.now() - start) / 1000);
      const { user, system } = process.cpuUsage(used);
      processor.push((user + system) / 1e6);
    }
    const numbers = [median(seconds).toFixed(2).padStart(9), median(processor).toFixed(2).padStart(11)];
    console.log(`${task.padEnd(36)}${numbers.join("")}  ${explained?.toFixed(6).padStart(9) ?? ""}`);
  }
  compute.close();
}

function strokesAsPixels(count) {
  const { pixels } = strokes({ count });
  return { rows: count, cols: 784, data: pixels, unit: 1 / 255 };
}
