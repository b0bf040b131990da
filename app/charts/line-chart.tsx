import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { short } from "../state/words.ts";

export interface Series {
  readonly label: string;
  /** Same length as the chart's `x`; null: no value there. */
  readonly values: readonly (number | null)[];
  readonly colour: string;
  /** Draws the line on over places without a value. */
  readonly bridged?: boolean;
}

/** Lines over a shared axis, as wide as there is room; `onPick` makes its places clickable. */
export function LineChart({
  title,
  x,
  xLabel,
  series,
  xTicks: given,
  marked,
  markedLabel,
  height = 190,
  picked,
  onPick,
}: {
  title: string;
  x: readonly number[];
  xLabel: string;
  series: readonly Series[];
  /** Places that are written below the axis; without them, whole numbers. */
  xTicks?: readonly number[];
  /** A place that is pointed out, with a line. */
  marked?: number | null;
  markedLabel?: string;
  height?: number;
  picked?: number | null;
  onPick?: (x: number) => void;
}): VNode {
  const frame = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(420);
  const [pointed, setPointed] = useState<number | null>(null);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(Math.max(220, element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const margin = { top: 16, right: 14, bottom: 30, left: 58 };
  const all = series.flatMap(({ values }) =>
    values.filter((v): v is number => v !== null && Number.isFinite(v)),
  );
  const ticks = ticksOf(all.length > 0 ? Math.min(...all) : 0, all.length > 0 ? Math.max(...all) : 1);
  const low = Math.min(ticks[0] ?? 0, ...all);
  const high = Math.max(ticks.at(-1) ?? 1, ...all);
  const first = x[0] ?? 0;
  const last = x.at(-1) ?? 1;
  const px = (value: number): number =>
    margin.left + ((value - first) / (last - first || 1)) * (width - margin.left - margin.right);
  const py = (value: number): number =>
    height - margin.bottom - ((value - low) / (high - low || 1)) * (height - margin.top - margin.bottom);
  const xTicks = wholeTicks(given ?? x, Math.max(2, Math.floor(width / 52)));
  const said = series.map(
    ({ label, values }) =>
      `${label}: ${short(values[0] ?? Number.NaN)} at ${short(first)}, ${short(values.at(-1) ?? Number.NaN)} at ${short(last)}`,
  );
  const nearestX = (event: MouseEvent): number => {
    const box = (event.currentTarget as SVGElement).getBoundingClientRect();
    const at = event.clientX - box.left;
    return x.reduce(
      (best, value) => (Math.abs(px(value) - at) < Math.abs(px(best) - at) ? value : best),
      first,
    );
  };
  const at = pointed === null ? -1 : x.indexOf(pointed);
  return (
    <figure class="chart" ref={frame}>
      <figcaption>
        <span>{title}</span>
        {series.length > 1 && (
          <span class="chart-key">
            {series.map(({ label, colour }) => (
              <span key={label}>
                <i style={{ background: colour }} aria-hidden="true" /> {label}
              </span>
            ))}
          </span>
        )}
        {at >= 0 && (
          <span class="chart-value number">
            {xLabel} {short(pointed ?? 0)}:{" "}
            {series.map(({ values }) => short(values[at] ?? Number.NaN)).join(" / ")}
          </span>
        )}
      </figcaption>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the same choice is offered as buttons below the charts. */}
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`${title} over ${xLabel}. ${said.join(". ")}.`}
        class={onPick ? "pickable" : undefined}
        onMouseMove={(event) => setPointed(nearestX(event))}
        onMouseLeave={() => setPointed(null)}
        onClick={(event) => onPick?.(nearestX(event))}
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line class="grid" x1={margin.left} x2={width - margin.right} y1={py(tick)} y2={py(tick)} />
            <text x={margin.left - 8} y={py(tick)} text-anchor="end" dominant-baseline="central">
              {compact(tick)}
            </text>
          </g>
        ))}
        {xTicks.map((tick) => (
          <text key={tick} x={px(tick)} y={height - margin.bottom + 16} text-anchor="middle">
            {tick}
          </text>
        ))}
        {marked !== undefined && marked !== null && (
          <g class="marked">
            <line x1={px(marked)} x2={px(marked)} y1={margin.top} y2={height - margin.bottom} />
            <text
              x={px(marked) + (px(marked) > width * 0.7 ? -6 : 6)}
              y={margin.top + 2}
              text-anchor={px(marked) > width * 0.7 ? "end" : "start"}
            >
              {markedLabel}
            </text>
          </g>
        )}
        {picked !== undefined && picked !== null && (
          <line class="picked" x1={px(picked)} x2={px(picked)} y1={margin.top} y2={height - margin.bottom} />
        )}
        {pointed !== null && (
          <line
            class="pointed"
            x1={px(pointed)}
            x2={px(pointed)}
            y1={margin.top}
            y2={height - margin.bottom}
          />
        )}
        {series.map(({ label, values, colour, bridged = false }) => (
          <g key={label}>
            <path d={lineOf(x, values, px, py, bridged)} fill="none" stroke={colour} stroke-width="2" />
            {x.length <= 40 &&
              values.map((value, i) =>
                value === null ? null : (
                  <circle key={x[i]} cx={px(x[i] as number)} cy={py(value)} r="3" fill={colour} />
                ),
              )}
          </g>
        ))}
      </svg>
    </figure>
  );
}

function lineOf(
  x: readonly number[],
  values: readonly (number | null)[],
  px: (value: number) => number,
  py: (value: number) => number,
  bridged: boolean,
): string {
  let path = "";
  let pen = "M";
  values.forEach((value, i) => {
    if (value === null || !Number.isFinite(value)) {
      if (!bridged) pen = "M";
      return;
    }
    path += `${pen}${px(x[i] as number).toFixed(1)} ${py(value).toFixed(1)}`;
    pen = "L";
  });
  return path;
}

/** About four round values that span a range. */
function ticksOf(low: number, high: number): number[] {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let at = Math.ceil(low / step) * step; at <= high + step * 1e-9; at += step) {
    ticks.push(Number(at.toPrecision(12)));
  }
  return ticks;
}

function wholeTicks(x: readonly number[], most: number): number[] {
  if (x.length <= most) return [...x];
  const span = (x.at(-1) as number) - (x[0] as number);
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].find((s) => span / s < most) ?? span;
  return x.filter((value) => value % step === 0);
}

const notation = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 2 });
const compact = (value: number): string =>
  Math.abs(value) >= 1000 ? notation.format(value) : String(Number(value.toPrecision(4)));
