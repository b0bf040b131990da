import { join } from "node:path";
import type { ImageSource } from "unlabeled";
import { dataSetPath, listDataSets, openSource, type SourceOptions } from "unlabeled/node";
import { describe, expect, test } from "vitest";

const folder = process.env.UNLABELED_DATA;
const digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
const clothes = "T-shirt/top, Trouser, Pullover, Dress, Coat, Sandal, Shirt, Sneaker, Bag, Ankle boot".split(
  ", ",
);

const firstLabels = ({ images }: ImageSource): number[] => [...(images.labels ?? []).slice(0, 5)];
const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

describe.skipIf(!folder)("the real data sets in UNLABELED_DATA", () => {
  test.each([
    ["mnist", "train", 60_000, [5, 0, 4, 1, 9], digits],
    ["mnist", "test", 10_000, [7, 2, 1, 0, 4], digits],
    ["fashion-mnist", "train", 60_000, [9, 0, 0, 3, 0], clothes],
    ["fashion-mnist", "test", 10_000, [9, 2, 1, 1, 6], clothes],
  ] as const)("%s %s holds %i images of 28 x 28 that begin with the classes %j", async (...row) => {
    const [name, split, count, labels, classNames] = row;
    const source = await openSource(name, { split });
    expect(source).toMatchObject({ name, location: name, split });
    expect(source.images).toMatchObject({ count, height: 28, width: 28, channels: 1, classNames });
    expect(source.images.pixels.length).toBe(count * 784);
    expect(source.images.labels?.length).toBe(count);
    expect(firstLabels(source)).toEqual(labels);
  });

  test.each([
    ["mnist", "3593b0b83a41f1eddd13b7f2b6b9ce4a0036034d03601159b17d6224b45b5cc7"],
    ["fashion-mnist", "0c78bff8c3dd8c55f0808098bdcf01f018720ad25718fb72ecf1d5721c28c212"],
  ])("all of %s is train, then test, validation before holdout, and has its digest", async (name, sha256) => {
    const open = (options: SourceOptions): Promise<ImageSource> => openSource(name, options);
    const all = await open({});
    const { pixels, labels } = all.images;
    expect(all.images.count).toBe(70_000);
    expect(all.sha256).toBe(sha256);
    const places = {
      train: [0, 60_000],
      test: [60_000, 70_000],
      validation: [60_000, 65_000],
      holdout: [65_000, 70_000],
    };
    for (const split of ["train", "test", "validation", "holdout"] as const) {
      const [from = 0, to = 0] = places[split];
      const { images } = await open({ split });
      expect(images.count).toBe(to - from);
      expect(sameBytes(images.pixels, pixels.subarray(from * 784, to * 784))).toBe(true);
      expect(
        Buffer.compare(Buffer.from(images.labels ?? []), Buffer.from(labels?.subarray(from, to) ?? [])),
      ).toBe(0);
    }
  });

  test("the folder and its files hold the same images as the name", async () => {
    const byName = await openSource("mnist", { split: "test" });
    const path = join(folder ?? "", "mnist");
    expect((await openSource(path, { split: "test" })).sha256).toBe(byName.sha256);
    const file = await openSource(join(path, "t10k-images-idx3-ubyte.gz"));
    expect(file).toMatchObject({ name: "t10k-images-idx3-ubyte", sha256: byName.sha256 });
  });

  test("they are found where the variable says", async () => {
    for (const name of ["mnist", "fashion-mnist"]) {
      expect(await dataSetPath(name)).toBe(join(folder ?? "", name));
      const status = (await listDataSets()).find((set) => set.name === name);
      expect(status?.folder).toBe(join(folder ?? "", name));
    }
  });
});
