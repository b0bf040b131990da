import { expect, test } from "vitest";
import { ownShares, shareMargins } from "./shares.ts";

test("a share of single precision that a rounding puts above 1 is 1", () => {
  const above = Math.fround(1 + 2 ** -23);
  const shares = { rows: 2, cols: 2, data: Float32Array.of(above, 0, 0.25, 0.75) };
  expect([...ownShares(shares, Int32Array.of(0, 1))]).toEqual([1, 0.75]);
  expect([...shareMargins(shares, Int32Array.of(1, 1))]).toEqual([0, 0.5]);
});
