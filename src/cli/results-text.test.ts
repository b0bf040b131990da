import { expect, test } from "vitest";
import { comparisonOf, elbowRecord, runRecord, sourceRecord } from "../report/testing/records.ts";
import { comparisonText, placesText } from "./results-text.ts";

test("why the program chose a number of clusters is said once for all runs that it holds for", () => {
  const run = (seed: number, reason: string) => ({
    ...runRecord({ seed, method: "pca+kmeans", labelled: false }),
    numberOfClusters: elbowRecord({ reason }),
  });
  const results = [run(0, "7, by stability."), run(1, "7, by stability."), run(2, "6, by silhouette.")];
  const text = comparisonText(comparisonOf(results));
  expect(text.split("\n\n").slice(-2)).toEqual([
    "Number of clusters",
    "pca+kmeans: 7, by stability.\npca+kmeans: 6, by silhouette.\n",
  ]);
  expect(comparisonText(comparisonOf([runRecord()]))).not.toContain("Number of clusters");
});

test("the list of what could not be read is named where there is one", () => {
  expect(placesText("runs/a", sourceRecord())).toBe("Report: runs/a/report.html\n");
  expect(placesText("runs/a", sourceRecord({ source: { skipped: 2 } }))).toBe(
    "Report: runs/a/report.html\nLeft out: runs/a/skipped.csv\n",
  );
});
