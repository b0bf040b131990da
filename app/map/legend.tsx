import type { VNode } from "preact";
import { Swatch } from "../parts/parts.tsx";
import { css, valueColour } from "../state/colours.ts";
import type { Numbers } from "../state/run-session.ts";
import { clusterLabel, count, short } from "../state/words.ts";

export interface LegendEntry {
  readonly group: number;
  readonly label: string;
  readonly size: number;
}

/**
 * The groups that occur, by number, with their sizes.
 *
 * @param of group of each image; -1: none
 * @param classNames names of the groups, where they are classes
 * @param clusterNames names of the groups, where they are clusters that have some
 */
export function legendEntries(
  of: Numbers,
  classNames: readonly string[] | null,
  clusterNames: ReadonlyMap<number, string | null>,
): readonly LegendEntry[] {
  const sizes = new Map<number, number>();
  for (const group of of) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const labelOf = (group: number): string => {
    if (group < 0) return "unknown";
    if (classNames) return classNames[group] ?? String(group);
    return clusterLabel(group, clusterNames.get(group));
  };
  return [...sizes]
    .sort(([a], [b]) => a - b)
    .map(([group, size]) => ({ group, size, label: labelOf(group) }));
}

/** Groups and their colours; clicking one shows it alone, clicking more adds them. */
export function GroupLegend({
  what,
  entries,
  only,
  onOnly,
}: {
  what: string;
  entries: readonly LegendEntry[];
  only: readonly number[];
  onOnly: (only: readonly number[]) => void;
}): VNode {
  const shown = new Set(only);
  const toggle = (group: number): void => {
    const next = new Set(shown);
    if (!next.delete(group)) next.add(group);
    onOnly(next.size === entries.length ? [] : [...next].sort((a, b) => a - b));
  };
  return (
    <section class="legend" aria-label={`${what}: choose what is shown`}>
      <header>
        <h2>{what}</h2>
        <button type="button" class="quiet" disabled={only.length === 0} onClick={() => onOnly([])}>
          Show all
        </button>
      </header>
      <ul>
        {entries.map(({ group, label, size }) => (
          <li key={group}>
            <button
              type="button"
              class={shown.size > 0 && !shown.has(group) ? "legend-entry off" : "legend-entry"}
              aria-pressed={shown.has(group)}
              onClick={() => toggle(group)}
            >
              <Swatch group={group} />
              <span class="legend-label">{label}</span>
              <span class="number">{count(size)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const stops = Array.from({ length: 9 }, (_, i) => css(valueColour(i / 8))).join(",");

/** A scale of values. */
export function ValueLegend({
  what,
  scale,
}: {
  what: string;
  scale: readonly [low: number, high: number];
}): VNode {
  return (
    <section class="legend" aria-label={what}>
      <h2>{what}</h2>
      <div class="ramp" style={{ background: `linear-gradient(90deg,${stops})` }} />
      <div class="ramp-ends">
        <span>{short(scale[0])}</span>
        <span>{short(scale[1])}</span>
      </div>
      <p class="soft">The outermost hundredth at either end shares its end's colour.</p>
    </section>
  );
}
