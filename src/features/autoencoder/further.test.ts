import { beforeAll, describe, expect, test } from "vitest";
import { OptionError } from "../../errors.ts";
import { drain } from "../../estimator.ts";
import type { Runtime, TrainingProgress } from "../../neural/index.ts";
import { sharedRuntime } from "../../neural/testing/runtimes.ts";
import { type AutoencoderFitOptions, encode, fit, openEncoder, steps, withWeights } from "./index.ts";
import { small, spots } from "./testing/images.ts";
import { comparable, tiny } from "./testing/tiny.ts";

describe("training a network further", () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await sharedRuntime();
  });

  const images = spots(30, small);
  const options = (
    architecture: string,
    more: Partial<AutoencoderFitOptions> = {},
  ): AutoencoderFitOptions => ({
    architecture,
    seed: 1,
    network: tiny[architecture],
    ...more,
  });

  test.each(["deep-ae", "conv-ae", "dense-ae", "denoising-ae", "vae"])(
    "an encoder whose weights come in gives the codes of the model that has them: %s",
    async (architecture) => {
      const model = await fit(images, options(architecture), { runtime });
      const encoder = await openEncoder(model, runtime);
      const weights = Object.entries(model.parameters).map(([name, { shape, data }]) => [
        name,
        { type: "float32", shape, data } as const,
      ]);
      const codes = await encoder.encode(Object.fromEntries(weights), images, undefined);
      const wanted = await encode(model, images, { runtime });
      const largest = Math.max(...wanted.data.map(Math.abs));
      // Single precision, which whitening multiplies in directions that vary little.
      wanted.data.forEach((value, i) => expect(Math.abs(codes.data[i] - value)).toBeLessThan(1e-4 * largest));
      await encoder.release();
    },
  );

  test("other weights replace those of a model, and its record tells of the new codes", async () => {
    const model = await fit(images, options("deep-ae"), { runtime });
    const last = "encoder.2";
    const [weights, bias] = [`${last}.weights`, `${last}.bias`];
    const doubled = Object.fromEntries(
      [weights, bias].map((name) => {
        const { shape, data } = model.parameters[name];
        return [name, { shape, data: data.map((value) => 2 * value) }];
      }),
    );
    const other = await withWeights(model, doubled, images, { runtime });
    expect(other.parameters["encoder.0.weights"]).toBe(model.parameters["encoder.0.weights"]);
    other.training.codeSpread.forEach((spread, i) =>
      expect(spread / model.training.codeSpread[i]).toBeCloseTo(2, 4),
    );
  });

  test("a start and a movement of the images change a training; its checkpoints are not those of another", async () => {
    const cold = await fit(images, options("deep-ae"), { runtime });
    const choices: Partial<AutoencoderFitOptions>[] = [
      { augment: { shift: 1, rotation: 10 } },
      { start: cold.parameters },
    ];
    for (const more of choices) {
      const moved = await fit(images, options("deep-ae", more), { runtime });
      expect(comparable(moved)).not.toEqual(comparable(cold));
      const generator = steps(images, options("deep-ae", more), { runtime });
      const resume = await ((await generator.next()).value as TrainingProgress).checkpoint();
      await generator.return(undefined as never);
      await expect(fit(images, options("deep-ae", { resume }), { runtime })).rejects.toThrow(OptionError);
      const again = await drain(steps(images, options("deep-ae", { ...more, resume }), { runtime }));
      expect(comparable(again.model)).toEqual(comparable(moved));
    }
    // From where another training ended, the loss begins below where that one began.
    const warm = await fit(images, options("deep-ae", { start: cold.parameters }), { runtime });
    expect(warm.training.epochs[0].loss).toBeLessThan(0.8 * cold.training.epochs[0].loss);
  });
});
