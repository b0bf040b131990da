/** What pictures of a code share: the points, and what their colours stand for. */
import type { CodeExhibit, CodeShapes } from "../../experiment/exhibits.ts";
import { classColour, colouredClasses } from "../theme.ts";

/** What the colours of points stand for. */
export type Colouring = "class" | "cluster";

/** The points of a code under one colouring. */
export interface CodeDrawing {
  readonly code: CodeExhibit;
  readonly colouring: Colouring;
  /** What the axes are, where not the dimensions of a code: those of a map. */
  readonly axes?: "map";
  /** What a point is, where not an image. */
  readonly item?: string;
  /** Rank in the palette of each point, 0 to `colouredClasses`, the last one grey. */
  readonly ranks: readonly number[];
  /** Outlines around the centers; none where they would hide the points. */
  readonly shapes?: CodeShapes | undefined;
  /** Rank in the palette of each center, where colours stand for clusters. */
  readonly centerRanks?: readonly number[];
}

/** The palette as CSS colours, the grey last. */
export const palette: readonly string[] = Array.from({ length: colouredClasses + 1 }, (_, rank) =>
  classColour(rank),
);

/** Colour of the outline of each center. */
export function centerColours({ centerRanks, code }: CodeDrawing): readonly string[] {
  return Array.from({ length: code.centers.rows }, (_, cluster) =>
    centerRanks === undefined ? "var(--ink)" : classColour(centerRanks[cluster] ?? colouredClasses),
  );
}

/** Radius of the mark of a center, smaller where there are many. */
export function centerRadius(nCenters: number): number {
  return nCenters <= 20 ? 9.5 : nCenters <= 50 ? 8 : 6.5;
}
