import { expect, test } from "vitest";
import { describeRuntimes } from "../../neural/testing/runtimes.ts";
import { fit } from "./index.ts";
import { colour, small, spots } from "./testing/images.ts";
import { expectToLearn } from "./testing/learns.ts";
import { comparable, tiny } from "./testing/tiny.ts";

/** Of each kind of layers and draws, one: WebAssembly is slow. */
const fewer = ["conv-ae", "denoising-ae", "vae"];

describeRuntimes("every architecture", (runtime, name) => {
  const native = name === "onnxruntime-node";

  test.each(native ? Object.keys(tiny) : fewer)(
    "learns small images, grey and in colour: %s",
    async (architecture) => {
      for (const shape of native && fewer.includes(architecture) ? [small, colour] : [small]) {
        await expectToLearn(architecture, shape, runtime());
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
