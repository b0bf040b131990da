import { readFile, rename } from "node:fs/promises";
import { expect, test } from "vitest";
import { openTiny, record } from "../testing/recorder.ts";
import { filesBelow, inEmptyFolders } from "../testing/working-folder.ts";

inEmptyFolders();

test("a resumed comparison of images without labels has the same report and record, byte for byte", async () => {
  const open: typeof openTiny = (location, options) => {
    const source = openTiny(location, options);
    const { labels, classNames, ...images } = source.images;
    return { ...source, images };
  };
  const world = { open, now: () => 0 }; // on a clock that stands still nothing but the work itself could differ
  const asked = ["--methods", "pixels+kmeans,dense-ae+kmeans", "--runs", "2", "--clusters", "5"];
  const words = ["compare", "tiny", ...asked, "--widths", "8", "--code-size", "2", "--epochs", "1"];
  await record([...words, "--out", "o"], world);
  await rename("o", "whole");
  await record([...words, "--out", "o"], { ...world, cancelAt: "Run 2 of 4" });
  await record(["resume", "o"], { ...world, cancelAt: "Run 4 of 4" });
  const { exitCode, error } = await record(["resume", "o"], world);
  expect({ exitCode, error }).toEqual({ exitCode: 0, error: "" });
  const figures = (await filesBelow("whole/figures")).map((name) => `figures/${name}`);
  expect(figures).toContain("figures/method-agreement.svg");
  for (const name of ["compare.json", "report.html", ...figures]) {
    const [resumed, whole] = [await readFile(`o/${name}`), await readFile(`whole/${name}`)];
    expect([name, resumed.equals(whole)]).toEqual([name, true]);
  }
});
