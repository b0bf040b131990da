/**
 * Histograms of oriented gradients (Dalal and Triggs 2005), one image after another. Gradients are whole numbers, centred
 * differences of bytes; magnitudes and angles are taken for four pixels at once, and shared out to the two nearest of nine
 * directions. Each image is finished by one worker: the same bytes on any number of threads.
 */

/** Where everything lies. */
@unmanaged
export class GradientsTask {
  images: usize; // nImages x height x width x channels, u8
  nImages: u32;
  height: u32;
  width: u32;
  channels: u32;
  cellsDown: u32;
  cellsAcross: u32;
  rowCells: usize; // height, u32: cell of each row of pixels
  columnCells: usize; // width, u32: byte offset of the histogram of each column's cell within a row of cells
  shares: usize; // cellsDown x cellsAcross, f32: by what the sums of a cell are multiplied
  output: usize; // nImages x (cellsDown - 1) x (cellsAcross - 1) x 36, f32
  workerScratch: usize;
  scratchBytes: u32;
}

/** Images of one block. */
const GROUP: u32 = 16;

/** Numbers of a histogram while it is filled: nine directions, and one on each side that is the one on the other end. */
const SLOTS: u32 = 11;
const BINS: u32 = 9;

/** Added to the square of a block's length: 1e-4 squared. */
const EPSILON: f32 = 1e-8;

/** Directions for each radian. */
const PER_RADIAN: f32 = 2.864788975654116;

/**
 * Writes the planes of an image, each with a border that repeats its outermost pixels: (height + 2) x stride of i16. A fourth
 * channel is opacity: colours are taken over black, and it is a channel like them.
 */
function fillPlanes(t: GradientsTask, image: usize, planes: usize, stride: u32): void {
  const height = t.height;
  const width = t.width;
  const channels = t.channels;
  const plane = (<usize>(height + 2) * stride) << 1;
  for (let c: u32 = 0; c < channels; c++) {
    const own = planes + c * plane;
    for (let y: u32 = 0; y < height; y++) {
      const row = own + ((<usize>(y + 1) * stride) << 1);
      let from = image + <usize>y * width * channels + c;
      let to = row + 2;
      if (channels == 4 && c < 3) {
        let opacity = image + <usize>y * width * channels + 3;
        for (let x: u32 = 0; x < width; x++) {
          const product = <u32>load<u8>(from) * <u32>load<u8>(opacity);
          store<u16>(to, <u16>((product + 127) / 255));
          from += 4;
          opacity += 4;
          to += 2;
        }
      } else {
        for (let x: u32 = 0; x < width; x++) {
          store<u16>(to, <u16>load<u8>(from));
          from += channels;
          to += 2;
        }
      }
      store<u16>(row, load<u16>(row, 2));
      store<u16>(to, load<u16>(to - 2));
    }
    const bytes = <usize>(width + 2) << 1;
    memory.copy(own, own + (<usize>stride << 1), bytes);
    memory.copy(own + ((<usize>(height + 1) * stride) << 1), own + ((<usize>height * stride) << 1), bytes);
  }
}

// @ts-ignore: decorator
@inline
function four(at: usize): v128 {
  return i32x4.extend_low_i16x8_s(v128.load64_zero(at));
}

// @ts-ignore: decorator
@inline
function times(sum: v128, square: v128, coefficient: f32): v128 {
  return f32x4.add(f32x4.mul(sum, square), f32x4.splat(coefficient));
}

/**
 * Arc tangent of four numbers in [0, 1], to 2e-7: a polynomial in the square (Abramowitz and Stegun 1964, 4.4.49).
 */
// @ts-ignore: decorator
@inline
function arcTangent(x: v128): v128 {
  const square = f32x4.mul(x, x);
  let sum = f32x4.splat(0.0028662257);
  sum = times(sum, square, -0.0161657367);
  sum = times(sum, square, 0.0429096138);
  sum = times(sum, square, -0.07528964);
  sum = times(sum, square, 0.1065626393);
  sum = times(sum, square, -0.1420889944);
  sum = times(sum, square, 0.1999355085);
  sum = times(sum, square, -0.3333314528);
  sum = times(sum, square, 1);
  return f32x4.mul(x, sum);
}

/** Where (gx, gy), without its sign, points between the directions: in [-0.5, 8.5]. */
// @ts-ignore: decorator
@inline
function placeOf(gx: v128, gy: v128): v128 {
  const x = f32x4.abs(gx);
  const y = f32x4.abs(gy);
  const larger = f32x4.max(x, y);
  const smaller = f32x4.min(x, y);
  const quotient = f32x4.div(smaller, f32x4.max(larger, f32x4.splat(1)));
  let angle = arcTangent(quotient);
  const steep = f32x4.gt(y, x);
  angle = v128.bitselect(f32x4.sub(f32x4.splat(1.5707964), angle), angle, steep);
  // Signs that differ: the second quadrant. A direction along an axis has none.
  const opposed = f32x4.lt(f32x4.mul(gx, gy), f32x4.splat(0));
  angle = v128.bitselect(f32x4.sub(f32x4.splat(3.1415927), angle), angle, opposed);
  return f32x4.sub(f32x4.mul(angle, f32x4.splat(PER_RADIAN)), f32x4.splat(0.5));
}

// @ts-ignore: decorator
@inline
function share(histograms: usize, offset: u32, slot: i32, magnitude: f32, right: f32): void {
  const at = histograms + offset + (<usize>slot << 2);
  store<f32>(at, load<f32>(at) + (magnitude - right));
  store<f32>(at, load<f32>(at, 4) + right, 4);
}

/** Adds the gradients of row y of an image to the histograms of its row of cells. */
function addRow(t: GradientsTask, planes: usize, stride: u32, y: u32, histograms: usize): void {
  const width = t.width;
  const channels = t.channels;
  const line = <usize>stride << 1;
  const plane = <usize>(t.height + 2) * line;
  const middle = planes + <usize>(y + 1) * line;
  const unit = f32x4.splat(1.0 / 255.0);
  for (let x: u32 = 0; x < width; x += 4) {
    const at = middle + (<usize>x << 1);
    let gx = i32x4.sub(four(at + 4), four(at));
    let gy = i32x4.sub(four(at + line + 2), four(at - line + 2));
    let most = i32x4.add(i32x4.mul(gx, gx), i32x4.mul(gy, gy));
    for (let c: u32 = 1; c < channels; c++) {
      const other = at + c * plane;
      const ox = i32x4.sub(four(other + 4), four(other));
      const oy = i32x4.sub(four(other + line + 2), four(other - line + 2));
      const size = i32x4.add(i32x4.mul(ox, ox), i32x4.mul(oy, oy));
      const larger = i32x4.gt_s(size, most);
      gx = v128.bitselect(ox, gx, larger);
      gy = v128.bitselect(oy, gy, larger);
      most = v128.bitselect(size, most, larger);
    }
    if (!v128.any_true(most)) continue;
    const magnitude = f32x4.mul(f32x4.sqrt(f32x4.convert_i32x4_s(most)), unit);
    const place = placeOf(f32x4.convert_i32x4_s(gx), f32x4.convert_i32x4_s(gy));
    const lower = f32x4.floor(place);
    const right = f32x4.mul(magnitude, f32x4.sub(place, lower));
    const slot = i32x4.add(i32x4.trunc_sat_f32x4_s(lower), i32x4.splat(1));
    const cells = t.columnCells + (<usize>x << 2);
    const left = width - x;
    share(histograms, load<u32>(cells), i32x4.extract_lane(slot, 0), f32x4.extract_lane(magnitude, 0), f32x4.extract_lane(right, 0));
    if (left < 2) break;
    share(histograms, load<u32>(cells, 4), i32x4.extract_lane(slot, 1), f32x4.extract_lane(magnitude, 1), f32x4.extract_lane(right, 1));
    if (left < 3) break;
    share(histograms, load<u32>(cells, 8), i32x4.extract_lane(slot, 2), f32x4.extract_lane(magnitude, 2), f32x4.extract_lane(right, 2));
    if (left < 4) break;
    share(histograms, load<u32>(cells, 12), i32x4.extract_lane(slot, 3), f32x4.extract_lane(magnitude, 3), f32x4.extract_lane(right, 3));
  }
}

/** Brings the outer slots where they belong, and multiplies with the share of each cell; nine numbers for each. */
function closeHistograms(t: GradientsTask, histograms: usize, cells: usize): void {
  const n = t.cellsDown * t.cellsAcross;
  for (let i: u32 = 0; i < n; i++) {
    const from = histograms + ((<usize>i * SLOTS) << 2);
    const to = cells + ((<usize>i * BINS) << 2);
    const part = load<f32>(t.shares + (<usize>i << 2));
    store<f32>(from, load<f32>(from, 4) + load<f32>(from, 40), 4);
    store<f32>(from, load<f32>(from, 36) + load<f32>(from), 36);
    for (let b: usize = 0; b < 36; b += 4) store<f32>(to + b, load<f32>(from + b + 4) * part);
  }
}

/** Writes all blocks of two by two cells, each of length 1 or less. */
function writeBlocks(t: GradientsTask, cells: usize, to: usize): void {
  const across = t.cellsAcross;
  const row = (<usize>across * BINS) << 2;
  for (let i: u32 = 0; i + 1 < t.cellsDown; i++) {
    for (let j: u32 = 0; j + 1 < across; j++) {
      const upper = cells + i * row + ((<usize>j * BINS) << 2);
      let squares: f32 = 0;
      for (let b: usize = 0; b < 72; b += 4) {
        const one = load<f32>(upper + b);
        const two = load<f32>(upper + row + b);
        squares += one * one + two * two;
      }
      const factor: f32 = <f32>1 / sqrt<f32>(squares + EPSILON);
      for (let b: usize = 0; b < 72; b += 4) {
        store<f32>(to + b, load<f32>(upper + b) * factor);
        store<f32>(to + b, load<f32>(upper + row + b) * factor, 72);
      }
      to += 144;
    }
  }
}

/** Descriptors of a group of images. */
export function orientedGradients(task: usize, block: u32, worker: u32): void {
  const t = changetype<GradientsTask>(task);
  const height = t.height;
  const stride = t.width + 8; // what a vector reads beyond the border belongs to the row
  const pixels = height * t.width * t.channels;
  const nCells = t.cellsDown * t.cellsAcross;
  const length = <usize>(t.cellsDown - 1) * (t.cellsAcross - 1) * 144;
  const planes = t.workerScratch + <usize>worker * t.scratchBytes;
  const histograms = planes + (<usize>t.channels * (height + 2) * stride << 1);
  const cells = histograms + ((<usize>nCells * SLOTS) << 2);
  const last = min(t.nImages, (block + 1) * GROUP);
  for (let i = block * GROUP; i < last; i++) {
    fillPlanes(t, t.images + <usize>i * pixels, planes, stride);
    memory.fill(histograms, 0, (<usize>nCells * SLOTS) << 2);
    for (let y: u32 = 0; y < height; y++) {
      const cell = load<u32>(t.rowCells + (<usize>y << 2));
      addRow(t, planes, stride, y, histograms + ((<usize>cell * t.cellsAcross * SLOTS) << 2));
    }
    closeHistograms(t, histograms, cells);
    writeBlocks(t, cells, t.output + <usize>i * length);
  }
}
