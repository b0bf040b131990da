import { afterAll, describe, expect, test } from "vitest";
import { CancelledError, InputError, OptionError } from "../../errors.ts";
import { sliceImages, strokes, takeImages } from "../../images/index.ts";
import { createCompute } from "../../kernels/index.ts";
import { row } from "../../matrix/index.ts";
import * as pca from "../pca/index.ts";
import { apply, fit, type ScatteringViewOptions, scattering } from "./index.ts";
import { drawnImages } from "./testing/drawn-images.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

const options = { nOrientations: 4, nComponents: 7 };
const images = drawnImages({ count: 60, height: 16, width: 16, channels: 1 });

/** Whether two arrays are equal, number by number; far faster than the test runner's own comparison. */
function same(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

describe("fit", () => {
  test("is scattering, each channel divided by its largest value, and principal components", async () => {
    const { model, samples } = await fit(images, options, { compute });
    const { rows, cols, data } = await scattering(images, { nOrientations: 4 }, { compute });
    const scaled = data.slice();
    for (let channel = 0; channel < cols / 16; channel++) {
      let most = 0;
      for (let i = 0; i < rows; i++) {
        for (let g = 0; g < 16; g++)
          most = Math.max(most, Math.abs(data[i * cols + channel * 16 + g] as number));
      }
      expect(model.channelMaxima[channel]).toBe(most);
      for (let i = 0; i < rows; i++) {
        for (let g = 0; g < 16; g++) {
          const at = i * cols + channel * 16 + g;
          scaled[at] = (data[at] as number) / most;
        }
      }
    }
    const { scores } = await pca.fit({ rows, cols, data: scaled }, { nComponents: 7 }, { compute });
    expect([samples.rows, samples.cols, model.kind]).toEqual([60, 7, "scattering"]);
    const largest = Math.max(...scores.data.map(Math.abs));
    const worst = Math.max(...samples.data.map((value, i) => Math.abs(value - (scores.data[i] as number))));
    expect(worst / largest).toBeLessThan(1e-5); // the factors, rounded, in place of the quotients
  });

  test("the fitted images are as `apply` gives them, alone or together, also with a stored model", async () => {
    const { model, samples } = await fit(images, options, { compute });
    const stored = structuredClone(model);
    expect(same((await apply(stored, images, { compute })).data, samples.data)).toBe(true);
    const some = await apply(stored, sliceImages(images, 13, 15), { compute });
    expect(same(some.data, samples.data.subarray(13 * 7, 15 * 7))).toBe(true);
  });

  test("with fewer images to learn from than there are, only those drawn matter", async () => {
    const settings = { ...options, nFitted: 30, seed: 3 };
    const { model, samples } = await fit(images, settings, { compute });
    expect(model.settings.nFitted).toBe(30);
    expect(model.pca.nSamples).toBe(30);
    const other = await fit(images, { ...settings, seed: 4 }, { compute });
    expect(same(other.model.channelMaxima, model.channelMaxima)).toBe(false);
    expect(samples.rows).toBe(60);
    // Of all images, those drawn can only have smaller maxima.
    const all = await fit(images, options, { compute });
    expect(model.channelMaxima.every((most, c) => most <= (all.model.channelMaxima[c] as number))).toBe(true);
  });

  test("gives the same bytes on 1, 2 and 3 threads", async () => {
    const expected = await fit(images, { ...options, nFitted: 40 }, { compute });
    for (const threads of [1, 3]) {
      const other = createCompute({ threads });
      const got = await fit(images, { ...options, nFitted: 40 }, { compute: other });
      other.close();
      expect(same(got.samples.data, expected.samples.data)).toBe(true);
      expect(got.model).toEqual(expected.model);
    }
  });

  test("tells how many images are done, those to learn from first", async () => {
    const seen: { images: number; of: number }[] = [];
    await fit(images, { ...options, nFitted: 40 }, { compute, onProgress: (step) => seen.push(step) });
    expect(seen).toEqual([
      { images: 40, of: 100 },
      { images: 100, of: 100 },
    ]);
  });

  test("finds the classes of drawn strokes nearer together than pixels do", async () => {
    const drawn = strokes({ count: 100, seed: 5 });
    const { samples } = await fit(drawn, { nComponents: 20 }, { compute });
    const bytes = { rows: 100, cols: 784, data: Float32Array.from(drawn.pixels) };
    expect(nearestShare(samples.data, samples.cols, drawn.labels as Int32Array)).toBeGreaterThan(
      nearestShare(bytes.data, 784, drawn.labels as Int32Array),
    );
  });
});

/** Share of rows whose nearest other row has the same label. */
function nearestShare(data: Float32Array, cols: number, labels: Int32Array): number {
  let right = 0;
  for (let i = 0; i < labels.length; i++) {
    let [best, least] = [-1, Number.POSITIVE_INFINITY];
    for (let j = 0; j < labels.length; j++) {
      let squared = i === j ? Number.POSITIVE_INFINITY : 0;
      for (let c = 0; c < cols; c++)
        squared += ((data[i * cols + c] as number) - (data[j * cols + c] as number)) ** 2;
      if (squared < least) [best, least] = [j, squared];
    }
    if (labels[i] === labels[best]) right++;
  }
  return right / labels.length;
}

describe("edges", () => {
  test("equal images are one point, and black ones learn nothing and fail in nothing", async () => {
    const equal = takeImages(images, new Int32Array(20).fill(7));
    const { samples } = await fit(equal, options, { compute });
    for (let i = 1; i < 20; i++) expect(same(row(samples, i), row(samples, 0))).toBe(true);
    const black = await fit({ ...equal, pixels: new Uint8Array(20 * 256) }, options, { compute });
    expect(black.samples.data.every((value) => value === 0)).toBe(true);
  });

  test("one image has one component", async () => {
    const { samples } = await fit(sliceImages(images, 0, 1), options, { compute });
    expect([samples.rows, samples.cols]).toEqual([1, 1]);
  });

  test.each([
    [{ nComponents: 0 }, "nComponents must be an integer of at least 1; got 0."],
    [{ nFitted: 1 }, "nFitted must be an integer of at least 2; got 1."],
    [{ seed: -1 }, "seed must be an integer in 0..9007199254740991; got -1."],
    [
      { components: 3 },
      'every option must be one of nScales, nOrientations, nComponents, nFitted, seed; got "components".',
    ],
  ] as const)("%o is an OptionError", async (wrong, message) => {
    const failing = fit(images, wrong as ScatteringViewOptions);
    await expect(failing).rejects.toThrow(OptionError);
    await expect(failing).rejects.toThrow(`scattering.fit: ${message}`);
  });

  test("images of another shape than the model's are an OptionError, of none an InputError", async () => {
    const { model } = await fit(images, options, { compute });
    const failing = apply(model, drawnImages({ count: 1, height: 16, width: 17, channels: 1 }));
    await expect(failing).rejects.toThrow(OptionError);
    await expect(failing).rejects.toThrow(
      "scattering.apply: images must be the model's 16 x 16 x 1 (height x width x channels); got 16 x 17 x 1.",
    );
    await expect(apply(model, { ...images, count: 0 })).rejects.toThrow(InputError);
  });

  test("a signal cancels", async () => {
    const controller = new AbortController();
    const failing = fit(
      images,
      { ...options, nFitted: 40 },
      { compute, signal: controller.signal, onProgress: () => controller.abort() },
    );
    await expect(failing).rejects.toThrow(CancelledError);
  });
});
