import { symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { CancelledError, FormatError, InputError, OptionError } from "../../errors.ts";
import { type ImageSource, type Split, strokes, writeIdx } from "../../images/index.ts";
import { compressed, tinyDataSet, tinyFiles } from "../testing/fake-data-set.ts";
import { localServer } from "../testing/local-server.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { namedSources, openSource, type SourceOptions } from "./index.ts";

/** What the first pixel of each image is: in the tiny files, image i is all of brightness i. */
const brightness = ({ images }: ImageSource): number[] =>
  Array.from({ length: images.count }, (_, i) => images.pixels[i * images.height * images.width] ?? -1);

async function failureOf(location: string, options?: SourceOptions): Promise<Error> {
  const error: Error = await openSource(location, options).then(
    () => new Error("was opened"),
    (thrown) => thrown,
  );
  expect(error.message).not.toContain("\n");
  return error;
}

describe("openSource on a folder of IDX files", () => {
  test.each<[Split, number[], number[]]>([
    ["all", [0, 1, 2, 3, 4, 5, 6, 7, 8], [0, 1, 2, 0, 1, 2, 0, 1, 2]],
    ["train", [0, 1, 2, 3, 4], [0, 1, 2, 0, 1]],
    ["test", [5, 6, 7, 8], [2, 0, 1, 2]],
    ["validation", [5, 6], [2, 0]],
    ["holdout", [7, 8], [1, 2]],
  ])("the split %s holds its images and labels, in order", async (split, images, labels) => {
    const folder = await temporaryFolder(compressed());
    const source = await openSource(folder, { split });
    expect(source).toMatchObject({ location: folder, split, name: basename(folder) });
    expect(brightness(source)).toEqual(images);
    expect([...(source.images.labels ?? [])]).toEqual(labels);
    expect(source.images.classNames).toEqual(["0", "1", "2"]);
  });

  test("plain, compressed and dotted names hold the same images", async () => {
    const dotted = Object.fromEntries(
      Object.entries(tinyFiles).map(([name, bytes]) => [name.replace("-idx", ".idx"), bytes]),
    );
    const digests = [];
    for (const files of [tinyFiles, compressed(), dotted]) {
      digests.push((await openSource(await temporaryFolder(files))).sha256);
    }
    expect(new Set(digests).size).toBe(1);
  });

  test("a folder with one part has that part, and all of it", async () => {
    const { "train-images-idx3-ubyte": images = "" } = tinyFiles;
    const folder = await temporaryFolder({ "train-images-idx3-ubyte": images });
    const source = await openSource(folder);
    expect(source.images.count).toBe(5);
    expect(source.images).not.toHaveProperty("labels");
    const error = await failureOf(folder, { split: "holdout" });
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toContain("must be a part that it has; got holdout. Use --split all");
  });

  test.each<[string, Record<string, Uint8Array | string>, string]>([
    ["nothing", {}, "(plain or .gz); got none. Give a folder with images, or one file in it."],
    ["text", { "notes.txt": "x" }, "(plain or .gz); got none. Give a folder with images, or one file in it."],
    ["IDX files of other names", { "emnist-images-idx3-ubyte.gz": "x" }, "got other names. Give one file: "],
    [
      "more labels than images",
      { ...tinyFiles, "t10k-labels-idx1-ubyte": writeIdx({ shape: [5], data: new Uint8Array(5) }) },
      't10k-labels-idx1-ubyte" must hold one label for each of the 4 images; got 5.',
    ],
    [
      "labels for one part only",
      Object.fromEntries(Object.entries(tinyFiles).filter(([name]) => name !== "t10k-labels-idx1-ubyte")),
      "must both have labels, or neither; got labels for train only. Add the missing labels file, or use --split train.",
    ],
    [
      "parts of different sizes",
      { ...tinyFiles, "t10k-images-idx3-ubyte": writeIdx({ shape: [4, 1, 1], data: new Uint8Array(4) }) },
      "both sets must have images of one size; got 2 x 3 x 1 and 1 x 1 x 1.",
    ],
  ])("refuses a folder that holds %s", async (_, files, message) => {
    const error = await failureOf(await temporaryFolder(files));
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toContain(message);
  });

  test("refuses half of a single test image", async () => {
    const folder = await temporaryFolder({
      "t10k-images-idx3-ubyte": writeIdx({ shape: [1, 1, 1], data: Uint8Array.of(1) }),
    });
    const error = await failureOf(folder, { split: "holdout" });
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toContain("must be at least 2 for the split holdout; got 1.");
  });
});

describe("openSource on one file", () => {
  test("takes the labels beside it, and its name without the extensions", async () => {
    const folder = await temporaryFolder({
      "my digits-images.idx3-ubyte.gz": gzipSync(tinyFiles["t10k-images-idx3-ubyte"] ?? ""),
      "my digits-labels.idx1-ubyte": tinyFiles["t10k-labels-idx1-ubyte"] ?? "",
    });
    const source = await openSource(join(folder, "my digits-images.idx3-ubyte.gz"));
    expect(source.name).toBe("my-digits-images");
    expect(brightness(source)).toEqual([5, 6, 7, 8]);
    expect(source.images.labels).toEqual(Int32Array.of(2, 0, 1, 2));
  });

  test("needs no labels", async () => {
    const folder = await temporaryFolder({ images: tinyFiles["t10k-images-idx3-ubyte"] ?? "" });
    expect((await openSource(join(folder, "images"))).images).not.toHaveProperty("labels");
  });

  test.each([
    [{ shape: "2x2" }, "shape must be left out for an IDX file; got 2x2."],
    [{ labelColumn: "kind" }, "labelColumn must be left out for an IDX file; got kind."],
  ])("has no rows of %j", async (options, message) => {
    const folder = await temporaryFolder(tinyFiles);
    const error = await failureOf(join(folder, "t10k-images-idx3-ubyte"), options);
    expect(error.message).toContain(message);
    expect((await failureOf(folder, options)).message).toContain("for a folder");
    expect((await failureOf("strokes", { ...options, limit: 1 })).message).toContain("for a named set");
    const photos = await temporaryFolder({ "a.png": "x" });
    expect((await failureOf(photos, options)).message).toContain("for image files");
    expect((await failureOf(join(photos, "a.png"), options)).message).toContain("for an image file");
  });

  test("has no parts", async () => {
    const folder = await temporaryFolder(tinyFiles);
    const error = await failureOf(join(folder, "train-images-idx3-ubyte"), { split: "train" });
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toContain(
      "split must be all for a single file; got train. Give a named set, a folder of IDX files",
    );
  });

  test.each<[string, Uint8Array | string, new (message: string) => Error, string]>([
    ["notes.txt", "some text", FormatError, ".parquet, .npy, .npz, .zip, or an IDX file; got none of these."],
    ["idx", Uint8Array.of(0, 0, 0, 3), FormatError, "must start with magic 0x0000TTNN"],
    ["cat.JPG", "x", InputError, "of the 1 file of "],
    ["empty", "", FormatError, "got an empty file. Fetch or copy it again."],
    ["damaged.gz", Uint8Array.of(0x1f, 0x8b, 8, 0, 1), FormatError, "must be whole gzip data;"],
    [
      "train-labels-idx1-ubyte",
      tinyFiles["train-labels-idx1-ubyte"] ?? "",
      InputError,
      "One dimension holds labels: give the file of the images.",
    ],
  ])("refuses %s", async (name, content, type, message) => {
    const error = await failureOf(join(await temporaryFolder({ [name]: content }), name));
    expect(error).toBeInstanceOf(type);
    expect(error.message).toContain(message);
  });
});

describe("openSource on names", () => {
  test("knows strokes and the named data sets", () => {
    expect(namedSources).toEqual(["strokes", "mnist", "fashion-mnist"]);
  });

  test("opens a named set under its class names, after downloading it where it is missing", async () => {
    const server = await localServer(compressed("/"));
    const catalogue = [tinyDataSet([server.address])];
    const files: string[] = [];
    const source = await openSource("tiny", {
      catalogue,
      dataFolders: { cache: await temporaryFolder() },
      onProgress: (step) => files.push(step.file),
    });
    expect(source).toMatchObject({ name: "tiny", location: "tiny", split: "all" });
    expect(brightness(source)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(source.images.classNames).toEqual(["dark", "grey", "light"]);
    expect(files).toEqual(Object.keys(tinyFiles));
    expect(server.requests.length).toBe(4);
  });

  test.each([
    ["all", 0, 10_000],
    ["train", 0, 8000],
    ["test", 8000, 2000],
    ["validation", 8000, 1000],
    ["holdout", 9000, 1000],
  ] as const)("draws strokes: %s begins with image %i and has %i", async (split, first, count) => {
    const { images } = await openSource("strokes", { split, limit: 10 });
    expect(images).toEqual(strokes({ first, count: 10 }));
    // That the others have as many: outline-source.test.ts, and to draw them takes long.
    if (count <= 2000) expect((await openSource("strokes", { split })).images.count).toBe(count);
  });

  test.each([
    ["mnits", 'got "mnits", which does not exist. Did you mean "mnist"?'],
    ["stroke", 'got "stroke", which does not exist. Did you mean "strokes"?'],
    ["no/such/folder", 'got "no/such/folder", which does not exist. Check the path.'],
    ["", 'got "", which does not exist. Check the path.'],
  ])("where nothing is called '%s', says what could be meant", async (location, message) => {
    const error = await failureOf(location);
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toBe(
      `openSource: source must be strokes, mnist, fashion-mnist, or the path of a folder or file; ${message}`,
    );
  });

  test("a path that the system does not follow is an error in one line", async () => {
    const folder = await temporaryFolder();
    await symlink(join(folder, "loop"), join(folder, "loop"));
    const error = await failureOf(join(folder, "loop"));
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toContain("must be readable; got links that lead in a circle.");
  });
});

describe("openSource", () => {
  test("limits before it resizes, and records both", async () => {
    const folder = await temporaryFolder(tinyFiles);
    const source = await openSource(folder, { limit: 2, size: 6 });
    expect(source).toMatchObject({ limit: 2, size: 6 });
    expect(source.images).toMatchObject({ count: 2, height: 6, width: 6 });
    expect(source.images.labels).toEqual(Int32Array.of(0, 1));
  });

  test("leaves images up to 64 as they are, and brings greater ones to 64", async () => {
    const large = writeIdx({ shape: [1, 65, 65], data: new Uint8Array(65 * 65) });
    const folder = await temporaryFolder({ large, ...tinyFiles });
    const small = await openSource(folder);
    expect(small.images).toMatchObject({ height: 2, width: 3 });
    expect(small).not.toHaveProperty("size");
    expect(await openSource(join(folder, "large"))).toMatchObject({
      size: 64,
      images: { height: 64, width: 64 },
    });
  });

  test("the digest changes with shape, pixels and labels, and with nothing else", async () => {
    const digest = async (shape: number[], pixels: number[], labels?: number[]): Promise<string> => {
      const folder = await temporaryFolder({
        "train-images-idx3-ubyte": writeIdx({ shape, data: Uint8Array.from(pixels) }),
        ...(labels && { "train-labels-idx1-ubyte": writeIdx({ shape: [2], data: Uint8Array.from(labels) }) }),
      });
      return (await openSource(folder)).sha256;
    };
    // sha256 of "unlabeled images 1\n2 1 2 1 1\n", the bytes 1 2 3 4, and 0 and 1 as 32-bit little-endian integers.
    const first = await digest([2, 1, 2], [1, 2, 3, 4], [0, 1]);
    expect(first).toBe("00eaafa5983c0ea512e2513041323bb858021402947dc357b27ae8257be37875");
    expect(await digest([2, 1, 2], [1, 2, 3, 4], [0, 1])).toBe(first);
    const others = [
      await digest([2, 2, 1], [1, 2, 3, 4], [0, 1]),
      await digest([2, 1, 2], [1, 2, 3, 5], [0, 1]),
      await digest([2, 1, 2], [1, 2, 3, 4], [1, 0]),
      await digest([2, 1, 2], [1, 2, 3, 4]),
      await digest([2, 1, 2, 1], [1, 2, 3, 4]),
    ];
    expect(new Set([first, ...others]).size).toBe(5); // the last two hold the same images
  });

  test("reads arrays of images in pieces into one set, with limit, channels and size", async () => {
    const fixture = (name: string): string =>
      join(import.meta.dirname, "../../../fixtures/sources", `${name}.npy`);
    const whole = (await openSource(fixture("colour"))).images;
    expect(whole).toMatchObject({ count: 4, height: 3, width: 2, channels: 3 });
    expect([...whole.pixels.subarray(0, 4)]).toEqual([15, 71, 127, 124]);
    const some = await openSource(fixture("colour"), { limit: 3, grey: true, size: 6 });
    expect(some).toMatchObject({ limit: 3, size: 6, grey: true });
    expect(some.images).toMatchObject({ count: 3, height: 6, width: 6, channels: 1 });
    const rows = (await openSource(fixture("u1"), { shape: "2x2" })).images;
    expect(rows).toMatchObject({ count: 3, height: 2, width: 2, channels: 1 });
    expect([...rows.pixels.subarray(0, 4)]).toEqual([94, 102, 151, 190]);
    for (const shape of ["2x", "0x4", "2x2x2"]) {
      const error = await failureOf(fixture("u1"), { shape });
      expect(error).toBeInstanceOf(OptionError);
      expect(error.message).toContain(`shape must be HxW or HxWxC (1, 3 or 4 channels)`);
      expect(error.message).toContain(`got "${shape}".`);
    }
  });

  test.each<[SourceOptions, string]>([
    [{ size: 1.5 }, "openSource: size must be an integer in 1.."],
    [{ fit: "squeeze" as "cover" }, "openSource: fit must be one of "],
    [{ scaling: "log" as "none" }, "openSource: scaling must be one of "],
  ])("refuses %o", async (options, message) => {
    const error = await failureOf("strokes", options);
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toContain(message);
  });

  test("refuses a limit of 0, a pattern that says what is not meant, and options of images for vectors", async () => {
    expect((await failureOf("!*.png")).message).toContain("a pattern must say which files are meant");
    const folder = await temporaryFolder({ "a.csv": "1.5,2\n3,4\n" });
    const none = await failureOf(join(folder, "a.csv"), { limit: 0 });
    expect(none.message).toBe("openSource: limit must be an integer from 1 on; got 0.");
    const error = await failureOf(join(folder, "a.csv"), { size: 8 });
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toContain("size must be left out for vectors");
  });

  test("refuses a word that is no split", async () => {
    const error = await failureOf("strokes", { split: "dev" as Split });
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toBe(
      'openSource: split must be one of all, train, test, validation, holdout; got "dev".',
    );
  });

  test("stops when it is cancelled", async () => {
    expect(await failureOf("strokes", { signal: AbortSignal.abort() })).toBeInstanceOf(CancelledError);
  });
});
