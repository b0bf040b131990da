/** Pieces of markup that several sections share. */
import type { ImageSet } from "../images/index.ts";
import type { Chart } from "./charts/plot.ts";
import { type Html, type HtmlValue, html, trusted } from "./html.ts";
import { drawSprite, pngAddress } from "./sprite.ts";

/** A box that scrolls sideways on its own, reachable by keyboard. */
export function scrollBox(label: string, content: HtmlValue): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${content}</div>`;
}

/** A chart that may become as narrow as the page. */
export function fluidChart(chart: Chart, caption?: HtmlValue): Html {
  return html`<figure class="chart">${trusted(chart.inline)}${captionOf(caption)}</figure>`;
}

/** A chart that keeps its size and scrolls within its box. */
export function wideChart(chart: Chart, label: string, caption?: HtmlValue): Html {
  return html`<figure class="chart wide">${scrollBox(label, trusted(chart.inline))}${captionOf(caption)}</figure>`;
}

/**
 * Images as one PNG inside the page.
 *
 * @param target width in CSS pixels to come near to, by whole steps
 */
export function imageGrid(images: ImageSet, columns: number, target: number, alt: string): Html {
  const { png, width, height } = drawSprite(images, { columns });
  // The width that a full row would have decides, so that short grids keep the scale of their neighbours.
  const full = columns * (images.width + 1) - 1;
  const scale = Math.max(1, Math.floor(target / full));
  return picture({ address: pngAddress(png), width: width * scale, height: height * scale, alt, images });
}

/** Number of whole steps by which an image is enlarged to come near a width in CSS pixels. */
export function singleImage(images: ImageSet, target: number, alt: string): Html {
  return imageGrid(images, 1, target, alt);
}

/** Terms and their values. */
export function definitions(
  entries: readonly (readonly [term: string, value: HtmlValue] | undefined)[],
): Html {
  const kept = entries.filter((entry) => entry !== undefined);
  return html`<dl class="facts">${kept.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** Choice among views, of which the style sheet shows the chosen one; works without script. */
export function viewSwitch(
  name: string,
  legend: string,
  views: readonly (readonly [value: string, label: string])[],
): Html {
  return html`<fieldset class="switch"><legend>${legend}</legend>${views.map(
    ([value, label], i) =>
      html`<label><input type="radio" name="${name}" value="${value}"${i === 0 && trusted(" checked")}><span>${label}</span></label>`,
  )}</fieldset>`;
}

interface Picture {
  readonly address: string;
  readonly width: number;
  readonly height: number;
  readonly alt: string;
  readonly images: ImageSet;
}

// Small images show their pixels as squares; large ones may be smoothed when a narrow page shrinks them.
function picture({ address, width, height, alt, images }: Picture): Html {
  const kind = `${images.width <= 40 ? "squares" : "smooth"}${images.channels === 1 ? " grey" : ""}`;
  return html`<img class="${kind}" src="${address}" width="${width}" height="${height}" alt="${alt}">`;
}

function captionOf(caption: HtmlValue): HtmlValue {
  return caption === undefined ? undefined : html`<figcaption>${caption}</figcaption>`;
}
