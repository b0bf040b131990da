import { describe, expect, test } from "vitest";
import { flatten, parseStroke } from "./curve.ts";
import { skeletons } from "./skeletons.ts";

describe("parseStroke", () => {
  test("reads points and marks corners", () => {
    expect(parseStroke("1,2 30,-4* 5.5,6")).toEqual({
      x: [1, 30, 5.5],
      y: [2, -4, 6],
      corner: [false, true, false],
    });
  });

  test("reads every skeleton to at least two points on the sheet", () => {
    expect(skeletons).toHaveLength(10);
    for (const { weight, strokes } of skeletons.flat()) {
      expect(Number.isInteger(weight) && weight > 0).toBe(true);
      for (const { x, y } of strokes.map(parseStroke)) {
        expect(x.length).toBeGreaterThanOrEqual(2);
        for (const value of x) expect(value >= 0 && value <= 70, `x ${value}`).toBe(true);
        for (const value of y) expect(value >= 0 && value <= 100, `y ${value}`).toBe(true);
      }
    }
  });
});

describe("flatten", () => {
  test("passes through every point of the stroke, in order", () => {
    for (const notation of skeletons.flat().flatMap((skeleton) => skeleton.strokes)) {
      const stroke = parseStroke(notation);
      const line = flatten(stroke);
      const lines = (line.x.length - 1) / (stroke.x.length - 1);
      expect(line.x.filter((_, i) => i % lines === 0)).toEqual(stroke.x);
      expect(line.y.filter((_, i) => i % lines === 0)).toEqual(stroke.y);
    }
  });

  test("draws straight lines between corners", () => {
    const { x, y } = flatten(parseStroke("0,0* 6,0* 6,12*"));
    for (const value of y.slice(0, 7)) expect(value).toBeCloseTo(0, 12);
    for (const value of x.slice(6)) expect(value).toBeCloseTo(6, 12);
  });

  test("follows the centripetal Catmull-Rom curve, worked out by hand for knots 1, 2, 1", () => {
    // Points on one line with distances 1, 4, 1, so knot distances are 1, 2, 1. Slope at the second point by
    // Barry and Goldman: 1/1 - 5/3 + 4/2 = 4/3, times the span 2 and over 3 puts the Bezier point 8/9 further on.
    // By symmetry the fourth lies 8/9 before the third point. At t = 1/2: (1 + 3 (17/9) + 3 (37/9) + 5) / 8 = 3;
    // at t = 1/3: (8 * 1 + 12 (17/9) + 6 (37/9) + 5) / 27 = 181/81.
    const { x } = flatten(parseStroke("0,0 1,0 5,0 6,0"));
    expect(x[6]).toBe(1);
    expect(x[9]).toBeCloseTo(3, 12);
    expect(x[8]).toBeCloseTo(181 / 81, 12);
  });

  test("turns gradually at a smooth point, and at once at a corner", () => {
    const turnAtSecondPoint = (notation: string): number => {
      const { x, y } = flatten(parseStroke(notation));
      const direction = (i: number): number =>
        Math.atan2((y[i + 1] as number) - (y[i] as number), (x[i + 1] as number) - (x[i] as number));
      return direction(6) - direction(5);
    };
    expect(turnAtSecondPoint("0,0 40,0* 40,40")).toBeCloseTo(Math.PI / 2, 12);
    expect(turnAtSecondPoint("0,0 40,0 40,40")).toBeLessThan(Math.PI / 4); // the rest of it lies around
  });
});
