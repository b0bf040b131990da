import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCompute } from "../../kernels/index.ts";
import { readResult } from "../../node/index.ts";
import type { ClusterView, FolderManifest, PackedBytes, RunView } from "../protocol.ts";
import { tinyDigits, writeTinyPage, writeTinyRun } from "../testing/explorers.ts";
import { packBytes } from "./packed.ts";
import { chooseImages, withoutPaths, writeExplorerFolder } from "./write-folder.ts";

let folder: string;
let page: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "unlabeled-folder-"));
  page = await writeTinyPage(
    folder,
    '<html><head><title>page</title><script type="module" crossorigin src="./assets/page.js"></script></head></html>',
  );
  await writeTinyRun(join(folder, "run"), "pca+kmeans");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** All files of an exported run, by path. */
async function exported(most = 100, gone = false): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const compute = createCompute({ threads: 1 });
  try {
    await writeExplorerFolder(
      {
        ...{ run: join(folder, "run"), pageFolder: page, most, signal: new AbortController().signal },
        show: () => {},
        write: async (path, content) => {
          files.set(path, String(content));
        },
      },
      {
        compute,
        reopen: async () => {
          if (gone) throw new Error("/home/somebody/images: gone");
          return tinyDigits;
        },
        runtime: () => Promise.reject(new Error("no networks here")),
        now: () => 0,
        date: () => "2026-01-02T03:04:05.000Z",
        warn: () => {},
      },
    );
  } finally {
    compute.close();
  }
  return files;
}

/** The value that a script hands over. */
function handed<T>(files: ReadonlyMap<string, string>, name: string): T {
  const script = files.get(`data/${name}.js`) ?? "";
  let value: unknown;
  new Function("unlabeledData", script)((said: string, given: unknown) => {
    expect(said).toBe(name);
    value = given;
  });
  return value as T;
}

function bytesOf({ length, width, deflated }: PackedBytes): Uint8Array<ArrayBuffer> {
  const planes = inflateSync(Buffer.from(deflated, "base64"));
  const count = length / width;
  return Uint8Array.from({ length }, (_, i) => planes[(i % width) * count + Math.floor(i / width)] as number);
}

describe("the explorer as a folder", () => {
  test("packed numbers are the same after unpacking", async () => {
    const numbers = Float32Array.from([1.5, -2, 3e30, 0]);
    const packed = await packBytes(new Uint8Array(numbers.buffer), 4);
    expect([...new Float32Array(bytesOf(packed).buffer)]).toEqual([...numbers]);
  });

  test("it holds the page as a plain script, and what the server would have said", async () => {
    const files = await exported();
    const html = files.get("index.html") ?? "";
    expect(html).toContain('<script defer src="./assets/page.js">');
    expect(html).not.toMatch(/type="module"|crossorigin/);
    expect(html).toContain("default-src 'none'");
    expect(files.get("assets/page.js")).toBe("export {};");
    const { assignments } = await readResult(join(folder, "run"));
    const labels = new Int32Array(bytesOf(handed(files, "arrays/cluster")).buffer);
    expect([...labels]).toEqual([...assignments.clusters]);
    const view = handed<RunView>(files, "run");
    expect(view).toMatchObject({ count: 60, decoder: null, drawing: { by: null } });
    for (const { name, width, state } of view.arrays) {
      expect(state).toBe("ready");
      expect(bytesOf(handed(files, `arrays/${name}`)).length).toBe(60 * width * 4);
    }
    const { height, width, columns } = view.atlas ?? { height: 0, width: 0, columns: 1 };
    const sheet = bytesOf(handed(files, "atlas/0"));
    // The first image is the first thumbnail, pixel by pixel.
    for (let y = 0; y < height; y++) {
      expect([...sheet.subarray(y * columns * width, y * columns * width + width)]).toEqual([
        ...tinyDigits.images.pixels.subarray(y * width, (y + 1) * width),
      ]);
    }
    for (const { cluster, typical } of handed<ClusterView[]>(files, "clusters")) {
      const pictures = handed<Record<string, string>>(files, `pictures/${cluster}`);
      for (const index of typical) expect(pictures[index]).toMatch(/^iVBOR/);
    }
  });

  test("of too many images it holds a sample, with all images of the galleries, and says so", async () => {
    const files = await exported(50);
    const manifest = handed<FolderManifest>(files, "manifest");
    expect(manifest).toMatchObject({ imagesOfRun: 60, numbered: true });
    const numbers = new Int32Array(bytesOf(handed(files, "numbers")).buffer);
    expect(numbers.length).toBe(manifest.imagesInFolder);
    const { assignments } = await readResult(join(folder, "run"));
    const labels = new Int32Array(bytesOf(handed(files, "arrays/cluster")).buffer);
    expect([...labels]).toEqual(Array.from(numbers, (index) => assignments.clusters[index]));
    for (const { cluster, typical } of handed<ClusterView[]>(files, "clusters")) {
      for (const at of typical) expect(labels[at]).toBe(cluster);
    }
  });

  test("a sample has as many images as are asked for, ascending, each once", () => {
    const view = { typical: [7], borderline: [], outliers: [9999], random: [7] } as unknown as ClusterView;
    const chosen = chooseImages(10_000, 100, [view], 3) ?? new Int32Array();
    expect(chosen.length).toBe(100);
    expect([...new Set(chosen)].sort((a, b) => a - b)).toEqual([...chosen]);
    expect(chosen).toContain(7);
    expect(chosen).toContain(9999);
    expect(chooseImages(100, 100, [view], 3)).toBeUndefined();
  });

  test("it tells no folder of this machine, and needs no images that are gone", async () => {
    const files = await exported(100, true);
    for (const content of files.values()) expect(content).not.toContain("/home/somebody");
    const view = handed<RunView>(files, "run");
    expect(view.images.available).toBe(false);
    expect(view.atlas).toBeNull();
    expect(
      withoutPaths({ source: { location: "/a/b/c", name: "c" }, list: [{ location: "C:\\x\\y" }] }),
    ).toEqual({
      source: { location: "c", name: "c" },
      list: [{ location: "y" }],
    });
  });
});
