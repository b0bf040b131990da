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
import type { ClusterView, CompareView, ConfusionView } from "../../src/explorer/protocol.ts";
import { launchChromium } from "./chromium.ts";
import { seriousFaults } from "./explorer-server.ts";
import { looks, parameter, type ServedRuns, serveRuns, waiting } from "./served-runs.ts";

const data = process.env.UNLABELED_DATA ?? "";
const there = existsSync(join(data, "mnist"));
if (!there) {
  console.warn("SKIPPED: the explorer on real images. Name a folder that holds mnist/ with UNLABELED_DATA.");
}
const program = join(fileURLToPath(new URL("../../", import.meta.url)), "dist/cli/main.js");
const patient = { timeout: 60_000 };
const eventually = <T>(look: () => T) => expect.poll(look, patient);

let served: ServedRuns;
const id = "mnist";
/** A run with a network, of the same images. */
const coded = "coded";

const drawn = (page: Page) =>
  page.waitForFunction(() => performance.getEntriesByName("first-picture").length > 0, null, patient);
const quiet = (page: Page) => eventually(() => page.locator(".waiting").count()).toBe(0);

describe.skipIf(!there)("70,000 images of MNIST", () => {
  beforeAll(async () => {
    served = await serveRuns([
      ["mnist", "--method", "pca+kmeans", "--out", `runs/${id}`],
      ["mnist", "--method", "dense-ae+kmeans", "--epochs", "1", "--out", `runs/${coded}`],
    ]);
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

  test("steps of K-Means and EM run on its code", async () => {
    const page = await served.open({ hash: `run=${id}&tab=steps&steps=k-means,10,0,random,0` });
    await page.locator(".plane canvas").waitFor(patient);
    await page.getByRole("button", { name: "Step", exact: true }).click();
    await page.getByText("3,000 images change their cluster.").waitFor(patient);
    await page.getByRole("slider", { name: "Step", exact: true }).press("End");
    await page.getByText("No image changes its cluster any more").waitFor(patient);
    await page.getByLabel("Method").selectOption("mixture");
    await eventually(() => page.locator(".steps-ellipse").count()).toBe(10);
  });

  test("two runs are compared: ribbons hold the images that they say, and a box in one map selects in both", async () => {
    const page = await served.open({ hash: `run=${id}&tab=compare&with=${coded}` });
    const flow = page.getByRole("group", { name: /^Images of each cluster/ });
    await flow.waitFor(patient);
    const view = await served.api<CompareView>(`/api/runs/${id}/compare/${coded}`);
    expect(view.flow.flat().reduce((a, b) => a + b, 0)).toBe(70_000);
    await page.getByRole("button", { name: /^Differ on/ }).click();
    await page
      .getByRole("region", { name: /^Images on which the two differ/ })
      .getByText(`${(70_000 - view.agreeing).toLocaleString("en")} images`)
      .first()
      .waitFor(patient);
    const tools = page.getByRole("toolbar", { name: "Map of the other run: tools" });
    await tools.getByRole("button", { name: "Box" }).click();
    const box = await page.getByRole("application", { name: /^Map of the other run/ }).boundingBox();
    if (!box) throw new Error("no map");
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.4);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.6, { steps: 3 });
    await page.mouse.up();
    await page.getByText(/[\d,]+ images selected in both maps\./).waitFor({ ...patient, state: "attached" });
    await page.getByRole("region", { name: /^Selected images/ }).waitFor(patient);
  });

  test("any place of its code is decoded, and walks between images are", async () => {
    const page = await served.open({ hash: `run=${coded}&tab=decode&walk=i3~i69999` });
    const picture = page
      .getByRole("region", { name: "The place" })
      .getByRole("img", { name: /^What is drawn at place/ });
    await picture.waitFor(patient);
    await page.locator(".atlas").waitFor(patient);
    const before = await picture.getAttribute("src");
    const box = await page.getByRole("application").boundingBox();
    if (!box) throw new Error("no plane");
    await page.mouse.click(box.x + box.width / 2 + 60, box.y + box.height / 2 + 40);
    await eventually(() => picture.getAttribute("src")).not.toBe(before);
    await eventually(() => page.getByRole("button", { name: /^Step \d+ of 11/ }).count()).toBe(11);
    await page.getByLabel("Place on the walk").press("End");
    await page
      .getByRole("img", { name: /^What is drawn 100 % of the way from image 3 to image 69,?999/ })
      .waitFor(patient);
  });

  test("a run of all of them is started from the page, watched, and opened", async () => {
    const page = await served.open({ hash: "page=new" });
    await page.getByLabel("Source").fill("mnist", patient);
    await page.getByLabel("Method", { exact: true }).selectOption("dense-ae+kmeans");
    await page.getByLabel("Epochs").fill("1");
    await page.getByRole("button", { name: "Start" }).click();
    await page
      .getByRole("img", { name: "2,000 images in the plane of their codes after epoch 1" })
      .waitFor({ timeout: 150_000 });
    await page
      .getByRole("img", { name: /as the network draws them after epoch 1/ })
      .first()
      .waitFor(patient);
    await page.getByRole("button", { name: "Open the run" }).click({ timeout: 150_000 });
    await drawn(page);
    const made = parameter(page, "run") ?? "";
    const clusters = await served.api<ClusterView[]>(`/api/runs/${made}/clusters`);
    expect(clusters.reduce((sum, { size }) => sum + size, 0)).toBe(70_000);
  });

  test.each(looks)("axe finds nothing serious in any view: %s, %i wide", async (theme, width) => {
    const ofRun = [
      "",
      "&image=3",
      "&tab=clusters",
      "&tab=confusion&cell=0,0",
      "&tab=k",
      "&tab=steps",
      "&tab=run",
    ];
    const hashes = [
      ...ofRun.map((hash) => `run=${id}${hash}`),
      `run=${id}&tab=compare&with=${coded}&flow=differ`,
      `run=${coded}&tab=decode&walk=c0~c1`,
      "page=new",
    ];
    const page = await served.open({ hash: `run=${id}`, theme, width });
    await drawn(page);
    for (const hash of hashes) {
      await page.evaluate((next) => {
        location.hash = next;
      }, hash);
      await quiet(page);
      expect(await seriousFaults(page), hash).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide, hash).toBeLessThanOrEqual(width);
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
