import * as Plot from "@observablehq/plot";
import { count, shorten } from "../../presentation/index.ts";
import { type ClusterSummary, majorityWords } from "../clusters.ts";
import { classColour, colouredClasses } from "../theme.ts";
import { compactTicks } from "./axes.ts";
import { type Chart, chartText, drawChart } from "./plot.ts";

interface Piece {
  readonly cluster: string;
  readonly from: number;
  readonly to: number;
  readonly fill: string;
  readonly title: string;
}

/**
 * Cluster sizes as bars, largest first, cut into classes where labels are known.
 *
 * @param classNames in the order of the classes; empty without labels
 * @param items what is counted
 */
export function sizesChart(
  clusters: readonly ClusterSummary[],
  classNames: readonly string[],
  items = "images",
): Chart {
  const bars = clusters.toSorted((a, b) => b.size - a.size || a.cluster - b.cluster);
  const crowded = bars.length > 30;
  const named = bars.some(({ name }) => name !== undefined);
  const labelled = bars.some((bar) => bar.classCounts !== undefined);
  const step = crowded ? 15 : 26;
  const ranks = classRanks(clusters, classNames.length);
  return drawChart(
    {
      width: 880,
      height: 64 + step * bars.length,
      marginLeft: 48,
      marginRight: (labelled ? 210 : 80) + (named ? 130 : 0),
      marginTop: 30,
      marginBottom: 34,
      x: { label: items, labelArrow: "none", labelAnchor: "center", ticks: 5, tickFormat: compactTicks },
      y: {
        label: "cluster",
        labelArrow: "none",
        labelAnchor: "top",
        labelOffset: 44,
        domain: bars.map((bar) => `${bar.cluster}`),
        padding: crowded ? 0.15 : 0.24,
        tickSize: 0,
      },
      marks: [
        Plot.gridX({ stroke: "var(--rule)", strokeOpacity: 1, ticks: 5 }),
        Plot.barX(
          bars.flatMap((bar) => piecesOf(bar, classNames, ranks)),
          {
            y: "cluster",
            x1: "from",
            x2: "to",
            fill: "fill",
            stroke: "var(--paper)",
            strokeWidth: 0.75,
            title: "title",
          },
        ),
        Plot.text(bars, {
          y: (bar: ClusterSummary) => `${bar.cluster}`,
          x: "size",
          text: labelOf,
          textAnchor: "start",
          dx: 7,
          fill: "currentColor",
        }),
      ],
    },
    `Number of ${items} in each of ${bars.length} clusters, from ${count(bars[bars.length - 1]?.size ?? 0)} to ${count(bars[0]?.size ?? 0)}.`,
  );
}

/** Rank of each class in the palette: coloured in their order if they all fit, else the most frequent ones. */
export function classRanks(clusters: readonly ClusterSummary[], nClasses: number): readonly number[] {
  // One class more than colours still reads well: the last one is the only grey.
  if (nClasses <= colouredClasses + 1) return Array.from({ length: nClasses }, (_, l) => l);
  const totals = new Array<number>(nClasses).fill(0);
  for (const { classCounts = [] } of clusters) {
    classCounts.forEach((n, l) => {
      totals[l] = (totals[l] ?? 0) + n;
    });
  }
  const byTotal = totals.map((_, l) => l).toSorted((a, b) => (totals[b] ?? 0) - (totals[a] ?? 0) || a - b);
  const ranks = new Array<number>(nClasses).fill(colouredClasses);
  byTotal
    .slice(0, colouredClasses)
    .toSorted((a, b) => a - b)
    .forEach((l, rank) => {
      ranks[l] = rank;
    });
  return ranks;
}

// Within a bar, classes stand from the most to the least frequent; the grey ones share one piece at the end.
function piecesOf(
  bar: ClusterSummary,
  classNames: readonly string[],
  ranks: readonly number[],
): readonly Piece[] {
  const cluster = `${bar.cluster}`;
  const { classCounts } = bar;
  if (classCounts === undefined) {
    return [
      {
        cluster,
        from: 0,
        to: bar.size,
        fill: "var(--accent)",
        title: `cluster ${cluster}: ${count(bar.size)}`,
      },
    ];
  }
  const several = ranks.filter((rank) => rank >= colouredClasses).length > 1;
  const pieces = classCounts
    .map((n, l) => ({
      n,
      rank: ranks[l] ?? colouredClasses,
      name: shorten(chartText(classNames[l] ?? `${l}`), 40),
    }))
    .filter(({ n, rank }) => n > 0 && !(several && rank >= colouredClasses))
    .toSorted((a, b) => b.n - a.n || a.rank - b.rank);
  const named = pieces.reduce((total, { n }) => total + n, 0);
  const labelled = classCounts.reduce((total, n) => total + n, 0);
  const rest = [
    { n: labelled - named, rank: colouredClasses, name: "other classes" },
    { n: bar.size - labelled, rank: colouredClasses, name: "without a label" },
  ].filter(({ n }) => n > 0);
  let from = 0;
  return [...pieces, ...rest].map(({ n, rank, name }) => {
    const piece = {
      cluster,
      from,
      to: from + n,
      fill: classColour(rank),
      title: `${name}: ${count(n)} of ${count(bar.size)}`,
    };
    from += n;
    return piece;
  });
}

function labelOf({ size, majority, name }: ClusterSummary): string {
  const counted = name === undefined ? count(size) : `${count(size)}   ${shorten(chartText(name), 18)}`;
  if (majority === undefined) return counted;
  return `${counted}   ${majorityWords({ ...majority, className: chartText(majority.className) }, 20)}`;
}
