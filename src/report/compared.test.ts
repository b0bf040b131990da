import { decode } from "fast-png";
import { describe, expect, test } from "vitest";
import { comparisonReport, type Report } from "./index.ts";
import { methodAgreementPart } from "./sections/method-agreement.ts";
import { sameImagesPart } from "./sections/same-images.ts";
import { sideBySidePart } from "./sections/side-by-side.ts";
import { type ComparedChoice, compared } from "./testing/compared-records.ts";
import { documentOf } from "./testing/document-of.ts";
import { drawnOnce } from "./testing/drawn-once.ts";
import { exhibitsOf } from "./testing/records.ts";

const drawReport = (choice: ComparedChoice = {}, perGrid = 2): Report => {
  const { comparison, sideBySide } = compared(choice);
  const exhibits = comparison.results.map((result) => ({ result, exhibits: exhibitsOf(result, perGrid) }));
  return comparisonReport({ comparison, exhibits, ...(sideBySide && { sideBySide }) });
};

/** Drawn once for all tests that look at the same. */
const reportOf = drawnOnce(drawReport);

const textOf = (report: Report, id: string): string =>
  documentOf(report).getElementById(id)?.textContent?.replace(/\s+/g, " ") ?? "";

const namesOf = ({ figures }: Report): readonly string[] => figures.map(({ name }) => name);

const below = (report: Report): readonly string[] =>
  [...documentOf(report).querySelectorAll("#comparison > section")].map(({ id }) => id);

describe("several methods on one page", () => {
  test("are compared by agreement, matrices and images, below their table", () => {
    const report = reportOf();
    expect(below(report)).toEqual(["agreement", "side-by-side", "same-images"]);
    expect(namesOf(report).filter((name) => /agreement|side-by-side/.test(name))).toEqual([
      "method-agreement.svg",
      "side-by-side-1-pixels-kmeans.svg",
      "side-by-side-2-pca-kmeans.svg",
      "side-by-side-3-hog-kmeans.svg",
    ]);
  });

  test("are not, where there is one method with one seed, or a record that does not say", () => {
    expect(reportOf({ methods: ["pixels+kmeans"] }).html).not.toContain('id="agreement"');
    const { comparison } = compared();
    const { agreement: _agreement, ...earlier } = comparison;
    expect(below(comparisonReport({ comparison: earlier, exhibits: [] }))).toEqual([]);
  });

  test("keep ids and names of figures apart, and headings in order", () => {
    const report = reportOf({ seeds: [0, 1] });
    const document = documentOf(report);
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(namesOf(report)).size).toBe(report.figures.length);
    const levels = [...document.querySelectorAll("h1,h2,h3,h4")].map(({ tagName }) =>
      Number(tagName.slice(1)),
    );
    levels.forEach((level, i) => expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1));
  });

  test("load nothing, and text from users never becomes markup", () => {
    const nasty = [
      `<script>alert(1)</script>`,
      `" onmouseover="alert(2)`,
      `</title><img src=x onerror=alert(3)>`,
    ];
    for (const labelled of [true, false]) {
      const report = reportOf({ labelled, methods: nasty, classNames: nasty, nClusters: 3 });
      expect(report.html).not.toMatch(/https?:|url\(|@import|<link|<iframe/);
      for (const [, address] of report.html.matchAll(/\s(?:src|href)="([^"]*)"/g))
        expect(address).toMatch(/^(data:image\/png;|#)/);
      const document = documentOf(report);
      expect(document.querySelectorAll("[onmouseover], [onerror]").length).toBe(0);
      expect(document.querySelectorAll("script").length).toBe(1);
      for (const { name, content } of report.figures) {
        expect(name).toMatch(/^[a-z0-9-]+\.(svg|png)$/);
        for (const text of ["<script", "<img"]) expect(`${content}`.includes(text)).toBe(false);
      }
    }
  });

  test("take less than 1 MB for all that they have together, also with 100 classes in as many mixed clusters", () => {
    const methods = Array.from({ length: 6 }, (_, m) => `method-${m}+kmeans`);
    const classNames = Array.from({ length: 100 }, (_, l) => `a rather long class name ${l}`);
    const { comparison, sideBySide } = compared({ methods, classNames, nClusters: 100 });
    if (sideBySide === undefined) throw new Error("There are several methods.");
    // Cells of a fortieth are the most that are still drawn.
    const counts = classNames.map((_, r) => classNames.map((_, l) => ((l + 7 * r) % 100 < 40 ? 5 : 0)));
    const mixed = { ...sideBySide, methods: sideBySide.methods.map((method) => ({ ...method, counts })) };
    const parts = [
      methodAgreementPart(comparison),
      sideBySidePart(mixed, comparison.results),
      sameImagesPart(mixed, comparison.results),
    ];
    const bytes = parts.reduce((total, part) => total + (part?.section.body.markup.length ?? 0), 0);
    expect(bytes).toBeGreaterThan(300_000);
    expect(bytes).toBeLessThan(1_000_000);
  });

  test("are the same bytes for the same records", () => {
    expect(drawReport()).toEqual(reportOf());
  });
});

describe("agreement", () => {
  const agreement = { methods: ["a", "b", "c"], ari: [] as (number | null)[][] };
  const words = (methods: readonly string[], ari: (number | null)[][]): string =>
    textOf(
      comparisonReport({
        comparison: { ...compared().comparison, agreement: { ...agreement, methods, ari } },
        exhibits: [],
      }),
      "agreement",
    );

  test("names the pairs that are most and least alike, and who changes from seed to seed", () => {
    const text = words(
      ["a", "b", "c"],
      [
        [0.9, 0.5, 0.25],
        [0.5, 0.4, 0.75],
        [0.25, 0.75, null],
      ],
    );
    expect(text).toContain("Most alike are b and c (0.75), least alike a and c (0.25).");
    expect(text).toContain("From seed to seed, a (0.90) changes least, b (0.40) most.");
    expect(text).toContain("on the diagonal, of runs of one method from different seeds");
  });

  test("of two methods with one seed each is one number, and there is no word on seeds", () => {
    const text = words(
      ["a", "b"],
      [
        [null, 0.5],
        [0.5, null],
      ],
    );
    expect(text).toContain("Between a and b (0.50).");
    expect(text).not.toContain("eed to seed");
    expect(text).not.toContain("diagonal");
  });

  test("of several seeds of one method is a sentence, without picture", () => {
    const report = reportOf({ methods: ["pixels+kmeans"], seeds: [0, 1, 2] });
    expect(textOf(report, "agreement")).toMatch(
      /Runs of pixels\+kmeans from different seeds agree with each other by an adjusted Rand index of 0\.\d\d\./,
    );
    expect(below(report)).toEqual(["agreement"]);
    expect(namesOf(report)).not.toContain("method-agreement.svg");
  });

  test("is there as numbers, those of the record", () => {
    const { comparison } = compared();
    const cells = [...documentOf(reportOf()).querySelectorAll("#agreement td")].map(
      (cell) => cell.textContent,
    );
    const expected = comparison.agreement?.ari
      .flat()
      .map((value) => (value === null ? "–" : value.toFixed(4)));
    expect(cells).toEqual(expected);
  });
});

describe("matrices side by side", () => {
  test("have the same columns, and their own accuracy and seed in the caption", () => {
    const document = documentOf(reportOf());
    const captions = [...document.querySelectorAll("#side-by-side figcaption")].map((one) => one.textContent);
    expect(captions).toEqual([
      "pixels+kmeansaccuracy 54.0%, seed 0",
      "pca+kmeansaccuracy 54.0%, seed 0",
      "hog+kmeansaccuracy 54.0%, seed 0",
    ]);
    const columns = [...document.querySelectorAll("#side-by-side svg")].map((svg) =>
      [...svg.querySelectorAll("text")]
        .map((text) => text.textContent)
        .filter((text) => /\D/.test(text ?? "")),
    );
    expect(columns[0]).toContain("Ankle boot");
    expect(columns).toEqual([columns[0], columns[0], columns[0]]);
  });

  test("without labels are against the clusters of the first method, with their numbers below", () => {
    const report = reportOf({ labelled: false });
    const document = documentOf(report);
    expect(textOf(report, "side-by-side")).toContain("columns are the clusters of pixels+kmeans (seed 0)");
    expect(
      [...document.querySelectorAll("#side-by-side figcaption b")].map((one) => one.textContent),
    ).toEqual(["pca+kmeans", "hog+kmeans"]);
    const { sideBySide } = compared({ labelled: false });
    const cells = [...document.querySelectorAll("#side-by-side details:first-of-type td")].slice(0, 100);
    expect(cells.map((cell) => Number(cell.textContent))).toEqual(sideBySide?.methods[1]?.counts.flat());
  });

  test("say how many clusters there are, where they are not as many as classes", () => {
    expect(textOf(reportOf({ nClusters: 13 }), "side-by-side")).toContain("seed 0, 13 clusters");
  });
});

describe("the same images, grouped by each method", () => {
  test("each stand once with every method, in the cluster that it gave them", () => {
    for (const labelled of [true, false]) {
      const { sideBySide } = compared({ labelled });
      const cells = [...documentOf(reportOf({ labelled })).querySelectorAll("#same-images [data-image]")];
      for (const { method, clusters } of sideBySide?.methods ?? []) {
        const ofMethod = cells.filter((cell) => cell.closest("td")?.getAttribute("data-method") === method);
        const found = ofMethod.map((cell) => [
          Number(cell.getAttribute("data-image")),
          Number(cell.closest("[data-cluster]")?.getAttribute("data-cluster")),
        ]);
        const expected = clusters.map((cluster, i) => [i, cluster]);
        expect(found.toSorted(([a = 0], [b = 0]) => a - b)).toEqual(expected);
      }
    }
  });

  test("stand in the row of the class that their cluster is matched with, those of that class first", () => {
    const { sideBySide } = compared();
    const rows = [...documentOf(reportOf()).querySelectorAll("#same-images tbody tr")];
    expect(rows.map((row) => row.querySelector("th")?.textContent)).toEqual(
      compared().comparison.source.classNames,
    );
    rows.forEach((row, group) => {
      for (const cell of row.querySelectorAll("td")) {
        const method = sideBySide?.methods.find((one) => one.method === cell.getAttribute("data-method"));
        const cluster = Number(cell.querySelector("[data-cluster]")?.getAttribute("data-cluster"));
        expect(method?.partners[method.order.indexOf(cluster)]).toBe(group);
        const home = [...cell.querySelectorAll("[data-image]")].map(
          (picture) => sideBySide?.groups[Number(picture.getAttribute("data-image"))] === group,
        );
        expect(home).toEqual(home.toSorted((a, b) => Number(b) - Number(a)));
      }
    });
  });

  test("have a bar in the colour of their class, that of the row where they are at home", () => {
    const rows = [...documentOf(reportOf()).querySelectorAll("#same-images tbody tr")];
    const { sideBySide } = compared();
    rows.forEach((row, group) => {
      const colour = row.querySelector("th i")?.className;
      expect(colour).toMatch(/^c\d$/);
      for (const picture of row.querySelectorAll("[data-image]")) {
        const home = sideBySide?.groups[Number(picture.getAttribute("data-image"))] === group;
        expect(picture.className === colour).toBe(home);
      }
    });
  });

  test("clusters that no class is left for stand in a last row", () => {
    const rows = [...documentOf(reportOf({ nClusters: 14 })).querySelectorAll("#same-images tbody tr")];
    expect(rows.length).toBe(11);
    expect(rows[10]?.querySelector("th")?.textContent).toBe("without a match");
    expect(rows[10]?.querySelectorAll(".rest [data-cluster]").length).toBeGreaterThan(2);
  });

  test("of many classes show some, and the clusters matched with others in a row of their own", () => {
    const classNames = Array.from({ length: 40 }, (_, l) => `${l}`);
    const report = reportOf({ classNames, nClusters: 40 });
    const names = [...documentOf(report).querySelectorAll("#same-images tbody th")].map(
      (th) => th.textContent,
    );
    expect([names.length, names[20]]).toEqual([21, "other classes"]);
    expect(textOf(report, "same-images")).toContain("60 images of 20 of 40 classes");
    expect(textOf(report, "same-images")).toContain("There are 12 colours, so they come again.");
  });

  test("have their bytes in the page once; each picture shows its own part of them", () => {
    const { sideBySide } = compared();
    const document = documentOf(reportOf());
    const source = document.getElementById("same-images-source");
    const uses = [...document.querySelectorAll("#same-images use")];
    expect(new Set(uses.map((use) => use.getAttribute("href")))).toEqual(new Set(["#same-images-source"]));
    expect(uses.length).toBe(3 * 80);
    const png = Buffer.from((source?.getAttribute("href") ?? "").replace(/.*,/, ""), "base64");
    const { width, data, palette } = decode(png);
    const { indices = [], images } = sideBySide?.images ?? {};
    for (const picture of document.querySelectorAll("#same-images [data-image]")) {
      const i = Number(picture.getAttribute("data-image"));
      const view = picture.querySelector("svg")?.getAttribute("viewBox")?.split(" ").map(Number) ?? [];
      const [x = 0, y = 0, wide, high] = view;
      expect([wide, high]).toEqual([28, 28]);
      const greys = [0, 5, 27].map((d) => palette?.[data[(y + d) * width + x + d] as number]?.[0]);
      // Noise uses all greys, so the rarest is drawn one step off.
      const expected = [0, 5, 27].map((d) => images?.pixels[i * 784 + d * 28 + d] ?? Number.NaN);
      greys.forEach((grey, p) => expect(Math.abs((grey ?? 999) - (expected[p] as number))).toBeLessThan(2));
      expect(picture.querySelector("title")?.textContent).toMatch(new RegExp(`^Image ${indices[i]}, \\w`));
    }
  });

  test("without labels are named by their number alone, since their class is not known", () => {
    const report = reportOf({ labelled: false });
    const titles = [...documentOf(report).querySelectorAll("#same-images [data-image] title")];
    for (const title of titles) expect(title.textContent).toMatch(/^Image \d+$/);
    expect(textOf(report, "same-images")).toContain(
      "60 images, drawn at random. Each row is a cluster of pixels+kmeans",
    );
  });
});
