import { decimal } from "../../presentation/index.ts";

/** Number in at most four characters and a letter, for axes: `2.4M`, `350k`, `0.25`. */
export function compactTicks(value: number): string {
  const size = Math.abs(value);
  const [unit, letter] =
    size >= 1e9 ? [1e9, "G"] : size >= 1e6 ? [1e6, "M"] : size >= 1e4 ? [1e3, "k"] : [1, ""];
  const scaled = value / unit;
  return `${decimal(scaled, 6).replace(/\.?0+$/, "") || "0"}${letter}`;
}

/** Whole numbers to mark on an axis: the given ones, or every second, fifth ... of them if they are more than `most`. */
export function wholeTicks(values: readonly number[], most: number): readonly number[] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (values.length <= most) return values;
  const step =
    [2, 5, 10, 20, 50, 100, 200, 500, 1000].find((width) => (high - low) / width <= most) ?? high - low;
  const ticks: number[] = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) ticks.push(tick);
  return ticks;
}
