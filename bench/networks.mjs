// The networks that benchmarks train, in the sizes of the literature; `peers/training_torch.py` has the same.
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

/** Training of a network by mean squared error with Adam. */
export function autoencoderProgram(neural, name) {
  const { encoder, decoder } = networks[name];
  const parameters = [
    ...neural.networkParameters(encoder, "encoder"),
    ...neural.networkParameters(decoder, "decoder"),
  ];
  const nEncoder = neural.networkParameters(encoder, "").length;
  return {
    name,
    imageLength: image.height * image.width,
    parameters,
    optimizer: neural.createOptimizer({ kind: "adam" }),
    objective(images, weights, draws) {
      const code = neural.applyNetwork(encoder, images, weights.slice(0, nEncoder), draws).output;
      const { output } = neural.applyNetwork(decoder, code, weights.slice(nEncoder), draws);
      return neural.meanSquaredError(output, images);
    },
  };
}

/** Images by MNIST's shape. */
export function asImages({ rows, data }) {
  return { count: rows, ...image, pixels: data };
}
