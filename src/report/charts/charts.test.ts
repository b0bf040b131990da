import { expect, test } from "vitest";
import type { TrainingRecord } from "../../experiment/index.ts";
import { matrixFromRows } from "../../matrix/index.ts";
import { clusterSummaries } from "../clusters.ts";
import { type ConfusionTables, confusionTables } from "../confusion.ts";
import { autoencoderExhibits, autoencoderRun, lossesOf } from "../testing/autoencoder-records.ts";
import { elbowRecord, fashionNames, runRecord } from "../testing/records.ts";
import { colouredClasses } from "../theme.ts";
import { agreementChart } from "./agreement.ts";
import { compactTicks, wholeTicks } from "./axes.ts";
import type { CodeDrawing } from "./code-drawing.ts";
import { confusionChart } from "./confusion.ts";
import { criterionChart, elbowChart } from "./elbow.ts";
import { flatCodeChart, lineCodeChart } from "./flat-code.ts";
import { historyChart } from "./history.ts";
import { lossChart } from "./loss.ts";
import { methodAgreementChart } from "./method-agreement.ts";
import type { Chart } from "./plot.ts";
import { classRanks, sizesChart } from "./sizes.ts";
import { smallConfusionChart } from "./small-confusion.ts";
import { solidCodeChart } from "./solid-code.ts";
import { spreadChart } from "./spread.ts";

const tablesOf = (choice: Parameters<typeof runRecord>[0]): ConfusionTables => {
  const tables = confusionTables(runRecord(choice));
  if (tables === undefined) throw new Error("The record of this test has labels.");
  return tables;
};

const trainingOf = (choice: Parameters<typeof autoencoderRun>[0] = {}): TrainingRecord => {
  const { training } = autoencoderRun(choice);
  if (training === undefined) throw new Error("The record of this test has a network.");
  return training;
};

/** A code of three clouds, coloured by cluster. */
const codeOf = (codeSize: number): CodeDrawing => {
  const run = autoencoderRun({ codeSize, nClusters: 3, method: "conv-ae+gmm" });
  const { code } = autoencoderExhibits(run, 1, 60);
  if (code === undefined) throw new Error("The exhibits of this test have a code.");
  const ranks = Array.from(code.clusters);
  return { code, colouring: "cluster", ranks, centerRanks: [0, 1, 2], shapes: code.shapes?.[0] };
};

/** Points and one center, as rows of coordinates. */
const codeAt = (rows: readonly (readonly number[])[], center: readonly number[]): CodeDrawing => ({
  code: {
    points: matrixFromRows(rows),
    centers: matrixFromRows([center]),
    codeSize: center.length,
    clusters: new Int32Array(rows.length),
  },
  colouring: "cluster",
  ranks: rows.map(() => 4),
});

const manyNames = Array.from({ length: 40 }, (_, l) => `class ${l}`);

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
  "method-agreement": () =>
    methodAgreementChart({
      methods: ["pixels+kmeans", "conv-ae+kmeans", "vae+kmeans"],
      ari: [
        [0.91, 0.42, -0.02],
        [0.42, 0.67, 0.3],
        [-0.02, 0.3, null],
      ],
    }),
  "small-confusion": () => smallConfusionChart(tablesOf({}).matched, "classes"),
  "large-small-confusion": () =>
    smallConfusionChart(tablesOf({ classNames: manyNames, nClusters: 40 }).matched, "classes"),
  loss: () => lossChart(trainingOf()),
  spread: () => spreadChart(trainingOf().codeSpread, [3, 7]),
  "flat-code": () => flatCodeChart(codeOf(2)),
  "solid-code": () => solidCodeChart(codeOf(3)),
  "line-code": () =>
    lineCodeChart(codeOf(1), { of: codeOf(1).code.clusters, names: ["a", "b", "c"], by: "cluster" }),
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
  expect(elbowChart(elbowRecord({ suggestions: { inertia: null } })).inline).not.toContain("knee at");
  // The default proposal may be another criterion's.
  expect(elbowChart(elbowRecord({ suggested: 9 })).inline).toContain("knee at k = 5");
});

test("a criterion's chart marks what it proposes, draws its errors, and leaves out where it is not defined", () => {
  const gap = {
    name: "gap",
    label: "Gap",
    values: [null, ...Array.from({ length: 19 }, (_, i) => i / 10)],
  } as const;
  const errors = { gap: [null, ...Array.from({ length: 19 }, () => 0.05)] };
  const drawn = (record: Parameters<typeof elbowRecord>[0]): string =>
    criterionChart(elbowRecord(record), gap).inline;
  const marked = drawn({ suggestions: { gap: 7 }, errors });
  expect(marked).toContain("it proposes 7");
  expect(marked.match(/<circle r="2"/g)).toHaveLength(19);
  expect(marked.match(/<circle r="5"/g)).toHaveLength(1);
  const bare = drawn({ suggestions: { gap: null } });
  expect(bare).toContain("without a proposal");
  expect(bare.match(/<circle r="5"/g)).toBeNull();
  expect(bare.length).toBeLessThan(marked.length - 19 * 40); // no bars
});

test("the pieces of a size bar have the colours of their classes; classes beyond the palette share one grey", () => {
  const many = Array.from({ length: colouredClasses + 5 }, (_, l) => `class ${l}`);
  const clusters = clusterSummaries(runRecord({ classNames: many, nClusters: many.length }));
  const ranks = classRanks(clusters, many.length);
  const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
  const coloured = ranks.filter((rank) => rank < colouredClasses);
  expect(coloured.toSorted((a, b) => a - b)).toEqual(upTo(colouredClasses));
  expect(ranks.filter((rank) => rank === colouredClasses).length).toBe(5);
  expect(classRanks(clusters, colouredClasses + 1)).toEqual(upTo(colouredClasses + 1));
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

/** Centers of the dots of a chart, in the order in which they are drawn. */
const dotsOf = ({ inline }: Chart): readonly (readonly [number, number])[] =>
  [...inline.matchAll(/M([\d.-]+) ([\d.-]+)h0/g)].map(([, x, y]) => [Number(x), Number(y)] as const);

test("losses that span little stand on an even scale, others on a logarithmic one, and the picture says so", () => {
  const flat = [0.5, 0.4, 0.35].map((loss) => ({ loss, validationLoss: loss + 0.02, seconds: 1 }));
  const even = lossChart(trainingOf({ training: { epochs: flat, keptEpoch: 3 } }));
  expect(even.inline).not.toContain("logarithmic");
  const steep = lossChart(trainingOf({ training: { epochs: lossesOf(12), keptEpoch: 10 } }));
  expect(steep.inline).toContain("on a logarithmic scale");
  const zero = flat.map((epoch, i) => ({ ...epoch, loss: i === 2 ? 0 : epoch.loss }));
  expect(lossChart(trainingOf({ training: { epochs: zero, keptEpoch: 3 } })).inline).not.toContain(
    "logarithmic",
  );
});

test("the kept epoch is named in the picture, also where there was only one", () => {
  expect(lossChart(trainingOf()).inline).toContain("kept: epoch 10");
  const one = lossChart(trainingOf({ training: { epochs: lossesOf(1), keptEpoch: 1 } }));
  expect(one.inline).toContain("kept: epoch 1<");
  expect(one.inline).not.toContain("NaN");
});

test("dead dimensions have crosses, the others bars of their height", () => {
  const { inline } = spreadChart([2, 0, 1], [1]);
  expect(inline.match(/dimension 1, dead: /g)?.length).toBe(2);
  const heights = [...inline.matchAll(/<rect[^>]* height="([\d.]+)"/g)].map(([, height]) => Number(height));
  expect(heights[0]).toBeCloseTo(2 * (heights[2] as number), 1);
});

test("one unit of a flat code is as long to the right as upwards", () => {
  const [a, b, c] = dotsOf(
    flatCodeChart(
      codeAt(
        [
          [0, 0],
          [4, 0],
          [0, 1],
        ],
        [1, 0.5],
      ),
    ),
  );
  const [right, up] = [(b?.[0] ?? 0) - (a?.[0] ?? 0), (a?.[1] ?? 0) - (c?.[1] ?? 0)];
  expect(right).toBeGreaterThan(300);
  expect(right).toBeCloseTo(4 * up, 0);
});

test("every point of a code is drawn once, and every center with its number", () => {
  for (const [chart, codeSize] of [
    [flatCodeChart, 2],
    [solidCodeChart, 3],
  ] as const) {
    const drawn = chart(codeOf(codeSize));
    expect(dotsOf(drawn).length).toBe(60);
    for (const cluster of [0, 1, 2]) expect(drawn.inline).toContain(`center of cluster ${cluster}<`);
  }
});

test("a code whose points all coincide is drawn without a number that is none", () => {
  const same = codeAt(
    [
      [3, 3, 3],
      [3, 3, 3],
    ],
    [3, 3, 3],
  );
  for (const chart of [flatCodeChart(same), solidCodeChart(same)])
    expect(chart.inline).not.toMatch(/NaN|Infinity/);
});

test("a solid code turns as worked out by hand", () => {
  // The ends of the three axes around a center in the origin, each in a colour of its own; the box is a cube.
  const names = ["+x", "-x", "+y", "-y", "+z", "-z"];
  const ends = names.map(([sign, axis]) =>
    ["x", "y", "z"].map((d) => (d === axis ? (sign === "+" ? 1 : -1) : 0)),
  );
  const drawing = { ...codeAt(ends, [0, 0, 0]), ranks: [0, 1, 2, 3, 4, 5] };
  const seen = (turn: number, tilt: number): readonly string[] => {
    const { inline } = solidCodeChart(drawing, { turn, tilt });
    return [...inline.matchAll(/--class-(\d)\)[^>]*M([\d.]+) ([\d.]+)h0/g)].map(([, rank, x, y]) => {
      const unit = 135;
      return `${names[Number(rank)]} ${Math.round((Number(x) - 240) / unit)},${Math.round((225 - Number(y)) / unit)}`;
    });
  };
  // From far to near. As it stands, x is to the right, z upwards, and y away from the reader.
  expect(seen(0, 0)).toEqual(["+y 0,0", "+x 1,0", "-x -1,0", "+z 0,1", "-z 0,-1", "-y 0,0"]);
  // A quarter turn brings y to the right and x towards the reader.
  expect(seen(90, 0)).toEqual(["-x 0,0", "+y 1,0", "-y -1,0", "+z 0,1", "-z 0,-1", "+x 0,0"]);
  // From above, x is to the right, y upwards, and z towards the reader.
  expect(seen(0, 90)).toEqual(["-z 0,0", "+x 1,0", "-x -1,0", "+y 0,1", "-y 0,-1", "+z 0,0"]);
});

test("the agreement of methods is written in each of its squares, with a dash for what is not known", () => {
  const ari = [
    [0.91, -0.004],
    [-0.004, null],
  ];
  const { inline } = methodAgreementChart({ methods: ["a", "b"], ari });
  const written = [...inline.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  for (const text of ["0.91", "0.00", "–"]) expect(written).toContain(text);
  expect(inline).toContain("<title>a, between seeds: 0.9100</title>");
  expect(inline).toContain("<title>b and a: −0.0040</title>");
  // Below zero is no shade at all.
  expect(inline).not.toMatch(/fill-opacity="-/);
});

test("a small matrix tells the count of every cell that is not empty, shaded by its share of the row", () => {
  const { matched } = tablesOf({});
  const { inline } = smallConfusionChart(matched, "classes");
  const cells = [
    ...inline.matchAll(/fill-opacity="([\d.]+)"><title>cluster (\d+), (.*?): ([\d,]+) of ([\d,]+)/g),
  ];
  const expected = matched.rows.flatMap(({ cluster, counts }) =>
    counts.flatMap((n, l) => (n > 0 ? [[cluster, matched.classNames[l], n]] : [])),
  );
  const number = (text = ""): number => Number(text.replace(/,/g, ""));
  expect(cells.map(([, , cluster, name, n]) => [number(cluster), name, number(n)])).toEqual(expected);
  for (const [, shade, , , n, total] of cells)
    expect(Number(shade)).toBeCloseTo(number(n) / number(total), 3);
});

test("in a small matrix, cell and class of the same row and column lie at the same place, whatever the clusters", () => {
  const placesOf = (nClusters: number): ReadonlyMap<string, string> => {
    const { inline } = smallConfusionChart(tablesOf({ nClusters }).matched, "classes");
    const names = [...inline.matchAll(/translate\(([\d.]+),[\d.]+\)[^>]*>([^<]+)</g)];
    return new Map(names.map(([, x = "", name = ""]) => [name, x]));
  };
  expect(placesOf(10).size).toBe(10);
  expect(placesOf(16)).toEqual(placesOf(10));
});

test("small matrices of 2 to 100 classes are about as wide, so that several stand in a row", () => {
  for (const n of [2, 10, 20, 50, 100]) {
    const classNames = Array.from({ length: n }, (_, l) => `class ${l}`);
    const { width, height, inline } = smallConfusionChart(
      tablesOf({ classNames, nClusters: n }).matched,
      "classes",
    );
    expect(width).toBeLessThan(340);
    expect(height).toBeLessThan(450);
    expect(inline).not.toMatch(/NaN|undefined/);
  }
});

test("where cells are too small to be pointed at, each row tells what it holds, and against another method whose clusters", () => {
  const rows = [
    { cluster: 3, counts: Array.from({ length: 30 }, (_, l) => (l === 4 ? 1200 : l === 7 ? 300 : 0)) },
    { cluster: 0, counts: new Array<number>(30).fill(0) },
  ];
  const table = { classNames: Array.from({ length: 30 }, (_, l) => `${l}`), rows };
  const { inline } = smallConfusionChart(table, { clustersOf: "a<b" });
  const titles = [...inline.matchAll(/<title>([^<]*)<\/title>/g)].map(([, title]) => title);
  expect(titles).toEqual([
    "cluster 3: 1,500 images, 1,200 of cluster 4 of a&#60;b, 300 of cluster 7 of a&#60;b",
    "cluster 0: 0 images",
  ]);
  expect([...inline.matchAll(/<path fill-opacity="([\d.]+)"/g)].map(([, shade]) => shade)).toEqual([
    "0.2",
    "0.8",
  ]);
});
