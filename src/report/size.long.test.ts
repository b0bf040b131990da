/** Pages with as much on them as there can be; noise compresses worst. */
import { expect, test } from "vitest";
import { comparisonReport, type Report, runReport } from "./index.ts";
import { autoencoderExhibits, autoencoderRun } from "./testing/autoencoder-records.ts";
import { type ComparedChoice, compared } from "./testing/compared-records.ts";
import { comparisonOf, exhibitsOf, type RecordChoice, runRecord } from "./testing/records.ts";

const large = { height: 64, width: 64, channels: 3 };
const names = Array.from({ length: 70 }, (_, l) => `a rather long class name ${l}`);
const methods = Array.from({ length: 6 }, (_, m) => `method-${m}+kmeans`);

const pageOf = (choice: RecordChoice, perGrid: number): Report => {
  const result = runRecord(choice);
  return runReport({ result, exhibits: exhibitsOf(result, perGrid) });
};

test.each<[string, RecordChoice, number]>([
  ["as it usually is", {}, 25],
  ["of many clusters", { nClusters: 50 }, 25],
  ["of very many clusters and classes", { nClusters: 120, classNames: names }, 4],
  ["with large images in colour", { source: large }, 25],
])("a page %s stays under 3 MB", (_, choice, perGrid) => {
  expect(pageOf(choice, perGrid).html.length).toBeLessThan(3_000_000);
});

test("so does one of three methods with large images in colour", () => {
  const results = ["pixels+kmeans", "pca+kmeans", "hog+kmeans"].map((method) =>
    runRecord({ method, source: large }),
  );
  const exhibits = results.map((result) => ({ result, exhibits: exhibitsOf(result, 4) }));
  expect(comparisonReport({ comparison: comparisonOf(results), exhibits }).html.length).toBeLessThan(
    3_000_000,
  );
});

test.each<[string, ComparedChoice]>([
  ["six methods", { methods }],
  ["four methods with large images in colour", { methods: methods.slice(0, 4), source: large }],
])("so does one of %s that are compared image by image", (_, choice) => {
  const { comparison, sideBySide } = compared(choice);
  const exhibits = comparison.results.map((result) => ({ result, exhibits: exhibitsOf(result, 25) }));
  const report = comparisonReport({ comparison, exhibits, ...(sideBySide && { sideBySide }) });
  expect(report.html.length).toBeLessThan(3_000_000);
});

test("one of a network stays below 1.5 MB with 4,000 points, and below 3 MB with large images in colour", () => {
  const [small, big] = [autoencoderRun(), autoencoderRun({ source: large })];
  const bytes = [small, big].map(
    (result) => runReport({ result, exhibits: autoencoderExhibits(result, 25, 4000) }).html.length,
  );
  expect(bytes[0]).toBeLessThan(1_500_000);
  expect(bytes[1]).toBeLessThan(3_000_000);
});
