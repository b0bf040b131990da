/** Runs that are started from the page, watched, paused and cancelled; served by the program itself. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { LiveAnswer, LiveState } from "../../src/explorer/protocol.ts";
import { launchChromium } from "./chromium.ts";
import { type ServedExplorer, seriousFaults, serveExplorer } from "./explorer-server.ts";
import { looks } from "./served-runs.ts";

const waiting = { timeout: 60_000 };

let folder: string;
let server: ServedExplorer;
let browser: Browser;
let contexts: BrowserContext[] = [];
let complaints: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "unlabeled-live-"));
  [browser, server] = await Promise.all([launchChromium({ webgl: true }), serveExplorer(folder)]);
});

afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()));
  contexts = [];
  expect(complaints).toEqual([]);
  complaints = [];
});

afterAll(async () => {
  await browser?.close();
  await server?.end();
  await rm(folder, { recursive: true, force: true });
});

async function open(hash = "", theme: "light" | "dark" = "light", width = 1280): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: theme });
  contexts.push(context);
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) complaints.push(message.text());
  });
  await page.goto(`${server.address.origin}/${server.address.search}${hash}`);
  return page;
}

const state = async (): Promise<LiveState | null> => (await server.json<LiveAnswer>("/api/live")).live;
const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });

/** Fills in the form; the run is small unless told. */
async function start(page: Page, { epochs = "2", limit = "300" } = {}): Promise<void> {
  await page.getByLabel("Method", { exact: true }).selectOption("conv-ae+kmeans", waiting);
  await page.getByLabel("Epochs").fill(epochs);
  await page.getByLabel("Limit").fill(limit);
  await button(page, "Start").click();
}

test("the list of runs leads to a form that says what there is; what cannot be is told in the command's words", async () => {
  const page = await open();
  await page.getByText("There is no finished run here yet.").waitFor(waiting);
  await button(page, "New run").click();
  expect(new URL(page.url()).hash).toBe("#page=new");
  await button(page, "strokes").waitFor(waiting);
  expect(await page.getByLabel("Epochs").count()).toBe(0);
  await page.getByLabel("Method", { exact: true }).selectOption("vae+gmm");
  await page.getByText("Trains a variational autoencoder").waitFor(waiting);
  await page.getByLabel("Epochs").fill("none");
  await page.getByLabel("Epochs").press("Enter");
  const words = page.getByRole("alert");
  await words.waitFor(waiting);
  expect(await words.textContent()).toBe(
    'unlabeled cluster: --epochs must be an integer in 1..1000000; got "none".',
  );
  await page.getByLabel("Method", { exact: true }).selectOption({ label: "another, spelled out …" });
  await page.getByLabel("The method, spelled out").fill("conv-ae+kmean");
  await page.getByLabel("Epochs").fill("");
  await button(page, "Start").click();
  await expect.poll(() => words.textContent(), waiting).toContain('Did you mean "kmeans"?');
  await page.getByLabel("Method", { exact: true }).selectOption("pixels+kmeans");
  await page.getByLabel("Source").fill("no/such/folder");
  await button(page, "Start").click();
  await page.getByText("failed", { exact: true }).waitFor(waiting);
  expect(await words.textContent()).toContain("no/such/folder");
  await button(page, "Another run").click();
  expect(await page.getByLabel("Source").inputValue()).toBe("no/such/folder");
  expect(await readdir(folder)).toEqual([]);
});

test("a run is watched as it learns, paused and gone on with; it outlives the page, and is opened when it is done", async () => {
  const first = await open("#page=new");
  if ((await state()) !== null) await button(first, "Another run").click(waiting);
  await first.getByLabel("Source").fill("strokes", waiting);
  await start(first);
  await button(first, "Pause").click(waiting);
  await first.getByText("paused", { exact: true }).waitFor(waiting);
  const paused = await state();
  await first.close();
  // The next page finds it again, on the list of runs and from there; nothing was done meanwhile.
  const page = await open();
  await button(page, /conv-ae\+kmeans: paused/).click(waiting);
  await page.getByText("paused", { exact: true }).waitFor(waiting);
  expect(await state()).toEqual(paused);
  await button(page, "Go on").click();
  await button(page, "Open the run").waitFor(waiting);
  await page
    .getByRole("img", { name: "300 images in the plane of their codes after epoch 2" })
    .waitFor(waiting);
  expect(await page.getByRole("img", { name: /Loss by epoch over epoch/ }).count()).toBe(1);
  expect(await page.getByRole("img", { name: /Inertia by iteration/ }).count()).toBe(1);
  const pictures = page.getByRole("img", { name: /as the network draws them after epoch/ });
  expect(await pictures.count()).toBe(2);
  for (const picture of await pictures.all()) {
    await expect
      .poll(() => picture.evaluate((element) => (element as HTMLImageElement).naturalWidth), waiting)
      .toBe(280 * 2);
  }
  // Points are drawn in colours, and an earlier epoch is another picture.
  const canvas = page.locator(".plane canvas");
  const drawn = (): Promise<string> =>
    canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());
  await page.getByRole("slider", { name: "Epoch" }).press("Home");
  await page.getByRole("img", { name: /after epoch 1, coloured by class/ }).waitFor(waiting);
  const byClass = await drawn();
  await page.getByLabel("Colours").selectOption("group");
  await expect.poll(drawn, waiting).not.toBe(byClass);
  await button(page, "Open the run").click();
  await page.getByRole("heading", { name: "conv-ae+kmeans" }).waitFor(waiting);
  await page.getByRole("tab", { name: "Map" }).waitFor(waiting);
  expect(new URL(page.url()).hash).toContain("run=strokes-conv-ae~2bkmeans-0");
});

test("cancelling asks first; what was learned can be resumed; Ctrl-C at the server ends a run so too", async () => {
  const page = await open("#page=new");
  await button(page, "Another run").click(waiting);
  await start(page, { epochs: "500" });
  await expect.poll(async () => (await state())?.epochs.length, waiting).toBeGreaterThan(0);
  await button(page, "Cancel …").click(waiting);
  await button(page, "Let it go on").click(waiting);
  expect((await state())?.status).toBe("running");
  await button(page, "Cancel …").click(waiting);
  await button(page, "Cancel the run").click(waiting);
  await page.getByText("unlabeled resume runs/strokes-conv-ae+kmeans-0-2.partial").waitFor(waiting);
  await button(page, "Another run").click();
  expect(await page.getByLabel("Epochs").inputValue()).toBe("500");
  await button(page, "Start").click();
  await expect.poll(async () => (await state())?.epochs.length, waiting).toBeGreaterThan(0);
  await server.end();
  expect(server.said()).toContain("Resume with: unlabeled resume runs/strokes-conv-ae+kmeans-0-3.partial");
  await page.getByText("The server does not answer.").waitFor(waiting);
  for (const number of [2, 3]) {
    const left = join(folder, `runs/strokes-conv-ae+kmeans-0-${number}.partial`);
    expect(await readdir(join(left, "checkpoints"))).toContain("training.safetensors");
  }
  server = await serveExplorer(folder);
});

describe.each(looks)("in the %s theme, %s wide", (theme, width) => {
  test("axe finds nothing serious in the form and in a run, and neither is too wide", async () => {
    const page = await open("#page=new", theme, width);
    const look = async (what: string): Promise<void> => {
      expect(await seriousFaults(page), what).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), what).toBeLessThanOrEqual(
        width,
      );
    };
    if ((await state()) !== null) await button(page, "Another run").click(waiting);
    await page.getByLabel("Method", { exact: true }).selectOption("conv-ae+kmeans", waiting);
    await look("the form");
    await start(page);
    await button(page, "Open the run").waitFor(waiting);
    await page.locator(".plane canvas").waitFor(waiting);
    await look("the run");
  });
});
