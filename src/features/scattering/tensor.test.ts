import { afterAll, expect, test } from "vitest";
import { type ImageSet, sliceImages, strokes } from "../../images/index.ts";
import { createCompute } from "../../kernels/index.ts";
import { encodeModel, input, type Runtime, type Tensor } from "../../neural/index.ts";
import { relativeError } from "../../neural/testing/evaluate.ts";
import { describeNative, describeRuntimes } from "../../neural/testing/runtimes.ts";
import * as view from "./index.ts";
import { checkScatteringOptions } from "./options.ts";
import { coefficientsTensor, scatteringTensor } from "./tensor.ts";
import { drawnImages } from "./testing/drawn-images.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

/** What a model makes of each of some image sets of one shape. */
async function valuesOf(
  runtime: Runtime,
  sets: readonly ImageSet[],
  made: (images: Tensor) => Tensor,
): Promise<Float32Array[]> {
  const [{ height, width, channels }] = sets as [ImageSet];
  const given = input("images", "uint8", ["batch", height, width, channels]);
  const session = await runtime.load(
    encodeModel({ name: "test", inputs: [given], outputs: { out: made(given) } }),
  );
  const values: Float32Array[] = [];
  for (const { count, pixels } of sets) {
    const value = { type: "uint8", shape: [count, height, width, channels], data: pixels } as const;
    const { out } = await session.run({ images: value }, { fetch: ["out"] });
    values.push(out?.data as Float32Array);
  }
  await session.release();
  return values;
}

/** Checks coefficients and view of an image set, and those of its first image alone. */
async function check(runtime: Runtime, images: ImageSet, options: view.ScatteringOptions): Promise<void> {
  const settings = checkScatteringOptions("test", options, images);
  const { data, cols } = await view.scattering(images, options, { compute });
  const sets = [images, sliceImages(images, 0, 1)];
  const [all = [], alone = []] = await valuesOf(runtime, sets, (x) => coefficientsTensor(settings, x));
  expect(relativeError(all, data)).toBeLessThan(3e-6);
  expect(relativeError(alone, data.subarray(0, cols))).toBeLessThan(3e-6);
  const { model, samples } = await view.fit(images, { ...options, nComponents: 8 }, { compute });
  const [made = []] = await valuesOf(runtime, [images], (x) => scatteringTensor(model, x));
  expect(relativeError(made, samples.data)).toBeLessThan(1e-5);
}

const drawn = (height: number, width: number, channels: number): ImageSet =>
  drawnImages({ count: 13, height, width, channels });

describeRuntimes("as tensors", (runtime) => {
  test("coefficients and view of strokes agree with the kernels'", () =>
    check(runtime(), strokes({ count: 9 }), {}));
});

describeNative("as tensors of other shapes", (runtime) => {
  test.each([
    ["20 x 13, padded unevenly", drawn(20, 13, 1), { nOrientations: 6 }],
    ["16 x 16 of three channels, without padding", drawn(16, 16, 3), { nOrientations: 2 }],
    ["maps that are not square", drawn(9, 40, 1), { nScales: 2, nOrientations: 2 }],
    ["one scale, which has no second order", drawn(8, 8, 1), { nScales: 1, nOrientations: 2 }],
    ["wavelets of which many blocks are negligible", drawn(32, 32, 1), { nOrientations: 2 }],
  ])("coefficients and view of %s agree with the kernels'", (_, images, options) =>
    check(runtime(), images, options),
  );
});
