import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { FloatType, Tensor } from "./graph/tensor.ts";
import { applyNetwork, type Network, networkParameters } from "./layers/index.ts";
import {
  binaryCrossEntropy,
  meanAbsolute,
  meanSquaredError,
  standardNormalDivergence,
  totalSquares,
} from "./losses.ts";
import { add, exp, gradients, multiply, scale, slice } from "./operators/index.ts";
import { evaluate, given, numbersOf, relativeError } from "./testing/evaluate.ts";
import { describeRuntimes } from "./testing/runtimes.ts";

interface Fixture {
  readonly name: string;
  readonly encoder: Network;
  readonly decoder: Network;
  readonly loss: "mse" | "bce";
  readonly variational?: boolean;
  readonly penalties?: { readonly codeL1: number; readonly weightsL2: number };
  readonly images: readonly number[];
  readonly noise?: readonly number[];
  readonly parameters: readonly (readonly number[])[];
  readonly value: number;
  readonly gradients: readonly (readonly number[])[];
}

const path = new URL("../../fixtures/neural/networks.json", import.meta.url);
const { unit, cases } = JSON.parse(readFileSync(path, "utf8")) as { unit: number; cases: Fixture[] };

/** Loss and gradients of a fixture's autoencoder as tensors, and what it is given. */
function autoencoder(fixture: Fixture, type: FloatType) {
  const { encoder, decoder, penalties } = fixture;
  const { height, width, channels } = encoder.input;
  const numbers = height * width * channels;
  const options = { type, sizes: { batch: fixture.images.length / numbers } };
  const pixels = fixture.images.map((byte) => byte / 255);
  const images = given("images", ["batch", numbers], pixels, options);
  const specs = [...networkParameters(encoder, "encoder"), ...networkParameters(decoder, "decoder")];
  const parameters = specs.map(({ name, shape }, i) =>
    given(
      name,
      shape,
      fixture.parameters[i].map((value) => value * unit),
      options,
    ),
  );
  const tensors = parameters.map(({ tensor }) => tensor);
  const nEncoder = networkParameters(encoder, "").length;

  let code = applyNetwork(encoder, images.tensor, tensors.slice(0, nEncoder)).output;
  let divergence: Tensor | undefined;
  const inputs = [images, ...parameters];
  if (fixture.noise) {
    const dimensions = decoder.input.channels;
    const noise = given(
      "noise",
      ["batch", dimensions],
      fixture.noise.map((value) => value * unit),
      options,
    );
    inputs.push(noise);
    const [means, logVariances] = [slice(code, 1, 0, dimensions), slice(code, 1, dimensions, 2 * dimensions)];
    divergence = scale(standardNormalDivergence(means, logVariances), 1 / numbers);
    code = add(means, multiply(exp(scale(logVariances, 0.5)), noise.tensor));
  }
  const { output, beforeActivation } = applyNetwork(decoder, code, tensors.slice(nEncoder));
  let loss =
    fixture.loss === "mse"
      ? meanSquaredError(output, images.tensor)
      : binaryCrossEntropy(beforeActivation, images.tensor);
  if (divergence) loss = add(loss, divergence);
  if (penalties) {
    const weights = tensors.filter((_, i) => specs[i].role === "weights");
    loss = add(loss, scale(meanAbsolute(code), penalties.codeL1));
    loss = add(loss, scale(totalSquares(weights), penalties.weightsL2));
  }
  return { inputs, loss, slopes: gradients(loss, tensors) };
}

describeRuntimes("whole networks: PyTorch's loss and gradients are ours", (runtime, runtimeName) => {
  const double = { type: "float64", tolerance: 1e-8 } as const;
  const single = { type: "float32", tolerance: 1e-5 } as const;
  const precisions = runtimeName === "onnxruntime-node" ? [double, single] : [single];
  test.each(cases.flatMap((fixture) => precisions.map((precision) => ({ ...fixture, ...precision }))))(
    "$name, in $type",
    async ({ type, tolerance, ...fixture }) => {
      const { inputs, loss, slopes } = autoencoder(fixture, type);
      const [value, ...found] = (await evaluate(runtime(), [loss, ...slopes], inputs)).map(numbersOf);
      expect(relativeError(value, [fixture.value])).toBeLessThan(tolerance);
      expect(found.length).toBe(fixture.gradients.length);
      found.forEach((gradient, i) => {
        expect(relativeError(gradient, fixture.gradients[i]), `parameter ${i}`).toBeLessThan(tolerance);
      });
    },
  );
});
