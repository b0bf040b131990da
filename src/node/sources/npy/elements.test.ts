import { expect, test } from "vitest";
import { decodeElements } from "./elements.ts";

/** The bytes of whole numbers, each of `width` bytes, lowest first. */
function littleEndian(numbers: readonly (number | bigint)[], width: number): Uint8Array {
  return Uint8Array.from(
    numbers.flatMap((value) =>
      Array.from({ length: width }, (_, b) => Number((BigInt(value) >> BigInt(8 * b)) & 255n)),
    ),
  );
}

test.each<["i" | "u" | "f", 1 | 2 | 4 | 8, (number | bigint)[], number[]]>([
  ["i", 1, [0, 127, 128, 255], [0, 127, -128, -1]],
  ["u", 2, [0, 1, 32768, 65535], [0, 1, 32768, 65535]],
  ["i", 2, [32767, 32768], [32767, -32768]],
  ["u", 4, [1, 2 ** 31, 2 ** 32 - 1], [1, 2 ** 31, 2 ** 32]],
  ["u", 8, [3, 2n ** 63n], [3, 2 ** 63]],
  [
    "f",
    2,
    // 1, -2, the greatest, the least normal, the least and the greatest subnormal, -0, both infinities, none.
    [0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x03ff, 0x8000, 0x7c00, 0xfc00, 0x7e00],
    [
      1,
      -2,
      65504,
      2 ** -14,
      2 ** -24,
      1023 * 2 ** -24,
      -0,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
    ],
  ],
])("decodes %s%i from both ends", (kind, bytes, numbers, wanted) => {
  const little = littleEndian(numbers, bytes);
  expect([...decodeElements(little, { kind, bytes, bigEndian: false })]).toEqual(wanted);
  const big = littleEndian(numbers.toReversed(), bytes).reverse();
  expect([...decodeElements(big, { kind, bytes, bigEndian: true })]).toEqual(wanted);
});
