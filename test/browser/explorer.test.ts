/**
 * The explorer's page as a person uses it, on a small run of `strokes`, served by the program itself. Needs
 * `npm run build` and a Chromium, which draws WebGL in software.
 */
import { readFile } from "node:fs/promises";
import type { Download, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ClusterView, EditState } from "../../src/explorer/protocol.ts";
import { seriousFaults } from "./explorer-server.ts";
import { type Opening, parameter, type ServedRuns, serveRuns, waiting } from "./served-runs.ts";

const count = 300;

let served: ServedRuns;

beforeAll(async () => {
  served = await serveRuns([
    ["strokes", "--method", "conv-ae+gmm", "--epochs", "2", "--limit", String(count)],
  ]);
});

afterEach(async () => {
  expect(await served.closePages()).toEqual([]);
});

afterAll(() => served?.close());

/** A page of its own on the run. */
async function open({ hash = "", ...opening }: Opening = {}): Promise<Page> {
  const page = await served.open({ hash: `run=${await runId()}${hash}`, ...opening });
  await page.getByRole("tab", { name: "Map" }).waitFor(waiting);
  return page;
}

let id: string | undefined;
async function runId(): Promise<string> {
  id ??= encodeURIComponent((await served.api<{ runs: { id: string }[] }>("/api/runs")).runs[0]?.id ?? "");
  return id;
}

/** Expects a value that comes in time, also from a machine at work. */
const eventually = <T>(look: () => T) => expect.poll(look, waiting);
const edits = async (): Promise<EditState> => served.api(`/api/runs/${await runId()}/edits`);
const map = (page: Page) => page.getByRole("application");
const mapDrawn = (page: Page) =>
  page.waitForFunction(() => performance.getEntriesByName("first-picture").length > 0, null, waiting);

/** Share of the map's pixels that are colourful, and that are black. */
async function pixels(page: Page): Promise<{ colourful: number; black: number }> {
  const { data, info } = await sharp(await map(page).screenshot())
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  let colourful = 0;
  let black = 0;
  for (let i = 0; i < data.length; i += 3) {
    const parts = [data[i], data[i + 1], data[i + 2]] as [number, number, number];
    if (Math.max(...parts) - Math.min(...parts) > 40) colourful++;
    if (Math.max(...parts) < 24) black++;
  }
  const all = info.width * info.height;
  return { colourful: colourful / all, black: black / all };
}

/** Drags a box over nearly all of the map. */
async function dragBox(page: Page, share = 0.9): Promise<void> {
  const box = await map(page).boundingBox();
  if (!box) throw new Error("no map");
  await page.mouse.move(box.x + box.width * (1 - share), box.y + box.height * (1 - share));
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * share, box.y + box.height * share, { steps: 4 });
  await page.mouse.up();
}

describe("shell", () => {
  test("the list of runs opens one, and the address takes one back and forth between views", async () => {
    const page = await open();
    await page.getByRole("button", { name: "unlabeled", exact: true }).click();
    await page.getByRole("heading", { name: "Runs" }).waitFor(waiting);
    await page.getByRole("button", { name: "conv-ae+gmm" }).click();
    await page.getByRole("heading", { name: "conv-ae+gmm" }).waitFor(waiting);
    await page.getByRole("tab", { name: "Clusters", exact: true }).click();
    expect(parameter(page, "tab")).toBe("clusters");
    await page.getByRole("tab", { name: "Clusters", exact: true }).press("ArrowRight");
    expect(parameter(page, "tab")).toBe("confusion");
    await page.goBack();
    expect(await page.getByRole("tab", { name: "Clusters", exact: true }).getAttribute("aria-selected")).toBe(
      "true",
    );
    await page.goForward();
    expect(await page.getByRole("tab", { name: "Confusion" }).getAttribute("aria-selected")).toBe("true");
    await page.keyboard.press("7");
    expect(parameter(page, "tab")).toBe("run");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor(waiting);
  });

  test("a server that is gone is said, and asked again until it is back", async () => {
    const page = await open();
    await page.getByRole("heading", { name: "conv-ae+gmm" }).waitFor(waiting);
    await page.context().setOffline(true);
    await page.getByRole("tab", { name: "Confusion" }).click();
    await page.getByText("The server does not answer.").waitFor(waiting);
    await page.context().setOffline(false);
    await page.getByText("The server does not answer.").waitFor({ ...waiting, state: "detached" });
    await page.getByRole("table").waitFor(waiting);
  });

  test("a run that is not there is told of in words", async () => {
    const page = await open({ hash: "" });
    await page.goto(`${served.address.origin}/${served.address.search}#run=no-such-run`);
    expect(await page.getByRole("alert").first().textContent()).toMatch(/no-such-run|must be/);
  });
});

describe("map", () => {
  test("images are drawn, shown by pointer and keyboard, and lead to their neighbours", async () => {
    const page = await open();
    await mapDrawn(page);
    await eventually(async () => (await pixels(page)).colourful).toBeGreaterThan(0.003);
    await map(page).focus();
    await page.keyboard.press("ArrowRight");
    const first = parameter(page, "image");
    expect(first).toMatch(/^\d+$/);
    const details = page.getByRole("region", { name: `Image ${first}`, exact: true });
    await details.getByText("Class", { exact: true }).waitFor(waiting);
    expect(await details.getByRole("img", { name: `What the network makes of image ${first}` }).count()).toBe(
      1,
    );
    await details
      .getByRole("button", { name: /go there/ })
      .first()
      .click(waiting);
    expect(parameter(page, "image")).not.toBe(first);
    await map(page).press("ArrowLeft");
    await map(page).press("Escape");
    expect(parameter(page, "image")).toBeNull();
  });

  test("colours, groups and planes are chosen, and stand in the address", async () => {
    const page = await open({ hash: "&colours=class" });
    await mapDrawn(page);
    await page.getByRole("region", { name: "Class: choose what is shown" }).waitFor(waiting);
    const all = await pixels(page);
    await page.getByRole("button", { name: /^3/ }).click();
    expect(parameter(page, "only")).toBe("3");
    await eventually(async () => (await pixels(page)).colourful).toBeLessThan(all.colourful / 2);
    await page.getByLabel("Colours").selectOption("error");
    await page.getByRole("region", { name: "Reconstruction error" }).waitFor(waiting);
    await page.getByLabel("Plane").selectOption("code-3d");
    await eventually(() => page.locator(".waiting").count()).toBe(0);
    await map(page).focus();
    // A camera is kept only of the plane that is drawn, which may still be on its way.
    await eventually(async () => {
      await page.keyboard.press("+");
      await page.waitForTimeout(400);
      return parameter(page, "camera")?.split(",").length;
    }).toBe(6);
    await eventually(async () => (await pixels(page)).colourful).toBeGreaterThan(0.003);
  });

  test("close up, points become pictures", async () => {
    const page = await open();
    await mapDrawn(page);
    const far = await pixels(page);
    await map(page).focus();
    for (let step = 0; step < 3; step++) await page.keyboard.press("+");
    // The images are white on black.
    await eventually(async () => (await pixels(page)).black).toBeGreaterThan(far.black + 0.05);
  });

  test("a box selects images, which move to a new cluster and back", async () => {
    const page = await open();
    await mapDrawn(page);
    await page.getByRole("button", { name: "Box" }).click();
    await dragBox(page);
    const bar = page.getByRole("toolbar", { name: "Selected images" });
    await bar.waitFor(waiting);
    const said = Number(/(\d+) images? selected/.exec((await bar.textContent()) ?? "")?.[1]);
    expect(said).toBeGreaterThan(count / 2);
    const before = await edits();
    await bar.getByRole("button", { name: "New cluster" }).click();
    await page.getByText(/Moved \d+ images to a new cluster/).waitFor(waiting);
    const after = await edits();
    expect(Math.max(...after.clusters.map(({ size }) => size))).toBe(said);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Undone.").waitFor(waiting);
    expect((await edits()).clusters).toEqual(before.clusters);
  });

  test("a lasso selects what lies within", async () => {
    const page = await open();
    await mapDrawn(page);
    await map(page).press("l");
    const box = await map(page).boundingBox();
    if (!box) throw new Error("no map");
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y - 150);
    await page.mouse.down();
    for (const [dx, dy] of [
      [150, 0],
      [0, 150],
      [-150, 0],
    ] as const) {
      await page.mouse.move(x + dx, y + dy, { steps: 3 });
    }
    await page.mouse.up();
    await page.getByText(/\d+ images? selected/).waitFor(waiting);
    expect(parameter(page, "selection")).toMatch(/^[\w-]+$/);
  });

  test("the map is saved as PNG and SVG", async () => {
    const page = await open();
    await mapDrawn(page);
    const save = async (kind: string): Promise<Buffer> => {
      const [download] = await Promise.all([
        page.waitForEvent("download") as Promise<Download>,
        page.getByRole("button", { name: `Save the map as ${kind}` }).click(),
      ]);
      return readFile(await download.path());
    };
    const { channels } = await sharp(await save("PNG")).stats();
    expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(3);
    const svg = String(await save("SVG"));
    expect(svg.match(/h0/g)?.length).toBeGreaterThan(count * 0.9);
    expect(svg).toContain("<title>");
  });
});

describe("clusters", () => {
  const named = (page: Page, cluster: number) => page.getByLabel(`Name of cluster ${cluster}`);

  test("a name and notes are written in place, undone and done again by keys", async () => {
    const page = await open({ hash: "&tab=clusters&cluster=3" });
    await named(page, 3).fill("loops");
    await named(page, 3).press("Enter");
    await page.getByText("Cluster 3 is now called loops.").waitFor(waiting);
    await page.getByLabel("Notes on cluster 3").fill("round ones");
    await page.getByRole("heading", { name: /^Typical/ }).click();
    await page.getByText("Kept the notes of cluster 3.").waitFor(waiting);
    const of = async () => (await edits()).clusters.find(({ cluster }) => cluster === 3);
    expect(await of()).toMatchObject({ name: "loops", notes: "round ones" });
    await page.getByRole("tab", { name: "Clusters", exact: true }).focus();
    await page.keyboard.press("Control+z");
    await eventually(async () => (await of())?.notes).toBeNull();
    await page.keyboard.press("Control+Shift+Z");
    await eventually(async () => (await of())?.notes).toBe("round ones");
  });

  test("clusters are split, merged, and taken back", async () => {
    const page = await open({ hash: "&tab=clusters&cluster=1" });
    const before = (await edits()).clusters.length;
    await page.getByLabel("Split into").fill("3");
    await page.getByRole("button", { name: "Split" }).click();
    await page.getByText("Split cluster 1 into 3.").waitFor(waiting);
    expect((await edits()).clusters.length).toBe(before + 2);
    await page.getByLabel("Merge into cluster").selectOption("0");
    await page.getByRole("button", { name: "Merge" }).click();
    await page.getByText(/Merged cluster \d+ into cluster 0/).waitFor(waiting);
    expect((await edits()).clusters.length).toBe(before + 1);
    for (let left = 1; left >= 0; left--) {
      await page.getByRole("button", { name: "Undo" }).click();
      await eventually(async () => (await edits()).clusters.length).toBe(before + (left === 1 ? 2 : 0));
      await eventually(() => page.getByRole("button", { name: "Redo" }).isEnabled()).toBe(true);
    }
  });

  test("images selected in a gallery move to another cluster", async () => {
    const page = await open({ hash: "&tab=clusters&cluster=2" });
    const typical = page.getByRole("region", { name: "Typical" });
    await typical
      .getByRole("button", { name: /^Image/ })
      .first()
      .click(waiting);
    const bar = page.getByRole("toolbar", { name: "Selected images" });
    await bar.getByLabel("Move to cluster").selectOption("0");
    const sizes = async () => (await edits()).clusters.map(({ size }) => size);
    const [before] = await sizes();
    await bar.getByRole("button", { name: "Move", exact: true }).click();
    await page.getByText("Moved 1 image to cluster 0").waitFor(waiting);
    expect((await sizes())[0]).toBe((before as number) + 1);
    await page.getByRole("button", { name: "Undo" }).click();
    await eventually(async () => (await sizes())[0]).toBe(before);
  });

  test("an edit of what was changed elsewhere is explained, and the page shows how it is", async () => {
    const page = await open({ hash: "&tab=clusters&cluster=4" });
    await named(page, 4).waitFor(waiting);
    // While the page's request is on its way, another one comes first.
    let first = true;
    await page.route("**/edits", async (route) => {
      if (first && route.request().method() === "POST") {
        first = false;
        const { version } = await edits();
        const rename = { kind: "rename", cluster: 4, name: "elsewhere" };
        await served.api(`/api/runs/${await runId()}/edits`, { version, do: rename });
      }
      await route.continue();
    });
    await named(page, 4).fill("here");
    await named(page, 4).press("Enter");
    await page.getByText(/Not done: the clusters were changed elsewhere/).waitFor(waiting);
    await eventually(() => named(page, 4).inputValue()).toBe("elsewhere");
  });

  test("each cluster shows its images", async () => {
    const page = await open({ hash: "&tab=clusters&cluster=0" });
    const [first] = await served.api<ClusterView[]>(`/api/runs/${await runId()}/clusters`);
    if (!first) throw new Error("no cluster");
    const { typical, borderline, outliers, random } = first;
    for (const [group, images] of Object.entries({
      Typical: typical,
      Borderline: borderline,
      Outliers: outliers,
      Random: random,
    })) {
      const shown = page.getByRole("region", { name: group }).getByRole("button", { name: /^Image/ });
      await eventually(() => shown.count()).toBe(images.length);
    }
    expect(typical.length).toBeGreaterThan(0);
    const tiles = page.getByRole("region", { name: "Typical" }).getByRole("button", { name: /^Image/ });
    const loaded = () =>
      tiles.locator("img").evaluateAll((all) => all.every((i) => (i as HTMLImageElement).naturalWidth > 0));
    await eventually(loaded).toBe(true);
  });
});

test("a cell of the confusion matrix opens its images", async () => {
  const page = await open({ hash: "&tab=confusion" });
  const cell = page.getByRole("button", { name: /^Class .*: [1-9]\d* images?$/ }).first();
  await cell.click(waiting);
  const [, expected] = /: (\d+) image/.exec((await cell.getAttribute("aria-label")) ?? "") ?? [];
  const images = page.getByRole("region", { name: /^Images of class/ });
  await images.getByText(new RegExp(`^${expected} image`)).waitFor(waiting);
  expect(await images.getByRole("button", { name: /^Image \d/ }).count()).toBe(Number(expected));
  expect(parameter(page, "cell")).toMatch(/^\d+,\d+$/);
});

test("another number of clusters is seen on the map at once, and left again", async () => {
  const page = await open({ hash: "&tab=k" });
  await mapDrawn(page);
  await page
    .getByRole("group", { name: "Number of clusters" })
    .getByRole("button", { name: "4", exact: true })
    .click();
  const legend = page.getByRole("region", { name: "Cluster: choose what is shown" });
  await eventually(() => legend.getByRole("listitem").count()).toBe(4);
  expect(parameter(page, "k")).toBe("4");
  await page.getByRole("button", { name: /^Back to the run's own 10/ }).click();
  await eventually(() => legend.getByRole("listitem").count()).toBeGreaterThan(8);
});

test("settings, scores and curves of the run stand beside its report", async () => {
  const page = await open({ hash: "&tab=run" });
  await page.getByRole("img", { name: /^Loss by epoch/ }).waitFor(waiting);
  await page.getByRole("img", { name: /^Log-likelihood by iteration/ }).waitFor(waiting);
  await page.getByRole("rowheader", { name: "Accuracy" }).waitFor(waiting);
  const report = await page.getByRole("link", { name: /Open the report/ }).getAttribute("href");
  expect((await fetch(new URL(report ?? "", served.address.origin))).status).toBe(200);
});

const hashes = ["", "&image=3", "&tab=clusters", "&tab=confusion&cell=0,0", "&tab=k&k=4", "&tab=run"];

describe.each(["light", "dark"] as const)("in the %s theme", (theme) => {
  test("axe finds nothing serious in any view, and none is wider than a small screen", async () => {
    const page = await open({ theme, width: 390 });
    await mapDrawn(page);
    for (const hash of hashes) {
      await page.evaluate(
        (next) => {
          location.hash = next;
        },
        `#run=${await runId()}${hash}`,
      );
      await eventually(() => page.locator(".waiting").count()).toBe(0);
      expect(await seriousFaults(page), hash).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide, hash).toBeLessThanOrEqual(390);
    }
  });
});
