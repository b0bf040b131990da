/**
 * The explorer on 70,000 real images, and its folder from disk. Needs `npm run build`, a Chromium, and MNIST (UNLABELED_DATA, which
 * `.ci/run` sets); without the images, all of it is skipped and says so.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ClusterView, ConfusionView, RunList } from "../../src/explorer/protocol.ts";
import { launchChromium } from "./chromium.ts";
import { seriousFaults } from "./explorer-server.ts";
import { parameter, type ServedRuns, serveRuns, waiting } from "./served-runs.ts";

const data = process.env.UNLABELED_DATA ?? "";
const there = existsSync(join(data, "mnist"));
if (!there) {
  console.warn("SKIPPED: the explorer on real images. Name a folder that holds mnist/ with UNLABELED_DATA.");
}
const program = join(fileURLToPath(new URL("../../", import.meta.url)), "dist/cli/main.js");
const patient = { timeout: 60_000 };
const eventually = <T>(look: () => T) => expect.poll(look, patient);

let served: ServedRuns;
let id: string;

const drawn = (page: Page) =>
  page.waitForFunction(() => performance.getEntriesByName("first-picture").length > 0, null, patient);
const quiet = (page: Page) => eventually(() => page.locator(".waiting").count()).toBe(0);

describe.skipIf(!there)("70,000 images of MNIST", () => {
  beforeAll(async () => {
    served = await serveRuns([["mnist", "--method", "pca+kmeans", "--out", "runs/mnist"]]);
    id = (await served.api<RunList>("/api/runs")).runs[0]?.id ?? "";
  });
  afterEach(async () => {
    expect(await served.closePages()).toEqual([]);
  });
  afterAll(() => served?.close());

  test("the map is drawn, zooms to thumbnails, and shows an image with its neighbours", async () => {
    const page = await served.open({ hash: `run=${id}` });
    await drawn(page);
    const map = page.getByRole("application");
    await map.focus();
    await page.keyboard.press("ArrowRight");
    const image = parameter(page, "image");
    expect(Number(image)).toBeLessThan(70_000);
    const details = page.getByRole("region", { name: `Image ${image}`, exact: true });
    await eventually(() => details.getByRole("button", { name: /go there/ }).count()).toBe(10);
    for (let step = 0; step < 9; step++) await page.keyboard.press("+");
    await eventually(async () => Number(parameter(page, "camera")?.split(",")[2])).toBeGreaterThan(6);
    await page.getByLabel("Number of an image").fill("69999");
    await page.getByRole("button", { name: "Find" }).click();
    await eventually(() => parameter(page, "image")).toBe("69999");
  });

  test("a box selects as many images as the server moves", async () => {
    const page = await served.open({ hash: `run=${id}` });
    await drawn(page);
    await page.getByRole("button", { name: "Box" }).click();
    const box = await page.getByRole("application").boundingBox();
    if (!box) throw new Error("no map");
    await page.mouse.move(box.x + box.width * 0.45, box.y + box.height * 0.45);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.55, box.y + box.height * 0.55, { steps: 3 });
    await page.mouse.up();
    const bar = page.getByRole("toolbar", { name: "Selected images" });
    await bar.waitFor(patient);
    const said = Number(
      /([\d,]+) images? selected/.exec((await bar.textContent()) ?? "")?.[1]?.replace(",", ""),
    );
    expect(said).toBeGreaterThan(500);
    await bar.getByRole("button", { name: "New cluster" }).click();
    await page.getByText(/Moved [\d,]+ images to a new cluster/).waitFor(patient);
    const clusters = await served.api<ClusterView[]>(`/api/runs/${id}/clusters`);
    expect(clusters.at(-1)?.size).toBe(said);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Undone.").waitFor(patient);
  });

  test("clusters, confusion and another k show what the server counts", async () => {
    const page = await served.open({ hash: `run=${id}&tab=clusters&cluster=3` });
    const tiles = page.getByRole("region", { name: "Typical" }).locator("img");
    await tiles.first().waitFor(patient);
    await eventually(() =>
      tiles.evaluateAll((all) => all.every((i) => (i as HTMLImageElement).naturalWidth === 28)),
    ).toBe(true);
    await page.getByRole("tab", { name: "Confusion" }).click();
    const { counts } = await served.api<ConfusionView>(`/api/runs/${id}/confusion`);
    expect(counts.flat().reduce((a, b) => a + b, 0)).toBe(70_000);
    const cell = page.getByRole("button", {
      name: new RegExp(`: ${counts[0]?.[0]?.toLocaleString("en")} images?$`),
    });
    await cell.first().click(patient);
    await page.getByRole("region", { name: /^Images of class/ }).waitFor(patient);
    await page.getByRole("tab", { name: "Number of clusters" }).click();
    await page.getByRole("button", { name: "7", exact: true }).click();
    const legend = page.getByRole("region", { name: "Cluster: choose what is shown" });
    await eventually(() => legend.getByRole("listitem").count()).toBe(7);
  });

  test("axe finds nothing serious in any view, wide and narrow, light and dark", async () => {
    const hashes = ["", "&image=3", "&tab=clusters", "&tab=confusion&cell=0,0", "&tab=k", "&tab=run"];
    for (const theme of ["light", "dark"] as const) {
      for (const width of [1280, 390]) {
        const page = await served.open({ hash: `run=${id}`, theme, width });
        await drawn(page);
        for (const hash of hashes) {
          await page.evaluate((next) => {
            location.hash = next;
          }, `#run=${id}${hash}`);
          await quiet(page);
          expect(await seriousFaults(page), `${theme} ${width} ${hash}`).toEqual([]);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          expect(wide, `${theme} ${width} ${hash}`).toBeLessThanOrEqual(width);
        }
        await page.close();
      }
    }
  });

  test("its folder opens from disk, with all that it offers, and nothing that would not work", async () => {
    const folder = await mkdtemp(join(tmpdir(), "unlabeled-disk-"));
    const browser = await launchChromium({ webgl: true });
    try {
      const words = [
        "cluster",
        "mnist",
        "--method",
        "pixels+kmeans",
        "--max-iterations",
        "5",
        "--out",
        "run",
        "--quiet",
      ];
      await promisify(execFile)(process.execPath, [program, ...words], { cwd: folder });
      const export_ = ["export", "run", "--what", "explorer", "--to", "out"];
      await promisify(execFile)(process.execPath, [program, ...export_], { cwd: folder });
      // A folder that is there is not written over.
      await expect(
        promisify(execFile)(process.execPath, [program, ...export_], { cwd: folder }),
      ).rejects.toThrow(/--force/);
      const file = join(folder, "out/explorer/index.html");
      expect((await stat(join(folder, "out/explorer/data/atlas/0.js"))).size).toBeLessThan(8_000_000);
      const page = await browser.newPage();
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(String(error)));
      page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
      page.on("request", (request) => {
        if (!/^(file|data|blob):/.test(request.url())) faults.push(request.url());
      });
      await page.goto(pathToFileURL(file).href);
      await drawn(page);
      for (const name of ["Undo", "New cluster", "Split", "Merge"]) {
        expect(await page.getByRole("button", { name }).count(), name).toBe(0);
      }
      expect(await page.getByRole("tab").allTextContents()).toEqual(["Map", "Clusters", "Confusion", "Run"]);
      await page.getByLabel("Number of an image").fill("12345");
      await page.getByRole("button", { name: "Find" }).click();
      const picture = page.getByRole("img", { name: "Image 12345" });
      await eventually(() => picture.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(28);
      await page.getByLabel("Colours").selectOption("class");
      await page.getByLabel("Plane").selectOption("code-3d");
      await page.getByRole("region", { name: "Class: choose what is shown" }).waitFor(patient);
      await page.getByRole("tab", { name: "Clusters", exact: true }).click();
      const tiles = page.getByRole("region", { name: "Typical" }).locator("img");
      await tiles.first().waitFor(patient);
      expect(await page.getByLabel(/^Name of cluster/).count()).toBe(0);
      await page.getByRole("tab", { name: "Confusion" }).click();
      await page
        .getByRole("button", { name: /^Class .*: [1-9][\d,]* images?$/ })
        .first()
        .click(patient);
      await eventually(() => page.locator(".cell-images img").count()).toBeGreaterThan(20);
      await page.getByRole("tab", { name: "Run" }).click();
      await page.getByRole("rowheader", { name: "Accuracy" }).waitFor(waiting);
      expect(faults).toEqual([]);
      expect(await seriousFaults(page)).toEqual([]);
    } finally {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
