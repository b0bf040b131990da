import * as Plot from "@observablehq/plot";
import { count, percent, shorten } from "../../presentation/index.ts";
import { sum } from "../clusters.ts";
import type { ConfusionTable } from "../confusion.ts";
import { type Chart, chartText, drawChart } from "./plot.ts";

interface Cell {
  readonly row: number;
  readonly column: number;
  readonly n: number;
  /** Share of the row. */
  readonly share: number;
  readonly title: string;
}

/** Most clusters whose cells still carry their counts. */
const readableRows = 30;
const readableColumns = 20;

/**
 * Confusion matrix as a picture: rows are clusters, columns are classes, the shade is the share of the row, the
 * outline is the class that the cluster is matched with (or, by majority, its most frequent one).
 */
export function confusionChart(table: ConfusionTable): Chart {
  const { rows, classNames } = table;
  const readable = rows.length <= readableRows && classNames.length <= readableColumns;
  const size = cellSize(rows.length, classNames.length);
  const names = classNames.map((name) => shorten(chartText(name), 18));
  const cells = cellsOf(table, readable);
  const outlined = cells.filter((cell) => rows[cell.row]?.outlined === cell.column);
  // Names stand at 40 degrees over their column; a character is about 6.6 pixels wide.
  const longest = Math.max(...names.map((name) => [...name].length));
  const marginTop = 36 + 4.3 * longest;
  const marginRight = Math.max(16, 5.2 * longest - size.width / 2);
  const place = { x: "column", y: "row", inset: 0.5 };
  return drawChart(
    {
      width: 52 + size.width * classNames.length + marginRight,
      height: marginTop + size.height * rows.length + 8,
      marginLeft: 52,
      marginRight,
      marginTop,
      marginBottom: 8,
      x: { axis: null, domain: classNames.map((_, l) => l), padding: 0 },
      y: { axis: null, domain: rows.map((_, r) => r), padding: 0 },
      marks: [
        Plot.frame({ stroke: "var(--rule)" }),
        Plot.cell(cells, {
          ...place,
          fill: "var(--cell)",
          fillOpacity: { value: "share", scale: null },
          ...(readable && { title: "title" }),
        }),
        Plot.cell(outlined, { ...place, stroke: "var(--ink)", strokeWidth: 1.5, fill: "none" }),
        readable ? countsOf(cells) : null,
        Plot.axisX({
          anchor: "top",
          tickSize: 0,
          tickRotate: -40,
          textAnchor: "start",
          tickFormat: (l: number) => names[l] ?? "",
          label: null,
          tickPadding: 8,
        }),
        Plot.axisY({
          tickSize: 0,
          tickFormat: (r: number) => `${rows[r]?.cluster}`,
          label: "cluster",
          labelArrow: "none",
          labelAnchor: "top",
          labelOffset: 48,
        }),
      ],
    },
    `Confusion matrix of ${rows.length} clusters (rows) and ${classNames.length} classes (columns).`,
  );
}

// Counts in two marks, because a count on a dark cell needs the light colour.
function countsOf(cells: readonly Cell[]): Plot.Markish[] {
  const dark = (cell: Cell): boolean => cell.share > 0.7;
  const text = {
    x: "column",
    y: "row",
    text: (cell: Cell) => count(cell.n).replace(/,/g, "\u2009"),
    pointerEvents: "none" as const,
  };
  return [
    Plot.text(
      cells.filter((cell) => !dark(cell) && cell.share >= 0.05),
      { ...text, fill: "var(--ink)" },
    ),
    Plot.text(
      cells.filter((cell) => cell.share < 0.05),
      { ...text, fill: "var(--soft)" },
    ),
    Plot.text(cells.filter(dark), { ...text, fill: "var(--on-cell)", fontWeight: 600 }),
  ];
}

// Empty cells are left out: they would be invisible, and most cells of a large matrix are empty.
function cellsOf(table: ConfusionTable, titled: boolean): readonly Cell[] {
  return table.rows.flatMap((row, r) => {
    const total = sum(row.counts);
    return row.counts.flatMap((n, column) => {
      if (n === 0) return [];
      const share = n / total;
      const name = chartText(table.classNames[column] ?? "");
      const title = titled
        ? `cluster ${row.cluster}, ${name}: ${count(n)} of ${count(total)} (${percent(share)})`
        : "";
      return [{ row: r, column, n, share, title }];
    });
  });
}

function cellSize(nRows: number, nColumns: number): { readonly width: number; readonly height: number } {
  const width = nColumns <= 10 ? 42 : nColumns <= readableColumns ? 38 : 17;
  const height = nRows <= 12 ? 34 : nRows <= readableRows ? 24 : 15;
  return { width, height };
}
