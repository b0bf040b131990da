import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FormatError, InputError, OptionError } from "../../errors.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { parseClusterNames, readClusterNames, withClusterName, writeClusterNames } from "./cluster-names.ts";

const parse = (value: unknown): unknown => parseClusterNames(JSON.stringify(value), "clusters.json", 3);
const clusters = (...entries: object[]): object => ({
  format: "unlabeled-clusters",
  version: 1,
  clusters: entries,
});

describe("the names of clusters", () => {
  test("come back as they were written; without a file there are none", async () => {
    const folder = await temporaryFolder();
    expect(await readClusterNames(folder, 3)).toEqual(new Map());
    const one = withClusterName(new Map(), 3, { cluster: 2, name: "boots", notes: "two\nlines" });
    const two = withClusterName(one, 3, { cluster: 0, name: "=cats 🐈" });
    await writeClusterNames(folder, two);
    expect([...(await readClusterNames(folder, 3)).values()]).toEqual([
      { cluster: 0, name: "=cats 🐈" },
      { cluster: 2, name: "boots", notes: "two\nlines" },
    ]);
    expect(await readdir(folder)).toEqual(["clusters.json"]);
    expect(JSON.parse(await readFile(join(folder, "clusters.json"), "utf8")).format).toBe(
      "unlabeled-clusters",
    );
  });

  test("notes have an end, and a file that is no object is told as such", () => {
    const notes = "x".repeat(20_000);
    expect(() => withClusterName(new Map(), 3, { cluster: 0, notes })).toThrow("got 20000 characters.");
    expect(() => parse(null)).toThrow(FormatError);
    expect(() => parse([])).toThrow(/clusters.json" must/);
  });

  test("what is not said stays, what is taken away goes, and an empty entry with it", () => {
    const named = withClusterName(new Map(), 3, { cluster: 1, name: "boots", notes: "brown" });
    expect(withClusterName(named, 3, { cluster: 1, name: "shoes" }).get(1)).toEqual({
      cluster: 1,
      name: "shoes",
      notes: "brown",
    });
    const noted = withClusterName(named, 3, { cluster: 1, name: null });
    expect(noted.get(1)).toEqual({ cluster: 1, notes: "brown" });
    expect(withClusterName(noted, 3, { cluster: 1, notes: null }).size).toBe(0);
  });

  test.each([
    [3, "a", /cluster must be an integer in 0\.\.2, a cluster of the run; got 3/],
    [-1, "a", /got -1/],
    [0.5, "a", /got 0.5/],
    [0, " ", /name must be a line of 1 to 200 characters/],
    [0, "a\nb", /name must be a line/],
    [0, "a".repeat(201), /name must be a line/],
  ])("cluster %s called %j is refused", (cluster, name, message) => {
    const call = (): unknown => withClusterName(new Map(), 3, { cluster, name });
    expect(call).toThrow(OptionError);
    expect(call).toThrow(message);
  });

  test.each([
    [{ format: "other", version: 1, clusters: [] }, /must have the format "unlabeled-clusters"; got "other"/],
    [{ ...clusters(), version: 2 }, /format version of at most 1; got 2\. A newer version/],
    [clusters({ cluster: 3, name: "a" }), /an integer in 0\.\.2, a cluster of the run; got 3/],
    [clusters({ cluster: 0, name: "a" }, { cluster: 0, name: "b" }), /got cluster 0 twice/],
    [clusters({ cluster: 0, name: "" }), /clusters\.0\.name/],
    [{ format: "unlabeled-clusters", version: 1 }, /clusters in "clusters\.json"/],
  ])("a file with %j is refused", (value, message) => {
    expect(() => parse(value)).toThrow(FormatError);
    expect(() => parse(value)).toThrow(message);
  });

  test("what cannot be read or written is told", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "clusters.json"), "{");
    await expect(readClusterNames(folder, 3)).rejects.toThrow(/must hold JSON/);
    await mkdir(join(folder, "x", "clusters.json"), { recursive: true });
    await expect(readClusterNames(join(folder, "x"), 3)).rejects.toThrow(InputError);
    const none = join(folder, "none");
    await expect(writeClusterNames(none, new Map())).rejects.toThrow(/must be writable; got nothing there/);
  });
});
