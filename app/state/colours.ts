/**
 * Colours of clusters, classes and values. The first nine are those of the report (src/report/theme.ts: Paul Tol's
 * "muted" scheme, the dark ones lightened on a dark page); further ones go round the hues again, lighter and darker, so
 * that neighbours in number never look alike.
 */
export type Rgb = readonly [red: number, green: number, blue: number];

const palette: readonly (readonly [light: string, dark: string])[] = [
  ["#4477aa", "#6f9fd0"],
  ["#cc6677", "#d97b8b"],
  ["#ddcc77", "#ddcc77"],
  ["#117733", "#3a9a5b"],
  ["#88ccee", "#88ccee"],
  ["#882255", "#b24d80"],
  ["#44aa99", "#44aa99"],
  ["#999933", "#a9a94a"],
  ["#aa4499", "#c06bb2"],
  ["#e07b39", "#ee9a5f"],
  ["#5b4bb3", "#8f83e0"],
  ["#6b4a2f", "#a98463"],
];

const hex = (text: string): Rgb => {
  const value = Number.parseInt(text.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
};

/** Colour of the group with a number (0, 1, ...); -1: belongs to none. */
export function groupColour(group: number, theme: "light" | "dark"): Rgb {
  if (group < 0) return theme === "light" ? [182, 188, 195] : [92, 100, 109];
  const dark = theme === "dark" ? 1 : 0;
  const base = hex((palette[group % palette.length] as readonly [string, string])[dark]);
  const round = Math.floor(group / palette.length);
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
export function cellColour(strength: number, theme: "light" | "dark"): Rgb {
  const [from, to]: readonly [Rgb, Rgb] =
    theme === "light" ? [hex("#f5f6f8"), hex("#174a86")] : [hex("#1d2126"), hex("#3272c2")];
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
