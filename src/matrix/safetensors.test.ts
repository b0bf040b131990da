import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../errors.ts";
import { decodeSafetensors, encodeSafetensors, type Safetensors } from "./safetensors.ts";

const content: Safetensors = {
  metadata: { format: "pt" },
  tensors: new Map([
    ["bytes", { shape: [3], data: Uint8Array.of(1, 2, 255) }],
    ["weights", { shape: [2, 1], data: Float32Array.of(1, -2) }],
  ]),
};

/** By hand, after the format's description: floats before bytes, although they were named after them. */
const header =
  '{"__metadata__":{"format":"pt"},"weights":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"bytes":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}';

function file(text: string, body: readonly number[]): Uint8Array {
  const length = Math.ceil(text.length / 8) * 8;
  const padded = new TextEncoder().encode(text.padEnd(length));
  return Uint8Array.of(length & 255, length >> 8, 0, 0, 0, 0, 0, 0, ...padded, ...body);
}

const body = [0, 0, 128, 63, 0, 0, 0, 192, 1, 2, 255];

describe("safetensors", () => {
  test("has the bytes that the format's description says", () => {
    expect(encodeSafetensors(content)).toEqual(file(header, body));
    expect(decodeSafetensors(file(header, body), "x")).toEqual(content);
  });

  test("gives back whatever was written, every bit of it", () => {
    const array = fc.oneof(
      fc.float32Array({ maxLength: 9 }),
      fc.float64Array({ maxLength: 9 }),
      fc.int32Array({ maxLength: 9 }),
      fc.uint8Array({ maxLength: 9 }),
    );
    const name = fc.string({ unit: "grapheme" }).filter((text) => text !== "__metadata__");
    fc.assert(
      fc.property(fc.dictionary(name, array), fc.dictionary(fc.string(), fc.string()), (arrays, metadata) => {
        const entries = Object.entries(arrays).map(
          ([key, data]) => [key, { shape: [data.length], data }] as const,
        );
        const { tensors, metadata: texts } = decodeSafetensors(
          encodeSafetensors({ metadata, tensors: new Map(entries) }),
          "x",
        );
        expect({ ...texts }).toEqual({ ...metadata });
        expect(new Map(tensors)).toEqual(new Map(entries));
      }),
    );
  });

  test("is read from a Buffer as from any bytes, and the tensors are copies", () => {
    const bytes = Buffer.from(encodeSafetensors(content));
    const { tensors } = decodeSafetensors(bytes, "x");
    bytes.fill(7);
    expect(tensors).toEqual(content.tensors);
  });

  test("of every shorter length is refused, and so is a byte too many", () => {
    const whole = encodeSafetensors(content);
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeSafetensors(whole.subarray(0, length), "cut")).toThrow(FormatError);
    }
    expect(() => decodeSafetensors(Uint8Array.of(...whole, 0), "long")).toThrow(
      'decodeSafetensors: "long" must have 11 bytes of tensors, as its header says; got 12.',
    );
  });

  test.each([
    [header.replace('"F32"', '"BF16"'), 'must have elements of F64, F32, I32, U8 in "weights"; got "BF16"'],
    [header.replace("[2,1]", "[2,2]"), 'must have 16 bytes of "weights" for its shape 2 x 2; got 0 to 8'],
    [header.replace("[8,11]", "[7,10]"), 'must have no gap before "bytes"; got 7 where 8 is next'],
    [header.replace("[2,1]", "[2,-1]"), 'shape and data_offsets of "weights" as lists of integers'],
    [header.replace('"pt"', "1"), "must have texts under __metadata__"],
    ["[1]", "got bytes that are no JSON object"],
    ["{", "got bytes that are no JSON object"],
  ])("with the header %s is refused with what is wrong", (text, message) => {
    expect(() => decodeSafetensors(file(text, body), "x")).toThrow(message);
  });

  test("bytes of any kind give a file or a FormatError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, length) => {
        const led = Uint8Array.of(length & 255, length >> 8, 0, 0, 0, 0, 0, 0, ...bytes);
        for (const tried of [bytes, led]) {
          try {
            decodeSafetensors(tried, "x");
          } catch (error) {
            expect(error).toBeInstanceOf(FormatError);
          }
        }
      }),
    );
  });
});
