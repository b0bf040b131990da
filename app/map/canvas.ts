/**
 * The drawing of the map: deck.gl on a canvas, driven by hand so that panning draws nothing of the page anew. Picking is
 * done here too, from the places themselves: no second picture is drawn for it.
 */
import { Deck, type Layer, OrbitView, OrthographicView, type Viewport } from "@deck.gl/core";
import { IconLayer, PathLayer, ScatterplotLayer } from "@deck.gl/layers";
import type { PlaneShapes } from "../../src/explorer/protocol.ts";
import { type Grid, gridOf, inside, type Places, type Polygon } from "./places.ts";
import { PointsLayer } from "./points-layer.ts";
import type { Thumbnails } from "./thumbnails.ts";

export interface Drawing {
  readonly places: Places;
  /** count x 4: red, green, blue, alpha; alpha 0 hides an image. A fresh array for each change. */
  readonly colours: Uint8Array;
  readonly shapes: PlaneShapes | null;
  /** Ellipses of clusters that are drawn, with their colours. */
  readonly outlines: readonly { readonly cluster: number; readonly colour: readonly number[] }[];
  /** Image with a ring around it. */
  readonly marked: number | null;
  readonly ink: readonly [number, number, number];
  readonly paper: readonly [number, number, number];
}

export interface MapCanvas {
  draw(drawing: Drawing): void;
  /** Shows thumbnails in place of points; null: points again. */
  showThumbnails(thumbnails: Thumbnails | null): void;
  setCamera(camera: readonly number[] | null): void;
  camera(): readonly number[];
  /** The present camera as a projection, once there is one. */
  viewport(): Viewport | null;
  /** Nearest shown image to a place on the screen, within so many pixels; null: none. */
  nearest(x: number, y: number, within: number): number | null;
  /** Next image from one in a direction of the screen (dx, dy of -1, 0, 1). */
  next(from: number, dx: number, dy: number): number | null;
  /** Shown images within a closed line on the screen, ascending. */
  within(polygon: Polygon): number[];
  /** Shown images on the screen; stops counting after `most`. */
  visible(most: number): number[];
  screen(index: number): readonly [number, number] | null;
  pan(dx: number, dy: number): void;
  zoom(by: number): void;
  centerOn(index: number): void;
  /** The canvas as just drawn, to be copied at once. */
  snapshot(): HTMLCanvasElement | null;
  destroy(): void;
}

interface ViewState {
  target: [number, number, number];
  zoom: number;
  rotationOrbit?: number;
  rotationX?: number;
}

/** Whether this browser can draw the map. */
export function hasWebgl(): boolean {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}

/**
 * Milliseconds for a drawn frame above which a plane that is moved is not drawn anew until it rests: its picture is moved
 * meanwhile, as a whole. With a graphics card a frame takes a few; software WebGL takes 250 for 70,000 points.
 */
const SLOW_FRAME_MS = 28;
/** Milliseconds that a moved plane rests before it is drawn anew; longer while it is held. */
const REST_MS = 140;
const HELD_MS = 600;

const minZoom = -20;
const maxZoom = 24;

export function createMapCanvas(
  parent: HTMLElement,
  told: {
    /** The camera moved; `by` the person or the page. */
    onCamera(by: "person" | "page"): void;
    onFirstPicture(): void;
    onError(message: string): void;
  },
): MapCanvas {
  let drawing: Drawing | null = null;
  let grid: Grid | null = null;
  let thumbnails: Thumbnails | null = null;
  let state: ViewState | null = null;
  let wanted: readonly number[] | null = null;
  let pictured = false;
  let finished = false;
  /** What the picture on the canvas shows, which may be behind `state` while a slow plane is moved. */
  let shown: ViewState | null = null;
  /** Milliseconds that a frame takes; measured when the camera is first moved. */
  let frameMs: number | null = null;
  let moving = false;
  let held = false;
  let resting: ReturnType<typeof setTimeout> | undefined;

  const size = (): readonly [number, number] => [
    Math.max(1, parent.clientWidth),
    Math.max(1, parent.clientHeight),
  ];
  const flat = (): boolean => drawing?.places.dimensions !== 3;
  const view = (): OrthographicView | OrbitView =>
    flat()
      ? new OrthographicView({ id: "plane", flipY: false })
      : new OrbitView({ id: "space", orbitAxis: "Y", fovy: 35 });

  function fitted(places: Places): ViewState {
    const [width, height] = size();
    const { low, high } = places;
    const target = low.map((value, d) => (value + (high[d] as number)) / 2) as [number, number, number];
    const spans = low.map((value, d) => (high[d] as number) - value);
    const [x, y, z] = spans as [number, number, number];
    if (places.dimensions === 2) {
      return { target: [target[0], target[1], 0], zoom: Math.log2(Math.min(width / x, height / y) * 0.9) };
    }
    const span = Math.hypot(x, y, z);
    return {
      target,
      zoom: Math.log2((Math.min(width, height) / span) * 1.25),
      rotationOrbit: 30,
      rotationX: 25,
    };
  }

  function stateOf(camera: readonly number[] | null, places: Places): ViewState {
    if (camera === null || camera.length !== (places.dimensions === 2 ? 3 : 6)) return fitted(places);
    const [a, b, c, d, e, f] = camera as [number, number, number, number, number, number];
    return places.dimensions === 2
      ? { target: [a, b, 0], zoom: c }
      : { target: [a, b, c], zoom: d, rotationOrbit: e, rotationX: f };
  }

  function radius(): number {
    if (!drawing || !state) return 2;
    const near = state.zoom - fitted(drawing.places).zoom;
    const base =
      drawing.places.count > 300_000
        ? 0.8
        : drawing.places.count > 20_000
          ? 1.4
          : drawing.places.count > 4000
            ? 2.4
            : 3.2;
    return Math.min(7, Math.max(0.7, base * 2 ** (near * 0.4)));
  }

  /** The same object for the same points: deck.gl takes another one for other data, and uploads all of it again. */
  let points: { places: Places; colours: Uint8Array; data: object } | null = null;
  function pointsOf(places: Places, colours: Uint8Array): { length: number } {
    if (points?.places !== places || points.colours !== colours) {
      const attributes = {
        getPosition: { value: places.values, size: places.dimensions },
        getFillColor: { value: colours, size: 4, normalized: true },
      };
      points = { places, colours, data: { length: places.count, attributes } };
    }
    return points.data as { length: number };
  }

  function layers(): Layer[] {
    if (!drawing) return [];
    const { places, colours, shapes, marked, outlines } = drawing;
    const position = (index: number): [number, number, number] => [
      places.values[index * places.dimensions] as number,
      places.values[index * places.dimensions + 1] as number,
      places.dimensions === 3 ? (places.values[index * 3 + 2] as number) : 0,
    ];
    const made: Layer[] = [
      new PointsLayer({
        id: `points-${places.dimensions}`,
        data: pointsOf(places, colours),
        positionFormat: places.dimensions === 2 ? "XY" : "XYZ",
        diameter: 2 * radius(),
        visible: thumbnails === null || !thumbnails.all,
        parameters: { depthCompare: places.dimensions === 3 ? "less-equal" : "always" },
      }),
    ];
    if (thumbnails !== null && thumbnails.indices.length > 0) {
      const { indices, atlas, mapping, size: side } = thumbnails;
      made.push(
        new IconLayer<number>({
          id: "thumbnails",
          data: indices as number[],
          // biome-ignore lint/suspicious/noExplicitAny: deck.gl takes pictures here, its type only their addresses.
          iconAtlas: atlas as any,
          iconMapping: mapping,
          getIcon: (index) => String(index),
          getPosition: position,
          getSize: side,
          sizeUnits: "pixels",
          textureParameters: { minFilter: "linear", magFilter: "nearest", mipmapFilter: "none" },
          parameters: { depthCompare: places.dimensions === 3 ? "less-equal" : "always" },
          updateTriggers: { getSize: side },
        }),
      );
    }
    if (shapes && outlines.length > 0) {
      const paths = outlines.filter(({ cluster }) => (shapes.ellipses[cluster]?.length ?? 0) > 2);
      if (places.dimensions === 2 && paths.length > 0) {
        made.push(
          new PathLayer<(typeof paths)[number]>({
            id: "ellipses",
            data: paths,
            getPath: ({ cluster }) => shapes.ellipses[cluster] as unknown as [number, number][],
            getColor: ({ colour }) => [...colour, 230] as [number, number, number, number],
            getWidth: 1.75,
            widthUnits: "pixels",
            positionFormat: "XY",
          }),
        );
      }
    }
    if (marked !== null && marked < places.count) {
      made.push(
        new ScatterplotLayer<number>({
          id: "marked",
          data: [marked],
          getPosition: position,
          stroked: true,
          filled: false,
          getLineColor: [...drawing.ink, 255],
          getRadius: thumbnails?.all ? thumbnails.size * 0.75 : radius() + 6,
          radiusUnits: "pixels",
          lineWidthUnits: "pixels",
          getLineWidth: 2.5,
          billboard: true,
          parameters: { depthCompare: "always" },
        }),
      );
    }
    return made;
  }

  const deck = new Deck<OrthographicView | OrbitView>({
    parent: parent as HTMLDivElement,
    views: view(),
    controller: { inertia: 200, scrollZoom: { speed: 0.01, smooth: false }, keyboard: false },
    useDevicePixels: Math.min(2, devicePixelRatio),
    layers: [],
    getCursor: ({ isDragging }) => (isDragging ? "grabbing" : "default"),
    onViewStateChange: ({ viewState }) => {
      const next = viewState as unknown as ViewState;
      state = { ...next, zoom: Math.min(maxZoom, Math.max(minZoom, next.zoom)) };
      if (isSlow()) movePicture();
      deck.setProps({ viewState: state as never, ...(moving ? {} : { layers: layers() }) });
      told.onCamera("person");
      return undefined as never;
    },
    onInteractionStateChange: ({ isDragging }) => {
      held = isDragging === true;
      if (moving && !held) {
        clearTimeout(resting);
        resting = setTimeout(rest, REST_MS);
      }
    },
    _customRender: (reason) => {
      if (moving) return;
      drawNow(reason);
    },
    onAfterRender: () => {
      if (pictured || !drawing) return;
      pictured = true;
      told.onFirstPicture();
    },
    onError: (error) => told.onError(error.message),
  });

  function drawNow(reason: string): void {
    const canvas = deck.getCanvas();
    if (canvas) canvas.style.transform = "";
    shown = state;
    (deck as unknown as { _drawLayers(reason: string): void })._drawLayers(reason);
  }

  /** Whether what is moved is a plane that takes long to draw. */
  function isSlow(): boolean {
    if (!pictured || !flat() || shown === null) return false;
    frameMs ??= timeFrame();
    return frameMs > SLOW_FRAME_MS;
  }

  /** Draws once more and waits for it. */
  function timeFrame(): number {
    const gl = deck.getCanvas()?.getContext("webgl2");
    if (!gl) return 0;
    const pixel = new Uint8Array(4);
    const wait = (): void => gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    wait(); // for what was begun before
    const start = performance.now();
    drawNow("timed");
    wait();
    return performance.now() - start;
  }

  /** Shows the last picture where it belongs under the present camera, until that rests. */
  function movePicture(): void {
    const canvas = deck.getCanvas();
    if (!canvas || !state || !shown) return;
    moving = true;
    const scale = 2 ** (state.zoom - shown.zoom);
    const across = 2 ** state.zoom;
    const dx = (shown.target[0] - state.target[0]) * across;
    const dy = (state.target[1] - shown.target[1]) * across;
    canvas.style.transform = `translate(${dx.toFixed(2)}px,${dy.toFixed(2)}px) scale(${scale.toFixed(5)})`;
    clearTimeout(resting);
    resting = setTimeout(rest, held ? HELD_MS : REST_MS);
  }

  /** Ends the moving: the picture is drawn anew. */
  function rest(): void {
    clearTimeout(resting);
    if (!moving || finished) return;
    moving = false;
    deck.setProps({ layers: layers() });
    deck.redraw("at rest");
  }

  function moved(): void {
    if (!state) return;
    rest();
    deck.setProps({ viewState: state as never, layers: layers() });
    told.onCamera("page");
  }

  function viewport(): Viewport | null {
    if (!state) return null;
    const [width, height] = size();
    return (view().makeViewport({ width, height, viewState: state as never }) ?? null) as Viewport | null;
  }

  /** Calls visit(index, x, y) for each shown image, on the screen in pixels. */
  function eachOnScreen(visit: (index: number, x: number, y: number) => void): void {
    const port = viewport();
    if (!drawing || !port) return;
    const { values, count, dimensions } = drawing.places;
    const { colours } = drawing;
    const m = port.pixelProjectionMatrix;
    for (let i = 0; i < count; i++) {
      if (colours[i * 4 + 3] === 0) continue;
      const x = values[i * dimensions] as number;
      const y = values[i * dimensions + 1] as number;
      const z = dimensions === 3 ? (values[i * 3 + 2] as number) : 0;
      const w = m[3] * x + m[7] * y + m[11] * z + m[15];
      if (w <= 0) continue;
      visit(i, (m[0] * x + m[4] * y + m[8] * z + m[12]) / w, (m[1] * x + m[5] * y + m[9] * z + m[13]) / w);
    }
  }

  /** The same for those on the screen in and around a rectangle of it. */
  function eachNear(
    [x0, y0, x1, y1]: readonly [number, number, number, number],
    visit: (index: number, x: number, y: number) => void,
  ): void {
    const port = viewport();
    if (!drawing || !port) return;
    if (!flat() || grid === null) {
      eachOnScreen((i, x, y) => {
        if (x >= x0 && x <= x1 && y >= y0 && y <= y1) visit(i, x, y);
      });
      return;
    }
    const [left, top] = port.unproject([x0, y0]) as [number, number];
    const [right, bottom] = port.unproject([x1, y1]) as [number, number];
    const { values } = drawing.places;
    const { colours } = drawing;
    const scale = 2 ** (state as ViewState).zoom;
    grid.within(left, Math.min(top, bottom), right, Math.max(top, bottom), (i) => {
      if (colours[i * 4 + 3] === 0) return;
      const x = ((values[i * 2] as number) - left) * scale + x0;
      const y = (top - (values[i * 2 + 1] as number)) * scale + y0;
      if (x >= x0 && x <= x1 && y >= y0 && y <= y1) visit(i, x, y);
    });
  }

  function zoomBy(by: number): void {
    if (!state) return;
    state = { ...state, zoom: Math.min(maxZoom, Math.max(minZoom, state.zoom + by)) };
    moved();
  }

  function centerOn(index: number): void {
    if (!state || !drawing) return;
    const { values, dimensions } = drawing.places;
    const at = [0, 1, 2].map((d) => (d < dimensions ? (values[index * dimensions + d] as number) : 0));
    state = { ...state, target: at as [number, number, number] };
    moved();
  }

  const observer = new ResizeObserver(() => {
    if (!drawing) return;
    if (wanted === null && state === null) state = fitted(drawing.places);
    deck.redraw();
    told.onCamera("page");
  });
  observer.observe(parent);

  return {
    draw(next) {
      rest();
      const otherPlaces = drawing?.places !== next.places;
      const otherView = drawing?.places.dimensions !== next.places.dimensions;
      drawing = next;
      if (otherPlaces) {
        grid = next.places.dimensions === 2 ? gridOf(next.places) : null;
        thumbnails = null;
        shown = null;
        frameMs = null;
        state = stateOf(wanted, next.places);
      }
      deck.setProps({
        ...(otherView ? { views: view() } : {}),
        viewState: state as never,
        layers: layers(),
      });
      if (otherPlaces) told.onCamera("page");
    },
    showThumbnails(next) {
      if (next === thumbnails) return;
      rest();
      thumbnails = next;
      deck.setProps({ layers: layers() });
    },
    setCamera(camera) {
      wanted = camera;
      if (!drawing) return;
      state = stateOf(camera, drawing.places);
      moved();
    },
    camera() {
      if (!state) return [];
      const { target, zoom, rotationOrbit, rotationX } = state;
      return flat()
        ? [target[0], target[1], zoom]
        : [...target, zoom, rotationOrbit as number, rotationX as number];
    },
    viewport,
    nearest(x, y, within) {
      let best: number | null = null;
      let least = within * within;
      eachNear([x - within, y - within, x + within, y + within], (i, px, py) => {
        const apart = (px - x) ** 2 + (py - y) ** 2;
        if (apart > least) return;
        least = apart;
        best = i;
      });
      return best;
    },
    next(from, dx, dy) {
      const at = this.screen(from);
      const [width, height] = size();
      if (at === null) return this.nearest(width / 2, height / 2, Math.max(width, height));
      const reach = (limit: number): number | null => {
        let best: number | null = null;
        let least = Number.POSITIVE_INFINITY;
        eachNear([at[0] - limit, at[1] - limit, at[0] + limit, at[1] + limit], (i, px, py) => {
          if (i === from) return;
          const along = (px - at[0]) * dx + (py - at[1]) * dy;
          const aside = Math.abs((px - at[0]) * dy) + Math.abs((py - at[1]) * dx);
          // Steps are a few pixels at least, else a dense crowd is never crossed.
          if (along < 3 || aside > along) return;
          const cost = along + 2 * aside;
          if (cost >= least) return;
          least = cost;
          best = i;
        });
        return best;
      };
      return reach(40) ?? reach(200) ?? reach(4000);
    },
    within(polygon) {
      const xs = polygon.map(([x]) => x);
      const ys = polygon.map(([, y]) => y);
      const found: number[] = [];
      eachNear([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)], (i, x, y) => {
        if (inside(polygon, x, y)) found.push(i);
      });
      return found.sort((a, b) => a - b);
    },
    visible(most) {
      const [width, height] = size();
      const found: number[] = [];
      eachNear([0, 0, width, height], (i) => {
        if (found.length <= most) found.push(i);
      });
      return found;
    },
    screen(index) {
      const port = viewport();
      if (!drawing || !port || index >= drawing.places.count) return null;
      const { values, dimensions } = drawing.places;
      const at = Array.from({ length: 3 }, (_, d) =>
        d < dimensions ? (values[index * dimensions + d] as number) : 0,
      );
      const [x, y] = port.project(at) as [number, number];
      return [x, y];
    },
    pan(dx, dy) {
      const port = viewport();
      if (!state || !port) return;
      const [width, height] = size();
      if (flat()) {
        const [x, y] = port.unproject([width / 2 + dx, height / 2 + dy]) as [number, number];
        state = { ...state, target: [x, y, 0] };
      } else {
        state = {
          ...state,
          rotationOrbit: (state.rotationOrbit ?? 0) + dx / 4,
          rotationX: Math.max(-89, Math.min(89, (state.rotationX ?? 0) + dy / 4)),
        };
      }
      moved();
    },
    zoom: zoomBy,
    centerOn,
    snapshot() {
      rest();
      deck.redraw("saved as a picture");
      return deck.getCanvas();
    },
    destroy() {
      if (finished) return;
      finished = true;
      clearTimeout(resting);
      observer.disconnect();
      deck.finalize();
    },
  };
}
