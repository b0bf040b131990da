import { useRef, useState } from "preact/hooks";
import type { Polygon } from "./places.ts";

/** What dragging does. */
export type Tool = "pan" | "box" | "lasso";

/** What a pointer did; places in pixels of the map. */
export interface PointerTold {
  onHover(x: number, y: number): void;
  onClick(x: number, y: number): void;
  /** A closed line was drawn. `add`: to what is selected already. */
  onEnclosed(line: Polygon, add: boolean): void;
}

export interface UsedPointer {
  /** The line that is being drawn; empty while none is. */
  readonly line: Polygon;
  /** Gives up the line. */
  drop(): void;
  readonly handlers: {
    onPointerDownCapture(event: PointerEvent): void;
    onPointerMoveCapture(event: PointerEvent): void;
    onPointerUpCapture(event: PointerEvent): void;
  };
}

/** Pixels that a pointer may move between down and up, and still have clicked. */
const STILL = 4;

/** Clicks, hovering, and the lines of box and lasso. What they take, the camera does not get. */
export function usePointer(tool: Tool, told: PointerTold): UsedPointer {
  const [line, setLine] = useState<Polygon>([]);
  const start = useRef<readonly [number, number] | null>(null);
  const spotOf = (event: PointerEvent): readonly [number, number] => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  return {
    line,
    drop: () => setLine([]),
    handlers: {
      onPointerDownCapture(event) {
        const spot = spotOf(event);
        start.current = spot;
        if (tool === "pan") return;
        event.stopPropagation();
        event.preventDefault();
        const element = event.currentTarget as HTMLElement;
        element.setPointerCapture(event.pointerId);
        element.focus();
        setLine([spot]);
      },
      onPointerMoveCapture(event) {
        const [x, y] = spotOf(event);
        const [first] = line;
        if (tool === "pan" || !first) {
          if (event.buttons === 0) told.onHover(x, y);
          return;
        }
        event.stopPropagation();
        const [x0, y0] = first;
        const box: Polygon = [
          [x0, y0],
          [x, y0],
          [x, y],
          [x0, y],
        ];
        setLine(tool === "box" ? box : [...line, [x, y]]);
      },
      onPointerUpCapture(event) {
        const [x, y] = spotOf(event);
        const from = start.current;
        start.current = null;
        if (tool !== "pan" && line.length > 0) {
          event.stopPropagation();
          setLine([]);
          told.onEnclosed(line.length > 2 ? line : [], event.shiftKey);
          return;
        }
        if (from && Math.hypot(x - from[0], y - from[1]) < STILL) told.onClick(x, y);
      },
    },
  };
}
