import { deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decompressor } from "./decompress.ts";
import { DeltaReader, RunReader } from "./runs.ts";
import { CutOffError, DamagedError, readStruct } from "./thrift.ts";
import { type Decode, dictionaryOf, type Physical, valuesOf } from "./values.ts";

const decode = (type: Physical, length = 0): Decode<unknown> => ({
  type,
  length,
  number: (value) => value,
  whole: (value) => value,
  bytes: (value) => Buffer.from(value).toString("latin1"),
});

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const latin = (text: string): Uint8Array => Buffer.from(text, "latin1");
const joined = (...parts: Uint8Array[]): Uint8Array => Buffer.concat(parts);

function first<V>(next: () => V, count: number): V[] {
  return Array.from({ length: count }, () => next());
}

/** `numbers` of `width` bits, lowest bit first, eight to a group. */
function packed(numbers: readonly number[], width: number): Uint8Array {
  const out = new Uint8Array(Math.ceil((numbers.length * width) / 8));
  numbers.forEach((value, i) => {
    for (let b = 0; b < width; b++) {
      const at = i * width + b;
      if (Math.floor(value / 2 ** b) % 2 === 1) out[at >> 3] = (out[at >> 3] as number) | (1 << (at & 7));
    }
  });
  return out;
}

describe("RunReader", () => {
  test.each([1, 7, 17, 23, 24, 25, 29, 31, 32])("reads packed numbers of %i bits", (width) => {
    const most = 2 ** width;
    const numbers = [0, 1, most - 1, most / 2, Math.floor(most / 3), 1, 0, most - 1].map(Math.floor);
    const reader = new RunReader(joined(bytes(3), packed(numbers, width)), width);
    expect(first(() => reader.next(), 8)).toEqual(numbers.map((value) => value % most));
  });

  test("reads a run of one value, and then packed ones", () => {
    const reader = new RunReader(
      joined(bytes(6, 0x34, 0x12), bytes(3), packed([1, 2, 3, 4, 5, 6, 7, 8], 16)),
      16,
    );
    expect(first(() => reader.next(), 5)).toEqual([0x1234, 0x1234, 0x1234, 1, 2]);
  });

  test.each<[string, Uint8Array, number, string]>([
    ["nothing", bytes(), 8, "runs that are cut off"],
    ["a run without its value", bytes(4, 1), 16, "a run without its value"],
    ["packed numbers that are missing", bytes(3), 8, "packed numbers that are cut off"],
    [
      "an endless length",
      bytes(255, 255, 255, 255, 255, 255, 255, 255),
      8,
      "a run whose length does not end",
    ],
    ["numbers too wide", bytes(2, 1), 33, "numbers of 33 bits"],
  ])("refuses %s", (_, content, width, message) => {
    const read = (): number => new RunReader(content, width).next();
    expect(read).toThrow(DamagedError);
    expect(read).toThrow(message);
  });
});

describe("DeltaReader", () => {
  // Blocks of 32 numbers in 1 miniblock; 3 numbers from 7 on; smallest difference -1 (zigzag 1), 2 bits each.
  const good = [32, 1, 3, 14, 1, 2, 0b0111, 0, 0, 0, 0, 0, 0, 0];

  test("adds differences to the first number", () => {
    const reader = new DeltaReader(bytes(...good));
    expect(reader.count).toBe(3);
    expect(first(() => reader.next(), 3)).toEqual([7n, 9n, 9n]);
    expect(() => reader.next()).toThrow("fewer numbers than promised");
  });

  test.each<[string, number[], string]>([
    ["no miniblocks", [32, 0, 3, 14], "blocks of 32 numbers"],
    ["miniblocks of half a byte", [32, 8, 3, 14], "blocks of 32 numbers"],
    ["endless numbers", Array(12).fill(255), "a number that does not end"],
    ["a number that is cut off", [32, 1, 128], "a number that is cut off"],
    ["no widths", [32, 1, 3, 14, 1], "blocks that are cut off"],
    ["numbers of 65 bits", [32, 1, 3, 14, 1, 65], "blocks that are cut off"],
    ["fewer bits than promised", [32, 1, 3, 14, 1, 2], "numbers that are cut off"],
  ])("refuses %s", (_, content, message) => {
    const read = (): bigint[] => {
      const reader = new DeltaReader(bytes(...content));
      return first(() => reader.next(), 3);
    };
    expect(read).toThrow(DamagedError);
    expect(read).toThrow(message);
  });
});

describe("valuesOf", () => {
  const lengths = (...values: number[]): Uint8Array => {
    // One block of 128 numbers in 4 miniblocks, the first with 8 bits for each number; none for a single number.
    const [start = 0, ...rest] = values;
    const differences = rest.map((value, i) => value - (values[i] as number));
    const least = Math.min(0, ...differences);
    const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
    const head = [128, 1, 4, values.length, zigzag(start)];
    if (rest.length === 0) return bytes(...head);
    const block = [...differences.map((value) => value - least), ...Array(32 - rest.length).fill(0)];
    return bytes(...head, zigzag(least), 8, 0, 0, 0, ...block);
  };

  test.each<[string, number, Decode<unknown>, Uint8Array, unknown[]]>([
    ["plain bytes of one length", 0, decode("FIXED_LEN_BYTE_ARRAY", 2), latin("abcd"), ["ab", "cd"]],
    ["plain bits", 0, decode("BOOLEAN"), bytes(0b101), [1, 0, 1]],
    ["runs of bits", 3, decode("BOOLEAN"), bytes(2, 0, 0, 0, 4, 1, 2, 0), [1, 1, 0]],
    ["split streams", 9, decode("INT32"), bytes(1, 2, 0, 0, 0, 0, 0, 0), [1, 2]],
    [
      "texts by their lengths",
      6,
      decode("BYTE_ARRAY"),
      joined(lengths(2, 0, 1), latin("abc")),
      ["ab", "", "c"],
    ],
    [
      "texts by what they share with the one before",
      7,
      decode("BYTE_ARRAY"),
      joined(lengths(0, 2, 1), lengths(3, 1, 2), latin("cat" + "r" + "ow")),
      ["cat", "car", "cow"],
    ],
  ])("reads %s", (_, encoding, how, content, wanted) => {
    expect(first(valuesOf(content, encoding, how, undefined), wanted.length)).toEqual(wanted);
  });

  test.each<[string, number, Decode<unknown>, Uint8Array, string]>([
    ["numbers that are cut off", 0, decode("INT32"), bytes(1, 2, 3), "values that are cut off"],
    ["bits that are cut off", 0, decode("BOOLEAN"), bytes(), "values that are cut off"],
    [
      "texts that are cut off",
      6,
      decode("BYTE_ARRAY"),
      joined(lengths(4), latin("abc")),
      "values that are cut off",
    ],
    [
      "texts that share more than there is",
      7,
      decode("BYTE_ARRAY"),
      joined(lengths(1), lengths(1), latin("a")),
      "values that share more than there is",
    ],
    [
      "more lengths than their bytes can hold",
      6,
      decode("BYTE_ARRAY"),
      bytes(128, 1, 4, 255, 255, 255, 127, 0),
      "268435455 values in 8 bytes",
    ],
    ["bytes without a length", 0, decode("FIXED_LEN_BYTE_ARRAY"), latin("ab"), "without a length"],
    ["differences of floats", 5, decode("FLOAT"), bytes(), "values of type FLOAT in encoding 5"],
    ["an unknown encoding", 4, decode("INT32"), bytes(), "values of type INT32 in encoding 4"],
    ["entries without a dictionary", 8, decode("INT32"), bytes(8, 2, 0), "a page that misses its dictionary"],
  ])("refuses %s", (_, encoding, how, content, message) => {
    const read = (): unknown => valuesOf(content, encoding, how, undefined)();
    expect(read).toThrow(DamagedError);
    expect(read).toThrow(message);
  });

  test("takes entries of a dictionary, and refuses those behind its end", () => {
    const dictionary = dictionaryOf(latin("abcd"), 2, decode("FIXED_LEN_BYTE_ARRAY", 2));
    const next = valuesOf(bytes(8, 2, 1, 2, 0, 2, 2), 8, decode("FIXED_LEN_BYTE_ARRAY", 2), dictionary);
    expect([next(), next()]).toEqual(["cd", "ab"]);
    expect(next).toThrow("entry 2 of a dictionary of 2");
    expect(() => dictionaryOf(bytes(1, 2, 3, 4, 5), 2, decode("INT32"))).toThrow(CutOffError);
  });
});

describe("readStruct", () => {
  test("reads fields of every type", () => {
    const double = new Uint8Array(new Float64Array([-2.5]).buffer);
    const content = joined(
      bytes(0x11, 0x12, 0x13, 0xff, 0x14, 0x03, 0x17), // true, false, byte -1, i16 -2, a double
      double,
      bytes(0x18, 2, 97, 98, 0x19, 0x21, 1, 2, 0x06, 40, 5, 0), // "ab", a list of bits, field 20 by its own number: i64 -3
    );
    const { struct, end } = readStruct(joined(bytes(9), content), 1);
    expect(
      [...struct.values()].map((value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString() : value,
      ),
    ).toEqual([...[true, false, -1, -2, -2.5, "ab", [true, false], -3n]]);
    expect([...struct.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 20]);
    expect(end).toBe(content.length + 1);
  });

  test.each<[string, number[], string]>([
    ["nothing", [], "a struct that is cut off"],
    ["a double that is cut off", [0x17, 1, 2], "a number beyond the end"],
    ["a text beyond the end", [0x18, 9, 97], "a length beyond the end"],
    ["a list beyond the end", [0x19, 0xf3, 100, 1], "a length beyond the end"],
    ["an unknown type", [0x1d], "a value of unknown type 13"],
    ["an endless number", [0x15, ...Array(11).fill(255)], "a number that does not end"],
    ["structs without end", Array(40).fill(0x1c), "structs too deep in each other"],
  ])("refuses %s", (_, content, message) => {
    expect(() => readStruct(bytes(...content), 0)).toThrow(DamagedError);
    expect(() => readStruct(bytes(...content), 0)).toThrow(message);
  });
});

describe("decompressor", () => {
  test("gives the bytes that were promised, and refuses others", async () => {
    const decompress = await decompressor();
    const page = latin("a page");
    expect([...decompress("GZIP", gzipSync(page), 6)]).toEqual([...page]);
    expect([...decompress("UNCOMPRESSED", page, 6)]).toEqual([...page]);
    expect([...decompress("SNAPPY", bytes(0), 0)]).toEqual([]);
    for (const [codec, content, length, message] of [
      ["GZIP", gzipSync(page), 5, "a page of 6 bytes that claims to hold 5"],
      ["GZIP", gzipSync(page), 7, "a page of 6 bytes that claims to hold 7"],
      ["GZIP", deflateSync(page), 6, "a page that is no GZIP data"],
      ["UNCOMPRESSED", page, 7, "a page of 6 bytes that claims to hold 7"],
      ["LZO", page, 6, 'compression "LZO", which this program cannot read'],
      ["SNAPPY", page, -1, "a page of 6 bytes that claims to hold -1"],
      ["ZSTD", page, 2 ** 25, "a page of 6 bytes that claims to hold 33554432"],
    ] as const) {
      expect(() => decompress(codec, content, length)).toThrow(DamagedError);
      expect(() => decompress(codec, content, length)).toThrow(message);
    }
  });
});
