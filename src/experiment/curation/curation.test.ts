import { describe, expect, test } from "vitest";
import { type ImageSet, strokes, takeImages } from "../../images/index.ts";
import { type CurationInput, curate, nearDuplicates } from "./index.ts";

/** Drawn digits, with changed copies of some at the end: of 3 an equal one, of 5 two that differ in few pixels. */
function withCopies(): ImageSet {
  const images = takeImages(strokes({ count: 60 }), [...Array(60).keys(), 3, 5, 5]);
  const pixels = images.pixels.slice();
  const length = images.height * images.width;
  for (const [copy, step] of [
    [61, 40],
    [62, 60],
  ] as const) {
    for (let j = copy * length; j < (copy + 1) * length; j += 97) {
      pixels[j] = Math.abs((pixels[j] as number) - step);
    }
  }
  return { ...images, pixels };
}

describe("near duplicates", () => {
  test("are equal images and those that differ by little; the rest are not", async () => {
    const { groups, shares, sampled } = await nearDuplicates(withCopies(), {});
    expect(groups.map((group) => Array.from(group))).toEqual([
      [5, 61, 62],
      [3, 60],
    ]);
    expect(shares.get(3)).toBe(0);
    expect(shares.get(61)).toBeGreaterThan(0);
    expect(shares.get(61)).toBeLessThan(0.25);
    expect(sampled).toBeUndefined();
  });

  test("of vectors are sought in their numbers, not in their pictures", async () => {
    const data = Float32Array.from({ length: 40 * 3 }, (_, i) => Math.sin(i * i));
    data.set(data.subarray(0, 3), 39 * 3);
    const pixels = new Uint8Array(40 * 3);
    const images = {
      count: 40,
      height: 1,
      width: 3,
      channels: 1,
      pixels,
      values: { rows: 40, cols: 3, data },
    };
    const { groups } = await nearDuplicates(images, {});
    expect(groups.map((group) => Array.from(group))).toEqual([[0, 39]]);
  });

  test("among few images are only the equal ones", async () => {
    const pixels = Uint8Array.of(10, 11, 10, 200);
    const { groups } = await nearDuplicates({ count: 4, height: 1, width: 1, channels: 1, pixels }, {});
    expect(groups.map((group) => Array.from(group))).toEqual([[0, 2]]);
  });
});

describe("curation", () => {
  const count = 20;
  const images: ImageSet = {
    count,
    height: 1,
    width: 1,
    channels: 1,
    pixels: Uint8Array.from({ length: count }, (_, i) => i * 12),
  };
  const labels = Int32Array.from({ length: count }, (_, i) => (i < 10 ? 0 : 1));
  const margins = Float64Array.from({ length: count }, (_, i) => 1 - i / 100);
  // Quartiles of 0..9 are 2.25 and 6.75: beyond 6.75 + 1.5 * 4.5 = 13.5 lies only the last of the second ten.
  const distances = Float64Array.from({ length: count }, (_, i) => (i === 19 ? 15.75 : i % 10));
  const input: CurationInput = { images, labels, margins, distances, nClusters: 2, clusters: [] };

  test("lists what lies beyond the fence of its own cluster, in interquartile ranges", async () => {
    const { rows, exhibit } = await curate(input, {});
    expect(rows).toEqual([{ kind: "outlier", rank: 1, index: 19, score: 2 }]);
    expect(exhibit?.outliers).toMatchObject({ total: 1, clusters: [1], scores: [2] });
    expect(exhibit?.disagreements).toBeUndefined();
  });

  test("lists the labels that their cluster does not share, the most firmly held first", async () => {
    // Cluster 0: seven of class 1, two of class 0 and one unknown; cluster 1: half of each, so nobody disagrees with it.
    const classes = Int32Array.from({ length: count }, (_, i) => (i < 10 ? (i < 2 ? 0 : 1) : i % 2));
    classes[9] = -1;
    const labelled = { ...images, labels: classes, classNames: ["a", "b"] };
    const { rows, exhibit } = await curate({ ...input, images: labelled }, {});
    const found = rows.filter(({ kind }) => kind === "disagreement");
    expect(found.map(({ index, rank }) => [rank, index])).toEqual([
      [1, 0],
      [2, 1],
    ]);
    expect(found[1]?.score).toBeCloseTo((7 / 9) * 0.99, 12);
    expect(exhibit?.disagreements?.majorities).toEqual([1, -1]);
  });

  test("tells which groups lie in several clusters or classes, and shows those first", async () => {
    const pixels = images.pixels.slice();
    pixels[1] = pixels[0] as number;
    pixels[12] = pixels[11] as number;
    pixels[19] = pixels[2] as number;
    const classes = Int32Array.from({ length: count }, (_, i) => (i === 12 ? 1 : 0));
    const set = { ...images, pixels, labels: classes, classNames: ["a", "b"] };
    const { rows, exhibit } = await curate({ ...input, images: set }, {});
    expect(exhibit?.duplicates).toMatchObject({
      total: 3,
      images: 6,
      equal: 3,
      acrossClusters: 1,
      acrossClasses: 1,
    });
    expect(exhibit?.duplicates?.groups.map(({ shown }) => shown.indices)).toEqual([
      [11, 12],
      [2, 19],
      [0, 1],
    ]);
    const grouped = rows.filter(({ kind }) => kind === "near-duplicate");
    expect(grouped.map(({ group, index }) => [group, index])).toEqual([
      [1, 0],
      [1, 1],
      [2, 2],
      [2, 19],
      [3, 11],
      [3, 12],
    ]);
  });
});

test("of no cluster more than a quarter of the pictures is shown while others have some", async () => {
  const count = 320;
  const pixels = Uint8Array.from({ length: count }, (_, i) => i);
  const labels = Int32Array.from({ length: count }, (_, i) => (i < 300 ? 0 : 1));
  // Of the first cluster 60 images lie far beyond its fence, of the second 2, less far.
  const distances = Float64Array.from({ length: count }, (_, i) =>
    i < 240 ? i % 8 : i < 300 ? 1000 : i < 318 ? i % 4 : 20,
  );
  const margins = new Float64Array(count).fill(1);
  const images = { count, height: 1, width: 1, channels: 1, pixels };
  const { exhibit } = await curate({ images, labels, distances, margins, nClusters: 2, clusters: [] }, {});
  expect(exhibit?.outliers?.total).toBe(62);
  expect(exhibit?.outliers?.shown.indices).toEqual([
    ...Array.from({ length: 34 }, (_, i) => 240 + i),
    318,
    319,
  ]);
});
