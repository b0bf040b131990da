/**
 * The tables that the kernels read: products with wavelets as sparse matrices, low-passes as small dense ones, and where
 * things stand. All orders, signs and scale factors of the transforms are in here, so that the kernels know of none.
 */
import { lowPassMatrix, morlet, type Wavelet } from "./filters.ts";
import type { Geometry } from "./geometry.ts";
import { frequencyOrder, placesOf } from "./orders.ts";
import type { ScatteringSettings } from "./types.ts";

/** Bytes of a complex vector in the kernels. */
const complexBytes = 32;

/** Weights below this do not matter: a wavelet's largest is about 1. */
export const negligible = 1e-6;

/** Maps of one size in the kernels' memory. */
export interface MapShape {
  readonly rows: number;
  readonly cols: number;
  /** Bytes from row to row: one number more than there is, so that a column does not fall on few lines of the cache. */
  readonly stride: number;
}

/** Maps of images that were subsampled by 2^scale. */
export function mapShape({ rows, cols }: Geometry, scale: number): MapShape {
  const width = cols / 2 ** scale;
  return { rows: rows / 2 ** scale, cols: width, stride: (width + 1) * complexBytes };
}

/** A frequency of a map along one axis: where it stands in a spectrum, and what it is in radians per pixel. */
function frequencies(n: number, pixels: number): { place: number; radians: number; index: number }[] {
  const places = placesOf(frequencyOrder(n));
  return Array.from({ length: n }, (_, index) => {
    const signed = index < n / 2 ? index : index - n;
    return { index, place: places[index] as number, radians: (2 * Math.PI * signed) / (n * pixels) };
  });
}

/**
 * Product with a wavelet, folded to a coarser map, as `gather` in assembly/scattering.ts reads it.
 *
 * @param pixels pixels from one value of the source to the next
 * @param gain   number by which all weights are multiplied
 */
function waveletTable(
  wavelet: Wavelet,
  source: MapShape,
  pixels: number,
  target: MapShape,
  gain: number,
): Uint32Array {
  const along = frequencies(source.cols, pixels);
  const terms: number[][] = Array.from({ length: target.rows * target.cols }, () => []);
  for (const first of frequencies(source.rows, pixels)) {
    for (const second of along) {
      const weight = wavelet(first.radians, second.radians);
      if (Math.abs(weight) < negligible) continue;
      const to = (first.index % target.rows) * target.cols + (second.index % target.cols);
      terms[to]?.push(first.place * source.stride + second.place * complexBytes, weight * gain);
    }
  }
  return groupByLength(terms, target);
}

function groupByLength(terms: readonly number[][], target: MapShape): Uint32Array {
  const words: number[] = [];
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  const lengths = [...new Set(terms.map((list) => list.length))].sort((a, b) => a - b);
  for (const length of lengths) {
    const outputs = [...terms.keys()].filter((to) => terms[to]?.length === length);
    words.push(length / 2, outputs.length);
    for (const to of outputs) {
      words.push(Math.floor(to / target.cols) * target.stride + (to % target.cols) * complexBytes);
      terms[to]?.forEach((value, at) => {
        float[0] = value;
        words.push(at % 2 === 0 ? value : (bits[0] as number));
      });
    }
  }
  words.push(0, 0);
  return Uint32Array.from(words);
}

/** Products of the image's spectrum: [scale][orientation]. */
export function firstTables(settings: ScatteringSettings, geometry: Geometry): Uint32Array[][] {
  const whole = mapShape(geometry, 0);
  const gain = 1 / (whole.rows * whole.cols);
  return scales(settings).map((scale) =>
    wavelets(settings, scale).map((wavelet) =>
      waveletTable(wavelet, whole, 1, mapShape(geometry, scale), gain),
    ),
  );
}

/** Products of spectra of the first order, of maps of one scale: [coarser scale][orientation]; nothing up to the scale itself. */
export function secondTables(
  settings: ScatteringSettings,
  geometry: Geometry,
  scale: number,
): Uint32Array[][] {
  const source = mapShape(geometry, scale);
  const gain = 0.5 / (source.rows * source.cols); // half, because the pair was split without it
  return scales(settings).map((coarser) =>
    coarser <= scale
      ? []
      : wavelets(settings, coarser).map((wavelet) =>
          waveletTable(wavelet, source, 2 ** scale, mapShape(geometry, coarser), gain),
        ),
  );
}

function scales({ nScales }: ScatteringSettings): number[] {
  return Array.from({ length: nScales }, (_, scale) => scale);
}

function wavelets({ nOrientations }: ScatteringSettings, scale: number): Wavelet[] {
  return Array.from({ length: nOrientations }, (_, orientation) => morlet(scale, orientation, nOrientations));
}

/** Pairs of opposite frequencies of a map, each once: how many, then their places. */
export function pairTable(shape: MapShape): Uint32Array {
  const [rowPlaces, colPlaces] = [shape.rows, shape.cols].map((n) => placesOf(frequencyOrder(n))) as [
    Int32Array,
    Int32Array,
  ];
  const place = (r: number, c: number): number =>
    (rowPlaces[r] as number) * shape.stride + (colPlaces[c] as number) * complexBytes;
  const pairs: number[] = [];
  for (let r = 0; r < shape.rows; r++) {
    for (let c = 0; c < shape.cols; c++) {
      const [oppositeR, oppositeC] = [(shape.rows - r) % shape.rows, (shape.cols - c) % shape.cols];
      if (oppositeR * shape.cols + oppositeC < r * shape.cols + c) continue;
      pairs.push(place(r, c), place(oppositeR, oppositeC));
    }
  }
  return Uint32Array.from([pairs.length / 2, ...pairs]);
}

/** Positions in space along one axis, by place: natural for images, and mirrored in the transform's order for maps. */
function positions(n: number, transformed: boolean): Int32Array {
  return transformed
    ? frequencyOrder(n).map((frequency) => (n - frequency) % n)
    : Int32Array.from({ length: n }, (_, place) => place);
}

/** Low-passes of maps of one scale whose values stand at the given positions: [column][grid column], [grid row][row]. */
export function lowPassTables(
  settings: ScatteringSettings,
  { gridRows, gridCols }: Geometry,
  shape: MapShape,
  scale: number,
  transformed: boolean,
): { readonly alongRows: Float32Array; readonly alongCols: Float32Array } {
  const { rows, cols } = shape;
  const pixels = 2 ** scale;
  const byCol = lowPassMatrix(cols, gridCols, pixels, settings.nScales);
  const byRow = lowPassMatrix(rows, gridRows, pixels, settings.nScales);
  const [rowOf, colOf] = [positions(rows, transformed), positions(cols, transformed)];
  const alongRows = new Float32Array(cols * gridCols);
  const alongCols = new Float32Array(gridRows * rows);
  for (let g = 0; g < gridCols; g++) {
    for (let c = 0; c < cols; c++)
      alongRows[c * gridCols + g] = byCol[g * cols + (colOf[c] as number)] as number;
  }
  for (let g = 0; g < gridRows; g++) {
    for (let r = 0; r < rows; r++) alongCols[g * rows + r] = byRow[g * rows + (rowOf[r] as number)] as number;
  }
  return { alongRows, alongCols };
}

/** Where a value of a map stands in natural order, in bytes from the start of a map: of its row, of its column. */
export function naturalPlaces(
  shape: MapShape,
  transformed: boolean,
): { rowPlaces: Uint32Array; colPlaces: Uint32Array } {
  return {
    rowPlaces: Uint32Array.from(positions(shape.rows, transformed), (r) => r * shape.stride),
    colPlaces: Uint32Array.from(positions(shape.cols, transformed), (c) => c * complexBytes),
  };
}
