import type { Exhibit, MixtureExhibit } from "../../experiment/index.ts";
import { type ImageSet, imageLength, sliceImages } from "../../images/index.ts";
import { decimal, percent, quantity, shortenInside } from "../../presentation/index.ts";
import { className, scoredSource } from "../clusters.ts";
import { type Html, html } from "../html.ts";
import type { Figure, Part } from "../part.ts";
import { imageGrid } from "../pieces.ts";
import { drawSprite, shrinkImages } from "../sprite.ts";
import type { RunView } from "../view.ts";
import { ofItems } from "../words.ts";
import { figureScale } from "./strip.ts";
import { vectorName } from "./vectors.ts";

/** Share of a page's pixels that these pictures may take. */
const pixelShare = 0.2;

/** Clusters named for each doubtful image: others have next to no part in it. */
const mostNamed = 3;
const leastNamed = 0.01;

/** What a mixture says beyond the cluster of each image: doubts, images it cannot explain, and images of its own. */
export function mixturePart(view: RunView): Part | undefined {
  const exhibit = view.exhibits?.mixture;
  if (exhibit === undefined) return undefined;
  const { prefix } = view;
  const shrink = shrinkFactor(exhibit, view.pixelBudget * pixelShare);
  const words = (text: string): string => ofItems(text, view.result.source);
  const body = html`<p>${words("A mixture gives each image a probability for every cluster, and a density: how much it is like anything that the mixture has seen.")}</p>
${doubtsOf(exhibit, view, shrink)}
${unexplainedOf(exhibit, view, shrink)}
${exhibit.drawn && drawnOf(exhibit.drawn, view, shrink)}`;
  return {
    section: { id: `${prefix}mixture`, title: "What the mixture says", body },
    figures: figuresOf(exhibit, prefix),
  };
}

function doubtsOf({ doubtful }: MixtureExhibit, view: RunView, shrink: number): Html | undefined {
  const { originals, probabilities } = doubtful;
  if (originals.images.count === 0) return undefined;
  const rows = originals.indices.map((_, i) => {
    const own = Array.from(probabilities.data.subarray(i * probabilities.cols, (i + 1) * probabilities.cols));
    const named = own
      .map((probability, cluster) => ({ cluster, probability }))
      .sort((a, b) => b.probability - a.probability || a.cluster - b.cluster)
      .filter(({ probability }, rank) => rank < mostNamed && probability >= leastNamed);
    const { name, picture } = pictureOf(originals, i, view, shrink);
    return html`<li title="${name}">${picture}<span class="shares">${named.map(
      ({ cluster, probability }) =>
        html`<span class="share"><b>${cluster}</b><i style="width:${decimal(100 * probability, 1)}%"></i><span class="soft">${percent(probability)}</span></span>`,
    )}</span></li>`;
  });
  return html`<p class="minor">In doubt</p><p class="soft">${ofItems("The images that it is least sure of, as far as there are enough each between two other clusters; beside them the clusters and their probabilities.", view.result.source)}</p><ul class="doubts">${rows}</ul>`;
}

function unexplainedOf({ unexplained }: MixtureExhibit, view: RunView, shrink: number): Html | undefined {
  const { originals, logDensities, median } = unexplained;
  if (originals.images.count === 0) return undefined;
  return html`<p class="minor">Explained by no cluster</p><p class="soft">${ofItems(`The images of lowest density, the lowest first. Numbers are natural logarithms of the density; half of all images lie above ${decimal(median, 1)}.`, view.result.source)}</p><ul class="reconstructions">${originals.indices.map(
    (_, i) => {
      const density = decimal(logDensities[i] ?? Number.NaN, 1);
      const { name, picture } = pictureOf(originals, i, view, shrink);
      return html`<li title="${name}, log density ${density}">${picture}<span class="soft">${density}</span></li>`;
    },
  )}</ul>`;
}

function drawnOf(
  { perCluster, images }: NonNullable<MixtureExhibit["drawn"]>,
  view: RunView,
  shrink: number,
): Html {
  const nClusters = Math.floor(images.count / perCluster);
  const rows = Array.from({ length: nClusters }, (_, cluster) => {
    const own = sliceImages(images, cluster * perCluster, (cluster + 1) * perCluster);
    const alt = `${quantity(perCluster, "image")} drawn from component ${cluster}`;
    return html`<tr><th scope="row">${cluster}</th><td>${imageGrid(shrinkImages(own, shrink), perCluster, 58 * perCluster, alt)}</td></tr>`;
  });
  const how = view.result.training === undefined ? "" : ", turned into images by the decoder";
  return html`<p class="minor">Drawn from each cluster</p><p class="soft">Points drawn at random from each component${how}: what the mixture believes its clusters to be. Blurred or broken images mean that the component covers places where no images are.</p>
<table class="epochs drawn"><tbody>${rows}</tbody></table>`;
}

/** An image with its name, or the name of a vector, of which a picture says nothing. */
function pictureOf(
  { indices, images }: Exhibit,
  i: number,
  view: RunView,
  shrink: number,
): { readonly name: string; readonly picture: Html } {
  const index = indices[i] ?? i;
  if (images.values) {
    const name = vectorName(images, i, index);
    return {
      name: `${name}${classOf(images, i, view)}`,
      picture: html`<span class="name">${shortenInside(name, 20)}</span>`,
    };
  }
  const name = `Image ${index}${classOf(images, i, view)}`;
  return { name, picture: imageGrid(shrinkImages(sliceImages(images, i, i + 1), shrink), 1, 56, name) };
}

function classOf(images: ImageSet, i: number, view: RunView): string {
  const label = images.labels?.[i] ?? -1;
  return label >= 0 ? `, ${className(scoredSource(view.result), label)}` : "";
}

function shrinkFactor({ doubtful, unexplained, drawn }: MixtureExhibit, budget: number): number {
  const sets = [doubtful.originals.images, unexplained.originals.images, ...(drawn ? [drawn.images] : [])];
  const bytes = sets.reduce((total, images) => total + images.count * imageLength(images), 0);
  return Math.ceil(Math.sqrt(Math.max(1, bytes / budget)));
}

function figuresOf({ doubtful, unexplained, drawn }: MixtureExhibit, prefix: string): readonly Figure[] {
  const sheet = (name: string, images: ImageSet, columns: number): readonly Figure[] =>
    images.count === 0 || images.values
      ? []
      : [
          {
            name: `${prefix}${name}.png`,
            content: drawSprite(images, { columns, gap: 2, scale: figureScale(images.width) }).png,
          },
        ];
  return [
    ...sheet("mixture-doubtful", doubtful.originals.images, 12),
    ...sheet("mixture-unexplained", unexplained.originals.images, 10),
    ...(drawn ? sheet("mixture-drawn", drawn.images, drawn.perCluster) : []),
  ];
}
