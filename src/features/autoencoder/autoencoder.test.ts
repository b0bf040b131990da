import { beforeAll, describe, expect, test } from "vitest";
import { CancelledError, InputError, NumericalError } from "../../errors.ts";
import { drain } from "../../estimator.ts";
import type { ImageSet } from "../../images/index.ts";
import type { Matrix } from "../../matrix/index.ts";
import type { Runtime, TrainingProgress } from "../../neural/index.ts";
import { sharedRuntime } from "../../neural/testing/runtimes.ts";
import { type Recorded, recorded } from "../../neural/training/testing/trainings.ts";
import {
  type AutoencoderFitOptions,
  type AutoencoderProgress,
  encode,
  fit,
  reconstruct,
  steps,
} from "./index.ts";
import { imagesOf, small, spots } from "./testing/images.ts";
import { comparable, tiny } from "./testing/tiny.ts";

describe("training an autoencoder", () => {
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

  /** Rows that were trained on, and sizes of the blocks that were evaluated. */
  const seenBy = ({ runs }: Recorded): { readonly trained: number[]; readonly evaluated: number[] } => ({
    trained: runs.flatMap(({ rows }) => (rows ? Array.from(rows.data as Int32Array) : [])),
    evaluated: runs.flatMap(({ rows, images }) => (rows || !images ? [] : [images.shape[0]])),
  });

  test("without other images, a tenth of them is kept from training, drawn by the seed", async () => {
    const kept = async (count: number, seed: number): Promise<number[]> => {
      const spy = recorded(runtime);
      const images = spots(count);
      const { training } = await fit(images, options("vanilla-ae", { seed }), { runtime: spy.runtime });
      const trained = new Set(seenBy(spy).trained);
      const others = Array.from({ length: count }, (_, i) => i).filter((i) => !trained.has(i));
      expect(training.validation).toBe(`${others.length} of the images, which were not trained on`);
      // They are what the validation loss is taken on.
      const [evaluated] = spy.runs.flatMap(({ rows, images: block }) => (rows ? [] : [block]));
      const length = images.pixels.length / count;
      expect([...(evaluated.data as Uint8Array)]).toEqual(
        others.flatMap((i) => [...images.pixels.subarray(i * length, (i + 1) * length)]),
      );
      return others;
    };
    const first = await kept(40, 1);
    expect(first.length).toBe(4);
    expect(await kept(40, 1)).toEqual(first);
    expect(await kept(40, 2)).not.toEqual(first);
    expect((await kept(29, 1)).length).toBe(2);
    expect((await kept(2, 1)).length).toBe(1);
  });

  test("given validation images are used whole, up to 5,000, and all images are trained", async () => {
    const shape = { height: 2, width: 1, channels: 1 };
    for (const [given, used] of [
      [3, 3],
      [5003, 5000],
    ] as const) {
      const spy = recorded(runtime);
      const network = { epochs: 1, codeSize: 1, batch: 8 };
      const validation = spots(given, shape, 9);
      const chosen = options("vanilla-ae", { network, validation });
      const { training } = await fit(spots(12, shape), chosen, { runtime: spy.runtime });
      const { trained, evaluated } = seenBy(spy);
      expect(trained.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
      // The last but one is the unfolding of the first ten images, the last the codes of all.
      expect(evaluated.slice(-2)).toEqual([10, 12]);
      expect(evaluated.slice(0, -2).reduce((sum, size) => sum + size, 0)).toBe(used);
      expect(training.validation).toBe(`${used} images of the validation split`);
    }
  });

  test("the validation loss is that of the kept epoch's reconstructions", async () => {
    const validation = spots(9, small, 3);
    const model = await fit(spots(30), options("deep-ae", { validation }), { runtime });
    const { errors } = await reconstruct(model, validation, { runtime });
    const mean = errors.reduce((sum, error) => sum + error / 9, 0);
    const { keptEpoch, epochs } = model.training;
    expect(epochs[keptEpoch - 1].validationLoss).toBeCloseTo(mean, 6);
    expect(epochs[keptEpoch - 1].validationLoss).toBe(Math.min(...epochs.map((e) => e.validationLoss)));
  });

  test("steps, drained, give the fit, and the fit reports the same steps; the images stay as they were", async () => {
    const images = spots(40);
    const copy = images.pixels.slice();
    const reported: AutoencoderProgress[] = [];
    const context = { runtime, onProgress: (step: TrainingProgress) => reported.push(step) };
    const model = await fit(images, options("vae"), context);
    const seen: AutoencoderProgress[] = [];
    const fitted = await drain(steps(images, options("vae"), { runtime }), (step) => seen.push(step));
    expect(comparable(fitted.model)).toEqual(comparable(model));
    const plain = (all: AutoencoderProgress[]): object[] =>
      all.map(({ checkpoint, glimpse, ...step }) => step);
    expect(plain(seen)).toEqual(plain(reported));
    expect(reported.length).toBeGreaterThanOrEqual(3);
    expect(images.pixels).toEqual(copy);
  });

  test("a clone of the model gives the codes of the model", async () => {
    const images = spots(20);
    const model = await fit(images, options("sparse-ae"), { runtime });
    const clone = structuredClone(model);
    expect(clone).toEqual(model);
    expect(await encode(clone, images, { runtime })).toEqual(await encode(model, images, { runtime }));
  });

  test("the first images are kept as the epochs go by", async () => {
    const images = spots(30);
    const network = { ...tiny["deep-ae"], epochs: 5 };
    const { unfolding, model } = await drain(steps(images, options("deep-ae", { network }), { runtime }));
    expect(unfolding.epochs).toEqual([1, 2, 5]);
    expect(unfolding.images.map(({ count, height, width }) => [count, height, width])).toEqual(
      new Array(3).fill([10, 9, 7]),
    );
    expect(model.training.keptEpoch).toBe(5);
    const { images: again } = await reconstruct(model, images, { runtime });
    const last = unfolding.images[2].pixels;
    expect(last.every((byte, i) => Math.abs(byte - again.pixels[i]) <= 1)).toBe(true);
  });

  test("dimensions of the code that no image moves are named", async () => {
    // All images light one pixel, so a relu of the code whose weight there starts below 0 never wakes up.
    const pixels = new Uint8Array(40 * 63);
    for (let i = 0; i < 40; i++) pixels[i * 63 + 31] = 20 + 5 * i;
    const images = imagesOf(pixels, small);
    const { parameters, training } = await fit(images, options("vanilla-ae"), { runtime });
    const weights = parameters["encoder.0.weights"].data;
    const biases = parameters["encoder.0.bias"].data;
    const spread = Array.from({ length: 8 }, (_, unit) => {
      const values = Array.from({ length: 40 }, (_, i) =>
        Math.max(0, ((20 + 5 * i) / 255) * weights[31 * 8 + unit] + biases[unit]),
      );
      const mean = values.reduce((sum, value) => sum + value / 40, 0);
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2 / 40, 0));
    });
    const dead = spread.flatMap((value, unit) => (value === 0 ? [unit] : []));
    expect(dead.length).toBeGreaterThan(0);
    expect(dead.length).toBeLessThan(8);
    expect(training.deadDimensions).toEqual(dead);
    training.codeSpread.forEach((value, unit) => expect(value).toBeCloseTo(spread[unit], 6));
  });

  test("images of 200 x 150 in colour are trained on", async () => {
    const images = spots(3, { height: 200, width: 150, channels: 3 });
    const network = { codeSize: 2, epochs: 1, batch: 2 };
    const { training, image } = await fit(images, options("vanilla-ae", { network }), { runtime });
    expect(image).toEqual({ height: 200, width: 150, channels: 3 });
    expect(training.parameters).toBe(2 * 90_000 * 2 + 2 + 90_000);
    expect(training.epochs.length).toBe(1);
  });

  test("too few images, and validation images of another size, are refused", async () => {
    const refused = (set: ImageSet, validation: ImageSet | undefined, message: string): Promise<unknown> =>
      expect(fit(set, options("vanilla-ae", { validation }), { runtime })).rejects.toThrow(
        new InputError(`autoencoder.fit: ${message}`),
      );
    await refused(spots(1), undefined, "there must be at least 2 images; got 1.");
    await refused(spots(0), undefined, "there must be at least 2 images; got 0.");
    await refused(spots(4), spots(0), "there must be at least 1 validation image; got 0.");
    await refused(
      spots(4),
      spots(4, { height: 7, width: 9, channels: 1 }),
      "validation images must be 9 x 7 x 1 (height x width x channels), as those to train on; got 7 x 9 x 1.",
    );
  });

  test("options that are wrong are refused before anything runs", async () => {
    const spy = recorded(runtime);
    const refused = (more: Partial<AutoencoderFitOptions>, message: RegExp): Promise<unknown> =>
      expect(fit(spots(4), options("vanilla-ae", more), { runtime: spy.runtime })).rejects.toThrow(message);
    await refused({ architecture: "dense" }, /^autoencoder\.fit: architecture must be one of vanilla-ae, /);
    await refused({ network: { epochs: 0 } }, /^autoencoder\.fit: epochs must be an integer in 1\.\./);
    await refused({ seed: -1 }, /seed must be an integer in 0\.\.9007199254740991; got -1\.$/);
    expect(spy.runs).toEqual([]);
  });

  test("a learning rate that is far too large stops with its remedy, and leaves nothing open", async () => {
    const spy = recorded(runtime);
    const network = { ...tiny["deep-ae"], learningRate: 1e30 };
    const failure = fit(spots(20), options("deep-ae", { network }), { runtime: spy.runtime });
    await expect(failure).rejects.toThrow(NumericalError);
    await expect(failure).rejects.toThrow(
      /in epoch 1, minibatch 2 of 3, .*lower the learning rate \(now 1e\+30\)\.$/,
    );
    expect(spy.open()).toBe(0);
  });

  test("a signal cancels, and leaving early ends: nothing stays open", async () => {
    const spy = recorded(runtime);
    const signal = AbortSignal.abort();
    await expect(fit(spots(20), options("vae"), { runtime: spy.runtime, signal })).rejects.toThrow(
      CancelledError,
    );
    expect(spy.runs).toEqual([]);
    expect(spy.open()).toBe(0);
    const generator = steps(spots(20), options("vae"), { runtime: spy.runtime });
    await generator.next();
    expect(spy.open()).toBe(2);
    await generator.return(undefined as never);
    expect(spy.open()).toBe(0);
    await fit(spots(20), options("vae"), { runtime: spy.runtime });
    expect(spy.open()).toBe(0);
  });

  test("without a runtime, it opens one", async () => {
    const { training } = await fit(spots(10), options("vanilla-ae"));
    expect(training.runtime).toMatch(/^onnxruntime-(node|web) .*, \d+ threads?$/);
  });

  test("after each epoch codes and reconstructions can be looked at, which changes nothing", async () => {
    const images = spots(24);
    const sample = spots(5, small, 9);
    const context = { runtime };
    const looked = steps(images, options("dense-ae"), context);
    const glimpses: { readonly codes: Matrix; readonly reconstructions: ImageSet }[] = [];
    let past: AutoencoderProgress | undefined;
    let next = await looked.next();
    while (!next.done) {
      const { value } = next;
      expect(value.glimpse !== undefined).toBe(value.epochDone);
      if (value.glimpse) {
        past = value;
        const [codes, reconstructions] = [
          await value.glimpse.codes(sample),
          await value.glimpse.reconstructions(sample),
        ];
        glimpses.push({ codes, reconstructions });
        const large = spots(2, { height: 9, width: 8, channels: 1 });
        await expect(value.glimpse.codes(large)).rejects.toThrow(
          new InputError(
            "glimpse: images must be 9 x 7 x 1 (height x width x channels), as those that are trained on; got 9 x 8 x 1.",
          ),
        );
      }
      next = await looked.next();
    }
    await expect(past?.glimpse?.codes(sample)).rejects.toThrow(
      new InputError("glimpse: it must be taken before training goes on; got a step that is past."),
    );
    const { model } = next.value;
    const alone = await fit(images, options("dense-ae"), context);
    expect(comparable(model)).toEqual(comparable(alone));
    // The weights of the last epoch are those that were kept: what was seen then is what the model does.
    expect(model.training.keptEpoch).toBe(glimpses.length);
    const { images: drawn } = await reconstruct(model, sample, context);
    const last = glimpses.at(-1)?.reconstructions.pixels ?? new Uint8Array();
    // Centered or not, in another order of the sums.
    expect(Math.max(...last.map((value, i) => Math.abs(value - drawn.pixels[i])))).toBeLessThanOrEqual(1);
    expect(glimpses.map(({ codes }) => [codes.rows, codes.cols])).toEqual(Array(3).fill([5, 3]));
    expect(glimpses[0].codes.data).not.toEqual(glimpses[2].codes.data);
  });
});
