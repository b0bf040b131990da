import type { VNode } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import type { CompareView } from "../../src/explorer/protocol.ts";
import { css, groupColour } from "../state/colours.ts";
import { useStore } from "../state/store.ts";
import { theme } from "../state/theme.ts";
import { clusterLabel, count, images, percent } from "../state/words.ts";
import { layoutFlow, orderFlow } from "./flow.ts";

/** Widths in the drawing's own units: labels, a bar, the ribbons. */
const [labelWidth, barWidth, flowWidth] = [78, 9, 190];
const width = 2 * (labelWidth + barWidth) + flowWidth;
const gap = 7;

interface Item {
  /** As the address names it. */
  readonly flow: string;
  readonly label: string;
}

/** Clusters of two runs, and how many images they share, as ribbons. Bars and ribbons open their images. */
export function FlowChart({
  compared,
  names,
  colours,
  open,
  onOpen,
}: {
  compared: CompareView;
  names: readonly [string, string];
  /** Numbers by whose colours the other run's clusters are drawn. */
  colours: ReadonlyMap<number, number>;
  open: string | null;
  onOpen: (flow: string | null) => void;
}): VNode {
  const mode = useStore(theme);
  const { clusters, others, flow, match } = compared;
  const height = Math.max(300, Math.min(900, Math.max(clusters.length, others.length) * 27));
  const layout = useMemo(() => layoutFlow(flow, orderFlow(flow), height, gap), [flow, height]);
  const matched = useMemo(() => new Set(match.map((pair) => pair.join())), [match]);
  const svg = useRef<SVGSVGElement>(null);
  const [active, setActive] = useState(0);

  const clusterOf = (row: number): number => clusters[row]?.cluster ?? -1;
  const otherOf = (column: number): number => others[column]?.cluster ?? -1;
  const flowOf = (row: number, column: number): string => `${clusterOf(row)},${otherOf(column)}`;
  /** In the order in which arrow keys go through them: each cluster, then its ribbons; the other run's clusters at the end. */
  const items: readonly Item[] = [
    ...layout.rows.flatMap(({ index }): readonly Item[] => {
      const { cluster = -1, name = null, size = 0 } = clusters[index] ?? {};
      return [
        {
          flow: `${cluster},`,
          label: `Cluster ${clusterLabel(cluster, name)} of ${names[0]}: ${images(size)}`,
        },
        ...layout.ribbons
          .filter(({ row }) => row === index)
          .map(({ row, column, count: n }) => ({
            flow: flowOf(row, column),
            label: `From cluster ${clusterLabel(cluster, name)} to cluster ${clusterLabel(otherOf(column), others[column]?.name)} of ${names[1]}: ${images(n)}, ${percent(n / Math.max(1, size))} of it${matched.has(flowOf(row, column)) ? "; these match" : ""}`,
          })),
      ];
    }),
    ...layout.columns.map(({ index }): Item => {
      const { cluster = -1, name = null, size = 0 } = others[index] ?? {};
      return {
        flow: `,${cluster}`,
        label: `Cluster ${clusterLabel(cluster, name)} of ${names[1]}: ${images(size)}`,
      };
    }),
  ];
  const place = new Map(items.map((item, i) => [item.flow, i]));

  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowRight: active + 1,
      ArrowUp: active - 1,
      ArrowLeft: active - 1,
      Home: 0,
      End: items.length - 1,
    };
    const next = steps[event.key];
    if (next !== undefined) {
      const to = Math.max(0, Math.min(items.length - 1, next));
      setActive(to);
      (svg.current?.querySelector(`[data-item="${to}"]`) as SVGElement | null)?.focus();
    } else if (event.key === "Enter" || event.key === " ") toggle(items[active]?.flow ?? null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const toggle = (flowName: string | null): void => onOpen(flowName === open ? null : flowName);
  const button = (flowName: string) => {
    const at = place.get(flowName) ?? 0;
    return {
      role: "button",
      tabIndex: at === Math.min(active, items.length - 1) ? 0 : -1,
      "data-item": at,
      "aria-label": items[at]?.label ?? "",
      "aria-pressed": open === flowName,
      onFocus: () => setActive(at),
      onClick: () => toggle(flowName),
    } as const;
  };

  const left = labelWidth + barWidth;
  const right = left + flowWidth;
  const byWidth = [...layout.ribbons].sort((a, b) => b.height - a.height);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of shapes in a drawing is no fieldset.
    <svg
      ref={svg}
      class={`flow-chart${open ? " one-open" : ""}`}
      viewBox={`0 -8 ${width} ${height + 16}`}
      role="group"
      aria-label={`Images of each cluster of ${names[0]}, on the left, by their cluster of ${names[1]}, on the right. Arrow keys go through them, Enter opens their images.`}
      onKeyDown={onKeyDown}
    >
      {byWidth.map(({ row, column, count: n, from, to, height: thick }) => {
        const name = flowOf(row, column);
        const bend = flowWidth / 2;
        const path = `M${left} ${from}C${left + bend} ${from} ${right - bend} ${to} ${right} ${to}v${thick}C${right - bend} ${to + thick} ${left + bend} ${from + thick} ${left} ${from + thick}Z`;
        return (
          <path
            key={name}
            {...button(name)}
            class={`ribbon${matched.has(name) ? " matched" : ""}${isWithin(name, open, matched) ? " open" : ""}`}
            d={path}
            style={{ color: css(groupColour(clusterOf(row), mode)) }}
          >
            <title>{`${clusterOf(row)} → ${otherOf(column)}: ${images(n)}`}</title>
          </path>
        );
      })}
      {([0, 1] as const).map((side) => {
        const bars = side === 0 ? layout.rows : layout.columns;
        return bars.map(({ index, top, height: tall }) => {
          const { cluster = -1 } = (side === 0 ? clusters : others)[index] ?? {};
          const flowName = side === 0 ? `${cluster},` : `,${cluster}`;
          const colour = css(groupColour(side === 0 ? cluster : (colours.get(cluster) ?? -1), mode));
          return (
            <g key={flowName} {...button(flowName)} class={`flow-bar${open === flowName ? " open" : ""}`}>
              <rect
                class="flow-hit"
                x={side === 0 ? 0 : right}
                y={top - 2}
                width={left}
                height={Math.max(4, tall + 4)}
              />
              <rect
                x={side === 0 ? labelWidth : right}
                y={top}
                width={barWidth}
                height={Math.max(1, tall)}
                rx={1.5}
                fill={colour}
              />
            </g>
          );
        });
      })}
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus; the words of the buttons say more. */}
      <g class="flow-labels" aria-hidden="true">
        {([0, 1] as const).map((side) => {
          const bars = side === 0 ? layout.rows : layout.columns;
          const shown = labelled(bars);
          return bars.map(({ index, top, height: tall }) => {
            const { cluster = -1, name = null, size = 0 } = (side === 0 ? clusters : others)[index] ?? {};
            if (!shown.has(index)) return null;
            return (
              <text
                key={index}
                x={side === 0 ? labelWidth - 6 : right + barWidth + 6}
                y={top + tall / 2}
                text-anchor={side === 0 ? "end" : "start"}
                dominant-baseline="central"
              >
                <tspan class="flow-name">
                  {cluster}
                  {name && ` ${name.length > 8 ? `${name.slice(0, 7)}…` : name}`}
                </tspan>
                {!name && <tspan class="flow-size"> {count(size)}</tspan>}
              </text>
            );
          });
        })}
      </g>
    </svg>
  );
}

/** Whether a ribbon is among what is open. */
function isWithin(name: string, open: string | null, matched: ReadonlySet<string>): boolean {
  if (open === null) return false;
  if (open === "differ") return !matched.has(name);
  const [a, b] = name.split(",");
  return open === name || open === `${a},` || open === `,${b}`;
}

/** Bars that have room for a label, from the top. */
function labelled(
  bars: readonly { readonly index: number; readonly top: number; readonly height: number }[],
): ReadonlySet<number> {
  const shown = new Set<number>();
  let last = Number.NEGATIVE_INFINITY;
  for (const { index, top, height } of bars) {
    const middle = top + height / 2;
    if (middle - last < 12.5) continue;
    last = middle;
    shown.add(index);
  }
  return shown;
}
