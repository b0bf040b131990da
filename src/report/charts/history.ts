import * as Plot from "@observablehq/plot";
import { significant } from "../../presentation/index.ts";
import { compactTicks, wholeTicks } from "./axes.ts";
import { type Chart, drawChart } from "./plot.ts";

/**
 * The objective after each iteration.
 *
 * @param history at least one value
 * @param step what an iteration is called
 */
export function historyChart(history: readonly number[], objective: string, step = "iteration"): Chart {
  const points = history.map((value, i) => ({ iteration: i + 1, value }));
  const end = points.slice(-1);
  return drawChart(
    {
      width: 500,
      height: 260,
      marginLeft: 56,
      marginTop: 28,
      marginBottom: 40,
      marginRight: 24,
      x: {
        label: step,
        labelArrow: "none",
        labelAnchor: "center",
        ticks: wholeTicks(
          points.map((point) => point.iteration),
          12,
        ),
        tickFormat: String,
        domain: [1, Math.max(2, points.length)],
      },
      y: { label: objective, labelArrow: "none", nice: true, ticks: 5, tickFormat: compactTicks },
      marks: [
        Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1, ticks: 5 }),
        Plot.lineY(points, { x: "iteration", y: "value", stroke: "var(--accent)", strokeWidth: 2 }),
        Plot.dot(end, { x: "iteration", y: "value", r: 4, fill: "var(--accent)" }),
        Plot.text(end, {
          x: "iteration",
          y: "value",
          text: (point: { value: number }) => significant(point.value, 5),
          textAnchor: points.length > 1 ? "end" : "start",
          dy: -12,
          fontWeight: 600,
          stroke: "var(--paper)",
          strokeWidth: 4,
          fill: "currentColor",
        }),
      ],
    },
    `${objective} over ${history.length} ${step === "batch" ? "batches" : "iterations"}, ending at ${significant(history[history.length - 1] ?? 0, 5)}.`,
  );
}
