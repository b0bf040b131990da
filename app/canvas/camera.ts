/** From where a map is looked at: deck.gl's states of a view, as numbers of the page's address and moved by hand. */
import { OrbitView, OrthographicView, type Viewport } from "@deck.gl/core";
import type { Places } from "./places.ts";

export interface Camera {
  readonly target: readonly [number, number, number];
  readonly zoom: number;
  /** In space alone. */
  readonly rotationOrbit?: number;
  readonly rotationX?: number;
}

/** Width and height in pixels, 1 at least. */
export type Size = readonly [width: number, height: number];

const minZoom = -20;
const maxZoom = 24;

export function viewOf({ dimensions }: Pick<Places, "dimensions">): OrthographicView | OrbitView {
  return dimensions === 2
    ? new OrthographicView({ id: "plane", flipY: false })
    : new OrbitView({ id: "space", orbitAxis: "Y", fovy: 35 });
}

export function viewportOf(camera: Camera, places: Places, [width, height]: Size): Viewport | null {
  const viewState = camera as never; // its type knows no state that two kinds of view share
  return (viewOf(places).makeViewport({ width, height, viewState }) ?? null) as Viewport | null;
}

/** The camera that sees all. */
export function fittedCamera({ low, high, dimensions }: Places, [width, height]: Size): Camera {
  const middle = low.map((value, d) => (value + (high[d] as number)) / 2) as [number, number, number];
  const [x, y, z] = low.map((value, d) => (high[d] as number) - value) as [number, number, number];
  if (dimensions === 2) {
    return { target: [middle[0], middle[1], 0], zoom: Math.log2(Math.min(width / x, height / y) * 0.9) };
  }
  return {
    target: middle,
    zoom: Math.log2((Math.min(width, height) / Math.hypot(x, y, z)) * 1.25),
    rotationOrbit: 30,
    rotationX: 25,
  };
}

/** @param numbers what `numbersOfCamera` gave of such places; others, and null, are the camera that sees all */
export function cameraOfNumbers(numbers: readonly number[] | null, places: Places, size: Size): Camera {
  if (numbers === null || numbers.length !== (places.dimensions === 2 ? 3 : 6))
    return fittedCamera(places, size);
  const [a, b, c, d, e, f] = numbers as [number, number, number, number, number, number];
  return places.dimensions === 2
    ? { target: [a, b, 0], zoom: c }
    : { target: [a, b, c], zoom: d, rotationOrbit: e, rotationX: f };
}

/** x, y, zoom of a plane; x, y, z, zoom and two angles in degrees of a space. */
export function numbersOfCamera(
  { target, zoom, rotationOrbit, rotationX }: Camera,
  { dimensions }: Places,
): readonly number[] {
  return dimensions === 2
    ? [target[0], target[1], zoom]
    : [...target, zoom, rotationOrbit as number, rotationX as number];
}

export function zoomedTo(camera: Camera, zoom: number): Camera {
  return { ...camera, zoom: Math.min(maxZoom, Math.max(minZoom, zoom)) };
}

export function centeredOn(camera: Camera, { values, dimensions }: Places, index: number): Camera {
  const at = [0, 1, 2].map((d) => (d < dimensions ? (values[index * dimensions + d] as number) : 0));
  return { ...camera, target: at as [number, number, number] };
}

/** Moved over a plane, or turned around in space, by so many pixels. */
export function panned(camera: Camera, places: Places, size: Size, dx: number, dy: number): Camera {
  if (places.dimensions === 3) {
    return {
      ...camera,
      rotationOrbit: (camera.rotationOrbit ?? 0) + dx / 4,
      rotationX: Math.max(-89, Math.min(89, (camera.rotationX ?? 0) + dy / 4)),
    };
  }
  const [width, height] = size;
  const port = viewportOf(camera, places, size);
  const [x, y] = (port?.unproject([width / 2 + dx, height / 2 + dy]) ?? camera.target) as [number, number];
  return { ...camera, target: [x, y, 0] };
}
