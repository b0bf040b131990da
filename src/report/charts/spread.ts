import * as Plot from "@observablehq/plot";
import { quantity, significant } from "../../presentation/index.ts";
import { compactTicks, wholeTicks } from "./axes.ts";
import { type Chart, drawChart } from "./plot.ts";

interface Bar {
  readonly dimension: number;
  readonly spread: number;
  readonly title: string;
}

/**
 * How much each dimension of a code varies over the images; dead ones carry a cross instead of a bar.
 *
 * @param spreads standard deviation of each dimension, at least one
 * @param dead 0-based dimensions that carry nothing
 */
export function spreadChart(spreads: readonly number[], dead: readonly number[]): Chart {
  const bars = spreads.map((spread, dimension): Bar => {
    const title = `dimension ${dimension}${dead.includes(dimension) ? ", dead" : ""}: ${significant(spread, 3)}`;
    return { dimension, spread, title };
  });
  const crosses = bars.filter(({ dimension }) => dead.includes(dimension));
  const dimensions = bars.map(({ dimension }) => dimension);
  return drawChart(
    {
      width: Math.min(500, Math.max(240, 90 + 36 * spreads.length)),
      height: 230,
      marginLeft: 56,
      marginTop: 28,
      marginBottom: 40,
      marginRight: 16,
      x: {
        type: "band",
        domain: dimensions,
        padding: spreads.length > 60 ? 0.05 : spreads.length > 4 ? 0.25 : 0.5,
      },
      y: {
        label: "standard deviation",
        labelArrow: "none",
        labelAnchor: "top",
        zero: true,
        nice: true,
        ticks: 4,
        tickFormat: compactTicks,
      },
      marks: [
        Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1, ticks: 4 }),
        Plot.axisX({
          label: "code dimension",
          labelArrow: "none",
          labelAnchor: "center",
          tickSize: 0,
          ticks: wholeTicks(dimensions, 20),
          tickFormat: String,
        }),
        Plot.barY(bars, { x: "dimension", y: "spread", fill: "var(--accent)", title: "title" }),
        Plot.ruleY([0], { stroke: "var(--soft)" }),
        Plot.dot(crosses, {
          x: "dimension",
          y: 0,
          dy: -8,
          symbol: "times",
          r: 4,
          stroke: "var(--warn)",
          strokeWidth: 2,
          title: "title",
        }),
      ],
    },
    `Standard deviation of each of ${quantity(spreads.length, "code dimension")}, from ${significant(Math.min(...spreads), 3)} to ${significant(Math.max(...spreads), 3)}; ${dead.length === 0 ? "none is dead" : `${dead.length} ${dead.length === 1 ? "is" : "are"} dead`}.`,
  );
}
