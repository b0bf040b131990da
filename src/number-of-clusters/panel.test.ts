import { afterAll, describe, expect, test } from "vitest";
import { OptionError } from "../errors.ts";
import { createCompute } from "../kernels/index.ts";
import type { Matrix, Samples } from "../matrix/index.ts";
import { createRandom } from "../random/index.ts";
import { blobs, byteBlobs } from "../testing/samples.ts";
import { fittingCriteria } from "./options.ts";
import { panel, panelSteps } from "./panel.ts";
import { kMeansClusterer } from "./testing/k-means-clusterer.ts";
import type { Panel, PanelOptions, PanelProgress } from "./types.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

type Options = Omit<PanelOptions<never>, "clusterer">;

/** A small panel: few references and pairs. */
const small: Options = { from: 1, to: 7, seed: 0, references: 4, pairs: 3 };

function panelOf(samples: Samples, options: Partial<Options> = {}): Promise<Panel> {
  return panel(samples, { clusterer: kMeansClusterer(5), ...small, ...options }, { compute });
}

/** Every number of a panel. */
function numbersIn({ k, curves, errors, suggestions }: Panel): number[] {
  const all = [k, ...Object.values(curves), ...Object.values(errors), Object.values(suggestions)].flat();
  return all.filter((value) => value !== null);
}

const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.sqrt(Array.from(a, (value, j) => (value - b[j]) ** 2).reduce((sum, square) => sum + square, 0));

describe("a panel of well separated blobs", () => {
  const samples = blobs(createRandom(42), 500, 5, 4, 0.4);
  const found = panelOf(samples);

  test("has one value of each criterion for each k, and errors of those that are measured on samples", async () => {
    const { k, curves, errors } = await found;
    expect(k).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(Object.keys(curves).sort()).toEqual([...fittingCriteria(2)].sort());
    expect(Object.keys(errors).sort()).toEqual(["gap", "silhouette", "stability"]);
    for (const curve of [...Object.values(curves), ...Object.values(errors)]) expect(curve.length).toBe(7);
  });

  test("proposes their number, by every criterion", async () => {
    const { suggestions, suggested, suggestedBy, sampled } = await found;
    expect(suggestions).toEqual(Object.fromEntries(fittingCriteria(2).map((criterion) => [criterion, 4])));
    expect([suggested, suggestedBy]).toEqual([4, ["bic", "adjustedBic"]]);
    expect(sampled).toBe(undefined);
  });

  test("has no silhouette, Calinski-Harabasz, Davies-Bouldin or stability of one cluster", async () => {
    const { curves } = await found;
    const first = Object.entries(curves).filter(([, curve]) => curve[0] === null);
    expect(first.map(([name]) => name)).toEqual([
      "silhouette",
      "calinskiHarabasz",
      "daviesBouldin",
      "stability",
    ]);
  });

  test("agrees with a textbook's loops", async () => {
    const { curves } = await found;
    const fit = await drainFit(samples, 3);
    const book = textbook(samples, fit, 3);
    expect(curves.inertia?.[2]).toBeCloseTo(book.within, 6);
    expect(curves.silhouette?.[2]).toBeCloseTo(book.silhouette, 6);
    expect(curves.calinskiHarabasz?.[2]).toBeCloseTo(book.calinskiHarabasz, 3);
    expect(curves.daviesBouldin?.[2]).toBeCloseTo(book.daviesBouldin, 6);
  });

  test("is the same on any number of threads, and for the same seed", async () => {
    const other = createCompute({ threads: 3 });
    const again = await panel(samples, { clusterer: kMeansClusterer(5), ...small }, { compute: other });
    other.close();
    expect(again).toEqual(await found);
  });

  test("reports each iteration and part, in order, and its steps give the same panel", async () => {
    const reported: PanelProgress[] = [];
    const steps = panelSteps(samples, { clusterer: kMeansClusterer(5), ...small }, { compute });
    let next = await steps.next();
    for (; !next.done; next = await steps.next()) reported.push(next.value);
    expect(next.value).toEqual(await found);
    const stages = reported.map(({ stage }) => stage).filter((stage, at, all) => stage !== all[at - 1]);
    expect(stages).toEqual(["fit", "scores", "mixtures", "gap", "stability"]);
    for (const stage of ["scores", "mixtures", "gap", "stability"]) {
      const parts = reported.flatMap((step) => (step.stage === stage && step.stage !== "fit" ? [step] : []));
      expect(parts.map(({ done }) => done)).toEqual(parts.map((_, at) => at + 1));
      expect(parts.at(-1)?.done).toBe(parts[0].total);
    }
  });
});

async function drainFit(samples: Samples, nClusters: number): Promise<Int32Array> {
  const steps = kMeansClusterer(5).steps(samples, { nClusters, seed: 0 }, { compute });
  let next = await steps.next();
  while (!next.done) next = await steps.next();
  return next.value.labels;
}

/** Internal scores as their definitions read. */
function textbook({ rows, cols, data }: Matrix<Float32Array> | Samples, labels: Int32Array, k: number) {
  const all = Array.from({ length: rows }, (_, i) => i);
  const points = all.map((i) => Array.from(data.subarray(i * cols, (i + 1) * cols)));
  const row = (i: number): number[] => points[i];
  const members = Array.from({ length: k }, (_, c) => all.filter((i) => labels[i] === c));
  const mean = (of: number[]): number[] =>
    row(0).map((_, j) => of.reduce((sum, i) => sum + row(i)[j], 0) / of.length);
  const centers = members.map(mean);
  let within = 0;
  let between = 0;
  for (let c = 0; c < k; c++) {
    for (const i of members[c]) within += distance(row(i), centers[c]) ** 2;
    between += members[c].length * distance(centers[c], mean(all)) ** 2;
  }
  const spread = members.map(
    (of, c) => of.reduce((sum, i) => sum + distance(row(i), centers[c]), 0) / of.length,
  );
  let daviesBouldin = 0;
  for (let a = 0; a < k; a++) {
    let worst = 0;
    for (let b = 0; b < k; b++) {
      if (a !== b) worst = Math.max(worst, (spread[a] + spread[b]) / distance(centers[a], centers[b]));
    }
    daviesBouldin += worst / k;
  }
  let silhouette = 0;
  for (const i of all) {
    const to = members.map((of) => of.reduce((sum, m) => sum + distance(row(i), row(m)), 0));
    const own = to[labels[i]] / (members[labels[i]].length - 1);
    const next = Math.min(
      ...to.map((sum, c) => (c === labels[i] ? Number.POSITIVE_INFINITY : sum / members[c].length)),
    );
    silhouette += (next - own) / Math.max(own, next) / rows;
  }
  const calinskiHarabasz = between / (k - 1) / (within / (rows - k));
  return { within, calinskiHarabasz, daviesBouldin, silhouette };
}

describe("a panel", () => {
  test("never rises in its inertia, though single fits from random samples would", async () => {
    const clusterer = kMeansClusterer(1, "random");
    for (let seed = 0; seed < 5; seed++) {
      const samples = blobs(createRandom(seed), 200, 2, 9, 0.3);
      const options: Options = { from: 1, to: 14, seed, criteria: ["inertia"] };
      const { curves } = await panel(samples, { clusterer, ...options }, { compute });
      const inertia = curves.inertia as readonly number[];
      inertia.slice(1).forEach((value, at) => {
        expect(value).toBeLessThanOrEqual(inertia[at]);
      });
    }
  });

  test("looks at a sample where there are many, says so, and proposes the same", async () => {
    const samples = byteBlobs(createRandom(38), 600, 6, 3, 0.4);
    const { sampled, suggested, errors } = await panelOf(samples, { sampleSize: 300, silhouetteSize: 100 });
    expect([sampled, suggested]).toEqual([300, 3]);
    expect(errors.silhouette?.[2]).toBeGreaterThan(0);
    const all = await panelOf(samples, { criteria: ["silhouette"] });
    expect(all.sampled).toBe(undefined);
    expect(all.errors.silhouette?.[2]).toBe(0);
  });

  test("computes what it was asked for, as it does among all", async () => {
    const samples = blobs(createRandom(13), 100, 3, 3, 0.5);
    const all = await panelOf(samples);
    for (const criterion of fittingCriteria(2)) {
      const one = await panelOf(samples, { criteria: [criterion] });
      expect(one.curves).toEqual({ [criterion]: all.curves[criterion] });
      expect(one.errors).toEqual(
        criterion in all.errors ? { [criterion]: all.errors[criterion as "gap"] } : {},
      );
      expect(one.suggestions).toEqual({ [criterion]: all.suggestions[criterion] });
    }
  });

  test("finds one group where there is one", async () => {
    const { suggestions } = await panelOf(blobs(createRandom(14), 600, 4, 1, 1));
    const { gap, bic, adjustedBic, icl } = suggestions;
    expect([gap, bic, adjustedBic, icl]).toEqual([1, 1, 1, 1]);
  });

  test("of more than 50 features leaves mixtures out", async () => {
    const { curves, suggested } = await panelOf(byteBlobs(createRandom(15), 200, 80, 3, 0.3));
    expect("bic" in curves || "adjustedBic" in curves || "icl" in curves).toBe(false);
    expect(suggested).toBe(3);
  });

  test("of a range that starts above 1 has the values that a longer one has", async () => {
    const samples = blobs(createRandom(16), 150, 3, 4, 0.4);
    const options: Partial<Options> = { criteria: ["silhouette", "bic"] };
    const whole = await panelOf(samples, options);
    const part = await panelOf(samples, { ...options, from: 3, to: 5 });
    expect(part.k).toEqual([3, 4, 5]);
    expect(part.curves.silhouette).toEqual(whole.curves.silhouette?.slice(2, 5));
    expect(part.suggested).toBe(4);
  });
});

describe("a panel of odd samples", () => {
  const equal = { rows: 30, cols: 3, data: new Float32Array(90).fill(7.3) };
  const threePoints = {
    rows: 30,
    cols: 2,
    data: Float32Array.from({ length: 60 }, (_, at) => [0, 0, 1, 0, 0.3, 2][at % 6] + 0.1),
  };
  const { rows, cols, data } = blobs(createRandom(17), 120, 3, 3, 0.3);
  const flat = { rows, cols, data: data.map((value, at) => (at % cols === 1 ? 4 : value)) };
  const three = { rows: 3, cols: 2, data: Float32Array.of(0, 0, 1, 0, 5, 5) };
  const one = { rows: 1, cols: 2, data: Float32Array.of(3, 4) };

  test.each([
    ["equal rows", equal, 5],
    ["fewer different rows than clusters", threePoints, 6],
    ["a constant column", flat, 5],
    ["three samples", three, 3],
    ["one sample", one, 1],
    ["a range of one", blobs(createRandom(18), 40, 2, 2, 1), 1],
  ])("holds finite numbers and null alone: %s", async (_, samples: Samples, to: number) => {
    const found = await panelOf(samples, { to });
    for (const value of numbersIn(found)) expect(Number.isFinite(value)).toBe(true);
    expect(found.reason).not.toMatch(/NaN|null|undefined/);
  });

  test("proposes nothing for equal rows and in a range of one, and no groups among three samples", async () => {
    expect((await panelOf(equal, { to: 5 })).suggested).toBe(null);
    expect((await panelOf(three, { to: 3 })).suggested).toBe(1);
    expect((await panelOf(flat, { to: 1 })).suggested).toBe(null);
    expect((await panelOf(flat, { to: 1 })).reason).toBe(
      "No criterion proposes a number inside the range 1..1.",
    );
  });

  test("finds the number of different rows, and of groups beside a constant column", async () => {
    const found = await panelOf(threePoints, { to: 6 });
    expect(found.suggestions.silhouette).toBe(3);
    expect(found.suggestions.daviesBouldin).toBe(3);
    expect((await panelOf(flat, { to: 6 })).suggested).toBe(3);
  });
});

describe("a panel refuses", () => {
  const samples = blobs(createRandom(19), 10, 2, 2, 1);

  test.each([
    [{ from: 0 }, "panel: from must be an integer in 1..10; got 0."],
    [{ to: 11 }, "panel: to must be an integer in 1..10; got 11."],
    [{ from: 5, to: 4 }, "panel: to must be an integer in 5..10; got 4."],
    [{ seed: -1 }, "panel: seed must be an integer in 0..9007199254740991; got -1."],
    [
      { criteria: ["modularity"] },
      'panel: criteria must be without modularity for a clusterer that has no graph; got "modularity".',
    ],
    [{ pairs: 1 }, "panel: pairs must be an integer in 2..9007199254740991; got 1."],
    [{ criteria: [] }, /^panel: criteria must be some of inertia, .*; got none\.$/],
    [{ criteria: ["knee" as "gap"] }, /^panel: criteria must be some of inertia, .*; got "knee"\.$/],
  ] as const)("%o", async (options: Partial<Options>, message) => {
    const failure = panelOf(samples, options);
    await expect(failure).rejects.toThrow(OptionError);
    await expect(failure).rejects.toThrow(message);
  });

  test("mixtures of many features, and numbers that are none", async () => {
    const wide = byteBlobs(createRandom(20), 10, 51, 2, 1);
    await expect(panelOf(wide, { criteria: ["bic"] })).rejects.toThrow(
      'panel: criteria of samples with 51 features must be none of bic, adjustedBic, icl; got "bic". Mixtures need features of at most 50 numbers.',
    );
    const hole = { ...samples, data: samples.data.map((value, at) => (at === 3 ? Number.NaN : value)) };
    await expect(panelOf(hole)).rejects.toThrow(/must be finite numbers; got NaN at row 1, column 1/);
  });
});

describe("a panel is cancelled", () => {
  const samples = blobs(createRandom(21), 100, 3, 3, 0.5);
  const started = (signal: AbortSignal) =>
    panelSteps(samples, { clusterer: kMeansClusterer(1), ...small, to: 4 }, { compute, signal });

  test("before any work", async () => {
    await expect(started(AbortSignal.abort()).next()).rejects.toThrow("panel: cancelled by the caller.");
  });

  test.each(["fit", "scores", "mixtures", "gap", "stability"])(
    "within %s, at the next step",
    async (stage) => {
      const abort = new AbortController();
      const steps = started(abort.signal);
      let next = await steps.next();
      while (!next.done && next.value.stage !== stage) next = await steps.next();
      expect(next.done).toBe(false);
      abort.abort();
      await expect(steps.next()).rejects.toThrow(/cancelled by the caller/);
    },
  );
});
