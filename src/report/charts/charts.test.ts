import { expect, test } from "vitest";
import { clusterSummaries } from "../clusters.ts";
import { type ConfusionTables, confusionTables } from "../confusion.ts";
import { elbowRecord, fashionNames, runRecord } from "../testing/records.ts";
import { agreementChart } from "./agreement.ts";
import { compactTicks, wholeTicks } from "./axes.ts";
import { confusionChart } from "./confusion.ts";
import { elbowChart } from "./elbow.ts";
import { historyChart } from "./history.ts";
import type { Chart } from "./plot.ts";
import { classRanks, sizesChart } from "./sizes.ts";

const tablesOf = (choice: Parameters<typeof runRecord>[0]): ConfusionTables => {
  const tables = confusionTables(runRecord(choice));
  if (tables === undefined) throw new Error("The record of this test has labels.");
  return tables;
};

const charts: Readonly<Record<string, () => Chart>> = {
  elbow: () => elbowChart(elbowRecord()),
  history: () => historyChart(runRecord().history, "inertia"),
  sizes: () => sizesChart(clusterSummaries(runRecord()), fashionNames),
  confusion: () => confusionChart(tablesOf({}).matched),
  agreement: () =>
    agreementChart([
      { seed: 0, inertia: 2_223_800, accuracy: 0.473, note: "seed 0: lowest inertia" },
      { seed: 1, inertia: 2_233_496, accuracy: 0.5399, note: "seed 1: highest accuracy" },
      { seed: 2, inertia: 2_260_100, accuracy: 0.512 },
    ]),
};

for (const [name, draw] of Object.entries(charts)) {
  test(`the ${name} chart is the one that was looked at and approved`, async () => {
    await expect(draw().file).toMatchFileSnapshot(`testing/${name}.svg`);
  });

  test(`the ${name} chart is the same bytes whatever was drawn before it`, () => {
    const first = draw();
    for (const other of Object.values(charts)) other();
    expect(draw()).toEqual(first);
  });

  test(`the ${name} chart takes every colour from the page, so that it follows light and dark`, () => {
    const painted = [...draw().inline.matchAll(/(?:fill|stroke)="([^"]*)"/g)].map(([, colour]) => colour);
    expect(painted.length).toBeGreaterThan(0);
    for (const colour of painted) expect(colour).toMatch(/^(none|currentColor|var\(--[a-z0-9-]+\))$/);
  });

  test(`the ${name} chart has no ids, by which two charts on a page could mix`, () => {
    expect(draw().inline).not.toMatch(/\sid="|url\(/);
  });
}

test("class names in charts are escaped, also where SVG files are stricter than pages", () => {
  const name = `<script>alert("1")</script> & \u00a0\u0001'`;
  const { matched } = tablesOf({ classNames: [name, "b"], nClusters: 2 });
  const sizes = sizesChart(clusterSummaries(runRecord({ classNames: [name, "b"], nClusters: 2 })), [
    name,
    "b",
  ]);
  for (const { file } of [confusionChart(matched), sizes]) {
    expect(file).not.toContain("<script");
    expect(file).not.toMatch(/&(?!(?:lt|gt|amp|quot|#\d+);)/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the character that must be gone.
    expect(file).not.toMatch(/\u0001/);
  }
});

test("each count of a readable confusion matrix is written in its cell, and empty cells stay empty", () => {
  const { matched } = tablesOf({});
  const counts = matched.rows.flatMap(({ counts }) => counts.filter((n) => n > 0));
  const { inline } = confusionChart(matched);
  const titles = [...inline.matchAll(/<title>cluster (\d+), .*?: (\d+) of/g)].map(([, , n]) => Number(n));
  expect(titles).toEqual(counts);
  const written = [...inline.matchAll(/<text[^>]*>(\d+)<\/text>/g)]
    .map(([, n]) => Number(n))
    .filter((n) => n >= 10);
  for (const n of counts.filter((count) => count >= 10)) expect(written).toContain(n);
});

test("above 30 clusters the cells are drawn without counts", () => {
  const { inline } = confusionChart(tablesOf({ nClusters: 41 }).matched);
  expect(inline).not.toContain("<title>");
  expect([...inline.matchAll(/<text[^>]*>(\d+)<\/text>/g)].length).toBe(41);
});

test("rows of 2 to 50 clusters never overlap", () => {
  for (const nClusters of [2, 10, 30, 50]) {
    const { height } = confusionChart(tablesOf({ nClusters }).matched);
    expect(height / nClusters).toBeGreaterThan(14);
  }
});

test("the knee is marked where the record suggests one, and nowhere else", () => {
  expect(elbowChart(elbowRecord()).inline).toContain("knee at k = 5");
  expect(elbowChart(elbowRecord({ suggested: null })).inline).not.toContain("knee at");
});

test("the pieces of a size bar have the colours of their classes; classes beyond the palette share one grey", () => {
  const many = Array.from({ length: 14 }, (_, l) => `class ${l}`);
  const clusters = clusterSummaries(runRecord({ classNames: many, nClusters: 14 }));
  const ranks = classRanks(clusters, 14);
  expect(ranks.filter((rank) => rank < 9).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(ranks.filter((rank) => rank === 9).length).toBe(5);
  expect(classRanks(clusters, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(sizesChart(clusters, many).inline).toContain("other classes: ");
});

test("a history of one iteration is drawn too", () => {
  expect(historyChart([12.5], "inertia").inline).toContain("12.500");
});

test("axis numbers are short and exact", () => {
  expect([0, 0.25, 9500, 95_200, 2_400_000].map(compactTicks)).toEqual([
    "0",
    "0.25",
    "9,500",
    "95.2k",
    "2.4M",
  ]);
});

test("ticks of whole numbers are whole and at most as many as asked for", () => {
  const values = Array.from({ length: 77 }, (_, i) => i + 1);
  expect(wholeTicks(values, 12)).toEqual([10, 20, 30, 40, 50, 60, 70]);
  expect(wholeTicks([1, 2, 3], 12)).toEqual([1, 2, 3]);
});
