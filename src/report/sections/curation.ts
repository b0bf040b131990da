import type { CuratedImages, CurationExhibit, Exhibit } from "../../experiment/index.ts";
import { type ImageSet, imageLength, sliceImages } from "../../images/index.ts";
import { count, decimal, enumeration, percent, quantity, shorten } from "../../presentation/index.ts";
import { className, classWords, clusterName, scoredSource } from "../clusters.ts";
import { type Html, html } from "../html.ts";
import type { Part, Section } from "../part.ts";
import { imageGrid } from "../pieces.ts";
import { shrinkImages } from "../sprite.ts";
import type { RunView } from "../view.ts";

/** Share of a page's pixels that these pictures may take. */
const pixelShare = 0.3;

/** Width of a picture to come near to, in CSS pixels. */
const width = 84;

/**
 * Images to look at before the set is used: near duplicates, outliers, labels that their cluster does not share; nothing
 * where there are none.
 */
export function curationPart(view: RunView): Part | undefined {
  const curation = view.exhibits?.curation;
  if (curation === undefined) return undefined;
  const pictures = { view, shrink: shrinkFactor(curation, view.pixelBudget * pixelShare) };
  const sections = [
    duplicatesSection(curation.duplicates, pictures),
    disagreementsSection(curation.disagreements, pictures),
    outliersSection(curation.outliers, pictures),
  ].filter((section) => section !== undefined);
  if (sections.length === 0) return undefined;
  const body = html`<p>Images to look at before the set is used. They are listed, with the typical and the borderline images of each cluster, in <code>curation.csv</code> beside this page.</p>`;
  return {
    section: { id: `${view.prefix}curation`, title: "Worth a look", body, sections },
    figures: [],
  };
}

interface Pictures {
  readonly view: RunView;
  readonly shrink: number;
}

function duplicatesSection(
  duplicates: CurationExhibit["duplicates"],
  pictures: Pictures,
): Section | undefined {
  if (duplicates === undefined) return undefined;
  const { total, images, equal, acrossClusters, acrossClasses = 0, sampled, groups } = duplicates;
  const sentences = [
    `${quantity(images, "image")} lie in ${quantity(total, "group")} of images that are nearly the same${
      equal === 0
        ? ""
        : equal === total
          ? ", each group alike to the last pixel"
          : `, ${count(equal)} of them alike to the last pixel`
    }.`,
    acrossClasses > 0 &&
      `${quantity(acrossClasses, "group")} ${acrossClasses === 1 ? "has" : "have"} more than one label.`,
    acrossClusters > 0 &&
      `${quantity(acrossClusters, "group")} ${acrossClusters === 1 ? "lies" : "lie"} in more than one cluster.`,
    groups.length < total &&
      `Shown are ${count(groups.length)}${acrossClasses + acrossClusters > 0 ? ", those with several labels or clusters first" : ", the largest first"}.`,
    sampled !== undefined &&
      `Equal images were sought among all, similar ones among ${count(sampled)} that are evenly spread over the set.`,
  ].filter((sentence) => sentence !== false);
  const items = groups.map(({ group, size, shown, clusters }) => {
    const more = size - shown.indices.length;
    return html`<li><div class="alike">${shown.indices.map((_, i) =>
      pictureOf(shown, i, `Group ${group}: ${nameOf(shown, i)}`, pictures),
    )}${more > 0 && html`<span class="soft">+${count(more)}</span>`}</div><span class="soft">${groupWords(shown, clusters, pictures.view)}</span></li>`;
  });
  return {
    id: `${pictures.view.prefix}near-duplicates`,
    title: "Near duplicates",
    body: html`<p>${sentences.join(" ")}</p><ul class="curated groups">${items}</ul>`,
  };
}

// "Coat and Shirt · clusters 3 and 5"; a class or cluster that all share is named once.
function groupWords({ images }: Exhibit, clusters: readonly number[], view: RunView): string {
  const source = scoredSource(view.result);
  const classes = Array.from(images.labels ?? []).filter((label) => label >= 0);
  const names = distinct(classes).map((label) => classWords(shorten(className(source, label), 20)));
  const own = distinct(clusters).map((cluster) => clusterName(view.clusters, cluster));
  return [enumeration(names), `${own.length === 1 ? "cluster" : "clusters"} ${enumeration(own)}`]
    .filter(Boolean)
    .join(" · ");
}

function distinct(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)];
}

function disagreementsSection(
  found: CurationExhibit["disagreements"],
  pictures: Pictures,
): Section | undefined {
  if (found === undefined) return undefined;
  const { view } = pictures;
  const source = scoredSource(view.result);
  const items = found.shown.indices.map((_, i) => {
    const cluster = found.clusters[i] ?? 0;
    const classOf = (label: number): string => classWords(shorten(className(source, label), 20));
    const own = classOf(found.shown.images.labels?.[i] ?? -1);
    const others = classOf(found.majorities[cluster] ?? -1);
    const words = `labelled ${own}, in cluster ${clusterName(view.clusters, cluster)} of mostly ${others}`;
    return html`<li>${pictureOf(found.shown, i, `${nameOf(found.shown, i)}: ${words}`, pictures)}<b>${own}</b><span class="soft">among ${others}, ${cluster}</span></li>`;
  });
  return {
    id: `${view.prefix}disagreements`,
    title: "Labels that their cluster does not share",
    body: html`<p>${quantity(found.total, "image")} of ${count(scoredSource(view.result).count)} (${percent(found.total / scoredSource(view.result).count)}) ${found.total === 1 ? "lies" : "lie"} in a cluster of which more than half have another label. Either the label is wrong, or the clustering is. ${shownWords(found, "those that their cluster holds most firmly, but of no cluster more than a quarter while others have some")} Under each: its label, and the label and number of its cluster.</p><ul class="curated">${items}</ul>`,
  };
}

function outliersSection(found: CuratedImages | undefined, pictures: Pictures): Section | undefined {
  if (found === undefined) return undefined;
  const { view } = pictures;
  const items = found.shown.indices.map((_, i) => {
    const cluster = clusterName(view.clusters, found.clusters[i] ?? 0);
    const score = decimal(found.scores[i] ?? 0, 1);
    const words = `cluster ${cluster}, ${score} interquartile ranges beyond its third quartile`;
    return html`<li>${pictureOf(found.shown, i, `${nameOf(found.shown, i)}: ${words}`, pictures)}<span>${score}</span><span class="soft">cluster ${cluster}</span></li>`;
  });
  return {
    id: `${view.prefix}outliers`,
    title: "Outliers",
    body: html`<p>${quantity(found.total, "image")} ${found.total === 1 ? "lies" : "lie"} unusually far from the center of ${found.total === 1 ? "its" : "their"} cluster: beyond the third quartile of its distances by more than 1.5 times the interquartile range. ${shownWords(found, "the farthest first, but of no cluster more than a quarter while others have some")} The number is how many ranges.</p><ul class="curated">${items}</ul>`,
  };
}

function shownWords({ total, shown }: CuratedImages, order: string): string {
  const n = shown.indices.length;
  return n < total ? `Shown are ${count(n)}: ${order}.` : "";
}

function nameOf({ indices, images }: Exhibit, i: number): string {
  return images.files?.[i] || `Image ${indices[i]}`;
}

/** The picture of one image, its name under it where it has one; of a vector, which has no picture, its name. */
function pictureOf(exhibit: Exhibit, i: number, words: string, { shrink }: Pictures): Html {
  const { images } = exhibit;
  const file = images.files?.[i];
  const own: ImageSet = sliceImages(images, i, i + 1);
  if (images.values) return html`<code title="${words}">${shorten(nameOf(exhibit, i), 40)}</code>`;
  return html`<figure title="${words}">${imageGrid(shrinkImages(own, shrink), 1, width, words)}${
    file && html`<figcaption>${shortPath(file)}</figcaption>`
  }</figure>`;
}

// The end of a path says more than its beginning.
function shortPath(file: string): string {
  const name = file.slice(file.lastIndexOf("/") + 1);
  return name.length > 22 ? `…${name.slice(-21)}` : name;
}

function shrinkFactor({ duplicates, outliers, disagreements }: CurationExhibit, budget: number): number {
  const sets = [
    ...(duplicates?.groups ?? []).map(({ shown }) => shown.images),
    ...[outliers, disagreements].flatMap((found) => (found ? [found.shown.images] : [])),
  ];
  const bytes = sets.reduce((total, images) => total + images.count * imageLength(images), 0);
  return Math.ceil(Math.sqrt(Math.max(1, bytes / budget)));
}
