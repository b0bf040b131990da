import type { VNode } from "preact";
import { useMemo, useRef } from "preact/hooks";
import type { RunView } from "../../src/explorer/protocol.ts";
import { coloursOf } from "../map/colouring.ts";
import { placesOf } from "../map/places.ts";
import { planeLabel, planesOf } from "../map/planes.ts";
import { useMapCanvas } from "../map/use-map-canvas.ts";
import { tools, useSelecting } from "../map/use-selecting.ts";
import { Failure, Waiting } from "../shell/parts.tsx";
import { preparations } from "../state/client.ts";
import type { Loaded, Numbers, RunSession } from "../state/run-session.ts";
import { createStore, type Store, useStore } from "../state/store.ts";
import { theme } from "../state/theme.ts";
import { images } from "../state/words.ts";

const none: Store<Loaded<Numbers>> = createStore<Loaded<Numbers>>({ state: "loading" });

/** The map of one of two runs; what is selected, pointed at and shown in it is so in both. */
export function CompareMap({
  side,
  session,
  view,
  groups,
  plane: wanted,
  selected,
  marked,
  onPlane,
  onSelect,
  onHover,
  onImage,
}: {
  side: "this" | "other";
  session: RunSession;
  view: RunView;
  /** Number of each image by whose colour it is drawn; null while they are on their way. */
  groups: Int32Array | null;
  plane: string | null;
  selected: readonly number[];
  marked: number | null;
  onPlane: (plane: string) => void;
  onSelect: (images: readonly number[], adding: boolean) => void;
  onHover: (image: number | null) => void;
  onImage: (image: number | null) => void;
}): VNode {
  const mode = useStore(theme);
  const making = useStore(preparations);
  const available = useMemo(() => planesOf(view), [view]);
  const plane = wanted !== null && available.includes(wanted) ? wanted : (available[0] ?? null);
  const dimensions = plane?.endsWith("3d") ? 3 : 2;
  const placed = useStore(plane === null ? none : session.array(plane));
  const places = useMemo(
    () => (placed.state === "ready" ? placesOf(placed.value as Float32Array, dimensions) : null),
    [placed, dimensions],
  );
  const colours = useMemo(
    () => groups && coloursOf("cluster", groups, [], selected, mode).rgba,
    [groups, selected, mode],
  );
  const drawing = useMemo(
    () =>
      places && colours && places.count * 4 === colours.length
        ? {
            places,
            colours,
            shapes: null,
            outlines: [],
            marked,
            ink: (mode === "light" ? [26, 29, 33] : [231, 233, 236]) as [number, number, number],
            paper: (mode === "light" ? [255, 255, 255] : [21, 24, 28]) as [number, number, number],
          }
        : null,
    [places, colours, marked, mode],
  );
  const { host, map, broken, pictured } = useMapCanvas(drawing, null, () => {});
  const selecting = useSelecting(() => map.current, { onSelect, onHover, onClick: onImage });
  const area = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const canvas = map.current;
    if (!canvas || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrows: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const arrow = arrows[event.key];
    const tool = tools.find(([, , key]) => key.toLowerCase() === event.key)?.[0];
    if (arrow && event.shiftKey) canvas.pan(arrow[0] * 60, arrow[1] * 60);
    else if (arrow) {
      const { clientWidth = 0, clientHeight = 0 } = area.current ?? {};
      const next =
        marked === null
          ? canvas.nearest(clientWidth / 2, clientHeight / 2, clientWidth)
          : canvas.next(marked, arrow[0], arrow[1]);
      if (next !== null) onImage(next);
    } else if (event.key === "+" || event.key === "=") canvas.zoom(0.5);
    else if (event.key === "-") canvas.zoom(-0.5);
    else if (event.key === "0") canvas.setCamera(null);
    else if (event.key === " " && marked !== null) onSelect([marked], true);
    else if (event.key === "Escape") {
      selecting.setTool("pan");
      if (marked === null) onSelect([], false);
      else onImage(null);
    } else if (tool) selecting.setTool(tool);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const failed = placed.state === "failed" ? placed.error : broken;
  const who = side === "this" ? "this run" : "the other run";
  return (
    <section class="compare-map" aria-label={`Map of ${who}`}>
      <div class="compare-map-tools" role="toolbar" aria-label={`Map of ${who}: tools`}>
        <select
          aria-label={`Plane of ${who}`}
          value={plane ?? ""}
          onChange={(event) => onPlane(event.currentTarget.value)}
        >
          {available.map((name) => (
            <option key={name} value={name}>
              {planeLabel(name)}
            </option>
          ))}
        </select>
        <span class="segments">
          {tools.map(([name, label, key]) => (
            <button
              key={name}
              type="button"
              aria-pressed={selecting.tool === name}
              title={`${label} (${key})`}
              onClick={() => selecting.setTool(name)}
            >
              {label}
            </button>
          ))}
        </span>
        <button type="button" onClick={() => map.current?.setCamera(null)}>
          Fit
        </button>
      </div>
      <div
        ref={area}
        class={`compare-canvas tool-${selecting.tool}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the map is used with the keyboard, by the keys it tells of.
        tabIndex={0}
        role="application"
        aria-label={`Map of ${who}, ${view.name}, with ${images(view.count)}. Arrow keys go from image to image, plus and minus zoom, space selects.`}
        onKeyDown={onKeyDown}
        {...selecting.handlers}
      >
        <div class="map-host" ref={host} />
        {selecting.line.length > 1 && (
          <svg class="map-line" aria-hidden="true">
            <polygon points={selecting.line.map((spot) => spot.join()).join(" ")} />
          </svg>
        )}
        {failed !== null ? (
          <div class="map-over">
            <Failure text={failed} retry={session.retry} />
          </div>
        ) : plane === null ? (
          <div class="map-over">
            <Failure text="This run has no code and no map that could be drawn." />
          </div>
        ) : (
          (!drawing || !pictured) && (
            <div class="map-over">
              <Waiting
                what={`${planeLabel(plane)}: ${images(view.count)} on their way …`}
                {...(making.has(`arrays/${plane}`) ? { done: making.get(`arrays/${plane}`) as number } : {})}
              />
            </div>
          )
        )}
      </div>
    </section>
  );
}
