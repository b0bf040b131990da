/**
 * Which position goes where: tables of indices that depend on the geometry alone. Where nothing lies at a place (in the
 * padding, say), the index is one past the last: the caller has put a zero there.
 */
import { type ConvolutionGeometry, kernelArea, type PlaneSize, smallSize } from "./geometry.ts";

/** Position in the large image under each kernel position, at each place of the kernel. */
export function patchTable(geometry: ConvolutionGeometry): Int32Array {
  const { height, width, kernel, stride, padding } = geometry;
  const small = smallSize(geometry);
  const table = new Int32Array(small.height * small.width * kernelArea(geometry));
  let next = 0;
  eachPosition(small, (y, x) => {
    for (let a = 0; a < kernel[0]; a++) {
      for (let b = 0; b < kernel[1]; b++) {
        table[next++] = position(
          { height, width },
          y * stride + a - padding.top,
          x * stride + b - padding.left,
        );
      }
    }
  });
  return table;
}

/**
 * Positions of the large image that have the same remainder by the stride, as a grid of their own. All of them receive
 * through the same kernel positions, each from the same place of the small image relative to its own.
 */
export interface Phase extends PlaneSize {
  /** Kernel positions through which the phase receives; one past the last stands for none. */
  readonly weights: Int32Array;
  /** For each position of the phase, the place of the small image behind each of them. */
  readonly places: Int32Array;
}

/** Phases of the large image, by rows and columns; those without positions are left out. */
export function phasesOf(geometry: ConvolutionGeometry): readonly Phase[] {
  const { height, width, kernel, stride, padding } = geometry;
  const phases: Phase[] = [];
  eachPosition({ height: Math.min(stride, height), width: Math.min(stride, width) }, (phaseY, phaseX) => {
    const down = taps(kernel[0], stride, phaseY + padding.top);
    const across = taps(kernel[1], stride, phaseX + padding.left);
    const size = {
      height: Math.ceil((height - phaseY) / stride),
      width: Math.ceil((width - phaseX) / stride),
    };
    const weights = down.flatMap((a) => across.map((b) => a.index * kernel[1] + b.index));
    // A kernel smaller than the stride does not reach every phase.
    if (weights.length === 0) phases.push({ ...size, ...unreached(geometry, size) });
    else
      phases.push({
        ...size,
        weights: Int32Array.from(weights),
        places: places(geometry, size, down, across),
      });
  });
  return phases;
}

/** A row or column of the kernel, and how far from its own place a phase receives through it. */
interface Tap {
  readonly index: number;
  readonly offset: number;
}

function taps(kernel: number, stride: number, start: number): Tap[] {
  const found: Tap[] = [];
  for (let index = start % stride; index < kernel; index += stride) {
    found.push({ index, offset: (start - index) / stride });
  }
  return found;
}

function places(
  geometry: ConvolutionGeometry,
  size: PlaneSize,
  down: readonly Tap[],
  across: readonly Tap[],
): Int32Array {
  const small = smallSize(geometry);
  const table = new Int32Array(size.height * size.width * down.length * across.length);
  let next = 0;
  eachPosition(size, (y, x) => {
    for (const a of down) {
      for (const b of across) table[next++] = position(small, y + a.offset, x + b.offset);
    }
  });
  return table;
}

/** One kernel position that is none. */
function unreached(geometry: ConvolutionGeometry, size: PlaneSize): Pick<Phase, "weights" | "places"> {
  return {
    weights: Int32Array.of(kernelArea(geometry)),
    places: new Int32Array(size.height * size.width),
  };
}

/** Where each position of the large image stands in the phases, one after the other. */
export function phaseOrder(
  { height, width, stride }: ConvolutionGeometry,
  phases: readonly Phase[],
): Int32Array {
  const before: number[] = [];
  let total = 0;
  for (const phase of phases) {
    before.push(total);
    total += phase.height * phase.width;
  }
  const phasesAcross = Math.min(stride, width);
  const table = new Int32Array(height * width);
  let next = 0;
  eachPosition({ height, width }, (y, x) => {
    const number = (y % stride) * phasesAcross + (x % stride);
    const phase = phases[number] as Phase;
    table[next++] =
      (before[number] as number) + Math.floor(y / stride) * phase.width + Math.floor(x / stride);
  });
  return table;
}

/** Most contributions that a position of the large image receives. */
export function mostContributions({ kernel, stride }: ConvolutionGeometry): number {
  return Math.ceil(kernel[0] / stride) * Math.ceil(kernel[1] / stride);
}

/**
 * The contributions (place of the small image, kernel position) that the positions of the large image receive: the first
 * of each position, then the second of each, and so on.
 */
export function contributionTable(geometry: ConvolutionGeometry): Int32Array {
  const { height, width, kernel, stride, padding } = geometry;
  const small = smallSize(geometry);
  const area = kernelArea(geometry);
  const positions = height * width;
  const table = new Int32Array(positions * mostContributions(geometry)).fill(
    small.height * small.width * area,
  );
  let first = 0;
  eachPosition({ height, width }, (y, x) => {
    let next = first++;
    for (const a of taps(kernel[0], stride, y + padding.top)) {
      for (const b of taps(kernel[1], stride, x + padding.left)) {
        const place = position(small, a.offset, b.offset);
        if (place === small.height * small.width) continue;
        table[next] = place * area + a.index * kernel[1] + b.index;
        next += positions;
      }
    }
  });
  return table;
}

/** Number of a position in its plane; one past the last where it lies outside. */
function position({ height, width }: PlaneSize, y: number, x: number): number {
  return y >= 0 && x >= 0 && y < height && x < width ? y * width + x : height * width;
}

function eachPosition({ height, width }: PlaneSize, visit: (y: number, x: number) => void): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) visit(y, x);
  }
}
