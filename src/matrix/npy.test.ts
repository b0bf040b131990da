import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../errors.ts";
import { decodeNpy, encodeNpy } from "./npy.ts";

const small = encodeNpy({ rows: 2, cols: 2, data: Float64Array.of(1, 2, 3, 4.5) });

describe("npy", () => {
  test("writes the bytes that numpy.save writes for a 2 x 2 matrix of float64", () => {
    const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }";
    const text = String.fromCharCode(...small.subarray(10, 128));
    expect(Array.from(small.subarray(0, 10))).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
    expect(text).toBe(`${header.padEnd(117)}\n`);
    expect(small.length).toBe(128 + 32);
    expect(new DataView(small.buffer).getFloat64(128 + 24, true)).toBe(4.5);
  });

  test("reading what was written gives the same matrix, whatever its shape and type", () => {
    const shape = fc.tuple(fc.nat(5), fc.nat(5));
    fc.assert(
      fc.property(shape, fc.boolean(), fc.infiniteStream(fc.double()), ([rows, cols], single, numbers) => {
        const values = [...numbers.take(rows * cols)];
        const data = single ? Float32Array.from(values) : Float64Array.from(values);
        expect(decodeNpy(encodeNpy({ rows, cols, data }), "x.npy")).toEqual({ rows, cols, data });
      }),
    );
  });

  test("says what is wrong with a file that it cannot read", () => {
    const changed = (at: number, byte: number): Uint8Array => small.with(at, byte) as Uint8Array;
    const reading = (bytes: Uint8Array) => () => decodeNpy(bytes, "x.npy");
    expect(reading(new Uint8Array())).toThrow("got an empty file");
    expect(reading(changed(0, 0x50))).toThrow("start with the bytes of an .npy file");
    expect(reading(changed(6, 2))).toThrow("version 1.0; got version 2.0");
    expect(reading(small.subarray(0, 140))).toThrow("must have 160 bytes for its shape 2 x 2; got 140");
    expect(reading(changed(21, 62))).toThrow("little-endian float32 or float64"); // '<' becomes '>'
  });

  test("garbage gives a FormatError and nothing else", () => {
    const damaged = fc
      .tuple(fc.nat(small.length - 1), fc.nat(255), fc.nat(small.length))
      .map(([at, byte, length]) => (small.with(at, byte) as Uint8Array).subarray(0, length));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), damaged), (bytes) => {
        try {
          decodeNpy(bytes, "x.npy");
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
    );
  });
});
