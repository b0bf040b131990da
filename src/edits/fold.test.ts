import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError } from "../errors.ts";
import { editFold, foldEdits, type ResolvedEdit } from "./index.ts";
import { editWords } from "./words.ts";

const labels = Int32Array.of(0, 0, 1, 1, 1, 2);
const entries = (...edits: ResolvedEdit[]) => edits.map((edit) => ({ at: "2026-01-01T00:00:00.000Z", edit }));
const folded = (...edits: ResolvedEdit[]) => foldEdits(3, labels, entries(...edits));
const rename = (cluster: number, name: string | null): ResolvedEdit => ({
  kind: "rename",
  cluster,
  name,
  notes: null,
});
const split: Extract<ResolvedEdit, { kind: "split" }> = {
  kind: "split",
  cluster: 1,
  by: "k-means",
  parts: [
    { cluster: 3, images: [3, 4], center: [0] },
    { cluster: 4, images: [2], center: [1] },
  ],
};
const [undo, redo] = [{ kind: "undo" }, { kind: "redo" }] as const;

test("each edit is told in one line", () => {
  const isThere = (cluster: number): boolean => cluster < 3;
  const words = (edit: ResolvedEdit): string => editWords(edit, isThere);
  const many = Array.from({ length: 10 }, (_, i) => i);
  expect([
    ...[
      words(rename(0, "boots")),
      words({ kind: "rename", cluster: 1, name: null, notes: "x", from: "clusters.json" }),
    ],
    ...[words(split), words({ kind: "merge", clusters: many, into: 4 })],
    ...[words({ kind: "move", images: [5], to: 0 }), words({ kind: "move", images: [0, 5], to: 3 })],
    ...[words(undo), words(redo)],
  ]).toEqual([
    'Cluster 0 is called "boots"',
    "Taken from clusters.json: Cluster 1 has no name, with notes",
    "Cluster 1 split into 3, 4 by K-Means",
    "Clusters 0, 1, 2, 3, 4, 5, 6, 7 and 2 more merged into 4",
    "1 image moved to cluster 0",
    "2 images moved to the new cluster 3",
    "Undone",
    "Done again",
  ]);
});

test.each<[ResolvedEdit, string]>([
  [{ ...rename(0, "a"), notes: "x".repeat(20_000) } as ResolvedEdit, "got 20000 characters."],
  [{ ...split, parts: [split.parts[0], { ...split.parts[1], images: [2, 2] }] }, "each once; got 2."],
  [
    { ...split, parts: [split.parts[0], { ...split.parts[1], images: [5] }] },
    "those of cluster 1, each once; got 5.",
  ],
  [
    { ...split, parts: [split.parts[0], { ...split.parts[1], images: [] }] },
    "all 3 images of cluster 1; got 2 of them.",
  ],
] as [ResolvedEdit, string][])("an edit that does not fit is refused: %#", (edit, message) => {
  expect(() => folded(edit)).toThrow(OptionError);
  expect(() => folded(edit)).toThrow(message);
});

describe("edited clusters", () => {
  test("are those of the run before the first edit", () => {
    const state = folded();
    expect(state).toMatchObject({ version: 0, canUndo: false, canRedo: false, log: [], route: [] });
    expect(state.clusters).toEqual([
      { cluster: 0, name: null, notes: null, size: 2 },
      { cluster: 1, name: null, notes: null, size: 3 },
      { cluster: 2, name: null, notes: null, size: 1 },
    ]);
  });

  test("merge, split and move, by hand", () => {
    expect([...folded({ kind: "merge", clusters: [0, 2], into: 2 }).labels]).toEqual([2, 2, 1, 1, 1, 2]);
    const parts = folded(split);
    expect([...parts.labels]).toEqual([0, 0, 4, 3, 3, 2]);
    expect(parts.clusters.map(({ cluster, size }) => [cluster, size])).toEqual([
      [0, 2],
      [2, 1],
      [3, 2],
      [4, 1],
    ]);
    const moved = folded({ kind: "move", images: [5], to: 0 }, { kind: "move", images: [0], to: 3 });
    expect([...moved.labels]).toEqual([3, 0, 1, 1, 1, 0]);
    expect(moved.clusters.map(({ size }) => size)).toEqual([2, 3, 0, 1]);
    expect(moved.route).toEqual([]);
    expect([...labels]).toEqual([0, 0, 1, 1, 1, 2]);
  });

  test("keep the name of the cluster into which others are merged, and undoing brings all names back", () => {
    const named = [rename(0, "cats"), rename(2, "dogs")];
    const merged = folded(...named, { kind: "merge", clusters: [0, 2], into: 0 });
    expect(merged.clusters.map(({ name }) => name)).toEqual(["cats", null]);
    const back = folded(...named, { kind: "merge", clusters: [0, 2], into: 0 }, undo);
    expect(back.clusters.map(({ name }) => name)).toEqual(["cats", null, "dogs"]);
    expect(back.log.map(({ what, undone }) => [what, undone])).toEqual([
      ['Cluster 0 is called "cats"', false],
      ['Cluster 2 is called "dogs"', false],
      ["Clusters 0, 2 merged into 0", true],
    ]);
  });

  test("never get the number of a cluster that was undone", () => {
    const state = folded(split, undo, { kind: "move", images: [0], to: 5 });
    expect(state.clusters.map(({ cluster }) => cluster)).toEqual([0, 1, 2, 5]);
    expect(state).toMatchObject({ version: 3, canUndo: true, canRedo: false, nextCluster: 6 });
    expect(() => folded(split, undo, { ...split })).toThrow(
      /parts must have the next numbers, from 5 on; got 3/,
    );
  });

  test("names that a person wrote into the file are not undone, and outlive what made their cluster", () => {
    const written: ResolvedEdit = { ...rename(3, "paws"), from: "clusters.json" } as ResolvedEdit;
    const state = folded(split, written, undo);
    expect(state.clusters.map(({ cluster }) => cluster)).toEqual([0, 1, 2]);
    expect(state).toMatchObject({ canUndo: false, canRedo: true });
    const again = folded(split, written, undo, redo);
    expect(again.clusters.find(({ cluster }) => cluster === 3)?.name).toBe("paws");
  });

  test.each<[string, ResolvedEdit[], RegExp]>([
    ["an unknown cluster", [rename(3, "x")], /cluster must be a cluster that there is; got 3\./],
    ["one that is gone", [split, rename(1, "x")], /got 1, which an edit has taken away/],
    ["a name of two lines", [rename(1, "a\nb")], /name must be a line of 1 to 200 characters/],
    [
      "merging one",
      [{ kind: "merge", clusters: [1, 1], into: 1 }],
      /at least two different ones to merge; got 1/,
    ],
    [
      "merging into another",
      [{ kind: "merge", clusters: [0, 1], into: 2 }],
      /into must be one of .* 0, 1; got 2/,
    ],
    ["images that are not there", [{ kind: "move", images: [6], to: 1 }], /indices in 0\.\.5, .* got 6/],
    ["no images", [{ kind: "move", images: [], to: 1 }], /at least one to move; got none/],
    [
      "a number out of turn",
      [{ kind: "move", images: [0], to: 4 }],
      /to must be a cluster that there is; got 4/,
    ],
    [
      "part of a cluster",
      [{ ...split, parts: [{ cluster: 3, images: [2], center: [0] }] } as ResolvedEdit],
      /at least 2/,
    ],
    ["nothing to undo", [undo], /must be an edit to undo; got none/],
    ["nothing to undo any more", [rename(0, "x"), undo, undo], /must be an edit to undo; got none/],
    ["nothing to redo", [rename(0, "x"), undo, rename(1, "y"), redo], /must be an edit to redo; got none/],
  ])("refuse %s, and stay as they were", (_, edits, message) => {
    const fold = editFold(3, labels);
    const all = entries(...edits);
    for (const entry of all.slice(0, -1)) fold.add(entry);
    const before = fold.state();
    const last = all.at(-1);
    expect(() => last && fold.add(last)).toThrow(message);
    expect(() => last && fold.add(last)).toThrow(OptionError);
    expect(fold.state()).toEqual(before);
  });
});

/** Wishes as numbers, made into edits that the present state allows: so every drawn list is a log. */
type Wish = readonly [kind: number, a: number, b: number];

const wish = fc.tuple(fc.nat(5), fc.nat(1000), fc.nat(1000));
const run = fc.array(fc.nat(3), { minLength: 1, maxLength: 24 }).map((found) => Int32Array.from(found));

function editFor([kind, a, b]: Wish, state: ReturnType<typeof foldEdits>): ResolvedEdit {
  const { clusters, labels: present, nextCluster, canUndo, canRedo } = state;
  const at = (i: number): number => clusters[i % clusters.length]?.cluster ?? 0;
  if (kind === 1 && at(a) !== at(b)) return { kind: "merge", clusters: [at(a), at(b)], into: at(b) };
  if (kind === 2) {
    const members = [...present.keys()].filter((i) => present[i] === at(a));
    if (members.length > 1) {
      const cut = 1 + (b % (members.length - 1));
      const parts = [members.slice(0, cut), members.slice(cut)];
      return {
        kind: "split",
        cluster: at(a),
        by: "k-means",
        parts: parts.map((images, p) => ({ cluster: nextCluster + p, images, center: [p] })),
      };
    }
  }
  if (kind === 3)
    return { kind: "move", images: [a % present.length], to: b % 3 === 0 ? nextCluster : at(b) };
  if (kind === 4 && canUndo) return undo;
  if (kind === 5 && canRedo) return redo;
  return rename(at(a), b % 4 === 0 ? null : `name ${b}`);
}

/** What edits may change, without what only grows. */
const shown = ({ labels: present, clusters, route }: ReturnType<typeof foldEdits>) => ({
  labels: [...present],
  clusters,
  route,
});

describe("any log of edits", () => {
  test("keeps each image in one cluster that there is, and gives the same clusters when it is read again", () => {
    fc.assert(
      fc.property(run, fc.array(wish, { maxLength: 20 }), (found, wishes) => {
        const fold = editFold(4, found);
        const log: ResolvedEdit[] = [];
        for (const one of wishes) {
          const edit = editFor(one, fold.state());
          fold.add({ at: "", edit });
          log.push(edit);
          const state = fold.state();
          expect(state.clusters.reduce((sum, { size }) => sum + size, 0)).toBe(found.length);
          const numbers = new Set(state.clusters.map(({ cluster }) => cluster));
          expect([...state.labels].every((cluster) => numbers.has(cluster))).toBe(true);
          expect(Math.max(...numbers)).toBeLessThan(state.nextCluster);
        }
        const again = foldEdits(
          4,
          found,
          log.map((edit) => ({ at: "", edit })),
        );
        expect(again).toEqual(fold.state());
      }),
      { numRuns: 150 },
    );
  });

  test("is undone step by step to the clusters of the run, and done again to what it was", () => {
    fc.assert(
      fc.property(run, fc.array(wish, { maxLength: 12 }), (found, wishes) => {
        const fold = editFold(4, found);
        const states = [shown(fold.state())];
        for (const one of wishes) {
          const edit = editFor(one, fold.state());
          if (edit.kind === "undo" || edit.kind === "redo") continue;
          fold.add({ at: "", edit });
          states.push(shown(fold.state()));
        }
        for (const state of states.slice(0, -1).reverse()) {
          fold.add({ at: "", edit: undo });
          expect(shown(fold.state())).toEqual(state);
        }
        for (const state of states.slice(1)) {
          fold.add({ at: "", edit: redo });
          expect(shown(fold.state())).toEqual(state);
        }
      }),
      { numRuns: 100 },
    );
  });
});
