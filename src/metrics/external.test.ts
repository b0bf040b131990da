import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contingencyTable } from "../partitions/index.ts";
import {
  labelPairs,
  labelsFromCounts,
  swapped,
  tableFromCounts,
  tables,
} from "../partitions/testing/labels.ts";
import { createRandom } from "../random/index.ts";
import type { ExternalScores } from "./external.ts";
import { externalScores } from "./external.ts";

type Case = { readonly name: string; readonly scores: ExternalScores } & (
  | { readonly counts: readonly (readonly number[])[] }
  | { readonly clusters: readonly number[]; readonly classes: readonly number[] }
);

const fixture: { cases: Case[] } = JSON.parse(
  readFileSync(new URL("../../fixtures/metrics/external.json", import.meta.url), "utf8"),
);

/** Entries equal to within `tolerance`, with the name of the score in the message. */
function expectScores(
  got: Partial<ExternalScores>,
  expected: Partial<ExternalScores>,
  tolerance: number,
): void {
  expect(Object.keys(got).sort()).toEqual(Object.keys(expected).sort());
  for (const name of Object.keys(expected) as (keyof ExternalScores)[]) {
    const difference = Math.abs((got[name] ?? Number.NaN) - (expected[name] ?? Number.NaN));
    expect(difference, `${name}: ${got[name]} instead of ${expected[name]}`).toBeLessThanOrEqual(tolerance);
  }
}

/** The same groups under other names: label c becomes `names[c]`. */
const renamed = (labels: Int32Array, names: readonly number[]): Int32Array =>
  labels.map((label) => names[label]);
const permutations = fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6, maxLength: 6 });
const chanceAdjusted = ["ari", "ami"] as const;
const symmetric = ["nmi", "ami", "ari", "vMeasure", "fowlkesMallows", "accuracy"] as const;

describe("externalScores against scikit-learn", () => {
  test.each(fixture.cases)("$name: every score agrees to 1e-9", (reference) => {
    const { clusters, classes } =
      "counts" in reference
        ? labelsFromCounts(reference.counts)
        : { clusters: Int32Array.from(reference.clusters), classes: Int32Array.from(reference.classes) };
    expectScores(externalScores(contingencyTable(clusters, classes)), reference.scores, 1e-9);
  });

  test("the fixture has cases of 70,000 samples", () => {
    const sizes = fixture.cases.map((one) =>
      "counts" in one ? one.counts.flat().reduce((a, b) => a + b, 0) : 0,
    );
    expect(sizes.filter((size) => size === 70_000)).toHaveLength(3);
  });
});

describe("externalScores by hand", () => {
  test("two clusters, two classes, one sample astray", () => {
    // cluster 0: classes 0 0 0; cluster 1: classes 0 1
    const scores = externalScores(
      tableFromCounts([
        [3, 0],
        [1, 1],
      ]),
    );
    expect(scores.purity).toBe(4 / 5);
    expect(scores.meanClusterPurity).toBe((1 + 1 / 2) / 2);
    expect(scores.accuracy).toBe(4 / 5);
    expect(scores.majorityClasses).toBe(1); // the tie in cluster 1 goes to class 0
    // pairs together: 3 in both, 3 + 1 in the clustering, 6 in the classes, of 10
    expect(scores.fowlkesMallows).toBeCloseTo(3 / Math.sqrt(4 * 6), 14);
    expect(scores.ari).toBeCloseTo((3 - (4 * 6) / 10) / ((4 + 6) / 2 - (4 * 6) / 10), 14);
    const [half, plogp] = [Math.log(2), (p: number) => -p * Math.log(p)];
    const classEntropy = plogp(4 / 5) + plogp(1 / 5);
    expect(scores.homogeneity).toBeCloseTo(1 - ((2 / 5) * half) / classEntropy, 14);
    const splitOfClass0 = (4 / 5) * (plogp(3 / 4) + plogp(1 / 4));
    expect(scores.completeness).toBeCloseTo(1 - splitOfClass0 / (plogp(3 / 5) + plogp(2 / 5)), 14);
  });

  test("purity weighs samples alike, mean cluster purity clusters alike, and empty clusters do not count", () => {
    const scores = externalScores(
      tableFromCounts([
        [8, 0],
        [0, 0],
        [1, 1],
      ]),
    );
    expect(scores.purity).toBe(9 / 10);
    expect(scores.meanClusterPurity).toBe(3 / 4);
  });
});

describe("laws of the external scores", () => {
  test("renaming clusters and classes changes nothing", () => {
    fc.assert(
      fc.property(
        labelPairs,
        permutations,
        permutations,
        ({ clusters, classes }, clusterNames, classNames) => {
          const before = externalScores(contingencyTable(clusters, classes));
          const table = contingencyTable(renamed(clusters, clusterNames), renamed(classes, classNames));
          // Ties for the most frequent class go to the lowest, so that this one score may depend on the classes' names.
          expectScores(
            { ...externalScores(table), majorityClasses: 0 },
            { ...before, majorityClasses: 0 },
            1e-12,
          );
        },
      ),
    );
  });

  test("renaming clusters leaves the number of majority classes as it is", () => {
    fc.assert(
      fc.property(labelPairs, permutations, ({ clusters, classes }, names) => {
        const { majorityClasses } = externalScores(contingencyTable(renamed(clusters, names), classes));
        expect(majorityClasses).toBe(externalScores(contingencyTable(clusters, classes)).majorityClasses);
      }),
    );
  });

  test("swapping clusters and classes swaps homogeneity and completeness and leaves the symmetric scores", () => {
    fc.assert(
      fc.property(tables, (table) => {
        const [there, back] = [externalScores(table), externalScores(swapped(table))];
        for (const name of symmetric) expect(Math.abs(there[name] - back[name]), name).toBeLessThan(1e-12);
        expect(there.homogeneity).toBeCloseTo(back.completeness, 12);
      }),
    );
  });

  test("every score stays within its bounds", () => {
    fc.assert(
      fc.property(tables, (table) => {
        const { majorityClasses, ami, ari, ...shares } = externalScores(table);
        for (const [name, value] of Object.entries(shares)) {
          expect(value, name).toBeGreaterThanOrEqual(0);
          expect(value, name).toBeLessThanOrEqual(1);
        }
        expect(ari).toBeGreaterThanOrEqual(-0.5);
        expect(Math.max(ari, ami)).toBeLessThanOrEqual(1 + 1e-12);
        expect(Number.isFinite(ami)).toBe(true);
        expect(majorityClasses).toBeGreaterThanOrEqual(1);
        expect(shares.accuracy).toBeLessThanOrEqual(shares.purity);
      }),
    );
  });

  test("classes under other names score 1 throughout; Fowlkes-Mallows needs a pair that is together", () => {
    fc.assert(
      fc.property(labelPairs, permutations, ({ classes }, names) => {
        const { majorityClasses, fowlkesMallows, ...scores } = externalScores(
          contingencyTable(renamed(classes, names), classes),
        );
        for (const [name, value] of Object.entries(scores))
          expect(Math.abs(value - 1), name).toBeLessThan(1e-12);
        const nClasses = new Set(classes).size;
        expect(majorityClasses).toBe(nClasses);
        expect(fowlkesMallows).toBe(nClasses === classes.length ? 0 : 1);
      }),
    );
  });

  test("anything else scores below 1 in the chance-adjusted ones", () => {
    fc.assert(
      fc.property(tables, (table) => {
        const scores = externalScores(table);
        fc.pre(scores.homogeneity < 1 - 1e-9 || scores.completeness < 1 - 1e-9);
        for (const name of chanceAdjusted) expect(scores[name], name).toBeLessThan(1 - 1e-9);
      }),
    );
  });

  test("V-measure is the normalised mutual information with the arithmetic mean", () => {
    fc.assert(
      fc.property(tables, (table) => {
        const { nmi, vMeasure } = externalScores(table);
        expect(Math.abs(nmi - vMeasure)).toBeLessThan(1e-12);
      }),
    );
  });

  test("chance-adjusted scores of random labels are near 0, where the plain ones are not", () => {
    const random = createRandom(11);
    const draw = (count: number, bound: number): Int32Array =>
      Int32Array.from({ length: count }, () => random.integer(bound));
    const sums = { ari: 0, ami: 0, nmi: 0 };
    const repeats = 40;
    for (let i = 0; i < repeats; i++) {
      const scores = externalScores(contingencyTable(draw(300, 30), draw(300, 10)));
      for (const name of chanceAdjusted) expect(Math.abs(scores[name]), name).toBeLessThan(0.06);
      sums.ari += scores.ari / repeats;
      sums.ami += scores.ami / repeats;
      sums.nmi += scores.nmi / repeats;
    }
    // Standard deviation of one value is about 0.006 (ARI) and 0.013 (AMI): a mean of 40 lies within 5 of its own.
    expect(Math.abs(sums.ari)).toBeLessThan(0.005);
    expect(Math.abs(sums.ami)).toBeLessThan(0.011);
    expect(sums.nmi).toBeGreaterThan(0.15);
  });
});
