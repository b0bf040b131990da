// The networks that benchmarks train and use, in the sizes of the literature; `peers/training_torch.py` has the same.
import { createRandom, neural } from "unlabeled";

const image = { height: 28, width: 28, channels: 1 };
const vector = (channels) => ({ height: 1, width: 1, channels });
const dense = (units, activation) => ({ kind: "dense", units, activation });
const halving = (layer) => ({ kind: "convolution", stride: 2, activation: "relu", ...layer });
const doubling = (layer) => ({ kind: "transposed-convolution", stride: 2, activation: "relu", ...layer });
/** As PyTorch has it for kernels of 5: 28 to 14 to 7, and back. */
const around = { top: 2, left: 2, bottom: 1, right: 1 };
const square = (side) => ({ height: side, width: side });

/** Encoder and decoder by name. */
export const networks = {
  /** Dense 784-784-64-32-3-32-64-784, sigmoid everywhere. */
  W1: {
    encoder: { input: image, layers: [784, 64, 32, 3].map((units) => dense(units, "sigmoid")) },
    decoder: { input: vector(3), layers: [32, 64, 784].map((units) => dense(units, "sigmoid")) },
  },
  /** Dense 784-500-500-2000-10 and back, relu, linear code and output (Xie et al. 2016). */
  W2: {
    encoder: { input: image, layers: [...[500, 500, 2000].map(relu), dense(10, "linear")] },
    decoder: { input: vector(10), layers: [...[2000, 500, 500].map(relu), dense(784, "linear")] },
  },
  /** Convolutions 32, 64, 128, dense code of 10, and back by transposed convolutions (Guo et al. 2017). */
  W3: {
    encoder: {
      input: image,
      layers: [
        halving({ channels: 32, kernel: 5, padding: around }),
        halving({ channels: 64, kernel: 5, padding: around }),
        halving({ channels: 128, kernel: 3, padding: "valid" }),
        dense(10, "linear"),
      ],
    },
    decoder: {
      input: vector(10),
      layers: [
        relu(1152),
        { kind: "reshape", ...square(3), channels: 128 },
        doubling({ channels: 64, kernel: 3, padding: "valid", ...square(7) }),
        doubling({ channels: 32, kernel: 5, padding: around, ...square(14) }),
        doubling({ channels: 1, kernel: 5, padding: around, ...square(28), activation: "linear" }),
      ],
    },
  },
};

function relu(units) {
  return dense(units, "relu");
}

/**
 * Trains from Glorot's weights by mean squared error with Adam.
 *
 * @returns seconds from the moment when the model is ready to run, and the mean loss over the last epoch's minibatches
 */
export async function train(runtime, name, images, { epochs, batch }) {
  let ready;
  const timed = {
    ...runtime,
    async load(model) {
      const session = await runtime.load(model);
      ready = performance.now();
      return session;
    },
  };
  const rows = Int32Array.from({ length: images.count }, (_, i) => i);
  const settings = { epochs, batch, learningRate: 1e-3, schedule: "constant", initializer: "glorot" };
  const context = {
    runtime: timed,
    random: createRandom(0),
    now: () => performance.now(),
    validate: async () => ({ loss: 0 }),
  };
  const steps = neural.train(program(name), images, rows, settings, context);
  let next = await steps.next();
  while (!next.done) next = await steps.next();
  return { seconds: (performance.now() - ready) / 1000, loss: next.value.history.at(-1).loss };
}

function program(name) {
  const { encoder, decoder } = networks[name];
  const inEncoder = neural.networkParameters(encoder, "encoder");
  return {
    name,
    imageLength: image.height * image.width,
    parameters: [...inEncoder, ...neural.networkParameters(decoder, "decoder")],
    optimizer: neural.createOptimizer({ kind: "adam" }),
    objective(images, weights, draws) {
      const own = weights.slice(0, inEncoder.length);
      const code = neural.applyNetwork(encoder, images, own, draws).output;
      const { output } = neural.applyNetwork(decoder, code, weights.slice(inEncoder.length), draws);
      return neural.meanSquaredError(output, images);
    },
  };
}

/**
 * Codes of images, `batch` at a time, by an encoder with certain weights.
 *
 * @returns seconds from the moment when the model is ready to run, and the mean square of the codes
 */
export async function encode(runtime, name, images, { batch }) {
  const length = image.height * image.width;
  const session = await runtime.load(encoderModel(name));
  const codes = [];
  const ready = performance.now();
  for (let from = 0; from < images.count; from += batch) {
    const to = Math.min(from + batch, images.count);
    const data = images.pixels.slice(from * length, to * length);
    const block = { images: { type: "uint8", shape: [to - from, length], data } };
    const { code } = await session.run(block, { fetch: ["code"], transfer: true });
    codes.push(code.data);
  }
  const seconds = (performance.now() - ready) / 1000;
  await session.release();
  const numbers = codes.flatMap((block) => Array.from(block));
  return { seconds, meanSquare: numbers.reduce((sum, x) => sum + x * x, 0) / numbers.length };
}

function encoderModel(name) {
  const { encoder } = networks[name];
  const weights = neural
    .networkParameters(encoder, "encoder")
    .map((spec) => neural.constant("float32", spec.shape, certainWeights(spec)));
  const images = neural.input("images", "uint8", ["batch", image.height * image.width]);
  const x = neural.scale(neural.toFloat(images, "float32"), 1 / 255);
  const code = neural.applyNetwork(encoder, x, weights).output;
  return neural.encodeModel({ name: "encoder", inputs: [images], outputs: { code } });
}

/** Weights that the peer has as well, as large as those of Glorot and Bengio; biases are 0. */
function certainWeights({ shape, role, fanIn, fanOut }) {
  const limit = role === "bias" ? 0 : Math.sqrt(6 / (fanIn + fanOut));
  const count = shape.reduce((product, size) => product * size, 1);
  return Float32Array.from({ length: count }, (_, i) => limit * Math.sin(i * i * 0.37));
}

/** MNIST's rows of bytes as images. */
export function asImages({ rows, data }) {
  return { count: rows, ...image, pixels: data };
}
