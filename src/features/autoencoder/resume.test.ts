import { beforeAll, describe, expect, test } from "vitest";
import { OptionError } from "../../errors.ts";
import { drain } from "../../estimator.ts";
import type { ImageSet } from "../../images/index.ts";
import type { Checkpoint, Runtime, TrainingProgress } from "../../neural/index.ts";
import { sharedRuntime } from "../../neural/testing/runtimes.ts";
import { slowClock } from "../../neural/training/testing/trainings.ts";
import { type AutoencoderFit, type AutoencoderFitOptions, fit, steps } from "./index.ts";
import { small, spots } from "./testing/images.ts";
import { comparable, tiny } from "./testing/tiny.ts";

describe("resuming the training of an autoencoder", () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await sharedRuntime();
  });

  const options = (
    architecture: string,
    more: Partial<AutoencoderFitOptions> = {},
  ): AutoencoderFitOptions => ({
    architecture,
    seed: 1,
    network: tiny[architecture],
    ...more,
  });

  test.each(["denoising-ae", "vae"])(
    "resumed from any step, it ends with the same bytes: %s",
    async (architecture) => {
      const images = spots(40);
      const context = (): { runtime: Runtime; now: () => number } => ({ runtime, now: slowClock() });
      const checkpoints: Checkpoint[] = [];
      const generator = steps(images, options(architecture), context());
      let next = await generator.next();
      for (; !next.done; next = await generator.next()) {
        checkpoints.push(structuredClone(await next.value.checkpoint()));
      }
      const { model, unfolding } = next.value as AutoencoderFit;
      // Epochs of five minibatches; the first call takes the four whole ones.
      expect(checkpoints.length).toBe(3 * 5 - 3);
      for (const resume of checkpoints) {
        const again = await drain(steps(images, options(architecture, { resume }), context()));
        expect(comparable(again.model)).toEqual(comparable(model));
        expect(again.unfolding).toEqual(unfolding);
      }
    },
  );

  test("a checkpoint of other images, options or seeds is refused", async () => {
    const images = spots(20);
    const generator = steps(images, options("deep-ae"), { runtime });
    const step = (await generator.next()).value as TrainingProgress;
    const resume = await step.checkpoint();
    await generator.return(undefined as never);
    const message =
      "train: the checkpoint must be of the same images, network and settings; got one of another training. Start again, or resume with what it was started with.";
    const refused = (set: ImageSet, more: Partial<AutoencoderFitOptions>): Promise<unknown> =>
      expect(fit(set, options("deep-ae", { resume, ...more }), { runtime })).rejects.toThrow(
        new OptionError(message),
      );
    await refused(spots(20, small, 2), {});
    await refused(spots(21), {});
    await refused(images, { seed: 2 });
    await refused(images, { network: { ...tiny["deep-ae"], epochs: 4 } });
    await refused(images, { architecture: "denoising-ae" });
    await refused(images, { validation: images });
    expect((await fit(images, options("deep-ae", { resume }), { runtime })).training.epochs.length).toBe(3);
  });
});
