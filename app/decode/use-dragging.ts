import type { RefObject } from "preact";
import { useRef } from "preact/hooks";
import type { MapCanvas } from "../canvas/map-canvas.ts";
import type { Places } from "../canvas/places.ts";
import { placeBelow, placeOfImage } from "./moving.ts";

/** What dragging the plane does: it moves the place that is decoded, or the camera. */
export type DecodeTool = "decode" | "pan";

/** Pixels around the place in which it is taken hold of, whatever the tool. */
const GRIP = 16;
/** Pixels that a pointer may move between down and up, and still have clicked. */
const STILL = 4;

/** The place follows the pointer where that holds it; a click brings it to a spot or, in space, to an image. */
export function useDragging({
  map,
  places,
  place,
  tool,
  onPlace,
}: {
  map: RefObject<MapCanvas | null>;
  /** Null while they are on their way. */
  places: Places | null;
  place: readonly number[] | null;
  tool: DecodeTool;
  onPlace: (place: readonly number[]) => void;
}): {
  onPointerDownCapture(event: PointerEvent): void;
  onPointerMoveCapture(event: PointerEvent): void;
  onPointerUpCapture(event: PointerEvent): void;
} {
  const dragged = useRef(false);
  const start = useRef<readonly [number, number] | null>(null);
  const spotOf = (event: PointerEvent): readonly [number, number] => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const apart = ([x, y]: readonly [number, number], [u = 0, v = 0]: readonly number[]): number =>
    Math.hypot(x - u, y - v);
  const go = (next: readonly number[] | null): void => {
    if (next) onPlace(next);
  };
  const isGripped = (spot: readonly [number, number]): boolean => {
    const at = place && map.current?.viewport()?.project([...place]);
    return at !== null && at !== undefined && apart(spot, at) < GRIP;
  };
  return {
    onPointerDownCapture(event) {
      if (event.button !== 0) return;
      const spot = spotOf(event);
      start.current = spot;
      if (!isGripped(spot) && (tool === "pan" || place?.length === 3)) return;
      event.stopPropagation();
      event.preventDefault();
      const area = event.currentTarget as HTMLElement;
      area.setPointerCapture(event.pointerId);
      area.focus();
      dragged.current = true;
      go(placeBelow(map.current, place, spot));
    },
    onPointerMoveCapture(event) {
      if (!dragged.current) return;
      event.stopPropagation();
      go(placeBelow(map.current, place, spotOf(event)));
    },
    onPointerUpCapture(event) {
      const spot = spotOf(event);
      const from = start.current;
      start.current = null;
      if (dragged.current) {
        dragged.current = false;
        event.stopPropagation();
        return;
      }
      if (!from || apart(spot, from) >= STILL) return;
      const near = place?.length === 3 ? map.current?.nearest(spot[0], spot[1], 14) : null;
      go(
        near !== null && near !== undefined && places
          ? placeOfImage(places, near)
          : placeBelow(map.current, place, spot),
      );
    },
  };
}
