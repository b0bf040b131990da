import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { AtlasInfo } from "../../src/explorer/protocol.ts";
import type { Drawing } from "./layers.ts";
import type { MapCanvas } from "./map-canvas.ts";
import { packThumbnails } from "./thumbnails.ts";

/** Where thumbnails come from. */
export interface ThumbnailSource {
  readonly atlas: AtlasInfo;
  /** Bytes of one sheet. */
  sheet(index: number): Promise<Uint8Array>;
}

/** Milliseconds that the camera rests before thumbnails are looked for. */
const REST_MS = 90;

/**
 * Thumbnails in place of points, once few enough images are in view.
 *
 * @returns what is to be called after each movement and each drawing
 */
export function useThumbnails(
  source: ThumbnailSource | null,
  host: RefObject<HTMLElement | null>,
  map: RefObject<MapCanvas | null>,
  drawing: RefObject<Drawing | null>,
): () => void {
  const now = useRef(source);
  now.current = source;
  const pending = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const sheets = useRef(new Map<number, Uint8Array>());
  const asked = useRef(new Set<number>());
  useEffect(() => () => clearTimeout(pending.current), []);

  function soon(): void {
    clearTimeout(pending.current);
    pending.current = setTimeout(show, REST_MS);
  }
  function show(): void {
    const from = now.current;
    const canvas = map.current;
    const drawn = drawing.current;
    if (!canvas || !drawn || !from || !host.current) return;
    const { atlas } = from;
    const area = host.current.clientWidth * host.current.clientHeight;
    const most = Math.min(1500, Math.floor(area / (26 * 26 * 0.55)));
    const visible = canvas.visible(most);
    // A small set would be all thumbnails at once: the overview stays points.
    if (visible.length > most || visible.length === 0 || !isNear(canvas, drawn)) {
      canvas.showThumbnails(null);
      return;
    }
    const needed = new Set(visible.map((index) => Math.floor(index / atlas.perSheet)));
    for (const sheet of needed) {
      if (asked.current.has(sheet)) continue;
      asked.current.add(sheet);
      from.sheet(sheet).then(
        (bytes) => {
          sheets.current.set(sheet, bytes);
          soon();
        },
        () => asked.current.delete(sheet),
      );
    }
    const side = Math.max(22, Math.min(96, Math.sqrt(area / visible.length) * 0.72));
    canvas.showThumbnails(packThumbnails(atlas, sheets.current, visible, drawn.colours, Math.round(side)));
  }
  return soon;
}

/** Whether the camera is nearer than the overview: thumbnails are for looking closely. */
function isNear(map: MapCanvas, { places }: Drawing): boolean {
  const port = map.viewport();
  if (!port) return false;
  const [left, top] = port.project([places.low[0], places.high[1], places.low[2]]) as [number, number];
  const [right, bottom] = port.project([places.high[0], places.low[1], places.high[2]]) as [number, number];
  return Math.hypot(right - left, bottom - top) > Math.hypot(port.width, port.height) * 1.25;
}
