import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { decode } from "fast-png";
import { parquetReadObjects } from "hyparquet";
import { afterAll, describe, expect, test } from "vitest";
import { parseRun } from "../../node/index.ts";
import { openTiny, record, type World } from "../testing/recorder.ts";
import { filesBelow, inEmptyFolders } from "../testing/working-folder.ts";

inEmptyFolders();

const v1 = join(import.meta.dirname, "../../../fixtures/runs/v1");

/** The drawn digits as a folder of files, two of which have one base name, and one a name that means a formula. */
const nameOf = (i: number): string =>
  i === 0 ? "=a/1.png" : i === 1 ? "b/1.png" : i === 2 ? "=a__1.png" : `b/x ${i}.png`;
const world: World = {
  open: (_location, options) => {
    const source = openTiny("tiny", options);
    const { count } = source.images;
    const images = { ...source.images, files: Array.from({ length: count }, (_, i) => nameOf(i)) };
    return { ...source, name: "photos", location: "photos", images };
  },
};

const made = mkdtemp(join(tmpdir(), "unlabeled-test-"));
afterAll(async () => rm(await made, { recursive: true }));

/** The folder `run`: what clustering a source into 3 clusters gives; made once, and copied. */
async function runOf(source: string): Promise<void> {
  const kept = join(await made, source);
  if (!(await stat(kept).catch(() => undefined))) {
    const { exitCode } = await record(
      ["cluster", source, "--clusters", "3", "--out", kept],
      source === "tiny" ? {} : world,
    );
    expect(exitCode).toBe(0);
  }
  await cp(kept, "run", { recursive: true });
}

/** A run of 60 images in 3 clusters, and the files that they came from. */
async function run(): Promise<void> {
  for (const folder of ["photos/=a", "photos/b"]) await mkdir(folder, { recursive: true });
  for (let i = 0; i < 60; i++) await writeFile(join("photos", nameOf(i)), `file ${i}`);
  await runOf("photos");
}

describe("export", () => {
  test("links each image's file in the folder of its cluster, under a name of its own, and touches nothing else", async () => {
    await run();
    const before = await filesBelow();
    await record(["name", "run", "1", "../My boots: 50%"]);
    const words = ["export", "run", "--what", "labels,folders", "--to", "out", "--json"];
    const { out, exitCode, error } = await record(words, world);
    expect([exitCode, error]).toEqual([0, ""]);
    const result = JSON.parse(out);
    expect(result.images).toEqual({ linked: 60, copied: 0, drawn: 0, missing: 0 });
    expect(result.clusters[1]).toMatchObject({ name: "../My boots: 50%", folder: "clusters/01-My-boots-50" });
    const after = (await filesBelow()).filter((name) => name !== "out" && !name.startsWith("out/"));
    expect(after).toEqual([...before, "run/clusters.json"].sort());

    const folders = await readdir("out/clusters");
    expect(folders.sort()).toEqual(["00-cluster-00", "01-My-boots-50", "02-cluster-02"]);
    const lines = (await readFile("out/labels.csv", "utf8")).trim().split("\n").slice(1);
    const clusterOf = lines.map((line) => Number(line.split(",")[3]));
    expect(lines[0]).toMatch(/^0,'=a\/1\.png,/);
    const seen: string[] = [];
    for (const [cluster, folder] of folders.entries()) {
      for (const name of await readdir(join("out/clusters", folder))) {
        const target = await readlink(join("out/clusters", folder, name));
        const i = Number((await readFile(target, "utf8")).split(" ")[1]);
        expect(target).toBe(resolve("photos", nameOf(i)));
        expect(clusterOf[i]).toBe(cluster);
        seen.push(target);
      }
    }
    expect(new Set(seen).size).toBe(60);

    const rows = await parquetReadObjects({ file: arrayBuffer(await readFile("out/labels.parquet")) });
    expect(rows.map(({ cluster }) => cluster)).toEqual(clusterOf);
    expect(rows[0]).toMatchObject({ index: 0, file: "=a/1.png", probability: null });
    expect(await readFile("out/clusters.csv", "utf8")).toContain("\n1,../My boots: 50%,,");
  });

  test("copies where asked, the nearest to the center first, and tells what is gone", async () => {
    await run();
    await rm("photos/b/1.png");
    const limited = ["--what", "folders", "--copy", "--limit-per-cluster", "2", "--json"];
    const { out } = await record(["export", "run/", ...limited], world);
    expect(JSON.parse(out).images.copied).toBeLessThanOrEqual(6);
    expect(
      await readFile("run-export/clusters/00-cluster-00/b__x 4.png", "utf8").catch(() => "file"),
    ).toMatch(/^file/);
    const whole = await record(["export", "run", "--what", "folders", "--to", "all"], world);
    expect(whole.error).toContain('1 image of "photos" is not there any more, and left out.');
    expect(whole.out).toContain("59 images as links to the originals");
  });

  test("draws images that have no files, sheets, figures and a report with names; takes networks along", async () => {
    await runOf("tiny");
    await record(["name", "run", "0", "<loops>"]);
    const { out, exitCode, opened } = await record(["export", "run", "--what", "all", "--json"]);
    expect(exitCode).toBe(0);
    expect(opened).toEqual([["tiny", { split: "all", limit: undefined, size: undefined }]]);
    const { images, written } = JSON.parse(out);
    expect(images.drawn).toBe(60);
    const files = await filesBelow("run-export");
    for (const path of written) expect(files).toContain(path);
    expect(written).toContain("onnx/pipeline.onnx");
    expect(written).toContain("curation.csv");
    const [first = ""] = await readdir("run-export/clusters/00-loops");
    const drawn = decode(await readFile(join("run-export/clusters/00-loops", first)));
    const { images: digits } = openTiny("tiny", {});
    const i = Number(first.replace(".png", ""));
    expect(Array.from(drawn.data)).toEqual(Array.from(digits.pixels.subarray(i * 196, (i + 1) * 196)));
    expect(decode(await readFile("run-export/sheets/00-loops.png")).width).toBe((5 * 14 + 4 * 4) * 6);
    expect(decode(await readFile("run-export/figures/sizes.png")).width).toBeGreaterThan(1500);
    const report = await readFile("run-export/report.html", "utf8");
    expect(report).toContain("<b>Cluster 0: &#60;loops&#62;</b>");
    const stored = await readFile("run/report.html", "utf8");
    expect(report.replaceAll(/: &#60;loops&#62;/g, "").length).toBeLessThan(stored.length + 2000);
  });

  test("of a run that has lost its pictures: sheets of the nearest to each center, figures as they are", async () => {
    await runOf("tiny");
    await rm("run/pictures.safetensors.gz");
    const { exitCode } = await record(["export", "run", "--what", "sheets,figures", "--to", "out"]);
    expect(exitCode).toBe(0);
    expect((await readdir("out/sheets")).sort()).toEqual([
      "00-cluster-00.png",
      "01-cluster-01.png",
      "02-cluster-02.png",
    ]);
    // 25 images of 14 x 14 at six times their size, five side by side, or all where there are fewer.
    const { sizes } = parseRun(await readFile("run/run.json", "utf8"), "run.json");
    const rows = Math.ceil(Math.min(25, sizes[0] as number) / 5);
    const { width, height } = decode(await readFile("out/sheets/00-cluster-00.png"));
    expect([width, height]).toEqual([(5 * 14 + 4 * 4) * 6, (rows * 14 + (rows - 1) * 4) * 6]);
    expect(await readFile("out/figures/sizes.svg")).toEqual(await readFile("run/figures/sizes.svg"));
    expect(decode(await readFile("out/figures/sizes.png")).width).toBeGreaterThan(1500);
  });

  test("without names draws the report that the run has, byte for byte", async () => {
    await runOf("tiny");
    await record(["export", "run", "--what", "report"]);
    expect(await readFile("run-export/report.html", "utf8")).toBe(await readFile("run/report.html", "utf8"));
  });

  test("takes a run of format 1 as it is, and puts names into the report that it has", async () => {
    await cp(v1, "old", { recursive: true });
    await writeFile("old/report.html", '<main id="content">\n<b>Cluster 1</b><b>Cluster 2</b>');
    await record(["name", "old", "1", "a & b", "--notes", "c"]);
    const { exitCode, error } = await record(["export", "old", "--what", "labels,onnx,curation,report"]);
    expect(exitCode).toBe(0);
    expect(error).toMatch(/has no curation\.csv: an earlier version made it/);
    expect(error).toMatch(/does not hold the pictures of its report/);
    const report = await readFile("old-export/report.html", "utf8");
    expect(report).toContain("<b>Cluster 1: a &#38; b</b><b>Cluster 2</b>");
    expect(report).toContain('<span class="soft">c</span>');
  });

  test("refuses what cannot be, leaves nothing behind, and replaces its own with --force", async () => {
    await runOf("tiny");
    const wrong = await record(["export", "run", "--what", "labels,nets"]);
    expect([wrong.exitCode, wrong.error]).toEqual([
      2,
      expect.stringMatching(/--what must be parts .*got "nets"/),
    ]);
    const original = await record(["export", "run", "--what", "explorer", "--original"]);
    expect([original.exitCode, original.error]).toEqual([2, expect.stringMatching(/got --original/)]);
    expect((await record(["export", "none"])).error).toMatch(
      /must be the folder of a run; got nothing there/,
    );
    expect((await record(["export", "run"])).exitCode).toBe(0);
    expect((await record(["export", "run"])).error).toMatch(/must be a folder that does not exist yet/);
    expect((await record(["export", "run", "--force"])).exitCode).toBe(0);
    expect((await record(["export", "run-export"])).error).toMatch(/got what was exported of a run/);
    const others: World = {
      open: (location, options) => ({ ...openTiny(location, options), sha256: "other" }),
    };
    const changed = await record(["export", "run", "--what", "folders", "--to", "x"], others);
    expect([changed.exitCode, changed.error]).toEqual([
      2,
      expect.stringMatching(/must hold the images that "run"/),
    ]);
    const stopped = await record(["export", "run", "--what", "all", "--to", "x"], {
      cancelAt: "Exporting folders: 2",
    });
    expect(stopped.exitCode).toBe(130);
    expect(await readdir(".")).toEqual(["run", "run-export"]);
  });

  test.skipIf(process.getuid?.() === 0)("says which folder cannot be written", async () => {
    await cp(v1, "old", { recursive: true });
    await mkdir("locked");
    await chmod("locked", 0o500);
    const { exitCode, error } = await record(["export", "old", "--to", "locked/out"]);
    await chmod("locked", 0o700);
    expect(exitCode).toBe(2);
    expect(error).toMatch(/"locked\/out" must be writable; got no permission/);
  });
});

function arrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
}
