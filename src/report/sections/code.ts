import type { CodeExhibit, CodeShapes } from "../../experiment/exhibits.ts";
import { count, enumeration, quantity, significant } from "../../presentation/index.ts";
import { flatCodeChart, lineCodeChart } from "../charts/flat-code.ts";
import type { Chart } from "../charts/plot.ts";
import { firstView, rangeOf, sceneOf, solidCodeChart } from "../charts/solid-code.ts";
import { spreadChart } from "../charts/spread.ts";
import { scoredSource } from "../clusters.ts";
import { type Html, html, trusted } from "../html.ts";
import type { Figure, Part } from "../part.ts";
import { fluidChart, viewSwitch, wideChart } from "../pieces.ts";
import { turnablePicture, turnScript } from "../turnable.ts";
import type { RunView } from "../view.ts";
import { itemOf, ofItems, spaceOf } from "../words.ts";
import { type ColouredCode, classNamesOf, colouringsOf, thinned } from "./code-colours.ts";

/** Markup together with the figure files that show the same. */
export interface Drawn {
  readonly markup: Html;
  readonly figures: readonly Figure[];
}

/** The code plotted in its first dimensions with the cluster centers (seeds 000 and 004), and its dead dimensions. */
export function codePart(view: RunView): Part | undefined {
  const exhibit = view.exhibits?.code;
  if (exhibit === undefined || exhibit.points.rows === 0) return undefined;
  const { prefix } = view;
  const code = thinned(exhibit, view.pointBudget);
  const [own, others] = code.centers.rows <= mostOutlines ? (code.shapes ?? []) : [];
  const drawings = colouringsOf(code, view).map((drawing) => ({
    ...drawing,
    shapes: own,
    item: itemOf(view.result.source),
  }));
  const { cols } = code.points;
  const drawn = [
    ...(cols === 1 ? [lineOf(drawings, view)] : [flatOf(drawings, `${prefix}code-2d`)]),
    ...(cols >= 3 ? [solidOf(drawings, prefix)] : []),
    ...(others ? [comparedOf(drawings, others, prefix)] : []),
  ];
  const spread = spreadOf(view);
  const body = html`<p>${introduction(code, view)}</p>
<div class="views">
${
  drawings.length > 1 &&
  viewSwitch(`${prefix}colour`, "Colour by", [
    ["classes", "class"],
    ["clusters", "cluster"],
  ])
}
${drawings.map((drawing) => html`<div class="${viewName(drawing, drawings)}">${drawing.key}</div>`)}
<div class="codes">${drawn.map(({ markup }) => markup)}</div>
</div>
${spread?.markup}`;
  const title = {
    code: "The code",
    vectors: "The vectors",
    pixels: "The features",
    features: "The features",
  };
  return {
    section: { id: `${prefix}code`, title: title[spaceOf(view.result)], body },
    figures: [...drawn, spread].flatMap((picture) => picture?.figures ?? []),
    ...(cols >= 3 && { script: turnScript() }),
  };
}

function introduction(code: CodeExhibit, view: RunView): string {
  const { codeSize, points } = code;
  const space = spaceOf(view.result);
  const source = scoredSource(view.result);
  const item = itemOf(source);
  const numbers = quantity(codeSize, "number");
  const made =
    space === "code"
      ? `The network turns each image into ${numbers}, its code; clusters were sought among the codes alone.`
      : space === "vectors"
        ? `Each vector has ${numbers}${view.result.settings.scaling ? ", here as they were scaled" : ""}; clusters were sought among them.`
        : `Each ${item} became ${numbers}, its features; clusters were sought among them.`;
  const total = source.count;
  const drawn =
    points.rows < total
      ? `Drawn are ${count(points.rows)} of the ${quantity(total, item)}`
      : `Drawn are all ${quantity(total, item)}`;
  return `${made} ${drawn}, ${dimensionWords(codeSize)}.${flatWords(view, points.cols)} Numbered circles are the cluster centers.${ofItems(shapeWords(code), source)}`;
}

// From here on outlines would hide the points.
const mostOutlines = 30;

function shapeWords({ shapes, centers }: CodeExhibit): string {
  const kind = shapes?.[0]?.kind;
  if (kind === undefined || centers.rows > mostOutlines) return "";
  return kind === "ellipses"
    ? " Around each lies what holds 95% of its component’s probability in the dimensions that are drawn."
    : " Around each lies a circle that holds 95% of its images in the dimensions that are drawn: to K-Means all clusters are round.";
}

function dimensionWords(codeSize: number): string {
  if (codeSize === 1) return "along the one dimension";
  if (codeSize === 2) return "in both dimensions";
  if (codeSize === 3) return "in the first two dimensions and in all three";
  return `in the first two and the first three of the ${codeSize} dimensions: what lies on one spot here may lie apart in the others`;
}

// A dead dimension among those drawn makes a picture that looks broken, and is not.
function flatWords({ result }: RunView, nDrawn: number): string {
  const dead = (result.training?.deadDimensions ?? []).filter((dimension) => dimension < nDrawn);
  if (dead.length === 0) return "";
  const one = dead.length === 1;
  return ` Among those drawn, ${one ? "dimension" : "dimensions"} ${enumeration(dead.map(String))} ${one ? "is" : "are"} dead, which leaves the pictures thin.`;
}

// Without a choice there is nothing to hide.
export function viewName({ colouring }: ColouredCode, drawings: readonly ColouredCode[]): string {
  if (drawings.length === 1) return "only";
  return `view ${pluralOf(colouring)}`;
}

function pluralOf(colouring: ColouredCode["colouring"]): "classes" | "clusters" {
  return colouring === "class" ? "classes" : "clusters";
}

function filesOf(
  name: string,
  drawings: readonly ColouredCode[],
  charts: readonly Chart[],
): readonly Figure[] {
  return charts.map((chart, i) => ({
    name: `${name}-${pluralOf(drawings[i]?.colouring ?? "cluster")}.svg`,
    content: chart.file,
  }));
}

/** A chart in each colouring, of which the reader chooses one. */
export function flatOf(
  drawings: readonly ColouredCode[],
  name: string,
  caption = "Dimensions 0 and 1, both on one scale.",
): Drawn {
  const charts = drawings.map((drawing) => flatCodeChart(drawing));
  const views = charts.map(
    (chart, i) =>
      html`<div class="${viewName(drawings[i] as ColouredCode, drawings)}">${trusted(chart.inline)}</div>`,
  );
  return {
    markup: html`<figure class="chart">${views}<figcaption>${caption}</figcaption></figure>`,
    figures: filesOf(name, drawings, charts),
  };
}

/** The same points with the clusters that K-Means makes of the code (seed 003). */
function comparedOf(drawings: readonly ColouredCode[], shapes: CodeShapes, prefix: string): Drawn {
  const round = drawings.map(({ centerRanks: _ranks, ...drawing }) => ({
    ...drawing,
    code: { ...drawing.code, centers: shapes.centers },
    shapes,
  }));
  const { markup, figures } = flatOf(round, `${prefix}k-means-code-2d`);
  return {
    figures,
    markup: html`<div>${markup}<p class="soft">For comparison, the clusters of K-Means on the same code: circles that hold 95% of their images. A mixture’s may be stretched, turned and of different sizes.</p></div>`,
  };
}

function solidOf(drawings: readonly ColouredCode[], prefix: string): Drawn {
  const charts = drawings.map((drawing) => solidCodeChart(drawing));
  const picture = turnablePicture(
    drawings.map((drawing, i) => ({
      svg: charts[i]?.inline ?? "",
      scene: sceneOf(drawing),
      className: viewName(drawing, drawings),
    })),
    firstView,
  );
  const ranges = [0, 1, 2].map((dimension) => {
    const [low, high] = rangeOf((drawings[0] as ColouredCode).code, dimension);
    return `${significant(low, 3)} to ${significant(high, 3)}`;
  });
  return {
    markup: html`<figure class="chart">${picture}<figcaption>Dimensions 0, 1 and 2, all on one scale; the box reaches from ${enumeration(ranges)}. Near points are larger.</figcaption></figure>`,
    figures: filesOf(`${prefix}code-3d`, drawings, charts),
  };
}

function lineOf(drawings: readonly ColouredCode[], view: RunView): Drawn {
  const charts = drawings.map((drawing) => {
    const { classes, clusters, centers } = drawing.code;
    const rows =
      classes === undefined
        ? {
            of: clusters,
            names: Array.from({ length: centers.rows }, (_, cluster) => `cluster ${cluster}`),
            by: "cluster" as const,
          }
        : { of: classes, names: classNamesOf(drawing.code, view), by: "class" as const };
    return lineCodeChart(drawing, rows);
  });
  const views = charts.map(
    (chart, i) =>
      html`<div class="${viewName(drawings[i] as ColouredCode, drawings)}">${wideChart(chart, "The code")}</div>`,
  );
  const by = drawings[0]?.code.classes === undefined ? "cluster" : "class";
  return {
    markup: html`<div>${views}<p class="soft">One row for each ${by}; within a row the height means nothing.</p></div>`,
    figures: filesOf(`${view.prefix}code-1d`, drawings, charts),
  };
}

/** How much each dimension varies, and which ones carry nothing. */
function spreadOf(view: RunView): Drawn | undefined {
  const { training } = view.result;
  if (training === undefined || training.codeSpread.length === 0) return undefined;
  const chart = spreadChart(training.codeSpread, training.deadDimensions);
  return {
    markup: html`<div class="aside spread"><div>${fluidChart(chart)}</div><div><p class="minor">Which dimensions carry something</p><p>${deadWords(training.deadDimensions, training.codeSize)}</p></div></div>`,
    figures: [{ name: `${view.prefix}code-spread.svg`, content: chart.file }],
  };
}

const namedAtMost = 16;

function deadWords(dead: readonly number[], codeSize: number): string {
  const measure = "Bars show how much each dimension varies over the images, as standard deviation.";
  if (dead.length === 0)
    return `${measure} ${codeSize === 1 ? "The one dimension is not" : `None of the ${count(codeSize)} dimensions is`} dead.`;
  const rest = dead.length - namedAtMost;
  const names = enumeration([
    ...dead.slice(0, namedAtMost).map(String),
    ...(rest > 0 ? [`${count(rest)} more`] : []),
  ]);
  const which =
    dead.length === 1
      ? `Dimension ${names} is dead: it hardly varies`
      : `Dimensions ${names} are dead: they hardly vary`;
  const left = codeSize - dead.length;
  return `${measure} ${which} from image to image and so ${dead.length === 1 ? "tells" : "tell"} the clustering nothing, which leaves ${quantity(left, "dimension")} of ${codeSize}. A cross marks a dead one; dimensions count from 0.`;
}
