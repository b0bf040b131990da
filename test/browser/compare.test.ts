import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { CompareView, EditState } from "../../src/explorer/protocol.ts";
import { seriousFaults } from "./explorer-server.ts";
import { looks, parameter, type ServedRuns, serveRuns, waiting } from "./served-runs.ts";

const [first, second, third] = ["strokes-pca~2bkmeans-0", "strokes-pixels~2bkmeans-0", "few"];
let served: ServedRuns;

beforeAll(async () => {
  served = await serveRuns([
    ["strokes", "--method", "pca+kmeans", "--limit", "300"],
    ["strokes", "--method", "pixels+kmeans", "--limit", "300"],
    ["strokes", "--method", "pixels+kmeans", "--limit", "200", "--out", `runs/${third}`],
  ]);
});
afterEach(async () => {
  expect(await served.closePages()).toEqual([]);
});
afterAll(() => served?.close());

const eventually = <T>(look: () => T) => expect.poll(look, waiting);
const compared = (): Promise<CompareView> => served.api(`/api/runs/${first}/compare/${second}`);
const flow = (page: Page) => page.getByRole("group", { name: /^Images of each cluster/ });
const gallery = (page: Page, name: RegExp) => page.getByRole("region", { name });
async function open(hash = "", theme: "light" | "dark" = "light", width = 1280): Promise<Page> {
  const page = await served.open({ hash: `run=${first}&tab=compare&with=${second}${hash}`, theme, width });
  await flow(page).waitFor(waiting);
  await eventually(() => page.locator(".waiting").count()).toBe(0);
  return page;
}
/** How many images a gallery says that it has. */
async function said(page: Page, name: RegExp): Promise<number> {
  await gallery(page, name).waitFor(waiting);
  return Number(
    /([\d,]+) images?/.exec((await gallery(page, name).textContent()) ?? "")?.[1]?.replace(",", ""),
  );
}

test("two runs are chosen in the list; others of other images are told apart", async () => {
  const page = await served.open();
  const pair = page.getByRole("button", { name: "Compare the two" });
  await page.getByLabel(`Compare ${third}`).check(waiting);
  await page.getByLabel("Compare strokes-pca+kmeans-0").check();
  await page.getByText(/are of different images: only runs of the same can be compared/).waitFor(waiting);
  expect(await pair.isDisabled()).toBe(true);
  await page.getByLabel(`Compare ${third}`).uncheck();
  await page.getByLabel("Compare strokes-pixels+kmeans-0").check();
  await pair.click();
  await flow(page).waitFor(waiting);
  expect([parameter(page, "run"), parameter(page, "with")]).toEqual([first, second]);
});

test("an opened run leads to another one of the same images, and says why not to others", async () => {
  const page = await served.open({ hash: `run=${first}` });
  await page.getByRole("tab", { name: "Compare" }).click(waiting);
  await page.getByText("One run cannot be compared with this one: they are of other images").click(waiting);
  await page.getByText("(200 images of strokes, here 300)").waitFor(waiting);
  await page.getByRole("button", { name: "pixels+kmeans" }).click();
  await flow(page).waitFor(waiting);
  await page.goto(`${served.address.origin}/${served.address.search}#run=${first}&tab=compare&with=${third}`);
  await page.getByRole("heading", { name: "These two cannot be compared" }).waitFor(waiting);
});

test("ribbons and bars open their images, by pointer and by keys, and the address keeps them", async () => {
  const view = await compared();
  const [cluster, other] = view.match[0] ?? [0, 0];
  const shared =
    view.flow[view.clusters.findIndex((one) => one.cluster === cluster)]?.[
      view.others.findIndex((one) => one.cluster === other)
    ];
  const page = await open();
  await flow(page)
    .getByRole("button", {
      name: new RegExp(`^From cluster ${cluster} to cluster ${other} of .*these match`),
    })
    .focus();
  await page.keyboard.press("Enter");
  expect(parameter(page, "flow")).toBe(`${cluster},${other}`);
  const title = new RegExp(`^Cluster ${cluster} of pca.*cluster ${other} of pixels`);
  expect(await said(page, title)).toBe(shared);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  expect(parameter(page, "flow")).toMatch(/^\d+,$/);
  await flow(page)
    .getByRole("button", { name: new RegExp(`^Cluster ${other} of pixels`) })
    .click();
  expect(parameter(page, "flow")).toBe(`,${other}`);
  expect(await said(page, new RegExp(`^Cluster ${other} of pixels`))).toBe(
    view.others.find((one) => one.cluster === other)?.size,
  );
  await page.goBack();
  expect(parameter(page, "flow")).toMatch(/^\d+,$/);
});

test("images on which they differ are shown, and so are scores with their differences", async () => {
  const view = await compared();
  const page = await open();
  await page.getByRole("button", { name: /^Differ on/ }).click();
  expect(await said(page, /^Images on which the two differ/)).toBe(300 - view.agreeing);
  const scores = page.getByRole("region", { name: "Scores of both" });
  const row = scores.getByRole("row", { name: /^Accuracy/ });
  const [a = 0, b = 0, difference = 0] = (await row.getByRole("cell").allTextContents()).map((text) =>
    Number(text.replace("−", "-")),
  );
  expect(difference).toBeCloseTo(b - a, 3);
  await page
    .getByRole("region", { name: "What the runs were asked differently" })
    .getByText("method")
    .first()
    .waitFor();
});

test("a box in one map selects the same images in both, and an image pointed at is marked in both", async () => {
  const page = await open();
  const map = page.getByRole("application", { name: /^Map of the other run/ });
  await page
    .getByRole("toolbar", { name: "Map of the other run: tools" })
    .getByRole("button", { name: "Box" })
    .click();
  const box = await map.boundingBox();
  if (!box) throw new Error("no map");
  await page.mouse.move(box.x + 8, box.y + 8);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.9, { steps: 4 });
  await page.mouse.up();
  const found = await said(page, /^Selected images/);
  expect(found).toBeGreaterThan(20);
  await eventually(() => parameter(page, "selection")).toMatch(/^[\w-]+$/);
  await page.getByText(`${found} images selected in both maps.`).waitFor({ ...waiting, state: "attached" });
  await page.getByRole("application", { name: /^Map of this run/ }).focus();
  await page.keyboard.press("ArrowRight");
  const image = parameter(page, "image");
  expect(image).toMatch(/^\d+$/);
  await page
    .getByText(new RegExp(`Image ${image}: cluster \\d+ here, \\d+ there`))
    .waitFor({ ...waiting, state: "attached" });
});

test("the sides change places, and what is open stays open", async () => {
  const page = await open("&flow=1,");
  await page.getByRole("button", { name: "Change sides" }).click();
  await eventually(() => parameter(page, "run")).toBe(second);
  expect([parameter(page, "with"), parameter(page, "flow")]).toEqual([first, ",1"]);
  await flow(page).waitFor(waiting);
});

test("edits of either count, as soon as they are made", async () => {
  const page = await open();
  const before = await flow(page).getByRole("button").count();
  const edits = `/api/runs/${second}/edits`;
  const { version } = await served.api<EditState>(edits);
  await served.api(edits, { version, do: { kind: "merge", clusters: [0, 1], into: 0 } });
  await eventually(() => flow(page).getByRole("button").count()).toBeLessThan(before);
  expect(
    await flow(page)
      .getByRole("button", { name: /^Cluster 1 of pixels/ })
      .count(),
  ).toBe(0);
  await served.api(edits, { version: version + 1, do: { kind: "undo" } });
  await eventually(() => flow(page).getByRole("button").count()).toBe(before);
});

test.each(looks)("axe finds nothing serious, %s, %i wide", async (theme, width) => {
  const page = await open("&flow=differ&image=3", theme, width);
  await page
    .getByRole("button", { name: /^Image \d+: cluster/ })
    .first()
    .waitFor(waiting);
  expect(await seriousFaults(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
});
