import { describe, expect, test } from "vitest";
import { InputError, OptionError } from "../errors.ts";
import { matrixFromRows } from "../matrix/index.ts";
import { createRandom } from "../random/index.ts";
import {
  type Edit,
  foldEdits,
  type ResolvedEdit,
  type RouteStep,
  resolveEdit,
  routeLabels,
  routeProbabilities,
} from "./index.ts";

/** Two clusters on a line: the second one falls apart at 0 and at 10. */
const samples = matrixFromRows([[-9], [-8], [0], [0.5], [9.5], [10], [10.5]]);
const labels = Int32Array.of(0, 0, 1, 1, 1, 1, 1);
const context = { seed: 7, features: async () => samples };
const found = foldEdits(2, labels, []);
const folded = (...edits: ResolvedEdit[]) =>
  foldEdits(
    2,
    labels,
    edits.map((edit) => ({ at: "", edit })),
  );
const split = { kind: "split", cluster: 1, parts: 2, by: "k-means" } as const;

describe("a split", () => {
  test.each(["k-means", "mixture"] as const)("by %s finds the parts, the largest first", async (by) => {
    const edit = await resolveEdit(found, { ...split, by }, context);
    expect(edit.kind === "split" && edit.parts.map(({ cluster, images }) => [cluster, images])).toEqual([
      [2, [4, 5, 6]],
      [3, [2, 3]],
    ]);
    const state = folded(edit);
    // The images of the run themselves, as if they were new.
    expect(routeLabels(state.route, labels, samples)).toEqual(state.labels);
    expect(await resolveEdit(found, { ...split, by }, context)).toEqual(edit);
  });

  test("in the plane takes components of any shape, and the rule in the log says the same as the mixture", async () => {
    const random = createRandom(3);
    // Two long clouds that cross: no pair of centers can tell them apart.
    const rows = Array.from({ length: 200 }, (_, i) => {
      const [along, across] = [20 * (random.float() - 0.5), random.float() - 0.5];
      return i % 2 ? [along, across] : [across, along];
    });
    const cross = matrixFromRows(rows);
    const all = foldEdits(1, new Int32Array(200), []);
    const edit = await resolveEdit(
      all,
      { kind: "split", cluster: 0, parts: 2, by: "mixture" },
      { seed: 1, features: async () => cross },
    );
    if (edit.kind !== "split") throw new Error("no split");
    const pure = edit.parts.map(
      ({ images }) => images.filter((i) => i % 2 === (images[0] as number) % 2).length,
    );
    expect(edit.parts.reduce((sum, { images }) => sum + images.length, 0)).toBe(200);
    expect((pure[0] as number) + (pure[1] as number)).toBeGreaterThan(180);
    const state = foldEdits(1, new Int32Array(200), [{ at: "", edit }]);
    expect(routeLabels(state.route, new Int32Array(200), cross)).toEqual(state.labels);
    const shares = routeProbabilities(
      state.route,
      state.labels,
      { rows: 200, cols: 1, data: new Float64Array(200).fill(1) },
      state.nextCluster,
      cross,
    );
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.5);
    expect(Math.min(...shares)).toBeLessThan(0.9);
  });

  test.each<[string, Edit, RegExp]>([
    [
      "more parts than images",
      { ...split, cluster: 0, parts: 3 },
      /at most the number of images of cluster 0, 2; got 3/,
    ],
    ["one part", { ...split, parts: 1 }, /parts must be an integer in 2\.\.100; got 1/],
    [
      "a cluster that is not there",
      { ...split, cluster: 9 },
      /cluster must be a cluster that there is; got 9/,
    ],
  ])("refuses %s", async (_, edit, message) => {
    await expect(resolveEdit(found, edit, context)).rejects.toThrow(message);
    await expect(resolveEdit(found, edit, context)).rejects.toThrow(OptionError);
  });

  test("refuses equal images, and features that are missing", async () => {
    const equal = { seed: 0, features: async () => matrixFromRows(Array(7).fill([1])) };
    await expect(resolveEdit(found, split, equal)).rejects.toThrow(/must hold images that differ/);
    await expect(resolveEdit(found, split, { seed: 0 })).rejects.toThrow(InputError);
  });
});

describe("moving", () => {
  test("leaves out what is there already, and gives a new cluster the next number", async () => {
    expect(await resolveEdit(found, { kind: "move", images: [3, 0, 3], to: 0 }, context)).toEqual({
      kind: "move",
      images: [3],
      to: 0,
    });
    expect(await resolveEdit(found, { kind: "move", images: [5, 1], to: "new" }, context)).toEqual({
      kind: "move",
      images: [1, 5],
      to: 2,
    });
    await expect(resolveEdit(found, { kind: "move", images: [0], to: 0 }, context)).rejects.toThrow(
      /does not lie there/,
    );
    await expect(resolveEdit(found, { kind: "move", images: [0], to: 2 }, context)).rejects.toThrow(
      /or "new"; got 2/,
    );
  });
});

describe("new images", () => {
  const route: readonly RouteStep[] = [
    { kind: "merge", clusters: [0, 2], into: 0 },
    {
      kind: "split",
      cluster: 1,
      parts: [
        { cluster: 3, center: [0] },
        { cluster: 4, center: [10] },
      ],
    },
    { kind: "merge", clusters: [0, 4], into: 4 },
  ];
  const fresh = matrixFromRows([[1], [1], [1], [9]]);
  const own = Int32Array.of(0, 1, 2, 1);

  test("go through merges and splits in their order", () => {
    expect([...routeLabels(route, own, fresh)]).toEqual([4, 3, 4, 4]);
    expect([...own]).toEqual([0, 1, 2, 1]);
  });

  test("have the sum of the probabilities of merged clusters", () => {
    const data = Float64Array.of(0.5, 0.3, 0.2, 0.1, 0.8, 0.1, 0.2, 0.3, 0.5, 0.25, 0.5, 0.25);
    const shares = routeProbabilities(
      route,
      routeLabels(route, own, fresh),
      { rows: 4, cols: 3, data },
      5,
      fresh,
    );
    expect([...shares].map((share) => Number(share.toFixed(12)))).toEqual([0.7, 0.8, 0.7, 1]);
  });

  test("must come with the features that were split", () => {
    expect(() => routeLabels(route, own)).toThrow(/must be given, since a cluster was split/);
    expect(() => routeLabels(route, own, matrixFromRows([[1, 2]]))).toThrow(/must be 1 numbers, .* got 2/);
  });
});
