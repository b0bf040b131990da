import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { record } from "../testing/recorder.ts";
import { inEmptyFolders } from "../testing/working-folder.ts";

inEmptyFolders();

const v1 = join(import.meta.dirname, "../../../fixtures/runs/v1");

/** A copy of the run of format 1, some words of its record changed. */
async function runAt(path: string, ...changes: readonly (readonly [string, string])[]): Promise<void> {
  await cp(v1, path, { recursive: true });
  let text = await readFile(join(path, "run.json"), "utf8");
  for (const [from, to] of changes) text = text.replace(from, to);
  await writeFile(join(path, "run.json"), text);
}

describe("runs", () => {
  test("lists finished, interrupted and damaged runs, wherever they lie below", async () => {
    await runAt("runs/a", ['"accuracy": 0.325', '"accuracy": 0.9']);
    await runAt("runs/compared/b");
    await mkdir("runs/c");
    await writeFile("runs/c/run.json", "{");
    await mkdir("runs/d.partial");
    await writeFile(
      "runs/d.partial/unlabeled-partial.json",
      JSON.stringify({ format: "unlabeled-partial", pid: 1, host: "another" }),
    );
    await record(["name", "runs/a", "0", "x"]);
    const { out, exitCode } = await record(["runs", "--sort", "accuracy"]);
    expect(exitCode).toBe(0);
    const lines = out.split("\n");
    expect(lines[1]).toMatch(/^runs\/a +pixels\+kmeans +strokes +40 +4 \(1 named\) +accuracy 0\.9000/);
    expect(lines[2]).toMatch(/^runs\/compared\/b .*accuracy 0\.3250/);
    expect(lines.slice(3, 5).map((line) => line.split(/ +/))).toEqual([
      ["runs/c", "damaged"],
      ["runs/d.partial", "interrupted"],
    ]);
    expect(out).toMatch(/Damaged: runs\/c: "runs\/c\/run\.json" must hold JSON/);
    const { runs } = JSON.parse((await record(["runs", "runs", "--sort", "path", "--json"])).out);
    expect(runs.map(({ state }: { state: string }) => state)).toEqual([
      ...["finished", "damaged", "finished", "interrupted"],
    ]);
    expect((await record(["runs", "nowhere"])).error).toMatch(/"nowhere" must be a readable folder/);
  });

  test("compares two: what was asked, what came, and where the images of each cluster went", async () => {
    await runAt("a");
    await runAt("b", ['"restarts": 1', '"restarts": 5'], ['"accuracy": 0.325', '"accuracy": 0.5']);
    const rows = (await readFile("b/assignments.csv", "utf8")).trim().split("\n");
    const moved = rows.map((row) =>
      row.replace(/^(\d+,,\d,)([03]),/, (_, start, cluster) => `${start}${3 - cluster},`),
    );
    await writeFile("b/assignments.csv", moved.join("\n"));
    await record(["name", "b", "0", "loops"]);
    const { out } = await record(["runs", "a", "b"]);
    expect(out).toMatch(/settings\.restarts +1 +5/);
    expect(out).toMatch(/Accuracy +0\.3250 +0\.5000/);
    expect(out).toContain("Agreement on the same 40 images: ARI 1.0000");
    expect(out).toMatch(/^3 +11 +0: loops 100%$/m);
    const pair = JSON.parse((await record(["runs", "a", "b", "--json"])).out);
    expect(pair).toMatchObject({
      sameImages: true,
      ari: 1,
      flow: [[0, 0, 0, 12], [0, 9], [0, 0, 8], [11]].map((row) => [...row, 0, 0, 0].slice(0, 4)),
    });
    await runAt("c", ['"sha256": "4b1', '"sha256": "fff']);
    expect((await record(["runs", "a", "c"])).out).toMatch(/clusters to different images/);
  });
});

describe("name", () => {
  test("names, notes, lists and takes away", async () => {
    await runAt("a");
    expect((await record(["name", "a", "2", "boots", "--notes", "brown"])).out).toBe(
      'Cluster 2 is called "boots"; its notes are kept.\n',
    );
    expect((await record(["name", "a", "--list"])).out).toMatch(/^ +2 +8 +boots +brown$/m);
    await record(["name", "a", "2", "--remove"]);
    expect(JSON.parse(await readFile("a/clusters.json", "utf8")).clusters).toEqual([]);
  });

  test.each([
    [["9", "x"], /cluster must be an integer in 0\.\.3/],
    [["x", "x"], /the cluster must be its number; got "x"/],
    [["1"], /a name, --notes or --remove must be given/],
    [["1", "x", "--remove"], /--remove must stand alone/],
    [["--notes", "x"], /a cluster must be named/],
  ])("refuses %j", async (words, message) => {
    await runAt("a");
    const { exitCode, error } = await record(["name", "a", ...words]);
    expect(exitCode).toBe(2);
    expect(error).toMatch(message);
  });
});
