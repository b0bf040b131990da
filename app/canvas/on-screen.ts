/** Which images lie where on the screen: found from their places, so that no second picture is drawn for it. */
import type { Viewport } from "@deck.gl/core";
import { type Grid, inside, type Places, type Polygon } from "./places.ts";

/** Places as a camera sees them. */
export interface Seen {
  readonly places: Places;
  /** count x 4; images of alpha 0 are not shown, and never found. */
  readonly colours: Uint8Array;
  /** Of a plane. */
  readonly grid: Grid | null;
  readonly viewport: Viewport;
}

type Rectangle = readonly [left: number, top: number, right: number, bottom: number];
type Visit = (index: number, x: number, y: number) => void;

/** Place of an image on the screen, in pixels. */
export function spotOf({ viewport, places }: Seen, index: number): readonly [number, number] | null {
  const { values, dimensions, count } = places;
  if (index >= count) return null;
  const at = [0, 1, 2].map((d) => (d < dimensions ? (values[index * dimensions + d] as number) : 0));
  const [x, y] = viewport.project(at) as [number, number];
  return [x, y];
}

/** Nearest image to a spot, within so many pixels; null: none. */
export function nearestTo(seen: Seen, x: number, y: number, within: number): number | null {
  let best: number | null = null;
  let least = within * within;
  eachIn(seen, [x - within, y - within, x + within, y + within], (i, px, py) => {
    const apart = (px - x) ** 2 + (py - y) ** 2;
    if (apart > least) return;
    least = apart;
    best = i;
  });
  return best;
}

/** Next image from one in a direction (dx, dy of -1, 0, 1); null: none. From one that is not there, the middlemost. */
export function nextFrom(seen: Seen, from: number, dx: number, dy: number): number | null {
  const at = spotOf(seen, from);
  const { width, height } = seen.viewport;
  if (at === null) return nearestTo(seen, width / 2, height / 2, Math.max(width, height));
  const reach = (limit: number): number | null => {
    let best: number | null = null;
    let least = Number.POSITIVE_INFINITY;
    eachIn(seen, [at[0] - limit, at[1] - limit, at[0] + limit, at[1] + limit], (i, px, py) => {
      if (i === from) return;
      const along = (px - at[0]) * dx + (py - at[1]) * dy;
      const aside = Math.abs((px - at[0]) * dy) + Math.abs((py - at[1]) * dx);
      // Steps are a few pixels at least, else a dense crowd is never crossed.
      if (along < 3 || aside > along) return;
      const cost = along + 2 * aside;
      if (cost >= least) return;
      least = cost;
      best = i;
    });
    return best;
  };
  return reach(40) ?? reach(200) ?? reach(4000);
}

/** Images within a closed line, ascending. */
export function enclosedBy(seen: Seen, polygon: Polygon): number[] {
  const xs = polygon.map(([x]) => x);
  const ys = polygon.map(([, y]) => y);
  const found: number[] = [];
  eachIn(seen, [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)], (i, x, y) => {
    if (inside(polygon, x, y)) found.push(i);
  });
  return found.sort((a, b) => a - b);
}

/** Images on the screen; stops counting after `most`. */
export function visibleOf(seen: Seen, most: number): number[] {
  const { width, height } = seen.viewport;
  const found: number[] = [];
  eachIn(seen, [0, 0, width, height], (i) => {
    if (found.length <= most) found.push(i);
  });
  return found;
}

/** Visits the images that are shown within a rectangle of the screen. */
function eachIn(seen: Seen, [x0, y0, x1, y1]: Rectangle, visit: Visit): void {
  const within: Visit = (i, x, y) => {
    if (x >= x0 && x <= x1 && y >= y0 && y <= y1) visit(i, x, y);
  };
  const { grid, viewport, colours } = seen;
  if (grid === null) {
    eachShown(seen, within);
    return;
  }
  const [left, top] = viewport.unproject([x0, y0]) as [number, number];
  const [right, bottom] = viewport.unproject([x1, y1]) as [number, number];
  const { values } = seen.places;
  const { scale } = viewport;
  grid.within(left, Math.min(top, bottom), right, Math.max(top, bottom), (i) => {
    if (colours[i * 4 + 3] === 0) return;
    within(
      i,
      ((values[i * 2] as number) - left) * scale + x0,
      (top - (values[i * 2 + 1] as number)) * scale + y0,
    );
  });
}

/** Visits all images that are shown, wherever the camera sees them. */
function eachShown({ places, colours, viewport }: Seen, visit: Visit): void {
  const { values, count, dimensions } = places;
  const m = viewport.pixelProjectionMatrix;
  for (let i = 0; i < count; i++) {
    if (colours[i * 4 + 3] === 0) continue;
    const x = values[i * dimensions] as number;
    const y = values[i * dimensions + 1] as number;
    const z = dimensions === 3 ? (values[i * 3 + 2] as number) : 0;
    const w = m[3] * x + m[7] * y + m[11] * z + m[15];
    if (w <= 0) continue;
    visit(i, (m[0] * x + m[4] * y + m[8] * z + m[12]) / w, (m[1] * x + m[5] * y + m[9] * z + m[13]) / w);
  }
}
