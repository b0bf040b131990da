import { describe, expect, test } from "vitest";
import { compileTraining, constant, type Draws, input, type TensorValue } from "../../neural/index.ts";
import { evaluate, type Given, numbersOf } from "../../neural/testing/evaluate.ts";
import { describeRuntimes } from "../../neural/testing/runtimes.ts";
import { createRandom } from "../../random/index.ts";
import type { Design } from "./architectures.ts";
import { designParameters, evaluationModel, trainingProgram } from "./graphs.ts";
import { checkAutoencoderOptions } from "./index.ts";

const size = 4;
const rows = 3;
const image = { height: 2, width: 2, channels: 1 };
const pixels = Uint8Array.of(0, 60, 255, 90, 10, 20, 30, 40, 200, 0, 0, 130);

/** The middle of the 63,000th of 65,536 equally likely steps of a standard normal number. */
const STEP_63000 = 1.76611046;

/** Two layers to a code of two numbers, one back. */
function designOf(more: Partial<Design>): Design {
  const { variational = false, loss = "mse" } = more;
  return {
    encoder: {
      input: image,
      layers: [
        { kind: "dense", units: 3, activation: "tanh" },
        { kind: "dense", units: variational ? 4 : 2, activation: "linear" },
      ],
    },
    decoder: {
      input: { height: 1, width: 1, channels: 2 },
      layers: [
        { kind: "dense", units: size, activation: loss === "bce" ? "sigmoid" : "linear" },
        { kind: "reshape", ...image },
      ],
    },
    codeSize: 2,
    variational,
    loss,
    penalties: {},
    whitening: 0,
    optimizer: { kind: "adam" },
    schedule: "constant",
    initializer: "glorot",
    learningRate: 0.1,
    batch: 2,
    epochs: 1,
    ...more,
  };
}

function parametersOf(design: Design): number[][] {
  const random = createRandom(11);
  return designParameters(design).map(({ shape }) => {
    const count = shape.reduce((product, n) => product * n, 1);
    return Array.from({ length: count }, () => Math.fround(random.float() * 1.6 - 0.8));
  });
}

function affine(x: readonly number[], weights: readonly number[], bias: readonly number[]): number[] {
  return bias.map((start, to) =>
    x.reduce((sum, value, from) => sum + value * weights[from * bias.length + to], start),
  );
}

/** Loss, loss without penalties, and reconstructions, as the sources write them, image by image. */
function byHand(
  design: Design,
  parameters: readonly number[][],
  noise: number,
): { readonly total: number; readonly fit: number; readonly reconstruction: number[] } {
  const [w1, b1, w2, b2, w3, b3] = parameters;
  let [distance, divergence, absolute] = [0, 0, 0];
  const reconstruction: number[] = [];
  for (let i = 0; i < rows; i++) {
    const bytes = Array.from(pixels.subarray(i * size, (i + 1) * size), (byte) => byte / 255);
    const rms = Math.sqrt(bytes.reduce((sum, value) => sum + value * value, 0) / size);
    const factor = design.imageRms === undefined ? 1 : design.imageRms / rms;
    const x = bytes.map((value) => value * factor);
    const encoded = affine(affine(x, w1, b1).map(Math.tanh), w2, b2);
    const means = encoded.slice(0, 2);
    const logVariances = encoded.slice(2);
    const code = means.map((mean, d) =>
      design.variational ? mean + Math.exp(logVariances[d] / 2) * noise : mean,
    );
    const logits = affine(code, w3, b3);
    const output = design.loss === "bce" ? logits.map((value) => 1 / (1 + Math.exp(-value))) : logits;
    output.forEach((y, j) => {
      const one =
        design.loss === "bce" ? -x[j] * Math.log(y) - (1 - x[j]) * Math.log(1 - y) : (y - x[j]) ** 2;
      distance += one / (rows * size);
      reconstruction.push(y / factor);
    });
    logVariances.forEach((v, d) => {
      divergence += (Math.exp(v) + means[d] ** 2 - 1 - v) / 2 / rows;
    });
    for (const value of code) absolute += Math.abs(value) / (rows * 2);
  }
  const fit = distance + (design.variational ? divergence / size : 0);
  const squares = [w1, w2, w3].flat().reduce((sum, value) => sum + value * value, 0);
  const { codeL1 = 0, weightsL2 = 0 } = design.penalties;
  return { total: fit + codeL1 * absolute + weightsL2 * squares, fit, reconstruction };
}

const designs: readonly [string, Design][] = [
  ["mean squared error", designOf({})],
  ["cross-entropy", designOf({ loss: "bce" })],
  ["L1 penalty on the code", designOf({ penalties: { codeL1: 0.3 } })],
  ["L2 penalty on the weights", designOf({ penalties: { weightsL2: 0.02 } })],
  ["variational", designOf({ variational: true, loss: "bce" })],
  ["images of one strength", designOf({ imageRms: 0.3 })],
  [
    "all at once",
    designOf({ variational: true, imageRms: 0.4, penalties: { codeL1: 0.3, weightsL2: 0.02 } }),
  ],
];

describeRuntimes("what an autoencoder makes small", (runtime) => {
  test.each(designs)("is what the formula says: %s", async (_, design) => {
    const values = parametersOf(design);
    const parameters = designParameters(design).map(
      ({ name, shape }, i): Given => ({
        tensor: input(name, "float32", shape),
        value: { type: "float32", shape, data: Float32Array.from(values[i]) },
      }),
    );
    const images = Float32Array.from(pixels, (byte) => byte / 255);
    const x = input("x", "float32", ["batch", size]);
    const given = { tensor: x, value: { type: "float32", shape: [rows, size], data: images } } as const;
    const bits = new Uint16Array(rows * 2).fill(63_000);
    const draws: Draws = {
      bits: (_batch, perImage) => constant("uint16", [rows, perImage], bits),
    };
    const { objective } = trainingProgram("test", design);
    const total = objective(
      x,
      parameters.map(({ tensor }) => tensor),
      draws,
    );
    const [loss] = await evaluate(runtime(), [total], [given, ...parameters]);
    expect(loss.data[0]).toBeCloseTo(byHand(design, values, STEP_63000).total, 4);

    const session = await runtime().load(evaluationModel("evaluation", design));
    const inputs: Record<string, TensorValue> = {
      images: { type: "uint8", shape: [rows, size], data: pixels },
    };
    for (const { value, tensor } of parameters) {
      if (tensor.source.kind === "input") inputs[tensor.source.name] = value;
    }
    const found = await session.run(inputs, { fetch: ["loss", "reconstruction"] });
    const wanted = byHand(design, values, 0);
    expect(found.loss.data[0]).toBeCloseTo(wanted.fit, 5);
    numbersOf(found.reconstruction).forEach((value, i) =>
      expect(value).toBeCloseTo(wanted.reconstruction[i], 5),
    );
    await session.release();
  });
});

describe("draws", () => {
  test.each([
    ["vae", [3]],
    ["denoising-ae", [4]],
    ["conv-ae", []],
    ["sparse-ae", []],
  ] as const)("are asked for where a network is noisy: %s", (architecture, perImage) => {
    const { design } = checkAutoencoderOptions("test", architecture, { codeSize: 3 }, image, 0);
    const { draws } = compileTraining(trainingProgram("test", design));
    expect(draws.map((one) => one.perImage)).toEqual(perImage);
  });
});
