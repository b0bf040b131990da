import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../errors.ts";
import { decodeSafetensors } from "../../matrix/index.ts";
import { packFile, unpackFile } from "./packed-file.ts";

const format = { format: "unlabeled-test", formatVersion: 1 };
const expected = { ...format, where: "readTest", file: "x.safetensors", remedy: "Begin anew." };
const value = {
  text: 'a "sha256":"0" b',
  numbers: [0.1, 1e-300, null],
  weights: { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, Number.NaN) },
  list: [Uint8Array.of(1), { deep: Float64Array.of(0.1) }, Int32Array.of(-1)],
};

describe("a packed file", () => {
  test("gives back the value, arrays and all", () => {
    expect(unpackFile(packFile(format, value), expected)).toEqual(value);
  });

  test("gives back any JSON value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (any) => {
        expect(unpackFile(packFile(format, { any }), expected)).toEqual(JSON.parse(JSON.stringify({ any })));
      }),
    );
  });

  test("shows other tools of its format each array by its place, with its shape where that stands beside it", () => {
    const { tensors } = decodeSafetensors(packFile(format, value), "x");
    expect([...tensors].map(([name, { shape }]) => [name, shape])).toEqual([
      ["list/1/deep", [1]],
      ["weights/data", [2, 3]],
      ["list/2", [1]],
      ["list/0", [1]],
    ]);
  });

  test("is refused at any shorter length, and with any byte changed", () => {
    const whole = packFile(format, value);
    for (let i = 0; i < whole.length; i++) {
      expect(() => unpackFile(whole.subarray(0, i), expected)).toThrow(FormatError);
      const changed = whole.slice();
      changed[i] = (whole[i] as number) ^ (1 << (i % 8));
      expect(() => unpackFile(changed, expected)).toThrow(FormatError);
      expect(() => unpackFile(changed, expected)).toThrow(/^readTest: "x.safetensors" must .*Begin anew\.$/);
    }
  });

  test("of another kind, or a newer version, is refused as what it is", () => {
    expect(() => unpackFile(packFile({ format: "other", formatVersion: 1 }, 1), expected)).toThrow(
      'readTest: "x.safetensors" must have the format "unlabeled-test"; got "other". Begin anew.',
    );
    expect(() => unpackFile(packFile({ ...format, formatVersion: 2 }, 1), expected)).toThrow(
      "got 2, which a newer version of unlabeled wrote",
    );
  });
});
