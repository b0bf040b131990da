import { expect, test } from "vitest";
import { blobs } from "../../images/testing/blobs.ts";
import { record } from "../testing/recorder.ts";
import { inEmptyFolders } from "../testing/working-folder.ts";

inEmptyFolders();

test("compare runs every method of the ladder for vectors", async () => {
  const images = blobs({ count: 120, width: 6, groups: 3 });
  const source = { name: "blobs", location: "x.npy", split: "all", images, sha256: "x" } as const;
  const { out, error, exitCode } = await record(["compare", "x.npy", "--json"], { open: () => source });
  expect([error, exitCode]).toEqual(["", 0]);
  expect(JSON.parse(out).results.map(({ method }: { method: string }) => method)).toEqual([
    "vectors+kmeans",
    "vectors+gmm",
    "vectors+umap+kmeans",
    "vectors+graph",
    "vectors+consensus",
  ]);
});
