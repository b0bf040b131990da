/** Colours of page and charts, as CSS variables that follow light and dark mode. */
import {
  type ColourPair,
  cellColour,
  groupColours,
  noGroupColour,
  washColour,
} from "../presentation/index.ts";

/** Number of classes that have a colour of their own. */
export const colouredClasses: number = groupColours.length;

/** Colour of the class with the given rank, for `fill`; ranks beyond the palette share one grey. */
export function classColour(rank: number): string {
  return rank < colouredClasses ? `var(--class-${rank})` : "var(--class-other)";
}

const colours: Readonly<Record<string, ColourPair>> = {
  paper: ["#ffffff", "#15181c"],
  wash: washColour,
  ink: ["#1a1d21", "#e7e9ec"],
  soft: ["#58616b", "#a3acb6"],
  rule: ["#dde1e6", "#30363d"],
  accent: ["#1b5699", "#7db2f0"],
  cell: cellColour,
  "on-cell": ["#ffffff", "#ffffff"],
  warn: ["#b7791f", "#d9a441"],
  "warn-wash": ["#fdf6e7", "#2a2417"],
  "class-other": noGroupColour,
  ...Object.fromEntries(groupColours.map((pair, rank) => [`class-${rank}`, pair])),
};

const variables = (mode: 0 | 1): string =>
  Object.entries(colours)
    .map(([name, pair]) => `--${name}:${pair[mode]}`)
    .join(";");

/** Variables for a page: the system's mode, unless `data-theme` on the root says otherwise. */
export const pageColours: string = [
  `:root{color-scheme:light;${variables(0)}}`,
  `@media (prefers-color-scheme:dark){:root{color-scheme:dark;${variables(1)}}}`,
  `:root[data-theme=light]{color-scheme:light;${variables(0)}}`,
  `:root[data-theme=dark]{color-scheme:dark;${variables(1)}}`,
  `@media print{:root,:root[data-theme]{color-scheme:light;${variables(0)}}}`,
].join("\n");

/** Variables for an SVG file that stands alone. */
export const figureColours: string = [
  `svg{${variables(0)}}`,
  `@media (prefers-color-scheme:dark){svg{${variables(1)}}}`,
].join("\n");

/** Fonts that every system has; nothing is loaded. */
export const fontFamily = `system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif`;
