/** Images that a page shows several times: their bytes stand in it once, and every picture shows its part of them. */
import { type ImageSet, imageLength } from "../images/index.ts";
import { type Html, html } from "./html.ts";
import { drawSprite, pngAddress, shrinkImages } from "./sprite.ts";

/** Images ready to be shown any number of times. */
export interface SharedImages {
  /** The images themselves; to stand in the page once, before the first picture. */
  readonly source: Html;
  /** Size at which a picture is meant to be shown, in CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Picture of image i, with a text that stands for it. */
  readonly picture: (i: number, text: string) => Html;
}

/** Most bytes of pixels before compression, so that large images do not make a heavy page. */
const pixelBudget = 250_000;

/** Width to come near to: by whole steps where single pixels can be seen. */
const targetWidth = 38;

/** From this width on, images are shown smaller than they are, for displays with finer pixels. */
const visiblePixels = 40;

const columns = 10;
const gap = 2;

/** Bytes of pixels that the images take in a page, before compression. */
export function sharedBytes(images: ImageSet): number {
  const shrunk = Math.ceil(images.width / shrinkOf(images)) * Math.ceil(images.height / shrinkOf(images));
  return images.count * shrunk * images.channels;
}

/**
 * @param all at least one image
 * @param id of the element that holds them, unique within the page
 */
export function sharedImages(all: ImageSet, id: string): SharedImages {
  const images = shrinkImages(all, shrinkOf(all));
  const { png, width, height } = drawSprite(images, { columns, gap });
  const squares = images.width <= visiblePixels;
  const scale = squares ? Math.max(1, Math.floor(targetWidth / images.width)) : targetWidth / images.width;
  const kind = `${squares ? "squares" : "smooth"}${images.channels === 1 ? " grey" : ""}`;
  const viewOf = (i: number): string => {
    const left = (i % columns) * (images.width + gap);
    const top = Math.floor(i / columns) * (images.height + gap);
    return `${left} ${top} ${images.width} ${images.height}`;
  };
  return {
    source: html`<svg class="source" width="0" height="0" aria-hidden="true"><defs><image id="${id}" width="${width}" height="${height}" href="${pngAddress(png)}"/></defs></svg>`,
    width: Math.round(images.width * scale),
    height: Math.round(images.height * scale),
    picture: (i, text) =>
      html`<svg class="${kind}" role="img" viewBox="${viewOf(i)}"><title>${text}</title><use href="#${id}"/></svg>`,
  };
}

function shrinkOf(images: ImageSet): number {
  const byBudget = Math.ceil(Math.sqrt((images.count * imageLength(images)) / pixelBudget));
  return Math.max(1, byBudget, Math.floor(images.width / (2 * visiblePixels)));
}
