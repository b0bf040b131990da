import type { RefObject, VNode } from "preact";
import type { MapCanvas } from "../canvas/map-canvas.ts";
import { type Store, useStore } from "../state/store.ts";

/** A walk in the plane. */
export interface Path {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly steps: number;
  /** Place on it, 0..1. */
  readonly on: number;
}

/** The place that is decoded, and the walk, over the points. */
export function Overlay({
  map,
  tick,
  place,
  path,
  dimensions,
}: {
  map: RefObject<MapCanvas | null>;
  /** Changes with the camera. */
  tick: Store<number>;
  place: readonly number[] | null;
  path: Path | null;
  dimensions: 2 | 3;
}): VNode | null {
  useStore(tick);
  const port = map.current?.viewport();
  if (!port) return null;
  const spot = (at: readonly number[]): readonly [number, number] => {
    const [x = 0, y = 0] = port.project(
      Array.from({ length: 3 }, (_, d) => (d < dimensions ? (at[d] ?? 0) : 0)),
    );
    return [x, y];
  };
  const onPath = ({ from, to }: Path, t: number): readonly [number, number] =>
    spot(from.map((value, d) => value * (1 - t) + (to[d] ?? value) * t));
  const center = place && spot(place);
  return (
    <svg class="decode-overlay" aria-hidden="true">
      {path && (
        <g class="walk-path">
          <path d={`M${onPath(path, 0).join(" ")}L${onPath(path, 1).join(" ")}`} class="under" />
          <path d={`M${onPath(path, 0).join(" ")}L${onPath(path, 1).join(" ")}`} />
          {Array.from({ length: path.steps }, (_, i) => {
            const [x, y] = onPath(path, i / (path.steps - 1));
            // the steps are told apart by their place alone.
            return <circle key={i} cx={x} cy={y} r={i === 0 || i === path.steps - 1 ? 6 : 3.5} />;
          })}
          <circle class="on" cx={onPath(path, path.on)[0]} cy={onPath(path, path.on)[1]} r={8} />
        </g>
      )}
      {center && (
        <g class="decode-place" transform={`translate(${center[0].toFixed(1)} ${center[1].toFixed(1)})`}>
          <circle r={11} class="under" />
          <circle r={11} />
          <path d="M-18 0H-6M6 0H18M0 -18V-6M0 6V18" class="under" />
          <path d="M-18 0H-6M6 0H18M0 -18V-6M0 6V18" />
        </g>
      )}
    </svg>
  );
}
