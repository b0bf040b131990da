import { expect, test } from "vitest";
import { frequencyOrder, placesOf, rootTable } from "./orders.ts";

test("16 numbers come as 4 x 4, 32 as 4 x 8, and 64 as two halves of 32", () => {
  expect(Array.from(frequencyOrder(8))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(Array.from(frequencyOrder(16))).toEqual([0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15]);
  expect(Array.from(frequencyOrder(32).subarray(6, 10))).toEqual([24, 28, 1, 5]);
  expect(Array.from(frequencyOrder(64).subarray(30, 34))).toEqual([2 * 27, 2 * 31, 1, 9]);
});

test("each frequency has one place", () => {
  for (const n of [8, 16, 32, 64, 128, 256]) {
    const order = frequencyOrder(n);
    expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, k) => k));
    const places = placesOf(order);
    for (let k = 0; k < n; k++) expect(order[places[k] as number]).toBe(k);
  }
});

test("roots of 64 and more follow those of 32, half a circle each", () => {
  const roots = rootTable(128);
  expect(roots.length).toBe(2 * (32 + 32 + 64));
  expect(roots[2 * 4]).toBeCloseTo(Math.SQRT1_2, 7);
  for (const n of [64, 128]) {
    for (const k of [0, 1, n / 4, n / 2 - 1]) {
      expect(roots[2 * (n / 2 + k)]).toBeCloseTo(Math.cos((2 * Math.PI * k) / n), 7);
      expect(roots[2 * (n / 2 + k) + 1]).toBeCloseTo(Math.sin((2 * Math.PI * k) / n), 7);
    }
  }
});
