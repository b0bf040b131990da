import { expect, test } from "vitest";
import { describeRuntimes } from "../../neural/testing/runtimes.ts";
import { encode, fit } from "./index.ts";
import { small, spots } from "./testing/images.ts";
import { comparable, tiny } from "./testing/tiny.ts";

const colour = { height: 8, width: 8, channels: 3 };

/** Of each kind of layers and draws, one: WebAssembly is slow. */
const fewer = ["conv-ae", "denoising-ae", "vae"];

describeRuntimes("every architecture", (runtime, name) => {
  const native = name === "onnxruntime-node";

  test.each(native ? Object.keys(tiny) : fewer)(
    "learns small images, grey and in colour: %s",
    async (architecture) => {
      for (const shape of native && fewer.includes(architecture) ? [small, colour] : [small]) {
        const images = spots(48, shape);
        const network = tiny[architecture];
        const model = await fit(images, { architecture, seed: 2, network }, { runtime: runtime() });
        const { training } = model;
        expect(training.epochs.length).toBe(3);
        for (const of of ["loss", "validationLoss"] as const) {
          const [first, , last] = training.epochs.map((epoch) => epoch[of]);
          expect(last, of).toBeLessThan(first);
        }
        expect(training).toMatchObject({ architecture, batch: 8, maxEpochs: 3, stopReason: "epochs" });
        expect(training.runtime).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+, 1 thread$`));
        expect(model).toMatchObject({ kind: "autoencoder", image: shape });
        const codes = await encode(model, images, { runtime: runtime() });
        expect(codes.cols).toBe(network.codeSize ?? 3);
      }
    },
  );

  test("the same call gives the same bytes, another seed others", async () => {
    const images = spots(30);
    const run = async (seed: number): Promise<object> => {
      const network = { ...tiny["denoising-ae"], epochs: 2 };
      return comparable(
        await fit(images, { architecture: "denoising-ae", seed, network }, { runtime: runtime() }),
      );
    };
    const first = await run(5);
    expect(await run(5)).toEqual(first);
    expect(await run(6)).not.toEqual(first);
  });
});
