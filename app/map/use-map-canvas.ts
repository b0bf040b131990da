import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { createMapCanvas, type Drawing, hasWebgl, type MapCanvas } from "./canvas.ts";

/** A map of points in an element of its own, made once and drawn anew whenever its drawing is another one. */
export interface UsedCanvas {
  /** The element in which the canvas is made. */
  readonly host: RefObject<HTMLDivElement | null>;
  readonly map: RefObject<MapCanvas | null>;
  /** Why it cannot be drawn, in words; null while it can. */
  readonly broken: string | null;
  /** Whether the first picture has been drawn. */
  readonly pictured: boolean;
}

/**
 * @param drawing what is drawn; null while it is on its way
 * @param onCamera called after each movement of the camera, and when the canvas has another size
 */
export function useMapCanvas(
  drawing: Drawing | null,
  camera: readonly number[] | null,
  onCamera: (by: "person" | "page") => void,
): UsedCanvas {
  const host = useRef<HTMLDivElement>(null);
  const map = useRef<MapCanvas | null>(null);
  const [broken, setBroken] = useState<string | null>(null);
  const [pictured, setPictured] = useState(false);
  const told = useRef(onCamera);
  told.current = onCamera;
  // made once: what follows drives it.
  useEffect(() => {
    if (!host.current) return;
    if (!hasWebgl()) {
      setBroken(
        "Map: the browser must offer WebGL 2; it does not. Turn on hardware acceleration in its settings, or use another browser.",
      );
      return;
    }
    const made = createMapCanvas(host.current, {
      onCamera: (by) => told.current(by),
      onFirstPicture() {
        performance.mark("first-picture");
        setPictured(true);
      },
      onError: (message) =>
        setBroken(`Map: the graphics card must draw it; it said "${message}". Reload the page.`),
    });
    map.current = made;
    return () => {
      made.destroy();
      map.current = null;
    };
  }, []);
  const key = camera?.map((x) => Number(x.toPrecision(6))).join() ?? "";
  // the camera of an address that was gone back to; the one that the canvas has itself is no news.
  useEffect(() => {
    const present = map.current?.camera().map((x) => Number(x.toPrecision(6)));
    if (present?.join() !== key) map.current?.setCamera(camera);
  }, [key]);
  useEffect(() => {
    if (drawing) map.current?.draw(drawing);
  }, [drawing]);
  return { host, map, broken, pictured };
}
