/** The explorer on runs of every kind, small ones, and views kept for the report. Needs `npm run build` and a Chromium. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { KeptViews, RunList } from "../../src/explorer/protocol.ts";
import { seriousFaults } from "./explorer-server.ts";
import { type ServedRuns, serveRuns, waiting } from "./served-runs.ts";

let folder: string;
let served: ServedRuns;

/** 90 numbers in three groups, as NumPy writes them. */
function vectors(): Uint8Array {
  const head = `${"{'descr': '<f4', 'fortran_order': False, 'shape': (30, 3), }".padEnd(117)}\n`;
  const numbers = Float32Array.from({ length: 90 }, (_, i) => (Math.floor(i / 3) % 3) * 5 + Math.sin(i));
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, head.length, 0];
  return Buffer.concat([Uint8Array.from(magic), Buffer.from(head), new Uint8Array(numbers.buffer)]);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "unlabeled-kinds-"));
  await writeFile(join(folder, "vectors.npy"), vectors());
  await mkdir(join(folder, "photos"));
  for (let i = 0; i < 24; i++) {
    const background = i % 2 === 0 ? { r: 220, g: 30 + i, b: 40 } : { r: 30, g: 60 + i, b: 210 };
    const image = sharp({ create: { width: 48, height: 40, channels: 3, background } });
    await image.png().toFile(join(folder, "photos", `photo ${i}.png`));
  }
  served = await serveRuns([
    [join(folder, "vectors.npy"), "--clusters", "3", "--out", "runs/vectors"],
    [join(folder, "photos"), "--method", "pixels+kmeans", "--clusters", "2", "--out", "runs/photos"],
    ["strokes", "--limit", "120", "--method", "pixels+kmeans", "--out", "runs/strokes"],
  ]);
});
afterEach(async () => {
  expect(await served.closePages()).toEqual([]);
});
afterAll(async () => {
  await served?.close();
  await rm(folder, { recursive: true, force: true });
});

const idOf = async (name: string): Promise<string> =>
  (await served.api<RunList>("/api/runs")).runs.find((run) => run.name === name)?.id ?? "";
const drawn = (page: Page) =>
  page.waitForFunction(() => performance.getEntriesByName("first-picture").length > 0, null, {
    timeout: 60_000,
  });

test("vectors have a map without pictures, and clusters of numbers", async () => {
  const page = await served.open({ hash: `run=${await idOf("vectors")}&image=4` });
  await drawn(page);
  await page.getByRole("region", { name: "Image 4", exact: true }).waitFor(waiting);
  expect(await page.getByRole("application").locator("img").count()).toBe(0);
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByRole("tab", { name: "Clusters", exact: true }).click();
  await page.getByRole("region", { name: "Typical" }).waitFor(waiting);
  expect(await seriousFaults(page)).toEqual([]);
});

test("colour images without classes are shown in colour, are found by name, and have no confusion", async () => {
  const page = await served.open({ hash: `run=${await idOf("photos")}` });
  await drawn(page);
  await page.getByLabel("Number or name of an image").fill("photo 7");
  await page.getByRole("button", { name: "Find" }).click();
  const picture = page.getByRole("img", { name: /^Image \d+$/ });
  await picture.waitFor(waiting);
  await picture.scrollIntoViewIfNeeded(); // it is not loaded before
  await expect
    .poll(() => picture.evaluate((img) => (img as HTMLImageElement).naturalWidth), waiting)
    .toBeGreaterThan(0);
  await page.getByRole("heading", { name: /photo 7\.png/ }).waitFor(waiting);
  expect(await page.getByLabel("Colours").locator("option").allTextContents()).not.toContain("Class");
  await page.getByRole("tab", { name: "Confusion" }).click();
  expect(await page.getByRole("table").count()).toBe(0);
  expect(await seriousFaults(page)).toEqual([]);
});

test("a UMAP of all images is made when it is asked for", async () => {
  const page = await served.open({ hash: `run=${await idOf("strokes")}&plane=umap-2d` });
  await drawn(page);
  expect(await page.getByLabel("Plane").inputValue()).toBe("umap-2d");
});

test("a view is kept with a caption, stands in the report, leads back, and is removed", async () => {
  const id = await idOf("strokes");
  const page = await served.open({ hash: `run=${id}&colours=class` });
  await drawn(page);
  await page.getByRole("button", { name: "Keep", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Keep this view in the report" });
  await dialog.getByLabel("Caption").fill("Zeros lie <left>.");
  expect(await seriousFaults(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Keep" }).click();
  await page.getByText("Kept this view in the report.").waitFor(waiting);
  const { views } = await served.api<KeptViews>(`/api/runs/${id}/views`);
  expect(views).toMatchObject([{ caption: "Zeros lie <left>." }]);
  expect(views[0]?.width).toBeGreaterThan(300);
  const token = served.address.searchParams.get("token");
  const report = await fetch(`${served.address.origin}/api/runs/${id}/report.html?token=${token}`);
  expect(await report.text()).toContain("Zeros lie &#60;left&#62;.");
  await page.getByRole("tab", { name: "Run" }).click();
  const saved = page.getByRole("region", { name: "Saved views" });
  const picture = saved.getByRole("img", { name: "Zeros lie <left>." });
  await picture.scrollIntoViewIfNeeded(); // it is not loaded before
  await expect
    .poll(() => picture.evaluate((img) => (img as HTMLImageElement).naturalWidth), waiting)
    .toBeGreaterThan(300);
  expect(await seriousFaults(page)).toEqual([]);
  await picture.click();
  await page.getByRole("region", { name: "Class: choose what is shown" }).waitFor(waiting);
  await page.getByRole("tab", { name: "Run" }).click();
  await saved.getByRole("button", { name: /^Remove saved view/ }).click();
  await page.getByText("Removed the saved view.").waitFor(waiting);
  expect((await served.api<KeptViews>(`/api/runs/${id}/views`)).views).toEqual([]);
});
