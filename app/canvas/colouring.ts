/** Colours of all images, under what the person chose to see. */
import type { RunView } from "../../src/explorer/protocol.ts";
import type { Colouring } from "../state/address.ts";
import { groupColour, type Rgb, scaleOf, valueColour } from "../state/colours.ts";
import type { Numbers } from "../state/run-session.ts";

/** The array that a colouring needs; null: the run has none. */
export function arrayOf(colouring: Colouring, view: RunView, k: string | null): string | null {
  const has = (name: string): string | null =>
    view.arrays.some((array) => array.name === name) ? name : null;
  switch (colouring) {
    case "cluster":
      return k ?? has("cluster");
    case "class":
      return has("class");
    case "certainty":
      return (view.hasProbabilities ? has("probability") : null) ?? has("distance");
    case "error":
      return has("reconstruction-error");
  }
}

/** What a colouring is called. */
export function colouringLabel(colouring: Colouring, view: RunView): string {
  switch (colouring) {
    case "cluster":
      return "Cluster";
    case "class":
      return "Class";
    case "certainty":
      return arrayOf("certainty", view, null) === "probability" ? "Probability" : "Distance to center";
    case "error":
      return "Reconstruction error";
  }
}

export interface Colours {
  /** count x 4: red, green, blue, alpha */
  readonly rgba: Uint8Array;
  /** Bounds of the scale, where values and no groups are shown. */
  readonly scale: readonly [low: number, high: number] | null;
}

/**
 * @param of what the colours tell
 * @param clusters cluster of each image, for `only`
 * @param only groups that alone are shown; empty: all
 * @param selected images that stand out; empty: all alike
 */
export function coloursOf(
  colouring: Colouring,
  of: Numbers,
  only: readonly number[],
  selected: readonly number[],
  theme: "light" | "dark",
): Colours {
  const count = of.length;
  const rgba = new Uint8Array(count * 4);
  const solid = count > 200_000 ? 200 : 225;
  if (colouring === "cluster" || colouring === "class") {
    const shown = new Set(only);
    const palette = new Map<number, Rgb>();
    for (let i = 0; i < count; i++) {
      const group = of[i] as number;
      let colour = palette.get(group);
      if (colour === undefined) {
        colour = groupColour(group, theme);
        palette.set(group, colour);
      }
      rgba[i * 4] = colour[0];
      rgba[i * 4 + 1] = colour[1];
      rgba[i * 4 + 2] = colour[2];
      rgba[i * 4 + 3] = shown.size > 0 && !shown.has(group) ? 0 : solid;
    }
    fade(rgba, selected);
    return { rgba, scale: null };
  }
  const scale = scaleOf(of);
  const steps = Array.from({ length: 256 }, (_, i) => valueColour(i / 255));
  const span = scale[1] - scale[0];
  for (let i = 0; i < count; i++) {
    const value = ((of[i] as number) - scale[0]) / span;
    const step = steps[Math.max(0, Math.min(255, Math.round(value * 255) || 0))] as Rgb;
    rgba[i * 4] = step[0];
    rgba[i * 4 + 1] = step[1];
    rgba[i * 4 + 2] = step[2];
    rgba[i * 4 + 3] = solid;
  }
  fade(rgba, selected);
  return { rgba, scale };
}

function fade(rgba: Uint8Array, selected: readonly number[]): void {
  if (selected.length === 0) return;
  const chosen = new Set(selected);
  // The more images lie over each other, the fainter each must be for the selected ones to stand out.
  const faint = Math.max(8, Math.min(45, Math.round(45 * Math.sqrt((3000 * 4) / rgba.length))));
  for (let i = 0; i < rgba.length / 4; i++) {
    const alpha = rgba[i * 4 + 3] as number;
    rgba[i * 4 + 3] = chosen.has(i) ? (alpha > 0 ? 255 : 0) : Math.min(alpha, faint);
  }
}
