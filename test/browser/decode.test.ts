/** The decoded plane and walks, as a person uses them, on small runs of `strokes`. Needs `npm run build` and a Chromium. */
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { seriousFaults } from "./explorer-server.ts";
import { looks, parameter, type ServedRuns, serveRuns, waiting } from "./served-runs.ts";

const run = "strokes-conv-ae~2bkmeans-0";
let served: ServedRuns;

beforeAll(async () => {
  served = await serveRuns([
    ["strokes", "--method", "conv-ae+kmeans", "--epochs", "2", "--limit", "300"],
    ["strokes", "--method", "hog+kmeans", "--limit", "300"],
  ]);
});
afterEach(async () => {
  expect(await served.closePages()).toEqual([]);
});
afterAll(() => served?.close());

const eventually = <T>(look: () => T) => expect.poll(look, waiting);
const plane = (page: Page) => page.getByRole("application");
const place = (page: Page) => page.getByRole("region", { name: "The place" });
const open = async (hash = ""): Promise<Page> => {
  const page = await served.open({ hash: `run=${run}&tab=decode${hash}` });
  await place(page)
    .getByRole("img", { name: /^What is drawn at place/ })
    .waitFor(waiting);
  await page.getByRole("button", { name: "Step 1 of" }).waitFor(waiting);
  return page;
};
/** The address of the picture that is drawn at the place. */
const drawn = (page: Page) =>
  place(page)
    .getByRole("img", { name: /^What is drawn at place/ })
    .getAttribute("src");

describe("the plane", () => {
  test("clicking and dragging draw what lies there, at once, and the address keeps the place", async () => {
    const page = await open();
    const before = await drawn(page);
    const box = await plane(page).boundingBox();
    if (!box) throw new Error("no plane");
    await page.mouse.click(box.x + box.width / 2 + 60, box.y + box.height / 2 + 40);
    await eventually(() => drawn(page)).not.toBe(before);
    await eventually(() => parameter(page, "place")).toMatch(/^-?[\d.e-]+,-?[\d.e-]+$/);
    const clicked = parameter(page, "place");
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 - 60, box.y + box.height / 2 - 40, { steps: 3 });
    await page.mouse.up();
    await eventually(() => parameter(page, "place")).not.toBe(clicked);
    expect(
      await place(page)
        .getByRole("img", { name: /the nearest in the plane/ })
        .count(),
    ).toBe(1);
  });

  test("keys move the place, and screen readers are told where it is", async () => {
    const page = await open("&place=0.5,0.25");
    await plane(page).focus();
    await page.keyboard.press("ArrowRight");
    await eventually(() => parameter(page, "place")).not.toBe("0.5,0.25");
    const [x, y] = (parameter(page, "place") ?? "").split(",").map(Number);
    expect(x).toBeGreaterThan(0.5);
    expect(y).toBeCloseTo(0.25, 3);
    await page
      .getByText(/^Place .*; nearest image \d+, cluster \d+\.$/)
      .waitFor({ ...waiting, state: "attached" });
    await page.keyboard.press("f");
    expect(parameter(page, "walk")).toMatch(/^p[\d.,-]+~c\d$/);
  });

  test("it is decoded behind its points, anew for the part that is seen, and saved", async () => {
    const page = await open();
    const atlas = page.locator(".atlas");
    await atlas.waitFor(waiting);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save the decoded plane" }).click(),
    ]);
    const { width = 0, height = 0 } = await sharp(await readFile(await download.path())).metadata();
    expect([width % 28, height % 28]).toEqual([0, 0]);
    expect((width / 28) * (height / 28)).toBeGreaterThan(100);
    const before = await atlas.getAttribute("src");
    await page.getByRole("button", { name: "Zoom in" }).click();
    await eventually(() => atlas.getAttribute("src")).not.toBe(before);
    await page.getByLabel("Decoded plane").uncheck();
    expect(parameter(page, "atlas")).toBe("no");
    expect(await atlas.count()).toBe(0);
  });

  test("in space, clicking and keys move the place too", async () => {
    const page = await open("&plane=code-3d");
    await plane(page).focus();
    await page.keyboard.press("PageUp");
    await eventually(() => parameter(page, "place")?.split(",").length).toBe(3);
    const before = parameter(page, "place");
    const box = await plane(page).boundingBox();
    if (!box) throw new Error("no space");
    await page.mouse.click(box.x + box.width / 2 + 50, box.y + box.height / 2);
    await eventually(() => parameter(page, "place")).not.toBe(before);
  });
});

describe("walks", () => {
  test("lead from the center of a cluster to another, or between images, in as many steps as one likes", async () => {
    const page = await open();
    const steps = page.getByRole("button", { name: /^Step \d+ of/ });
    await eventually(() => steps.count()).toBe(11);
    await page.getByLabel("Images of the walk").selectOption("9");
    await eventually(() => steps.count()).toBe(9);
    await page.getByLabel("Walk from", { exact: true }).selectOption("image");
    await page.getByLabel("Walk from image").fill("12");
    await page.getByLabel("Walk from image").press("Enter");
    await eventually(() => parameter(page, "walk")).toMatch(/^i12~c\d$/);
    await page.getByRole("button", { name: "Turn round" }).click();
    expect(parameter(page, "walk")).toMatch(/^c\d~i12$/);
  });

  test("the slider shows the image at any place of it, also by keys", async () => {
    const page = await open("&walk=i3~i4&at=0.25");
    const large = page.getByRole("img", { name: /^What is drawn \d+ % of the way from image 3 to image 4/ });
    await large.waitFor(waiting);
    const before = await large.getAttribute("src");
    await page.getByLabel("Place on the walk").press("ArrowRight");
    await eventually(() => parameter(page, "at")).toBe("0.26");
    await eventually(() => large.getAttribute("src")).not.toBe(before);
    await page.getByRole("button", { name: "Step 11 of 11" }).click();
    await eventually(() => parameter(page, "at")).toBe("1");
  });

  test("are saved as a picture", async () => {
    const page = await open("&walk=c0~c1&stops=9");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save the walk as PNG" }).click(),
    ]);
    const { width = 0, height = 0 } = await sharp(await readFile(await download.path())).metadata();
    expect(width).toBeGreaterThan(height * 4);
  });

  test("an image that there is not is told in words", async () => {
    const page = await served.open({ hash: `run=${run}&tab=decode&walk=i99999~c0` });
    await page.getByText(/an image must be in 0\.\.299; got 99999/).waitFor(waiting);
  });
});

test("a run without a decoder says why, and what to do", async () => {
  const page = await served.open({ hash: "run=strokes-hog~2bkmeans-0&tab=decode" });
  await page.getByText(/cannot be turned back.*--method conv-ae\+kmeans/).waitFor(waiting);
});

test.each(looks)("axe finds nothing serious, %s, %i wide", async (theme, width) => {
  const page = await served.open({ hash: `run=${run}&tab=decode`, theme, width });
  await page.getByRole("button", { name: "Step 1 of" }).waitFor(waiting);
  expect(await seriousFaults(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
});
