/** K-Means and EM step by step, on a small run, served by the program itself. Needs `npm run build`. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launchChromium } from "./chromium.ts";
import { program, type ServedExplorer, seriousFaults, serveExplorer } from "./explorer-server.ts";
import { looks } from "./served-runs.ts";

const waiting = { timeout: 60_000 };

let folder: string;
let server: ServedExplorer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "unlabeled-steps-"));
  const words = ["cluster", "strokes", "--method", "pixels+kmeans", "--limit", "300", "--out", "runs/small"];
  await promisify(execFile)(process.execPath, [program, ...words, "--quiet"], { cwd: folder });
  [browser, server] = await Promise.all([launchChromium({ webgl: true }), serveExplorer(folder)]);
});

afterEach(() => page.close());

afterAll(async () => {
  await browser?.close();
  await server?.end();
  await rm(folder, { recursive: true, force: true });
});

async function open(steps = "", theme: "light" | "dark" = "light", width = 1280): Promise<Page> {
  page = await browser.newPage({
    viewport: { width, height: 900 },
    colorScheme: theme,
    reducedMotion: "reduce",
  });
  const { origin, search } = server.address;
  await page.goto(`${origin}/${search}#run=small&tab=steps${steps}`);
  await page.locator(".plane canvas").waitFor(waiting);
  return page;
}

const title = (): Promise<string | null> =>
  page.getByRole("region", { name: "What happens" }).getByRole("heading").textContent();
const button = (name: string) => page.getByRole("button", { name, exact: true });
const parameter = (): string | null => new URLSearchParams(new URL(page.url()).hash.slice(1)).get("steps");
const drawn = (): Promise<string> =>
  page.locator(".plane canvas").evaluate((element) => (element as HTMLCanvasElement).toDataURL());
const centers = (): Promise<string[]> =>
  page.locator(".steps-center").evaluateAll((all) => all.map((one) => one.getAttribute("style") ?? ""));

test("K-Means goes forward and back in halves: points change colour, then centers move and leave trails", async () => {
  await open("&steps=k-means,4,0,random,0");
  expect(await title()).toBe("The start");
  const [noColours, start] = [await drawn(), await centers()];
  expect(start).toHaveLength(4);
  await button("Step").click();
  expect(await title()).toBe("Iteration 1, first half");
  await page.getByText("300 images change their cluster.").waitFor(waiting);
  await expect.poll(drawn, waiting).not.toBe(noColours);
  expect(await centers()).toEqual(start);
  await button("Step").click();
  expect(await title()).toBe("Iteration 1, second half");
  await expect.poll(centers, waiting).not.toEqual(start);
  const trails = await page
    .locator(".steps-trail")
    .evaluateAll((all) => all.map((one) => (one.getAttribute("points") ?? "").split(" ").length));
  expect(trails).toEqual([2, 2, 2, 2]);
  await page.getByRole("img", { name: /Inertia by iteration/ }).waitFor(waiting);
  expect(parameter()).toBe("k-means,4,0,random,2");
  await button("Back").click();
  expect(await title()).toBe("Iteration 1, first half");
  expect(await centers()).toEqual(start);
  // To the end, by the keyboard.
  await page.getByRole("slider", { name: "Step", exact: true }).press("End");
  await page.getByText("No image changes its cluster any more").waitFor(waiting);
  expect(await button("Step").isDisabled()).toBe(true);
  await button("Restart").click();
  expect(await title()).toBe("The start");
  await button("Another start").click();
  await expect.poll(parameter, waiting).toBe("k-means,4,1,random,0");
  await expect.poll(async () => (await centers()).join() === start.join(), waiting).toBe(false);
});

test("it plays by itself, and pauses", async () => {
  await open("&steps=k-means,3,0,k-means%2B%2B,0");
  await button("Play").click();
  await expect.poll(title, waiting).toBe("Iteration 1, second half");
  await button("Pause").click();
  await button("Play").waitFor(waiting);
  expect(parameter()).toMatch(/^k-means,3,0,k-means\+\+,[2-9]$/);
});

test("EM shows the shapes of its components, and its likelihood", async () => {
  await open();
  await page.getByLabel("Method").selectOption("mixture");
  await expect.poll(parameter, waiting).toBe("mixture,10,0,random,0");
  await expect.poll(() => page.locator(".steps-ellipse").count(), waiting).toBe(10);
  const shape = (): Promise<string | null> => page.locator(".steps-ellipse").first().getAttribute("points");
  const first = await shape();
  await button("Step").click();
  expect(await title()).toBe("Iteration 1");
  await expect.poll(shape, waiting).not.toBe(first);
  await page.getByRole("img", { name: /Log-likelihood by iteration/ }).waitFor(waiting);
});

test.each(looks)(
  "axe finds nothing serious in the %s theme, %i wide, and it is not too wide",
  async (theme, width) => {
    await open("&steps=mixture,4,0,random,3", theme, width);
    expect(await seriousFaults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  },
);
