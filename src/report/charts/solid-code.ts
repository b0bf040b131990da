import type { CodeExhibit } from "../../experiment/exhibits.ts";
import { quantity } from "../../presentation/index.ts";
import { type CodeDrawing, centerColours, centerRadius, palette } from "./code-drawing.ts";
import { type Chart, frameChart } from "./plot.ts";
import { drawScene, type Scene, type Viewpoint } from "./solid-view.ts";

/** From where a code is seen first. */
export const firstView: Viewpoint = { turn: -35, tilt: 20 };

// A box as thin as a sheet would have the names of its dimensions on top of each other.
const thinnest = 0.05;

/** The first three dimensions of a code as a scene: all three have one scale, as the clusterer sees them. */
export function sceneOf(drawing: CodeDrawing): Scene {
  const { points, centers } = drawing.code;
  const ranges = [0, 1, 2].map((c) => rangeOf(drawing.code, c));
  const longest = Math.max(...ranges.map(([low, high]) => high - low)) / 2 || 1;
  const brought = ({ data, cols, rows }: CodeExhibit["points"]): Int16Array =>
    Int16Array.from({ length: rows * 3 }, (_, i) => {
      const [low, high] = ranges[i % 3] as readonly [number, number];
      const value = data[Math.floor(i / 3) * cols + (i % 3)] as number;
      return Math.round(((value - (low + high) / 2) / longest) * 32767);
    });
  const [x, y, z] = ranges.map(([low, high]) => Math.max(thinnest, (high - low) / 2 / longest));
  return {
    width: 480,
    height: 450,
    half: [x as number, y as number, z as number],
    points: brought(points),
    centers: brought(centers),
    outlines: outlinesOf(drawing, ranges, longest),
    ranks: drawing.ranks,
    palette,
    centerColours: centerColours(drawing),
    centerRadius: centerRadius(centers.rows),
  };
}

/** The outlines in the scene's own unit. */
function outlinesOf(
  { shapes }: CodeDrawing,
  ranges: readonly (readonly [number, number])[],
  longest: number,
): readonly number[] {
  if (shapes?.solid === undefined) return [];
  const unit = 32767 / longest;
  const { centers, solid } = shapes;
  return Array.from({ length: centers.rows }, (_, cluster): number[] => [
    ...[0, 1, 2].map((d) => {
      const [low, high] = ranges[d] as readonly [number, number];
      return Math.round(((centers.data[cluster * centers.cols + d] as number) - (low + high) / 2) * unit);
    }),
    ...Array.from({ length: 6 }, (_, e) => Math.round((solid.data[cluster * 6 + e] as number) * unit * unit)),
  ]).flat();
}

/** A code in its first three dimensions, the cluster centers drawn in. */
export function solidCodeChart(drawing: CodeDrawing, viewpoint: Viewpoint = firstView): Chart {
  const scene = sceneOf(drawing);
  const { code, colouring, item = "image" } = drawing;
  return frameChart(
    drawScene(scene, viewpoint),
    scene,
    `First three dimensions of the code of ${quantity(code.points.rows, item)} as a cloud of points, coloured by ${colouring}, with the centers of ${quantity(code.centers.rows, "cluster")}.`,
  );
}

/** Least and greatest value of points and centers in one dimension. */
export function rangeOf({ points, centers }: CodeExhibit, dimension: number): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { data, cols } of [points, centers]) {
    for (let i = dimension; i < data.length; i += cols) {
      low = Math.min(low, data[i] as number);
      high = Math.max(high, data[i] as number);
    }
  }
  return [low, high];
}
