import * as Plot from "@observablehq/plot";
import type { AgreementRecord } from "../../experiment/index.ts";
import { decimal, shorten } from "../../presentation/index.ts";
import { type Chart, chartText, drawChart } from "./plot.ts";

interface Cell {
  readonly row: number;
  readonly column: number;
  readonly ari: number | null;
  readonly title: string;
}

/** Longest name of a method that is written out. */
const longestName = 28;

/** How far methods agree: a square for each pair, darker the more alike; on the diagonal, runs from different seeds. */
export function methodAgreementChart({ methods, ari }: AgreementRecord): Chart {
  const names = methods.map((method) => shorten(chartText(method), longestName));
  const positions = methods.map((_, i) => i);
  const cells = positions.flatMap((row) =>
    positions.map((column): Cell => {
      const value = ari[row]?.[column] ?? null;
      const words = value === null ? "not known" : decimal(value, 4);
      const pair = row === column ? `${names[row]}, between seeds` : `${names[row]} and ${names[column]}`;
      return { row, column, ari: value, title: `${pair}: ${words}` };
    }),
  );
  const longest = Math.max(...names.map((name) => [...name].length));
  const side = methods.length <= 6 ? 58 : 46;
  const marginLeft = 16 + 6.9 * longest;
  const marginTop = 30 + 4.5 * longest;
  const marginRight = Math.max(12, 5.4 * longest - side / 2);
  const place = { x: "column", y: "row", inset: 0.5 };
  return drawChart(
    {
      width: marginLeft + side * methods.length + marginRight,
      height: marginTop + side * methods.length + 8,
      ...{ marginLeft, marginRight, marginTop, marginBottom: 8 },
      x: { axis: null, domain: positions, padding: 0 },
      y: { axis: null, domain: positions, padding: 0 },
      marks: [
        Plot.frame({ stroke: "var(--rule)" }),
        Plot.cell(cells, {
          ...place,
          fill: "var(--cell)",
          fillOpacity: { value: (cell: Cell) => shadeOf(cell), scale: null },
          title: "title",
        }),
        ...valuesOf(cells),
        Plot.axisX({
          anchor: "top",
          tickSize: 0,
          tickRotate: -40,
          textAnchor: "start",
          tickFormat: (i: number) => names[i] ?? "",
          label: null,
          tickPadding: 8,
        }),
        Plot.axisY({ tickSize: 0, tickFormat: (i: number) => names[i] ?? "", label: null, tickPadding: 8 }),
      ],
    },
    `Agreement of ${methods.length} methods with each other, as adjusted Rand index.`,
  );
}

// Below zero is no more alike than chance, as zero is.
function shadeOf({ ari }: Cell): number {
  return Math.max(0, ari ?? 0);
}

// In two marks, because a number on a dark cell needs the light colour.
function valuesOf(cells: readonly Cell[]): Plot.Markish[] {
  const dark = (cell: Cell): boolean => shadeOf(cell) > 0.6;
  const text = {
    x: "column",
    y: "row",
    text: ({ ari }: Cell) => (ari === null ? "–" : decimal(ari, 2)),
    pointerEvents: "none" as const,
  };
  return [
    Plot.text(
      cells.filter((cell) => !dark(cell)),
      { ...text, fill: "var(--ink)" },
    ),
    Plot.text(cells.filter(dark), { ...text, fill: "var(--on-cell)", fontWeight: 600 }),
  ];
}
