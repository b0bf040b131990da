// One measured training or encoding of ours: node training-ours.mjs '{"network", "work": "train" | "encode", "epochs", "batch", "threads"}'
// Outside the time, as for the peer: reading, building the model and its session. Inside: copying the images into the
// session, and every epoch with its order, its minibatches and updates.
import * as neural from "../../dist/neural/index.js";
import { createRandom } from "../../dist/random/index.js";
import { asImages, autoencoderProgram, networks } from "../networks.mjs";
import { mnistAll, mnistTrain } from "../samples.mjs";

const task = JSON.parse(process.argv[2]);
const runtime = await neural.openRuntime({ threads: task.threads });
const result = await (task.work === "train" ? train(asImages(mnistTrain())) : encode(asImages(mnistAll())));
runtime.close();
console.log(
  JSON.stringify({
    program: `${runtime.name} ${runtime.version}`,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    ...result,
  }),
);

/** Quality: mean loss over the minibatches of the last epoch. */
async function train(images) {
  let start;
  const timed = {
    ...runtime,
    async load(model) {
      const session = await runtime.load(model);
      start = performance.now();
      return session;
    },
  };
  const rows = Int32Array.from({ length: images.count }, (_, i) => i);
  const settings = {
    epochs: task.epochs,
    batch: task.batch,
    learningRate: 1e-3,
    schedule: "constant",
    initializer: "glorot",
  };
  const context = {
    runtime: timed,
    random: createRandom(0),
    now: () => performance.now(),
    validate: async () => ({ loss: 0 }),
  };
  const steps = neural.train(autoencoderProgram(neural, task.network), images, rows, settings, context);
  let next = await steps.next();
  while (!next.done) next = await steps.next();
  return { seconds: (performance.now() - start) / 1000, quality: next.value.history.at(-1).loss };
}

/** Quality: mean square of the codes. */
async function encode(images) {
  const { encoder } = networks[task.network];
  const weights = neural
    .networkParameters(encoder, "encoder")
    .map((spec) => neural.constant("float32", spec.shape, certainWeights(spec)));
  const length = images.height * images.width;
  const bytes = neural.input("images", "uint8", ["batch", length]);
  const x = neural.scale(neural.toFloat(bytes, "float32"), 1 / 255);
  const code = neural.applyNetwork(encoder, x, weights).output;
  const model = neural.encodeModel({ name: "encoder", inputs: [bytes], outputs: { code } });
  const session = await runtime.load(model);
  const codeSize = code.shape[1];
  const codes = new Float32Array(images.count * codeSize);

  const start = performance.now();
  for (let from = 0; from < images.count; from += task.batch) {
    const to = Math.min(from + task.batch, images.count);
    const data = images.pixels.slice(from * length, to * length);
    const block = { images: { type: "uint8", shape: [to - from, length], data } };
    const results = await session.run(block, { fetch: ["code"], transfer: true });
    codes.set(results.code.data, from * codeSize);
  }
  const seconds = (performance.now() - start) / 1000;
  return { seconds, quality: codes.reduce((sum, value) => sum + value * value, 0) / codes.length };
}

/** Weights that the peer has as well, as large as those of Glorot and Bengio; biases are 0. */
function certainWeights({ shape, role, fanIn, fanOut }) {
  const limit = role === "bias" ? 0 : Math.sqrt(6 / (fanIn + fanOut));
  const count = shape.reduce((product, size) => product * size, 1);
  return Float32Array.from({ length: count }, (_, i) => limit * Math.sin(i * i * 0.37));
}
