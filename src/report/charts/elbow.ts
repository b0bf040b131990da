import * as Plot from "@observablehq/plot";
import type { ElbowRecord } from "../../experiment/index.ts";
import { compactTicks, wholeTicks } from "./axes.ts";
import { type Chart, drawChart } from "./plot.ts";

/** Inertia over the number of clusters, the suggested one marked (seed 003's elbow). */
export function elbowChart(elbow: ElbowRecord): Chart {
  const points = elbow.k.map((k, i) => ({ k, inertia: elbow.inertia[i] ?? Number.NaN }));
  const knee = points.filter((point) => point.k === elbow.suggested);
  const first = Math.min(...elbow.k);
  const last = Math.max(...elbow.k);
  const nearRight = (elbow.suggested ?? first) > first + 0.65 * (last - first);
  return drawChart(
    {
      width: 500,
      height: 310,
      marginLeft: 56,
      marginTop: 28,
      marginBottom: 40,
      marginRight: 24,
      x: {
        label: "number of clusters k",
        ticks: wholeTicks(elbow.k, 20),
        tickFormat: String,
        labelArrow: "none",
        labelAnchor: "center",
      },
      y: { label: "inertia", labelArrow: "none", zero: true, nice: true, ticks: 5, tickFormat: compactTicks },
      marks: [
        Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1, ticks: 5 }),
        Plot.ruleY([0], { stroke: "var(--soft)" }),
        Plot.ruleX(knee, { x: "k", y: "inertia", stroke: "var(--accent)", strokeDasharray: "3,3" }),
        Plot.lineY(points, { x: "k", y: "inertia", stroke: "var(--accent)", strokeWidth: 2 }),
        Plot.dot(points, { x: "k", y: "inertia", r: 3, fill: "var(--accent)", stroke: "var(--paper)" }),
        Plot.dot(knee, {
          x: "k",
          y: "inertia",
          r: 7,
          fill: "var(--paper)",
          stroke: "var(--accent)",
          strokeWidth: 3,
        }),
        Plot.text(knee, {
          x: "k",
          y: "inertia",
          text: (point: { k: number }) => `knee at k = ${point.k}`,
          textAnchor: nearRight ? "end" : "start",
          dx: nearRight ? 0 : 12,
          dy: nearRight ? -18 : -14,
          fontWeight: 600,
          fill: "currentColor",
          stroke: "var(--paper)",
          strokeWidth: 4,
        }),
      ],
    },
    `Inertia for ${first} to ${last} clusters, falling.${elbow.suggested === null ? "" : ` Knee at ${elbow.suggested}.`}`,
  );
}
