import type { Exhibit, SourceRecord } from "../../experiment/index.ts";
import { sliceImages } from "../../images/index.ts";
import { quantity } from "../../presentation/index.ts";
import { className } from "../clusters.ts";
import { html } from "../html.ts";
import type { Part } from "../part.ts";
import { singleImage } from "../pieces.ts";
import { drawSprite } from "../sprite.ts";
import { sizeWords } from "../words.ts";

const most = 20;

/** The first images of the source, so that the reader sees what was clustered (seed 003). */
export function stripPart(strip: Exhibit, source: SourceRecord): Part | undefined {
  const images = sliceImages(strip.images, 0, Math.min(most, strip.images.count));
  if (images.count === 0) return undefined;
  const pictures = Array.from({ length: images.count }, (_, i) => {
    const label = images.labels?.[i] ?? -1;
    const name = label >= 0 ? className(source, label) : undefined;
    const alt = `Image ${strip.indices[i] ?? i}${name === undefined ? "" : `: ${name}`}`;
    return html`<li title="${alt}">${singleImage(sliceImages(images, i, i + 1), 56, alt)}</li>`;
  });
  const body = html`<p>The first ${images.count} of ${quantity(source.count, "image")}, ${sizeWords(source)}.</p>
<ul class="strip">${pictures}</ul>`;
  return {
    section: { id: "images", title: "The images", body },
    figures: [
      {
        name: "strip.png",
        content: drawSprite(images, { columns: images.count, gap: 2, scale: figureScale(images.width) }).png,
      },
    ],
  };
}

/** Whole number that brings small images to a size at which a figure file can be looked at. */
export function figureScale(width: number): number {
  return Math.max(1, Math.floor(84 / width));
}
