import { describe, expect, test } from "vitest";
import type { Network, TensorValue } from "../../neural/index.ts";
import { numbersOf } from "../../neural/testing/evaluate.ts";
import { describeRuntimes } from "../../neural/testing/runtimes.ts";
import { createRandom } from "../../random/index.ts";
import type { Design } from "./architectures.ts";
import { centeringOf, foldCentering } from "./centering.ts";
import { designParameters, evaluationModel } from "./graphs.ts";
import { checkAutoencoderOptions } from "./index.ts";

const image = { height: 2, width: 2, channels: 1 };
const images = {
  count: 3,
  ...image,
  pixels: Uint8Array.of(0, 51, 255, 102, 0, 153, 255, 0, 255, 255, 255, 255),
};
/** The last image is not trained on. */
const rows = Int32Array.of(0, 1);
const mean = [0, 0.4, 1, 0.2];

function designOf(more: { readonly encoder?: Network; readonly decoder?: Network } = {}): Design {
  const options = { widths: [3], codeSize: 2 };
  return { ...checkAutoencoderOptions("test", "dense-ae", options, image, 0).design, ...more };
}

function named(centering: ReturnType<typeof centeringOf>): Record<string, number[] | undefined> {
  return Object.fromEntries(centering.map(({ weights, mean: of }) => [weights, of && Array.from(of)]));
}

describe("centeringOf", () => {
  test("takes the mean image, and one half after sigmoids", () => {
    expect(named(centeringOf(designOf(), images, rows))).toEqual({
      "encoder.1.weights": mean.map(Math.fround),
      "encoder.2.weights": [0.5, 0.5, 0.5],
      "decoder.1.weights": [0.5, 0.5],
      "decoder.2.weights": [0.5, 0.5, 0.5],
    });
  });

  test("leaves layers alone of whose input it knows nothing", () => {
    const decoder: Network = {
      input: { height: 1, width: 1, channels: 2 },
      layers: [
        { kind: "dense", units: 3, activation: "relu" },
        { kind: "dense", units: 4, activation: "linear" },
        { kind: "reshape", ...image },
      ],
    };
    const centering = centeringOf(designOf({ decoder }), images, rows);
    expect(named(centering)["decoder.1.weights"]).toBeUndefined();
    expect(Array.from(centering.at(-1)?.start ?? [])).toEqual(mean.map(Math.fround));
  });

  test("is empty for designs that are trained as they are", () => {
    const { design } = checkAutoencoderOptions("test", "deep-ae", {}, image, 0);
    expect(centeringOf(design, images, rows)).toEqual([]);
  });
});

describeRuntimes("a centered network", (runtime) => {
  const design = designOf();
  const centering = centeringOf(design, images, rows);
  const specs = designParameters(design);

  async function evaluated(model: Uint8Array, parameters: Record<string, TensorValue>) {
    const session = await runtime().load(model);
    const bytes = { type: "uint8", shape: [3, 4], data: images.pixels } as const;
    const { loss, reconstruction } = await session.run(
      { images: bytes, ...parameters },
      { fetch: ["loss", "reconstruction"] },
    );
    await session.release();
    return { loss: loss.data[0] as number, reconstruction: numbersOf(reconstruction) };
  }

  /** Parameters by name: of the last layer, zeros if `blank`. */
  function parametersOf(blank: boolean): Record<string, TensorValue & { readonly data: Float32Array }> {
    const random = createRandom(3);
    return Object.fromEntries(
      specs.map(({ name, shape }, i) => {
        const zero = blank && i >= specs.length - 2;
        const data = new Float32Array(shape.reduce((size, n) => size * n, 1));
        return [name, { type: "float32", shape, data: data.map(() => (zero ? 0 : 4 * random.float() - 2)) }];
      }),
    );
  }

  test("starts at the mean image", async () => {
    const { reconstruction } = await evaluated(
      evaluationModel("centered", design, centering),
      parametersOf(true),
    );
    for (const [i, value] of reconstruction.entries()) {
      expect(value).toBeCloseTo(Math.min(0.998, Math.max(0.002, mean[i % 4])), 5);
    }
  });

  test("is a plain one with other biases", async () => {
    const trained = parametersOf(false);
    const folded = foldCentering(centering, trained);
    const plain = Object.fromEntries(
      Object.entries(folded).map(([name, value]) => [name, { type: "float32", ...value } as const]),
    );
    const centered = await evaluated(evaluationModel("centered", design, centering), trained);
    const other = await evaluated(evaluationModel("plain", design), plain);
    expect(other.loss).toBeCloseTo(centered.loss, 6);
    other.reconstruction.forEach((value, i) => {
      expect(value).toBeCloseTo(centered.reconstruction[i], 5);
    });
    const changed = Object.keys(trained).filter((name) => folded[name]?.data !== trained[name]?.data);
    expect(changed).toEqual(specs.filter(({ role }) => role === "bias").map(({ name }) => name));
  });
});
