/** Colours of clusters, classes and values, from those that the report has too (src/presentation/palette.ts). */
import {
  type ColourPair,
  cellColour as fullestCell,
  groupColours,
  noGroupColour,
  washColour,
} from "../../src/presentation/index.ts";

export type Rgb = readonly [red: number, green: number, blue: number];

type Theme = "light" | "dark";
const inTheme = ([light, dark]: ColourPair, theme: Theme): Rgb => hex(theme === "dark" ? dark : light);

const hex = (text: string): Rgb => {
  const value = Number.parseInt(text.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
};

/**
 * Colour of the group with a number (0, 1, ...); -1: belongs to none. Beyond the palette they go round the hues again,
 * lighter and darker, so that neighbours in number never look alike.
 */
export function groupColour(group: number, theme: Theme): Rgb {
  if (group < 0) return inTheme(noGroupColour, theme);
  const base = inTheme(groupColours[group % groupColours.length] as ColourPair, theme);
  const round = Math.floor(group / groupColours.length);
  if (round === 0) return base;
  // Each further round is mixed with white, then with black, then further.
  const towards = round % 2 === 1 ? 255 : 0;
  const share = Math.min(0.62, 0.3 + 0.14 * Math.floor((round - 1) / 2));
  return base.map((part) => Math.round(part + (towards - part) * share)) as unknown as Rgb;
}

/** Viridis, which grows lighter evenly, for values. */
const viridis: readonly Rgb[] = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
];

/** Colour of a value 0..1. */
export function valueColour(value: number): Rgb {
  const at = Math.min(1, Math.max(0, Number.isNaN(value) ? 0 : value)) * (viridis.length - 1);
  const low = Math.min(viridis.length - 2, Math.floor(at));
  const [a, b] = [viridis[low] as Rgb, viridis[low + 1] as Rgb];
  const t = at - low;
  return [0, 1, 2].map((i) =>
    Math.round((a[i] as number) * (1 - t) + (b[i] as number) * t),
  ) as unknown as Rgb;
}

/** Colour of a cell of a matrix, 0 (empty) to 1 (fullest): from the page's wash to the report's blue. */
export function cellColour(strength: number, theme: Theme): Rgb {
  const [from, to] = [inTheme(washColour, theme), inTheme(fullestCell, theme)];
  return from.map((part, i) => Math.round(part + ((to[i] as number) - part) * strength)) as unknown as Rgb;
}

export const css = ([r, g, b]: Rgb): string => `rgb(${r},${g},${b})`;

/** Black or white, whichever reads better on the colour. */
export function inkOn([r, g, b]: Rgb): string {
  const linear = [r, g, b].map((part) => {
    const c = part / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  return luminance > 0.179 ? "#000000" : "#ffffff"; // 4.6 to 1 at least
}

/** Lower and upper bound between which almost all values lie, for a scale that outliers do not flatten. */
export function scaleOf(values: ArrayLike<number>): readonly [low: number, high: number] {
  const step = Math.max(1, Math.floor(values.length / 20_000));
  const sample: number[] = [];
  for (let i = 0; i < values.length; i += step) {
    const value = values[i] as number;
    if (Number.isFinite(value)) sample.push(value);
  }
  if (sample.length === 0) return [0, 1];
  sample.sort((a, b) => a - b);
  const low = sample[Math.floor(sample.length * 0.01)] as number;
  const high = sample[Math.min(sample.length - 1, Math.floor(sample.length * 0.99))] as number;
  return high > low ? [low, high] : [low, low + 1];
}
