import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../errors.ts";
import { knee } from "./knee.ts";

/** A falling convex curve over k = 1, 2, ...: its steps down, sorted, the largest first. */
const convexCurves = fc
  .array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 20 })
  .map((steps) => {
    const inertia = [20_000];
    for (const step of steps.sort((a, b) => b - a)) inertia.push(inertia[inertia.length - 1] - step);
    return { k: inertia.map((_, i) => i + 1), inertia };
  });

describe("knee", () => {
  test("finds the corner of two straight pieces", () => {
    // Scaled: x = 0, 1/4, 2/4, 3/4, 1; y = 1, .55, .1, .05, 0; below the chord by 0, .2, .4, .2, 0.
    expect(knee([1, 2, 3, 4, 5], [100, 55, 10, 5, 0])).toBe(3);
  });

  test("measures depth on the scaled axes, so that uneven k count by their distance", () => {
    // Scaled: x = 0, 1/9, 2/9, 1; y = 1, .5, .3, 0; below the chord by 0, .389, .478, 0.
    // By index, x = 0, 1/3, 2/3, 1, it would be 0, .167, .033, 0 and the answer 2.
    expect(knee([1, 2, 3, 10], [10, 5, 3, 0])).toBe(3);
  });

  test("gives the smaller of two equally deep points", () => {
    // y = 1, .5, .25, 0 over x = 0, 1/4, 2/4, 1: both inner points lie .25 below the chord.
    expect(knee([0, 1, 2, 4], [4, 2, 1, 0])).toBe(1);
    // The same with thirds, whose quotients round differently: both lie 1/3 below.
    expect(knee([1, 2, 3, 4], [0.9, 0.3, 0, 0])).toBe(2);
  });

  test("finds the number of groups where further ones gain next to nothing", () => {
    expect(knee([1, 2, 3, 4, 5, 6, 7, 8], [900, 560, 280, 30, 27, 25, 23, 22])).toBe(4);
  });

  test("allows a rise on the way, as a poor local optimum makes it", () => {
    expect(knee([1, 2, 3, 4, 5], [100, 50, 10, 12, 5])).toBe(3);
  });

  test.each([
    ["no points", [], []],
    ["two points", [1, 2], [5, 1]],
    ["a straight line", [1, 2, 3, 4], [0.4, 0.3, 0.2, 0.1]],
    ["a level line", [1, 2, 3], [5, 5, 5]],
    ["a rising line", [1, 2, 3], [1, 4, 5]],
    ["a curve that falls ever faster", [1, 2, 3, 4], [10, 9, 6, 0]],
  ])("finds none in %s", (_, k, inertia) => {
    expect(knee(k, inertia)).toBe(null);
  });

  test("lies inside the range, where the curve turns from steeper to flatter than the chord", () => {
    fc.assert(
      fc.property(convexCurves, ({ k, inertia }) => {
        const suggested = knee(k, inertia);
        const steps = inertia.slice(1).map((value, i) => inertia[i] - value);
        const mean = (inertia[0] - inertia[inertia.length - 1]) / steps.length;
        if (steps.every((step) => step === steps[0])) {
          expect(suggested).toBe(null);
          return;
        }
        // The deepest point of a convex curve comes after its last step that is steeper than the chord.
        expect(suggested).toBe(k[steps.filter((step) => step > mean).length]);
      }),
    );
  });

  test("does not depend on the units of either axis", () => {
    fc.assert(
      fc.property(
        convexCurves,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 0, max: 50 }),
        (curve, times, plus) => {
          const { k, inertia } = curve;
          const suggested = knee(k, inertia);
          const stretched = (value: number): number => value * times + plus;
          expect(knee(k, inertia.map(stretched))).toBe(suggested);
          expect(knee(k.map(stretched), inertia)).toBe(suggested === null ? null : stretched(suggested));
        },
      ),
    );
  });

  test.each([
    ["lengths differ", [1, 2, 3], [3, 2], /equally long; got 3 and 2/],
    ["k does not ascend", [1, 3, 3], [3, 2, 1], /k must ascend; got 3 after 3/],
    ["an inertia is NaN", [1, 2, 3], [3, Number.NaN, 1], /finite; got k = 2 and inertia = NaN at index 1/],
    ["a k is infinite", [1, 2, Infinity], [3, 2, 1], /finite; got k = Infinity and inertia = 1 at index 2/],
  ])("refuses a curve where %s", (_, k, inertia, message) => {
    const call = () => knee(k, inertia);
    expect(call).toThrow(InputError);
    expect(call).toThrow(message);
  });
});
