import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { CancelledError, InputError, OptionError } from "../../errors.ts";
import { type ImageSet, sliceImages, strokes } from "../../images/index.ts";
import { createCompute } from "../../kernels/index.ts";
import { createRandom } from "../../random/index.ts";
import * as pca from "../pca/index.ts";
import * as hog from "./index.ts";
import { naiveHog } from "./testing/naive-hog.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

interface Case {
  readonly name: string;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly cellSize: number;
  readonly pixels: readonly number[];
  readonly descriptors: readonly number[];
}

const { cases } = JSON.parse(
  readFileSync(new URL("../../../fixtures/hog/hog.json", import.meta.url), "utf8"),
) as { readonly cases: readonly Case[] };

function imagesOf(height: number, width: number, channels: number, pixels: ArrayLike<number>): ImageSet {
  return {
    count: pixels.length / (height * width * channels),
    height,
    width,
    channels,
    pixels: Uint8Array.from(pixels),
  };
}

function noise(count: number, height: number, width: number, channels: number, seed = 1): ImageSet {
  const random = createRandom(seed);
  const pixels = Array.from({ length: count * height * width * channels }, () => random.integer(256));
  return imagesOf(height, width, channels, pixels);
}

/** Largest difference of two lists; descriptors lie in [0, 1]. */
function apart(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < theirs.length; i++)
    worst = Math.max(worst, Math.abs((ours[i] as number) - (theirs[i] as number)));
  return worst;
}

describe("descriptors", () => {
  test("of a ramp to the right: all of its gradients run along the axis between the last and the first direction", async () => {
    // 8 x 8 pixels, 4 x 4 cells: 2 x 2 cells, one block. Angle 0 lies half way between -10 and 10 degrees. Inner pixels have
    // a gradient of 2 steps, those at the border 1, so each cell has 4 (1 + 2 + 2 + 2) and every other cell the same.
    const ramp = imagesOf(
      8,
      8,
      1,
      Array.from({ length: 64 }, (_, i) => (i % 8) * 10),
    );
    const { rows, cols, data } = await hog.hog(ramp, {}, { compute });
    expect([rows, cols]).toEqual([1, 36]);
    const half = 1 / Math.sqrt(8);
    for (let cell = 0; cell < 4; cell++) {
      const bins = Array.from(data.subarray(cell * 9, cell * 9 + 9));
      expect(bins).toEqual([half, 0, 0, 0, 0, 0, 0, 0, half].map((value) => expect.closeTo(value, 4)));
    }
  });

  test.each(cases.map((one) => [one.name, one] as const))("numpy's, %s", async (_, one) => {
    const images = imagesOf(one.height, one.width, one.channels, one.pixels);
    const { data } = await hog.hog(images, { cellSize: one.cellSize }, { compute });
    expect(apart(data, one.descriptors)).toBeLessThan(2e-6);
  });

  test("agree with one pixel after another, whatever the size, channels and cells", async () => {
    const shapes = fc.record({
      height: fc.integer({ min: 4, max: 40 }),
      width: fc.integer({ min: 4, max: 40 }),
      channels: fc.constantFrom(1, 3, 4),
      cellSize: fc.integer({ min: 2, max: 9 }),
      seed: fc.integer({ min: 0, max: 1000 }),
    });
    await fc.assert(
      fc.asyncProperty(shapes, async ({ height, width, channels, cellSize, seed }) => {
        const images = noise(3, height, width, channels, seed);
        const { data } = await hog.hog(images, { cellSize }, { compute });
        expect(apart(data, naiveHog(images, cellSize))).toBeLessThan(3e-6);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    [28, 28, 1296],
    [32, 32, 1764],
    [64, 64, 1764],
    [200, 200, 1764],
    [64, 16, 252],
    [8, 8, 36],
    [4, 4, 36],
  ])("of %i x %i pixels have %i features", async (height, width, nFeatures) => {
    expect((await hog.hog(noise(1, height, width, 1), {}, { compute })).cols).toBe(nFeatures);
  });

  test("of an image without edges are 0, and every block of another has a length of at most 1", async () => {
    const flat = imagesOf(12, 12, 1, new Array(144).fill(200));
    expect((await hog.hog(flat, {}, { compute })).data.every((value) => value === 0)).toBe(true);
    const { data } = await hog.hog(noise(5, 30, 30, 3), {}, { compute });
    for (let from = 0; from < data.length; from += 36) {
      const length = Math.sqrt(data.subarray(from, from + 36).reduce((sum, value) => sum + value ** 2, 0));
      expect(length).toBeLessThan(1.000001);
      expect(length).toBeGreaterThan(0.999);
    }
  });

  test("are the same for light on dark as for dark on light, and nearly so for half the contrast", async () => {
    const images = noise(4, 20, 20, 1);
    const { data } = await hog.hog(images, {}, { compute });
    const negative = { ...images, pixels: images.pixels.map((byte) => 255 - byte) };
    expect((await hog.hog(negative, {}, { compute })).data).toEqual(data);
    const even = { ...images, pixels: images.pixels.map((byte) => byte & 254) };
    const faint = { ...images, pixels: even.pixels.map((byte) => byte / 2) };
    const [strong, weak] = [await hog.hog(even, {}, { compute }), await hog.hog(faint, {}, { compute })];
    expect(apart(weak.data, strong.data)).toBeLessThan(1e-6);
  });

  test("see what is black on nothing, by its opacity", async () => {
    const pixels = new Uint8Array(8 * 8 * 4);
    for (let y = 2; y < 6; y++) for (let x = 2; x < 6; x++) pixels[(y * 8 + x) * 4 + 3] = 255;
    const { data } = await hog.hog(imagesOf(8, 8, 4, pixels), {}, { compute });
    expect(Math.max(...data)).toBeGreaterThan(0.1);
  });

  test("of many images do not depend on the threads", async () => {
    const images = noise(40, 28, 28, 1);
    const expected = await hog.hog(images, {}, { compute });
    for (const threads of [1, 3]) {
      const other = createCompute({ threads });
      expect(await hog.hog(images, {}, { compute: other })).toEqual(expected);
      other.close();
    }
  });
});

describe("the view", () => {
  const images = strokes({ count: 2000, seed: 3 });

  test("has the components of the whole descriptors", async () => {
    const few = sliceImages(images, 0, 800); // of several chunks: hog.long.test.ts
    const cellSize = 7;
    const whole = await hog.hog(few, { cellSize }, { compute });
    const { scores, ...model } = await pca.fit(whole, { nComponents: 4 }, { compute });
    const view = await hog.fit(few, { cellSize, nComponents: 4 }, { compute });
    expect(view.pca).toEqual(model);
    expect(view.scores).toEqual(scores);
    expect(view.design.nFeatures).toBe(whole.cols);
  });

  test("gives the images it was fitted to the same scores again, on other threads and by a clone too", async () => {
    const few = sliceImages(images, 0, 300);
    const { scores, ...model } = await hog.fit(few, { cellSize: 7 }, { compute });
    expect(scores.cols).toBe(50);
    const other = createCompute({ threads: 3 });
    expect(await hog.transform(structuredClone(model), few, { compute: other })).toEqual(scores);
    expect(await hog.fit(few, { cellSize: 7 }, { compute: other })).toEqual({ ...model, scores });
    other.close();
  });

  test("components of some images, drawn by the seed, are nearly those of all", async () => {
    const options = { cellSize: 7, nComponents: 3, seed: 5 };
    const all = await hog.fit(images, options, { compute });
    const some = await hog.fit(images, { ...options, nFitted: 1200 }, { compute });
    expect([some.pca.nSamples, some.scores.rows]).toEqual([1200, 2000]);
    for (let c = 0; c < 3; c++) {
      const ratio = (some.pca.explainedVariance[c] as number) / (all.pca.explainedVariance[c] as number);
      expect(Math.abs(ratio - 1)).toBeLessThan(0.1);
    }
    expect(await hog.fit(images, { ...options, nFitted: 9000 }, { compute })).toEqual(all);
  });

  test("one image has one component and a score of 0", async () => {
    const { scores } = await hog.fit(noise(1, 10, 10, 1), {}, { compute });
    expect([scores.rows, scores.cols, scores.data[0]]).toEqual([1, 1, 0]);
  });

  test("refuses images of another size", async () => {
    const model = await hog.fit(noise(10, 10, 10, 1), { nComponents: 2 }, { compute });
    const transforming = hog.transform(model, noise(10, 10, 11, 1), { compute });
    await expect(transforming).rejects.toThrow(OptionError);
    await expect(transforming).rejects.toThrow(
      "hog.transform: images must have the model's 10 x 10 x 1 pixels; got 10 x 11 x 1.",
    );
  });
});

describe("edges", () => {
  test.each([
    [noise(1, 3, 9, 1), "images must be at least 4 x 4 pixels; got 3 x 9. Enlarge them first."],
    [noise(1, 9, 9, 2), "images must have 1, 3 or 4 channels; got 2."],
    [
      { ...noise(1, 9, 9, 1), count: 0, pixels: new Uint8Array(0) },
      "images must be at least one, with all their pixels; got 0 of 9 x 9 x 1 in 0 bytes.",
    ],
    [{ ...noise(1, 9, 9, 1), count: 2 }, "images must be at least one, with all their pixels; got 2 of"],
  ])("images of no use (%#)", async (images, message) => {
    await expect(hog.hog(images, {}, { compute })).rejects.toThrow(InputError);
    await expect(hog.fit(images, {}, { compute })).rejects.toThrow(`hog.fit: ${message}`);
  });

  test.each([
    [{ cellSize: 1 }, "cellSize must be an integer of at least 2; got 1."],
    [{ cellSize: 2.5 }, "cellSize must be an integer of at least 2; got 2.5."],
    [{ nFitted: 0 }, "hog.fit: nFitted must be an integer of at least 1; got 0."],
    [{ nComponents: 0 }, "nComponents must be an integer of at least 1; got 0."],
  ])("options out of range (%#)", async (options, message) => {
    const fitting = hog.fit(noise(5, 9, 9, 1), options, { compute });
    await expect(fitting).rejects.toThrow(OptionError);
    await expect(fitting).rejects.toThrow(message);
  });

  test("an unknown option", async () => {
    await expect(hog.hog(noise(1, 9, 9, 1), { cells: 3 } as never, { compute })).rejects.toThrow(
      'hog: every option must be one of cellSize; got "cells".',
    );
  });

  test("a cancelled call", async () => {
    const signal = AbortSignal.abort();
    await expect(hog.hog(noise(1, 9, 9, 1), {}, { compute, signal })).rejects.toThrow(CancelledError);
    await expect(hog.fit(noise(5, 9, 9, 1), {}, { compute, signal })).rejects.toThrow(CancelledError);
  });

  test("the images are left as they were, and the memory is given back", async () => {
    const images = noise(40, 28, 28, 1);
    const copy = images.pixels.slice();
    for (let round = 0; round < 30; round++) await hog.hog(images, {}, { compute });
    expect(images.pixels).toEqual(copy);
    const { memory } = compute as unknown as { memory: { memory: WebAssembly.Memory } };
    expect(memory.memory.buffer.byteLength).toBeLessThan(256 * 2 ** 20);
  });
});
