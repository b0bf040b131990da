/** What people have done to the clusters of a run, in the commands that come after. */
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { afterAll, describe, expect, test } from "vitest";
import type { GaussianMixtureModel } from "../../cluster/gaussian-mixture/index.ts";
import { type Edit, editedAssignment } from "../../edits/index.ts";
import { openEdits, readEdits, readRun } from "../../node/index.ts";
import { assignStream, chainFeatures, chainProbabilities } from "../../pipeline/index.ts";
import { openTiny, record } from "../testing/recorder.ts";
import { inEmptyFolders } from "../testing/working-folder.ts";

inEmptyFolders();

const made = mkdtemp(join(tmpdir(), "unlabeled-test-"));
afterAll(async () => rm(await made, { recursive: true }));

/** The folder `run`: 60 images in 4 clusters, made once for each method, and copied. */
async function runOf(method: string): Promise<void> {
  const kept = join(await made, method);
  if (!(await stat(kept).catch(() => undefined))) {
    const words = ["cluster", "tiny", "--method", method, "--clusters", "4", "--out", kept];
    expect((await record(words)).exitCode).toBe(0);
  }
  await cp(kept, "run", { recursive: true });
}

async function edit(...edits: readonly Edit[]): Promise<Int32Array> {
  const { record: of, chain, labels } = await readRun("run");
  const features = () => chainFeatures(chain, openTiny("tiny", {}).images);
  const opened = await openEdits("run", { record: of, labels }, { now: () => new Date(0), features });
  for (const one of edits) await opened.apply({ version: opened.state().version, do: one });
  return opened.labels();
}

async function rowsOf(file: string): Promise<readonly (readonly string[])[]> {
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
  return lines.map((line) => line.split(","));
}

const boots: Edit = { kind: "rename", cluster: 1, name: "boots" };
const merged: Edit = { kind: "merge", clusters: [1, 3], into: 1 };

describe("assign after edits", () => {
  test("returns the new names after a merge and a rename, in every format, and the old clusters with --original", async () => {
    await runOf("pixels+kmeans");
    await record(["assign", "run", "tiny", "--out", "before.csv"]);
    const labels = await edit(merged, boots);
    expect((await record(["assign", "run", "tiny", "--out", "after.csv"])).exitCode).toBe(0);
    const [before, after] = [await rowsOf("before.csv"), await rowsOf("after.csv")];
    expect(after[0]).toEqual(before[0]);
    expect(after.slice(1).map((row) => Number(row[3]))).toEqual([...labels]);
    for (const [i, row] of after.entries()) {
      if (i === 0) continue;
      const expected = [...(before[i] ?? [])];
      if (expected[3] === "3") expected[3] = "1";
      if (expected[3] === "1") expected[6] = "boots";
      expect(row).toEqual(expected);
    }
    expect(new Set(after.slice(1).map((row) => row[3]))).toEqual(new Set(["0", "1", "2"]));

    const { out } = await record(["assign", "run", "tiny", "--out", "a.parquet"]);
    expect(out).toMatch(/^ +1 +boots +\d+$/m);
    expect(out).not.toMatch(/^ +3 /m);
    const { buffer } = new Uint8Array(await readFile("a.parquet"));
    const table = await parquetReadObjects({ file: buffer as ArrayBuffer });
    expect(table.map(({ cluster, name }) => [cluster, name ?? ""])).toEqual(
      after.slice(1).map((row) => [Number(row[3]), row[6]]),
    );
    const { out: json } = await record(["assign", "run", "tiny", "--out", "b.csv", "--json"]);
    expect(JSON.parse(json).clusters[3]).toBe(0);

    await record(["assign", "run", "tiny", "--out", "original.csv", "--original"]);
    expect(await readFile("original.csv", "utf8")).toBe(await readFile("before.csv", "utf8"));
  });

  test("puts new images into the parts of a split as it has put those of the run", async () => {
    for (const by of ["k-means", "mixture"] as const) {
      await runOf("pca+kmeans");
      const labels = await edit({ kind: "split", cluster: 0, parts: 2, by }, merged, {
        kind: "merge",
        clusters: [1, 5],
        into: 5,
      });
      expect(new Set(labels)).toEqual(new Set([2, 4, 5]));
      await record(["assign", "run", "tiny", "--out", `${by}.csv`]);
      expect((await rowsOf(`${by}.csv`)).slice(1).map((row) => Number(row[3]))).toEqual([...labels]);
      await rm("run", { recursive: true });
    }
  });

  test("adds up the probabilities of merged clusters, and shares out those of split ones", async () => {
    await runOf("pca+gmm");
    const { record: of, chain, labels } = await readRun("run");
    // Round components, so wide that they overlap: with 60 images they are else too sure of themselves.
    const clusterer = chain.clusterer as GaussianMixtureModel;
    const { cols } = clusterer.means;
    const round = clusterer.covariances.map((_, i) => ((i % (cols * cols)) % (cols + 1) === 0 ? 5 : 0));
    const wide = { ...clusterer, covariances: round };
    const soft = { ...chain, clusterer: wide };
    const { images } = openTiny("tiny", {});
    const stream = assignStream(
      soft,
      (async function* () {
        yield images;
      })(),
    );
    const piece = (await stream.next()).value;
    const all = piece && (await chainProbabilities(soft, piece.samples));
    if (!piece || !all) throw new Error("no probabilities");
    await edit(merged);
    const after = await editedAssignment(await readEdits("run", { record: of, labels }), soft, piece);
    const chance = (i: number, cluster: number): number => all.data[i * 4 + cluster] ?? 0;
    after.probabilities?.forEach((own, i) => {
      const cluster = after.labels[i] ?? 0;
      const expected = cluster === 1 ? chance(i, 1) + chance(i, 3) : chance(i, cluster);
      expect(own).toBeCloseTo(expected, 12);
      if (cluster === 1) expect(own).toBeGreaterThan(Math.max(chance(i, 1), chance(i, 3)));
    });
    await edit({ kind: "split", cluster: 1, parts: 2, by: "mixture" });
    const parts = await editedAssignment(await readEdits("run", { record: of, labels }), soft, piece);
    parts.probabilities?.forEach((own, i) => {
      expect(own).toBeLessThanOrEqual(after.probabilities?.[i] ?? 0);
    });
    expect(new Set(parts.labels)).toEqual(new Set([0, 2, 4, 5]));
  });
});

describe("export after edits", () => {
  const csv = async (file: string) => (await rowsOf(file)).slice(1);

  test("writes labels, folders, sheets and images to look at of the clusters that there are", async () => {
    await runOf("pixels+kmeans");
    const labels = await edit(merged, boots, { kind: "move", images: [5, 6], to: "new" });
    const words = ["export", "run", "--what", "labels,folders,sheets,onnx,curation", "--to", "out", "--json"];
    const { out, exitCode, error } = await record(words);
    expect([exitCode, error]).toEqual([0, expect.stringContaining("merges and splits are not in them")]);
    expect((await csv("out/labels.csv")).map((row) => Number(row[3]))).toEqual([...labels]);
    expect((await csv("out/labels.csv")).every((row) => (row[4] === "boots") === (row[3] === "1"))).toBe(
      true,
    );
    const clusters = await csv("out/clusters.csv");
    expect(clusters.map((row) => row[0])).toEqual(["0", "1", "2", "4"]);
    expect(clusters.reduce((sum, row) => sum + Number(row[3]), 0)).toBe(60);
    expect(clusters[3]).toEqual(["4", "", "", "2"]);
    const folders = ["00-cluster-00", "01-boots", "02-cluster-02", "04-cluster-04"];
    expect((await readdir("out/clusters")).sort()).toEqual(folders);
    expect((await readdir("out/clusters/04-cluster-04")).sort()).toEqual(["05.png", "06.png"]);
    const result = JSON.parse(out);
    expect(result.clusters[3]).toMatchObject({ cluster: 4, images: 2, folder: "clusters/04-cluster-04" });
    // Of an image that was moved there is a picture only if the run has kept one.
    expect((await readdir("out/sheets")).filter((name) => !name.startsWith("04")).sort()).toEqual(
      folders.slice(0, 3).map((name) => `${name}.png`),
    );
    const curated = await csv("out/curation.csv");
    expect(curated.every((row) => row.at(4) === String(labels[Number(row[2])]))).toBe(true);

    await record([...words.slice(0, 4), "--to", "found", "--original"]);
    expect(await readFile("found/curation.csv", "utf8")).toBe(await readFile("run/curation.csv", "utf8"));
    const found = await csv("run/assignments.csv");
    expect((await csv("found/labels.csv")).map((row) => row[3])).toEqual(found.map((row) => row[3]));
  });

  test("draws a report that begins with the edited clusters, and is no other than before once all is undone", async () => {
    await runOf("pixels+kmeans");
    const drawn = async (to: string): Promise<string> => {
      expect((await record(["export", "run", "--what", "report", "--to", to])).exitCode).toBe(0);
      return readFile(`${to}/report.html`, "utf8");
    };
    const before = await drawn("before");
    await edit({ kind: "rename", cluster: 0, name: "hats" }, merged, boots);
    const page = await drawn("after");
    expect(page).toContain('<section id="edits"');
    expect(page).toContain("there are 3 now, where it found 4");
    expect(page).toContain("<b>Cluster 1: boots</b>");
    expect(page).toContain("Clusters 1, 3 merged into 1");
    // Below, clusters as the run found them: the first one was not merged, and has its name there too.
    const [edited = "", ...below] = page.slice(page.indexOf('<section id="edits"')).split("</section>");
    expect(edited.match(/<b>Cluster \d[^<]*<\/b>/g)).toEqual([
      ...["<b>Cluster 0: hats</b>", "<b>Cluster 1: boots</b>", "<b>Cluster 2</b>"],
    ]);
    expect(new Set(below.join("").match(/<b>Cluster \d[^<]*<\/b>/g))).toEqual(
      new Set(["<b>Cluster 0: hats</b>", "<b>Cluster 1</b>", "<b>Cluster 2</b>", "<b>Cluster 3</b>"]),
    );
    const { record: of, labels } = await readRun("run");
    const opened = await openEdits("run", { record: of, labels }, { now: () => new Date(0) });
    for (let version = 3; version < 6; version++) await opened.apply({ version, do: { kind: "undo" } });
    expect(await drawn("undone")).toBe(before);
  });
});

describe("names after edits", () => {
  test("are one more edit, of a cluster that there is", async () => {
    await runOf("pixels+kmeans");
    await edit(merged, { kind: "move", images: [5], to: "new" });
    expect((await record(["name", "run", "4", "odd ones", "--notes", "why?"])).out).toBe(
      'Cluster 4 is called "odd ones"; its notes are kept.\n',
    );
    expect((await readFile("run/edits.jsonl", "utf8")).trimEnd().split("\n")).toHaveLength(4);
    const { clusters } = JSON.parse((await record(["name", "run", "--list", "--json"])).out);
    expect(clusters.map(({ cluster }: { cluster: number }) => cluster)).toEqual([0, 1, 2, 4]);
    expect(clusters[3]).toEqual({ cluster: 4, name: "odd ones", notes: "why?", images: 1 });
    const { error, exitCode } = await record(["name", "run", "3", "x"]);
    expect([exitCode, error]).toEqual([2, expect.stringMatching(/got 3, which an edit has taken away/)]);
    await record(["name", "run", "4", "--remove"]);
    expect(JSON.parse(await readFile("run/clusters.json", "utf8"))).toMatchObject({ edits: 4, clusters: [] });
  });

  test("and numbers of clusters stand in the list of runs, and a damaged log too", async () => {
    await runOf("pixels+kmeans");
    await edit(merged, boots);
    expect((await record(["runs", "."])).out).toMatch(/ 60 +3 \(1 named\) /);
    const { out } = await record(["runs", "run", "run"]);
    expect(out).toMatch(/^1: boots +\d+ +1: boots 100%$/m);
    expect(out).not.toMatch(/^3 /m);
    const log = await readFile("run/edits.jsonl", "utf8");
    await writeFile("run/edits.jsonl", log.replace('"into":1', '"into":3'));
    expect((await record(["runs", "."])).out).toMatch(/Damaged: run: line 2 of "run\/edits\.jsonl"/);
    expect((await record(["export", "run"])).exitCode).toBe(2);
  });
});
