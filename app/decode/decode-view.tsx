import type { VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { CodeView, DecodeRequest } from "../../src/explorer/protocol.ts";
import { coloursOf } from "../map/colouring.ts";
import { placesOf } from "../map/places.ts";
import { saveAs } from "../map/save.ts";
import { useMapCanvas } from "../map/use-map-canvas.ts";
import { Failure, Waiting } from "../shell/parts.tsx";
import { address, goTo } from "../state/address.ts";
import type { Loaded, Numbers, RunProps } from "../state/run-session.ts";
import { createStore, type Store, useStore } from "../state/store.ts";
import { theme } from "../state/theme.ts";
import { faultText, images } from "../state/words.ts";
import { Atlas, useAtlas } from "./atlas.tsx";
import { placeText, placeWords } from "./ends.ts";
import { nearestImage, placeBehind, placeBelow, placeBeside, placeOfImage } from "./moving.ts";
import { Overlay, type Path } from "./overlay.tsx";
import { PlacePanel } from "./place-panel.tsx";
import { useDecoded } from "./use-decoded.ts";
import { WalkStrip } from "./walk.tsx";

const planeLabels: Readonly<Record<string, string>> = { "code-2d": "Code, 2-D", "code-3d": "Code, 3-D" };
const none: Store<Loaded<Numbers>> = createStore<Loaded<Numbers>>({ state: "loading" });
const usualSteps = 11;

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
  const planes = view.arrays.map(({ name }) => name).filter((name) => name in planeLabels);
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

function Plane({
  session,
  view,
  edits,
  planes,
  by,
}: RunProps & { planes: readonly string[]; by: keyof typeof drawnBy }): VNode {
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

  // --- The place: in the address a moment after it moved there, so that dragging it stays light.
  const [moved, setMoved] = useState<readonly number[] | null>(null);
  const keeping = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const middle =
    places?.low.slice(0, dimensions).map((low, d) => (low + (places.high[d] ?? low)) / 2) ?? null;
  const known = at.place?.length === dimensions ? at.place : middle;
  const place = moved?.length === dimensions ? moved : known;
  // what the address says counts again once it says something else.
  useEffect(() => setMoved(null), [at.place]);
  useEffect(() => () => clearTimeout(keeping.current), []);
  const movePlace = (next: readonly number[]): void => {
    setMoved(next);
    clearTimeout(keeping.current);
    keeping.current = setTimeout(() => goTo({ place: next }, "replace"), 250);
  };
  const placeKey = place === null ? "" : placeText(place);
  const placeRequest = useMemo(
    (): DecodeRequest | null => (place === null ? null : { place: place as number[] }),
    [placeKey],
  );
  const here = useDecoded(session, placeRequest);
  const nearest = useMemo(() => (places && place ? nearestImage(places, place) : null), [places, placeKey]);

  // --- The walk.
  const clusters = edits?.clusters.filter(({ size }) => size > 0) ?? [];
  const usualWalk = useMemo(() => farthestClusters(view, clusters), [view, edits]);
  const walk = at.walk ?? usualWalk;
  const ends = useEnds(session, walk, edits?.version ?? 0);
  const steps = Math.max(2, Math.min(60, at.stops ?? usualSteps));
  const [slid, setSlid] = useState<number | null>(null);
  useEffect(() => setSlid(null), [at.at]);
  const on = slid ?? at.at ?? 0.5;
  const slide = (next: number): void => {
    setSlid(next);
    clearTimeout(keeping.current);
    keeping.current = setTimeout(() => goTo({ at: next }, "replace"), 250);
  };
  const path: Path | null =
    ends.state === "ready" ? { from: ends.value[0].place, to: ends.value[1].place, steps, on } : null;

  // --- The map.
  const tick = useMemo(() => createStore(0), []);
  const [tool, setTool] = useState<"decode" | "pan">("decode");
  const [pointed, setPointed] = useState(true);
  const drawing = useMemo(
    () =>
      places && colours && places.count * 4 === colours.length
        ? {
            places,
            colours: pointed ? colours : new Uint8Array(colours.length),
            shapes: null,
            outlines: [],
            marked: at.image,
            ink: (mode === "light" ? [26, 29, 33] : [231, 233, 236]) as [number, number, number],
            paper: (mode === "light" ? [255, 255, 255] : [21, 24, 28]) as [number, number, number],
          }
        : null,
    [places, colours, pointed, at.image, mode],
  );
  const saving = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const keepCamera = (): void => {
    clearTimeout(saving.current);
    saving.current = setTimeout(() => {
      if (canvas.map.current) goTo({ camera: canvas.map.current.camera() }, "replace");
    }, 250);
  };
  const canvas = useMapCanvas(drawing, at.camera, (by) => {
    tick.set(tick.get() + 1);
    if (by === "person") keepCamera();
  });
  useEffect(() => () => clearTimeout(saving.current), []);
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

  const placeAt = (spot: readonly [number, number]) => placeBelow(canvas.map.current, place, spot);
  const dragged = useRef(false);
  const start = useRef<{ x: number; y: number } | null>(null);
  const spotOf = (event: PointerEvent): [number, number] => {
    const box = (canvas.host.current as HTMLElement).getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const [x, y] = spotOf(event);
    start.current = { x, y };
    const spot =
      place && (canvas.map.current?.viewport()?.project(place as number[]) as number[] | undefined);
    const onPlace =
      spot !== undefined && spot !== null && Math.hypot((spot[0] ?? 0) - x, (spot[1] ?? 0) - y) < 16;
    if (!onPlace && (tool === "pan" || dimensions === 3)) return;
    event.stopPropagation();
    event.preventDefault();
    const area = event.currentTarget as HTMLElement;
    area.setPointerCapture(event.pointerId);
    area.focus();
    dragged.current = true;
    const next = placeAt([x, y]);
    if (next) movePlace(next);
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (!dragged.current) return;
    event.stopPropagation();
    const next = placeAt(spotOf(event));
    if (next) movePlace(next);
  };
  const onPointerUp = (event: PointerEvent): void => {
    const [x, y] = spotOf(event);
    const from = start.current;
    start.current = null;
    if (dragged.current) {
      dragged.current = false;
      event.stopPropagation();
      return;
    }
    if (!from || Math.hypot(x - from.x, y - from.y) >= 4) return;
    const near = dimensions === 3 ? canvas.map.current?.nearest(x, y, 14) : null;
    const next = near !== null && near !== undefined && places ? placeOfImage(places, near) : placeAt([x, y]);
    if (next) movePlace(next);
  };
  const walkTo = (which: 0 | 1, end: string): void => {
    const now = walk ?? ([end, end] as const);
    goTo({ walk: which === 0 ? [end, now[1]] : [now[0], end] });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const map = canvas.map.current;
    if (!map || !place || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? 48 : 8;
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    };
    const by = moves[event.key];
    if (by) {
      const next = placeBeside(map, place, by);
      if (next) movePlace(next);
    } else if (event.key === "+" || event.key === "=" || event.key === "-") {
      map.zoom(event.key === "-" ? -0.5 : 0.5);
      keepCamera();
    } else if (event.key === "0") {
      goTo({ camera: null });
      map.setCamera(null);
    } else if (event.key === "f") walkTo(0, placeText(place));
    else if (event.key === "t") walkTo(1, placeText(place));
    else if (places && (event.key === "PageUp" || event.key === "PageDown")) {
      const next = placeBehind(map, place, places, event.key === "PageUp" ? 1 : -1);
      if (next) movePlace(next);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const failed = [placed, labels].find((store) => store.state === "failed");
  const waiting = (!drawing || !canvas.pictured) && !failed && canvas.broken === null;
  return (
    <div class="map-view decode-view">
      <div class="map-tools" role="toolbar" aria-label="Decode">
        <label>
          <span>Plane</span>
          <select
            value={plane}
            onChange={(event) => goTo({ plane: event.currentTarget.value, camera: null, place: null })}
          >
            {planes.map((name) => (
              <option key={name} value={name}>
                {planeLabels[name]}
              </option>
            ))}
          </select>
        </label>
        {dimensions === 2 && (
          <fieldset class="segments">
            <legend class="hidden">What dragging does</legend>
            <button type="button" aria-pressed={tool === "decode"} onClick={() => setTool("decode")}>
              Decode
            </button>
            <button type="button" aria-pressed={tool === "pan"} onClick={() => setTool("pan")}>
              Move
            </button>
          </fieldset>
        )}
        <fieldset class="segments">
          <legend class="hidden">Camera</legend>
          <button
            type="button"
            aria-label="Zoom in"
            onClick={() => {
              canvas.map.current?.zoom(0.7);
              keepCamera();
            }}
          >
            +
          </button>
          <button
            type="button"
            aria-label="Zoom out"
            onClick={() => {
              canvas.map.current?.zoom(-0.7);
              keepCamera();
            }}
          >
            −
          </button>
          <button
            type="button"
            onClick={() => {
              goTo({ camera: null });
              canvas.map.current?.setCamera(null);
            }}
          >
            Fit
          </button>
        </fieldset>
        {dimensions === 2 && (
          <label class="check">
            <input
              type="checkbox"
              checked={at.atlas}
              onChange={(event) => goTo({ atlas: event.currentTarget.checked })}
            />
            Decoded plane
          </label>
        )}
        <label class="check">
          <input
            type="checkbox"
            checked={pointed}
            onChange={(event) => setPointed(event.currentTarget.checked)}
          />
          Images as points
        </label>
        {at.atlas && dimensions === 2 && (
          <button
            type="button"
            class="push"
            disabled={!atlas.decoded}
            onClick={() => atlas.decoded && saveAs(atlas.decoded.blob, `${fileName(view.name)}-plane.png`)}
          >
            Save the decoded plane
          </button>
        )}
      </div>
      <div class="map-area">
        <div
          class={`map-canvas ${tool === "decode" && dimensions === 2 ? "tool-decode" : "tool-pan"}`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the plane is used with the keyboard, by the keys it tells of.
          tabIndex={0}
          role="application"
          aria-label={`Plane of the code, with ${images(view.count)}. Arrow keys move the place that is decoded, with Shift further; plus and minus zoom; F and T begin and end a walk there.`}
          aria-describedby="decode-said"
          onPointerDownCapture={onPointerDown}
          onPointerMoveCapture={onPointerMove}
          onPointerUpCapture={onPointerUp}
          onKeyDown={onKeyDown}
        >
          {at.atlas && dimensions === 2 && <Atlas atlas={atlas} map={canvas.map} tick={tick} />}
          <div class="map-host" ref={canvas.host} />
          <Overlay map={canvas.map} tick={tick} place={place} path={path} dimensions={dimensions} />
          {waiting && (
            <div class="map-over">
              <Waiting what={`${planeLabels[plane]}: ${images(view.count)} on their way …`} />
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
          onWalk={walkTo}
          onPlaceOf={(image) => places && movePlace(placeOfImage(places, image))}
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
        walk={walk}
        ends={ends}
        steps={steps}
        on={on}
        onSlide={slide}
      />
    </div>
  );
}

/** The two clusters whose centers lie the farthest apart in the plane; the first two where centers are not known. */
function farthestClusters(
  view: RunProps["view"],
  clusters: readonly { readonly cluster: number }[],
): readonly [string, string] | null {
  const centers = view.shapes["code-2d"]?.centers;
  let best: readonly [string, string] | null = null;
  let most = -1;
  for (const { cluster: a } of clusters) {
    for (const { cluster: b } of clusters) {
      if (a >= b) continue;
      const [[x = 0, y = 0] = [], [u = 0, v = 0] = []] = [centers?.[a], centers?.[b]];
      const apart = Math.hypot(x - u, y - v);
      if (apart <= most) continue;
      most = apart;
      best = [`c${a}`, `c${b}`];
    }
  }
  return best;
}

/** The codes of both ends. */
function useEnds(
  session: RunProps["session"],
  walk: readonly [string, string] | null,
  version: number,
): Loaded<readonly [CodeView, CodeView]> {
  const [ends, setEnds] = useState<Loaded<readonly [CodeView, CodeView]>>({ state: "loading" });
  // centers move with edits.
  useEffect(() => {
    if (walk === null) return;
    let over = false;
    Promise.all([session.code(walk[0]), session.code(walk[1])]).then(
      (value) => !over && setEnds({ state: "ready", value }),
      (reason) => !over && setEnds({ state: "failed", error: faultText(reason) }),
    );
    return () => {
      over = true;
    };
  }, [session, walk?.join("~"), version]);
  return ends;
}

const fileName = (name: string): string => name.replaceAll(/[^\w.-]+/g, "-");
