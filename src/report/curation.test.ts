import { expect, test } from "vitest";
import type { CurationExhibit, Exhibit } from "../experiment/index.ts";
import { runReport } from "./index.ts";
import { exhibitsOf, runRecord } from "./testing/records.ts";

const exhibit = (...indices: number[]): Exhibit => ({
  indices,
  images: {
    count: indices.length,
    height: 2,
    width: 2,
    channels: 1,
    pixels: new Uint8Array(4 * indices.length),
    labels: Int32Array.from(indices, (i) => i % 10),
    classNames: [],
    files: indices.map((i) => `a/<b>${i}.png`),
  },
});

const curation: CurationExhibit = {
  duplicates: {
    total: 3,
    images: 9,
    equal: 1,
    acrossClusters: 1,
    acrossClasses: 0,
    groups: [{ group: 2, size: 5, shown: exhibit(1, 11), clusters: [3, 4] }],
  },
  disagreements: {
    total: 2,
    shown: exhibit(5),
    clusters: [3],
    scores: [0.5],
    majorities: [0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
  },
};

const report = (given: CurationExhibit | undefined): string => {
  const result = runRecord();
  const exhibits = { ...exhibitsOf(result), ...(given && { curation: given }) };
  const names = new Map([[3, { name: "b & w", notes: "two\nlines" }]]);
  return runReport({ result, exhibits, names }).html;
};

test("what is worth a look has a section of the kinds that there are, with names, counts and files", () => {
  const html = report(curation);
  expect(html).toContain('<section id="near-duplicates">');
  expect(html).toContain("9 images lie in 3 groups of images that are nearly the same, 1 of them alike");
  expect(html).toContain("1 group lies in more than one cluster. Shown are 1, those with several labels");
  expect(html).toContain("Trouser · clusters 3 (b &#38; w) and 4");
  expect(html).toContain("+3");
  expect(html).toContain("&#60;b&#62;11.png");
  expect(html).toContain("labelled Sandal, in cluster 3 (b &#38; w) of mostly Trouser");
  expect(html).not.toContain('id="outliers"');
});

test("nothing is said where there is nothing", () => {
  expect(report(undefined)).not.toContain("Worth a look");
});

test("names and notes stand with their clusters", () => {
  const html = report(undefined);
  expect(html).toContain("<b>Cluster 3: b &#38; w</b>");
  expect(html).toContain("<b>Cluster 4</b>");
  expect(html).toContain('<span class="notes">two\nlines</span>');
});
