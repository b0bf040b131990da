import { describe, expect, test } from "vitest";
import { tableFromCounts } from "../partitions/testing/labels.ts";
import { homogeneity, mutualInformation, normalizedMutualInformation } from "./information.ts";

describe("scores from information", () => {
  test("mutual information of two equal halves is log 2, of independent labels 0", () => {
    expect(
      mutualInformation(
        tableFromCounts([
          [4, 0],
          [0, 4],
        ]),
      ),
    ).toBeCloseTo(Math.LN2, 15);
    expect(
      mutualInformation(
        tableFromCounts([
          [1, 2],
          [3, 6],
        ]),
      ),
    ).toBe(0);
  });

  test("rounding never makes mutual information negative", () => {
    // Billions of samples, one away from independence: the bare sum is -1.8e-17.
    const table = {
      nClusters: 2,
      nClasses: 2,
      counts: Int32Array.of(615558361, 917556080, 861209901, 1283726178),
      clusterSizes: Float64Array.of(1533114441, 2144936079),
      classSizes: Float64Array.of(1476768262, 2201282258),
      total: 3678050520,
      leftOut: 0,
    };
    expect(mutualInformation(table)).toBeGreaterThanOrEqual(0);
    expect(normalizedMutualInformation(table)).toBeLessThan(1e-15);
  });

  test("rounding never makes homogeneity larger than 1", () => {
    // The bare quotient is 1 + 2e-16.
    expect(
      homogeneity(
        tableFromCounts([
          [9, 0],
          [0, 3],
          [9, 0],
        ]),
      ),
    ).toBe(1);
  });
});
