/** The transform in the kernels' memory: its tables, and room for one chunk of images and its coefficients. */
import { type ImageSet, sliceImages } from "../../images/index.ts";
import { type KernelCompute, openWorkspace, roundUp, type Workspace } from "../../kernels/index.ts";
import type { Matrix } from "../../matrix/index.ts";
import { type Geometry, geometryOf } from "./geometry.ts";
import { rootTable } from "./orders.ts";
import {
  firstTables,
  lowPassTables,
  type MapShape,
  mapShape,
  naturalPlaces,
  pairTable,
  secondTables,
} from "./tables.ts";
import type { ScatteringSettings } from "./types.ts";

/** Images that one block of the kernels takes: one for each lane of a vector. */
const lanes = 4;
/** Bytes of coefficients of one chunk: enough blocks for many threads, few against what a caller keeps. */
const chunkBytes = 2 ** 24;

/** An opened transform. The caller releases it. */
export interface Session {
  readonly nFeatures: number;
  /** Most images of one chunk. */
  readonly chunkRows: number;
  /** Coefficients of at most `chunkRows` images, in memory of their own. */
  transform(images: ImageSet, signal: AbortSignal | undefined): Promise<Matrix<Float32Array>>;
  release(): void;
}

/**
 * @param factors a number for each feature by which it is to be multiplied; without it they stay as they are
 */
export function openSession(
  compute: KernelCompute,
  settings: ScatteringSettings,
  factors?: Float32Array,
): Session {
  const geometry = geometryOf(settings);
  const { nFeatures } = geometry;
  const work = openWorkspace(compute, "ScatteringTask");
  try {
    const chunkRows = Math.max(lanes, Math.floor(chunkBytes / 4 / nFeatures / lanes) * lanes);
    const { height, width, channels: nChannels, nScales, nOrientations } = settings;
    const { top, left, gridRows, gridCols } = geometry;
    const length = height * width * nChannels;
    const pixels = work.allocate(chunkRows * length);
    const output = work.allocate(chunkRows * nFeatures * 4);
    work.set({ pixels, height, width, nChannels, top, left, nScales, nOrientations, gridRows, gridCols });
    work.set({ output, nFeatures, factors: factors ? store(work, factors) : 0, ...scratch(work, geometry) });
    work.set({ roots: store(work, rootTable(Math.max(geometry.rows, geometry.cols))) });
    work.set({ levels: store(work, levelRecords(work, settings, geometry)) });
    work.set(waveletAddresses(work, settings, geometry));
    return {
      nFeatures,
      chunkRows,
      async transform(images, signal) {
        const { count } = images;
        compute.memory.bytes(pixels, count * length).set(images.pixels);
        work.set({ nImages: count });
        await work.run([["scatterImages", Math.ceil(count / lanes)]], signal);
        const data = compute.memory.float32(output, count * nFeatures).slice();
        return { rows: count, cols: nFeatures, data };
      },
      release: () => work.release(),
    };
  } catch (error) {
    work.release();
    throw error;
  }
}

/** The images in chunks of at most `rows`, as views. */
export function* chunksOf(images: ImageSet, rows: number): Generator<ImageSet, void> {
  for (let from = 0; from < images.count; from += rows) {
    yield sliceImages(images, from, Math.min(images.count, from + rows));
  }
}

type Work = Workspace<"ScatteringTask">;

/** Five maps and, of rows x grid columns, what lies between the two sides of a low-pass. */
function scratch(work: Work, geometry: Geometry): { scratch: number; scratchBytes: number } {
  const { rows, stride } = mapShape(geometry, 0);
  const bytes = roundUp(5 * rows * stride + rows * geometry.gridCols * 16, 64);
  return { scratch: work.allocate(bytes * work.compute.threads), scratchBytes: bytes };
}

/** Copies numbers into the kernels' memory; gives their address. */
function store(work: Work, numbers: Float32Array | Uint32Array): number {
  const address = work.allocate(numbers.byteLength);
  const view =
    numbers instanceof Float32Array
      ? work.compute.memory.float32(address, numbers.length)
      : work.compute.memory.uint32(address, numbers.length);
  view.set(numbers);
  return address;
}

/** Records of `Level` in assembly/scattering.ts: the image in natural order, then the maps of each scale. */
function levelRecords(work: Work, settings: ScatteringSettings, geometry: Geometry): Uint32Array {
  const record = (shape: MapShape, scale: number, transformed: boolean): number[] => {
    const { alongRows, alongCols } = lowPassTables(settings, geometry, shape, scale, transformed);
    const { rowPlaces, colPlaces } = naturalPlaces(shape, transformed);
    const tables = [alongRows, alongCols, rowPlaces, colPlaces, pairTable(shape)];
    return [shape.rows, shape.cols, shape.stride, ...tables.map((table) => store(work, table))];
  };
  const scales = Array.from({ length: settings.nScales }, (_, scale) => scale);
  return Uint32Array.from([
    ...record(mapShape(geometry, 0), 0, false),
    ...scales.flatMap((scale) => record(mapShape(geometry, scale), scale, true)),
  ]);
}

interface WaveletTables {
  /** By scale and orientation. */
  readonly first: readonly (readonly Uint32Array[])[];
  /** By scale, coarser scale and orientation. */
  readonly second: readonly (readonly (readonly Uint32Array[])[])[];
}

let latest: { readonly key: string; readonly tables: WaveletTables } | undefined;

/** Tables of wavelets. The last ones are kept: pieces of a stream want the same, which take longer to make than a few images. */
function waveletTables(settings: ScatteringSettings, geometry: Geometry): WaveletTables {
  const { nScales, nOrientations } = settings;
  const key = [nScales, nOrientations, geometry.rows, geometry.cols].join(" ");
  if (latest?.key === key) return latest.tables;
  const scales = Array.from({ length: nScales }, (_, scale) => scale);
  const tables = {
    first: firstTables(settings, geometry),
    second: scales.map((scale) => secondTables(settings, geometry, scale)),
  };
  latest = { key, tables };
  return tables;
}

/** Addresses of the tables of wavelets, as the task takes them; 0 where there is none. */
function waveletAddresses(
  work: Work,
  settings: ScatteringSettings,
  geometry: Geometry,
): { first: number; second: number } {
  const { nScales, nOrientations } = settings;
  const tables = waveletTables(settings, geometry);
  const first = tables.first.flat().map((table) => store(work, table));
  const second = new Uint32Array(nScales * nScales * nOrientations);
  for (let scale = 0; scale < nScales; scale++) {
    tables.second[scale]?.forEach((directions, coarser) => {
      directions.forEach((table, orientation) => {
        second[(scale * nScales + coarser) * nOrientations + orientation] = store(work, table);
      });
    });
  }
  return { first: store(work, Uint32Array.from(first)), second: store(work, second) };
}
