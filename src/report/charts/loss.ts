import * as Plot from "@observablehq/plot";
import type { TrainingRecord } from "../../experiment/index.ts";
import { significant } from "../../presentation/index.ts";
import { compactTicks, wholeTicks } from "./axes.ts";
import { type Chart, drawChart } from "./plot.ts";

interface LossPoint {
  readonly epoch: number;
  readonly value: number;
}

/** From this ratio of greatest to least loss on, the later epochs would be one flat line on an even scale. */
const logarithmicFrom = 8;

/**
 * Training and validation loss after each epoch, the kept epoch marked; on a logarithmic scale where the losses
 * span too much for an even one.
 *
 * @param training at least one epoch
 */
export function lossChart(training: TrainingRecord): Chart {
  const { epochs, keptEpoch } = training;
  const trained = epochs.map(({ loss }, i): LossPoint => ({ epoch: i + 1, value: loss }));
  const validated = epochs.map(
    ({ validationLoss }, i): LossPoint => ({ epoch: i + 1, value: validationLoss }),
  );
  const kept = validated.filter(({ epoch }) => epoch === keptEpoch);
  const scale = lossScale([...trained, ...validated].map(({ value }) => value));
  // Names stand at the ends of their lines, the upper one above, so that they never cover each other.
  const above = (trained.at(-1)?.value ?? 0) >= (validated.at(-1)?.value ?? 0);
  return drawChart(
    {
      width: 500,
      height: 300,
      marginLeft: 56,
      marginTop: 28,
      marginBottom: 40,
      marginRight: 92,
      x: {
        label: "epoch",
        labelArrow: "none",
        labelAnchor: "center",
        ticks: wholeTicks(
          trained.map(({ epoch }) => epoch),
          12,
        ),
        tickFormat: String,
        domain: [1, Math.max(2, epochs.length)],
      },
      y: { label: "loss", labelArrow: "none", ...scale.options },
      marks: [
        Plot.gridY({ stroke: "var(--rule)", strokeOpacity: 1, ticks: scale.options.ticks }),
        Plot.ruleX(kept, { x: "epoch", stroke: "var(--soft)", strokeDasharray: "3,3" }),
        lineOf(trained, "var(--soft)", "training", above ? -7 : 7),
        lineOf(validated, "var(--accent)", "validation", above ? 7 : -7),
        Plot.dot(kept, { x: "epoch", y: "value", r: 5, fill: "var(--accent)", stroke: "var(--paper)" }),
        Plot.text(kept, {
          x: "epoch",
          frameAnchor: "top",
          text: ({ epoch }: LossPoint) => `kept: epoch ${epoch}`,
          textAnchor: keptEpoch > (epochs.length + 1) / 2 ? "end" : "start",
          dx: keptEpoch > (epochs.length + 1) / 2 ? -7 : 7,
          fontWeight: 600,
          fill: "currentColor",
          stroke: "var(--paper)",
          strokeWidth: 4,
        }),
      ],
    },
    `Training and validation loss over ${epochs.length === 1 ? "1 epoch" : `${epochs.length} epochs`}${scale.logarithmic ? ", on a logarithmic scale" : ""}. Validation loss ${significant(validated[0]?.value ?? 0, 3)} after the first, ${significant(kept[0]?.value ?? 0, 3)} after epoch ${keptEpoch}, whose weights were kept.`,
  );
}

/** Whether the losses span so much that they are drawn on a logarithmic scale. */
export function isLogarithmic(losses: readonly number[]): boolean {
  const low = Math.min(...losses);
  return low > 0 && Math.max(...losses) / low >= logarithmicFrom;
}

function lineOf(points: readonly LossPoint[], stroke: string, name: string, dy: number): Plot.Markish[] {
  return [
    Plot.lineY(points, { x: "epoch", y: "value", stroke, strokeWidth: 2 }),
    points.length === 1 ? Plot.dot(points, { x: "epoch", y: "value", r: 4, fill: stroke }) : null,
    Plot.text(points.slice(-1), {
      x: "epoch",
      y: "value",
      text: () => name,
      textAnchor: "start",
      dx: 7,
      dy,
      fontWeight: 600,
      fill: stroke,
    }),
  ];
}

interface LossScale {
  readonly logarithmic: boolean;
  readonly options: Plot.ScaleOptions & { readonly ticks: number | readonly number[] };
}

function lossScale(losses: readonly number[]): LossScale {
  if (!isLogarithmic(losses))
    return { logarithmic: false, options: { nice: true, ticks: 5, tickFormat: compactTicks } };
  const low = Math.min(...losses);
  const high = Math.max(...losses);
  const powers: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
    powers.push(power);
  const within = (steps: readonly number[]): readonly number[] =>
    powers
      .flatMap((power) => steps.map((step) => Number(`${step}e${power}`)))
      .filter((tick) => tick >= low && tick <= high);
  const ticks = [[1, 2, 5], [1, 3], [1]].map(within).find((list) => list.length <= 8) ?? within([1]);
  return {
    logarithmic: true,
    options: { type: "log", domain: [low, high], ticks, tickFormat: compactTicks },
  };
}
