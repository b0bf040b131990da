/** The planes and spaces that a run can be drawn in. */
import type { RunView } from "../../src/explorer/protocol.ts";

const planes = ["umap-2d", "code-2d", "umap-3d", "code-3d"] as const;
const labels: Readonly<Record<string, string>> = {
  "code-2d": "Code, 2-D",
  "code-3d": "Code, 3-D",
  "umap-2d": "UMAP, 2-D",
  "umap-3d": "UMAP, 3-D",
};

/** What a plane is called. */
export const planeLabel = (name: string | null): string => labels[name ?? ""] ?? name ?? "The map";

/** The planes that a run has, the best first. */
export function planesOf(view: RunView): readonly string[] {
  const has = (name: string, state?: string): boolean =>
    view.arrays.some((array) => array.name === name && (state === undefined || array.state === state));
  const there = planes.filter((name) => has(name));
  // What is at hand comes before what takes a while.
  return [...there.filter((name) => has(name, "ready")), ...there.filter((name) => !has(name, "ready"))];
}
