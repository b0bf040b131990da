import * as Plot from "@observablehq/plot";
import type { Criterion, CriterionCurve, ElbowRecord } from "../../experiment/index.ts";
import { compactTicks, wholeTicks } from "./axes.ts";
import { type Chart, drawChart } from "./plot.ts";

/** Inertia over the number of clusters, its knee marked (seed 003's elbow). */
export function elbowChart(elbow: ElbowRecord): Chart {
  const points = elbow.k.map((k, i) => ({ k, inertia: elbow.inertia[i] ?? Number.NaN }));
  const at = elbow.suggestions.inertia ?? null;
  const knee = points.filter((point) => point.k === at);
  const first = Math.min(...elbow.k);
  const last = Math.max(...elbow.k);
  const nearRight = (at ?? first) > first + 0.65 * (last - first);
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
    `Inertia for ${first} to ${last} clusters, falling.${at === null ? "" : ` Knee at ${at}.`}`,
  );
}

/** One criterion over the number of clusters, with its errors, and its proposal marked. */
export function criterionChart(
  elbow: ElbowRecord,
  {
    name,
    label,
    values,
  }: { readonly name: Criterion; readonly label: string; readonly values: CriterionCurve },
): Chart {
  const errors = elbow.errors?.[name];
  const points = elbow.k.flatMap((k, i) => {
    const value = values[i];
    const error = errors?.[i] ?? 0;
    return typeof value === "number" ? [{ k, value, low: value - error, high: value + error }] : [];
  });
  const proposed = elbow.suggestions[name] ?? null;
  const marked = points.filter(({ k }) => k === proposed);
  return drawChart(
    {
      width: 290,
      height: 190,
      marginLeft: 50,
      marginTop: 28,
      marginBottom: 32,
      marginRight: 14,
      x: {
        label: "k",
        domain: [Math.min(...elbow.k), Math.max(...elbow.k, Math.min(...elbow.k) + 1)],
        ticks: wholeTicks(elbow.k, 10),
        tickFormat: String,
        labelArrow: "none",
        labelAnchor: "right",
      },
      y: { label, labelArrow: "none", nice: true, ticks: 4, tickFormat: compactTicks },
      marks: [
        Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1, ticks: 4 }),
        Plot.ruleX(marked, { x: "k", stroke: "var(--accent)", strokeDasharray: "3,3" }),
        Plot.ruleX(errors ? points : [], { x: "k", y1: "low", y2: "high", stroke: "var(--soft)" }),
        Plot.lineY(points, { x: "k", y: "value", stroke: "var(--accent)", strokeWidth: 1.5 }),
        Plot.dot(points, { x: "k", y: "value", r: 2, fill: "var(--accent)" }),
        Plot.dot(marked, {
          x: "k",
          y: "value",
          r: 5,
          fill: "var(--paper)",
          stroke: "var(--accent)",
          strokeWidth: 2.5,
        }),
      ],
    },
    `${label} for ${Math.min(...elbow.k)} to ${Math.max(...elbow.k)} clusters${proposed === null ? ", without a proposal" : `; it proposes ${proposed}`}.`,
  );
}
