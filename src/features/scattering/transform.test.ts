import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { CancelledError, InputError, OptionError } from "../../errors.ts";
import { type ImageSet, sliceImages } from "../../images/index.ts";
import { createCompute } from "../../kernels/index.ts";
import { row } from "../../matrix/index.ts";
import { type ScatteringOptions, scattering, scatteringChunks } from "./index.ts";
import { drawnImages, paddedChannel } from "./testing/drawn-images.ts";
import { naiveScattering } from "./testing/naive-scattering.ts";

interface Case {
  readonly name: string;
  readonly shape: readonly [number, number, number, number];
  readonly pixels: readonly number[];
  readonly nScales: number;
  readonly nOrientations: number;
  readonly coefficients: readonly number[];
}
const { cases } = JSON.parse(
  readFileSync(new URL("../../../fixtures/scattering/transforms.json", import.meta.url), "utf8"),
) as { readonly cases: readonly Case[] };

/** Single precision over about twenty operations in a row, and weights below 1e-6 left out. */
const tolerance = 2e-6;

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

/** Largest difference, in terms of the largest expected value. */
function worst(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(got.length).toBe(expected.length);
  const largest = Math.max(...Array.from(expected, Math.abs));
  return Math.max(...Array.from(got, (value, i) => Math.abs(value - (expected[i] as number)))) / largest;
}

/** Whether two arrays are equal, number by number; far faster than the test runner's own comparison. */
function same(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** More images than a chunk takes, with few coefficients for each pixel: 3 x 32 x 32 of 64 x 64. */
const plain: ScatteringOptions = { nScales: 1, nOrientations: 2 };
const manyImages = (): ImageSet => {
  const { pixels, ...shape } = drawnImages({ count: 10, height: 64, width: 64, channels: 1 });
  const all = new Uint8Array(137 * pixels.length);
  for (let at = 0; at < all.length; at += pixels.length) all.set(pixels, at);
  return { ...shape, count: 1370, pixels: all };
};

/** One 32 x 32 image, without any padding, from a formula for its bytes. */
function square(byte: (y: number, x: number) => number): ImageSet {
  const pixels = Uint8Array.from({ length: 1024 }, (_, i) => Math.round(byte(Math.floor(i / 32), i % 32)));
  return { count: 1, height: 32, width: 32, channels: 1, pixels };
}

describe("by hand", () => {
  test("a constant image is its own low-pass, and nothing oscillates in it", async () => {
    const { data, cols } = await scattering(square(() => 51));
    expect(cols).toBe(217 * 16);
    expect(worst(data.subarray(0, 16), new Array(16).fill(0.2))).toBeLessThan(tolerance);
    expect(Math.max(...data.subarray(16).map(Math.abs))).toBeLessThan(tolerance);
  });

  test("a grating answers in the wavelet of its frequency and direction, with the wavelet's gain and half of its amplitude", async () => {
    // 6 waves over 32 rows: 3/8 pi per pixel, the frequency of scale 1; its direction, down the rows, is orientation 3 of 8.
    const { data } = await scattering(square((y) => 128 + 120 * Math.cos((2 * Math.PI * 6 * y) / 32)));
    const means = Array.from({ length: 24 }, (_, path) => data[16 + 16 * path] as number);
    expect(means.indexOf(Math.max(...means))).toBe(8 + 3);
    // The gain is 1 less the share of the envelope, exp(-(s xi)^2 / 2), times the envelope's own value, which is the same.
    const gain = 1 - Math.exp(-((0.8 * 0.75 * Math.PI) ** 2));
    expect(means[11]).toBeCloseTo((gain * 120) / 255 / 2, 3);
  });
});

describe("reference", () => {
  test.each(cases)("coefficients are those of whole convolutions in NumPy: $name", async (given) => {
    const [count, height, width, channels] = given.shape;
    const { nScales, nOrientations } = given;
    const images = { count, height, width, channels, pixels: Uint8Array.from(given.pixels) };
    const { rows, data } = await scattering(images, { nScales, nOrientations }, { compute });
    expect(rows).toBe(count);
    expect(worst(data, given.coefficients)).toBeLessThan(tolerance);
  });
});

describe("another way", () => {
  test.each([
    { height: 28, width: 28, channels: 1, options: {}, rows: 32, cols: 32, scales: 3, orientations: 8 },
    { height: 7, width: 9, channels: 3, options: {}, rows: 16, cols: 16, scales: 2, orientations: 8 },
    { height: 1, width: 1, channels: 1, options: {}, rows: 16, cols: 16, scales: 2, orientations: 8 },
    {
      height: 90,
      width: 3,
      channels: 1,
      options: { nScales: 1, nOrientations: 2 },
      rows: 128,
      cols: 8,
      scales: 1,
      orientations: 2,
    },
    {
      height: 16,
      width: 33,
      channels: 4,
      options: { nScales: 2, nOrientations: 2 },
      rows: 16,
      cols: 64,
      scales: 2,
      orientations: 2,
    },
  ])("$height x $width x $channels pixels $options give what definitions give", async (given) => {
    const { height, width, channels, options, rows, cols, scales, orientations } = given;
    const images = drawnImages({ count: channels === 1 ? 2 : 1, height, width, channels }, 3);
    images.pixels[0] = 200;
    images.pixels[images.pixels.length - 1] = 100;
    const got = await scattering(images, options, { compute });
    for (let image = 0; image < images.count; image++) {
      const expected = Array.from({ length: channels }, (_, c) =>
        naiveScattering(paddedChannel(images, image, c, rows, cols), rows, cols, scales, orientations),
      ).flat();
      expect(worst(row(got, image), expected)).toBeLessThan(tolerance);
    }
  });
});

describe("laws", () => {
  test("an image that is moved by places of the grid has its coefficients moved by as many", async () => {
    const image = drawnImages({ count: 1, height: 32, width: 32, channels: 1 });
    const at = (y: number, x: number): number => image.pixels[(y % 32) * 32 + (x % 32)] as number;
    const { data } = await scattering(image, {}, { compute });
    const moved = await scattering(
      square((y, x) => at(y + 8, x + 16)),
      {},
      { compute },
    );
    const expected = data.map((_, i) => {
      const [path, gy, gx] = [i >> 4, (i >> 2) & 3, i & 3];
      return data[path * 16 + ((gy + 1) % 4) * 4 + ((gx + 2) % 4)] as number;
    });
    expect(worst(moved.data, expected)).toBeLessThan(tolerance);
  });

  // The filters hold at most 1.02 of the energy of any frequency (filters.test.ts); a coefficient stands for 8 x 8 pixels.
  test("coefficients of two images differ no more than the images", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1e6 }),
        fc.integer({ min: 0, max: 255 }),
        async (seed, step) => {
          const images = drawnImages({ count: 2, height: 32, width: 32, channels: 1 }, seed);
          // From unlike images to images that differ by noise.
          for (let i = 0; i < 1024; i++) {
            const other = (images.pixels[i] as number) + ((images.pixels[1024 + i] as number) % (step + 1));
            images.pixels[1024 + i] = Math.min(255, other);
          }
          const squared = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
            Array.from(a, (value, i) => (value - (b[i] as number)) ** 2).reduce(
              (sum, value) => sum + value,
              0,
            );
          const coefficients = await scattering(images, {}, { compute });
          const apart = squared(images.pixels.subarray(0, 1024), images.pixels.subarray(1024)) / 255 ** 2;
          expect(64 * squared(row(coefficients, 0), row(coefficients, 1))).toBeLessThanOrEqual(1.02 * apart);
        },
      ),
      { numRuns: 20 },
    );
  });

  test("each channel of colour is transformed as if it were alone", async () => {
    const images = drawnImages({ count: 5, height: 12, width: 20, channels: 3 });
    const { data, cols } = await scattering(images, {}, { compute });
    for (let c = 0; c < 3; c++) {
      const pixels = images.pixels.filter((_, i) => i % 3 === c);
      const alone = await scattering({ ...images, channels: 1, pixels }, {}, { compute });
      expect(alone.cols * 3).toBe(cols);
      for (let i = 0; i < 5; i++) {
        const from = i * cols + c * alone.cols;
        expect(same(data.subarray(from, from + alone.cols), row(alone, i))).toBe(true);
      }
    }
  });

  test("an image's coefficients are the same bytes in any company, and on 1, 2 and 3 threads", async () => {
    const images = drawnImages({ count: 11, height: 17, width: 28, channels: 1 });
    const together = await scattering(images, {}, { compute });
    for (let i = 0; i < 11; i++) {
      const alone = await scattering(sliceImages(images, i, i + 1), {}, { compute });
      expect(same(alone.data, row(together, i))).toBe(true);
    }
    for (const threads of [1, 3]) {
      const other = createCompute({ threads });
      expect(same((await scattering(images, {}, { compute: other })).data, together.data)).toBe(true);
      other.close();
    }
  });

  test("chunks follow one another and hold all rows; the images stay as they were", async () => {
    const images = manyImages();
    const before = images.pixels.slice();
    const seen: number[] = [];
    const whole = await scattering(images, plain, { compute, onProgress: (step) => seen.push(step.images) });
    let next = 0;
    const sizes: number[] = [];
    for await (const chunk of scatteringChunks(images, plain, { compute })) {
      sizes.push(chunk.rows);
      const rows = whole.data.subarray(next * chunk.cols, (next + chunk.rows) * chunk.cols);
      expect(same(chunk.data, rows)).toBe(true);
      next += chunk.rows;
    }
    expect([sizes, seen]).toEqual([
      [1364, 6],
      [1364, 1370],
    ]);
    expect(images.pixels.every((byte, i) => byte === before[i])).toBe(true);
  });
});

describe("edges", () => {
  const images = drawnImages({ count: 3, height: 28, width: 28, channels: 1 });

  test.each([
    [{ nScales: 0 }, "nScales must be an integer in 1..6; got 0."],
    [{ nScales: 7 }, "nScales must be an integer in 1..6; got 7."],
    [{ nScales: 2.5 }, "nScales must be an integer in 1..6; got 2.5."],
    [{ nOrientations: 7 }, "nOrientations must be an even integer in 2..16; got 7."],
    [{ nOrientations: 18 }, "nOrientations must be an even integer in 2..16; got 18."],
    [{ scales: 3 }, 'every option must be one of nScales, nOrientations; got "scales".'],
  ] as const)("%o is an OptionError", async (options, message) => {
    const failing = scattering(images, options as ScatteringOptions);
    await expect(failing).rejects.toThrow(OptionError);
    await expect(failing).rejects.toThrow(`scattering: ${message}`);
  });

  test.each([
    [{ ...images, count: 0 }, "images must be at least one, of at least one pixel; got 0 x 28 x 28 x 1."],
    [{ ...images, count: 4 }, "images of 4 x 28 x 28 x 1 must hold 3136 bytes; got 2352."],
    [
      drawnImages({ count: 1, height: 257, width: 2, channels: 1 }),
      "sides of images must be at most 256 pixels; got 257 x 2. Bring them to a smaller size first (--size).",
    ],
  ])("images of no use are an InputError", async (given, message) => {
    const failing = scattering(given);
    await expect(failing).rejects.toThrow(InputError);
    await expect(failing).rejects.toThrow(`scattering: ${message}`);
  });

  test("black images have coefficients of 0", async () => {
    const { data } = await scattering({ ...images, pixels: new Uint8Array(3 * 784) }, {}, { compute });
    expect(data.every((value) => value === 0)).toBe(true);
  });

  test("the call is cancelled by its signal, before and between chunks", async () => {
    const controller = new AbortController();
    const chunks = scatteringChunks(manyImages(), plain, { compute, signal: controller.signal });
    await chunks.next();
    controller.abort();
    await expect(chunks.next()).rejects.toThrow(CancelledError);
    await expect(scattering(images, {}, { signal: controller.signal })).rejects.toThrow(
      "scattering: cancelled by the caller.",
    );
  });
});
