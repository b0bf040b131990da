/**
 * The map as it is drawn: places, colours, shapes and labels in, what a person does out. It knows nothing of the page's
 * address, of runs or of edits, so that one page may hold several.
 */
import type { ComponentChildren, RefObject, VNode } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { PlaneShapes } from "../../src/explorer/protocol.ts";
import { groupColour } from "../state/colours.ts";
import { type Drawing, inks } from "./layers.ts";
import type { MapCanvas } from "./map-canvas.ts";
import type { Label } from "./map-files.ts";
import type { Places } from "./places.ts";
import { useMapCanvas } from "./use-map-canvas.ts";
import { type Tool, usePointer } from "./use-pointer.ts";
import { type ThumbnailSource, useThumbnails } from "./use-thumbnails.ts";

/** A word at a place of the plane, in the colour of its cluster. */
export interface MapLabel {
  readonly cluster: number;
  readonly center: readonly number[];
  readonly text: string;
}

/** What the page around a map may do with it. */
export interface MapHandle {
  readonly canvas: MapCanvas;
  /** What is drawn; null before the first time. */
  drawing(): Drawing | null;
  /** The labels, where they are on the screen now. */
  labels(): readonly Label[];
  /** Width and height in pixels. */
  size(): readonly [number, number];
  /** Moves the camera, and tells `onCamera` at once. */
  move(how: (canvas: MapCanvas) => void): void;
  /** Brings an image into the picture where it is outside. */
  reveal(index: number): void;
}

export interface DrawnMapProps {
  /** What a screen reader calls it, with the keys. */
  readonly label: string;
  readonly describedBy?: string;
  readonly handle: RefObject<MapHandle | null>;
  /** Null while they are on their way. */
  readonly places: Places | null;
  /** count x 4: red, green, blue, alpha; null while they are on their way. */
  readonly colours: Uint8Array | null;
  readonly shapes: PlaneShapes | null;
  /** Clusters whose ellipses are drawn. */
  readonly outlined: readonly number[];
  readonly labels: readonly MapLabel[];
  /** Image with a ring around it. */
  readonly marked: number | null;
  readonly mode: "light" | "dark";
  /** What the camera is of: another one begins with `camera` again. */
  readonly plane: string | null;
  readonly camera: readonly number[] | null;
  readonly thumbnails: ThumbnailSource | null;
  readonly tool: Tool;
  /** The camera came to rest; never of a plane that is not drawn yet. */
  readonly onCamera: (camera: readonly number[]) => void;
  readonly onHover: (index: number | null) => void;
  /** A click on an image, or beside all (null). */
  readonly onPick: (index: number | null) => void;
  /** Images within a box or lasso; `add`: to what is selected. */
  readonly onEnclosed: (images: readonly number[], add: boolean) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFirstPicture: () => void;
  /** It cannot be drawn; in words. */
  readonly onBroken: (message: string) => void;
  /** What lies over the map. */
  readonly children?: ComponentChildren;
}

const REACH = 14;

export function DrawnMap(props: DrawnMapProps): VNode {
  const { handle, places, colours, shapes, outlined, labels, marked, mode, plane, camera, tool } = props;
  const spans = useRef<HTMLDivElement>(null);
  // What the callbacks of the canvas need of the present state.
  const now = useRef(props);
  now.current = props;

  const drawing = useMemo(
    (): Drawing | null =>
      places && colours && places.count * 4 === colours.length
        ? {
            ...{ places, colours, shapes, marked, ...inks[mode] },
            outlines: outlined.map((cluster) => ({ cluster, colour: groupColour(cluster, mode) })),
          }
        : null,
    [places, colours, shapes, marked, outlined, mode],
  );
  const { host, map, drawn, broken, pictured, move } = useMapCanvas({
    drawing,
    plane,
    camera,
    onCamera() {
      placeLabels();
      thumbnailsSoon();
    },
    onRest: (at) => now.current.onCamera(at),
  });
  const thumbnailsSoon = useThumbnails(props.thumbnails, host, map, drawn);
  useEffect(() => {
    placeLabels();
    thumbnailsSoon();
  }, [drawing]);
  useEffect(() => {
    if (pictured) props.onFirstPicture();
  }, [pictured]);
  useEffect(() => {
    if (broken !== null) props.onBroken(broken);
  }, [broken]);
  useEffect(() => {
    if (!map.current) return;
    handle.current = {
      canvas: map.current,
      drawing: () => drawn.current,
      labels: labelsOnScreen,
      size: () => [host.current?.clientWidth ?? 0, host.current?.clientHeight ?? 0],
      move,
      reveal,
    };
    return () => {
      handle.current = null;
    };
  }, []);

  function reveal(index: number): void {
    const spot = map.current?.screen(index);
    if (!spot || !host.current) return;
    const { clientWidth, clientHeight } = host.current;
    const margin = 20;
    const seen =
      spot[0] > margin &&
      spot[1] > margin &&
      spot[0] < clientWidth - margin &&
      spot[1] < clientHeight - margin;
    if (!seen) move((canvas) => canvas.centerOn(index));
  }

  // --- Labels at the centers, moved by hand while the camera moves.
  function labelsOnScreen(): readonly Label[] {
    const port = map.current?.viewport();
    if (!port) return [];
    return now.current.labels.map(({ cluster, center, text }) => {
      const [x, y] = port.project([center[0] ?? 0, center[1] ?? 0, center[2] ?? 0]) as [number, number];
      return { text, x, y, colour: groupColour(cluster, now.current.mode) };
    });
  }
  function placeLabels(): void {
    const shown = spans.current?.children;
    if (!shown) return;
    labelsOnScreen().forEach(({ x, y }, i) => {
      const span = shown[i] as HTMLElement | undefined;
      if (span) span.style.transform = `translate(${x.toFixed(1)}px,${y.toFixed(1)}px) translate(-50%,-50%)`;
    });
  }
  // labels are placed after each drawing of them.
  useEffect(placeLabels, [labels]);

  const { line, drop, handlers } = usePointer(tool, {
    onHover: (x, y) => props.onHover(map.current?.nearest(x, y, REACH) ?? null),
    onClick: (x, y) => props.onPick(map.current?.nearest(x, y, REACH) ?? null),
    onEnclosed: (closed, add) =>
      props.onEnclosed(closed.length > 0 ? (map.current?.within(closed) ?? []) : [], add),
  });
  return (
    <div
      class={`map-canvas tool-${tool}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the map is used with the keyboard, by the keys it tells of.
      tabIndex={0}
      role="application"
      aria-label={props.label}
      aria-describedby={props.describedBy}
      {...handlers}
      onPointerLeave={() => props.onHover(null)}
      onKeyDown={(event) => {
        if (event.key === "Escape") drop();
        props.onKeyDown(event);
      }}
    >
      <div class="map-host" ref={host} />
      <div class="map-labels" ref={spans} aria-hidden="true">
        {labels.map(({ cluster, text }) => (
          <span key={cluster}>{text}</span>
        ))}
      </div>
      {line.length > 1 && (
        <svg class="map-line" aria-hidden="true">
          <polygon points={line.map((spot) => spot.join()).join(" ")} />
        </svg>
      )}
      {props.children}
    </div>
  );
}
