import type { ClusterExhibit, ColumnShift, Exhibit, VectorExhibit } from "../../experiment/index.ts";
import type { ImageSet } from "../../images/index.ts";
import { count, decimal, quantity, shorten, shortenInside, significant } from "../../presentation/index.ts";
import { className, majorityWords, scoredSource } from "../clusters.ts";
import { type Html, html } from "../html.ts";
import type { Part } from "../part.ts";
import { viewSwitch } from "../pieces.ts";
import type { RunView } from "../view.ts";

/** The three ways to pick vectors of a cluster. */
const kinds = ["typical", "borderline", "random"] as const;
type Kind = (typeof kinds)[number];

const explanations: Readonly<Record<Kind, string>> = {
  typical: "Named are the vectors nearest to the center, the nearest first.",
  borderline: "Named are vectors nearly as close to another cluster, the most doubtful first.",
  random: "Named are vectors drawn at random.",
};

/** Vectors named for each cluster and kind; fewer where clusters are many. */
const mostNamed = 8;
const fewNamed = 4;
const manyClusters = 20;

/** Longest names of vectors and of columns before they are cut; the whole one stands in its title. */
const longestName = 28;
const longestColumn = 16;

/** What each cluster of vectors is like: its columns that differ most, and the names of some of its vectors. */
export function vectorsPart(view: RunView): Part | undefined {
  const { exhibits, prefix } = view;
  const vectors = exhibits?.vectors;
  if (vectors === undefined || exhibits === undefined || exhibits.clusters.length === 0) return undefined;
  const greatest = Math.max(...vectors.shifts.flat().map(({ shift }) => Math.abs(shift)), 0);
  const small = exhibits.clusters.length > manyClusters;
  const cards = exhibits.clusters.map((exhibit) => cardOf(exhibit, vectors, greatest, view));
  const body = html`<p>${introduction(vectors)}</p>
<div class="views">
${viewSwitch(
  `${prefix}examples`,
  "Name",
  kinds.map((kind) => [kind, kind] as const),
)}
${kinds.map((kind) => html`<p class="view ${kind}">${explanations[kind]}${unnamed(exhibits.clusters) && " They have no names, so rows are counted from 0."}</p>`)}
<div class="cards profiles${small && " small"}">${cards}</div>
</div>`;
  return { section: { id: `${prefix}examples`, title: "What sets each cluster apart", body }, figures: [] };
}

/** What a vector is called: its name in the source, or its row. */
export function vectorName({ files }: ImageSet, i: number, index: number): string {
  const name = files?.[i];
  return name === undefined || name === "" ? `row ${index}` : name;
}

function introduction({ width, varying, named }: VectorExhibit): string {
  const dead = width - varying;
  const constant =
    dead === 0
      ? ""
      : ` ${quantity(dead, "column")} of the ${count(width)} ${dead === 1 ? "does" : "do"} not vary.`;
  return `Bars show the columns in which the mean of a cluster lies farthest from the mean of all vectors, in standard deviations of all vectors, left for lower and right for higher, on one scale for all clusters. ${named ? "Values are" : "Columns are counted from 0, their values"} as the source has them.${constant}`;
}

function unnamed(clusters: readonly ClusterExhibit[]): boolean {
  return clusters.every(({ typical }) => typical.images.files === undefined);
}

function cardOf(exhibit: ClusterExhibit, vectors: VectorExhibit, greatest: number, view: RunView): Html {
  const { cluster } = exhibit;
  const summary = view.clusters[cluster];
  const shifts = vectors.shifts[cluster] ?? [];
  return html`<figure class="card"><figcaption><b>Cluster ${cluster}</b> <span class="soft">${quantity(summary?.size ?? exhibit.size, "vector")}</span>${
    summary?.majority &&
    html`<span class="class" title="${summary.majority.className}">${majorityWords(summary.majority, 28)}</span>`
  }</figcaption>${shifts.length > 0 && html`<ul class="shifts${vectors.named && " named"}">${shifts.map((shift) => shiftOf(shift, greatest))}</ul>`}${kinds.map(
    (kind) => html`<div class="view ${kind}">${namesOf(exhibit[kind], view)}</div>`,
  )}</figure>`;
}

function shiftOf({ column, name, mean, shift }: ColumnShift, greatest: number): Html {
  const half = decimal((50 * Math.abs(shift)) / greatest, 2);
  const side = shift < 0 ? "low" : "high";
  const bare = decimal(shift, Math.abs(shift) < 10 ? 2 : 1);
  const value = shift > 0 && bare !== "0.00" ? `+${bare}` : bare;
  return html`<li title="column ${name ?? column}: mean ${significant(mean, 4)}, ${value} standard deviations"><b>${name === undefined ? column : shortenInside(name, longestColumn)}</b><span class="track"><i class="${side}" style="width:${half}%"></i></span><span class="number">${value}</span></li>`;
}

function namesOf({ images, indices }: Exhibit, view: RunView): Html {
  if (images.count === 0) return html`<p class="soft">No vectors.</p>`;
  const most = view.clusters.length > manyClusters ? fewNamed : mostNamed;
  const source = scoredSource(view.result);
  const items = indices.slice(0, most).map((index, i) => {
    const name = vectorName(images, i, index);
    const label = images.labels?.[i] ?? -1;
    return html`<li title="${name}"><span>${shortenInside(name, longestName)}</span>${label >= 0 && html` <span class="soft">${shorten(className(source, label), 24)}</span>`}</li>`;
  });
  return html`<ul class="names">${items}</ul>`;
}
