// Training and use of three autoencoders, on each runtime: milliseconds per minibatch of 256, microseconds per encoded
// image. MNIST where UNLABELED_DATA is set, else drawn digits; what the networks come to is shown beside the time.
import { openRuntime, strokes } from "unlabeled";
import { asImages, encode, networks, train } from "./networks.mjs";
import { dataFolder, median, mnistTrain } from "./samples.mjs";

const quick = process.argv.includes("--quick");
const repeats = quick ? 1 : 3;
const batch = 256;

export async function run() {
  const images = dataFolder && !quick ? asImages(mnistTrain()) : strokes({ count: quick ? 300 : 10_000 });
  for (const only of ["onnxruntime-node", "onnxruntime-web"]) {
    const runtime = await openRuntime({ only });
    const some = only === "onnxruntime-web" ? first(images, 5_000) : images;
    console.log(
      `Autoencoders on ${only} ${runtime.version}, ${runtime.threads} threads, ${some.count} images`,
    );
    console.log("network   training, ms per minibatch       loss   encoding, us per image");
    for (const name of Object.keys(networks)) {
      const trained = await repeated(() => train(runtime, name, some, { epochs: 1, batch }));
      const encoded = await repeated(() => encode(runtime, name, some, { batch: 1024 }));
      const step = (trained.seconds * 1000) / (some.count / batch);
      const each = (encoded.seconds * 1e6) / some.count;
      console.log(
        `${name.padEnd(9)}${step.toFixed(1).padStart(27)}${trained.loss.toFixed(5).padStart(11)}${each.toFixed(1).padStart(25)}`,
      );
    }
    runtime.close();
  }
}

/** The last result, with the median of all seconds. */
async function repeated(measure) {
  const results = [];
  for (let repeat = 0; repeat < repeats; repeat++) results.push(await measure());
  return { ...results.at(-1), seconds: median(results.map(({ seconds }) => seconds)) };
}

function first(images, count) {
  const length = images.height * images.width * images.channels;
  const taken = Math.min(count, images.count);
  return { ...images, count: taken, pixels: images.pixels.subarray(0, taken * length) };
}
