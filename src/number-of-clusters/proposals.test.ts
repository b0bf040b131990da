import { describe, expect, test } from "vitest";
import { suggestionsOf } from "./proposals.ts";
import type { Criterion } from "./types.ts";

const none = { errors: {} };
const propose = (criterion: Criterion, curve: (number | null)[], from = 1) =>
  suggestionsOf(
    curve.map((_, at) => from + at),
    { [criterion]: curve },
    none.errors,
  )[criterion];

describe("suggestionsOf", () => {
  test.each(["silhouette", "calinskiHarabasz"] as const)("%s proposes its greatest value", (criterion) => {
    expect(propose(criterion, [null, 0.2, 0.7, 0.5])).toBe(3);
    expect(propose(criterion, [null, 0.2, 0.7, 0.7, 0.1])).toBe(3);
  });

  test.each(["daviesBouldin", "bic", "adjustedBic", "icl"] as const)(
    "%s proposes its least value",
    (criterion) => {
      expect(propose(criterion, [null, 9, -4, 5])).toBe(3);
      expect(propose(criterion, [null, 9, -4, -4, 7])).toBe(3);
    },
  );

  test("the inertia proposes its knee", () => {
    expect(propose("inertia", [100, 55, 10, 5, 0])).toBe(3);
  });

  test("the end of the range is no proposal", () => {
    expect(propose("silhouette", [null, 0.2, 0.5, 0.7])).toBe(null);
    expect(propose("bic", [9, 8, 7, 6])).toBe(null);
  });

  test("nor is the last k at which there is a value", () => {
    expect(propose("bic", [9, 8, 7, null, null])).toBe(null);
    expect(propose("bic", [9, 6, 7, null, null])).toBe(2);
  });

  test("the start of the range is one only where no smaller k has a value", () => {
    expect(propose("bic", [5, 8, 9])).toBe(1);
    expect(propose("bic", [5, 8, 9], 2)).toBe(null);
    expect(propose("silhouette", [null, 0.9, 0.5, 0.4])).toBe(2);
    expect(propose("silhouette", [0.9, 0.5, 0.4], 2)).toBe(2);
    expect(propose("silhouette", [0.9, 0.5, 0.4], 3)).toBe(null);
    expect(propose("stability", [0.9, 0.5, 0.4], 2)).toBe(2);
    expect(propose("stability", [null, 0, 0])).toBe(1);
  });

  test("a criterion without values proposes nothing, and one that was not computed is absent", () => {
    expect(propose("gap", [null, null, null])).toBe(null);
    expect(propose("inertia", [4])).toBe(null);
    expect(suggestionsOf([1, 2], {}, {})).toEqual({});
  });
});
