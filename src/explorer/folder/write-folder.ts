/**
 * The explorer of one run as a folder of files: the page, and what its server would have said of the run. It opens from disk
 * and from any web host; what needs a server (edits, other numbers of clusters, decoding, new maps) is not in it.
 */
import { basename, resolve } from "node:path";
import { throwIfCancelled } from "../../estimator.ts";
import { takeImages } from "../../images/index.ts";
import { readResult } from "../../node/index.ts";
import { createRandom, distinctIntegers } from "../../random/index.ts";
import { atlasInfo, atlasSheet, pngOf } from "../pictures.ts";
import type { AtlasInfo, ClusterView, EditState, FolderManifest, RunEntry, RunView } from "../protocol.ts";
import { type OpenedRun, openRun, type RunArray } from "../run/opened-run.ts";
import { runEntry, runId } from "../run-list.ts";
import type { ExplorerWorld } from "../world.ts";
import { base64Of, dataScript, packBytes } from "./packed.ts";
import { pageFiles } from "./page.ts";

export interface FolderOptions {
  /** Of the run. */
  readonly run: string;
  /** Folder of the built page. */
  readonly pageFolder: string;
  /** Images, at most; of more, a sample is taken. */
  readonly most: number;
  readonly signal: AbortSignal;
  /** Writes a file below the folder. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /** Tells what is being written. */
  show(what: string): void;
}

export interface FolderWritten {
  /** Images in the folder, and in the run. */
  readonly images: number;
  readonly imagesOfRun: number;
  readonly bytes: number;
  /** Why there are no pictures, where there are none. */
  readonly withoutPictures: string | undefined;
}

/** Arrays that the folder holds where the run has them at hand. */
const kept = /^(cluster|class|probability|distance|reconstruction-error|(code|umap)-[23]d)$/;

/** Writes the folder of a run. */
export async function writeExplorerFolder(
  options: FolderOptions,
  world: ExplorerWorld,
): Promise<FolderWritten> {
  const { record } = await readResult(options.run);
  const name = basename(resolve(options.run));
  const entry = runEntry(runId(name), name, record);
  const run = await openRun(options.run, entry, world, { last: Promise.resolve() });
  try {
    return await new FolderWriter(run, options, world).write(entry);
  } finally {
    run.close();
  }
}

class FolderWriter {
  private readonly run: OpenedRun;
  private readonly options: FolderOptions;
  private readonly world: ExplorerWorld;
  private bytes = 0;

  constructor(run: OpenedRun, options: FolderOptions, world: ExplorerWorld) {
    this.run = run;
    this.options = options;
    this.world = world;
  }

  async write(entry: RunEntry): Promise<FolderWritten> {
    const { run, options } = this;
    // Vectors have no pictures; of images that are gone, the run's own pictures are left.
    const images = await run.allImages().catch(() => undefined);
    const view = await run.view();
    const clusters = await run.clusters();
    const chosen = chooseImages(run.count, options.most, clusters, view.seed);
    const atlas = images ? atlasInfo(chosen?.length ?? run.count, images) : null;
    const names = run.names;
    const manifest: FolderManifest = {
      ...{ format: "unlabeled-explorer", formatVersion: 1, madeAt: this.world.date() },
      entry,
      ...{ imagesOfRun: run.count, imagesInFolder: chosen?.length ?? run.count },
      ...{ numbered: chosen !== undefined, named: names !== undefined },
    };
    for (const { path, content } of await pageFiles(options.pageFolder, `${view.name} · unlabeled`)) {
      await this.file(path, content);
    }
    await this.data("manifest", manifest);
    const arrays = view.arrays.filter(
      ({ name, state }) => kept.test(name) && (state === "ready" || name.startsWith("code")),
    );
    await this.data("run", folderView(view, arrays, atlas, chosen?.length ?? run.count));
    await this.data("clusters", chosen ? clusters.map((one) => renumbered(one, chosen)) : clusters);
    await this.data("confusion", run.confusion());
    await this.data("edits", folded(await run.editState()));
    if (chosen) await this.numbers("numbers", chosen);
    if (names) await this.data("names", chosen ? Array.from(chosen, (i) => names[i] ?? "") : names);
    for (const { name, width } of arrays) {
      options.show(name);
      const array = await run.array(name).result;
      await this.numbers(`arrays/${name}`, chosen ? taken(array, width, chosen) : array);
    }
    if (images && atlas) {
      const shown = chosen ? takeImages(images, Array.from(chosen)) : images;
      for (let sheet = 0; sheet < atlas.sheets; sheet++) {
        options.show(`thumbnails ${sheet + 1} of ${atlas.sheets}`);
        await this.data(`atlas/${sheet}`, await packBytes(await atlasSheet(shown, atlas, sheet), 1));
      }
    }
    if (view.image) await this.pictures(clusters, chosen);
    return {
      images: chosen?.length ?? run.count,
      imagesOfRun: run.count,
      bytes: this.bytes,
      withoutPictures:
        view.image === null
          ? undefined
          : view.images.available
            ? undefined
            : `of the images, which are gone, only those that the run keeps are in it`,
    };
  }

  /** Centers, and the images of the galleries in full. */
  private async pictures(clusters: readonly ClusterView[], chosen: Int32Array | undefined): Promise<void> {
    const { run, options } = this;
    const placeOf = placesIn(chosen);
    const centers: Record<string, string> = {};
    for (const { cluster, size, typical, borderline, outliers, random } of clusters) {
      options.show(`pictures of cluster ${cluster}`);
      if (size > 0) await this.picture(centers, cluster, () => run.center(cluster));
      const own: Record<string, string> = {};
      for (const index of new Set([...typical, ...borderline, ...outliers, ...random])) {
        await this.picture(own, placeOf(index), () => run.image(index));
      }
      await this.data(`pictures/${cluster}`, own);
    }
    await this.data("centers", centers);
  }

  private async picture(
    into: Record<string, string>,
    at: number,
    ask: () => Promise<{ readonly images: Parameters<typeof pngOf>[0]; readonly index: number }>,
  ): Promise<void> {
    const found = await ask().catch(() => undefined); // the images are gone, and the run did not keep this one
    if (found) into[at] = base64Of(pngOf(found.images, found.index, 1));
  }

  private async numbers(name: string, array: RunArray): Promise<void> {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    await this.data(name, await packBytes(bytes, 4));
  }

  private data(name: string, value: unknown): Promise<void> {
    return this.file(`data/${name}.js`, dataScript(name, value));
  }

  private async file(path: string, content: string | Uint8Array): Promise<void> {
    throwIfCancelled("unlabeled export", this.options.signal);
    this.bytes += content.length;
    await this.options.write(path, content);
  }
}

/**
 * Images that are taken of very many: those of the galleries, and others drawn evenly.
 *
 * @returns ascending; undefined: all
 */
export function chooseImages(
  count: number,
  most: number,
  clusters: readonly ClusterView[],
  seed: number,
): Int32Array | undefined {
  if (count <= most) return undefined;
  const shown = new Set(
    clusters.flatMap(({ typical, borderline, outliers, random }) => [
      ...typical,
      ...borderline,
      ...outliers,
      ...random,
    ]),
  );
  // Galleries come first; what is drawn twice leaves room for no other.
  for (const index of distinctIntegers(createRandom(seed).stream("explorer-folder"), most, count)) {
    if (shown.size >= most) break;
    shown.add(index);
  }
  return Int32Array.from(shown).sort();
}

function placesIn(chosen: Int32Array | undefined): (index: number) => number {
  if (!chosen) return (index) => index;
  const places = new Map(Array.from(chosen, (index, at) => [index, at]));
  return (index) => places.get(index) as number;
}

function renumbered(view: ClusterView, chosen: Int32Array): ClusterView {
  const placeOf = placesIn(chosen);
  const of = (indices: readonly number[]): readonly number[] => indices.map(placeOf);
  return {
    ...view,
    ...{ typical: of(view.typical), borderline: of(view.borderline) },
    ...{ outliers: of(view.outliers), random: of(view.random) },
  };
}

function taken(array: RunArray, width: number, chosen: Int32Array): RunArray {
  const Type = array instanceof Int32Array ? Int32Array : Float32Array;
  const out = new Type(chosen.length * width);
  for (const [at, index] of chosen.entries()) {
    for (let c = 0; c < width; c++) out[at * width + c] = array[index * width + c] as number;
  }
  return out;
}

/** The view without what only a server can do, and without the paths of this machine. */
function folderView(
  view: RunView,
  arrays: RunView["arrays"],
  atlas: AtlasInfo | null,
  count: number,
): RunView {
  return {
    ...view,
    ...{ count, atlas, decoder: null },
    drawing: { by: null, reason: "Codes are drawn by the program, which does not come with this folder." },
    arrays: arrays.map((array) => ({ ...array, state: "ready" })),
    images: view.images.available
      ? view.images
      : {
          available: false,
          reason:
            "The images of the source were not there when this folder was made: it shows those that the run kept.",
        },
    record: withoutPaths(view.record),
  };
}

/** Edits are in the clusters already: nothing is left to undo. */
function folded(state: EditState): EditState {
  return { ...state, canUndo: false, canRedo: false };
}

const pathKeys = new Set(["location", "encoder", "folder", "run"]);

/** A record whose paths are the last part of themselves: a folder that is put on a web host tells nothing of this machine. */
export function withoutPaths(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPaths);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      pathKeys.has(key) && typeof part === "string"
        ? basename(part.replaceAll("\\", "/"))
        : withoutPaths(part),
    ]),
  );
}
