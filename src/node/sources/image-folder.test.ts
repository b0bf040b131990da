import { chmod, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { CancelledError, InputError, OptionError } from "../../errors.ts";
import { type ImageSet, resizeImages, strokes, writeIdx } from "../../images/index.ts";
import { greyPng, lyingPng, picture } from "../testing/made-images.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { openSource, type SourceOptions } from "./index.ts";

const open = (location: string, options: SourceOptions = {}) =>
  openSource(location, { noCache: true, ...options });

const failure = (location: string, options?: SourceOptions): Promise<Error> =>
  open(location, options).then(
    () => new Error("was opened"),
    (error) => error,
  );

const dot = (value: number): Promise<Buffer> => greyPng(2, 1, Uint8Array.of(value, 0));
/** The first byte of each image. */
const first = ({ count, pixels }: ImageSet): number[] =>
  Array.from({ length: count }, (_, i) => pixels[(i * pixels.length) / count] as number);

describe("a folder of images", () => {
  test("written as class folders gives the pixels, labels and digest of the array in that order", async () => {
    const drawn = strokes({ count: 40 });
    const order = Array.from({ length: 40 }, (_, i) => i).sort(
      (a, b) => (drawn.labels?.[a] ?? 0) - (drawn.labels?.[b] ?? 0) || a - b,
    );
    const files: Record<string, Uint8Array> = {};
    const sorted = new Uint8Array(40 * 784);
    for (const [place, i] of order.entries()) {
      const pixels = drawn.pixels.subarray(i * 784, (i + 1) * 784);
      sorted.set(pixels, place * 784);
      files[`${drawn.labels?.[i]}/${String(i).padStart(5, "0")}.png`] = await greyPng(28, 28, pixels);
    }
    const idx = await temporaryFolder({
      "train-images-idx3-ubyte": writeIdx({ shape: [40, 28, 28], data: sorted }),
      "train-labels-idx1-ubyte": writeIdx({
        shape: [40],
        data: Uint8Array.from(order, (i) => drawn.labels?.[i] ?? 0),
      }),
    });
    const folder = await temporaryFolder(files);
    for (const size of [undefined, 20]) {
      const [fromFiles, fromIdx] = [await open(folder, { size }), await open(idx, { size })];
      expect(fromFiles.sha256).toBe(fromIdx.sha256);
      expect(fromFiles.images.classNames).toEqual(fromIdx.images.classNames);
    }
    expect((await open(folder)).images.files?.slice(0, 2)).toEqual(Object.keys(files).sort().slice(0, 2));
  });

  test("lists nested images by path, and leaves out hidden files and others", async () => {
    const names = ["b.PNG", "a/x.png", "a/b/y.jpg", "a/Ä \n\"'.png", "a/猫.png"];
    const folder = await temporaryFolder({
      ...Object.fromEntries(await Promise.all(names.map(async (name) => [name, await dot(9)]))),
      ".hidden.png": "x",
      ".git/x.png": "x",
      "notes.txt": "x",
    });
    const source = await open(folder);
    expect(source.images.files).toEqual([...names].sort());
    expect(source.images).not.toHaveProperty("labels"); // b.PNG lies in no folder
    expect(source).not.toHaveProperty("skipped");
  });

  test("class names that are numbers are sorted by value; one folder alone is no class", async () => {
    const folder = await temporaryFolder({ "10/a.png": await dot(1), "9/a.png": await dot(2) });
    const { images } = await open(folder);
    expect(images.classNames).toEqual(["9", "10"]);
    expect(images.labels).toEqual(Int32Array.of(1, 0)); // by path, 10/ comes first
    await rm(join(folder, "9"), { recursive: true });
    expect((await open(folder)).images).not.toHaveProperty("labels");
  });

  test("follows links to files and folders, each folder once, and none that leads around or up", async () => {
    const outside = await temporaryFolder({ "o.png": await dot(3) });
    const folder = await temporaryFolder({ "real/a.png": await dot(1), "z.txt": "x" });
    await symlink(join(folder, "real/a.png"), join(folder, "link.png"));
    await symlink("nowhere.png", join(folder, "dangling.png"));
    await symlink("..", join(folder, "real/loop"));
    await symlink("/", join(folder, "real/root"));
    await symlink("real", join(folder, "again"));
    await symlink(outside, join(folder, "out"));
    expect((await open(folder)).images.files).toEqual(["link.png", "out/o.png", "real/a.png"]);
  });

  test("limits class folders evenly", async () => {
    const folder = await temporaryFolder({
      "a/1.png": await dot(1),
      "a/2.png": await dot(2),
      "a/3.png": await dot(3),
      "b/4.png": await dot(4),
      "c/5.png": await dot(5),
      "c/6.png": await dot(6),
    });
    expect(first((await open(folder, { limit: 5 })).images)).toEqual([1, 2, 4, 5, 6]);
    expect(first((await open(folder, { limit: 2 })).images)).toEqual([1, 4]);
    expect((await failure(folder, { limit: 7 })).message).toContain("limit must be at most 6");
    expect(await failure(folder, { split: "test" })).toBeInstanceOf(OptionError);
  });

  test("a pattern, a list on standard input and a single file name the same images", async () => {
    const folder = await temporaryFolder({
      "a/x.png": await dot(1),
      "a/y[1].png": await dot(2),
      "b/z.gif": "",
    });
    await symlink("x.png", join(folder, "a/link.png"));
    await symlink(folder, join(folder, "a/loop"));
    const globbed = await open(`${folder}/**/*.png`);
    expect(globbed.images.files).toEqual(["a/link.png", "a/x.png", "a/y[1].png"]);
    expect((await open(`${folder}/a/y\\[1\\].{png,gif}`)).images.files).toEqual(["y[1].png"]);
    const list = async function* (text: string) {
      yield new TextEncoder().encode(text);
    };
    const lines = [`${folder}/a/y[1].png`, `${folder}/a/x.png`];
    const listed = await open("-", { input: list(`${lines.join("\n")}\n`) });
    expect(listed).toMatchObject({ name: "list", images: { files: [...lines].sort() } });
    expect(first((await open("-", { input: list(`${lines[0]}\0`) })).images)).toEqual([2]);
    expect(first((await open(join(folder, "a/x.png"))).images)).toEqual([1]);
    expect((await failure("-", { input: list("\n") })).message).toContain("got nothing");
    const latin1 = async function* () {
      yield Uint8Array.of(0x66, 0xfc, 0x72);
    };
    expect((await failure("-", { input: latin1() })).message).toContain(
      "must be text in UTF-8; got other bytes",
    );
    expect((await failure(`${folder}/*.png`)).message).toContain("must match image files; got none");
  });
});

describe("decoding", () => {
  const one = async (name: string, bytes: Uint8Array, options?: SourceOptions): Promise<ImageSet> =>
    (await open(await temporaryFolder({ [name]: bytes }), options)).images;

  test("grey stays grey where all files are, and becomes colour beside colours", async () => {
    const grey = await greyPng(2, 2, Uint8Array.of(0, 50, 100, 255));
    const colour = await picture(2, 2).png().toBuffer();
    expect(await one("a.png", grey)).toMatchObject({ channels: 1, pixels: Uint8Array.of(0, 50, 100, 255) });
    const folder = await temporaryFolder({ "a.png": grey, "b.png": colour });
    const both = (await open(folder)).images;
    expect([both.channels, ...both.pixels.subarray(0, 6)]).toEqual([3, 0, 0, 0, 50, 50, 50]);
    const asked = (await open(folder, { grey: true })).images;
    expect([asked.channels, asked.pixels[4]]).toEqual([1, Math.round(0.299 * 240)]);
  });

  test("grey that is brought to another size beside colours is the same grey three times", async () => {
    const folder = await temporaryFolder({
      "a.png": await greyPng(
        3,
        4,
        Uint8Array.from({ length: 12 }, (_, i) => 20 * i),
      ),
      "b.png": await picture(5, 2).png().toBuffer(),
      "c.png": await greyPng(2, 2, Uint8Array.of(0, 50, 100, 255)),
    });
    const mixed = (await open(folder)).images;
    expect(mixed).toMatchObject({ count: 3, height: 64, width: 64, channels: 3 });
    const asked = (await open(folder, { size: 64 })).images;
    expect(Buffer.compare(mixed.pixels, asked.pixels)).toBe(0);
    const grey = (await open(folder, { grey: true })).images;
    const firstOf = (every: number): number[] =>
      [...mixed.pixels.subarray(0, 3 * 64 * 64)].filter((_, i) => i % 3 === every);
    for (const c of [0, 1, 2]) expect(firstOf(c)).toEqual([...grey.pixels.subarray(0, 64 * 64)]);
  });

  test("opacity is put onto black, and 16 bits become their upper 8", async () => {
    const alpha = await one("a.png", await picture(4, 4, 4).png().toBuffer());
    expect([alpha.channels, alpha.pixels[0], alpha.pixels[9]]).toEqual([3, 240, 0]);
    const deep = Uint16Array.of(0, 255, 256, 65_535);
    const png = await sharp(deep, { raw: { width: 4, height: 1, channels: 1 } })
      .toColourspace("grey16")
      .png()
      .toBuffer();
    expect([...(await one("a.png", png)).pixels]).toEqual([0, 0, 1, 255]);
  });

  test("turns an image as its EXIF orientation says", async () => {
    const turned = await picture(6, 4).withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toBuffer();
    const { height, width, pixels } = await one("a.jpg", turned);
    expect([height, width]).toEqual([6, 4]);
    expect(pixels[0]).toBeLessThan(100); // the bright corner has gone to the right
    expect(pixels[9]).toBeGreaterThan(150);
  });

  test.each(["jpeg", "webp", "gif", "tiff", "avif", "png"] as const)(
    "reads %s, whatever its name",
    async (format) => {
      const { pixels, ...shape } = await one("a.png", await picture(20, 10).toFormat(format).toBuffer());
      expect(shape).toMatchObject({ count: 1, height: 10, width: 20, channels: 3 });
      expect(Math.abs((pixels[0] as number) - 240)).toBeLessThan(20);
    },
  );

  test("takes the first frame of an animation", async () => {
    const frames = await sharp(Uint8Array.of(200, 0, 0, 0, 0, 200), {
      raw: { width: 1, height: 2, channels: 3, pageHeight: 1 },
    })
      .gif()
      .toBuffer();
    expect(await one("a.gif", frames)).toMatchObject({ height: 1, width: 1 });
  });

  test("different sizes become 64 x 64, and small ones as arrays would", async () => {
    const small = Uint8Array.from({ length: 12 }, (_, i) => i * 20);
    const folder = await temporaryFolder({
      "large.png": await sharp(await picture(200, 100).png().toBuffer())
        .greyscale()
        .toColourspace("b-w")
        .png()
        .toBuffer(),
      "small.png": await greyPng(4, 3, small),
    });
    const source = await open(folder);
    expect(source).toMatchObject({ size: 64, images: { height: 64, width: 64, channels: 1, count: 2 } });
    const { pixels } = source.images;
    expect([...pixels.subarray(0, 16 * 64)].every((value) => value === 0)).toBe(true); // a margin of 16
    expect(pixels[17 * 64]).toBeGreaterThan(0);
    const alone = resizeImages({ count: 1, height: 3, width: 4, channels: 1, pixels: small }, 64);
    expect(Buffer.compare(pixels.subarray(4096), alone.pixels)).toBe(0);
    expect((await open(folder, { size: 64 })).sha256).toBe(source.sha256);
  });

  test("contain, cover and stretch", async () => {
    const folder = await temporaryFolder({ "a.png": await picture(200, 100).png().toBuffer() });
    const [contain, cover, stretch] = await Promise.all(
      (["contain", "cover", "stretch"] as const).map(
        async (fit) => (await open(folder, { size: 50, fit })).images,
      ),
    );
    const at = (set: ImageSet | undefined, y: number, x: number): number =>
      set?.pixels[(y * 50 + x) * 3] ?? -1;
    expect([at(contain, 5, 5), at(contain, 20, 5), at(contain, 20, 45)]).toEqual([0, 240, 20]);
    expect([at(cover, 5, 2), at(cover, 5, 22), at(cover, 5, 27)]).toEqual([240, 240, 20]);
    expect(cover?.pixels[1]).toBeGreaterThan(55); // a quarter of the width is cut
    expect([at(stretch, 5, 5), at(stretch, 40, 5)]).toEqual([240, 20]);
    expect(stretch?.pixels[1]).toBeLessThan(9);
  });
});

describe("files that are no images", () => {
  const bad = async (): Promise<Record<string, Uint8Array | string>> => {
    const jpeg = await picture(90, 70).jpeg().toBuffer();
    return {
      "bomb.png": await lyingPng(100_000, 100_000),
      "empty.jpg": "",
      "lying.png": await lyingPng(300, 200),
      "text.png": "I am a PNG",
      "truncated.jpg": jpeg.subarray(0, jpeg.length / 2),
      "svg.png": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    };
  };

  test("are left out, counted and listed with the reason", async () => {
    const folder = await temporaryFolder({
      ...(await bad()),
      "good.png": await dot(5),
      "gone/x.png": await dot(5),
    });
    await symlink(join(folder, "truncated.jpg"), join(folder, "also.jpg"));
    const source = await open(folder, { maxBad: "90%" });
    expect(source.images.files).toEqual(["gone/x.png", "good.png"]);
    const reasons = Object.fromEntries((source.skipped ?? []).map(({ file, reason }) => [file, reason]));
    expect(Object.keys(reasons)).toEqual(["also.jpg", ...Object.keys(await bad()).sort()]);
    expect(reasons["bomb.png"]).toMatch(/pixel limit/);
    expect(reasons["empty.jpg"]).toBe("an empty file");
    expect(reasons["text.png"]).toMatch(/^not the content of/);
    expect(reasons["svg.png"]).toMatch(/^not the content of/);
    expect(reasons["truncated.jpg"]).toMatch(/premature|truncated|end of/i);
  });

  test("fail above maxBad, naming the first three", async () => {
    const folder = await temporaryFolder({ ...(await bad()), "good.png": await dot(5) });
    const error = await failure(folder);
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toContain("at most 1 % of the 7 files of");
    expect(error.message).toMatch(
      /got \d+: "bomb.png" \(.*\), "empty.jpg" \(an empty file\), "lying.png" \(.*\), and 3 more\./,
    );
    expect(error.message).toContain("--max-bad 85.8%.");
    for (const maxBad of ["85.8", "many", "101%"])
      expect(await failure(folder, { maxBad })).toBeInstanceOf(OptionError);
    expect((await open(folder, { maxBad: "85.8%" })).images.count).toBe(1);
  });

  test("that vanish or are pipes are left out too; cancelling ends all", async () => {
    const folder = await temporaryFolder({
      "a.png": await dot(1),
      "b.png": await dot(2),
      "locked/c.png": await dot(3),
    });
    const list = async function* () {
      yield new TextEncoder().encode([`${folder}/a.png`, `${folder}/none.png`, folder].join("\n"));
    };
    const source = await open("-", { input: list(), maxBad: "70%" });
    expect(source.skipped).toEqual([
      { file: folder, reason: "a folder" },
      { file: `${folder}/none.png`, reason: "nothing there" },
    ]);
    const controller = new AbortController();
    const cancelled = failure(folder, { signal: controller.signal, onDecode: () => controller.abort() });
    expect(await cancelled).toBeInstanceOf(CancelledError);
    if (process.getuid?.() === 0) return; // who may do all is refused nothing
    await chmod(join(folder, "locked"), 0);
    const locked = await open(folder, { maxBad: "50%" });
    await chmod(join(folder, "locked"), 0o700);
    expect(locked.skipped).toEqual([{ file: "locked/", reason: "no permission" }]);
  });
});

describe("the cache of decoded images", () => {
  const settled = { now: () => Date.now() + 10_000 };

  test("gives the same again without decoding, until a file or a setting changes", async () => {
    const cache = await temporaryFolder();
    const folder = await temporaryFolder({
      "a/1.png": await picture(90, 70).png().toBuffer(),
      "b/2.png": await dot(2),
      "b/bad.png": "x",
    });
    let decoded = 0;
    const opened = async (options: SourceOptions = {}) => {
      decoded = 0;
      const onDecode = (step: { done: number }): void => {
        decoded = step.done;
      };
      const dataFolders = { cache };
      const all = { ...settled, dataFolders, maxBad: "50%", onDecode, noCache: false, ...options };
      return { source: await openSource(folder, all), decoded };
    };
    const once = await opened();
    const again = await opened();
    expect([once.decoded, again.decoded]).toEqual([3, 0]);
    expect(again.source).toEqual(once.source);
    expect((await opened({ size: 20 })).decoded).toBe(3);
    expect((await opened({ noCache: true })).decoded).toBe(3);
    await expect(opened({ maxBad: "1%" })).rejects.toThrow("may be unreadable");

    // Another file of the same size and date is another file.
    const [before, date] = [await dot(2), new Date(1e12)];
    await utimes(join(folder, "b/2.png"), date, date);
    await opened();
    const after = await dot(3);
    expect(after.length).toBe(before.length);
    await writeFile(join(folder, "b/2.png"), after);
    await utimes(join(folder, "b/2.png"), date, date);
    const changed = await opened();
    expect(changed.decoded).toBe(3);
    expect(changed.source.sha256).not.toBe(once.source.sha256);
  });

  test("keeps nothing of files that were written just now, and no damaged entry", async () => {
    const cache = await temporaryFolder();
    const folder = await temporaryFolder({ "a.png": await dot(1) });
    const dataFolders = { cache };
    await openSource(folder, { dataFolders });
    await expect(readdir(join(cache, "decoded"))).rejects.toThrow("ENOENT");
    const { sha256 } = await openSource(folder, { dataFolders, ...settled });
    const [name = ""] = await readdir(join(cache, "decoded"));
    const path = join(cache, "decoded", name);
    const whole = await readFile(path);
    for (const at of [0, 9, 20, 60, whole.length - 1]) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] as number) ^ 1;
      await writeFile(path, damaged);
      expect((await openSource(folder, { dataFolders, ...settled })).sha256).toBe(sha256);
      expect(Buffer.compare(await readFile(path), whole)).toBe(0); // written anew
    }
    await writeFile(path, whole.subarray(0, 50));
    expect((await openSource(folder, { dataFolders, ...settled })).sha256).toBe(sha256);
  });

  test("that cannot be written is no error", async () => {
    const folder = await temporaryFolder({ "a.png": await dot(1) });
    const cache = join(folder, "a.png"); // a file in its place
    expect((await openSource(folder, { dataFolders: { cache }, ...settled })).images.count).toBe(1);
  });
});
