import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import type { Report } from "./index.ts";
import { comparisonReport, elbowReport, runReport } from "./index.ts";
import { autoencoderExhibits, autoencoderRun } from "./testing/autoencoder-records.ts";
import { documentOf } from "./testing/document-of.ts";
import { drawnOnce } from "./testing/drawn-once.ts";
import {
  comparisonOf,
  elbowRecord,
  exhibitsOf,
  fashionNames,
  type RecordChoice,
  runRecord,
} from "./testing/records.ts";

const drawReport = (choice: RecordChoice = {}, perGrid = 4): Report => {
  const result = runRecord(choice);
  return runReport({ result, exhibits: exhibitsOf(result, perGrid) });
};

const drawSeeds = (
  seeds: readonly number[],
  methods: readonly string[] = ["pixels+kmeans"],
  choice: RecordChoice = {},
): Report => {
  const results = methods.flatMap((method) => seeds.map((seed) => runRecord({ ...choice, method, seed })));
  const exhibits = results.map((result) => ({ result, exhibits: exhibitsOf(result, 4) }));
  return comparisonReport({ comparison: comparisonOf(results), exhibits });
};

/** Drawn once for all tests that look at the same. */
const [reportOf, seedsReport] = [drawnOnce(drawReport), drawnOnce(drawSeeds)];

const sectionsOf = (report: Report): readonly string[] =>
  [...documentOf(report).querySelectorAll("main > *")].map((element) => element.id);

const namesOf = ({ figures }: Report): readonly string[] => figures.map(({ name }) => name);

const ledeOf = (report: Report): string => documentOf(report).querySelector(".lede")?.textContent ?? "";

describe("which sections a report has", () => {
  test("a labelled run shows everything, in the order in which one reads it", () => {
    const result = runRecord();
    const report = runReport({ result, exhibits: exhibitsOf(result, 4), elbow: elbowRecord() });
    expect(sectionsOf(report)).toEqual([
      "facts",
      "images",
      "centers",
      "examples",
      "sizes",
      "confusion",
      "history",
      "elbow",
      "scores",
      "repeat",
    ]);
    expect(namesOf(report)).toEqual([
      "strip.png",
      "centers.png",
      "examples.png",
      "sizes.svg",
      "confusion.svg",
      "confusion-majority.svg",
      "confusion-unsorted.svg",
      "history.svg",
      "elbow.svg",
    ]);
  });

  test("without labels there is no confusion matrix, no class and no score that needs labels", () => {
    const report = reportOf({ labelled: false });
    expect(sectionsOf(report)).not.toContain("confusion");
    expect(namesOf(report).filter((name) => name.startsWith("confusion"))).toEqual([]);
    expect(report.html).not.toMatch(/Accuracy|Purity|Against the labels/);
    expect(ledeOf(report)).toContain("No labels are known");
  });

  test("centers that are no images are left out", () => {
    const result = runRecord();
    const { strip, clusters } = exhibitsOf(result, 4);
    const report = runReport({ result, exhibits: { strip, clusters } });
    expect(sectionsOf(report)).not.toContain("centers");
    expect(namesOf(report)).not.toContain("centers.png");
  });

  test("seeds are compared only if there are several", () => {
    expect(sectionsOf(seedsReport([0, 1]))).toContain("comparison");
    expect(sectionsOf(seedsReport([0]))).not.toContain("comparison");
  });

  test("several methods have a chapter each, the most accurate one first and open, the others closed", () => {
    const a = runRecord({ method: "pixels+kmeans", metrics: { inertia: 5, accuracy: 0.5 } });
    const b = runRecord({ method: "pca+kmeans", metrics: { inertia: 4, accuracy: 0.6 } });
    const exhibits = [a, b].map((result) => ({ result, exhibits: exhibitsOf(result, 4) }));
    const report = comparisonReport({ comparison: comparisonOf([a, b]), exhibits });
    expect(sectionsOf(report)).toEqual([
      "facts",
      "images",
      "comparison",
      "m2-pca-kmeans-run",
      "m1-pixels-kmeans-run",
      "repeat",
    ]);
    const document = documentOf(report);
    expect(document.getElementById("m2-pca-kmeans-run")?.tagName).toBe("SECTION");
    expect(document.getElementById("m1-pixels-kmeans-run")?.tagName).toBe("DETAILS");
    expect(new Set(namesOf(report)).size).toBe(report.figures.length);
  });

  test("a comparison without pictures still shows sizes and confusion of its best run", () => {
    const report = comparisonReport({ comparison: comparisonOf([runRecord()]), exhibits: [] });
    expect(sectionsOf(report)).toEqual(["facts", "sizes", "confusion", "history", "scores", "repeat"]);
  });

  test("an elbow report has the curve, its facts and its command", () => {
    const report = elbowReport({ elbow: elbowRecord({ sampled: 2000 }) });
    expect(sectionsOf(report)).toEqual(["elbow", "facts", "repeat"]);
    expect(namesOf(report)).toEqual(["elbow.svg"]);
    expect(ledeOf(report)).toContain("A sample of 2,000 of the 10,000 images");
    const unclear = elbowReport({ elbow: elbowRecord({ suggested: null }) });
    expect(ledeOf(unclear)).toContain("these numbers alone suggest no number of clusters");
  });

  test("an elbow report shows every criterion, with its proposal, its values and errors, and the reason", () => {
    const values = Array.from({ length: 20 }, (_, i) => (i === 0 ? null : 1 / i));
    const report = elbowReport({
      elbow: elbowRecord({
        silhouette: values,
        stability: values,
        errors: { stability: values.map((value) => value && 0.0125) },
        suggestions: { inertia: 5, silhouette: 2, stability: null },
        suggested: 2,
        suggestedBy: ["silhouette"],
        reason: "2, by the silhouette.",
        criteriaSample: 4000,
      }),
    });
    expect(namesOf(report)).toEqual(["elbow.svg", "elbow-silhouette.svg", "elbow-stability.svg"]);
    const section = documentOf(report).getElementById("elbow");
    const rows = [...(section?.querySelectorAll("table:not(.numbers) tbody tr") ?? [])];
    expect(rows.map((row) => row.textContent)).toEqual([
      "Inertiaknee of the curve5",
      "Silhouettehighest2",
      "Stabilityhighestnone",
    ]);
    expect(section?.textContent).toContain("Suggested: 2, by the silhouette.");
    expect(section?.textContent).toContain("on a sample of 4,000 images");
    const [first, second] = [...(section?.querySelectorAll(".numbers tbody tr") ?? [])];
    expect(first?.textContent).toBe("14,800,000––");
    expect(second?.textContent).toBe("23,200,0001.00001.0000 ± 0.0125");
  });
});

describe("what the page says", () => {
  test("the lede of a labelled run names the score and its value in two sentences", () => {
    expect(ledeOf(reportOf())).toBe(
      "10,000 images of fashion-mnist (test) were sorted into 10 clusters by K-Means on raw pixels, without a look at their labels. " +
        "Held against the labels afterwards, 54.0% of them lie in the cluster matched to their class (accuracy: the best one-to-one " +
        "match of clusters and classes), and 9 of 10 classes are the most frequent one of some cluster.",
    );
  });

  test("the lede of several seeds gives mean and standard deviation and names the run shown, that of lowest inertia", () => {
    // Accuracies 0.5399, 0.5499, 0.5599: mean 0.5499, standard deviation 0.01.
    const lede = ledeOf(seedsReport([2, 0, 1]));
    expect(lede).toContain("55.0% ± 1.0 of them");
    expect(lede).toContain(
      "the pictures show seed 0, which has the lowest inertia and an accuracy of 54.0%.",
    );
  });

  test("where the run of lowest inertia is not the most accurate, both runs are named with their figures", () => {
    expect(seedsReport([0, 1, 2]).html).toContain(
      "Lower inertia is not better agreement: the run of lowest inertia, seed 0 (inertia 2,233,496, accuracy 54.0%), " +
        "agrees less with the labels than seed 2 (inertia 2,233,696, accuracy 56.0%).",
    );
  });

  test("where the run of lowest inertia is the most accurate, the page does not claim the contrary", () => {
    const results = [0, 1].map((seed) =>
      runRecord({ seed, metrics: { inertia: 10 + seed, accuracy: 0.6 - seed / 10 } }),
    );
    const { html } = comparisonReport({ comparison: comparisonOf(results), exhibits: [] });
    expect(html).toContain("the run of lowest inertia, seed 0, also agrees best");
    expect(html).not.toContain("Lower inertia is not better agreement:");
  });

  test("every seed has a row that can be opened", () => {
    const document = documentOf(seedsReport([0, 1, 2]));
    const seeds = [...document.querySelectorAll("#comparison details tbody th")].map(
      (cell) => cell.textContent,
    );
    expect(seeds).toEqual(["0", "1", "2"]);
  });

  test("a notice that many seeds share is said once, with the seeds, above the contents", () => {
    const { document } = parseHTML(
      seedsReport([0, 1, 2], undefined, { notices: ["Iterations ran out."] }).html,
    );
    expect([...document.querySelectorAll("header [role=note] li")].map((item) => item.textContent)).toEqual([
      "seeds 0 to 2: Iterations ran out.",
    ]);
  });

  test("the command repeats the run, quoted for a shell", () => {
    const result = runRecord({ seed: 3, source: { location: "it's here", limit: 500 } });
    const { document } = parseHTML(runReport({ result, exhibits: exhibitsOf(result, 1) }).html);
    expect(document.querySelector("#repeat pre")?.textContent).toBe(
      "unlabeled cluster 'it'\\''s here' --split test --limit 500 --method pixels+kmeans --clusters 10 --seed 3 --init random " +
        "--restarts 1 --max-iterations 300 --tolerance 0",
    );
  });

  test("examples say in words which classes they show, and a class named by a number is called a class", () => {
    const document = documentOf(reportOf({ classNames: ["0", "1"], nClusters: 2 }, 3));
    expect(document.querySelector(".card .view.typical img")?.getAttribute("alt")).toBe(
      "3 typical images of cluster 0: 2 of class 0 and 1 of class 1",
    );
  });

  test("every image has a text that stands for it", () => {
    for (const image of documentOf(reportOf()).querySelectorAll("img")) {
      expect(image.getAttribute("alt")).toMatch(/\w+ .*\d/);
    }
  });
});

describe("what the page is made of", () => {
  const nasty = [
    `<script>alert(1)</script>`,
    `" onmouseover="alert(2)`,
    `</title></style><img src=x onerror=alert(3)>`,
    `'single' & &amp; <b>`,
  ];

  test("text from users never becomes markup", () => {
    const tags = nasty.filter((text) => text.includes("<"));
    const [a = "", b = "", c = ""] = nasty;
    const choice = {
      classNames: nasty,
      nClusters: 4,
      method: c,
      notices: [a, b],
      source: { name: c, location: b },
    };
    const result = { ...runRecord(choice), run: a, requested: b };
    const elbow = elbowRecord({ method: a, suggestions: { [c]: 3 } });
    const other = runRecord({ ...choice, method: a, seed: 1 });
    const exhibits = [result, other].map((run) => ({ result: run, exhibits: exhibitsOf(run, 2) }));
    const reports = [
      runReport({ result, exhibits: exhibitsOf(result, 2), elbow }),
      comparisonReport({ comparison: comparisonOf([result, other]), exhibits, elbow }),
      elbowReport({ elbow }),
    ];
    for (const { html, figures } of reports) {
      const { document } = parseHTML(html);
      expect(document.querySelectorAll("script").length).toBe(1);
      expect(
        document.querySelectorAll("b [src], img:not([src^='data:image/png']), [onmouseover], [onerror]")
          .length,
      ).toBe(0);
      expect(html.match(/<script/g)?.length).toBe(1);
      for (const text of tags) expect(html.includes(text)).toBe(false);
      for (const { name, content } of figures) {
        expect(name).toMatch(/^[a-z0-9-]+\.(svg|png)$/);
        for (const text of tags) expect(typeof content === "string" && content.includes(text)).toBe(false);
      }
    }
    expect(parseHTML(reports[0]?.html ?? "").document.querySelector("h1")?.textContent).toContain(c);
  });

  test("nothing is loaded from anywhere", () => {
    const reports = [
      reportOf(),
      seedsReport([0, 1], ["pixels+kmeans", "pca+kmeans"]),
      elbowReport({ elbow: elbowRecord() }),
      runReport({ result: autoencoderRun(), exhibits: autoencoderExhibits(autoencoderRun()) }),
    ];
    for (const { html, figures } of reports) {
      expect(html).not.toMatch(/https?:|url\(|@import|<link|<iframe/);
      for (const [, address] of html.matchAll(/\s(?:src|href)="([^"]*)"/g))
        expect(address).toMatch(/^(data:image\/png;|#)/);
      for (const { content } of figures) {
        if (typeof content !== "string") continue;
        expect(content.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:|url\(|href/);
      }
    }
  });

  test("every link within the page has its target, and no id stands twice", () => {
    const document = documentOf(seedsReport([0, 1], ["pixels+kmeans", "pca+kmeans"]));
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const link of document.querySelectorAll("a"))
      expect(ids).toContain(link.getAttribute("href")?.slice(1));
  });

  test("headings go down one level at a time, from a single first one", () => {
    const document = documentOf(seedsReport([0, 1], ["pixels+kmeans", "pca+kmeans"]));
    const levels = [...document.querySelectorAll("h1,h2,h3,h4,h5")].map(({ tagName }) =>
      Number(tagName.slice(1)),
    );
    expect(levels.filter((level) => level === 1)).toEqual([1]);
    levels.forEach((level, i) => {
      expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1);
    });
  });

  test("the same records give the same bytes", () => {
    expect(drawSeeds([0, 1], ["pixels+kmeans", "pca+kmeans"])).toEqual(
      seedsReport([0, 1], ["pixels+kmeans", "pca+kmeans"]),
    );
  });

  // More kinds of pages: size.long.test.ts.
  test("a page stays under 3 MB with pictures of noise, here small ones of many clusters", () => {
    const report = reportOf({ nClusters: 50, classNames: fashionNames }, 9);
    expect(report.html.length).toBeLessThan(3_000_000);
  });
});
