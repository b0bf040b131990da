import type { ReconstructedImages, ReconstructionExhibit } from "../../experiment/exhibits.ts";
import { concatenateImages, type ImageSet, imageLength, sliceImages } from "../../images/index.ts";
import { significant } from "../../presentation/index.ts";
import { className, scoredSource } from "../clusters.ts";
import { type Html, html } from "../html.ts";
import type { Figure, Part } from "../part.ts";
import { imageGrid } from "../pieces.ts";
import { drawSprite, shrinkImages } from "../sprite.ts";
import type { RunView } from "../view.ts";
import { figureScale } from "./strip.ts";

type ByEpoch = NonNullable<ReconstructionExhibit["byEpoch"]>;

const mostPairs = 20;
const mostColumns = 12;
const mostEpochs = 12;

/** Share of a page's pixels that reconstructions may take. */
export const reconstructionShare = 0.25;

/** Originals above their reconstructions, typical and worst, and as training went on (seed 003). */
export function reconstructionsPart(view: RunView): Part | undefined {
  const exhibit = view.exhibits?.reconstructions;
  if (exhibit === undefined) return undefined;
  const typical = firstPairs(exhibit.typical);
  const worst = firstPairs(exhibit.worst);
  const byEpoch = exhibit.byEpoch && firstEpochs(exhibit.byEpoch);
  const shrink = shrinkFactor([typical, worst], byEpoch, view.pixelBudget * reconstructionShare);
  const pairs = (title: string, words: string, shown: ReconstructedImages): Html | undefined =>
    shown.errors.length === 0
      ? undefined
      : html`<p class="minor">${title}</p><p class="soft">${words}</p><ul class="reconstructions">${shown.errors.map((_, i) => pairOf(shown, i, view, shrink))}</ul>`;
  const body = html`<p>What the decoder makes of the code alone: above the image, below its reconstruction. What is lost on the way cannot have shaped the clusters. Numbers are mean squared errors per pixel, black being 0 and white 1.</p>
${pairs("Typical", "Images of about the median error, from all clusters.", typical)}
${pairs("Worst", "The images that the network reconstructs worst, the worst first.", worst)}
${byEpoch && epochsOf(byEpoch, shrink)}`;
  const { prefix } = view;
  return {
    section: { id: `${prefix}reconstructions`, title: "Reconstructions", body },
    figures: [
      pairsFigure(`${prefix}reconstructions-typical.png`, typical),
      pairsFigure(`${prefix}reconstructions-worst.png`, worst),
      byEpoch && epochsFigure(`${prefix}reconstructions-by-epoch.png`, byEpoch),
    ].filter((figure) => figure !== undefined),
  };
}

function pairOf(shown: ReconstructedImages, i: number, view: RunView, shrink: number): Html {
  const { originals, reconstructed, errors } = shown;
  const label = originals.images.labels?.[i] ?? -1;
  const name = label >= 0 ? `, ${className(scoredSource(view.result), label)}` : "";
  const error = significant(errors[i] ?? Number.NaN, 2);
  const both = stack([sliceImages(originals.images, i, i + 1), sliceImages(reconstructed, i, i + 1)]);
  const alt = `Image ${originals.indices[i] ?? i}${name}: above as it is, below as reconstructed, error ${error}`;
  return html`<li title="${alt}">${imageGrid(shrinkImages(both, shrink), 1, 56, alt)}<span class="soft">${error}</span></li>`;
}

function epochsOf({ originals, epochs, images }: ByEpoch, shrink: number): Html {
  const row = (name: string, shown: ImageSet, alt: string): Html =>
    html`<tr><th scope="row">${name}</th><td>${imageGrid(shrinkImages(shown, shrink), shown.count, 58 * shown.count, alt)}</td></tr>`;
  return html`<p class="minor">As training went on</p><p class="soft">The same images after more and more epochs.</p>
<table class="epochs"><tbody>${row("images", originals.images, `${originals.images.count} images as they are`)}${epochs.map(
    (epoch, i) => {
      const shown = images[i];
      return (
        shown &&
        row(`epoch ${epoch}`, shown, `The same ${shown.count} images, reconstructed after epoch ${epoch}`)
      );
    },
  )}</tbody></table>`;
}

function firstPairs({ originals, reconstructed, errors }: ReconstructedImages): ReconstructedImages {
  const n = Math.min(mostPairs, errors.length, originals.images.count, reconstructed.count);
  return {
    originals: { indices: originals.indices.slice(0, n), images: sliceImages(originals.images, 0, n) },
    reconstructed: sliceImages(reconstructed, 0, n),
    errors: errors.slice(0, n),
  };
}

// The first and the last epoch, and others evenly between them.
function firstEpochs({ originals, epochs, images }: ByEpoch): ByEpoch {
  const n = Math.min(mostEpochs, epochs.length);
  const kept = Array.from({ length: n }, (_, i) =>
    n === 1 ? epochs.length - 1 : Math.round((i * (epochs.length - 1)) / (n - 1)),
  );
  const columns = Math.min(mostColumns, originals.images.count);
  return {
    originals: {
      indices: originals.indices.slice(0, columns),
      images: sliceImages(originals.images, 0, columns),
    },
    epochs: kept.flatMap((i) => epochs[i] ?? []),
    images: kept.flatMap((i) => (images[i] ? [sliceImages(images[i], 0, columns)] : [])),
  };
}

function shrinkFactor(
  pairs: readonly ReconstructedImages[],
  byEpoch: ByEpoch | undefined,
  budget: number,
): number {
  const sets = [
    ...pairs.flatMap(({ originals, reconstructed }) => [originals.images, reconstructed]),
    ...(byEpoch ? [byEpoch.originals.images, ...byEpoch.images] : []),
  ];
  const bytes = sets.reduce((total, images) => total + images.count * imageLength(images), 0);
  return Math.ceil(Math.sqrt(Math.max(1, bytes / budget)));
}

// Without labels, which originals have and reconstructions have not.
function stack(sets: readonly ImageSet[]): ImageSet {
  return sets
    .map(
      ({ count, height, width, channels, pixels }): ImageSet => ({ count, height, width, channels, pixels }),
    )
    .reduce(concatenateImages);
}

function pairsFigure(name: string, { originals, reconstructed }: ReconstructedImages): Figure | undefined {
  const columns = originals.images.count;
  if (columns === 0) return undefined;
  return sheet(name, stack([originals.images, reconstructed]), columns);
}

function epochsFigure(name: string, { originals, images }: ByEpoch): Figure | undefined {
  const columns = originals.images.count;
  return columns === 0 ? undefined : sheet(name, stack([originals.images, ...images]), columns);
}

function sheet(name: string, images: ImageSet, columns: number): Figure {
  return { name, content: drawSprite(images, { columns, gap: 2, scale: figureScale(images.width) }).png };
}
