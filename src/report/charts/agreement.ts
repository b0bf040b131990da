import * as Plot from "@observablehq/plot";
import { compactTicks } from "./axes.ts";
import { type Chart, drawChart } from "./plot.ts";

/** One run: where it ended by its own measure, and how well that agrees with the labels. */
export interface AgreementPoint {
  readonly seed: number;
  readonly inertia: number;
  readonly accuracy: number;
  /** Words for a run that is pointed out. */
  readonly note?: string;
}

/** Accuracy against inertia, one dot per seed: whether lower inertia means better agreement. */
export function agreementChart(points: readonly AgreementPoint[]): Chart {
  const noted = points.filter((point) => point.note !== undefined);
  const inertias = points.map((point) => point.inertia);
  const middle = (Math.min(...inertias) + Math.max(...inertias)) / 2;
  const note = (side: "start" | "end"): Plot.Markish =>
    Plot.text(
      noted.filter((point) => point.inertia > middle === (side === "end")),
      {
        x: "inertia",
        y: "accuracy",
        text: "note",
        textAnchor: side,
        dy: -14,
        fontWeight: 600,
        fill: "currentColor",
        stroke: "var(--paper)",
        strokeWidth: 5,
      },
    );
  return drawChart(
    {
      width: 500,
      height: 310,
      marginLeft: 52,
      marginTop: 34,
      marginBottom: 40,
      marginRight: 24,
      inset: 14,
      x: {
        label: "inertia",
        labelArrow: "none",
        labelAnchor: "center",
        nice: true,
        ticks: 4,
        tickFormat: compactTicks,
      },
      y: { label: "accuracy", labelArrow: "none", nice: true, ticks: 4 },
      marks: [
        Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1, ticks: 4 }),
        Plot.dot(points, {
          x: "inertia",
          y: "accuracy",
          r: 4.5,
          fill: "var(--accent)",
          fillOpacity: 0.55,
          title: titleOf,
        }),
        Plot.dot(noted, {
          x: "inertia",
          y: "accuracy",
          r: 6,
          stroke: "var(--ink)",
          strokeWidth: 2,
          fill: "var(--accent)",
          title: titleOf,
        }),
        note("start"),
        note("end"),
      ],
    },
    `Accuracy against inertia of ${points.length} runs.${noted.map((point) => ` Seed ${point.seed}: ${point.note}.`).join("")}`,
  );
}

const titleOf = (point: AgreementPoint): string =>
  `seed ${point.seed}: inertia ${compactTicks(point.inertia)}, accuracy ${point.accuracy.toFixed(4)}`;
