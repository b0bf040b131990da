import type { VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { RunView } from "../../src/explorer/protocol.ts";
import { Failure, Waiting } from "../shell/parts.tsx";
import { address, type Colouring, colourings, goTo } from "../state/address.ts";
import { preparations } from "../state/client.ts";
import { groupColour } from "../state/colours.ts";
import { packIndices, unpackIndices } from "../state/packed-indices.ts";
import type { Loaded, Numbers, RunProps } from "../state/run-session.ts";
import { createStore, type Store, useStore } from "../state/store.ts";
import { theme } from "../state/theme.ts";
import { clusterLabel, count, images } from "../state/words.ts";
import { ActionBar } from "./action-bar.tsx";
import { createMapCanvas, type Drawing, hasWebgl, type MapCanvas } from "./canvas.ts";
import { arrayOf, colouringLabel, coloursOf } from "./colouring.ts";
import { Details } from "./details.tsx";
import { GroupLegend, type LegendEntry, ValueLegend } from "./legend.tsx";
import { type Polygon, placesOf } from "./places.ts";
import { type Label, mapAsPng, mapAsSvg, saveAs } from "./save.ts";
import { packThumbnails } from "./thumbnails.ts";

const planes = ["umap-2d", "code-2d", "umap-3d", "code-3d"] as const;
const planeLabels: Readonly<Record<string, string>> = {
  "code-2d": "Code, 2-D",
  "code-3d": "Code, 3-D",
  "umap-2d": "UMAP, 2-D",
  "umap-3d": "UMAP, 3-D",
};

/** The planes that a run has, the best first. */
export function planesOf(view: RunView): readonly string[] {
  const has = (name: string, state?: string): boolean =>
    view.arrays.some((array) => array.name === name && (state === undefined || array.state === state));
  const there = planes.filter((name) => has(name));
  // What is at hand comes before what takes a while.
  return [...there.filter((name) => has(name, "ready")), ...there.filter((name) => !has(name, "ready"))];
}

type Tool = "pan" | "box" | "lasso";
const tools: readonly (readonly [Tool, string, string])[] = [
  ["pan", "Move", "V"],
  ["box", "Box", "B"],
  ["lasso", "Lasso", "L"],
];

const none: Store<Loaded<Numbers>> = createStore<Loaded<Numbers>>({ state: "loading" });

/** All images as points, and what one does with them. */
export function MapView({ session, view, edits }: RunProps): VNode {
  const at = useStore(address);
  const mode = useStore(theme);
  const available = useMemo(() => planesOf(view), [view]);
  const plane = at.plane !== null && available.includes(at.plane) ? at.plane : (available[0] ?? null);
  const dimensions = plane?.endsWith("3d") ? 3 : 2;
  const kName = at.k === null ? null : `k-${at.k}`;
  const possible = colourings.filter((colouring) => arrayOf(colouring, view, kName) !== null);
  const colouring: Colouring = possible.includes(at.colours) ? at.colours : "cluster";
  const valuesName = arrayOf(colouring, view, kName);
  const placed = useStore(plane === null ? none : session.array(plane));
  const valued = useStore(valuesName === null ? none : session.array(valuesName));
  const selected = useMemo(() => unpackIndices(at.selection), [at.selection]);

  const host = useRef<HTMLDivElement>(null);
  const labels = useRef<HTMLDivElement>(null);
  const map = useRef<MapCanvas | null>(null);
  const drawing = useRef<Drawing | null>(null);
  const [tool, setTool] = useState<Tool>("pan");
  const [line, setLine] = useState<Polygon>([]);
  const [hovered, setHovered] = useState<number | null>(null);
  const [outlined, setOutlined] = useState(true);
  const [broken, setBroken] = useState<string | null>(null);
  const [pictured, setPictured] = useState(false);

  const places = useMemo(
    () => (placed.state === "ready" ? placesOf(placed.value as Float32Array, dimensions) : null),
    [placed, dimensions],
  );
  const colours = useMemo(
    () => (valued.state === "ready" ? coloursOf(colouring, valued.value, at.only, selected, mode) : null),
    [valued, colouring, at.only, selected, mode],
  );
  const shapes = plane !== null && at.k === null ? (view.shapes[plane] ?? null) : null;
  const clusterNames = useMemo(
    () => new Map(edits?.clusters.map(({ cluster, name }) => [cluster, name])),
    [edits],
  );
  const entries = useMemo((): readonly LegendEntry[] => {
    if (valued.state !== "ready" || (colouring !== "cluster" && colouring !== "class")) return [];
    const sizes = new Map<number, number>();
    for (const group of valued.value) sizes.set(group, (sizes.get(group) ?? 0) + 1);
    return [...sizes]
      .sort(([a], [b]) => a - b)
      .map(([group, size]) => ({
        group,
        size,
        label:
          group < 0
            ? "unknown"
            : colouring === "class"
              ? (view.classNames?.[group] ?? String(group))
              : clusterLabel(group, at.k === null ? clusterNames.get(group) : null),
      }));
  }, [valued, colouring, view, clusterNames, at.k]);

  const placesNow = useRef(places);
  placesNow.current = places;
  // What the callbacks of the canvas need of the present state.
  const now = useRef({ session, view, entries, colouring, outlined, clusterNames });
  now.current = { session, view, entries, colouring, outlined, clusterNames };

  // the canvas is made once, and driven by what follows.
  useEffect(() => {
    if (!host.current) return;
    if (!hasWebgl()) {
      setBroken(
        "Map: the browser must offer WebGL 2; it does not. Turn on hardware acceleration in its settings, or use another browser. Clusters, confusion and scores work without.",
      );
      return;
    }
    let saving: ReturnType<typeof setTimeout> | undefined;
    const made = createMapCanvas(host.current, {
      onCamera(by) {
        placeLabels();
        thumbnailsSoon();
        if (by === "page") return;
        clearTimeout(saving);
        saving = setTimeout(keepCamera, 250);
      },
      onFirstPicture() {
        performance.mark("first-picture");
        setPictured(true);
      },
      onError: (message) =>
        setBroken(`Map: the graphics card must draw it; it said "${message}". Reload the page.`),
    });
    map.current = made;
    made.setCamera(at.camera);
    return () => {
      clearTimeout(saving);
      clearTimeout(pending.current);
      made.destroy();
      map.current = null;
    };
  }, []);

  /** Says the camera in the address; not while another plane is on its way, whose camera it is not. */
  const keepCamera = (): void => {
    if (!map.current || drawing.current?.places !== placesNow.current) return;
    goTo({ camera: map.current.camera() }, "replace");
  };

  // The camera of an address that was gone back to.
  const cameraKey = at.camera?.map((x) => Number(x.toPrecision(6))).join() ?? "";
  const previousPlane = useRef(plane);
  useEffect(() => {
    const other = previousPlane.current !== plane;
    previousPlane.current = plane;
    const present = map.current
      ?.camera()
      .map((x) => Number(x.toPrecision(6)))
      .join();
    if (other || cameraKey !== present) {
      if (cameraKey === "" && !other && drawing.current === null) return;
      map.current?.setCamera(at.camera);
    }
  }, [cameraKey, plane, at.camera]);

  useEffect(() => {
    if (!map.current || !places || !colours || places.count * 4 !== colours.rgba.length) return;
    const shown = new Set(at.only);
    const outlines =
      outlined && shapes && colouring !== "class"
        ? shapes.centers.flatMap((center, cluster) =>
            center.length === 0 || (colouring === "cluster" && shown.size > 0 && !shown.has(cluster))
              ? []
              : [{ cluster, colour: groupColour(cluster, mode) }],
          )
        : [];
    drawing.current = {
      places,
      colours: colours.rgba,
      shapes,
      outlines,
      marked: at.image ?? hovered,
      ink: mode === "light" ? [26, 29, 33] : [231, 233, 236],
      paper: mode === "light" ? [255, 255, 255] : [21, 24, 28],
    };
    map.current.draw(drawing.current);
    placeLabels();
    thumbnailsSoon();
  }, [places, colours, shapes, at.image, hovered, outlined, mode, colouring, at.only]);

  // --- Labels at the centers, moved by hand while the camera moves.
  const labelled = useMemo(() => {
    if (!outlined || !shapes || colouring === "class" || colouring === "error") return [];
    const shown = new Set(colouring === "cluster" ? at.only : []);
    return shapes.centers.flatMap((center, cluster) =>
      center.length === 0 || (shown.size > 0 && !shown.has(cluster)) || !clusterNames.has(cluster)
        ? []
        : [{ cluster, center, text: clusterNames.get(cluster) ?? String(cluster) }],
    );
  }, [outlined, shapes, colouring, at.only, clusterNames]);
  const labelledNow = useRef(labelled);
  labelledNow.current = labelled;

  function labelsOnScreen(): Label[] {
    const port = map.current?.viewport();
    if (!port) return [];
    return labelledNow.current.map(({ cluster, center, text }) => {
      const [x, y] = port.project([center[0] ?? 0, center[1] ?? 0, center[2] ?? 0]) as [number, number];
      return { text, x, y, colour: groupColour(cluster, theme.get()) };
    });
  }

  function placeLabels(): void {
    const spans = labels.current?.children;
    if (!spans) return;
    labelsOnScreen().forEach(({ x, y }, i) => {
      const span = spans[i] as HTMLElement | undefined;
      if (span) span.style.transform = `translate(${x.toFixed(1)}px,${y.toFixed(1)}px) translate(-50%,-50%)`;
    });
  }
  // labels are placed after each drawing of them.
  useEffect(placeLabels, [labelled]);

  // --- Thumbnails once few enough images are in view.
  const pending = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const sheets = useRef(new Map<number, Uint8Array>());
  const asked = useRef(new Set<number>());
  function thumbnailsSoon(): void {
    clearTimeout(pending.current);
    pending.current = setTimeout(thumbnailsNow, 90);
  }
  function thumbnailsNow(): void {
    const { atlas } = now.current.view;
    const canvas = map.current;
    const drawn = drawing.current;
    if (!canvas || !drawn || !atlas || !host.current) return;
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
      now.current.session.sheet(sheet).then(
        (bytes) => {
          sheets.current.set(sheet, bytes);
          thumbnailsSoon();
        },
        () => asked.current.delete(sheet),
      );
    }
    const side = Math.max(22, Math.min(96, Math.sqrt(area / visible.length) * 0.72));
    canvas.showThumbnails(packThumbnails(atlas, sheets.current, visible, drawn.colours, Math.round(side)));
  }

  // --- Pointer and keys.
  const start = useRef<{ x: number; y: number } | null>(null);
  const spotOf = (event: PointerEvent): [number, number] => {
    const box = (host.current as HTMLElement).getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const onPointerDown = (event: PointerEvent): void => {
    const [x, y] = spotOf(event);
    start.current = { x, y };
    if (tool === "pan") return;
    event.stopPropagation();
    event.preventDefault();
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    (event.currentTarget as HTMLElement).focus();
    setLine([[x, y]]);
  };
  const onPointerMove = (event: PointerEvent): void => {
    const [x, y] = spotOf(event);
    if (tool !== "pan" && line.length > 0) {
      event.stopPropagation();
      const [x0, y0] = line[0] as readonly [number, number];
      setLine(
        tool === "box"
          ? [
              [x0, y0],
              [x, y0],
              [x, y],
              [x0, y],
            ]
          : [...line, [x, y]],
      );
      return;
    }
    if (event.buttons === 0) setHovered(map.current?.nearest(x, y, 14) ?? null);
  };
  const onPointerUp = (event: PointerEvent): void => {
    const [x, y] = spotOf(event);
    const from = start.current;
    start.current = null;
    if (tool !== "pan" && line.length > 0) {
      event.stopPropagation();
      const found = line.length > 2 ? (map.current?.within(line) ?? []) : [];
      setLine([]);
      if (found.length > 0 || selected.length > 0) {
        const all = event.shiftKey ? [...new Set([...selected, ...found])].sort((a, b) => a - b) : found;
        goTo({ selection: packIndices(all) });
      }
      return;
    }
    if (from && Math.hypot(x - from.x, y - from.y) < 4) {
      const near = map.current?.nearest(x, y, 14) ?? null;
      if (near !== null || at.image !== null) goTo({ image: near });
    }
  };
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
    const handled = (() => {
      if (arrow && event.shiftKey) {
        canvas.pan(arrow[0] * 60, arrow[1] * 60);
        keepCamera();
        return true;
      }
      if (arrow) {
        const box = (host.current as HTMLElement).getBoundingClientRect();
        const next =
          at.image === null
            ? canvas.nearest(box.width / 2, box.height / 2, box.width)
            : canvas.next(at.image, arrow[0], arrow[1]);
        if (next !== null) goToImage(next, "replace");
        return true;
      }
      switch (event.key) {
        case "+":
        case "=":
          canvas.zoom(0.5);
          keepCamera();
          return true;
        case "-":
          canvas.zoom(-0.5);
          keepCamera();
          return true;
        case "0":
          goTo({ camera: null });
          canvas.setCamera(null);
          return true;
        case " ":
          if (at.image !== null) toggleSelected(at.image);
          return true;
        case "Escape":
          setLine([]);
          setTool("pan");
          goTo(at.image !== null ? { image: null } : { selection: "" });
          return true;
        case "v":
          setTool("pan");
          return true;
        case "b":
          setTool("box");
          return true;
        case "l":
          setTool("lasso");
          return true;
        default:
          return false;
      }
    })();
    if (!handled) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const toggleSelected = (index: number): void => {
    const next = new Set(selected);
    if (!next.delete(index)) next.add(index);
    goTo({ selection: packIndices([...next].sort((a, b) => a - b)) });
  };

  /** Shows an image, and brings it into the picture where it is outside. */
  const goToImage = (index: number | null, how: "push" | "replace" = "push"): void => {
    goTo({ image: index }, how);
    if (index === null || !host.current) return;
    const spot = map.current?.screen(index);
    if (!spot) return;
    const { clientWidth, clientHeight } = host.current;
    const margin = 20;
    const seen =
      spot[0] > margin &&
      spot[1] > margin &&
      spot[0] < clientWidth - margin &&
      spot[1] < clientHeight - margin;
    if (seen) return;
    map.current?.centerOn(index);
    keepCamera();
  };

  const save = async (kind: "png" | "svg"): Promise<void> => {
    const canvas = map.current;
    const drawn = drawing.current;
    if (!canvas || !drawn || !host.current) return;
    const title = `${view.name}: ${planeLabels[plane ?? ""] ?? plane}, coloured by ${colouringLabel(colouring, view).toLowerCase()}`;
    const name = `${view.name.replaceAll(/[^\w.-]+/g, "-")}-${plane}-${colouring}.${kind}`;
    try {
      const blob =
        kind === "png"
          ? await mapAsPng(canvas, drawn, labelsOnScreen())
          : mapAsSvg(canvas, drawn, labelsOnScreen(), title, [
              host.current.clientWidth,
              host.current.clientHeight,
            ]);
      saveAs(blob, name);
    } catch (error) {
      session.notice.set({ kind: "error", text: error instanceof Error ? error.message : String(error) });
    }
  };

  const preparing = useStore(preparations);
  const failed = [placed, valued].find((store) => store.state === "failed");
  const waiting = plane !== null && (!places || !colours || !pictured) && !failed && broken === null;
  const done = preparing.get(`arrays/${plane}`) ?? preparing.get(`arrays/${valuesName}`);
  const image = at.image ?? hovered;

  return (
    <div class="map-view">
      <div class="map-tools" role="toolbar" aria-label="Map">
        <label>
          <span>Plane</span>
          <select
            value={plane ?? ""}
            onChange={(event) => goTo({ plane: event.currentTarget.value, camera: null })}
          >
            {available.map((name) => (
              <option key={name} value={name}>
                {planeLabels[name] ?? name}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>Colours</span>
          <select
            value={colouring}
            onChange={(event) => goTo({ colours: event.currentTarget.value as Colouring, only: [] })}
          >
            {possible.map((name) => (
              <option key={name} value={name}>
                {colouringLabel(name, view)}
              </option>
            ))}
          </select>
        </label>
        <fieldset class="segments">
          <legend class="hidden">What dragging does</legend>
          {tools.map(([name, label, key]) => (
            <button
              key={name}
              type="button"
              aria-pressed={tool === name}
              title={`${label} (${key})`}
              onClick={() => setTool(name)}
            >
              {label}
            </button>
          ))}
        </fieldset>
        <fieldset class="segments">
          <legend class="hidden">Camera</legend>
          <button
            type="button"
            aria-label="Zoom in"
            onClick={() => {
              map.current?.zoom(0.7);
              keepCamera();
            }}
          >
            +
          </button>
          <button
            type="button"
            aria-label="Zoom out"
            onClick={() => {
              map.current?.zoom(-0.7);
              keepCamera();
            }}
          >
            −
          </button>
          <button
            type="button"
            onClick={() => {
              goTo({ camera: null });
              map.current?.setCamera(null);
            }}
          >
            Fit
          </button>
        </fieldset>
        {shapes && (
          <label class="check">
            <input
              type="checkbox"
              checked={outlined}
              onChange={(event) => setOutlined(event.currentTarget.checked)}
            />
            Centers
          </label>
        )}
        <fieldset class="segments push">
          <legend class="hidden">Save the map</legend>
          <button type="button" aria-label="Save the map as PNG" onClick={() => void save("png")}>
            PNG
          </button>
          <button type="button" aria-label="Save the map as SVG" onClick={() => void save("svg")}>
            SVG
          </button>
        </fieldset>
      </div>
      <div class="map-area">
        <div
          class={`map-canvas tool-${tool}`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the map is used with the keyboard, by the keys it tells of.
          tabIndex={0}
          role="application"
          aria-label={`Map of ${images(view.count)}. Arrow keys go from image to image, plus and minus zoom, space selects.`}
          aria-describedby="map-said"
          onPointerDownCapture={onPointerDown}
          onPointerMoveCapture={onPointerMove}
          onPointerUpCapture={onPointerUp}
          onPointerLeave={() => setHovered(null)}
          onKeyDown={onKeyDown}
        >
          <div class="map-host" ref={host} />
          <div class="map-labels" ref={labels} aria-hidden="true">
            {labelled.map(({ cluster, text }) => (
              <span key={cluster}>{text}</span>
            ))}
          </div>
          {line.length > 1 && (
            <svg class="map-line" aria-hidden="true">
              <polygon points={line.map((spot) => spot.join()).join(" ")} />
            </svg>
          )}
          {waiting && (
            <div class="map-over">
              <Waiting
                what={
                  places && !colours && at.k !== null
                    ? `${at.k} clusters are being found …`
                    : `${planeLabels[plane ?? ""] ?? "The map"}: ${images(view.count)} on their way …`
                }
                {...(done === undefined ? {} : { done })}
              />
            </div>
          )}
          {plane === null && (
            <div class="map-over">
              <Failure text="This run has no code and no map that could be drawn. Make one with a network or with +umap in the method, e.g. conv-ae+umap+kmeans." />
            </div>
          )}
          {failed?.state === "failed" && (
            <div class="map-over">
              <Failure text={failed.error} retry={session.retry} />
            </div>
          )}
          {broken !== null && (
            <div class="map-over">
              <Failure text={broken} />
            </div>
          )}
        </div>
        <p id="map-said" class="hidden" aria-live="polite">
          {at.image !== null && `Image ${at.image}. ${count(selected.length)} selected.`}
        </p>
        {edits && at.k === null && <ActionBar session={session} edits={edits} selected={selected} />}
        {at.k !== null && (
          <div class="action-bar" role="status">
            <strong>Trying {at.k} clusters</strong>
            <button type="button" onClick={() => goTo({ k: null, only: [] })}>
              Back to the run's own
            </button>
            {at.tab !== "k" && (
              <button type="button" class="quiet" onClick={() => goTo({ tab: "k" })}>
                Number of clusters
              </button>
            )}
          </div>
        )}
      </div>
      <aside class="map-side" aria-label="Legend and image">
        <Details
          session={session}
          view={view}
          edits={edits}
          index={image}
          pinned={at.image !== null}
          onOpen={(index) => goToImage(index)}
          onCluster={(cluster) => goTo({ tab: "clusters", cluster })}
        />
        {colours?.scale ? (
          <ValueLegend what={colouringLabel(colouring, view)} scale={colours.scale} />
        ) : (
          <GroupLegend
            what={colouringLabel(colouring, view)}
            entries={entries}
            only={at.only}
            onOnly={(only) => goTo({ only })}
          />
        )}
      </aside>
    </div>
  );
}

/** Whether the camera is nearer than the overview: thumbnails are for looking closely. */
function isNear(map: MapCanvas, { places }: Drawing): boolean {
  const port = map.viewport();
  if (!port) return false;
  const [left, top] = port.project([places.low[0], places.high[1], places.low[2]]) as [number, number];
  const [right, bottom] = port.project([places.high[0], places.low[1], places.high[2]]) as [number, number];
  return Math.hypot(right - left, bottom - top) > Math.hypot(port.width, port.height) * 1.25;
}
