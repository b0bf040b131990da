/** Observable Plot without a browser, for pictures that follow the page's colours. */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { escapeText, plainText } from "../html.ts";
import { figureColours, fontFamily } from "../theme.ts";

/** One drawing: as part of a page, whose variables colour it, and as a file of its own. */
export interface Chart {
  /** `<svg>` element for a page. */
  readonly inline: string;
  /** SVG file with its own colours for light and dark. */
  readonly file: string;
  /** Natural size in CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** What text in charts looks like; page and files share it. */
export const chartStyle: string = [
  "svg.plot{font-size:12px;overflow:visible}",
  "svg.plot text{white-space:pre;font-variant-numeric:tabular-nums}",
  'svg.plot g[aria-label*="axis"]{color:var(--soft);fill:var(--soft)}',
].join("\n");

/**
 * Draws marks into an SVG.
 *
 * The result depends on the options alone: marks that number their elements (markers, clips) must not be used,
 * because Plot counts them over all drawings. Text from users may stand in data, never in options that become
 * attributes.
 *
 * @param label what the picture shows, for those who cannot see it
 */
export function drawChart(options: Plot.PlotOptions, label: string): Chart {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const drawing = Plot.plot({ ...options, className: "plot", document });
  const width = Number(drawing.getAttribute("width"));
  const height = Number(drawing.getAttribute("height"));
  const body = roundNumbers(drawing.outerHTML)
    .replace(/<style>[\s\S]*?<\/style>/, "")
    .replace("<svg ", `<svg role="img" aria-label="${escapeText(label)}" `)
    .replace(/ font-(?:size|family)="[^"]*"/, "")
    .replace(/ font-(?:size|family)="[^"]*"/, "");
  return chartOf(body, { width, height });
}

/**
 * Chart out of the elements of a drawing that Plot has no marks for.
 *
 * @param elements SVG markup, coloured by the page's variables
 * @param label what the picture shows, for those who cannot see it
 */
export function frameChart(
  elements: string,
  size: { readonly width: number; readonly height: number },
  label: string,
): Chart {
  const { width, height } = size;
  const start = `<svg role="img" aria-label="${escapeText(label)}" class="plot" fill="currentColor" text-anchor="middle" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`;
  return chartOf(`${start}${elements}</svg>`, size);
}

function chartOf(body: string, size: { readonly width: number; readonly height: number }): Chart {
  const style = `${figureColours}\nsvg{color:var(--ink);background:var(--paper);font-family:${fontFamily}}\n${chartStyle}`;
  const file = body
    .replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ')
    .replace(">", `><style>${style}</style>`);
  return { inline: body, file: `${file}\n`, ...size };
}

/** Text from users made ready for a chart: without characters that SVG files must not hold, on one line. */
export function chartText(text: string): string {
  return plainText(text).replace(/\s+/g, " ").trim();
}

// Plot writes coordinates with 16 digits; hundredths of a pixel are enough, and half the size.
function roundNumbers(svg: string): string {
  return svg.replace(/<[^>]*>/g, (tag) =>
    tag.replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (digits) => `${Number(Number(digits).toFixed(2))}`),
  );
}
