/**
 * Lets the reader turn a picture in three dimensions: by dragging it, or with two sliders, which keys can move. Without
 * script the picture stays as it was drawn.
 *
 * These functions run in the page, as text, after those of `charts/solid-view.ts`; so they too use nothing but each
 * other, their arguments and what a browser has.
 */
import { drawScene, type Scene, solidViewFunctions, type Viewpoint } from "./charts/solid-view.ts";
import { type Html, html, trusted } from "./html.ts";

/** What a page keeps of a scene; colours stand with each drawing of it. */
type StoredScene = Omit<Scene, "points" | "centers" | "ranks" | "centerColours"> & {
  readonly points: string;
  readonly centers: string;
  readonly start: Viewpoint;
};

/** One drawing of a scene: its points in some colours. */
export interface SceneDrawing {
  readonly svg: string;
  readonly scene: Scene;
  /** Class of the element around it. */
  readonly className: string;
}

/**
 * Drawings of one scene in the same place, with what the script needs to draw them from another point of view.
 *
 * @param drawings at least one; they differ only in colours
 */
export function turnablePicture(drawings: readonly SceneDrawing[], start: Viewpoint): Html {
  const scene = drawings[0]?.scene;
  if (scene === undefined) return html``;
  const { ranks: _ranks, centerColours: _colours, points, centers, ...rest } = scene;
  const stored: StoredScene = {
    ...rest,
    points: int16Text(points),
    centers: int16Text(centers),
    start,
  };
  return html`<div class="cloud" data-scene="${JSON.stringify(stored)}">${drawings.map(
    (drawing) =>
      html`<div class="${drawing.className}" data-ranks="${drawing.scene.ranks.map((rank) => rank.toString(36)).join("")}" data-centers="${drawing.scene.centerColours.join(" ")}">${trusted(drawing.svg)}</div>`,
  )}</div>`;
}

/** The script of a page with such pictures. */
export function turnScript(): string {
  const functions = [...solidViewFunctions, turnPictures, makeTurnable, letDrag, numbersOf, addSlider];
  return `(function(){${functions.map(String).join("\n")}\n${turnPictures.name}(document,${drawScene.name})})();`;
}

/** Makes all pictures of a page turnable. */
function turnPictures(page: Document, draw: (scene: Scene, viewpoint: Viewpoint) => string): void {
  for (const cloud of page.querySelectorAll<HTMLElement>(".cloud")) makeTurnable(cloud, draw);
}

function makeTurnable(cloud: HTMLElement, draw: (scene: Scene, viewpoint: Viewpoint) => string): void {
  const stored = JSON.parse(cloud.getAttribute("data-scene") ?? "") as StoredScene;
  const points = numbersOf(stored.points);
  const centers = numbersOf(stored.centers);
  const view = { ...stored.start };
  const page = cloud.ownerDocument;
  const frames = page.defaultView;
  const pictures = Array.from(cloud.querySelectorAll<HTMLElement>("[data-ranks]"));
  let waiting = false;
  const redraw = (): void => {
    waiting = false;
    for (const picture of pictures) {
      const svg = picture.querySelector("svg");
      if (svg === null || (pictures.length > 1 && picture.offsetParent === null)) continue;
      const ranks = Array.from(picture.getAttribute("data-ranks") ?? "", (rank) => Number.parseInt(rank, 36));
      const centerColours = (picture.getAttribute("data-centers") ?? "").split(" ");
      svg.innerHTML = draw({ ...stored, points, centers, ranks, centerColours }, view);
    }
  };
  const changed = (): void => {
    if (waiting) return;
    waiting = true;
    if (frames?.requestAnimationFrame) frames.requestAnimationFrame(redraw);
    else redraw();
  };
  const controls = page.createElement("div");
  controls.className = "turning";
  const turn = addSlider(controls, "Turn", 180, view.turn, (value) => {
    view.turn = value;
    changed();
  });
  const tilt = addSlider(controls, "Tilt", 90, view.tilt, (value) => {
    view.tilt = value;
    changed();
  });
  controls.append("or drag the picture");
  cloud.after(controls);
  cloud.classList.add("turnable");
  cloud.closest(".views")?.addEventListener("change", changed);
  letDrag(cloud, view, (seen) => {
    view.turn = seen.turn;
    view.tilt = seen.tilt;
    turn.value = `${seen.turn}`;
    tilt.value = `${seen.tilt}`;
    changed();
  });
}

// Half a degree for each pixel, from where the picture was when the pointer came down.
function letDrag(cloud: HTMLElement, view: Viewpoint, changed: (seen: Viewpoint) => void): void {
  cloud.addEventListener("pointerdown", (start) => {
    const from = { ...view };
    const move = (event: PointerEvent): void => {
      const turn = from.turn + (event.clientX - start.clientX) / 2;
      const tilt = from.tilt + (event.clientY - start.clientY) / 2;
      changed({ turn: turn - 360 * Math.round(turn / 360), tilt: Math.max(-90, Math.min(90, tilt)) });
    };
    const end = (): void => {
      cloud.removeEventListener("pointermove", move);
    };
    start.preventDefault();
    cloud.setPointerCapture(start.pointerId);
    cloud.addEventListener("pointermove", move);
    cloud.addEventListener("pointerup", end, { once: true });
    cloud.addEventListener("pointercancel", end, { once: true });
  });
}

// Two bytes for each number, the lower one first.
function numbersOf(text: string): Int16Array {
  const bytes = atob(text);
  return Int16Array.from(
    { length: bytes.length / 2 },
    (_, i) => bytes.charCodeAt(2 * i) | (bytes.charCodeAt(2 * i + 1) << 8),
  );
}

function addSlider(
  controls: HTMLElement,
  name: string,
  most: number,
  value: number,
  changed: (value: number) => void,
): HTMLInputElement {
  const label = controls.ownerDocument.createElement("label");
  const slider = controls.ownerDocument.createElement("input");
  slider.type = "range";
  slider.min = `${-most}`;
  slider.max = `${most}`;
  slider.value = `${value}`;
  slider.addEventListener("input", () => changed(Number(slider.value)));
  label.append(name, slider);
  controls.append(label);
  return slider;
}

function int16Text(numbers: Int16Array): string {
  let binary = "";
  for (const number of numbers) binary += String.fromCharCode(number & 255, (number >> 8) & 255);
  return btoa(binary);
}
