import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { itemFiles } from "./items.ts";
import { clusterFolder, flatNames } from "./names.ts";

describe("flatNames", () => {
  test("are all different, even where capitals do not count, and where a name looks like a numbered one", () => {
    const paths = ["a/1.png", "a__1.png", "A/1.PNG", "x~2.png", "x.png", "x.png", "x.png"];
    const names = ["a__1.png", "a__1~2.png", "A__1~3.PNG", "x-2.png", "x.png", "x~2.png", "x~3.png"];
    expect(flatNames(paths)).toEqual(names);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  });

  test("lead nowhere, and are names on every system", () => {
    expect(flatNames(["../../etc/./pass:wd.png", "..", "C:\\b.png", `${"x".repeat(200)}.png`])).toEqual([
      ...["etc__pass-wd.png", "image", "C-__b.png", `${"x".repeat(100)}.png`],
    ]);
    expect(flatNames(["a.jpeg", "b"], ".png")).toEqual(["a.png", "b.png"]);
  });
});

test("a folder of a cluster has its number first, and a name that is no path", () => {
  expect(clusterFolder(3, 12, "boots / shoes")).toBe("03-boots-shoes");
  expect(clusterFolder(3, 1200, "../..")).toBe("0003-cluster-0003");
});

describe("itemFiles", () => {
  test("finds the files of a folder and of a pattern, and undefined for one that is gone", async () => {
    const folder = await temporaryFolder({ "in/a.png": "", "in/b.png": "" });
    const [a, b] = [join(folder, "in/a.png"), join(folder, "in/b.png")];
    expect(await itemFiles(folder, ["in/a.png", "in/gone.png"])).toEqual([a, undefined]);
    expect(await itemFiles(join(folder, "in", "*.png"), ["a.png", "b.png"])).toEqual([a, b]);
    expect(await itemFiles(join(folder, "in"), ["gone.png"])).toBeUndefined();
    expect(await itemFiles(join(folder, "in"), undefined)).toBeUndefined();
    expect(await itemFiles(join(folder, "none.csv"), ["a.png"])).toBeUndefined();
    expect(await itemFiles(join(folder, "none", "*.png"), ["a.png"])).toBeUndefined();
  });

  test("takes image files alone, and none outside the folder, whatever the run says", async () => {
    const folder = await temporaryFolder({ "in/a.png": "", "in/a.txt": "", "out.png": "" });
    const names = ["a.png", "a.txt", "../out.png", join(folder, "out.png"), "", "a.png\0"];
    const found = await itemFiles(join(folder, "in"), names);
    expect(found?.map((path) => path && basename(path))).toEqual(["a.png", ...Array(5).fill(undefined)]);
    expect(dirname(found?.[0] ?? "")).toBe(join(folder, "in"));
    // The list that "-" read may name files anywhere.
    expect(await itemFiles("-", [join(folder, "out.png")])).toEqual([join(folder, "out.png")]);
  });
});
