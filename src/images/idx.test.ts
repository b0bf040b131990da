import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError, InputError } from "../errors.ts";
import { type Idx, type IdxArray, readIdx, readIdxHeader, writeIdx } from "./idx.ts";
import { imagesFromIdx, labelsFromIdx } from "./idx-images.ts";

/** A file of 2 images of 1 x 3 bytes. */
const file = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6);

function changed(bytes: Uint8Array, changes: Record<number, number>): Uint8Array {
  const copy = bytes.slice();
  for (const [index, value] of Object.entries(changes)) copy[Number(index)] = value;
  return copy;
}

const values: fc.Arbitrary<{ shape: number[]; data: IdxArray }> = fc
  .tuple(
    fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 5 }),
    fc.nat({ max: 5 }),
    fc.infiniteStream(fc.double()),
  )
  .map(([shape, type, numbers]) => {
    const arrays = [Uint8Array, Int8Array, Int16Array, Int32Array, Float32Array, Float64Array];
    const data = new (arrays[type] ?? Uint8Array)(shape.reduce((a, b) => a * b, 1));
    for (let i = 0; i < data.length; i++) data[i] = numbers.next().value;
    return { shape, data };
  });

describe("readIdx", () => {
  test("reads shape and bytes in the order of the format", () => {
    const idx = readIdx(file, "x");
    expect(idx).toEqual({ elementType: "uint8", shape: [2, 1, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 6) });
  });

  test.each<[Idx["elementType"], number, number[], IdxArray]>([
    ["int8", 0x09, [0xff, 0x7f], Int8Array.of(-1, 127)],
    ["int16", 0x0b, [0xff, 0xfe, 0x01, 0x02], Int16Array.of(-2, 258)],
    ["int32", 0x0c, [0xff, 0xff, 0xff, 0xfd, 0x00, 0x01, 0x00, 0x02], Int32Array.of(-3, 65538)],
    ["float32", 0x0d, [0x3f, 0x80, 0, 0, 0xc0, 0x20, 0, 0], Float32Array.of(1, -2.5)],
    ["float64", 0x0e, [0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 0xc0, 0x04, 0, 0, 0, 0, 0, 0], Float64Array.of(1, -2.5)],
  ])("reads %s values from their big-endian bytes", (elementType, code, bytes, data) => {
    // From an odd offset too: views of wider elements would not be aligned there.
    const whole = Uint8Array.of(9, 0, 0, code, 1, 0, 0, 0, 2, ...bytes);
    expect(readIdx(whole.subarray(1), "x")).toEqual({ elementType, shape: [2], data });
  });

  test("gives back what writeIdx wrote, for every element type and shape", () => {
    fc.assert(
      fc.property(values, (idx) => {
        const { shape, data } = readIdx(writeIdx(idx), "x");
        expect(shape).toEqual(idx.shape);
        expect(data).toEqual(idx.data);
      }),
    );
  });

  test("an array that says it is empty is read whatever its other dimensions", () => {
    const big = Uint8Array.of(0, 0, 14, 2, 0, 0, 0, 0, 255, 255, 255, 255);
    expect(readIdx(big, "x").data).toEqual(new Float64Array(0));
    // 2^32 to the power of 40 is beyond the greatest number, and 0 times that is not a number.
    const dimensions = new Array<number>(40 * 4).fill(255);
    expect(readIdx(Uint8Array.of(0, 0, 8, 41, ...dimensions, 0, 0, 0, 0), "x").data).toEqual(
      new Uint8Array(0),
    );
  });

  test.each<[string, Uint8Array, string]>([
    [
      "an empty file",
      new Uint8Array(0),
      'readIdx: "x" must be an IDX file; got an empty file. Fetch or copy it again.',
    ],
    ["a file of three bytes", file.subarray(0, 3), "got 0x000008. The file is not IDX, or is damaged"],
    [
      "a gzip file",
      Uint8Array.of(0x1f, 0x8b, 8, 0),
      "got 0x1f8b0800. The file looks gzip-compressed: decompress it first.",
    ],
    ["another magic", changed(file, { 0: 1 }), "got 0x01000803. The file is not IDX, or is damaged"],
    ["an unknown element type", changed(file, { 2: 10 }), "got 0x00000a03."],
    ["no dimension", changed(file, { 3: 0 }), "got 0x00000800."],
    [
      "a header that is cut off",
      file.subarray(0, 15),
      "must have a header of 16 bytes (3 dimensions); got 15.",
    ],
    [
      "more dimensions than bytes",
      changed(file, { 3: 255 }),
      "must have a header of 1024 bytes (255 dimensions); got 22.",
    ],
    [
      "missing values",
      file.subarray(0, 21),
      'readIdx: "x" must hold the 22 bytes that its header promises (2 x 1 x 3 uint8); got 21. The file is cut off or its header damaged: fetch or copy it again.',
    ],
    ["bytes left over", Uint8Array.of(...file, 7), "got more. The file is damaged: fetch or copy it again."],
    [
      "a header that promises terabytes",
      changed(file, { 4: 255, 8: 255 }),
      "must hold the more than 2^53 bytes that its header promises (4278190082 x 4278190081 x 3 uint8); got 22.",
    ],
  ])("refuses %s", (_, bytes, message) => {
    const read = (): Idx => readIdx(bytes, "x");
    expect(read).toThrow(FormatError);
    expect(read).toThrow(message);
  });

  test("a product of dimensions that overflows is not mistaken for a small one", () => {
    const dimensions = Array.from({ length: 255 }, () => [255, 255, 255, 255]).flat();
    const header = readIdxHeader(Uint8Array.of(0, 0, 14, 255, ...dimensions), "x");
    expect(header.fileBytes).toBe(Number.POSITIVE_INFINITY);
    // 2^32 x 2^32 would be 0 in 64-bit arithmetic; the greatest dimensions come next to it.
    const squares = Uint8Array.of(0, 0, 8, 2, 128, 0, 0, 0, 128, 0, 0, 0);
    expect(readIdxHeader(squares, "x").fileBytes).toBe(Number.POSITIVE_INFINITY);
  });

  test("garbage, and valid files with changed, missing or added bytes, give an array or one of our errors", () => {
    const parse = (bytes: Uint8Array): void => {
      let idx: Idx;
      try {
        idx = readIdx(bytes, "x");
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        expect((error as Error).message).not.toContain("\n");
        return;
      }
      expect(idx.data.length).toBe(idx.shape.reduce((a, b) => a * b, 1));
      for (const use of [imagesFromIdx, labelsFromIdx]) {
        try {
          use(idx, "x");
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect((error as Error).message).not.toContain("\n");
        }
      }
    };
    const mutation = fc.tuple(
      values,
      fc.array(fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 255 })), { maxLength: 3 }),
      fc.nat({ max: 3 }),
      fc.uint8Array({ maxLength: 2 }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), parse));
    fc.assert(
      fc.property(
        fc.nat({ max: 15 }),
        fc.nat({ max: 4 }),
        fc.uint8Array({ maxLength: 40 }),
        (type, n, rest) => parse(Uint8Array.of(0, 0, type, n, ...rest)),
      ),
    );
    fc.assert(
      fc.property(mutation, ([idx, changes, cut, added]) => {
        const bytes = writeIdx(idx);
        for (const [index, value] of changes) if (index < bytes.length) bytes[index] = value;
        parse(Uint8Array.of(...bytes.subarray(0, bytes.length - cut), ...added));
      }),
      { numRuns: 500 },
    );
  });
});

describe("writeIdx", () => {
  test("writes the bytes of the format", () => {
    expect(writeIdx({ shape: [2, 1, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 6) })).toEqual(file);
  });

  test.each<[string, number[], Uint8Array, string]>([
    [
      "values that do not fill the shape",
      [2, 2],
      new Uint8Array(3),
      "writeIdx: data must hold 4 values (2 x 2); got 3.",
    ],
    ["no dimension", [], new Uint8Array(1), "writeIdx: shape must have 1 to 255 dimensions; got 0."],
    [
      "half a dimension",
      [1.5],
      new Uint8Array(1),
      "writeIdx: each dimension must be an integer in 0..4294967295; got 1.5.",
    ],
    ["an array of another kind", [1], new Uint16Array(1) as never, "(Uint8Array, say); got Uint16Array."],
  ])("refuses %s", (_, shape, data, message) => {
    const write = (): Uint8Array => writeIdx({ shape, data });
    expect(write).toThrow(InputError);
    expect(write).toThrow(message);
  });
});

describe("imagesFromIdx", () => {
  const floats = (...data: number[]): Idx => ({
    elementType: "float32",
    shape: [1, 1, data.length],
    data: Float32Array.from(data),
  });

  test("takes bytes as they are, without copying", () => {
    const images = imagesFromIdx(readIdx(file, "x"), "x");
    expect(images).toEqual({
      count: 2,
      height: 1,
      width: 3,
      channels: 1,
      pixels: Uint8Array.of(1, 2, 3, 4, 5, 6),
    });
    expect(images.pixels.buffer).toBe(file.buffer);
  });

  test("takes a fourth dimension as channels", () => {
    const idx: Idx = { elementType: "uint8", shape: [1, 2, 1, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    expect(imagesFromIdx(idx, "x")).toMatchObject({ count: 1, height: 2, width: 1, channels: 3 });
  });

  test("brings floats in [0, 1] to bytes, halves rounded up", () => {
    expect(imagesFromIdx(floats(0, 0.5, 1, 1 / 255, 0.0019), "x").pixels).toEqual(
      Uint8Array.of(0, 128, 255, 1, 0),
    );
  });

  test("undoes the division by 255 for every byte", () => {
    const data = Float32Array.from({ length: 256 }, (_, i) => i / 255);
    const { pixels } = imagesFromIdx({ elementType: "float32", shape: [1, 16, 16], data }, "x");
    expect(Array.from(pixels)).toEqual(Array.from({ length: 256 }, (_, i) => i));
  });

  test("takes wider integers in 0..255 as they are", () => {
    const idx: Idx = { elementType: "int16", shape: [1, 1, 3], data: Int16Array.of(0, 200, 255) };
    expect(imagesFromIdx(idx, "x").pixels).toEqual(Uint8Array.of(0, 200, 255));
  });

  test.each<[string, Idx, string]>([
    [
      "NaN",
      { elementType: "float32", shape: [2, 2, 2], data: Float32Array.of(0, 0, 0, 0, 0, 0, Number.NaN, 0) },
      'imagesFromIdx: float32 pixels of "x" must lie in [0, 1]; got NaN at image 1, row 1, column 0. Scale the values first.',
    ],
    [
      "an integer above 255",
      { elementType: "int16", shape: [1, 1, 2, 3], data: Int16Array.of(0, 0, 0, 0, 256, 0) },
      'imagesFromIdx: int16 pixels of "x" must lie in 0..255; got 256 at image 0, row 0, column 1, channel 1.',
    ],
    [
      "a negative integer",
      { elementType: "int8", shape: [1, 1, 1], data: Int8Array.of(-1) },
      "got -1 at image 0",
    ],
    ["a float above 1", floats(0, 1.5), "must lie in [0, 1]; got 1.5 at image 0, row 0, column 1."],
    ["infinity", floats(Number.POSITIVE_INFINITY), "got Infinity at image 0"],
    [
      "labels",
      { elementType: "uint8", shape: [2], data: new Uint8Array(2) },
      "got 1 (2 uint8). One dimension holds labels: give the file of the images.",
    ],
    [
      "rows of numbers",
      { elementType: "uint8", shape: [2, 1], data: new Uint8Array(2) },
      "got 2 (2 x 1 uint8).",
    ],
    [
      "no image",
      { elementType: "uint8", shape: [0, 28, 28], data: new Uint8Array(0) },
      "must hold at least one image; got 0",
    ],
    [
      "images without pixels",
      { elementType: "uint8", shape: [3, 0, 28], data: new Uint8Array(0) },
      "got 0 x 28.",
    ],
    [
      "two channels",
      { elementType: "uint8", shape: [1, 1, 1, 2], data: new Uint8Array(2) },
      "must have 1, 3 or 4 channels",
    ],
  ])("refuses %s", (_, idx, message) => {
    const read = (): unknown => imagesFromIdx(idx, "x");
    expect(read).toThrow(InputError);
    expect(read).toThrow(message);
  });
});

describe("labelsFromIdx", () => {
  test("takes whole numbers of any element type, and -1 for unknown", () => {
    expect(labelsFromIdx({ elementType: "uint8", shape: [2], data: Uint8Array.of(3, 255) }, "x")).toEqual(
      Int32Array.of(3, 255),
    );
    expect(labelsFromIdx({ elementType: "float64", shape: [2], data: Float64Array.of(-1, 7) }, "x")).toEqual(
      Int32Array.of(-1, 7),
    );
  });

  test.each<[string, Idx, string]>([
    [
      "two dimensions",
      { elementType: "uint8", shape: [1, 1], data: new Uint8Array(1) },
      'labelsFromIdx: "x" must have 1 dimension, the number of labels; got 2 (1 x 1 uint8).',
    ],
    ["NaN", { elementType: "float32", shape: [1], data: Float32Array.of(Number.NaN) }, "got NaN at label 0."],
    [
      "fractions",
      { elementType: "float32", shape: [2], data: Float32Array.of(0, 0.5) },
      "got 0.5 at label 1.",
    ],
    ["-2", { elementType: "int8", shape: [1], data: Int8Array.of(-2) }, "got -2 at label 0."],
    ["65536", { elementType: "int32", shape: [1], data: Int32Array.of(65536) }, "got 65536 at label 0."],
  ])("refuses %s", (_, idx, message) => {
    const read = (): unknown => labelsFromIdx(idx, "x");
    expect(read).toThrow(InputError);
    expect(read).toThrow(message);
  });
});
