import fc from "fast-check";
import { expect, test } from "vitest";
import { type Matrix, matrixFromRows, row } from "../matrix/index.ts";
import { relativeError } from "../neural/testing/evaluate.ts";
import { shareChanged, softAssignments, targetDistribution } from "./soft-assignments.ts";
import { plainAssignments, plainTargets } from "./testing/plain.ts";

/** Codes and centers of the same, small size. */
const cases = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }))
  .chain(([n, k, size]) => {
    const number = fc.integer({ min: -400, max: 400 }).map((value) => value / 16);
    const rows = (count: number): fc.Arbitrary<number[][]> =>
      fc.array(fc.array(number, { minLength: size, maxLength: size }), {
        minLength: count,
        maxLength: count,
      });
    return fc.record({ codes: rows(n), centers: rows(k) });
  });

const rowsOf = (matrix: Matrix): number[][] =>
  Array.from({ length: matrix.rows }, (_, i) => Array.from(row(matrix, i)));

test("by hand: a code at one center, at distance 1 and 2 of the others", () => {
  // Kernels 1, 1 / 2, 1 / 5; their sum is 17 / 10.
  const { labels, probabilities } = softAssignments(
    matrixFromRows([[0, 0]]),
    matrixFromRows([
      [0, 1],
      [0, 0],
      [2, 0],
    ]),
  );
  expect([...labels]).toEqual([1]);
  expect(relativeError(probabilities.data, [5 / 17, 10 / 17, 2 / 17])).toBeLessThan(1e-7);
});

test("by hand: targets square what is sure, and divide by the soft sizes", () => {
  // Soft sizes 1.25 and 0.75; row 0: 0.5625 / 1.25 = 0.45 and 0.0625 / 0.75 = 1 / 12; row 1: 0.2 and 1 / 3.
  const targets = targetDistribution(
    matrixFromRows([
      [0.75, 0.25],
      [0.5, 0.5],
    ]),
  );
  const wanted = [
    0.45 / (0.45 + 1 / 12),
    1 / 12 / (0.45 + 1 / 12),
    0.2 / (0.2 + 1 / 3),
    1 / 3 / (0.2 + 1 / 3),
  ];
  expect(relativeError(targets.data, wanted)).toBeLessThan(1e-7);
});

test("assignments and targets are those of the formulas in plain numbers", () => {
  fc.assert(
    fc.property(cases, ({ codes, centers }) => {
      const { probabilities } = softAssignments(matrixFromRows(codes), matrixFromRows(centers));
      const q = plainAssignments(codes, centers);
      expect(relativeError(probabilities.data, q.flat())).toBeLessThan(1e-7);
      // From single precision on.
      expect(relativeError(targetDistribution(probabilities).data, plainTargets(q).flat())).toBeLessThan(
        1e-6,
      );
    }),
  );
});

test("the label is the nearest center, the first among equals, and the likeliest cluster; rows sum to 1", () => {
  fc.assert(
    fc.property(cases, ({ codes, centers }) => {
      const { labels, probabilities } = softAssignments(matrixFromRows(codes), matrixFromRows(centers));
      codes.forEach((code, i) => {
        // Sixteenths: these distances are exact.
        const distances = centers.map((m) => m.reduce((sum, value, c) => sum + (value - code[c]) ** 2, 0));
        expect(labels[i]).toBe(distances.indexOf(Math.min(...distances)));
        const q = rowsOf(probabilities)[i];
        expect(q[labels[i]]).toBe(Math.max(...q));
        expect(q.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
      });
      for (const p of rowsOf(targetDistribution(probabilities))) {
        expect(p.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
      }
    }),
  );
});

test("a cluster of probability 0 has the target 0, and no target is NaN", () => {
  const targets = targetDistribution(
    matrixFromRows([
      [1, 0],
      [1, 0],
    ]),
  );
  expect([...targets.data]).toEqual([1, 0, 1, 0]);
});

test("codes as far as single precision goes have finite probabilities", () => {
  const codes = matrixFromRows([
    [1e18, -1e18],
    [0, 0],
  ]);
  const { probabilities } = softAssignments(
    codes,
    matrixFromRows([
      [0, 0],
      [1e18, 1e18],
    ]),
  );
  expect(probabilities.data.every(Number.isFinite)).toBe(true);
});

test("the share of changed labels counts images", () => {
  expect(shareChanged(Int32Array.of(0, 1, 2, 2), Int32Array.of(0, 2, 2, 1))).toBe(0.5);
});
