import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { InputError } from "../../errors.ts";
import { writeIdx } from "../../images/index.ts";
import { encodeNpy } from "../../matrix/index.ts";
import { tinyDataSet, tinyFiles } from "../testing/fake-data-set.ts";
import { greyPng } from "../testing/made-images.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { openSource, outlineSource } from "./index.ts";

test("of strokes says what opening gives", async () => {
  const options = { split: "holdout", limit: 7, size: 14 } as const;
  const { images } = await openSource("strokes", options);
  const { count, height, width, channels } = images;
  const outline = { name: "strokes", count, height, width, channels, classes: 10 };
  expect(await outlineSource("strokes", options)).toEqual(outline);
  expect(await outlineSource("strokes", { split: "train" })).toMatchObject({ count: 8000, height: 28 });
  expect(await outlineSource("strokes")).toMatchObject({ count: 10_000, width: 28 });
});

test("of IDX files, plain or compressed, reads no more than the headers", async () => {
  const images = writeIdx({ shape: [50, 70, 90], data: new Uint8Array(50 * 70 * 90) });
  const cut = images.subarray(0, 100); // the images are not there at all
  const folder = await temporaryFolder({
    "train-images-idx3-ubyte": cut,
    "train-labels-idx1-ubyte": writeIdx({ shape: [3], data: Uint8Array.of(0, 4, 2) }),
    "t10k-images-idx3-ubyte.gz": gzipSync(images).subarray(0, 200),
  });
  const size = { height: 64, width: 64, channels: 1, classes: 5 };
  expect(await outlineSource(folder)).toMatchObject({ count: 100, ...size });
  expect(await outlineSource(folder, { split: "validation", size: 8 })).toMatchObject({
    count: 25,
    height: 8,
  });
  const file = join(folder, "train-images-idx3-ubyte");
  expect(await outlineSource(file, { limit: 20 })).toMatchObject({ count: 20, height: 64 });
  await expect(outlineSource(join(folder, "train-labels-idx1-ubyte"))).rejects.toThrow(InputError);
});

test("of a named set looks where it lies, and downloads nothing", async () => {
  const cache = await temporaryFolder();
  const options = { catalogue: [tinyDataSet(["http://localhost:9/"])], dataFolders: { cache } };
  await expect(outlineSource("tiny", options)).rejects.toThrow(
    '"tiny" must be on this machine to be estimated; got it in no data folder. Fetch it first: unlabeled data fetch tiny',
  );
  await mkdir(join(cache, "tiny"));
  for (const [name, content] of Object.entries(tinyFiles))
    await writeFile(join(cache, "tiny", name), content);
  const { images } = await openSource("tiny", options);
  const { count, height, width, channels } = images;
  expect(await outlineSource("tiny", options)).toEqual({
    name: "tiny",
    count,
    height,
    width,
    channels,
    classes: 3,
  });
});

test("of a folder, an array or a table looks at few of its items", async () => {
  const dot = await greyPng(2, 3, new Uint8Array(6));
  const names = Array.from({ length: 300 }, (_, i) => `${i % 3}/${i}.png`);
  // Those that are not looked at are no images.
  const files = names.map((name, i) => [name, i % 100 < 90 ? dot : "x"]);
  const folder = await temporaryFolder(Object.fromEntries(files));
  const shape = { height: 3, width: 2, channels: 1 };
  expect(await outlineSource(folder)).toMatchObject({ ...shape, count: 300, classes: 3 });
  expect(await outlineSource(folder, { limit: 270 })).toMatchObject({ ...shape, count: 270 });
  await expect(outlineSource(folder, { limit: 301, maxBad: "100%" })).rejects.toThrow(
    "limit must be at most",
  );

  const numbers = encodeNpy({ rows: 400, cols: 5, data: new Float32Array(2000) });
  const vectors = { height: 1, width: 5, vectors: true };
  const array = await temporaryFolder({ "x.npy": numbers });
  expect(await outlineSource(join(array, "x.npy"))).toMatchObject({ ...vectors, count: 400 });
});
