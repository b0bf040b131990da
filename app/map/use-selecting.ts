import { useRef, useState } from "preact/hooks";
import type { MapCanvas } from "./canvas.ts";
import type { Polygon } from "./places.ts";

export type Tool = "pan" | "box" | "lasso";

export const tools: readonly (readonly [tool: Tool, label: string, key: string])[] = [
  ["pan", "Move", "V"],
  ["box", "Box", "B"],
  ["lasso", "Lasso", "L"],
];

/** What one does on a map with a pointer: drag a box or a line around images, point at one, or click it. */
export interface Selecting {
  readonly tool: Tool;
  readonly setTool: (tool: Tool) => void;
  /** The line that is being drawn, in pixels of the map. */
  readonly line: Polygon;
  /** For the element around the canvas; the handlers of the capture phase come before the canvas's own. */
  readonly handlers: {
    readonly onPointerDownCapture: (event: PointerEvent) => void;
    readonly onPointerMoveCapture: (event: PointerEvent) => void;
    readonly onPointerUpCapture: (event: PointerEvent) => void;
    readonly onPointerLeave: () => void;
  };
}

/** Pixels within which an image is pointed at. */
const reach = 14;

export function useSelecting(
  map: () => MapCanvas | null,
  told: {
    /** Images within the line; `adding`: to those that are selected already. */
    onSelect(images: readonly number[], adding: boolean): void;
    onHover(image: number | null): void;
    onClick(image: number | null): void;
  },
): Selecting {
  const [tool, setTool] = useState<Tool>("pan");
  const [line, setLine] = useState<Polygon>([]);
  const start = useRef<readonly [number, number] | null>(null);
  const spotOf = (event: PointerEvent): readonly [number, number] => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  return {
    tool,
    setTool,
    line,
    handlers: {
      onPointerDownCapture(event) {
        const spot = spotOf(event);
        start.current = spot;
        if (tool === "pan") return;
        event.stopPropagation();
        event.preventDefault();
        const area = event.currentTarget as HTMLElement;
        area.setPointerCapture(event.pointerId);
        area.focus();
        setLine([spot]);
      },
      onPointerMoveCapture(event) {
        const [x, y] = spotOf(event);
        if (tool === "pan" || line.length === 0) {
          if (event.buttons === 0) told.onHover(map()?.nearest(x, y, reach) ?? null);
          return;
        }
        event.stopPropagation();
        const [x0, y0] = line[0] as readonly [number, number];
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
          told.onSelect(line.length > 2 ? (map()?.within(line) ?? []) : [], event.shiftKey);
          setLine([]);
          return;
        }
        if (from && Math.hypot(x - from[0], y - from[1]) < 4)
          told.onClick(map()?.nearest(x, y, reach) ?? null);
      },
      onPointerLeave: () => told.onHover(null),
    },
  };
}
