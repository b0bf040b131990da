import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { InputError, OptionError } from "../../errors.ts";
import { concatenateImages, type ImageSet } from "../../images/index.ts";
import { greyPng, picture } from "../testing/made-images.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { openSource, type StreamEnd, type StreamOptions, streamSource } from "./index.ts";

async function streamed(
  location: string,
  options: StreamOptions,
): Promise<{ readonly pieces: ImageSet[]; readonly end: StreamEnd }> {
  const steps = streamSource(location, options);
  const pieces: ImageSet[] = [];
  for (;;) {
    const next = await steps.next();
    if (next.done) return { pieces, end: next.value };
    pieces.push(next.value);
  }
}

const dot = (value: number): Promise<Buffer> => greyPng(2, 1, Uint8Array.of(value, 0));

describe("streamSource", () => {
  test("gives a folder in pieces, with names, and with classes as they come", async () => {
    const folder = await temporaryFolder({
      "a/1.png": await dot(1),
      "a/2.png": await dot(2),
      "a/bad.png": "x",
      "b/3.png": await dot(3),
      "c/4.png": await dot(4),
    });
    const { pieces, end } = await streamed(folder, { chunk: 2, maxBad: "20%" });
    expect(pieces.map(({ files, pixels }) => [files, [...pixels]])).toEqual([
      [
        ["a/1.png", "a/2.png"],
        [1, 0, 2, 0],
      ],
      [["b/3.png"], [3, 0]],
      [["c/4.png"], [4, 0]],
    ]);
    expect(pieces.map(({ labels }) => [...(labels ?? [])])).toEqual([[0, 0], [1], [2]]);
    expect(pieces.map(({ classNames }) => classNames)).toEqual([["a"], ["a", "b"], ["a", "b", "c"]]);
    expect(end).toMatchObject({ count: 4, skipped: [{ file: "a/bad.png" }] });
    await expect(streamed(folder, { chunk: 2 })).rejects.toThrow("may be unreadable; got 1");
    expect((await streamed(folder, { chunk: 9, limit: 3, maxBad: "50%" })).end.count).toBe(3);
  });

  test("gives what openSource gives, in the shape of a run", async () => {
    const folder = await temporaryFolder({
      "1.jpg": await picture(100, 80).jpeg().toBuffer(),
      "2.png": await dot(2),
      "3.png": await dot(3),
    });
    const { images } = await openSource(folder, { noCache: true, size: 20, fit: "cover" });
    const { height, width, channels } = images;
    const { pieces } = await streamed(folder, { chunk: 1, fit: "cover", height, width, channels });
    const joined = pieces.reduce((before, piece) => concatenateImages(before, piece));
    expect(Buffer.compare(joined.pixels, images.pixels)).toBe(0);
    const grey = await streamed(folder, { chunk: 3, height: 5, width: 7, channels: 1 });
    expect(grey.pieces[0]).toMatchObject({ count: 3, height: 5, width: 7, channels: 1 });
  });

  test("gives whole sources in pieces too", async () => {
    const { pieces, end } = await streamed("strokes", { chunk: 30, limit: 70, height: 14, width: 14 });
    expect(pieces.map(({ count, height }) => [count, height])).toEqual([
      [30, 14],
      [30, 14],
      [10, 14],
    ]);
    expect(end).toEqual({ name: "strokes", count: 70, skipped: [], notices: [] });
  });

  test("tells, as openSource does, which columns of a table were taken for names", async () => {
    const file = join(await temporaryFolder({ "t.csv": "id,x,y\na,1,2\nb,3,4\n" }), "t.csv");
    const notices = ['Column "id" is taken as the name of each row.'];
    expect((await streamed(file, { chunk: 1 })).end).toMatchObject({ count: 2, notices });
    expect(await openSource(file)).toMatchObject({ notices, images: { columns: ["x", "y"] } });
    expect(await openSource(file, { idColumn: "id" })).not.toHaveProperty("notices");
  });

  test("takes the first rows of arrays up to a limit, and refuses a limit beyond them", async () => {
    const fixture = (name: string): string =>
      join(import.meta.dirname, "../../../fixtures/sources", `${name}.npy`);
    const whole = (await openSource(fixture("images"))).images;
    const { pieces, end } = await streamed(fixture("images"), { chunk: 2, limit: 3 });
    expect(pieces.map(({ count }) => count)).toEqual([2, 1]);
    expect(pieces.flatMap(({ pixels }) => [...pixels])).toEqual([...whole.pixels.subarray(0, 18)]);
    expect(end.count).toBe(3);
    for (const name of ["images", "u1"]) {
      const beyond = streamed(fixture(name), { chunk: 2, limit: 99 });
      await expect(beyond).rejects.toThrow(/limit must be at most [53], the number of items/);
    }
  });

  test("refuses vectors where the run had images", async () => {
    const vectors = join(import.meta.dirname, "../../../fixtures/sources/u1.npy");
    const reading = streamed(vectors, { chunk: 9, height: 2, width: 2, channels: 1 });
    await expect(reading).rejects.toThrow(InputError);
    await expect(reading).rejects.toThrow(
      "must hold images of 2 x 2 x 1, or vectors of one length; got vectors of 4 numbers",
    );
    expect((await streamed(vectors, { chunk: 9, height: 1, width: 4, channels: 1 })).end.count).toBe(3);
  });

  test("refuses a chunk of nothing, and a source of nothing", async () => {
    await expect(streamed("strokes", { chunk: 0 })).rejects.toThrow(OptionError);
    await expect(streamed(await temporaryFolder(), { chunk: 1 })).rejects.toThrow(InputError);
  });
});
