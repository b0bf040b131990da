/** Ink on pixels: a pixel takes ink by its distance to the pen's line, with a ramp one pixel wide at the edge. */
import type { Writing } from "./hand.ts";

/** Ink fainter than `paper` does not show; from there it grows by `contrast`: edges then are as steep as MNIST's. */
const paper = 0.06;
const contrast = 1.35;

/**
 * Draws a writing into one image, white (255) on black (0).
 *
 * @param side    width and height of the image, in pixels; pixel (r, c) has its centre at x = c, y = r
 * @param scratch two arrays of side x side numbers, overwritten
 * @param out     side x side bytes
 */
export function inkInto(writing: Writing, side: number, scratch: Scratch, out: Uint8Array): Uint8Array {
  const { cover, blurred } = scratch;
  cover.fill(0);
  for (const { x, y } of writing.lines) {
    const pieces = x.length - 1;
    const growth = (writing.radiusEnd - writing.radiusStart) / pieces;
    for (let i = 0; i < pieces; i++) {
      const radius = writing.radiusStart + growth * (i + 0.5);
      drawPiece(cover, side, radius, x[i] as number, y[i] as number, x[i + 1] as number, y[i + 1] as number);
    }
  }
  blurAlong(cover, side, 1, side, writing.blur, blurred);
  blurAlong(blurred, side, side, 1, writing.blur, cover);
  for (let i = 0; i < out.length; i++) {
    const ink = contrast * ((cover[i] as number) - paper);
    out[i] = Math.round(255 * Math.min(1, Math.max(0, ink)));
  }
  return out;
}

/** Working memory of {@link inkInto}. */
export interface Scratch {
  readonly cover: Float64Array;
  readonly blurred: Float64Array;
}

/** Working memory for images of side x side pixels. */
export function createScratch(side: number): Scratch {
  return { cover: new Float64Array(side * side), blurred: new Float64Array(side * side) };
}

/** Covers the pixels near the straight piece from (x0, y0) to (x1, y1); others are not looked at. */
function drawPiece(
  cover: Float64Array,
  side: number,
  radius: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): void {
  const reach = radius + 0.5;
  const left = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
  const right = Math.min(side - 1, Math.floor(Math.max(x0, x1) + reach));
  const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
  const bottom = Math.min(side - 1, Math.floor(Math.max(y0, y1) + reach));
  const dx = x1 - x0;
  const dy = y1 - y0;
  const squaredLength = dx * dx + dy * dy;
  const inverse = squaredLength > 0 ? 1 / squaredLength : 0;
  for (let r = top; r <= bottom; r++) {
    for (let c = left; c <= right; c++) {
      const along = Math.min(1, Math.max(0, ((c - x0) * dx + (r - y0) * dy) * inverse));
      const ex = x0 + along * dx - c;
      const ey = y0 + along * dy - r;
      const squared = ex * ex + ey * ey;
      if (squared >= reach * reach) continue;
      const ink = Math.min(1, reach - Math.sqrt(squared));
      if (ink > (cover[r * side + c] as number)) cover[r * side + c] = ink;
    }
  }
}

/** Lets the part `blur` of each pixel flow to both neighbours along one direction; what leaves the image is lost. */
function blurAlong(
  from: Float64Array,
  side: number,
  step: number,
  stride: number,
  blur: number,
  to: Float64Array,
): void {
  for (let lane = 0; lane < side; lane++) {
    let before = 0;
    for (let i = 0; i < side; i++) {
      const at = lane * stride + i * step;
      const here = from[at] as number;
      const after = i + 1 < side ? (from[at + step] as number) : 0;
      to[at] = (1 - 2 * blur) * here + blur * (before + after);
      before = here;
    }
  }
}
