import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FormatError, InputError } from "../../../errors.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { zipBytes } from "../../testing/zip-bytes.ts";
import type { FilePiece } from "../reader.ts";
import { openZip } from "./index.ts";

async function open(content: Uint8Array | string): ReturnType<typeof openZip> {
  const folder = await temporaryFolder({ "a.zip": content });
  return openZip(join(folder, "a.zip"), {});
}

async function failure(opening: Promise<unknown>): Promise<Error> {
  return opening.then(
    () => new Error("was opened"),
    (error) => error,
  );
}

describe("openZip", () => {
  test.each([false, true])("gives its images in the order of their paths (stored: %s)", async (stored) => {
    const files = [
      ["pets/", ""],
      ["pets/dogs/2.png", "two"],
      ["pets/cats/1.JPG", "one"],
      ["pets/cats/notes.txt", "no image"],
      ["pets/cats/.hidden.png", "no"],
      ["__MACOSX/pets/cats/1.png", "no"],
    ] as const;
    const reader = await open(zipBytes(files, { stored }));
    expect(reader.count).toBe(2);
    for await (const piece of reader.pieces(10)) {
      expect(piece).toMatchObject({ names: ["cats/1.JPG", "dogs/2.png"], classes: ["cats", "dogs"] });
      const contents = await Promise.all((piece as FilePiece).files.map((file) => file.read()));
      expect(contents.map((bytes) => Buffer.from(bytes).toString())).toEqual(["one", "two"]);
    }
    await reader.close();
  });

  test("names with a leading slash or backslashes are paths within it; those that lead out are refused", async () => {
    const reader = await open(
      zipBytes([
        ["b.png", "b"],
        ["c\\d.png", "c"],
      ]),
    );
    for await (const { names } of reader.pieces(10)) expect(names).toEqual(["b.png", "c/d.png"]);
    for (const name of ["../../etc/x.png", "/etc/x.png"]) {
      expect((await failure(open(zipBytes([[name, "a"]])))).message).toContain(
        "must be a whole zip archive; got",
      );
    }
  });

  test("an entry that promises too much, or is damaged, cannot be read", async () => {
    const bytes = Buffer.from(zipBytes([["a.png", "x".repeat(100)]]));
    const reader = await open(bytes.fill(0xff, 36, 40));
    const bomb = Buffer.from(zipBytes([["a.png", "x"]]));
    const at = bomb.indexOf("PK\x01\x02");
    bomb.writeUInt32LE(0x7fffffff, at + 24);
    for (const archive of [reader, await open(bomb)]) {
      for await (const piece of archive.pieces(1)) {
        await expect((piece as FilePiece).files[0]?.read()).rejects.toBeInstanceOf(InputError);
      }
    }
  });

  test.each<[string, number, number, string]>([
    ["is encrypted", 8, 0x801, "encrypted"],
    ["promises more than can be packed so small", 24, 200_000, "more bytes than can be packed so small"],
    ["has more bytes than it promises", 24, 50, "damaged ("],
    ["has fewer bytes than it promises", 24, 150, "damaged ("],
  ])("an entry that %s cannot be read", async (_, place, value, message) => {
    const archive = Buffer.from(zipBytes([["a.png", "x".repeat(100)]]));
    const at = archive.indexOf("PK\x01\x02") + place;
    if (place === 8) archive.writeUInt16LE(value, at);
    else archive.writeUInt32LE(value, at);
    for await (const piece of (await open(archive)).pieces(1)) {
      const error = await failure((piece as FilePiece).files[0]?.read() ?? Promise.resolve());
      expect(error).toBeInstanceOf(InputError);
      expect(error.message).toContain(message);
    }
  });

  test.each<[string, Uint8Array | string, new (message: string) => Error, string]>([
    ["no archive", "text", FormatError, "must be a whole zip archive"],
    ["an empty archive", zipBytes([]), InputError, "got an empty one."],
    ["other files", zipBytes([["a.txt", "x"]]), InputError, "got 1 other files."],
    [
      "half an archive",
      zipBytes([["a.png", "x".repeat(1000)]]).subarray(20),
      FormatError,
      "must be a whole zip",
    ],
  ])("refuses %s", async (_, content, type, message) => {
    const error = await failure(open(content));
    expect(error).toBeInstanceOf(type);
    expect(error.message).toContain(message);
  });
});
