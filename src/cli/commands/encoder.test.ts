import { readdir, readFile, rm, writeFile } from "node:fs/promises";

import { describe, expect, test } from "vitest";
import { encodeModel, input, reshape } from "../../neural/index.ts";
import { parseElbow, parseRun } from "../../node/index.ts";
import { record } from "../testing/recorder.ts";
import { upsideDown } from "../testing/upside-down.ts";
import { inEmptyFolders } from "../testing/working-folder.ts";

inEmptyFolders();

async function clusters(file: string): Promise<readonly (string | undefined)[]> {
  const lines = (await readFile(file, "utf8")).trim().split("\n").slice(1);
  return lines.map((line) => line.split(",")[3]);
}

describe("--encoder", () => {
  test("clusters what the user's own network says; assign and repeat need the file no more", async () => {
    await writeFile("own.onnx", upsideDown(14));
    // Pixels have one start of K-Means, codes ten.
    const words = ["--method", "onnx+kmeans", "--encoder", "own.onnx", "--restarts", "1", "--out", "run"];
    const made = await record(["cluster", "tiny", "--split", "train", ...words]);
    expect(made).toMatchObject({ exitCode: 0, error: "" });
    expect((await readdir("run/model")).sort()).toEqual([
      "centers.npy",
      "encoder.onnx",
      "familiarity.json",
      "model.json",
    ]);
    expect((await readFile("run/model/encoder.onnx")).equals(upsideDown(14))).toBe(true);
    const run = parseRun(await readFile("run/run.json", "utf8"), "run.json");
    expect(run).toMatchObject({ method: "onnx+kmeans", settings: { network: { encoder: "own.onnx" } } });
    expect(await readFile("run/report.html", "utf8")).toContain("the user&#39;s own encoder");

    await record(["cluster", "tiny", "--split", "train", "--out", "pixels"]);
    expect(await clusters("run/assignments.csv")).toEqual(await clusters("pixels/assignments.csv"));

    await rm("own.onnx");
    const assigned = await record(["assign", "run", "tiny", "--split", "test", "--out", "test.csv"]);
    expect(assigned).toMatchObject({ exitCode: 0, error: "" });
    await record(["assign", "pixels", "tiny", "--split", "test", "--out", "pixels.csv"]);
    expect(await clusters("test.csv")).toEqual(await clusters("pixels.csv"));
    expect(await record(["repeat", "run"])).toMatchObject({
      exitCode: 0,
      out: "The same: all 40 images have the same label; so are all scores.\n",
    });
  });

  test("tells that grey images were given to a network of colours", async () => {
    const x = input("x", "float32", ["n", 14, 14, 3]);
    const outputs = { code: reshape(x, ["n", 588]) };
    await writeFile("rgb.onnx", encodeModel({ name: "colours", inputs: [x], outputs }));
    const words = ["--method", "onnx+kmeans", "--encoder", "rgb.onnx", "--out", "run"];
    const { exitCode, error } = await record(["cluster", "tiny", ...words]);
    const notice = '"rgb.onnx" takes 3 channels: the one of the grey images was given 3 times.';
    expect({ exitCode, error }).toEqual({
      exitCode: 0,
      error: `unlabeled: onnx+kmeans, seed 0: ${notice}\n`,
    });
    expect(parseRun(await readFile("run/run.json", "utf8"), "run.json").notices).toEqual([notice]);
  });

  // In a comparison: encoder.long.test.ts.
  test("serves elbow", async () => {
    await writeFile("own.onnx", upsideDown(14));
    const own = ["--method", "onnx+kmeans", "--encoder", "own.onnx", "--restarts", "1"];
    const curve = await record(["elbow", "tiny", "--to", "3", ...own, "--out", "elbow"]);
    expect(curve).toMatchObject({ exitCode: 0, error: "" });
    await record(["elbow", "tiny", "--to", "3", "--out", "pixels"]);
    const [inertia, ofPixels] = await Promise.all(
      ["elbow", "pixels"].map(
        async (at) => parseElbow(await readFile(`${at}/elbow.json`, "utf8"), at).inertia,
      ),
    );
    inertia?.forEach((value, i) => {
      expect(value / (ofPixels?.[i] as number)).toBeCloseTo(1, 5);
    });
  });

  test.each([
    [
      ["--method", "onnx+kmeans"],
      "unlabeled cluster: --encoder must name the ONNX file of your own network for onnx+kmeans; got none.",
    ],
    [
      ["--encoder", "own.onnx"],
      "unlabeled cluster: --encoder must go with a method whose features are onnx, e.g. onnx+kmeans; got pixels+kmeans.",
    ],
    [
      ["--method", "onnx+kmeans", "--encoder", "nowhere.onnx"],
      'unlabeled cluster: "nowhere.onnx" must be a readable ONNX file; got nothing there. Check the path given to --encoder.',
    ],
    [
      ["--method", "onnx+kmeans", "--encoder", "."],
      'unlabeled cluster: "." must be a readable ONNX file; got a folder.',
    ],
    [
      ["--method", "onnx+kmeans", "--encoder", "text.onnx"],
      'unlabeled cluster: "text.onnx" must be an ONNX model; got 5 bytes that are none',
    ],
    [
      ["--method", "onnx+kmeans", "--encoder", "large.onnx"],
      'unlabeled cluster: images must be 32 x 32 x 1 (height x width x channels), as "large.onnx" takes; got 14 x 14 x 1. Bring the images to that size: --size 32.',
    ],
  ])("%j is refused in one line, and leaves nothing behind", async (words, message) => {
    await writeFile("own.onnx", upsideDown(14));
    await writeFile("text.onnx", "hello");
    await writeFile("large.onnx", upsideDown(32));
    const { exitCode, error, out } = await record(["cluster", "tiny", ...words]);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
    expect(error.trim().split("\n")).toHaveLength(1);
    expect(error).toContain(message);
    expect((await readdir(".")).sort().filter((name) => !name.endsWith(".onnx"))).toEqual([]);
  });
});
