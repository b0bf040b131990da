import { beforeAll, describe, expect, test } from "vitest";
import { drain } from "../../estimator.ts";
import { symmetricEigen } from "../../matrix/index.ts";
import { type Runtime, train } from "../../neural/index.ts";
import { sharedRuntime } from "../../neural/testing/runtimes.ts";
import { createRandom } from "../../random/index.ts";
import type { Design } from "./architectures.ts";
import { trainingProgram } from "./graphs.ts";
import { spots } from "./testing/images.ts";

const count = 40;
const shape = { height: 4, width: 3, channels: 1 };
const size = 12;
const codeSize = 2;

/** One linear layer each way. */
const design: Design = {
  encoder: { input: shape, layers: [{ kind: "dense", units: codeSize, activation: "linear" }] },
  decoder: {
    input: { height: 1, width: 1, channels: codeSize },
    layers: [
      { kind: "dense", units: size, activation: "linear" },
      { kind: "reshape", ...shape },
    ],
  },
  codeSize,
  variational: false,
  loss: "mse",
  penalties: {},
  whitening: 0,
  optimizer: { kind: "adam" },
  schedule: "cosine",
  initializer: "glorot",
  learningRate: 0.03,
  batch: count,
  epochs: 800,
};

describe("a linear autoencoder", () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await sharedRuntime();
  });

  test("spans the plane of the first principal components, and errs as they do", async () => {
    const images = spots(count, shape, 5);
    const x = Float64Array.from(images.pixels, (byte) => byte / 255);
    const means = Array.from({ length: size }, (_, j) => {
      let total = 0;
      for (let i = 0; i < count; i++) total += x[i * size + j] / count;
      return total;
    });
    const covariance = new Float64Array(size * size).map((_, at) => {
      const [a, b] = [Math.floor(at / size), at % size];
      let total = 0;
      for (let i = 0; i < count; i++) {
        total += ((x[i * size + a] - means[a]) * (x[i * size + b] - means[b])) / count;
      }
      return total;
    });
    const { values, vectors } = symmetricEigen(covariance, size);
    const best = values.slice(codeSize).reduce((sum, value) => sum + value / size, 0);

    const rows = Int32Array.from({ length: count }, (_, i) => i);
    const trained = await drain(
      train(trainingProgram("linear", design), images, rows, design, {
        runtime,
        random: createRandom(3),
        validate: async (_parameters, epoch) => ({ loss: 1 / epoch }),
      }),
    );
    const losses = trained.history.map(({ loss }) => loss);
    // Never below the optimum, which it comes close to; it began far above.
    expect(Math.min(...losses)).toBeGreaterThan(best * (1 - 1e-5));
    expect(losses.at(-1)).toBeLessThan(best * 1.001);
    expect(losses[0]).toBeGreaterThan(best * 3);

    // Rows of the decoder's weights lie in the plane: projecting them onto it takes nothing away.
    const { data } = trained.parameters["decoder.0.weights"];
    for (let row = 0; row < codeSize; row++) {
      const weights = data.subarray(row * size, (row + 1) * size);
      const length = weights.reduce((sum, value) => sum + value * value, 0);
      let within = 0;
      for (let axis = 0; axis < codeSize; axis++) {
        let along = 0;
        for (let j = 0; j < size; j++) along += weights[j] * vectors[axis * size + j];
        within += along * along;
      }
      expect(within / length).toBeGreaterThan(0.9999);
    }
  });
});
