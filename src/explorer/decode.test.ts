/** Codes of a run as images: what is drawn, and what is refused. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode as decodePng } from "fast-png";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CodeView, EditState, RunView } from "./protocol.ts";
import { startTestExplorer, type TestExplorer, tinyDigits, writeTinyRun } from "./testing/explorers.ts";

let folder = "";
let explorer: TestExplorer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "unlabeled-decode-"));
  const runs = join(folder, "runs");
  await writeTinyRun(join(runs, "network"), "dense-ae+kmeans");
  await writeTinyRun(join(runs, "components"), "pca+kmeans");
  await writeTinyRun(join(runs, "pixels"), "pixels+kmeans");
  await writeTinyRun(join(runs, "histograms"), "hog+kmeans");
  await writeTinyRun(join(runs, "map"), "pca+umap+kmeans");
  explorer = await startTestExplorer({ runsFolder: runs, pageFolder: join(folder, "none") });
});

afterAll(async () => {
  await explorer.close();
  await rm(folder, { recursive: true });
});

const post = (body: unknown): RequestInit => ({
  method: "POST",
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const ask = (run: string, body: unknown): Promise<Response> =>
  explorer.ask(`/api/runs/${run}/decode`, post(body));

/** Pixels of what is drawn. */
async function drawn(run: string, body: unknown) {
  const response = await ask(run, body);
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  return decodePng(new Uint8Array(await response.arrayBuffer()));
}
const code = (run: string, end: string): Promise<CodeView> =>
  explorer.json<CodeView>(`/api/runs/${run}/codes/${end}`);
const view = (run: string): Promise<RunView> => explorer.json<RunView>(`/api/runs/${run}`);

/** One image of a mosaic of digits. */
function cut(mosaic: { data: ArrayLike<number>; width: number }, row: number, column: number): number[] {
  return Array.from({ length: 196 }, (_, at) => {
    const [y, x] = [Math.floor(at / 14), at % 14];
    return mosaic.data[(row * 14 + y) * mosaic.width + column * 14 + x] as number;
  });
}

test("a run says what draws its codes, or why nothing does and what to do", async () => {
  expect((await view("network")).drawing).toMatchObject({ by: "network", codeSize: expect.any(Number) });
  expect((await view("components")).drawing).toMatchObject({ by: "components" });
  expect((await view("pixels")).drawing).toEqual({ by: "pixels", codeSize: 196 });
  const without = (what: string) => ({ by: null, reason: expect.stringContaining(what) });
  expect((await view("histograms")).drawing).toEqual(without("--method conv-ae+kmeans"));
  expect((await view("map")).drawing).toEqual(without("map"));
  expect((await view("pixels")).decoder).toBeNull();
});

test.each(["network", "components", "pixels"])(
  "of %s, places are drawn alone and in a mosaic alike",
  async (run) => {
    const places = [
      [0, 0],
      [1.5, -0.5],
      [-2, 1],
    ];
    const mosaic = await drawn(run, { places, columns: 2 });
    expect(mosaic).toMatchObject({ width: 28, height: 28 });
    for (const [i, place] of places.entries()) {
      const alone = await drawn(run, { place });
      expect(cut(mosaic, Math.floor(i / 2), i % 2)).toEqual(Array.from(alone.data));
    }
    expect(cut(mosaic, 1, 1).every((value) => value === 0)).toBe(true);
  },
);

test("the pixels of an image are its code, and lie where the map has them", async () => {
  const { code: pixels, place } = await code("pixels", "i7");
  const bytes = Array.from(tinyDigits.images.pixels.subarray(7 * 196, 8 * 196));
  expect(pixels.map((value) => Math.round(value * 255))).toEqual(bytes);
  const response = await explorer.ask("/api/runs/pixels/arrays/code-3d");
  const places = new Float32Array(await response.arrayBuffer());
  for (const d of [0, 1, 2]) expect(place[d]).toBeCloseTo(places[7 * 3 + d] as number, 4);
  expect(Array.from((await drawn("pixels", { code: pixels })).data)).toEqual(bytes);
});

test("a line begins at one code, ends at the other, and has their mean between", async () => {
  const [from, to] = [(await code("pixels", "i0")).code, (await code("pixels", "i1")).code];
  const strip = await drawn("pixels", { line: { from, to }, at: [0, 0.5, 1], columns: 3 });
  const [a, b] = [0, 1].map((i) => Array.from(tinyDigits.images.pixels.subarray(i * 196, i * 196 + 196)));
  expect(cut(strip, 0, 0)).toEqual(a);
  expect(cut(strip, 0, 2)).toEqual(b);
  cut(strip, 0, 1).forEach((value, i) => {
    expect(Math.abs(value - ((a?.[i] as number) + (b?.[i] as number)) / 2)).toBeLessThanOrEqual(0.51);
  });
});

test("a place is the code that lies there, and comes back as that place", async () => {
  for (const run of ["network", "components"]) {
    const { code: there, place } = await code(run, "p0.5,-1.25");
    const { codeSize } = (await view(run)).drawing as { codeSize: number };
    expect(there).toHaveLength(codeSize);
    expect(place[0]).toBeCloseTo(0.5, 5);
    expect(place[1]).toBeCloseTo(-1.25, 5);
    expect((await drawn(run, { code: there })).data).toEqual(
      (await drawn(run, { place: [0.5, -1.25] })).data,
    );
  }
});

test("the center of a cluster is that of the run, and after an edit the mean of its images", async () => {
  const before = await code("pixels", "c0");
  const labels = async () =>
    new Int32Array(await (await explorer.ask("/api/runs/pixels/arrays/cluster")).arrayBuffer());
  const mean = async (cluster: number): Promise<number> => {
    const all = await labels();
    const members = [...all.keys()].filter((i) => all[i] === cluster);
    const at = 7 * 14 + 7;
    const sum = members.reduce((s, i) => s + (tinyDigits.images.pixels[i * 196 + at] as number), 0);
    return sum / members.length / 255;
  };
  expect(before.code[7 * 14 + 7]).toBeCloseTo(await mean(0), 5);
  const { version } = await explorer.json<EditState>("/api/runs/pixels/edits");
  const merge = { version, do: { kind: "merge", clusters: [0, 1], into: 0 } };
  expect((await explorer.ask("/api/runs/pixels/edits", post(merge))).status).toBe(200);
  expect((await code("pixels", "c0")).code[7 * 14 + 7]).toBeCloseTo(await mean(0), 5);
  expect((await explorer.ask("/api/runs/pixels/codes/c1")).status).toBe(404);
});

describe("what is refused", () => {
  test("codes of runs that cannot draw them, with the reason", async () => {
    for (const run of ["histograms", "map"]) {
      const response = await ask(run, { places: [[0, 0]], columns: 1 });
      expect([run, response.status]).toEqual([run, 404]);
      expect(((await response.json()) as { error: string }).error).toContain("conv-ae+kmeans");
    }
  });

  const huge = new Array(100_001).fill(0);
  test.each([
    ["a code of another length", { code: [1] }],
    ["a code that is huge", { code: huge }],
    ["a code of texts", { code: ["1"] }],
    ["a code of nothing", { code: [] }],
    ["a number that is none", '{"place":[1e999,0]}'],
    ["a place of one number", { place: [1] }],
    ["a place of four", { place: [1, 2, 3, 4] }],
    ["no places", { places: [], columns: 1 }],
    ["too many places", { places: new Array(1025).fill([0, 0]), columns: 1 }],
    ["no columns", { places: [[0, 0]] }],
    ["half a column", { places: [[0, 0]], columns: 0.5 }],
    ["a thousand million columns", { places: [[0, 0]], columns: 1e9 }],
    ["a line between codes of other lengths", { line: { from: [1], to: [1, 2] }, at: [0], columns: 1 }],
    ["a line of short codes", { line: { from: [1], to: [2] }, at: [0], columns: 1 }],
    ["a line that is asked too often", { line: { from: [1], to: [1] }, at: huge, columns: 1 }],
    ["two things at once", { code: [1], place: [1, 2] }],
    ["an image", { image: 3 }],
    ["a list", []],
    ["nothing", "null"],
    ["no JSON", "{"],
  ])("%s", async (_what, body) => {
    const response = await ask("network", body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.stringMatching(/^explorer: .* must .*got /) });
  });

  test.each([
    "i60",
    "i-1",
    "c99",
    "x1",
    "p",
    "p1",
    "p1,2,3,4",
    "p1e999,0",
    "p,",
    "i1.5",
    "__proto__",
    "..%2fi1",
  ])("the code of %s", async (end) => {
    expect((await explorer.ask(`/api/runs/network/codes/${end}`)).status).toBe(404);
  });

  test("numbers beyond all measure are drawn as something, and the server goes on", async () => {
    const { codeSize } = (await view("network")).drawing as { codeSize: number };
    for (const value of [1e308, -1e308, 1e-320]) {
      const picture = await drawn("network", { code: new Array(codeSize).fill(value) });
      expect(picture).toMatchObject({ width: 14, height: 14 });
    }
    expect((await explorer.ask("/api/runs")).status).toBe(200);
  });
});
