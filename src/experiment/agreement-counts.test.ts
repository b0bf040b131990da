import { expect, test } from "vitest";
import type { ImageSet } from "../images/index.ts";
import { createRandom } from "../random/index.ts";
import { countAgreement, scoreAgreement, sumOfSquares } from "./index.ts";

const random = createRandom(1).stream("labels");
const count = 200;
const draw = (below: number, from = 0) =>
  Int32Array.from({ length: count }, () => from + random.integer(below));
const clusters = draw(4);
const known = draw(4, -1);
const distances = Float64Array.from(clusters, () => random.float());
const bare = { height: 1, width: 1, channels: 1, pixels: new Uint8Array(count) };

function pieces(labels: Int32Array | undefined): ImageSet[] {
  return [0, 50, 170].map((from, i) => ({
    ...bare,
    count: ([50, 170, count][i] as number) - from,
    // Each piece may know more classes than the one before.
    ...(labels && {
      labels: labels.subarray(from, [50, 170, count][i]),
      classNames: ["a", "b", "c", "d"].slice(0, 3 + Math.min(i, 1)),
    }),
  }));
}

test("counting pieces gives the scores of the whole, to the last bit", () => {
  for (const labels of [known, undefined, known.map(() => -1)]) {
    const counts = countAgreement(4);
    let from = 0;
    for (const images of pieces(labels)) {
      const to = from + images.count;
      counts.add(images, { labels: clusters.subarray(from, to), distances: distances.subarray(from, to) });
      from = to;
    }
    const whole: ImageSet = { ...bare, count, ...(labels && { labels, classNames: ["a", "b", "c", "d"] }) };
    const { metrics, sizes } = scoreAgreement(whole, clusters, 4);
    expect(counts.sizes).toEqual(sizes);
    expect(counts.metrics()).toEqual({ ...metrics, inertia: sumOfSquares(distances) });
  }
});
