/** What keys do on a focused map. */
import type { MapHandle } from "./drawn-map.tsx";
import type { Tool } from "./use-pointer.ts";

/** What keys ask of the page around the map. */
export interface KeysTold {
  /** The image that is shown; arrows go on from it. */
  readonly image: number | null;
  goToImage(index: number): void;
  fit(): void;
  toggle(index: number): void;
  setTool(tool: Tool): void;
  escape(): void;
}

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const toolKeys: Readonly<Record<string, Tool>> = { v: "pan", b: "box", l: "lasso" };

/** Does what a key says; one that says nothing goes on to the page. */
export function heedKey(event: KeyboardEvent, map: MapHandle | null, told: KeysTold): void {
  if (!map || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!heed(event, map, told)) return;
  event.preventDefault();
  event.stopPropagation();
}

function heed(event: KeyboardEvent, map: MapHandle, told: KeysTold): boolean {
  const arrow = arrows[event.key];
  if (arrow && event.shiftKey) {
    map.move((canvas) => canvas.pan(arrow[0] * 60, arrow[1] * 60));
    return true;
  }
  if (arrow) {
    const [width, height] = map.size();
    const next =
      told.image === null
        ? map.canvas.nearest(width / 2, height / 2, width)
        : map.canvas.next(told.image, arrow[0], arrow[1]);
    if (next !== null) told.goToImage(next);
    return true;
  }
  const tool = toolKeys[event.key];
  if (tool) {
    told.setTool(tool);
    return true;
  }
  switch (event.key) {
    case "+":
    case "=":
      map.move((canvas) => canvas.zoom(0.5));
      return true;
    case "-":
      map.move((canvas) => canvas.zoom(-0.5));
      return true;
    case "0":
      told.fit();
      return true;
    case " ":
      if (told.image !== null) told.toggle(told.image);
      return true;
    case "Escape":
      told.escape();
      return true;
    default:
      return false;
  }
}
