import { cp, mkdtemp, readdir, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode } from "fast-png";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InputError } from "../errors.ts";
import { type ImageSource, resizeImages, sliceImages, vectorImages } from "../images/index.ts";
import { atlasInfo } from "./pictures.ts";
import type {
  ArrayInfo,
  ClusterView,
  ConfusionView,
  EditState,
  ImageView,
  KView,
  RunEvent,
  RunList,
  RunView,
} from "./protocol.ts";
import { startTestExplorer, type TestExplorer, tinyDigits, writeTinyRun } from "./testing/explorers.ts";

const { images } = tinyDigits;
const half: ImageSource = { ...tinyDigits, location: "half", images: sliceImages(images, 30, 60) };
const large: ImageSource = {
  ...tinyDigits,
  location: "large",
  images: { ...resizeImages(colours(), { height: 48, width: 64 }) },
};
const vectors: ImageSource = {
  ...tinyDigits,
  location: "vectors",
  images: vectorImages({
    rows: 40,
    cols: 6,
    data: Float32Array.from({ length: 240 }, (_, at) => Math.sin(at) + (at % 12 < 6 ? 8 : 0)),
  }),
};
const sources = new Map([tinyDigits, half, large, vectors].map((source) => [source.location, source]));

/** The digits in red, on blue. */
function colours(): ImageSource["images"] {
  const pixels = new Uint8Array(images.pixels.length * 3);
  images.pixels.forEach((ink, i) => pixels.set([ink, 0, 255 - ink], i * 3));
  return { ...images, channels: 3, pixels };
}

let folder = "";
let explorer: TestExplorer;
/** Sources that are gone. */
const gone = new Set<string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "unlabeled-explorer-"));
  const runs = join(folder, "runs");
  await writeTinyRun(join(runs, "digits"), "pca+kmeans");
  await writeTinyRun(join(runs, "compared", "mixture-0"), "dense-ae+gmm");
  await writeTinyRun(join(runs, "scored"), "pixels+kmeans", { score: half });
  await writeTinyRun(join(runs, "large"), "pixels+kmeans", { source: large });
  await writeTinyRun(join(runs, "vectors"), "vectors+kmeans", { source: vectors, clusters: 1 });
  // Those that a test changes are its own.
  for (const [copy, run] of [
    ["mapped", "digits"],
    ["moved", "digits"],
    ["damaged", "large"],
  ] as const) {
    await cp(join(runs, run), join(runs, copy), { recursive: true });
  }
  explorer = await startTestExplorer({ runsFolder: runs, pageFolder: join(folder, "none") }, (location) => {
    const source = sources.get(location);
    if (source && !gone.has(location)) return source;
    throw new InputError(`unlabeled explore: "${location}" must be there; got nothing.`);
  });
});

afterAll(async () => {
  await explorer.close();
  await rm(folder, { recursive: true });
});

const view = (run: string): Promise<RunView> => explorer.json(`/api/runs/${run}`);

/** What is known of an image, however long it takes to be found. */
async function imageOf(run: string, index: number): Promise<ImageView> {
  for (;;) {
    const one = await explorer.json<ImageView>(`/api/runs/${run}/images/${index}`);
    if (!one.pending) return one;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The numbers of an array, however long they take to be made. */
async function numbers(run: string, name: string): Promise<number[]> {
  for (;;) {
    const response = await explorer.ask(`/api/runs/${run}/arrays/${name}`);
    if (response.status === 202) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      continue;
    }
    expect([name, response.status]).toEqual([name, 200]);
    const bytes = await response.arrayBuffer();
    const isWhole = ["cluster", "original-cluster", "class"].includes(name) || name.startsWith("k-");
    return Array.from(isWhole ? new Int32Array(bytes) : new Float32Array(bytes));
  }
}

async function picture(path: string, init?: RequestInit) {
  const response = await explorer.ask(path, init);
  expect([path, response.status]).toEqual([path, 200]);
  expect(response.headers.get("content-type")).toBe("image/png");
  return decode(new Uint8Array(await response.arrayBuffer()));
}

describe("the list of runs", () => {
  test("names all, those of comparisons among them, by what addresses can hold", async () => {
    const { runs, first } = await explorer.json<RunList>("/api/runs");
    expect(runs.map(({ id }) => id).sort()).toEqual([
      "compared~2fmixture-0",
      ...["damaged", "digits", "large", "mapped", "moved", "scored", "vectors"],
    ]);
    expect(first).toBeNull();
    const digits = runs.find(({ id }) => id === "digits");
    expect(digits).toMatchObject({ method: "pca+kmeans", source: "tiny", count: 60, clusters: 4, seed: 0 });
    expect(digits?.scores.accuracy).toBeGreaterThan(0);
  });

  test("says so where the page is not built", async () => {
    const response = await explorer.ask("/");
    expect(response.status).toBe(503);
    expect(await response.text()).toContain("npm run build");
  });
});

describe("a run", () => {
  test("tells what there is of it", async () => {
    const run = await view("digits");
    expect(run).toMatchObject({
      image: { height: 14, width: 14, channels: 1 },
      images: { available: true },
      hasProbabilities: false,
      decoder: { codeSize: expect.any(Number) },
      named: false,
    });
    expect(run.arrays.map(({ name, width, state }: ArrayInfo) => [name, width, state])).toEqual([
      ["cluster", 1, "ready"],
      ["original-cluster", 1, "ready"],
      ["class", 1, "ready"],
      ["distance", 1, "ready"],
      ["code-2d", 2, "ready"],
      ["code-3d", 3, "ready"],
      ["umap-2d", 2, "made"],
      ["umap-3d", 3, "made"],
    ]);
  });

  test("gives every array that it lists, of the length that it says", async () => {
    for (const run of ["digits", "compared~2fmixture-0", "scored", "large", "vectors"]) {
      const { arrays, count } = await view(run);
      for (const { name, width } of arrays) {
        if (name.startsWith("umap")) continue; // of them below
        const found = await numbers(run, name);
        expect([run, name, found.length]).toEqual([run, name, count * width]);
        expect([run, name, found.every(Number.isFinite)]).toEqual([run, name, true]);
      }
    }
  });

  test("its classes are those of the images, in the order of their names", async () => {
    expect(await numbers("digits", "class")).toEqual(Array.from(images.labels ?? []));
    expect(await numbers("scored", "class")).toEqual(Array.from(half.images.labels ?? []));
  });

  test("keeps a map of all images, and has it at once the next time", async () => {
    const made = await numbers("mapped", "umap-2d");
    const kept = await readdir(join(folder, "runs", "mapped", "explorer"));
    expect(kept.filter((name) => name.startsWith("umap-2d-"))).toHaveLength(1);
    const again = await startTestExplorer({ runsFolder: join(folder, "runs"), pageFolder: folder }, () => {
      throw new InputError("gone");
    });
    const { arrays } = await again.json<RunView>("/api/runs/mapped");
    expect(arrays.find(({ name }) => name === "umap-2d")?.state).toBe("ready");
    const response = await again.ask("/api/runs/mapped/arrays/umap-2d");
    expect(Array.from(new Float32Array(await response.arrayBuffer()))).toEqual(made);
    await again.close();
  });

  test("shows its centers in the plane, and an ellipse around each cluster that has a shape", async () => {
    const { shapes } = await view("digits");
    const flat = shapes["code-2d"];
    const places = await numbers("digits", "code-2d");
    const labels = await numbers("digits", "cluster");
    const members = labels.flatMap((label, i) => (label === 2 ? [i] : []));
    const mean = members.reduce((sum, i) => sum + (places[2 * i] ?? 0), 0) / members.length;
    expect(flat?.centers[2]?.[0]).toBeCloseTo(mean, 4);
    const variance =
      members.reduce((sum, i) => sum + ((places[2 * i] ?? 0) - mean) ** 2, 0) / (members.length - 1);
    const widest = Math.max(...(flat?.ellipses[2] ?? []).map(([x]) => x - mean));
    // The outline has its greatest x at one standard deviation, where a point of it lies.
    expect(widest).toBeCloseTo(Math.sqrt(variance), 3);
  });
});

test("a run's report is served as a page that can do nothing here", async () => {
  const response = await explorer.ask("/api/runs/digits/report.html");
  expect(await response.text()).toBe("<p>report</p>");
  expect(response.headers.get("content-security-policy")).toContain("sandbox");
  expect(response.headers.get("content-security-policy")).not.toContain("'self'");
});

describe("images", () => {
  test("come as the run saw them, and larger", async () => {
    const png = await picture("/api/runs/digits/images/7.png");
    expect(png).toMatchObject({ width: 14, height: 14, channels: 1 });
    expect(Array.from(png.data)).toEqual(Array.from(images.pixels.subarray(7 * 196, 8 * 196)));
    const twice = await picture("/api/runs/digits/images/7.png?scale=2");
    expect(twice).toMatchObject({ width: 28, height: 28 });
    const each = Array.from({ length: 784 }, (_, at) => Math.floor(at / 56) * 14 + Math.floor((at % 28) / 2));
    expect(Array.from(twice.data)).toEqual(each.map((from) => png.data[from]));
    for (const scale of ["0", "17", "1.5", "x"]) {
      expect((await explorer.ask(`/api/runs/digits/images/7.png?scale=${scale}`)).status).toBe(400);
    }
    expect((await explorer.ask("/api/runs/digits/images/60.png")).status).toBe(404);
  });

  test("tell what is known of them, with the nearest others by exact search", async () => {
    const one = await imageOf("large", 3);
    expect(one).toMatchObject({ index: 3, class: images.classNames?.[images.labels?.[3] ?? 0], likely: [] });
    const pixels = large.images.pixels;
    const length = 48 * 64 * 3;
    const distance = (other: number): number => {
      let square = 0;
      for (let j = 0; j < length; j++) {
        square += ((pixels[3 * length + j] as number) - (pixels[other * length + j] as number)) ** 2;
      }
      return Math.sqrt(square) / 255;
    };
    const nearest = Array.from({ length: 60 }, (_, i) => i)
      .filter((i) => i !== 3)
      .sort((a, b) => distance(a) - distance(b) || a - b);
    expect(one.neighbors.map(({ index }) => index)).toEqual(nearest.slice(0, 12));
    expect(one.neighbors[0]?.distance).toBeCloseTo(distance(nearest[0] ?? 0), 5);
  });

  test("of a mixture have probabilities that add up", async () => {
    const one = await imageOf("compared~2fmixture-0", 5);
    expect(one.likely.length).toBeGreaterThan(1);
    expect(one.likely.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 6);
    expect(one.likely[0]?.probability).toBeCloseTo(one.probability ?? 0, 6);
    expect(one.reconstructionError).toBeGreaterThan(0);
  });

  test("come back from the network, and so do centers, codes and places", async () => {
    const run = "compared~2fmixture-0";
    const { decoder } = await view(run);
    const code = new Array<number>(decoder?.codeSize ?? 0).fill(0.5);
    const post = (body: unknown): RequestInit => ({ method: "POST", body: JSON.stringify(body) });
    for (const [path, init] of [
      [`/api/runs/${run}/reconstructions/5.png`, undefined],
      [`/api/runs/${run}/centers/1.png`, undefined],
      [`/api/runs/${run}/decode`, post({ code })],
      [`/api/runs/${run}/decode`, post({ place: [0.5, 0.25] })],
    ] as const) {
      expect(await picture(path, init)).toMatchObject({ width: 14, height: 14 });
    }
    const wrong = await explorer.ask(`/api/runs/${run}/decode`, post({ code: [1] }));
    expect(wrong.status).toBe(400);
    // Principal components bring images back as well; pixels are no code.
    expect(await picture("/api/runs/digits/reconstructions/5.png")).toMatchObject({ width: 14 });
    expect((await explorer.ask("/api/runs/large/reconstructions/5.png")).status).toBe(404);
  });

  test("lie on sheets in their order, shrunk where they are large", async () => {
    const { atlas } = await view("large");
    expect(atlas).toEqual({
      sheets: 1,
      perSheet: 128 * 170,
      columns: 128,
      height: 24,
      width: 32,
      channels: 3,
    });
    const response = await explorer.ask("/api/runs/large/atlas/0");
    const sheet = new Uint8Array(await response.arrayBuffer());
    expect(sheet).toHaveLength(24 * 128 * 32 * 3);
    const shrunk = resizeImages(large.images, { height: 24, width: 32 }, "stretch");
    const at = (5 * 24 + 11) * 96;
    const whole = 128 * 32 * 3;
    expect(Array.from(sheet.subarray(11 * whole + 5 * 96, 11 * whole + 6 * 96))).toEqual(
      Array.from(shrunk.pixels.subarray(at, at + 96)),
    );
    expect((await explorer.ask("/api/runs/large/atlas/1")).status).toBe(404);
  });

  test("a million of them lie on sheets that any card takes", () => {
    const atlas = atlasInfo(1_000_000, { height: 28, width: 28, channels: 1 });
    expect(atlas.sheets).toBe(47);
    expect(atlas.columns * atlas.width).toBeLessThanOrEqual(4096);
    expect((atlas.perSheet / atlas.columns) * atlas.height).toBeLessThanOrEqual(4096);
    expect(atlasInfo(5, { height: 1, width: 500, channels: 4 })).toMatchObject({
      height: 1,
      width: 32,
      channels: 3,
    });
  });
});

describe("vectors", () => {
  test("have no pictures, and all else", async () => {
    const run = await view("vectors");
    expect(run).toMatchObject({ image: null, atlas: null, decoder: null, clusters: 1, classNames: null });
    const [cluster] = await explorer.json<ClusterView[]>("/api/runs/vectors/clusters");
    expect(cluster).toMatchObject({ cluster: 0, size: 40, purity: null, majority: null, confusedWith: [] });
    expect(cluster?.typical).toHaveLength(25);
    expect(await explorer.json<ConfusionView>("/api/runs/vectors/confusion")).toEqual({
      ...{ classes: [], clusters: [], counts: [] },
    });
    for (const path of ["images/0.png", "atlas/0", "centers/0.png"]) {
      expect([path, (await explorer.ask(`/api/runs/vectors/${path}`)).status]).toEqual([path, 404]);
    }
  });
});

describe("clusters", () => {
  test("are told with the images that the report picks, by the same distances", async () => {
    const clusters = await explorer.json<ClusterView[]>("/api/runs/digits/clusters");
    const labels = await numbers("digits", "cluster");
    const distances = await numbers("digits", "distance");
    expect(clusters.reduce((sum, { size }) => sum + size, 0)).toBe(60);
    for (const { cluster, typical, borderline, random, size, confusedWith } of clusters) {
      expect(typical).toHaveLength(Math.min(25, size));
      for (const i of [...typical, ...borderline, ...random]) expect(labels[i]).toBe(cluster);
      const far = typical.map((i) => distances[i] ?? 0);
      expect(far).toEqual([...far].sort((a, b) => a - b));
      expect(confusedWith.every((one) => one.cluster !== cluster && one.share <= 1)).toBe(true);
    }
  });

  test("are held against the classes, sorted so that the diagonal is heavy", async () => {
    const { classes, clusters, counts } = await explorer.json<ConfusionView>("/api/runs/digits/confusion");
    expect(counts).toHaveLength(classes.length);
    expect([...clusters].sort()).toEqual([0, 1, 2, 3]);
    expect(counts.flat().reduce((sum, count) => sum + count, 0)).toBe(60);
  });

  test("are found for another k, which is then an array", async () => {
    let response = await explorer.ask("/api/runs/digits/k/3");
    while (response.status === 202) response = await explorer.ask("/api/runs/digits/k/3");
    const found = (await response.json()) as KView;
    expect(found).toMatchObject({ k: 3, array: "k-3" });
    expect(found.criteria.inertia).toBe(found.inertia);
    expect(found.criteria.silhouette).toBeGreaterThan(-1);
    expect(Object.keys(found)).toEqual(["k", "array", "inertia", "criteria"]);
    expect(new Set(await numbers("digits", "k-3"))).toEqual(new Set([0, 1, 2]));
    for (const k of ["0", "61", "x"]) {
      expect((await explorer.ask(`/api/runs/digits/k/${k}`)).status).toBeGreaterThanOrEqual(400);
    }
  });
});

describe("edits", () => {
  const post = (body: unknown): RequestInit => ({ method: "POST", body: JSON.stringify(body) });
  const edit = (wish: unknown, version: number): Promise<Response> =>
    explorer.ask("/api/runs/scored/edits", post({ version, do: wish }));

  test("change clusters, are told to all who watch, are kept, and can be undone", async () => {
    const controller = new AbortController();
    const events = await explorer.ask("/api/runs/scored/events", { signal: controller.signal });
    const { version } = await explorer.json<EditState>("/api/runs/scored/edits");
    const merged = (await (
      await edit({ kind: "merge", clusters: [0, 1], into: 0 }, version)
    ).json()) as EditState;
    expect(merged.clusters.map(({ cluster }) => cluster)).toEqual([0, 2, 3]);
    expect(await nextEvent(events)).toEqual({ kind: "edited", version: merged.version });
    controller.abort();

    expect(new Set(await numbers("scored", "cluster")).has(1)).toBe(false);
    expect(new Set(await numbers("scored", "original-cluster")).has(1)).toBe(true);
    const views = await explorer.json<ClusterView[]>("/api/runs/scored/clusters");
    expect(views.map(({ cluster }) => cluster)).toEqual([0, 2, 3]);
    expect(views.every(({ confusedWith }) => confusedWith.every(({ cluster }) => cluster !== 1))).toBe(true);
    const { clusters } = await explorer.json<ConfusionView>("/api/runs/scored/confusion");
    expect(clusters).not.toContain(1);
    expect(await picture("/api/runs/scored/centers/0.png")).toMatchObject({ width: 14 });
    expect((await explorer.ask("/api/runs/scored/centers/1.png")).status).toBe(404);

    const named = (await (
      await edit({ kind: "rename", cluster: 0, name: "round" }, merged.version)
    ).json()) as EditState;
    const log = await readFile(join(folder, "runs", "scored", "edits.jsonl"), "utf8");
    expect(log).toContain("round");
    const [first] = await explorer.json<ClusterView[]>("/api/runs/scored/clusters");
    expect(first?.name).toBe("round");

    const split = await edit({ kind: "split", cluster: 2, parts: 2, by: "k-means" }, named.version);
    expect(split.status).toBe(200);
    const after = (await split.json()) as EditState;
    expect(after.clusters).toHaveLength(4);
    const undone = (await (await edit({ kind: "undo" }, after.version)).json()) as EditState;
    expect(undone.clusters.map(({ cluster }) => cluster)).toEqual([0, 2, 3]);
    expect((await view("scored")).clusters).toBe(3);
  });

  test("of an old version are refused as a conflict, of clusters that are not there as wrong", async () => {
    const { version } = await explorer.json<EditState>("/api/runs/large/edits");
    const wish = { kind: "rename", cluster: 0, name: "a" };
    const path = "/api/runs/large/edits";
    expect((await explorer.ask(path, post({ version: version + 1, do: wish }))).status).toBe(409);
    expect((await explorer.ask(path, post({ version, do: { ...wish, cluster: 9 } }))).status).toBe(400);
  });

  test("move many images at once", async () => {
    const { version } = await explorer.json<EditState>("/api/runs/moved/edits");
    const moved = await explorer.ask(
      "/api/runs/moved/edits",
      post({ version, do: { kind: "move", images: [3, 4, 5], to: "new" } }),
    );
    expect(((await moved.json()) as EditState).clusters.at(-1)).toMatchObject({ cluster: 4, size: 3 });
    expect((await numbers("moved", "cluster")).slice(3, 6)).toEqual([4, 4, 4]);
  });
});

describe("a run whose images are gone", () => {
  let lone: TestExplorer;
  beforeAll(async () => {
    const source = (): ImageSource => {
      throw new InputError("unlabeled explore: it must be there; got nothing.");
    };
    lone = await startTestExplorer({ runsFolder: join(folder, "runs"), pageFolder: folder }, source);
  });
  afterAll(() => lone.close());

  test("says why, and shows all that needs no images", async () => {
    const run = await lone.json<RunView>("/api/runs/large");
    expect(run.images).toEqual({ available: false, reason: expect.stringContaining("must be there") });
    expect(run.atlas).toBeNull();
    expect(run.arrays.map(({ name }) => name)).toEqual([
      ...["cluster", "original-cluster", "class", "distance", "code-2d", "code-3d"],
    ]);
    const clusters = await lone.json<ClusterView[]>("/api/runs/large/clusters");
    const kept = clusters[0]?.typical[0] ?? -1;
    expect((await lone.ask(`/api/runs/large/images/${kept}.png`)).status).toBe(200);
    expect((await lone.ask("/api/runs/large/centers/0.png")).status).toBe(200);
    const one = await lone.json<ImageView>(`/api/runs/large/images/${kept}`);
    expect(one).toMatchObject({ neighbors: [], likely: [] });
    expect(one).not.toHaveProperty("pending");
    const refused = await lone.ask("/api/runs/large/k/3");
    expect([refused.status, await refused.json()]).toEqual([
      404,
      { error: expect.stringContaining("must be there") },
    ]);
  });

  test("a damaged file of points is told, and made anew", async () => {
    await truncate(join(folder, "runs", "damaged", "points.safetensors"), 1000);
    const again = await startTestExplorer(
      { runsFolder: join(folder, "runs"), run: join(folder, "runs", "damaged"), pageFolder: folder },
      () => large,
    );
    const { first } = await again.json<RunList>("/api/runs");
    expect(first).toBe("damaged");
    const { arrays } = await again.json<RunView>("/api/runs/damaged");
    expect(arrays.find(({ name }) => name === "code-2d")?.state).toBe("made");
    expect(again.warnings.join()).toContain("Move it away");
    let response = await again.ask("/api/runs/damaged/arrays/code-2d");
    while (response.status === 202) response = await again.ask("/api/runs/damaged/arrays/code-2d");
    expect((await response.arrayBuffer()).byteLength).toBe(60 * 8);
    await again.close();
  });
});

/** The first event of a stream. */
async function nextEvent(response: Response): Promise<RunEvent> {
  const reader = response.body?.getReader();
  let text = "";
  for (;;) {
    const piece = await reader?.read();
    text += new TextDecoder().decode(piece?.value);
    const data = /^data: (.*)$/m.exec(text)?.[1];
    if (data !== undefined) return JSON.parse(data) as RunEvent;
    if (!piece || piece.done) throw new Error(`no event: ${text}`);
  }
}
