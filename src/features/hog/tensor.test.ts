import { afterAll, expect, test } from "vitest";
import type { ImageSet } from "../../images/index.ts";
import { createCompute } from "../../kernels/index.ts";
import { encodeModel, input, type Runtime, type Tensor } from "../../neural/index.ts";
import { relativeError } from "../../neural/testing/evaluate.ts";
import { describeRuntimes } from "../../neural/testing/runtimes.ts";
import { createRandom } from "../../random/index.ts";
import * as hog from "./index.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

function noise(count: number, height: number, width: number, channels: number): ImageSet {
  const random = createRandom(5);
  const pixels = Uint8Array.from({ length: count * height * width * channels }, (_, at) =>
    // Paper between the noise, and steps along one axis alone.
    at % 7 < 3 ? 0 : random.integer(256),
  );
  return { count, height, width, channels, pixels };
}

async function valuesOf(runtime: Runtime, images: ImageSet, made: (images: Tensor) => Tensor) {
  const { count, height, width, channels, pixels } = images;
  const given = input("images", "uint8", ["batch", height, width, channels]);
  const session = await runtime.load(
    encodeModel({ name: "test", inputs: [given], outputs: { out: made(given) } }),
  );
  const value = { type: "uint8", shape: [count, height, width, channels], data: pixels } as const;
  const { out } = await session.run({ images: value }, { fetch: ["out"] });
  await session.release();
  return out?.data as Float32Array;
}

describeRuntimes("as tensors", (runtime) => {
  test.each([
    [16, 16, 1],
    [11, 17, 3],
    [13, 9, 4],
  ])("descriptors and scores of %i x %i x %i agree with the kernel's", async (height, width, channels) => {
    const images = noise(30, height, width, channels);
    const { data } = await hog.hog(images, {}, { compute });
    const { scores, ...model } = await hog.fit(images, { nComponents: 8, whiten: true }, { compute });
    const descriptors = await valuesOf(runtime(), images, (x) => hog.descriptorTensor(model.design, x));
    expect(relativeError(descriptors, data)).toBeLessThan(3e-6);
    const made = await valuesOf(runtime(), images, (x) => hog.hogTensor(model, x));
    expect(relativeError(made, scores.data)).toBeLessThan(1e-5);
  });
});
