/** The canvas of a map: deck.gl, driven by hand so that panning draws nothing of the page anew. */
import { Deck, type OrbitView, type OrthographicView, type Viewport } from "@deck.gl/core";
import {
  type Camera,
  cameraOfNumbers,
  centeredOn,
  fittedCamera,
  numbersOfCamera,
  panned,
  type Size,
  viewOf,
  viewportOf,
  zoomedTo,
} from "./camera.ts";
import { type Drawing, layersOf, type PointsData, pointRadius, pointsDataOf } from "./layers.ts";
import { createMovedPicture } from "./moved-picture.ts";
import { enclosedBy, nearestTo, nextFrom, type Seen, spotOf, visibleOf } from "./on-screen.ts";
import { type Grid, gridOf, type Polygon } from "./places.ts";
import type { Thumbnails } from "./thumbnails.ts";

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

/** Whether this browser can draw the map. */
export function hasWebgl(): boolean {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}

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
  let pointsData: PointsData | null = null;
  let thumbnails: Thumbnails | null = null;
  let camera: Camera | null = null;
  let wanted: readonly number[] | null = null;
  let pictured = false;
  let finished = false;

  const size = (): Size => [Math.max(1, parent.clientWidth), Math.max(1, parent.clientHeight)];

  const picture = createMovedPicture({
    canvas: () => deck.getCanvas(),
    draw: drawNow,
    onRest() {
      show();
      deck.redraw("at rest");
    },
  });

  const deck = new Deck<OrthographicView | OrbitView>({
    parent: parent as HTMLDivElement,
    views: viewOf({ dimensions: 2 }),
    controller: { inertia: 200, scrollZoom: { speed: 0.01, smooth: false }, keyboard: false },
    useDevicePixels: Math.min(2, devicePixelRatio),
    layers: [],
    getCursor: ({ isDragging }) => (isDragging ? "grabbing" : "default"),
    onViewStateChange: ({ viewState }) => {
      const next = viewState as unknown as Camera;
      camera = zoomedTo(next, next.zoom);
      if (pictured && drawing?.places.dimensions === 2) picture.move(camera);
      show();
      told.onCamera("person");
      return undefined as never;
    },
    onInteractionStateChange: ({ isDragging }) => picture.hold(isDragging === true),
    _customRender: (reason) => {
      if (!picture.moving()) drawNow(reason);
    },
    onAfterRender: () => {
      if (pictured || !drawing) return;
      pictured = true;
      told.onFirstPicture();
    },
    onError: (error) => told.onError(error.message),
  });

  function drawNow(reason: string): void {
    picture.drawn(camera);
    // Whoever gives deck.gl a `_customRender` calls this in turn: its types keep both to themselves.
    (deck as unknown as { _drawLayers(reason: string): void })._drawLayers(reason);
  }

  /** Gives deck.gl the present camera, and the layers unless the last picture serves. */
  function show(view = {}): void {
    deck.setProps({ ...view, viewState: camera as never, ...(picture.moving() ? {} : { layers: layers() }) });
  }

  function layers(): ReturnType<typeof layersOf> {
    if (!drawing || !camera) return [];
    const { places } = drawing;
    pointsData = pointsDataOf(drawing, pointsData);
    const radius = pointRadius(places.count, camera.zoom - fittedCamera(places, size()).zoom);
    return layersOf(drawing, pointsData, thumbnails, radius);
  }

  /** Moves the camera, as the page wishes. */
  function move(how: (camera: Camera, drawn: Drawing) => Camera): void {
    if (!camera || !drawing) return;
    camera = how(camera, drawing);
    picture.rest();
    show();
    told.onCamera("page");
  }

  const viewport = (): Viewport | null => camera && drawing && viewportOf(camera, drawing.places, size());

  /** What is looked up in what is seen now; `nothing` before anything is. */
  function inSight<Found>(nothing: Found, look: (seen: Seen) => Found): Found {
    const port = viewport();
    return drawing && port
      ? look({ places: drawing.places, colours: drawing.colours, grid, viewport: port })
      : nothing;
  }

  const observer = new ResizeObserver(() => {
    if (!drawing) return;
    deck.redraw();
    told.onCamera("page");
  });
  observer.observe(parent);

  return {
    draw(next) {
      picture.rest();
      const otherPlaces = drawing?.places !== next.places;
      const otherView = drawing?.places.dimensions !== next.places.dimensions;
      drawing = next;
      if (otherPlaces) {
        grid = next.places.dimensions === 2 ? gridOf(next.places) : null;
        thumbnails = null;
        picture.forget();
        camera = cameraOfNumbers(wanted, next.places, size());
      }
      show(otherView ? { views: viewOf(next.places) } : {});
      if (otherPlaces) told.onCamera("page");
    },
    showThumbnails(next) {
      if (next === thumbnails) return;
      picture.rest();
      thumbnails = next;
      show();
    },
    setCamera(numbers) {
      wanted = numbers;
      move((_, { places }) => cameraOfNumbers(numbers, places, size()));
    },
    camera: () => (camera && drawing ? numbersOfCamera(camera, drawing.places) : []),
    viewport,
    nearest: (x, y, within) => inSight(null, (seen) => nearestTo(seen, x, y, within)),
    next: (from, dx, dy) => inSight(null, (seen) => nextFrom(seen, from, dx, dy)),
    within: (polygon) => inSight<number[]>([], (seen) => enclosedBy(seen, polygon)),
    visible: (most) => inSight<number[]>([], (seen) => visibleOf(seen, most)),
    screen: (index) => inSight(null, (seen) => spotOf(seen, index)),
    pan: (dx, dy) => move((now, { places }) => panned(now, places, size(), dx, dy)),
    zoom: (by) => move((now) => zoomedTo(now, now.zoom + by)),
    centerOn: (index) => move((now, { places }) => centeredOn(now, places, index)),
    snapshot() {
      picture.rest();
      deck.redraw("saved as a picture");
      return deck.getCanvas();
    },
    destroy() {
      if (finished) return;
      finished = true;
      picture.end();
      observer.disconnect();
      deck.finalize();
    },
  };
}
