import { readFile, writeFile } from "node:fs/promises";

import { describe, expect, test } from "vitest";
import { UnlabeledError } from "../../errors.ts";
import { adjustedRandIndex, contingencyTable } from "../../metrics/index.ts";
import type { Runtime } from "../../neural/index.ts";
import { parseComparison, parseElbow, parseRun, readRun } from "../../node/index.ts";
import { openTiny, record } from "../testing/recorder.ts";
import { filesBelow, inEmptyFolders } from "../testing/working-folder.ts";

inEmptyFolders();

/** Few clusters have few pictures in the report, which takes more time than so small a run. */
const few = ["--clusters", "3"];

describe("compare", () => {
  test("always writes a folder for each run and a report on top", async () => {
    const { out, exitCode } = await record(["compare", "tiny", "--methods", "pixels+kmeans", ...few]);
    expect(exitCode).toBe(0);
    expect(out).toContain("Report: runs/tiny-compare-0/report.html");
    const top = (await filesBelow("runs/tiny-compare-0")).filter((name) => !name.includes("/"));
    expect(top).toEqual(["compare.json", "figures", "pixels+kmeans-0", "report.html"]);
  });

  // All of them are run by commands.long.test.ts.
  test("goes from pixels upwards where no methods are named", async () => {
    const { out, exitCode } = await record(["compare", "tiny", "--dry-run", "--json"]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(out).methods.map(({ method }: { method: string }) => method)).toEqual([
      "pixels+kmeans",
      "conv-ae+kmeans",
      "conv-ae+gmm",
      "deep-ae+kmeans",
      "deep-ae+graph",
      "pca:hog+graph",
      "pca:hog:scattering+consensus",
      "idec",
    ]);
  });
});

describe("compare, method against method,", () => {
  const methods = ["--methods", "pixels+kmeans,pixels+graph", ...few];
  /** The drawn digits without what they mean. */
  const unlabelled: typeof openTiny = (location, options) => {
    const source = openTiny(location, options);
    const { labels, classNames, ...images } = source.images;
    return { ...source, images };
  };
  const sectionsOf = async (folder: string): Promise<readonly string[]> => {
    const html = await readFile(`${folder}/report.html`, "utf8");
    return ["agreement", "side-by-side", "same-images"].filter((id) => html.includes(`<section id="${id}">`));
  };

  test("tells how far methods agree, in its document and in compare.json; with one seed, not with themselves", async () => {
    const { out } = await record(["compare", "tiny", ...methods, "--out", "c", "--json"]);
    const { agreement } = JSON.parse(out);
    expect(agreement.methods).toEqual(["pixels+kmeans", "pixels+graph"]);
    const [between] = agreement.ari[1];
    expect(between).toBeGreaterThan(-0.5);
    expect(between).toBeLessThan(1);
    expect(agreement.ari).toEqual([
      [null, between],
      [between, null],
    ]);
    const stored = parseComparison(await readFile("c/compare.json", "utf8"), "compare.json");
    expect(stored.agreement).toEqual(agreement);
    expect(await sectionsOf("c")).toEqual(["agreement", "side-by-side", "same-images"]);
  });

  test("with several seeds, the agreement is that of the labels in the folders of its runs", async () => {
    const { out } = await record(["compare", "tiny", ...methods, "--runs", "2", "--out", "c", "--json"]);
    const labels = async (run: string) => (await readRun(`c/${run}`)).labels;
    const [p0, p1, g0, g1] = [
      await labels("pixels+kmeans-0"),
      await labels("pixels+kmeans-1"),
      await labels("pixels+graph-0"),
      await labels("pixels+graph-1"),
    ];
    const ari = (a: Int32Array, b: Int32Array): number => adjustedRandIndex(contingencyTable(a, b));
    const between = (ari(p0, g0) + ari(p1, g1)) / 2;
    expect(JSON.parse(out).agreement.ari).toEqual([
      [ari(p0, p1), between],
      [between, ari(g0, g1)],
    ]);
  });

  test("needs no labels", async () => {
    const words = ["compare", "tiny", ...methods, "--out", "c", "--json"];
    const { out, exitCode } = await record(words, { open: unlabelled });
    expect(exitCode).toBe(0);
    expect(JSON.parse(out).agreement.ari[0][1]).toBeGreaterThan(-0.5);
    expect(await sectionsOf("c")).toEqual(["agreement", "side-by-side", "same-images"]);
    expect(await readFile("c/report.html", "utf8")).toContain("Clusters against clusters");
    expect((await filesBelow("c/figures")).filter((name) => name.startsWith("side-by-side"))).toEqual([
      "side-by-side-1-pixels-graph.svg",
    ]);
  });

  test("of a method alone there is its agreement from seed to seed, of a single run nothing", async () => {
    const alone = ["cluster", "tiny", ...few, "--json"];
    const several = await record([...alone, "--runs", "2", "--out", "c"]);
    const { methods, ari } = JSON.parse(several.out).agreement;
    expect([methods, ari.length, typeof ari[0][0]]).toEqual([["pixels+kmeans"], 1, "number"]);
    expect(await sectionsOf("c")).toEqual(["agreement"]);
    const { out } = await record([...alone, "--out", "d"]);
    expect(Object.keys(JSON.parse(out))).toEqual(["source", "results", "summary", "report"]);
    expect(await sectionsOf("d")).toEqual([]);
  });
});

describe("elbow", () => {
  test("prints and keeps the curve, which never rises", async () => {
    const { out, exitCode } = await record(["elbow", "tiny", "--to", "6", "--json"]);
    const document = JSON.parse(out);
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ method: "pixels+kmeans", seed: 0, k: [1, 2, 3, 4, 5, 6] });
    for (let i = 1; i < 6; i++) expect(document.inertia[i]).toBeLessThanOrEqual(document.inertia[i - 1]);
    const others = ["silhouette", "calinskiHarabasz", "daviesBouldin", "gap", "stability"];
    expect(Object.keys(document.suggestions)).toEqual(["inertia", ...others]);
    for (const name of others) expect(document[name]).toHaveLength(6);
    expect(document.silhouette[0]).toBeNull();
    expect(document.suggested).toBe(document.suggestions[document.suggestedBy[0]] ?? null);
    const { report: _report, ...printed } = document;
    const text = await readFile("runs/tiny-elbow-0/elbow.json", "utf8");
    expect(JSON.parse(text)).toEqual({ format: "unlabeled-elbow", formatVersion: 1, ...printed });
    expect(parseElbow(text, "elbow.json")).toEqual(printed);
    expect(await filesBelow("runs/tiny-elbow-0")).toContain("figures/elbow-silhouette.svg");
  });

  test("computes the criteria that are asked for, and has a table of what each proposes", async () => {
    const words = [
      "elbow",
      "tiny",
      "--to",
      "4",
      "--criteria",
      "inertia, silhouette",
      "--method",
      "pixels+gmm",
    ];
    const { out, progress } = await record(words);
    expect(out).toMatch(/Clusters +Inertia +Silhouette\n +1 +[\d.,]+ *\n +2 +[\d.,]+ +-?0\.\d{4}\n/);
    expect(out).toMatch(/\nproposed +(\d|none) +(\d|none)\n/);
    expect(progress).toContainEqual(
      expect.stringMatching(/^pixels\+gmm, seed 0: number of clusters: 2, the 2\. of 4, iteration \d+$/),
    );
  });
});

describe("assign", () => {
  test("gives the images of the run the clusters that the run gave them", async () => {
    await record(["cluster", "tiny", ...few, "--out", "run"]);
    const { out, exitCode } = await record(["assign", "run", "tiny", "--json"]);
    const document = JSON.parse(out);
    expect(exitCode).toBe(0);
    expect(Object.keys(document)).toEqual([
      ...["run", "source", "count", "clusters", "metrics", "output", "unfamiliar", "skipped"],
    ]);
    expect(document).toMatchObject({ run: "run", count: 60, output: "assigned-tiny-all.csv", skipped: 0 });
    const { sizes, metrics } = parseRun(await readFile("run/run.json", "utf8"), "run.json");
    expect(document.clusters).toEqual(sizes);
    expect(document.metrics.accuracy).toBe(metrics.accuracy);
    const lines = (await readFile("assigned-tiny-all.csv", "utf8")).split("\n");
    expect(lines[0]).toMatch(/,distance,name,unfamiliar,familiarity$/);
    expect(lines.map((line) => line.split(",").slice(0, 6).join(",")).join("\n")).toBe(
      await readFile("run/assignments.csv", "utf8"),
    );
  });

  test("refuses an existing file unless forced, and images of another size", async () => {
    await record(["cluster", "tiny", ...few, "--out", "run"]);
    await writeFile("a.csv", "mine");
    expect((await record(["assign", "run", "tiny", "--out", "a.csv"])).error).toContain(
      "Replace it with --force",
    );
    expect(await readFile("a.csv", "utf8")).toBe("mine");
    const open: typeof openTiny = (location, options) => {
      const source = openTiny(location, options);
      return { ...source, images: { ...source.images, height: 7, width: 28 } };
    };
    const refused = await record(["assign", "run", "tiny", "--out", "b.csv"], { open });
    expect(refused.error).toContain("images must be 14 x 14 x 1");
    expect(refused.exitCode).toBe(2);
    expect((await filesBelow()).filter((name) => !name.startsWith("run"))).toEqual(["a.csv"]);
  });
});

describe("repeat", () => {
  test("confirms a run, and tells one whose labels were changed", async () => {
    await record([
      "cluster",
      "tiny",
      ...few,
      "--out",
      "run",
      "--init",
      "random",
      "--restarts",
      "2",
      "--tolerance",
      "0.01",
    ]);
    const same = await record(["repeat", "run", "--json", "--threads", "3"]);
    expect(JSON.parse(same.out)).toEqual({
      run: "run",
      same: true,
      different: 0,
      count: 60,
      metricsSame: true,
    });
    expect(same.exitCode).toBe(0);
    const csv = await readFile("run/assignments.csv", "utf8");
    const changed = csv.replace(
      /^(7,[^\n]*?),(\d),,/m,
      (_, start, cluster) => `${start},${(+cluster + 1) % 3},,`,
    );
    await writeFile("run/assignments.csv", changed);
    const different = await record(["repeat", "run", "--json"]);
    expect(JSON.parse(different.out)).toMatchObject({ same: false, different: 1, count: 60 });
    expect(different.exitCode).toBe(1);
    expect((await record(["repeat", "run"])).out).toBe("Different: 1 of 60 images have another label.\n");
  });

  test("refuses other images than those of the run", async () => {
    await record(["cluster", "tiny", ...few, "--out", "run"]);
    const open: typeof openTiny = (location, options) => ({
      ...openTiny(location, options),
      sha256: "other",
    });
    const { error, exitCode } = await record(["repeat", "run"], { open });
    expect(error).toContain(
      '"tiny" must hold the images that "run" was made of (all-60...); got others (other...)',
    );
    expect(exitCode).toBe(2);
  });
});

describe("data and doctor", () => {
  test("data list tells where each set lies, or how much there is to download", async () => {
    const { out } = await record(["data", "list"]);
    expect(out).toContain("/sets/mnist");
    expect(out).toContain("not here (4 MB to download)");
    const document = JSON.parse((await record(["data", "list", "--json"])).out);
    expect(document.dataSets.map(({ name }: { name: string }) => name)).toEqual(["mnist", "fashion-mnist"]);
  });

  test("data fetch and data path tell the folder", async () => {
    expect((await record(["data", "fetch", "mnist"])).out).toBe(
      "mnist: 2 files downloaded and checked, in /cache/mnist\n",
    );
    expect((await record(["data", "path", "mnist"])).out).toBe("/sets/mnist\n");
    expect(JSON.parse((await record(["data", "path", "mnist", "--json"])).out)).toEqual({
      ...{ name: "mnist", folder: "/sets/mnist" },
    });
  });

  test("doctor tells what the machine offers, and that threads change no result", async () => {
    const open: typeof openTiny = () => openTiny("tiny", {});
    const { out, exitCode } = await record(["doctor", "--threads", "2", "--json"], { open });
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      ...{
        unlabeled: "1.2.3",
        runtime: "recorder",
        threads: 2,
        simd: true,
        sharedMemory: true,
        threadsAgree: true,
      },
      neural: { runtime: expect.stringMatching(/^onnxruntime-(node|web)$/), threads: 2 },
      folders: { cache: "/cache" },
    });
    expect((await record(["doctor"], { open })).out).toContain("same result on 1 and all threads  yes");
  });

  test("doctor tells which runtime networks use, and why it is not the fastest", async () => {
    const open: typeof openTiny = () => openTiny("tiny", {});
    const notice = "onnxruntime-node cannot be loaded.";
    const closed: string[] = [];
    const runtime: Runtime = {
      ...{ name: "onnxruntime-web", version: "4.5.6", threads: 3, notice },
      load: () => Promise.reject(new Error("nothing to load")),
      close: () => closed.push("closed"),
    };
    const { out, exitCode } = await record(["doctor"], { open, openRuntime: async () => runtime });
    expect(out).toMatch(
      /^networks +onnxruntime-web 4\.5\.6 \(WebAssembly\), 3 threads\n +onnxruntime-node cannot/m,
    );
    expect(closed).toEqual(["closed"]);
    expect(exitCode).toBe(0);
  });

  test("doctor ends with 1, and tells why, where no runtime for networks can be loaded", async () => {
    const open: typeof openTiny = () => openTiny("tiny", {});
    const openRuntime = () => Promise.reject(new UnlabeledError("openRuntime: nothing is installed."));
    const { out, exitCode } = await record(["doctor", "--json"], { open, openRuntime });
    expect(JSON.parse(out).neural).toEqual({ runtime: null, notice: "openRuntime: nothing is installed." });
    expect(exitCode).toBe(1);
  });
});
