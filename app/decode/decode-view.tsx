import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { coloursOf } from "../canvas/colouring.ts";
import { type Drawing, inks } from "../canvas/layers.ts";
import { placesOf } from "../canvas/places.ts";
import { planeLabel } from "../canvas/planes.ts";
import { useMapCanvas } from "../canvas/use-map-canvas.ts";
import { Failure, Waiting } from "../parts/parts.tsx";
import { saveAs } from "../parts/save-as.ts";
import { address, goTo } from "../state/address.ts";
import type { Loaded, Numbers, RunProps } from "../state/run-session.ts";
import { createStore, type Store, useStore } from "../state/store.ts";
import { theme } from "../state/theme.ts";
import { images } from "../state/words.ts";
import { Atlas, useAtlas } from "./atlas.tsx";
import { DecodeTools } from "./decode-tools.tsx";
import { placeText, placeWords } from "./ends.ts";
import { placeBehind, placeBeside, placeOfImage } from "./moving.ts";
import { Overlay } from "./overlay.tsx";
import { PlacePanel } from "./place-panel.tsx";
import { type DecodeTool, useDragging } from "./use-dragging.ts";
import { usePlace } from "./use-place.ts";
import { useWalk } from "./use-walk.ts";
import { WalkStrip } from "./walk.tsx";

const none: Store<Loaded<Numbers>> = createStore<Loaded<Numbers>>({ state: "loading" });

const drawnBy = {
  network: "The decoder draws what lies at any place of the code.",
  components:
    "This run has no network: principal components draw what lies at a place, by adding up as much of each as it says.",
  pixels:
    "This run has no decoder: its code are the pixels themselves, so that places between images are mixtures of pixels. Compare with a run that has one, e.g. --method conv-ae+kmeans.",
} as const;

/** What lies between the images: the plane of the code, decoded. */
export function DecodeView(props: RunProps): VNode {
  const { view } = props;
  const planes = view.arrays
    .map(({ name }) => name)
    .filter((name) => name === "code-2d" || name === "code-3d");
  if (view.drawing.by === null) {
    return (
      <div class="page-words">
        <h2>Nothing can be decoded here</h2>
        <p>{view.drawing.reason}</p>
      </div>
    );
  }
  if (planes.length === 0) {
    return (
      <p class="page-words">
        The places of the images in the code are not kept by this run, and its images are gone, from which
        they would be made. Make the run again.
      </p>
    );
  }
  return <Plane {...props} planes={planes} by={view.drawing.by} />;
}

const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function Plane({
  planes,
  by,
  ...run
}: RunProps & { planes: readonly string[]; by: keyof typeof drawnBy }): VNode {
  const { session, view, edits } = run;
  const at = useStore(address);
  const mode = useStore(theme);
  const plane = at.plane !== null && planes.includes(at.plane) ? at.plane : (planes[0] as string);
  const dimensions = plane === "code-3d" ? 3 : 2;
  const placed = useStore(session.array(plane));
  const labels = useStore(
    view.arrays.some(({ name }) => name === "cluster") ? session.array("cluster") : none,
  );
  const places = useMemo(
    () => (placed.state === "ready" ? placesOf(placed.value as Float32Array, dimensions) : null),
    [placed, dimensions],
  );
  const colours = useMemo(
    () => (labels.state === "ready" ? coloursOf("cluster", labels.value, [], [], mode).rgba : null),
    [labels, mode],
  );
  const { place, move, nearest, here } = usePlace(session, places, dimensions);
  const clusters = edits?.clusters.filter(({ size }) => size > 0) ?? [];
  const walk = useWalk(run, clusters);

  // --- The map.
  const tick = useMemo(() => createStore(0), []);
  const [tool, setTool] = useState<DecodeTool>("decode");
  const [pointed, setPointed] = useState(true);
  const drawing = useMemo(
    (): Drawing | null =>
      places && colours && places.count * 4 === colours.length
        ? {
            places,
            colours: pointed ? colours : new Uint8Array(colours.length),
            shapes: null,
            outlines: [],
            marked: at.image,
            ...inks[mode],
          }
        : null,
    [places, colours, pointed, at.image, mode],
  );
  const canvas = useMapCanvas({
    drawing,
    plane,
    camera: at.camera,
    onCamera: () => tick.set(tick.get() + 1),
    onRest: (camera) => goTo({ camera }, "replace"),
  });
  // marks are placed once the points are.
  useEffect(() => tick.set(tick.get() + 1), [drawing]);
  const atlas = useAtlas({
    session,
    image: view.image,
    places,
    shown: at.atlas && dimensions === 2 && canvas.pictured,
    map: canvas.map,
    tick,
  });
  const fit = (): void => {
    goTo({ camera: null });
    canvas.map.current?.setCamera(null);
  };

  const dragging = useDragging({ map: canvas.map, places, place, tool, onPlace: move });
  const onKeyDown = (event: KeyboardEvent): void => {
    const map = canvas.map.current;
    if (!map || !place || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? 48 : 8;
    const way = moves[event.key];
    if (way) {
      const next = placeBeside(map, place, [way[0] * step, way[1] * step]);
      if (next) move(next);
    } else if (event.key === "+" || event.key === "=") canvas.move((one) => one.zoom(0.5));
    else if (event.key === "-") canvas.move((one) => one.zoom(-0.5));
    else if (event.key === "0") fit();
    else if (event.key === "f") walk.change(0, placeText(place));
    else if (event.key === "t") walk.change(1, placeText(place));
    else if (places && (event.key === "PageUp" || event.key === "PageDown")) {
      const next = placeBehind(map, place, places, event.key === "PageUp" ? 1 : -1);
      if (next) move(next);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const { decoded } = atlas;
  const failed = [placed, labels].find((store) => store.state === "failed");
  const waiting = (!drawing || !canvas.pictured) && !failed && canvas.broken === null;
  return (
    <div class="map-view decode-view">
      <DecodeTools
        planes={planes}
        plane={plane}
        tool={dimensions === 2 ? tool : null}
        onTool={setTool}
        onZoom={(by) => canvas.move((map) => map.zoom(by))}
        onFit={fit}
        pointed={pointed}
        onPointed={setPointed}
        onSave={decoded && (() => saveAs(decoded.blob, `${fileName(view.name)}-plane.png`))}
      />
      <div class="map-area">
        <div
          class={`map-canvas ${tool === "decode" && dimensions === 2 ? "tool-decode" : "tool-pan"}`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the plane is used with the keyboard, by the keys it tells of.
          tabIndex={0}
          role="application"
          aria-label={`Plane of the code, with ${images(view.count)}. Arrow keys move the place that is decoded, with Shift further; plus and minus zoom; F and T begin and end a walk there.`}
          aria-describedby="decode-said"
          {...dragging}
          onKeyDown={onKeyDown}
        >
          {at.atlas && dimensions === 2 && <Atlas atlas={atlas} map={canvas.map} tick={tick} />}
          <div class="map-host" ref={canvas.host} />
          <Overlay map={canvas.map} tick={tick} place={place} path={walk.path} dimensions={dimensions} />
          {waiting && (
            <div class="map-over">
              <Waiting what={`${planeLabel(plane)}: ${images(view.count)} on their way …`} />
            </div>
          )}
          {failed?.state === "failed" && (
            <div class="map-over">
              <Failure text={failed.error} retry={session.retry} />
            </div>
          )}
          {canvas.broken !== null && (
            <div class="map-over">
              <Failure text={canvas.broken} />
            </div>
          )}
        </div>
        <p id="decode-said" class="hidden" aria-live="polite">
          {place &&
            `Place ${placeWords(place)}${nearest === null ? "" : `; nearest image ${nearest}${labels.state === "ready" ? `, cluster ${labels.value[nearest]}` : ""}`}.`}
        </p>
      </div>
      <aside class="map-side" aria-label="What is decoded">
        <PlacePanel
          session={session}
          view={view}
          edits={edits}
          place={place}
          nearest={nearest}
          cluster={nearest !== null && labels.state === "ready" ? (labels.value[nearest] ?? null) : null}
          decoded={here.decoded}
          error={here.error ?? atlas.error}
          onWalk={walk.change}
          onPlaceOf={(image) => places && move(placeOfImage(places, image))}
        />
        <p class="soft">
          {drawnBy[by]}
          {view.drawing.by !== null && view.drawing.codeSize > dimensions
            ? ` The plane shows ${dimensions} of its ${view.drawing.codeSize} directions, those in which images differ most; of the others a place has the mean.`
            : ""}
        </p>
      </aside>
      <WalkStrip
        session={session}
        view={view}
        edits={edits}
        clusters={clusters}
        place={place}
        walk={walk.walk}
        ends={walk.ends}
        steps={walk.steps}
        on={walk.on}
        onSlide={walk.slide}
      />
    </div>
  );
}

const fileName = (name: string): string => name.replaceAll(/[^\w.-]+/g, "-");
