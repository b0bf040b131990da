/** What a map shows, as layers of deck.gl. */
import type { Layer } from "@deck.gl/core";
import { IconLayer, PathLayer, ScatterplotLayer } from "@deck.gl/layers";
import type { PlaneShapes } from "../../src/explorer/protocol.ts";
import type { Places } from "./places.ts";
import { PointsLayer } from "./points-layer.ts";
import type { Thumbnails } from "./thumbnails.ts";

export interface Drawing {
  readonly places: Places;
  /** count x 4: red, green, blue, alpha; alpha 0 hides an image. A fresh array for each change. */
  readonly colours: Uint8Array;
  readonly shapes: PlaneShapes | null;
  /** Ellipses of clusters that are drawn, with their colours. */
  readonly outlines: readonly { readonly cluster: number; readonly colour: readonly number[] }[];
  /** Image with a ring around it. */
  readonly marked: number | null;
  readonly ink: readonly [number, number, number];
  readonly paper: readonly [number, number, number];
}

/** Lines and background of a drawing. */
export const inks = {
  light: { ink: [26, 29, 33], paper: [255, 255, 255] },
  dark: { ink: [231, 233, 236], paper: [21, 24, 28] },
} as const;

/** deck.gl takes another `data` for other points, and uploads all of them again: so it is the same for the same. */
export interface PointsData {
  readonly places: Places;
  readonly colours: Uint8Array;
  readonly length: number;
  readonly attributes: object;
}

/** @param known of the drawing before, to be used again where the points are the same */
export function pointsDataOf({ places, colours }: Drawing, known: PointsData | null): PointsData {
  if (known?.places === places && known.colours === colours) return known;
  const attributes = {
    getPosition: { value: places.values, size: places.dimensions },
    getFillColor: { value: colours, size: 4, normalized: true },
  };
  return { places, colours, length: places.count, attributes };
}

/**
 * Radius of a point in pixels: less for many, more from near.
 *
 * @param nearness powers of two that the camera is nearer than the one that sees all
 */
export function pointRadius(count: number, nearness: number): number {
  const usual = count > 300_000 ? 0.8 : count > 20_000 ? 1.4 : count > 4000 ? 2.4 : 3.2;
  return Math.min(7, Math.max(0.7, usual * 2 ** (nearness * 0.4)));
}

/** The points, or thumbnails in their place; ellipses; the ring around the marked image. */
export function layersOf(
  drawing: Drawing,
  data: PointsData,
  thumbnails: Thumbnails | null,
  radius: number,
): Layer[] {
  const layers: Layer[] = [pointsLayer(drawing, data, thumbnails === null || !thumbnails.all, radius)];
  if (thumbnails !== null && thumbnails.indices.length > 0)
    layers.push(thumbnailsLayer(drawing.places, thumbnails));
  const ellipses = ellipsesLayer(drawing);
  if (ellipses) layers.push(ellipses);
  const { marked, places } = drawing;
  if (marked !== null && marked < places.count) {
    layers.push(ringLayer(drawing, marked, thumbnails?.all ? thumbnails.size * 0.75 : radius + 6));
  }
  return layers;
}

function pointsLayer({ places }: Drawing, data: PointsData, visible: boolean, radius: number): Layer {
  return new PointsLayer({
    id: `points-${places.dimensions}`,
    data: data as { readonly length: number },
    positionFormat: places.dimensions === 2 ? "XY" : "XYZ",
    diameter: 2 * radius,
    visible,
    parameters: depthOf(places),
  });
}

function thumbnailsLayer(places: Places, { indices, atlas, mapping, size }: Thumbnails): Layer {
  return new IconLayer<number>({
    id: "thumbnails",
    data: indices as number[],
    // biome-ignore lint/suspicious/noExplicitAny: deck.gl takes pictures here, its type only their addresses.
    iconAtlas: atlas as any,
    iconMapping: mapping,
    getIcon: (index) => String(index),
    getPosition: (index) => positionOf(places, index),
    getSize: size,
    sizeUnits: "pixels",
    textureParameters: { minFilter: "linear", magFilter: "nearest", mipmapFilter: "none" },
    parameters: depthOf(places),
    updateTriggers: { getSize: size },
  });
}

function ellipsesLayer({ places, shapes, outlines }: Drawing): Layer | null {
  if (!shapes || places.dimensions !== 2) return null;
  const paths = outlines.filter(({ cluster }) => (shapes.ellipses[cluster]?.length ?? 0) > 2);
  if (paths.length === 0) return null;
  return new PathLayer<(typeof paths)[number]>({
    id: "ellipses",
    data: paths,
    getPath: ({ cluster }) => shapes.ellipses[cluster] as unknown as [number, number][],
    getColor: ({ colour }) => [...colour, 230] as [number, number, number, number],
    getWidth: 1.75,
    widthUnits: "pixels",
    positionFormat: "XY",
  });
}

function ringLayer({ places, ink }: Drawing, marked: number, radius: number): Layer {
  return new ScatterplotLayer<number>({
    id: "marked",
    data: [marked],
    getPosition: (index) => positionOf(places, index),
    stroked: true,
    filled: false,
    getLineColor: [...ink, 255],
    getRadius: radius,
    radiusUnits: "pixels",
    lineWidthUnits: "pixels",
    getLineWidth: 2.5,
    billboard: true,
    parameters: { depthCompare: "always" },
  });
}

const depthOf = ({ dimensions }: Places) =>
  ({ depthCompare: dimensions === 3 ? "less-equal" : "always" }) as const;

function positionOf({ values, dimensions }: Places, index: number): [number, number, number] {
  return [
    values[index * dimensions] as number,
    values[index * dimensions + 1] as number,
    dimensions === 3 ? (values[index * 3 + 2] as number) : 0,
  ];
}
