import { describe, expect, test } from "vitest";
import { gapCurve, gapProposal } from "./gap.ts";

describe("gapCurve", () => {
  test("is the mean log scatter of the references less that of the samples, with the error of the mean", () => {
    const { gap, error } = gapCurve(
      [10, 4],
      [
        [12, 6],
        [20, 9],
        [15, 8],
      ],
      0,
    );
    for (const [at, own] of [10, 4].entries()) {
      const logs = [
        [12, 20, 15],
        [6, 9, 8],
      ][at].map(Math.log);
      const mean = (logs[0] + logs[1] + logs[2]) / 3;
      let squares = 0;
      for (const log of logs) squares += (log - mean) * (log - mean);
      expect(gap[at]).toBeCloseTo(mean - Math.log(own), 12);
      expect(error[at]).toBeCloseTo(Math.sqrt(squares / 3) * Math.sqrt(4 / 3), 12);
    }
  });

  test("is null where nothing but rounding is left of the scatter, of the samples or of a reference", () => {
    const { gap, error } = gapCurve(
      [10, 1e-20, 3],
      [
        [12, 5, 4],
        [20, 6, 0],
      ],
      1e-19,
    );
    expect(gap.map((value) => value === null)).toEqual([false, true, true]);
    expect(error.map((value) => value === null)).toEqual([false, true, true]);
  });
});

describe("gapProposal", () => {
  const propose = (gap: (number | null)[], error: (number | null)[] = gap.map(() => 0)) =>
    gapProposal(
      gap.map((_, at) => at + 1),
      { gap, error },
    );

  test("is the first k that the next does not exceed", () => {
    expect(propose([0.1, 0.3, 0.6, 0.5, 0.9, 0.8])).toBe(3);
    expect(propose([0.4, 0.3, 0.6])).toBe(1);
  });

  test("lets the next exceed it by its own error", () => {
    expect(propose([0.1, 0.3, 0.35, 0.3], [0, 0, 0.06, 0])).toBe(2);
    expect(propose([0.1, 0.3, 0.35, 0.3], [9, 0.06, 0.04, 0])).toBe(3);
  });

  test("is null where the gap rises to the end, and where it is not defined", () => {
    expect(propose([0.1, 0.3, 0.6])).toBe(null);
    expect(propose([null, null])).toBe(null);
    expect(propose([0.1, 0.5, null, null])).toBe(null); // no scatter is left at 3: the gap is beyond all bounds
    expect(propose([0.1])).toBe(null);
  });
});
