import { expect, test } from "vitest";
import { runRecord } from "../report/testing/records.ts";
import { formatScore, formatSpread, scoreDescription, scoreDescriptions } from "./scores.ts";

/** Scores of clusterers of graphs. */
const ofGraphs = ["modularity", "agreement"];

test("every score that a run can have is described, except the silhouette's error, which belongs to it", () => {
  const { metrics } = runRecord({ method: "pixels+gmm" });
  const names = [...Object.keys(metrics), ...ofGraphs].filter((name) => name !== "silhouetteError");
  expect(scoreDescriptions.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
});

test("a score needs labels exactly if an unlabelled run lacks it", () => {
  const ofMixtures = Object.keys(runRecord({ labelled: false, method: "pixels+gmm" }).metrics);
  const unlabelled = [...ofMixtures, ...ofGraphs];
  for (const { name, needsLabels } of scoreDescriptions)
    expect([name, unlabelled.includes(name)]).toEqual([name, !needsLabels]);
});

test("an explanation is one sentence that ends", () => {
  for (const { explanation } of scoreDescriptions) expect(explanation).toMatch(/^[A-Z0-9].*[^.]\.( .*\.)?$/);
});

test("only inertia, Davies-Bouldin and the criteria of mixtures are better when lower", () => {
  expect(scoreDescriptions.filter(({ better }) => better === "lower").map(({ name }) => name)).toEqual([
    "inertia",
    "daviesBouldin",
    "bic",
    "aic",
    "icl",
  ]);
  expect(scoreDescription("silhouetteError")).toBeUndefined();
});

test("scores have four decimals, counts none, and large sums whole digits", () => {
  expect(formatScore("accuracy", 0.53991)).toBe("0.5399");
  expect(formatScore("majorityClasses", 9)).toBe("9");
  expect(formatScore("inertia", 2_233_496.2)).toBe("2,233,496");
});

test("mean and standard deviation have the same decimals", () => {
  expect(formatSpread("inertia", { mean: 2_233_496.2, sd: 0.123 })).toBe("2,233,496 ± 0");
  expect(formatSpread("ari", { mean: 0.3484, sd: 0.01239 })).toBe("0.3484 ± 0.0124");
});
