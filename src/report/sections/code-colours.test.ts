import { expect, test } from "vitest";
import type { Exhibits, RunRecord } from "../../experiment/index.ts";
import { autoencoderExhibits, autoencoderRun } from "../testing/autoencoder-records.ts";
import { colouredClasses } from "../theme.ts";
import { viewOf } from "../view.ts";
import { colouringsOf, thinned } from "./code-colours.ts";

const codeOf = (result: RunRecord, nPoints = 120): NonNullable<Exhibits["code"]> => {
  const { code } = autoencoderExhibits(result, 1, nPoints);
  if (code === undefined) throw new Error("The exhibits of this test have a code.");
  return code;
};

test("a cluster has the colour of the class that it is matched with", () => {
  const result = { ...autoencoderRun({ nClusters: 3, classNames: ["a", "b", "c"] }), order: [2, 0, 1] };
  const view = viewOf(result, autoencoderExhibits(result, 1));
  const byCluster = colouringsOf(codeOf(result), view)[1];
  // Row r of the sorted matrix is cluster order[r], matched with class r.
  expect(byCluster?.centerRanks).toEqual([1, 2, 0]);
  expect(byCluster?.key.markup).toContain("cluster 0 (b)");
});

test("clusters have colours of their own where there are more of them than classes, again and again", () => {
  const result = autoencoderRun({ nClusters: colouredClasses + 3, classNames: ["a", "b"] });
  const byCluster = colouringsOf(codeOf(result), viewOf(result))[1];
  expect(byCluster?.centerRanks).toEqual(
    Array.from({ length: colouredClasses + 3 }, (_, cluster) => cluster % colouredClasses),
  );
  expect(byCluster?.key.markup).toContain("so they come again");
});

test("images without a label are grey, and the key says so", () => {
  const result = autoencoderRun();
  const code = codeOf(result);
  const classes = code.classes?.slice().fill(-1, 0, 2) ?? new Int32Array(0);
  const byClass = colouringsOf({ ...code, classes }, viewOf(result))[0];
  expect(byClass?.ranks.slice(0, 2)).toEqual([colouredClasses, colouredClasses]);
  expect(byClass?.key.markup).toContain("Images without a label are grey.");
});

test("a code is thinned evenly, each point keeping its place, cluster and class", () => {
  const code = codeOf(autoencoderRun(), 100);
  const few = thinned(code, 30);
  expect([few.points.rows, few.clusters.length, few.classes?.length]).toEqual([30, 30, 30]);
  expect(Array.from(few.points.data.slice(87, 90))).toEqual(
    Array.from(code.points.data.slice(96 * 3, 97 * 3)),
  );
  expect([few.clusters[29], few.classes?.[29]]).toEqual([code.clusters[96], code.classes?.[96]]);
  expect(thinned(code, 100)).toBe(code);
});
