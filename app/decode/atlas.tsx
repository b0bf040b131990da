/** The plane decoded as a grid of pictures, for the part that is seen: nearer, there is a finer grid. */
import type { RefObject, VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { DecodeRequest, RunView } from "../../src/explorer/protocol.ts";
import type { MapCanvas } from "../canvas/map-canvas.ts";
import type { Places } from "../canvas/places.ts";
import type { RunSession } from "../state/run-session.ts";
import { type Store, useStore } from "../state/store.ts";
import { type UsedDecoded, useDecoded } from "./use-decoded.ts";

/** Pictures of the grid, about: 15 x 15 where as much of the plane is seen in either direction. */
const picturesOfAtlas = 225;

/** Side of a picture on the screen, at least. */
const leastSide = 24;

/** Pixels that are asked for at once, at most, and pictures. */
const mostPixels = 8_000_000;
const mostPictures = 1000;

/** How far the grid reaches beyond the points, as a share of their width and height. */
const margin = 0.04;

/** Milliseconds that the camera must rest. */
const restMs = 180;

type Corner = readonly [x: number, y: number];
interface Region {
  /** Left top and right bottom, in the plane. */
  readonly corners: readonly [Corner, Corner];
  readonly request: DecodeRequest;
}

export interface UsedAtlas extends UsedDecoded {
  /** Corners of what is decoded. */
  readonly corners: readonly [Corner, Corner] | null;
}

export function useAtlas({
  session,
  image,
  places,
  shown,
  map,
  tick,
}: {
  session: RunSession;
  image: RunView["image"];
  /** Null while they are on their way. */
  places: Places | null;
  shown: boolean;
  map: RefObject<MapCanvas | null>;
  /** Changes with the camera. */
  tick: Store<number>;
}): UsedAtlas {
  const [region, setRegion] = useState<Region | null>(null);
  const regions = useRef(new Map<DecodeRequest, Region>());
  // asked for when the camera rests.
  useEffect(() => {
    if (!shown || !image || !places) {
      setRegion(null);
      return;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const next = map.current && regionOf(map.current, image, places);
        if (!next) return;
        regions.current.set(next.request, next);
        for (const old of [...regions.current.keys()].slice(0, -8)) regions.current.delete(old);
        setRegion((now) => (now && String(now.corners) === String(next.corners) ? now : next));
      }, restMs);
    };
    soon();
    const end = tick.follow(soon);
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [session, image, places, shown, map, tick]);
  const { decoded, error } = useDecoded(session, region?.request ?? null);
  const corners = decoded ? (regions.current.get(decoded.request)?.corners ?? null) : null;
  return { decoded, corners, error };
}

/** The part of the plane that is seen and has points, in a grid of cells as wide and high as the images are. */
function regionOf(
  map: MapCanvas,
  { height, width }: NonNullable<RunView["image"]>,
  { low, high }: Places,
): Region | null {
  const port = map.viewport();
  if (!port) return null;
  const [x, y] = [margin * (high[0] - low[0]), margin * (high[1] - low[1])];
  const [x0, y0] = port.project([low[0] - x, high[1] + y, 0]) as [number, number];
  const [x1, y1] = port.project([high[0] + x, low[1] - y, 0]) as [number, number];
  const [left, right] = [Math.max(0, x0), Math.min(port.width, x1)];
  const [top, bottom] = [Math.max(0, y0), Math.min(port.height, y1)];
  if (right - left < 1 || bottom - top < 1) return null;
  const pictures = Math.max(1, Math.min(picturesOfAtlas, mostPixels / (height * width)));
  // Cells have the shape of an image, and as many of them as wanted fill the area.
  const scale = Math.sqrt(((right - left) * (bottom - top)) / (pictures * width * height));
  const wide = Math.max(leastSide, width * scale);
  const tall = (wide * height) / width;
  const columns = Math.ceil((right - left) / wide);
  const rows = Math.ceil((bottom - top) / tall);
  if (columns * rows > mostPictures) return null;
  const [startX, startY] = [(left + right - columns * wide) / 2, (top + bottom - rows * tall) / 2];
  const corner = (px: number, py: number): Corner =>
    (port.unproject([px, py]) as number[]).slice(0, 2) as unknown as Corner;
  const places = Array.from({ length: rows * columns }, (_, i) =>
    Array.from(
      corner(startX + ((i % columns) + 0.5) * wide, startY + (Math.floor(i / columns) + 0.5) * tall),
    ),
  );
  return {
    corners: [corner(startX, startY), corner(startX + columns * wide, startY + rows * tall)],
    request: { places, columns },
  };
}

/** The grid, where it lies in the plane as that is seen now. */
export function Atlas({
  atlas: { decoded, corners },
  map,
  tick,
}: {
  atlas: UsedAtlas;
  map: RefObject<MapCanvas | null>;
  tick: Store<number>;
}): VNode | null {
  useStore(tick);
  const port = map.current?.viewport();
  const url = useMemo(() => decoded?.url, [decoded]);
  if (!port || !corners || !url) return null;
  const [left, top] = port.project([...corners[0], 0]) as [number, number];
  const [right, bottom] = port.project([...corners[1], 0]) as [number, number];
  return (
    <img
      class="atlas pixelated"
      src={url}
      alt=""
      draggable={false}
      style={{ left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` }}
    />
  );
}
