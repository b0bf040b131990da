/** Run folders as earlier versions wrote them, which later versions must go on reading. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { resizeImages, strokes } from "../../images/index.ts";
import { assignImages } from "../../pipeline/index.ts";
import { imageDigest } from "../sources/index.ts";
import { readRun } from "./read-run.ts";

const v1 = join(import.meta.dirname, "../../../fixtures/runs/v1");

test("a run of format 1 is read whole, and its model gives its images their clusters", async () => {
  const { record, chain, labels } = await readRun(v1);
  expect(record).toEqual(JSON.parse(await readFile(join(v1, "run.json"), "utf8")));
  expect(record.formatVersion).toBe(1);
  expect(labels.length).toBe(40);
  const images = resizeImages(strokes({ count: 40 }), 8);
  expect(imageDigest(images)).toBe(record.source.sha256);
  expect((await assignImages(chain, images)).labels).toEqual(labels);
});
