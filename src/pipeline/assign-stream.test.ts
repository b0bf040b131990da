import { expect, test } from "vitest";
import { CancelledError } from "../errors.ts";
import { type ImageSet, resizeImages, sliceImages, strokes } from "../images/index.ts";
import { type Assignment, assignImages, assignStream, calibrateChain } from "./index.ts";
import { fitChain } from "./testing/fit-chain.ts";

const images = resizeImages(strokes({ count: 300 }), 16);
const train = sliceImages(images, 0, 200);

async function* cut(sizes: readonly number[]): AsyncGenerator<ImageSet> {
  let from = 0;
  for (const size of sizes) {
    yield sliceImages(images, from, from + size);
    from += size;
  }
}

const numbers = ({ labels, distances, probabilities, familiarities }: Assignment) => [
  labels,
  distances,
  probabilities ?? [],
  familiarities ?? [],
];

test.each(["pixels+kmeans", "pca+gmm", "pca:hog+graph", "pca+umap+kmeans"])(
  "a stream to %s gives the bytes of the whole, however it is cut",
  async (method) => {
    const plain = await fitChain(method, train, { nClusters: 6 });
    const samples = { rows: 200, cols: 256, data: train.pixels, unit: 1 / 255 };
    const fit = await assignImages(plain, train);
    // Whatever it is calibrated with: all clusterers but mixtures look at labels and distances only.
    const chain = method.endsWith("gmm") ? plain : await calibrateChain(plain, samples, fit, {});
    const whole = numbers(await assignImages(chain, images));
    for (const sizes of [[300], [1, 0, 128, 171], [60, 60, 60, 60, 60]]) {
      const parts: ReturnType<typeof numbers>[] = [];
      for await (const piece of assignStream(chain, cut(sizes))) {
        expect(piece.assignment.labels).toHaveLength(piece.images.count);
        parts.push(numbers(piece.assignment));
      }
      whole.forEach((values, what) => {
        expect(parts.flatMap((part) => [...(part[what] ?? [])])).toEqual([...values]);
      });
    }
  },
);

test("a stream ends when it is cancelled", async () => {
  const chain = await fitChain("pixels+kmeans", train, { nClusters: 3 });
  const controller = new AbortController();
  const stream = assignStream(chain, cut([100, 100]), { signal: controller.signal });
  await stream.next();
  controller.abort();
  await expect(stream.next()).rejects.toThrow(CancelledError);
});
