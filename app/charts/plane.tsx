/** Points on a plane that move from where they were to where they are. */
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { css, groupColour } from "../state/colours.ts";
import { useStore } from "../state/store.ts";
import { theme } from "../state/theme.ts";
import "./plane.css";

/** What part of the plane is shown, square: its middle and half its side. */
export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly reach: number;
}

/** Milliseconds that points are on their way. */
const WAY = 450;

/** Share of the points that may lie so far outside that the others are not made small for them. */
const OUTSIDE = 0.005;

/** A frame around nearly all points, and around each of `others`. */
export function frameOf(places: Float32Array, others: readonly (readonly number[])[] = []): Frame {
  const span = (at: 0 | 1): readonly [number, number] => {
    const values = places.filter((_, i) => i % 2 === at).sort();
    const cut = Math.floor(values.length * OUTSIDE);
    const ends = [values[cut] ?? 0, values[values.length - 1 - cut] ?? 0];
    const all = [...ends, ...others.map((place) => place[at] ?? 0)];
    return [Math.min(...all), Math.max(...all)];
  };
  const [left, right] = span(0);
  const [low, high] = span(1);
  const reach = 0.54 * Math.max(right - left, high - low);
  return { x: (left + right) / 2, y: (low + high) / 2, reach: reach > 0 ? reach : 1 };
}

/** Places on the way from one to another, 0..1. */
function between(from: Float32Array, to: Float32Array, share: number): Float32Array {
  if (share >= 1 || from.length !== to.length) return to;
  return to.map((value, i) => value * share + (from[i] as number) * (1 - share));
}

/**
 * @param places count x 2
 * @param groups colour of each; null: all alike
 * @param frame what is shown, if that is not to follow from the places
 * @param children drawn over the points, in pixels, by what turns a place into pixels
 */
export function Plane({
  places,
  groups,
  label,
  frame,
  children,
}: {
  places: Float32Array;
  groups: ArrayLike<number> | null;
  label: string;
  frame?: Frame;
  children?: (
    toPixel: (x: number, y: number) => readonly [number, number],
    side: number,
  ) => ComponentChildren;
}): VNode {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [side, setSide] = useState(360);
  const shown = useRef<{ places: Float32Array; frame: Frame } | null>(null);
  const way = useRef<number | null>(null);
  const look = useStore(theme);
  const goal = frame ?? frameOf(places);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setSide(Math.max(160, Math.floor(element.clientWidth))));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const from = shown.current ?? { places, frame: goal };
    const still =
      from.places === places || matchMedia("(prefers-reduced-motion: reduce)").matches || document.hidden;
    const began = performance.now();
    const draw = (now: number): void => {
      const time = still ? 1 : Math.min(1, Math.max(0, (now - began) / WAY));
      const share = time * time * (3 - 2 * time);
      const mix = (a: number, b: number): number => a + (b - a) * share;
      shown.current = {
        places: between(from.places, places, share),
        frame: {
          x: mix(from.frame.x, goal.x),
          y: mix(from.frame.y, goal.y),
          reach: mix(from.frame.reach, goal.reach),
        },
      };
      if (canvas.current) drawPoints(canvas.current, side, shown.current, groups, look);
      way.current = time < 1 ? requestAnimationFrame(draw) : null;
    };
    draw(began);
    return () => {
      if (way.current !== null) cancelAnimationFrame(way.current);
    };
  }, [places, groups, side, look, goal.x, goal.y, goal.reach]);

  const toPixel = pixelOf(goal, side);
  return (
    <div class="plane" ref={box}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={label}
        style={{ width: `${side}px`, height: `${side}px` }}
      />
      {children && (
        <svg width={side} height={side} aria-hidden="true">
          {children(toPixel, side)}
        </svg>
      )}
    </div>
  );
}

function pixelOf(frame: Frame, side: number): (x: number, y: number) => readonly [number, number] {
  const scale = side / (2 * frame.reach);
  return (x, y) => [side / 2 + (x - frame.x) * scale, side / 2 - (y - frame.y) * scale];
}

function drawPoints(
  canvas: HTMLCanvasElement,
  side: number,
  { places, frame }: { readonly places: Float32Array; readonly frame: Frame },
  groups: ArrayLike<number> | null,
  look: "light" | "dark",
): void {
  const dense = devicePixelRatio || 1;
  const pixels = Math.round(side * dense);
  if (canvas.width !== pixels) {
    canvas.width = pixels;
    canvas.height = pixels;
  }
  const context = canvas.getContext("2d");
  if (!context) return;
  context.setTransform(dense, 0, 0, dense, 0, 0);
  context.clearRect(0, 0, side, side);
  const toPixel = pixelOf(frame, side);
  const count = places.length / 2;
  const size = Math.max(2, Math.min(6, (side / 90) * Math.sqrt(2000 / Math.max(1, count))));
  context.globalAlpha = 0.82;
  let colour = Number.NaN;
  for (let i = 0; i < count; i++) {
    const group = groups ? (groups[i] as number) : -1;
    if (group !== colour) {
      context.fillStyle = css(groupColour(group, look));
      colour = group;
    }
    const [x, y] = toPixel(places[2 * i] as number, places[2 * i + 1] as number);
    context.beginPath();
    context.arc(x, y, size / 2, 0, 2 * Math.PI);
    context.fill();
  }
}
