import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError, InputError, UnlabeledError } from "../errors.ts";
import { writeIdx } from "../images/index.ts";
import { readIdxFile } from "./idx-file.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const file = writeIdx({
  shape: [40, 10, 10],
  data: Uint8Array.from({ length: 4000 }, (_, i) => (i * i) % 251),
});

async function failureOf(content: Uint8Array): Promise<Error> {
  const folder = await temporaryFolder({ x: content });
  return readIdxFile(join(folder, "x"), "openSource").then(
    () => new Error("was read"),
    (error) => error,
  );
}

function changed(bytes: Uint8Array, changes: Record<number, number>): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (const [index, value] of Object.entries(changes)) copy[Number(index)] = value;
  return copy;
}

describe("readIdxFile", () => {
  test("gives the same bytes for a plain and a compressed file, whatever their names", async () => {
    const folder = await temporaryFolder({ "plain.gz": file, packed: gzipSync(file) });
    expect(await readIdxFile(join(folder, "plain.gz"), "openSource")).toEqual(file);
    expect(await readIdxFile(join(folder, "packed"), "openSource")).toEqual(file);
  });

  test("reads gzip data in several members", async () => {
    const folder = await temporaryFolder({
      x: Uint8Array.of(...gzipSync(file.subarray(0, 9)), ...gzipSync(file.subarray(9))),
    });
    expect(await readIdxFile(join(folder, "x"), "openSource")).toEqual(file);
  });

  test.each<[string, Uint8Array, string]>([
    ["an empty file", new Uint8Array(0), "must be an IDX file; got an empty file."],
    [
      "a file cut off",
      file.subarray(0, 4000),
      "must hold the 4016 bytes that its header promises (40 x 10 x 10 uint8); got 4000.",
    ],
    ["a file that goes on", Uint8Array.of(...file, 0), "got more. The file is damaged"],
    [
      "compressed data cut off",
      gzipSync(file).subarray(0, 300),
      'must be whole gzip data; got "unexpected end of file". The file is damaged',
    ],
    ["a gzip header alone", Uint8Array.of(0x1f, 0x8b), "must be whole gzip data"],
    [
      "a wrong checksum",
      changed(gzipSync(file), { [gzipSync(file).length - 8]: 0 }),
      'got "incorrect data check".',
    ],
    [
      "a compressed file cut off before",
      gzipSync(file.subarray(0, 4000)),
      "promises (40 x 10 x 10 uint8); got 4000.",
    ],
    ["compressed text", gzipSync("text"), "must start with magic"],
    ["compressed nothing", gzipSync(""), "got an empty file"],
    [
      "a header that promises terabytes to a plain file",
      changed(file, { 4: 0xff, 8: 0xff }),
      "must hold the more than 2^53 bytes that its header promises (4278190120 x 4278190090 x 10 uint8); got 4016.",
    ],
    [
      "a header that promises more than compressed data of its size can hold",
      gzipSync(changed(file, { 5: 0x0f })),
      "compressed ones, too few for that. The file is cut off or its header damaged",
    ],
  ])("refuses %s", async (_, content, message) => {
    const error = await failureOf(content);
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain("\n");
  });

  test("stops inflating where the header said that the file ends", async () => {
    const bomb = gzipSync(
      Buffer.concat([writeIdx({ shape: [1, 1, 1], data: Uint8Array.of(1) }), Buffer.alloc(2 ** 26)]),
    );
    const before = process.memoryUsage().arrayBuffers;
    const error = await failureOf(bomb);
    expect(error.message).toContain(
      "must hold the 17 bytes that its header promises (1 x 1 x 1 uint8); got more.",
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 2 ** 20);
  });

  test("a folder and a missing file are errors in the words of the package", async () => {
    const folder = await temporaryFolder();
    for (const [path, got] of [
      [folder, "a folder"],
      [join(folder, "none"), "nothing there"],
      [join(folder, "n".repeat(300)), "a name that is too long"],
    ] as const) {
      const error = await readIdxFile(path, "openSource").then(String, (reason) => reason);
      expect(error).toBeInstanceOf(InputError);
      expect(error.message).toBe(
        `openSource: "${path}" must be a readable file; got ${got}. Check the path, and your right to read it.`,
      );
    }
  });

  test("changed, cut and extended gzip data gives the file or one of our errors", async () => {
    const packed = gzipSync(file);
    const path = join(await temporaryFolder(), "x");
    const change = fc.tuple(fc.nat({ max: packed.length - 1 }), fc.nat({ max: 255 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 3 }),
        fc.nat({ max: packed.length }),
        fc.uint8Array({ maxLength: 4 }),
        async (changes, length, added) => {
          const bytes = changed(packed, Object.fromEntries(changes)).subarray(0, length);
          await writeFile(path, Uint8Array.of(...bytes, ...added));
          const result = await readIdxFile(path, "openSource").catch((error: unknown) => error);
          if (result instanceof Uint8Array) expect(result).toEqual(file);
          else expect(result).toBeInstanceOf(UnlabeledError);
        },
      ),
      { numRuns: 150 },
    );
  });
});
