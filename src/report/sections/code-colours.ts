import type { CodeExhibit } from "../../experiment/exhibits.ts";
import type { CodeDrawing } from "../charts/code-drawing.ts";
import { classRanks } from "../charts/sizes.ts";
import { className, clusterName, scoredSource } from "../clusters.ts";
import { matchedClasses } from "../confusion.ts";
import { type Html, html } from "../html.ts";
import { colouredClasses } from "../theme.ts";
import type { RunView } from "../view.ts";
import { ofItems } from "../words.ts";
import { classLegend, legend } from "./legend.ts";

/** A code under one colouring, with what its colours mean. */
export interface ColouredCode extends CodeDrawing {
  readonly key: Html;
}

/** The code coloured by class, where classes are known, and by cluster. */
export function colouringsOf(code: CodeExhibit, view: RunView): readonly ColouredCode[] {
  return [...byClass(code, view), byCluster(code, view)];
}

/** At most so many points of a code, evenly from all of them. */
export function thinned(code: CodeExhibit, most: number): CodeExhibit {
  const { rows, cols, data } = code.points;
  if (rows <= most) return code;
  const kept = Array.from({ length: most }, (_, i) => Math.floor((i * rows) / most));
  const of = (values: Int32Array): Int32Array => Int32Array.from(kept, (i) => values[i] as number);
  return {
    ...code,
    points: {
      rows: most,
      cols,
      data: Float32Array.from(kept.flatMap((r) => Array.from(data.subarray(r * cols, (r + 1) * cols)))),
    },
    clusters: of(code.clusters),
    ...(code.classes && { classes: of(code.classes) }),
  };
}

/** Names of the classes of a run; those that occur only among the points of its code included. */
export function classNamesOf(code: CodeExhibit, view: RunView): readonly string[] {
  const known = view.clusters.map(({ classCounts }) => classCounts?.length ?? 0);
  const nClasses = Array.from(code.classes ?? []).reduce(
    (most, label) => Math.max(most, label + 1),
    Math.max(0, ...known),
  );
  return Array.from({ length: nClasses }, (_, l) => className(scoredSource(view.result), l));
}

function byClass(code: CodeExhibit, view: RunView): readonly ColouredCode[] {
  const { classes } = code;
  if (classes === undefined) return [];
  const names = classNamesOf(code, view);
  const ranks = classRanks(view.clusters, names.length);
  const unknown = classes.includes(-1);
  return [
    {
      code,
      colouring: "class",
      ranks: Array.from(classes, (label) => ranks[label] ?? colouredClasses),
      key: html`<p class="soft">Colours are the true classes; neither code nor clusters were made from them.${
        unknown && ofItems(" Images without a label are grey.", view.result.source)
      }</p>${classLegend(names, ranks)}`,
    },
  ];
}

// Longer legends are no help: the numbers at the centers tell the clusters apart.
const longestLegend = 20;

function byCluster(code: CodeExhibit, view: RunView): ColouredCode {
  const nClusters = code.centers.rows;
  const partners = partnersOf(code, view);
  const centerRanks = Array.from({ length: nClusters }, (_, cluster) => {
    if (partners !== undefined) return partners[cluster]?.rank ?? colouredClasses;
    return nClusters <= colouredClasses + 1 ? cluster : cluster % colouredClasses;
  });
  const entries = centerRanks.map((rank, cluster) => {
    const partner = partners?.[cluster];
    return {
      name: `cluster ${clusterName(view.clusters, cluster)}${partner === undefined ? "" : ` (${partner.name})`}`,
      rank,
    };
  });
  const words =
    partners !== undefined
      ? "Each cluster has the colour of the class that it is matched with."
      : nClusters > colouredClasses + 1
        ? `There are ${colouredClasses} colours, so they come again; the numbers tell the clusters apart.`
        : "Each cluster has a colour of its own.";
  return {
    code,
    colouring: "cluster",
    ranks: Array.from(code.clusters, (cluster) => centerRanks[cluster] ?? colouredClasses),
    centerRanks,
    key: html`<p class="soft">${words}</p>${nClusters <= longestLegend && legend(entries)}`,
  };
}

/** The class that each cluster is matched with, where every cluster has one and all of them have colours. */
function partnersOf(
  code: CodeExhibit,
  view: RunView,
): readonly { readonly name: string; readonly rank: number }[] | undefined {
  const { confusion, order } = view.result;
  const names = classNamesOf(code, view);
  if (confusion === undefined || order === undefined || code.classes === undefined) return undefined;
  if (confusion.length > names.length || names.length > colouredClasses + 1) return undefined;
  const ranks = classRanks(view.clusters, names.length);
  const matched = matchedClasses(confusion);
  const partners: { readonly name: string; readonly rank: number }[] = [];
  order.forEach((cluster, r) => {
    const partner = matched[r] ?? 0;
    partners[cluster] = { name: names[partner] ?? "", rank: ranks[partner] ?? colouredClasses };
  });
  return partners;
}
