import * as Plot from "@observablehq/plot";
import type { CodeExhibit } from "../../experiment/exhibits.ts";
import { quantity, shorten } from "../../presentation/index.ts";
import { compactTicks } from "./axes.ts";
import { type CodeDrawing, type Colouring, centerColours, centerRadius, palette } from "./code-drawing.ts";
import { type Chart, chartText, drawChart } from "./plot.ts";
import { rangeOf } from "./solid-code.ts";
import { drawDots, drawEllipse } from "./solid-view.ts";

// Drawn in turns, so that no colour lies on top of all others.
const turns = 8;

// Around the plotted part; `inset` keeps dots and marks off the frame.
const frame = { left: 46, right: 14, top: 28, bottom: 40, width: 420, height: 400, inset: 14 };

/** A code in its first two dimensions, the cluster centers drawn in; both have one scale, as the clusterer sees them. */
export function flatCodeChart(drawing: CodeDrawing): Chart {
  const { code } = drawing;
  const map = drawing.axes === "map";
  const places = Array.from({ length: code.points.rows }, (_, i) => [
    at(code.points, i, 0),
    at(code.points, i, 1),
  ]);
  const x = rangeOf(code, 0);
  const y = rangeOf(code, 1);
  const width = frame.width - 2 * frame.inset;
  const tallest = frame.height - 2 * frame.inset;
  // One unit is as long to the right as upwards; a code that hardly varies in a dimension becomes a strip.
  const unit = Math.min(width / (x[1] - x[0] || 1), tallest / (y[1] - y[0] || 1));
  const height = Math.max(60, unit * (y[1] - y[0]));
  const around = ([low, high]: readonly [number, number], length: number): [number, number] => [
    (low + high - length / unit) / 2,
    (low + high + length / unit) / 2,
  ];
  return drawChart(
    {
      width: frame.width + frame.left + frame.right,
      height: height + 2 * frame.inset + frame.top + frame.bottom,
      marginLeft: frame.left,
      marginRight: frame.right,
      marginTop: frame.top,
      marginBottom: frame.bottom,
      inset: frame.inset,
      x: { ...axis(map ? "UMAP 1" : "code dimension 0"), labelAnchor: "center", domain: around(x, width) },
      y: { ...axis(map ? "UMAP 2" : "code dimension 1"), labelAnchor: "top", domain: around(y, height) },
      marks: [
        Plot.gridX({ stroke: "var(--rule)", strokeOpacity: 1, ticks: 5 }),
        Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1, ticks: 5 }),
        dotsMark(places, drawing.ranks),
        outlinesMark(drawing),
        centersMarks(drawing, (cluster) => at(code.centers, cluster, 1)),
      ],
    },
    `${map ? "A UMAP map" : "First two dimensions of the code"} of ${imagesAndCenters(drawing)}${drawing.shapes ? ` and the ${drawing.shapes.kind} that they reach` : ""}.`,
  );
}

/** Rows in which the images of a code of one dimension are shown. */
export interface CodeRows {
  /** Row of each image, -1 for none. */
  readonly of: Int32Array;
  readonly names: readonly string[];
  readonly by: Colouring;
}

/** A code of one dimension: the images along it, in one row for each class or cluster, the centers across them. */
export function lineCodeChart(drawing: CodeDrawing, rows: CodeRows): Chart {
  const { points } = drawing.code;
  const names = rows.names.map((name) => shorten(chartText(name), 18));
  const kept = Array.from(rows.of, (_, i) => i).filter((i) => (rows.of[i] as number) >= 0);
  // Steps of the golden ratio spread the points of a row evenly over its height, the same way every time.
  const places = kept.map((i) => [
    at(points, i, 0),
    (rows.of[i] as number) + 0.15 + 0.7 * ((i * 0.618034) % 1),
  ]);
  return drawChart(
    {
      width: 620,
      height: 92 + (names.length > 20 ? 14 : 28) * names.length,
      marginLeft: 24 + 6.6 * Math.max(...names.map((name) => [...name].length)),
      marginRight: 16,
      marginTop: 40,
      marginBottom: 44,
      x: {
        ...axis("code dimension 0"),
        labelAnchor: "center",
        domain: rangeOf(drawing.code, 0),
        insetLeft: 14,
        insetRight: 14,
      },
      y: { axis: null, domain: [names.length, 0] },
      marks: [
        Plot.gridX({ stroke: "var(--rule)", strokeOpacity: 1, ticks: 5 }),
        dotsMark(
          places,
          kept.map((i) => drawing.ranks[i] as number),
        ),
        Plot.text(names, {
          y: (_: string, row: number) => row + 0.5,
          text: (name: string) => name,
          frameAnchor: "left",
          textAnchor: "end",
          dx: -8,
          fill: "var(--soft)",
        }),
        Plot.ruleX(centerPlaces(drawing), { x: "x", stroke: "stroke", strokeWidth: 1.25 }),
        centersMarks(drawing, () => 0, -16),
      ],
    },
    `The one dimension of the code of ${imagesAndCenters(drawing)}, in one row for each ${rows.by}.`,
  );
}

function imagesAndCenters({ code, colouring, axes, item = "image" }: CodeDrawing): string {
  const middles = axes === "map" ? "middles" : "centers";
  return `${quantity(code.points.rows, item)}, coloured by ${colouring}, with the ${middles} of ${quantity(code.centers.rows, "cluster")}`;
}

function at(matrix: CodeExhibit["points"], r: number, c: number): number {
  return matrix.data[r * matrix.cols + c] as number;
}

function axis(label: string): Plot.ScaleOptions {
  return { label, labelArrow: "none", ticks: 5, tickFormat: compactTicks };
}

// Plot itself would draw one circle for each point.
function dotsMark(places: readonly (readonly number[])[], ranks: readonly number[]): Plot.RenderFunction {
  return (_index, scales, _values, _dimensions, context) => {
    const drawn = places.map(([x, y]) => [Number(scales.x?.(x)), Number(scales.y?.(y))]);
    const group = context.document.createElementNS("http://www.w3.org/2000/svg", "g");
    group.innerHTML = Array.from({ length: turns }, (_, turn) => {
      const inTurn = <T>(values: readonly T[]): readonly T[] => values.filter((_, i) => i % turns === turn);
      return drawDots(inTurn(drawn), inTurn(ranks), palette, { width: 4, opacity: 0.75 });
    }).join("");
    return group;
  };
}

// What reaches beyond the frame is cut off there, so that it does not lie on the names of the axes.
function outlinesMark(drawing: CodeDrawing): Plot.RenderFunction {
  return (_index, scales, _values, dimensions, context) => {
    const group = context.document.createElementNS("http://www.w3.org/2000/svg", "g");
    const { shapes } = drawing;
    if (shapes === undefined) return group;
    const { width, height, marginLeft, marginRight, marginTop, marginBottom } = dimensions;
    const [inner, tall] = [width - marginLeft - marginRight, height - marginTop - marginBottom];
    const x = (value: number): number => Number(scales.x?.(value)) - marginLeft;
    const y = (value: number): number => Number(scales.y?.(value)) - marginTop;
    const [right, down] = [x(1) - x(0), y(1) - y(0)];
    const colours = centerColours(drawing);
    const ellipses = Array.from({ length: shapes.centers.rows }, (_, cluster) => {
      const [xx = 0, xy = 0, yy = 0] = shapes.flat.data.subarray(3 * cluster, 3 * cluster + 3);
      return drawEllipse(
        [x(at(shapes.centers, cluster, 0)), y(at(shapes.centers, cluster, 1))],
        [xx * right * right, xy * right * down, yy * down * down],
        colours[cluster] ?? "var(--ink)",
      );
    });
    group.innerHTML = `<svg x="${marginLeft}" y="${marginTop}" width="${inner}" height="${tall}" overflow="hidden" aria-hidden="true">${ellipses.join("")}</svg>`;
    return group;
  };
}

interface CenterPlace {
  readonly cluster: number;
  readonly x: number;
  readonly stroke: string;
}

function centerPlaces(drawing: CodeDrawing): readonly CenterPlace[] {
  return centerColours(drawing).map((stroke, cluster) => ({
    cluster,
    x: at(drawing.code.centers, cluster, 0),
    stroke,
  }));
}

function centersMarks(drawing: CodeDrawing, y: (cluster: number) => number, dy = 0): Plot.Markish[] {
  const centers = centerPlaces(drawing);
  const place = { x: "x", y: ({ cluster }: CenterPlace) => y(cluster), dy };
  const r = centerRadius(centers.length);
  return [
    Plot.dot(centers, {
      ...place,
      r,
      fill: "var(--paper)",
      stroke: "stroke",
      strokeWidth: 2.5,
      title: ({ cluster }: CenterPlace) => `center of cluster ${cluster}`,
    }),
    Plot.text(centers, {
      ...place,
      text: ({ cluster }: CenterPlace) => `${cluster}`,
      fill: "var(--ink)",
      fontWeight: 650,
      fontSize: r < 9 ? 9 : 11,
      pointerEvents: "none",
    }),
  ];
}
