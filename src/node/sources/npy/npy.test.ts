import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FormatError, InputError } from "../../../errors.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { zipBytes } from "../../testing/zip-bytes.ts";
import type { Piece, SourceReader } from "../reader.ts";
import type { TableOptions } from "../tables/index.ts";
import { openNpy, openNpz } from "./index.ts";

const fixtures = join(import.meta.dirname, "../../../../fixtures/sources");
const expected: Record<string, { shape: number[]; values: number[] }> = JSON.parse(
  readFileSync(join(fixtures, "expected-arrays.json"), "utf8"),
);

async function all(reader: SourceReader, most = 2): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for await (const piece of reader.pieces(most)) pieces.push(piece);
  await reader.close();
  return pieces;
}

const numbers = (pieces: readonly Piece[]): number[] =>
  pieces.flatMap((piece) => [
    ...(piece.kind === "vectors" ? piece.values.data : piece.kind === "images" ? piece.pixels : []),
  ]);

async function failure(opening: Promise<unknown>): Promise<Error> {
  return opening.then(
    () => new Error("was opened"),
    (error) => error,
  );
}

const openFixture = (name: string, options: TableOptions = {}): Promise<SourceReader> =>
  openNpy(join(fixtures, `${name}.npy`), options);

describe("openNpy", () => {
  const vectors = Object.entries(expected).filter(
    ([name, { shape }]) => shape.length === 2 && name !== "fortran",
  );
  test.each(vectors)("reads the numbers of %s as NumPy does, in pieces", async (name, { shape, values }) => {
    const reader = await openFixture(name);
    expect(reader.count).toBe(shape[0]);
    const pieces = await all(reader);
    expect(pieces.map((piece) => piece.kind === "vectors" && piece.values.rows)).toEqual([2, 1]);
    expect(numbers(pieces)).toEqual(values);
  });

  test.each(["images", "colour"])("reads bytes of several axes as images: %s", async (name) => {
    const { shape, values } = expected[name] as { shape: number[]; values: number[] };
    const pieces = await all(await openFixture(name));
    const [, height, width, channels = 1] = shape;
    expect(pieces[0]).toMatchObject({ kind: "images", count: 2, height, width, channels });
    expect(numbers(pieces)).toEqual(values);
  });

  test("brings floats in 0..1 to bytes", async () => {
    const { values } = expected["unit-images"] as { values: number[] };
    expect(numbers(await all(await openFixture("unit-images")))).toEqual(
      values.map((value) => Math.round(value * 255)),
    );
  });

  test("makes images of rows where a shape is given", async () => {
    const shape = { height: 2, width: 2, channels: 1 };
    const pieces = await all(await openFixture("u1", { shape }));
    expect(pieces[0]).toMatchObject({ kind: "images", count: 2, height: 2, width: 2 });
    expect(numbers(pieces)).toEqual(expected.u1?.values);
    const error = await failure(openFixture("u1", { shape: { ...shape, width: 3 } }));
    expect(error.message).toContain("must have 6 numbers for images of 2 x 3 x 1; got 4");
  });

  test.each<[string, new (message: string) => Error, string]>([
    ["pickled", FormatError, "got Python objects, which are pickled: they could run any program"],
    ["structured", FormatError, "got named fields"],
    ["fortran", InputError, "must be in C order, row after row; got Fortran order."],
    ["channels-first", FormatError, "Where they come first, save numpy.moveaxis(array, 1, -1)."],
    ["missing", InputError, "got nothing there."],
  ])("refuses %s", async (name, type, message) => {
    const error = await failure(openFixture(name));
    expect(error).toBeInstanceOf(type);
    expect(error.message).toContain(message);
  });

  const header = (text: string): Uint8Array => {
    const bytes = Buffer.alloc(128, 0x20);
    bytes.write("\x93NUMPY\x01\x00", "latin1");
    bytes.writeUInt16LE(118, 8);
    bytes.write(text, 10);
    return bytes;
  };
  test.each<[string, Uint8Array | string, string]>([
    ["nothing", "", "got an empty file"],
    ["text", "hello, world, hello", "start with the bytes of an .npy file"],
    [
      "a header of 4 GB",
      Buffer.from("\x93NUMPY\x02\x00\xff\xff\xff\xff", "latin1"),
      "have a header of at most",
    ],
    [
      "a shape beyond the file",
      header("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000, 1000), }"),
      "bytes that its header promises; got 128",
    ],
    ["no rows", header("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 10), }"), "at least one row"],
    ["one axis", header("{'descr': '<f4', 'fortran_order': False, 'shape': (0,), }"), "must have two axes"],
    [
      "no shape",
      header("{'descr': '<f4', 'fortran_order': False}"),
      "name its element type, order and shape",
    ],
    ["complex numbers", header("{'descr': '<c8', 'fortran_order': False, 'shape': (0, 1), }"), 'got "<c8"'],
  ])("refuses %s", async (_, content, message) => {
    const folder = await temporaryFolder({ "a.npy": content });
    const error = await failure(openNpy(join(folder, "a.npy"), {}));
    expect(error).toSatisfy((one) => one instanceof FormatError || one instanceof InputError);
    expect(error.message).toContain(message);
  });
});

describe("openNpz", () => {
  const open = (name: string): Promise<SourceReader> => openNpz(join(fixtures, `${name}.npz`), {});

  test("takes x, and y as classes", async () => {
    const pieces = await all(await open("plain"));
    expect(numbers(pieces)).toHaveLength(12);
    expect(pieces.flatMap(({ classes }) => classes)).toEqual(["2", "0", "2"]);
  });

  test("reads compressed archives", async () => {
    expect(numbers(await all(await open("compressed")))).toEqual(numbers(await all(await open("plain"))));
  });

  test("asks which array is meant", async () => {
    const { message } = await failure(open("two"));
    expect(message).toContain("got a (3, 4); b (3, 4). Save the array as x");
  });

  test("refuses arrays that do not go together, and an entry of another length than its header says", async () => {
    /** An array of bytes of this shape, all of one value. */
    const array = (shape: string, count: number, value = 1): Uint8Array => {
      const bytes = Buffer.alloc(128 + count, value);
      bytes.fill(0x20, 0, 128).write("\x93NUMPY\x01\x00", "latin1");
      bytes.writeUInt16LE(118, 8);
      bytes.write(`{'descr': '|u1', 'fortran_order': False, 'shape': (${shape}), }`, 10);
      return bytes;
    };
    const refusal = async (...files: (readonly [string, Uint8Array])[]): Promise<string> => {
      const folder = await temporaryFolder({ "a.npz": zipBytes(files) });
      return (await failure(openNpz(join(folder, "a.npz"), {}))).message;
    };
    expect(await refusal(["x.npy", array("3, 2", 6)], ["y.npy", array("4,", 4)])).toContain(
      "for each of the 3 rows; got shape (4).",
    );
    expect(await refusal(["x.npy", array("3, 2", 5)])).toMatch(/x.npy" must .*; got /);
    const folder = await temporaryFolder({ "a.npz": zipBytes([["mine.npy", array("3, 2", 6)]]) });
    expect(numbers(await all(await openNpz(join(folder, "a.npz"), {})))).toEqual(Array(6).fill(1));
  });

  test.each<[string, Uint8Array | string, string]>([
    ["no archive", "hello", "must be a whole zip archive"],
    ["no arrays", zipBytes([["a.txt", "x"]]), "got none."],
    ["a damaged array", zipBytes([["x.npy", "x"]]), "a.npz: x.npy"],
  ])("refuses %s", async (_, content, message) => {
    const folder = await temporaryFolder({ "a.npz": content });
    expect((await failure(openNpz(join(folder, "a.npz"), {}))).message).toContain(message);
  });
});
