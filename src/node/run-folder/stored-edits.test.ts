import { createHash } from "node:crypto";
import { copyFile, readdir, readFile, truncate, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Edit } from "../../edits/index.ts";
import { FormatError, InputError, OptionError } from "../../errors.ts";
import { matrixFromRows } from "../../matrix/index.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { EditConflictError, namesOf, openEdits, readEdits } from "./index.ts";

const run = { record: { clusters: 3, seed: 0 }, labels: Int32Array.of(0, 0, 1, 1, 1, 2) };
const features = async () => matrixFromRows([[5], [5], [0], [9], [10], [5]]);
const now = () => new Date("2026-01-02T03:04:05.678Z");
const context = { now, features };

const boots: Edit = { kind: "rename", cluster: 0, name: "boots", notes: "brown\n🥾" };
const merged: Edit = { kind: "merge", clusters: [0, 2], into: 0 };
const split: Edit = { kind: "split", cluster: 1, parts: 2, by: "k-means" };

/** A run folder with these edits. */
async function edited(...edits: readonly Edit[]): Promise<string> {
  const folder = await temporaryFolder();
  const opened = await openEdits(folder, run, context);
  for (const edit of edits) await opened.apply({ version: opened.state().version, do: edit });
  return folder;
}

const log = (folder: string): string => join(folder, "edits.jsonl");
const file = (folder: string): string => join(folder, "clusters.json");
const parsed = async (folder: string) => JSON.parse(await readFile(file(folder), "utf8"));
const written = (...clusters: object[]): string =>
  JSON.stringify({ format: "unlabeled-clusters", version: 1, clusters });

describe("edits of a run", () => {
  test("survive: whoever opens the folder next has the same clusters", async () => {
    const folder = await edited(boots, merged, split, { kind: "move", images: [5], to: "new" });
    const state = await readEdits(folder, run);
    expect([...state.labels]).toEqual([0, 0, 4, 3, 3, 5]);
    expect(state).toMatchObject({ version: 4, canUndo: true, canRedo: false });
    expect(namesOf(state)).toEqual(new Map([[0, { cluster: 0, name: "boots", notes: "brown\n🥾" }]]));
    expect(await parsed(folder)).toEqual({
      format: "unlabeled-clusters",
      version: 1,
      edits: 4,
      clusters: [{ cluster: 0, name: "boots", notes: "brown\n🥾" }],
    });
    expect((await readdir(folder)).sort()).toEqual(["clusters.json", "edits.jsonl"]);
    const again = await openEdits(folder, run, context);
    expect((await again.apply({ version: 4, do: { kind: "undo" } })).canRedo).toBe(true);
    expect([...again.labels()]).toEqual([0, 0, 4, 3, 3, 0]);
  });

  test("leave a folder alone until there is one", async () => {
    const folder = await temporaryFolder();
    const opened = await openEdits(folder, run, context);
    expect(opened.state().version).toBe(0);
    await expect(opened.apply({ version: 0, do: { ...boots, cluster: 7 } })).rejects.toThrow(OptionError);
    await expect(opened.apply({ version: 0, do: { kind: "undo" } })).rejects.toThrow(/an edit to undo/);
    expect(await readdir(folder)).toEqual([]);
  });

  test("refuse what is asked of an older state, and know the newer one then", async () => {
    const folder = await edited();
    const [one, other] = [await openEdits(folder, run, context), await openEdits(folder, run, context)];
    await one.apply({ version: 0, do: boots });
    await expect(other.apply({ version: 0, do: merged })).rejects.toThrow(EditConflictError);
    expect(other.state().version).toBe(1);
    // Five at once, of which the first comes through.
    const results = await Promise.allSettled(
      [one, other, one, other, one].map((edits) => edits.apply({ version: 1, do: merged })),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await readEdits(folder, run)).version).toBe(2);
  });
});

describe("a crash in the middle of writing", () => {
  test("leaves the edits before, wherever in the last line it came, and the next edit goes on from there", async () => {
    const folder = await edited(boots, merged);
    const before = await readFile(log(folder));
    await (await openEdits(folder, run, context)).apply({
      version: 2,
      do: { kind: "move", images: [0], to: 1 },
    });
    const after = await readFile(log(folder));
    const names = await readFile(file(folder), "utf8");
    expect(after.subarray(0, before.length)).toEqual(before);
    for (let length = before.length; length < after.length; length++) {
      await writeFile(log(folder), after.subarray(0, length));
      // The names are written after the log.
      await writeFile(file(folder), names.replace('"edits": 3', '"edits": 2'));
      const state = await readEdits(folder, run);
      expect([state.version, ...state.labels]).toEqual([2, 0, 0, 1, 1, 1, 0]);
      if (length % 8 !== 0 && length < after.length - 1) continue; // reading is cheap, writing is not
      const opened = await openEdits(folder, run, context);
      await opened.apply({ version: 2, do: { kind: "move", images: [0], to: 1 } });
      expect(await readFile(log(folder))).toEqual(after);
    }
  });

  test("of the very first edit leaves a run without edits, and its names", async () => {
    const folder = await edited(boots);
    const all = await readFile(log(folder));
    // Of a run that had a name, which the log would have begun with.
    const hand = written({ cluster: 1, name: "hats" });
    for (let length = 0; length < all.length; length += 5) {
      await writeFile(log(folder), all.subarray(0, length));
      await writeFile(file(folder), hand.replace('"version":1', '"version":1,"edits":0'));
      const state = await readEdits(folder, run);
      expect([state.canUndo, namesOf(state).get(1)?.name, namesOf(state).size]).toEqual([false, "hats", 1]);
    }
    await (await openEdits(folder, run, context)).apply({ version: 1, do: boots });
    expect(namesOf(await readEdits(folder, run)).get(0)?.name).toBe("boots");
  });

  test("that leaves zeros in the last line is one too; in a line before it is damage", async () => {
    const folder = await edited(boots, merged);
    const all = await readFile(log(folder));
    const start = all.lastIndexOf(10, all.length - 2) + 1;
    await writeFile(log(folder), Buffer.from(all).fill(0, start + 10, start + 30));
    await writeFile(file(folder), written().replace('"version":1', '"version":1,"edits":0'));
    expect((await readEdits(folder, run)).log).toHaveLength(1);
    await writeFile(log(folder), Buffer.from(all).fill(0, start - 30, start - 10));
    await expect(readEdits(folder, run)).rejects.toThrow(/line 2 of ".*edits\.jsonl" must hold a digest/);
  });

  test("between the log and the file of names leaves the log to count", async () => {
    const folder = await edited(boots);
    const names = await readFile(file(folder));
    const opened = await openEdits(folder, run, context);
    await opened.apply({ version: 1, do: { ...boots, name: "shoes" } });
    await writeFile(file(folder), names);
    expect(namesOf(await readEdits(folder, run)).get(0)?.name).toBe("shoes");
    await opened.apply({ version: 2, do: merged });
    expect((await parsed(folder)).clusters[0].name).toBe("shoes");
  });
});

describe("a damaged log", () => {
  test("is refused with the line and what to do, whichever byte of an earlier line is another", async () => {
    const folder = await edited(boots, merged, split);
    const all = await readFile(log(folder));
    const end = all.lastIndexOf(10, all.length - 2);
    for (let at = 0; at < end; at += 7) {
      const changed = Buffer.from(all);
      changed[at] = (changed[at] as number) ^ 1;
      await writeFile(log(folder), changed);
      await expect(readEdits(folder, run), `byte ${at}`).rejects.toThrow(FormatError);
      await expect(readEdits(folder, run)).rejects.toThrow(
        /line \d of ".*" must hold .*keep its first \d lines/,
      );
    }
  });

  test.each<[string, string, number, string]>([
    [
      '"version":1',
      '"version":2',
      0,
      "must have a format version of at most 1; got 2. A newer version of unlabeled",
    ],
    [
      '"kind":"merge"',
      '"kind":"mix"',
      2,
      'must hold what the format "unlabeled-edits" says; got a fault in edit',
    ],
    ['"entry":2', '"entry":3', 2, "must hold entry 2; got entry 3"],
    ['"entry":2', '"entry":', 2, "must hold JSON; got text that is not JSON"],
  ])("is refused though its digests fit: %s as %s", async (from, to, at, message) => {
    const folder = await edited(boots, merged);
    const lines = (await readFile(log(folder), "utf8")).trimEnd().split("\n");
    let before = "";
    const changed = lines.map((line, i) => {
      const text = (i === at ? line.replace(from, to) : line).replace(/,"digest":"\w+"\}$/, "");
      before = createHash("sha256").update(before).update(text).digest("hex").slice(0, 16);
      return `${text},"digest":"${before}"}\n`;
    });
    await writeFile(log(folder), changed.join(""));
    const reading = readEdits(folder, run);
    await expect(reading).rejects.toThrow(FormatError);
    await expect(reading).rejects.toThrow(message);
  });

  test("is seen when a line is missing, and when it is that of another run", async () => {
    const folder = await edited(boots, merged, split);
    const lines = (await readFile(log(folder), "utf8")).split("\n");
    await writeFile(log(folder), lines.toSpliced(2, 1).join("\n"));
    await expect(readEdits(folder, run)).rejects.toThrow(/line 3 of/);
    await writeFile(log(folder), lines.join("\n"));
    const other = { ...run, labels: Int32Array.of(0, 0, 1, 1, 2, 2) };
    await expect(readEdits(folder, other)).rejects.toThrow(/must belong to the run beside it, 6 images/);
  });

  test("is missed when it is gone: names of clusters that it made would mean nothing", async () => {
    const folder = await edited(boots, merged);
    const lost = await temporaryFolder();
    await copyFile(file(folder), file(lost));
    await expect(readEdits(lost, run)).rejects.toThrow(/got 2, and the log is not there. Bring the log back/);
    await truncate(log(folder), (await readFile(log(folder), "utf8")).indexOf("\n", 200) + 1);
    await expect(readEdits(folder, run)).rejects.toThrow(/got 2, and the log has [01]\./);
  });
});

describe("clusters.json beside a log", () => {
  test("that a person changes is taken in, into the log by the next edit", async () => {
    const folder = await edited(boots, split);
    const text = await readFile(file(folder), "utf8");
    await writeFile(file(folder), text.replace('"boots"', '"wellies"'));
    await utimes(file(folder), 1e9, 1e9);
    const state = await readEdits(folder, run);
    expect(state.log.at(-1)).toEqual({
      at: "2001-09-09T01:46:40.000Z",
      what: 'Taken from clusters.json: Cluster 0 is called "wellies", with notes',
      undone: false,
    });
    const opened = await openEdits(folder, run, context);
    expect(opened.state().version).toBe(3);
    await opened.apply({ version: 3, do: { kind: "undo" } });
    expect(await parsed(folder)).toMatchObject({ edits: 4, clusters: [{ cluster: 0, name: "wellies" }] });
    expect([...(await readEdits(folder, run)).labels]).toEqual([...run.labels]);
    // Written from nothing, without a word on edits.
    await writeFile(file(folder), written({ cluster: 1, name: "hats" }));
    expect([...namesOf(await readEdits(folder, run))]).toEqual([[1, { cluster: 1, name: "hats" }]]);
  });

  test("must name clusters that there are", async () => {
    const folder = await edited(merged);
    await writeFile(file(folder), written({ cluster: 2, name: "hats" }));
    await expect(readEdits(folder, run)).rejects.toThrow(/one that there is after the edits; got 2/);
    await writeFile(file(folder), written({ cluster: 3, name: "hats" }));
    await expect(readEdits(folder, run)).rejects.toThrow(/must be an integer in 0\.\.2.*; got 3/);
  });

  test("gives a run its names before there is a log, and they are its first entries", async () => {
    const folder = await temporaryFolder({
      "clusters.json": written({ cluster: 2, name: "hats", notes: "x" }),
    });
    const opened = await openEdits(folder, run, context);
    expect(opened.state()).toMatchObject({ version: 1, canUndo: false });
    await opened.apply({ version: 1, do: split });
    expect(namesOf(await readEdits(folder, run)).get(2)).toEqual({ cluster: 2, name: "hats", notes: "x" });
    expect((await readFile(log(folder), "utf8")).split("\n")).toHaveLength(4);
  });
});

describe("the lock", () => {
  const lock = (folder: string): string => join(folder, "edits.lock");

  test("of a process that has ended is taken away", async () => {
    // A number that no process has, one that another process has now, and our own in an earlier life.
    for (const owner of [
      { pid: 2 ** 30, host: hostname() },
      { pid: process.ppid, host: hostname(), began: "1" },
      { pid: process.pid, host: hostname() },
    ]) {
      const folder = await edited();
      await writeFile(lock(folder), JSON.stringify(owner));
      await (await openEdits(folder, run, context)).apply({ version: 0, do: boots });
      expect((await readdir(folder)).sort()).toEqual(["clusters.json", "edits.jsonl"]);
    }
  });

  test("of a process that runs is waited for", async () => {
    const folder = await edited();
    await writeFile(lock(folder), JSON.stringify({ pid: process.ppid, host: hostname() }));
    const opened = await openEdits(folder, run, context);
    let done = false;
    const edit = opened.apply({ version: 0, do: boots }).then(() => {
      done = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(done).toBe(false);
    await writeFile(lock(folder), JSON.stringify({ pid: 2 ** 30, host: hostname() }));
    await edit;
  });

  test("cannot be had in a folder that is not there", async () => {
    const opened = await openEdits(join(await temporaryFolder(), "gone"), run, context);
    await expect(opened.apply({ version: 0, do: boots })).rejects.toThrow(InputError);
    await expect(opened.apply({ version: 0, do: boots })).rejects.toThrow(
      /must be writable; got nothing there/,
    );
  });
});
