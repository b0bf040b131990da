/** Confusion matrices small enough to stand side by side: the same columns and the same shades in all of them. */
import { count, percent, shorten } from "../../presentation/index.ts";
import { classWords, sum } from "../clusters.ts";
import type { ConfusionRow, ConfusionTable } from "../confusion.ts";
import { escapeText } from "../html.ts";
import { type Chart, chartText, frameChart } from "./plot.ts";

/** Width that a matrix comes near to, in CSS pixels. */
const targetWidth = 240;

/** Width of a cell where columns are few. */
const widestCell = 40;

/** From this many pixels on, names of columns stand aslant; below, upright. */
const aslantCell = 17;

/** From this many pixels on, columns carry names, rows numbers, and cells their counts in a tooltip. */
const readableCell = 11;

/** Steps of the shade in a large matrix, whose cells are drawn step by step to save bytes. */
const shadeSteps = 20;

/** What the columns are: the classes, or the clusters of the method that is named. */
export type Columns = "classes" | { readonly clustersOf: string };

/**
 * A small confusion matrix: rows are clusters, columns are classes, or clusters of another method; the shade is the
 * share of the row, the outline is the best match. Where cells are large enough, each tells its count, else each row
 * what it holds.
 */
export function smallConfusionChart(table: ConfusionTable, columns: Columns): Chart {
  const { rows, classNames } = table;
  const grid = gridOf(table);
  const elements = [
    `<rect x="${grid.left}" y="${grid.top}" width="${grid.width}" height="${grid.height}" fill="none" stroke="var(--rule)"/>`,
    ...(grid.readable ? cellsOf(table, grid, columns) : [shadesOf(table, grid)]),
    ...outlinesOf(rows, grid),
    ...(grid.cellWidth >= readableCell ? columnNames(classNames, grid) : []),
    ...(grid.readable ? [] : rows.map((row, r) => rowTitle(row, r, table, grid, columns))),
    ...(grid.cellHeight >= readableCell ? rowNumbers(rows, grid) : []),
  ];
  const size = { width: grid.left + grid.width + grid.right, height: grid.top + grid.height + 2 };
  const what = columns === "classes" ? "classes" : `clusters of ${chartText(columns.clustersOf)}`;
  return frameChart(
    elements.join(""),
    size,
    `Confusion matrix of ${rows.length} clusters (rows) and ${classNames.length} ${what} (columns).`,
  );
}

/** Where the cells lie. */
interface Grid {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly width: number;
  readonly height: number;
  readonly readable: boolean;
  /** How the names of columns stand over them. */
  readonly names: "level" | "aslant" | "upright";
}

function gridOf({ rows, classNames }: ConfusionTable): Grid {
  const cellWidth = Math.max(3, Math.min(widestCell, Math.floor(targetWidth / classNames.length)));
  const cellHeight = Math.max(3, Math.min(cellWidth, Math.floor(420 / rows.length)));
  const named = cellWidth >= readableCell;
  const longest = Math.max(...classNames.map((name) => [...nameOf(name)].length));
  const names = longest <= 2 ? "level" : cellWidth >= aslantCell ? "aslant" : "upright";
  const room = { level: 18, aslant: 14 + 4.2 * longest, upright: 10 + 6.3 * longest }[names];
  return {
    left: cellHeight >= readableCell ? 26 : 2,
    top: named ? Math.ceil(room) : 2,
    right: named && names === "aslant" ? Math.max(2, Math.ceil(5 * longest - cellWidth / 2)) : 2,
    cellWidth,
    cellHeight,
    width: cellWidth * classNames.length,
    height: cellHeight * rows.length,
    readable: named && cellHeight >= readableCell,
    names,
  };
}

function nameOf(name: string): string {
  return shorten(chartText(name), 14);
}

// Empty cells are left out: they would be invisible.
function cellsOf(table: ConfusionTable, grid: Grid, columns: Columns): readonly string[] {
  const cells = table.rows.flatMap((row, r) => {
    const total = sum(row.counts);
    return row.counts.flatMap((n, column) => {
      if (n === 0) return [];
      const name = columnWords(table.classNames[column] ?? "", columns);
      const title = `cluster ${row.cluster}, ${name}: ${count(n)} of ${count(total)} (${percent(n / total)})`;
      const x = grid.left + column * grid.cellWidth + 0.5;
      const y = grid.top + r * grid.cellHeight + 0.5;
      const shade = Number((n / total).toFixed(3));
      return [
        `<rect x="${x}" y="${y}" width="${grid.cellWidth - 1}" height="${grid.cellHeight - 1}" fill-opacity="${shade}"><title>${escapeText(title)}</title></rect>`,
      ];
    });
  });
  return [`<g fill="var(--cell)">`, ...cells, "</g>"];
}

// One path for all cells of a shade; cells of less than half a step are left out, as nobody would see them.
function shadesOf({ rows }: ConfusionTable, grid: Grid): string {
  const paths = new Map<number, string>();
  rows.forEach(({ counts }, r) => {
    const total = sum(counts);
    counts.forEach((n, column) => {
      const step = n === 0 ? 0 : Math.round((n / total) * shadeSteps);
      if (step === 0) return;
      const start = `M${grid.left + column * grid.cellWidth} ${grid.top + r * grid.cellHeight}`;
      paths.set(
        step,
        `${paths.get(step) ?? ""}${start}h${grid.cellWidth}v${grid.cellHeight}h-${grid.cellWidth}z`,
      );
    });
  });
  const drawn = [...paths].sort(([a], [b]) => a - b);
  return `<g fill="var(--cell)" shape-rendering="crispEdges">${drawn
    .map(([step, path]) => `<path fill-opacity="${step / shadeSteps}" d="${path}"/>`)
    .join("")}</g>`;
}

function outlinesOf(rows: readonly ConfusionRow[], grid: Grid): readonly string[] {
  if (!grid.readable) return [];
  return rows.flatMap(({ outlined }, r) => {
    if (outlined === undefined) return [];
    const x = grid.left + outlined * grid.cellWidth + 0.5;
    const y = grid.top + r * grid.cellHeight + 0.5;
    return [
      `<rect x="${x}" y="${y}" width="${grid.cellWidth - 1}" height="${grid.cellHeight - 1}" fill="none" stroke="var(--ink)" stroke-opacity="0.7" pointer-events="none"/>`,
    ];
  });
}

function columnNames(names: readonly string[], grid: Grid): readonly string[] {
  return names.map((name, column) => {
    const x = grid.left + (column + 0.5) * grid.cellWidth;
    const text = escapeText(nameOf(name));
    if (grid.names === "level") return `<text x="${x}" y="${grid.top - 6}" fill="var(--soft)">${text}</text>`;
    const [right, angle] = grid.names === "aslant" ? [2, -40] : [4, -90];
    return `<text transform="translate(${x + right},${grid.top - 5}) rotate(${angle})" text-anchor="start" fill="var(--soft)">${text}</text>`;
  });
}

function rowNumbers(rows: readonly ConfusionRow[], grid: Grid): readonly string[] {
  return rows.map(
    ({ cluster }, r) =>
      `<text x="${grid.left - 6}" y="${grid.top + (r + 0.5) * grid.cellHeight}" dy="0.34em" text-anchor="end" fill="var(--soft)">${cluster}</text>`,
  );
}

// What a row holds, over its whole length: single cells are too small to be pointed at.
function rowTitle(
  row: ConfusionRow,
  r: number,
  { classNames }: ConfusionTable,
  grid: Grid,
  columns: Columns,
): string {
  const total = sum(row.counts);
  const largest = row.counts
    .map((n, column) => ({ n, column }))
    .filter(({ n }) => n > 0)
    .toSorted((a, b) => b.n - a.n || a.column - b.column)
    .slice(0, 3)
    .map(({ n, column }) => `${count(n)} of ${columnWords(classNames[column] ?? "", columns)}`);
  const title = `cluster ${row.cluster}: ${[`${count(total)} images`, ...largest].join(", ")}`;
  return `<rect x="${grid.left}" y="${grid.top + r * grid.cellHeight}" width="${grid.width}" height="${grid.cellHeight}" fill="none" pointer-events="all"><title>${escapeText(title)}</title></rect>`;
}

function columnWords(name: string, columns: Columns): string {
  const short = shorten(chartText(name), 40);
  return columns === "classes" ? classWords(short) : `cluster ${short} of ${chartText(columns.clustersOf)}`;
}
