import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Drawing } from "./layers.ts";
import { createMapCanvas, hasWebgl, type MapCanvas } from "./map-canvas.ts";

/** A map of points in an element of its own, made once and drawn anew whenever its drawing is another one. */
export interface UsedCanvas {
  /** The element in which the canvas is made. */
  readonly host: RefObject<HTMLDivElement | null>;
  readonly map: RefObject<MapCanvas | null>;
  /** What is drawn; null before the first time. */
  readonly drawn: RefObject<Drawing | null>;
  /** Why it cannot be drawn, in words; null while it can. */
  readonly broken: string | null;
  /** Whether the first picture has been drawn. */
  readonly pictured: boolean;
  /** Moves the camera, and tells `onRest` at once. */
  move(how: (map: MapCanvas) => void): void;
}

/** Milliseconds after which a camera that a person moved is at rest. */
const REST_MS = 250;

export function useMapCanvas({
  drawing,
  plane,
  camera,
  onCamera,
  onRest,
}: {
  /** Null while it is on its way. */
  readonly drawing: Drawing | null;
  /** What the camera is of: another one begins with `camera` again. */
  readonly plane: string | null;
  readonly camera: readonly number[] | null;
  /** The camera moved, or the canvas has another size. */
  readonly onCamera: () => void;
  /** The camera came to rest; never of a plane that is not drawn yet. */
  readonly onRest: (camera: readonly number[]) => void;
}): UsedCanvas {
  const host = useRef<HTMLDivElement>(null);
  const map = useRef<MapCanvas | null>(null);
  const drawn = useRef<Drawing | null>(null);
  const [broken, setBroken] = useState<string | null>(null);
  const [pictured, setPictured] = useState(false);
  // What the callbacks of the canvas need of the present state.
  const now = useRef({ plane, onCamera, onRest });
  now.current = { plane, onCamera, onRest };
  const drawnPlane = useRef<string | null>(null);

  /** Tells the camera; not while another plane is on its way, whose camera it is not. */
  const tell = (): void => {
    if (!map.current || drawnPlane.current !== now.current.plane) return;
    now.current.onRest(map.current.camera());
  };

  // made once: what follows drives it.
  useEffect(() => {
    if (!host.current) return;
    if (!hasWebgl()) {
      setBroken(
        "Map: the browser must offer WebGL 2; it does not. Turn on hardware acceleration in its settings, or use another browser. Clusters, confusion and scores work without.",
      );
      return;
    }
    let resting: ReturnType<typeof setTimeout> | undefined;
    const made = createMapCanvas(host.current, {
      onCamera(by) {
        now.current.onCamera();
        if (by === "page") return;
        clearTimeout(resting);
        resting = setTimeout(tell, REST_MS);
      },
      onFirstPicture() {
        performance.mark("first-picture");
        setPictured(true);
      },
      onError: (message) =>
        setBroken(`Map: the graphics card must draw it; it said "${message}". Reload the page.`),
    });
    map.current = made;
    made.setCamera(camera);
    return () => {
      clearTimeout(resting);
      made.destroy();
      map.current = null;
    };
  }, []);

  // the camera of an address that was gone back to; the one that the canvas has itself is no news.
  const key = keyOf(camera);
  const before = useRef(plane);
  useEffect(() => {
    const other = before.current !== plane;
    before.current = plane;
    if (!other && key === keyOf(map.current?.camera() ?? null)) return;
    if (key === "" && !other && drawn.current === null) return;
    map.current?.setCamera(camera);
  }, [key, plane, camera]);

  useEffect(() => {
    if (!map.current || !drawing) return;
    drawn.current = drawing;
    drawnPlane.current = plane;
    map.current.draw(drawing);
  }, [drawing]);

  const move = (how: (map: MapCanvas) => void): void => {
    if (!map.current) return;
    how(map.current);
    tell();
  };
  return { host, map, drawn, broken, pictured, move };
}

const keyOf = (camera: readonly number[] | null): string =>
  camera?.map((x) => Number(x.toPrecision(6))).join() ?? "";
