import { readdir, readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { type ImageSource, limitImages } from "../../images/index.ts";
import { blobs } from "../../images/testing/blobs.ts";
import { readRun } from "../../node/index.ts";
import { record, type World } from "../testing/recorder.ts";
import { inEmptyFolders } from "../testing/working-folder.ts";

inEmptyFolders();

const embeddings = blobs({ count: 60, width: 6, groups: 3 });
const longer = blobs({ count: 20, width: 7, groups: 3 });

const world: World = {
  open: (location, { split = "all", limit }): ImageSource => {
    const whole = location === "longer.npy" ? longer : embeddings;
    const images = limit === undefined ? whole : limitImages(whole, limit);
    return { name: "blobs", location, split, images, sha256: `${location} ${images.count}` };
  },
};
const run = (...words: string[]) => record(words, world);

const runOf = async (...words: string[]) => {
  const { out, error, exitCode } = await run(...words, "--json");
  expect([error, exitCode]).toEqual(["", 0]);
  return JSON.parse(out);
};

describe("a source of vectors", () => {
  test.each([
    [[], "vectors+kmeans", "none", 1],
    [["--method", "vectors+umap+kmeans", "--scaling", "l2"], "vectors+umap+kmeans", "l2", 0.9],
    [["--method", "pca+gmm", "--scaling", "standard"], "pca+gmm", "standard", 0.9],
    [["--method", "vectors:pca+kmeans"], "vectors:pca+kmeans", "none", 1],
  ] as const)("is clustered, assigned and repeated: %j", async (flags, method, scaling, least) => {
    const { results, source } = await runOf("cluster", "x.npy", ...flags, "--out", "o");
    expect(source).toMatchObject({ vectors: true, width: 6, count: 60, labelled: true });
    expect(results[0]).toMatchObject({ method, clusters: 3 });
    expect(results[0].metrics.accuracy).toBeGreaterThanOrEqual(least);
    const { record: stored } = await readRun("o");
    expect(stored.settings.scaling ?? "none").toBe(scaling);
    expect(await readdir("o/model")).toContain("pipeline.onnx");
    const again = await runOf("repeat", "o");
    expect(again).toMatchObject({ same: true, metricsSame: true });
    // A part of the vectors alone: were it scaled by its own mean, clusters would move.
    await runOf("assign", "o", "x.npy", "--limit", "5", "--out", "a.csv");
    const lines = (text: string) =>
      text
        .trim()
        .split("\n")
        .slice(1, 6)
        .map((line) => line.split(",").slice(0, 4));
    expect(lines(await readFile("a.csv", "utf8"))).toEqual(
      lines(await readFile("o/assignments.csv", "utf8")),
    );
  });

  test("auto stands for its own recipes", async () => {
    const auto = await runOf("cluster", "x.npy", "--method", "auto", "--clusters", "3");
    expect(auto.results[0]).toMatchObject({ method: "vectors+graph", requested: "auto" });
    const slow = await runOf("cluster", "x.npy", "--method", "auto", "--thorough", "--force");
    expect(slow.results[0]).toMatchObject({ method: "vectors+consensus", requested: "auto" });
  });

  test("compare has a ladder for it, and a report without pictures of numbers", async () => {
    const plan = await runOf("compare", "x.npy", "--dry-run");
    expect(plan.methods.map(({ method }: { method: string }) => method)).toEqual([
      "vectors+kmeans",
      "vectors+gmm",
      "vectors+umap+kmeans",
      "vectors+graph",
      "vectors+consensus",
    ]);
    const methods = "vectors+gmm,vectors+umap+kmeans,vectors+graph"; // all of them: vectors.long.test.ts
    await runOf("compare", "x.npy", "--methods", methods, "--out", "c");
    const page = await readFile("c/report.html", "utf8");
    expect(page).toContain("What sets each cluster apart");
    expect(page).toContain("60 vectors of blobs were sorted into 3 clusters");
    expect(page).toContain("item-");
    expect(page).not.toContain("<img");
    const said = page
      .replace(/<(style|script)>.*?<\/\1>/gs, "")
      .replace(/<[^>]*?>/g, (tag) => / (?:title|aria-label)="(.*?)"/.exec(tag)?.[1] ?? "");
    expect(said.match(/.{0,40}\bimages?\b.{0,40}/gi) ?? []).toEqual([]);
  });

  test("elbow takes it", async () => {
    const { method, suggested } = await runOf(
      "elbow",
      "x.npy",
      "--to",
      "5",
      "--criteria",
      "silhouette",
      "--scaling",
      "standard",
    );
    expect([method, suggested]).toEqual(["vectors+kmeans", 3]);
  });

  test.each([
    [
      ["cluster", "x.npy", "--method", "hog+kmeans"],
      "got hog of hog+kmeans, which needs images. Take vectors+kmeans.",
    ],
    [
      ["cluster", "x.npy", "--method", "vectors:pixels+graph"],
      "got pixels of vectors:pixels+graph, which needs images",
    ],
    [
      ["cluster", "x.npy", "--method", "idec"],
      "got deep-ae of idec, which needs images. Take vectors+kmeans.",
    ],
    [["elbow", "x.npy", "--method", "pixels+umap+gmm"], "Take vectors+umap+gmm."],
    [["compare", "x.npy", "--epochs", "2"], "--epochs must go with a method that trains a network"],
    [["cluster", "x.npy", "--size", "8"], "--size must go with images; got 8 and a source of vectors"],
    [["cluster", "x.npy", "--scaling", "unit"], "--scaling must be one of none, standard, l2"],
  ] as const)("%j is refused", async (words, message) => {
    const { exitCode, error } = await run(...words);
    expect([exitCode, await readdir(".")]).toEqual([2, []]);
    expect(error).toContain(message);
  });
});

test("images are refused where vectors are wanted", async () => {
  const vectors = await record(["cluster", "tiny", "--method", "vectors+kmeans"]);
  expect(vectors.error).toContain("which needs a source of vectors. Take pixels+kmeans.");
  const scaled = await record(["cluster", "tiny", "--scaling", "l2"]);
  expect(scaled.error).toContain("--scaling must go with a source of vectors; got l2 and images.");
});

test("assign refuses images, and vectors of another length", async () => {
  await run("cluster", "x.npy", "--out", "o");
  const other = await run("assign", "o", "longer.npy", "--out", "a.csv");
  expect(other.error).toContain(
    "must hold vectors of 6 numbers, as that which the model was fitted to; got vectors of 7",
  );
  const images = await record(["assign", "o", "tiny", "--out", "a.csv"]);
  expect(images.error).toContain(
    "must hold vectors of 6 numbers, as that which the model was fitted to; got images",
  );
});
