/**
 * Wavelet scattering of four images at a time, one in each lane of a vector.
 *
 *     X = F x                          the image's transform                            order 0: low-pass of x
 *     u1 = |F^-1 (X psi1)|             for each wavelet, at its own resolution          order 1: low-pass of u1
 *     u2 = |F^-1 ((F u1) psi2)|        for each coarser wavelet                         order 2: low-pass of u2
 *
 * - Wavelets are real numbers in frequency. Multiplying by one and folding the frequencies that fall together at the coarser
 *   resolution is one sparse matrix, of which only entries that matter are kept (`gather`).
 * - Two maps u1, being real, go through one complex transform (`splitPair`).
 * - The low-pass, with its subsampling to the grid, is separable and linear: a small matrix on each side, taken in the same
 *   pass as the modulus (`lowPass`).
 *
 * For 28 x 28 pixels in 32 x 32, three scales and eight orientations, vector operations for four images, in thousands:
 * 13 transforms of 32 x 32 at 32; 76 of 16 x 16 at 6; 136 of 8 x 8 at 1; products with wavelets 400; modulus and
 * low-pass 500. Together about 2 million, which is 0.5 million for each image.
 *
 * An image's lane, its neighbours and its block leave no trace in its result.
 */
import { COMPLEX, transformMap } from "./fourier";

// @ts-ignore: decorator
@unmanaged
export class ScatteringTask {
  /** nImages x height x width x nChannels bytes. */
  pixels: usize;
  nImages: u32;
  height: u32;
  width: u32;
  nChannels: u32;
  /** Place of the image's first pixel in the padded map. */
  top: u32;
  left: u32;
  nScales: u32;
  nOrientations: u32;
  /** Rows and columns of the grid, multiples of four. */
  gridRows: u32;
  gridCols: u32;
  /** Maps of each scale; nScales + 1 records of Level, the first of the image itself, in natural order. */
  levels: usize;
  /** Addresses of the tables of wavelets: [scale][orientation] for the image. */
  first: usize;
  /** The same for maps of the first order: [scale of the map][scale][orientation]. */
  second: usize;
  /** Cosines and sines. */
  roots: usize;
  /** A number for each feature by which it is multiplied, or 0. */
  factors: usize;
  /** nImages, rounded up to a multiple of four, x nFeatures. */
  output: usize;
  nFeatures: u32;
  scratch: usize;
  scratchBytes: usize;
}

/** What must be known of the maps of one scale; src/features/scattering/tables.ts writes it. */
// @ts-ignore: decorator
@unmanaged
class Level {
  rows: u32;
  cols: u32;
  /** Bytes from one row to the next. */
  stride: usize;
  /** Low-pass along rows: [column][grid column]; along columns: [grid row][row]. */
  alongRows: usize;
  alongCols: usize;
  /** Where a place of the map stands in natural order, in bytes: of rows, of columns. */
  rowPlaces: usize;
  colPlaces: usize;
  /** Pairs of opposite frequencies: their number, then twice as many places. */
  pairs: usize;
}

const LEVEL_BYTES: usize = 32;

// @ts-ignore: decorator
@inline
function level(t: ScatteringTask, index: u32): Level {
  return changetype<Level>(t.levels + index * LEVEL_BYTES);
}

/** Bytes of a complex map, and of one before the next in the scratch. */
// @ts-ignore: decorator
@inline
function mapBytes(l: Level): usize {
  return l.stride * l.rows;
}

/** Four images' channel c as a padded complex map, in units of 1. */
function placeImages(t: ScatteringTask, block: u32, channel: u32, map: usize, l: Level): void {
  memory.fill(map, 0, mapBytes(l));
  const length = t.height * t.width * t.nChannels;
  const rowLength = t.width * t.nChannels;
  const end = min(block * 4 + 4, t.nImages);
  for (let image = block * 4; image < end; image++) {
    let from = t.pixels + <usize>image * length + channel;
    let to = map + l.stride * t.top + COMPLEX * t.left + ((image & 3) << 2);
    for (let r: u32 = 0; r < t.height; r++) {
      let at = from;
      let place = to;
      for (let c: u32 = 0; c < t.width; c++) {
        store<f32>(place, <f32>load<u8>(at) / 255);
        at += t.nChannels;
        place += COMPLEX;
      }
      from += rowLength;
      to += l.stride;
    }
  }
}

/**
 * Product with a wavelet, folded. The table holds groups of outputs that have the same number of terms: that number and
 * the number of outputs, then for each its place and its terms, each a place and a weight. It ends with a group of none.
 */
function gather(table: usize, source: usize, target: usize): void {
  let at = table;
  for (;;) {
    const terms = load<u32>(at);
    let outputs = load<u32>(at, 4);
    at += 8;
    if (outputs == 0) return;
    if (terms == 0) {
      const zero = f32x4.splat(0);
      for (; outputs > 0; outputs--) {
        const to = target + load<u32>(at);
        v128.store(to, zero);
        v128.store(to, zero, 16);
        at += 4;
      }
    } else if (terms == 1) {
      for (; outputs > 0; outputs--) {
        const to = target + load<u32>(at);
        const from = source + load<u32>(at, 4);
        const w = v128.load32_splat(at, 8);
        v128.store(to, f32x4.mul(v128.load(from), w));
        v128.store(to, f32x4.mul(v128.load(from, 16), w), 16);
        at += 12;
      }
    } else {
      for (; outputs > 0; outputs--) {
        const to = target + load<u32>(at);
        let from = source + load<u32>(at, 4);
        let w = v128.load32_splat(at, 8);
        let re = f32x4.mul(v128.load(from), w);
        let im = f32x4.mul(v128.load(from, 16), w);
        at += 12;
        for (let term: u32 = 1; term < terms; term++) {
          from = source + load<u32>(at);
          w = v128.load32_splat(at, 4);
          re = f32x4.add(re, f32x4.mul(v128.load(from), w));
          im = f32x4.add(im, f32x4.mul(v128.load(from, 16), w));
          at += 8;
        }
        v128.store(to, re);
        v128.store(to, im, 16);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function modulus(at: usize): v128 {
  const re = v128.load(at);
  const im = v128.load(at, 16);
  return f32x4.sqrt(f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im)));
}

/**
 * Low-pass of a map's modulus, on the grid, into feature `feature` and those after it. Where `kept` is not 0, the modulus
 * is also written there, in natural order. Two rows at a time.
 */
function lowPass(t: ScatteringTask, l: Level, map: usize, half: usize, kept: usize, block: u32, feature: u32): void {
  const gridCols = t.gridCols;
  const halfStride = <usize>gridCols << 4;
  const cols = <usize>l.cols;
  const end = mapBytes(l);
  for (let first: u32 = 0; first < gridCols; first += 4) {
    const keep = kept != 0 && first == 0;
    let rowPlace = l.rowPlaces;
    let to = half + (<usize>first << 4);
    for (let row = map; row < map + end; row += l.stride * 2) {
      let a0 = f32x4.splat(0);
      let a1 = f32x4.splat(0);
      let a2 = f32x4.splat(0);
      let a3 = f32x4.splat(0);
      let b0 = f32x4.splat(0);
      let b1 = f32x4.splat(0);
      let b2 = f32x4.splat(0);
      let b3 = f32x4.splat(0);
      let weights = l.alongRows + (<usize>first << 2);
      let place = l.colPlaces;
      const keptA = kept + load<u32>(rowPlace);
      const keptB = kept + load<u32>(rowPlace, 4);
      const last = row + cols * COMPLEX;
      for (let at = row; at < last; at += COMPLEX) {
        const a = modulus(at);
        const b = modulus(at + l.stride);
        if (keep) {
          const column = load<u32>(place);
          v128.store(keptA + column, a);
          v128.store(keptB + column, b);
          place += 4;
        }
        const w0 = v128.load32_splat(weights);
        a0 = f32x4.add(a0, f32x4.mul(a, w0));
        b0 = f32x4.add(b0, f32x4.mul(b, w0));
        const w1 = v128.load32_splat(weights, 4);
        a1 = f32x4.add(a1, f32x4.mul(a, w1));
        b1 = f32x4.add(b1, f32x4.mul(b, w1));
        const w2 = v128.load32_splat(weights, 8);
        a2 = f32x4.add(a2, f32x4.mul(a, w2));
        b2 = f32x4.add(b2, f32x4.mul(b, w2));
        const w3 = v128.load32_splat(weights, 12);
        a3 = f32x4.add(a3, f32x4.mul(a, w3));
        b3 = f32x4.add(b3, f32x4.mul(b, w3));
        weights += <usize>gridCols << 2;
      }
      v128.store(to, a0);
      v128.store(to, a1, 16);
      v128.store(to, a2, 32);
      v128.store(to, a3, 48);
      const next = to + halfStride;
      v128.store(next, b0);
      v128.store(next, b1, 16);
      v128.store(next, b2, 32);
      v128.store(next, b3, 48);
      to = next + halfStride;
      rowPlace += 8;
    }
  }
  gridRowsOf(t, l, half, block, feature);
}

/** The other side's matrix: from rows x gridCols to the grid, written to the four images' rows of the output. */
function gridRowsOf(t: ScatteringTask, l: Level, half: usize, block: u32, feature: u32): void {
  const gridCols = t.gridCols;
  const halfStride = <usize>gridCols << 4;
  const rowBytes = <usize>t.nFeatures << 2;
  let weightsOfRow = l.alongCols;
  let place = <usize>feature << 2;
  for (let r: u32 = 0; r < t.gridRows; r++) {
    for (let first: u32 = 0; first < gridCols; first += 4) {
      let s0 = f32x4.splat(0);
      let s1 = f32x4.splat(0);
      let s2 = f32x4.splat(0);
      let s3 = f32x4.splat(0);
      let from = half + (<usize>first << 4);
      for (let i: u32 = 0; i < l.rows; i++) {
        const w = v128.load32_splat(weightsOfRow + (<usize>i << 2));
        s0 = f32x4.add(s0, f32x4.mul(v128.load(from), w));
        s1 = f32x4.add(s1, f32x4.mul(v128.load(from, 16), w));
        s2 = f32x4.add(s2, f32x4.mul(v128.load(from, 32), w));
        s3 = f32x4.add(s3, f32x4.mul(v128.load(from, 48), w));
        from += halfStride;
      }
      writeTurned(t.output + ((<usize>block * rowBytes) << 2) + place, rowBytes, t.factors == 0 ? 0 : t.factors + place, s0, s1, s2, s3);
      place += 16;
    }
    weightsOfRow += <usize>l.rows << 2;
  }
}

/** Four features of four images each, turned so that each image's stand together. */
// @ts-ignore: decorator
@inline
function writeTurned(to: usize, rowBytes: usize, factors: usize, s0: v128, s1: v128, s2: v128, s3: v128): void {
  const low01 = v128.shuffle<f32>(s0, s1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(s0, s1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(s2, s3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(s2, s3, 2, 6, 3, 7);
  const f = factors == 0 ? f32x4.splat(1) : v128.load(factors);
  v128.store(to, f32x4.mul(v128.shuffle<f64>(low01, low23, 0, 2), f));
  v128.store(to + rowBytes, f32x4.mul(v128.shuffle<f64>(low01, low23, 1, 3), f));
  v128.store(to + rowBytes * 2, f32x4.mul(v128.shuffle<f64>(high01, high23, 0, 2), f));
  v128.store(to + rowBytes * 3, f32x4.mul(v128.shuffle<f64>(high01, high23, 1, 3), f));
}

/**
 * With z = a + ib, a and b real: twice the transform of a at w is Z(w) + conj Z(-w), and twice that of b is
 * (Z(w) - conj Z(-w)) / i. The halves are in the wavelets' weights.
 */
function splitPair(l: Level, pair: usize, first: usize, other: usize): void {
  let at = l.pairs + 4;
  for (let count = load<u32>(l.pairs); count > 0; count--) {
    const w = load<u32>(at);
    const opposite = load<u32>(at, 4);
    at += 8;
    const re = v128.load(pair + w);
    const im = v128.load(pair + w, 16);
    const oppositeRe = v128.load(pair + opposite);
    const oppositeIm = v128.load(pair + opposite, 16);
    const sumRe = f32x4.add(re, oppositeRe);
    const differenceIm = f32x4.sub(im, oppositeIm);
    v128.store(first + w, sumRe);
    v128.store(first + w, differenceIm, 16);
    v128.store(first + opposite, sumRe);
    v128.store(first + opposite, f32x4.neg(differenceIm), 16);
    const sumIm = f32x4.add(im, oppositeIm);
    const differenceRe = f32x4.sub(oppositeRe, re);
    v128.store(other + w, sumIm);
    v128.store(other + w, differenceRe, 16);
    v128.store(other + opposite, sumIm);
    v128.store(other + opposite, f32x4.neg(differenceRe), 16);
  }
}

/** Product with a wavelet, back to space, modulus, low-pass. */
// @ts-ignore: decorator
@inline
function scatter(t: ScatteringTask, wavelet: usize, source: usize, l: Level, map: usize, half: usize, kept: usize, block: u32, feature: u32): void {
  gather(load<u32>(wavelet), source, map);
  transformMap(map, l.rows, l.cols, l.stride, t.roots);
  lowPass(t, l, map, half, kept, block, feature);
}

/** Order 2 of one map of the first order, given its spectrum. */
function secondOrder(t: ScatteringTask, scale: u32, source: usize, map: usize, half: usize, block: u32, feature: u32): void {
  const grid = t.gridRows * t.gridCols;
  for (let coarser = scale + 1; coarser < t.nScales; coarser++) {
    const l = level(t, coarser + 1);
    for (let o: u32 = 0; o < t.nOrientations; o++) {
      const wavelet = t.second + (<usize>((scale * t.nScales + coarser) * t.nOrientations + o) << 2);
      scatter(t, wavelet, source, l, map, half, 0, block, feature);
      feature += grid;
    }
  }
}

function scatterChannel(t: ScatteringTask, block: u32, channel: u32, image: usize): void {
  const whole = level(t, 0);
  const bytes = mapBytes(whole);
  const map = image + bytes;
  const pair = map + bytes;
  const first = pair + bytes;
  const other = first + bytes;
  const half = other + bytes;
  const grid = t.gridRows * t.gridCols;
  const nOrientations = t.nOrientations;
  let feature = channel * (t.nFeatures / t.nChannels);
  placeImages(t, block, channel, image, whole);
  lowPass(t, whole, image, half, 0, block, feature);
  transformMap(image, whole.rows, whole.cols, whole.stride, t.roots);
  feature += grid;
  let deeper = feature + t.nScales * nOrientations * grid;
  for (let scale: u32 = 0; scale < t.nScales; scale++) {
    const l = level(t, scale + 1);
    const pathsDeeper = (t.nScales - 1 - scale) * nOrientations * grid;
    for (let o: u32 = 0; o < nOrientations; o += 2) {
      const wavelet = t.first + (<usize>(scale * nOrientations + o) << 2);
      scatter(t, wavelet, image, l, map, half, pathsDeeper == 0 ? 0 : pair, block, feature);
      scatter(t, wavelet + 4, image, l, map, half, pathsDeeper == 0 ? 0 : pair + 16, block, feature + grid);
      feature += 2 * grid;
      if (pathsDeeper == 0) continue;
      transformMap(pair, l.rows, l.cols, l.stride, t.roots);
      splitPair(l, pair, first, other);
      secondOrder(t, scale, first, map, half, block, deeper);
      secondOrder(t, scale, other, map, half, block, deeper + pathsDeeper);
      deeper += 2 * pathsDeeper;
    }
  }
}

/** Scattering of the four images of a block, all channels one after another. */
export function scatterImages(task: usize, block: u32, worker: u32): void {
  const t = changetype<ScatteringTask>(task);
  const scratch = t.scratch + <usize>worker * t.scratchBytes;
  for (let channel: u32 = 0; channel < t.nChannels; channel++) scatterChannel(t, block, channel, scratch);
}
