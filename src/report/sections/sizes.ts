import { count, quantity } from "../../presentation/index.ts";
import { classRanks, sizesChart } from "../charts/sizes.ts";
import { className, scoredSource } from "../clusters.ts";
import { html } from "../html.ts";
import type { Part } from "../part.ts";
import { wideChart } from "../pieces.ts";
import type { RunView } from "../view.ts";
import { itemOf } from "../words.ts";
import { classLegend } from "./legend.ts";

/** Cluster sizes as bars, by class where labels are known. */
export function sizesPart(view: RunView): Part {
  const { clusters, prefix } = view;
  const nClasses = Math.max(0, ...clusters.map(({ classCounts }) => classCounts?.length ?? 0));
  const source = scoredSource(view.result);
  const classNames = Array.from({ length: nClasses }, (_, l) => className(source, l));
  const items = `${itemOf(source)}s`;
  const chart = sizesChart(clusters, classNames, items);
  const sizes = clusters.map(({ size }) => size);
  const empty = sizes.filter((size) => size === 0).length;
  const body = html`<p>${quantity(clusters.length, "cluster")}, of ${count(Math.min(...sizes))} to ${count(Math.max(...sizes))} ${items}.${
    nClasses > 0 && " Colours are the true classes; the words name the most frequent one and its share."
  }${empty > 0 && ` ${count(empty)} of them hold none of the scored ${items}.`}</p>
${nClasses > 0 && classLegend(classNames, classRanks(clusters, nClasses))}
${wideChart(chart, "Cluster sizes")}`;
  return {
    section: { id: `${prefix}sizes`, title: "Cluster sizes", body },
    figures: [{ name: `${prefix}sizes.svg`, content: chart.file }],
  };
}
