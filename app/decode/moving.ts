/** Where a place comes to lie when it is moved on the screen. */
import type { MapCanvas } from "../canvas/map-canvas.ts";
import type { Places } from "../canvas/places.ts";

/** The place below a spot of the screen: in space, on the plane through the present place that faces the camera. */
export function placeBelow(
  map: MapCanvas | null,
  place: readonly number[] | null,
  [x, y]: readonly [number, number],
): readonly number[] | null {
  const port = map?.viewport();
  if (!port || !place) return null;
  if (place.length === 2) return (port.unproject([x, y]) as number[]).slice(0, 2);
  const [, , depth] = port.project([...place]) as [number, number, number];
  return port.unproject([x, y, depth]) as number[];
}

/** The place so many pixels further. */
export function placeBeside(
  map: MapCanvas | null,
  place: readonly number[],
  [dx, dy]: readonly [number, number],
): readonly number[] | null {
  const [x = 0, y = 0] = (map?.viewport()?.project([...place]) ?? []) as number[];
  return placeBelow(map, place, [x + dx, y + dy]);
}

/** The place a step further from the camera (1), or nearer to it (-1): a sixtieth of the cloud's diagonal. */
export function placeBehind(
  map: MapCanvas | null,
  place: readonly number[],
  { low, high }: Places,
  way: 1 | -1,
): readonly number[] | null {
  const port = map?.viewport();
  if (!port || place.length !== 3) return null;
  const [x, y] = port.project([...place]) as [number, number, number];
  const [near, far] = [port.unproject([x, y, 0.1]), port.unproject([x, y, 0.9])] as [number[], number[]];
  const along = near.map((value, d) => (far[d] as number) - value);
  const step = (way * Math.hypot(...high.map((value, d) => value - (low[d] as number)))) / 60;
  const scale = step / Math.hypot(...along);
  return Number.isFinite(scale) ? place.map((value, d) => value + (along[d] as number) * scale) : null;
}

/** The place of an image. */
export function placeOfImage({ dimensions, values }: Places, image: number): readonly number[] {
  return Array.from(values.subarray(image * dimensions, (image + 1) * dimensions));
}

/** The image that lies nearest to a place. */
export function nearestImage({ count, dimensions, values }: Places, place: readonly number[]): number | null {
  const [x = 0, y = 0, z = 0] = place;
  let best: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const apart =
      ((values[i * dimensions] as number) - x) ** 2 +
      ((values[i * dimensions + 1] as number) - y) ** 2 +
      (dimensions === 3 ? ((values[i * 3 + 2] as number) - z) ** 2 : 0);
    if (apart >= least) continue;
    least = apart;
    best = i;
  }
  return best;
}
