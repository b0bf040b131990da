/** Where the images of a run lie: in the space of their codes, and in maps (UMAP). */
import { messageOf } from "../../errors.ts";
import { MAP_EPOCHS, MAP_NEIGHBORS, type RunPoints, type RunRecord } from "../../experiment/index.ts";
import type { Matrix } from "../../matrix/index.ts";
import { keepMap, mapKey, readKeptMap } from "../../node/index.ts";
import { chainColumns, methodStages, parseMethod } from "../../pipeline/index.ts";
import type { PlaneShapes } from "../protocol.ts";
import { finished, type SharedWorks, type Work } from "../shared-work.ts";
import type { ExplorerWorld } from "../world.ts";
import { type CurrentClusters, planeShapes } from "./current-clusters.ts";
import { mapInThread } from "./map-thread.ts";
import type { RunCode } from "./run-code.ts";

/** A map says nothing of fewer images. */
const LEAST_MAPPED = 5;

interface Parts {
  readonly folder: string;
  readonly record: RunRecord;
  /** Number of images. */
  readonly count: number;
  readonly points: RunPoints | undefined;
  readonly works: SharedWorks;
  readonly code: RunCode;
  readonly world: ExplorerWorld;
}

/** A plane or space that can be shown. */
export interface PlaneInfo {
  readonly name: string;
  readonly width: 2 | 3;
  /** Whether its places are there, and need not be made. */
  readonly isReady: boolean;
}

export class RunPlanes {
  private readonly parts: Parts;
  /** Maps that were found in the run folder. */
  private readonly kept = new Map<string, Float32Array>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** Those that the run can have. */
  infos(): readonly PlaneInfo[] {
    const { points, works, count } = this.parts;
    const isCoded = points !== undefined || works.isDone("points");
    const infos: PlaneInfo[] = [{ name: "code-2d", width: 2, isReady: isCoded }];
    if ((points?.places.cols ?? 3) >= 3) infos.push({ name: "code-3d", width: 3, isReady: isCoded });
    if (count < LEAST_MAPPED) return infos;
    for (const width of [2, 3] as const) {
      const name = `umap-${width}d`;
      infos.push({ name, width, isReady: this.kept.has(name) || works.isDone(name) });
    }
    return infos;
  }

  /** The places of all images, or the work by which they are being made. */
  places(of: "code" | "umap", width: 2 | 3): Work<Float32Array> {
    if (of === "umap") return this.map(width);
    const { points } = this.parts;
    return points ? finished(flat(points.places, width)) : this.codePlaces(width);
  }

  /** Centers and ellipses of the clusters, where places are there at once. */
  shapes(now: CurrentClusters): Readonly<Record<string, PlaneShapes>> {
    const { points, record } = this.parts;
    if (!points) return {};
    const outlined = !methodStages(parseMethod(record.method)).clusterer.graphs;
    const shape = (width: 2 | 3): PlaneShapes =>
      planeShapes(now, flat(points.places, width), width, outlined);
    return { "code-2d": shape(2), ...(points.places.cols >= 3 && { "code-3d": shape(3) }) };
  }

  private codePlaces(width: 2 | 3): Work<Float32Array> {
    const { works, code } = this.parts;
    const name = `code-${width}d`;
    return works.get(name, async () => flat((await code.points().result).places, width));
  }

  /** A map of all images, as it was kept, or made. */
  private map(width: 2 | 3): Work<Float32Array> {
    const name = `umap-${width}d`;
    const found = this.kept.get(name);
    if (found) return finished(found);
    const { folder, record, world, works, code, count } = this.parts;
    const make = async (tell: (done: number) => void, signal: AbortSignal): Promise<Float32Array> => {
      const key = await this.keyOf(width);
      const kept = await readKeptMap(folder, name, key, count);
      if (kept) return kept.data;
      const samples = await code.features().result;
      const columns = chainColumns(await code.chain());
      const options = { columns, seed: record.seed, nDimensions: width };
      const map = await works.alone(() =>
        mapInThread(samples, options, world.compute, signal, ({ part, done }) => {
          // Neighbours take about a fifth of the time.
          tell(part === "neighbors" ? 0 : part === "layout" ? 0.2 + 0.75 * done : 0.95 + 0.05 * done);
        }),
      );
      await keepMap(folder, name, key, map).catch((error: unknown) => {
        world.warn(
          `unlabeled: the map could not be kept in "${folder}" (${messageOf(error)}): it will be made anew next time.`,
        );
      });
      return map.data;
    };
    return works.get(name, make, { cancellable: true });
  }

  private keyOf(width: number): Promise<string> {
    return mapKey(this.parts.folder, {
      version: 1,
      map: "umap",
      ...{ width, neighbors: MAP_NEIGHBORS, epochs: MAP_EPOCHS },
    });
  }

  /** Finds the maps that the run folder holds already. */
  async lookForMaps(): Promise<void> {
    const { folder, count } = this.parts;
    for (const width of [2, 3]) {
      const name = `umap-${width}d`;
      if (this.kept.has(name)) continue;
      const kept = await readKeptMap(folder, name, await this.keyOf(width), count);
      if (kept) this.kept.set(name, kept.data);
    }
  }
}

/** The first columns of places; a missing second one is 0. */
function flat({ rows, cols, data }: Matrix<Float32Array>, width: 2 | 3): Float32Array {
  if (cols === width) return data;
  const out = new Float32Array(rows * width);
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < Math.min(cols, width); c++) out[i * width + c] = data[i * cols + c] as number;
  }
  return out;
}
