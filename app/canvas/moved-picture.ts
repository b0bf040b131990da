/**
 * A plane that takes long to draw is not drawn anew at every movement of the camera: its last picture is moved as a whole,
 * until the camera rests. With a graphics card a frame takes a few milliseconds; software WebGL takes 250 for 70,000 points.
 */
import type { Camera } from "./camera.ts";

export interface MovedPicture {
  /** Whether the picture is moved at present, so that nothing is to be drawn. */
  moving(): boolean;
  /** A picture of what this camera sees is drawn now. */
  drawn(camera: Camera | null): void;
  /** Shows the last picture where it belongs under another camera, if a new one would take long. */
  move(camera: Camera): void;
  /** A person holds the plane, or lets go of it. */
  hold(held: boolean): void;
  /** Ends the moving. */
  rest(): void;
  /** Other points are drawn from now on. */
  forget(): void;
  /** Nothing is drawn any more. */
  end(): void;
}

/** Milliseconds for a frame above which its picture is moved. */
const SLOW_FRAME_MS = 28;
/** Milliseconds that a moved plane rests before it is drawn anew; longer while it is held. */
const REST_MS = 140;
const HELD_MS = 600;

export function createMovedPicture(told: {
  canvas(): HTMLCanvasElement | null | undefined;
  /** Draws at once. */
  draw(reason: string): void;
  /** The camera rests: what the picture has missed is to be drawn. */
  onRest(): void;
}): MovedPicture {
  /** What the picture shows; null before there is one. */
  let shown: Camera | null = null;
  /** Milliseconds that a frame takes; measured when the camera is first moved. */
  let frameMs: number | null = null;
  let moving = false;
  let held = false;
  let resting: ReturnType<typeof setTimeout> | undefined;

  function rest(): void {
    clearTimeout(resting);
    if (!moving) return;
    moving = false;
    told.onRest();
  }

  function restIn(ms: number): void {
    clearTimeout(resting);
    resting = setTimeout(rest, ms);
  }

  /** Draws once more and waits for it. */
  function timeFrame(canvas: HTMLCanvasElement): number {
    const gl = canvas.getContext("webgl2");
    if (!gl) return 0;
    const pixel = new Uint8Array(4);
    const wait = (): void => gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    wait(); // for what was begun before
    const start = performance.now();
    told.draw("timed");
    wait();
    return performance.now() - start;
  }

  return {
    moving: () => moving,
    drawn(camera) {
      const canvas = told.canvas();
      if (canvas) canvas.style.transform = "";
      shown = camera;
    },
    move(camera) {
      const canvas = told.canvas();
      if (!canvas || shown === null) return;
      const from = shown;
      frameMs ??= timeFrame(canvas);
      if (frameMs <= SLOW_FRAME_MS) return;
      moving = true;
      const scale = 2 ** (camera.zoom - from.zoom);
      const across = 2 ** camera.zoom;
      const dx = (from.target[0] - camera.target[0]) * across;
      const dy = (camera.target[1] - from.target[1]) * across;
      canvas.style.transform = `translate(${dx.toFixed(2)}px,${dy.toFixed(2)}px) scale(${scale.toFixed(5)})`;
      restIn(held ? HELD_MS : REST_MS);
    },
    hold(now) {
      held = now;
      if (moving && !held) restIn(REST_MS);
    },
    rest,
    forget() {
      shown = null;
      frameMs = null;
    },
    end() {
      clearTimeout(resting);
      moving = false;
    },
  };
}
