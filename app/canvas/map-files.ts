/** The map as a file: PNG as it is on the screen, SVG with every shown point as a shape. */
import { css, type Rgb } from "../state/colours.ts";
import type { Drawing } from "./layers.ts";
import type { MapCanvas } from "./map-canvas.ts";

export interface Label {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly colour: Rgb;
}

const font = "600 12px system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif";

export async function mapAsPng(map: MapCanvas, drawing: Drawing, labels: readonly Label[]): Promise<Blob> {
  const drawn = map.snapshot();
  if (!drawn) throw new Error("Map: it must be drawn before it can be saved. Wait until it is there.");
  const copy = document.createElement("canvas");
  copy.width = drawn.width;
  copy.height = drawn.height;
  const context = copy.getContext("2d") as CanvasRenderingContext2D;
  context.fillStyle = css(drawing.paper);
  context.fillRect(0, 0, copy.width, copy.height);
  context.drawImage(drawn, 0, 0);
  const ratio = drawn.width / Math.max(1, drawn.clientWidth);
  context.scale(ratio, ratio);
  context.font = font;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const { text, x, y } of labels) {
    context.strokeStyle = css(drawing.paper);
    context.lineWidth = 4;
    context.strokeText(text, x, y);
    context.fillStyle = css(drawing.ink);
    context.fillText(text, x, y);
  }
  return new Promise((resolve, reject) => {
    copy.toBlob((blob) =>
      blob ? resolve(blob) : reject(new Error("Map: this browser wrote no PNG. Save as SVG.")),
    );
  });
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** One path for each colour: a dot is a line of no length with round ends. */
export function mapAsSvg(
  map: MapCanvas,
  drawing: Drawing,
  labels: readonly Label[],
  title: string,
  size: readonly [number, number],
): Blob {
  const [width, height] = size;
  const port = map.viewport();
  const byColour = new Map<string, string[]>();
  const { places, colours, shapes, outlines, paper, ink } = drawing;
  const indices = map.visible(places.count);
  for (const index of indices) {
    const at = map.screen(index);
    if (!at) continue;
    const rgb = [0, 1, 2].map((d) => colours[index * 4 + d] as number) as unknown as Rgb;
    const key = `${css(rgb)}/${((colours[index * 4 + 3] as number) / 255).toFixed(2)}`;
    const dots = byColour.get(key) ?? [];
    if (dots.length === 0) byColour.set(key, dots);
    dots.push(`M${at[0].toFixed(1)} ${at[1].toFixed(1)}h0`);
  }
  const radius = Math.max(1.2, Math.min(3.5, 260 / Math.sqrt(Math.max(1, indices.length))));
  const dots = [...byColour].map(([key, paths]) => {
    const [colour, alpha] = key.split("/");
    return `<path stroke="${colour}" stroke-opacity="${alpha}" d="${paths.join("")}"/>`;
  });
  const lines = outlines.flatMap(({ cluster, colour }) => {
    const ellipse = shapes?.ellipses[cluster];
    if (!ellipse || ellipse.length < 3 || !port || places.dimensions !== 2) return [];
    const line = ellipse.map(([x, y]) =>
      (port.project([x, y, 0]) as number[]).slice(0, 2).map((v) => v.toFixed(1)),
    );
    return [`<path d="M${line.map((at) => at.join(" ")).join("L")}Z" stroke="${css(colour as Rgb)}"/>`];
  });
  const texts = labels.map(
    ({ text, x, y }) => `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}">${escaped(text)}</text>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title).replaceAll('"', "&quot;")}">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" fill="${css(paper)}"/>
<g fill="none" stroke-linecap="round" stroke-width="${(radius * 2).toFixed(2)}">${dots.join("\n")}</g>
<g fill="none" stroke-width="1.75">${lines.join("\n")}</g>
<g font-family="system-ui,Arial,sans-serif" font-weight="600" font-size="12" text-anchor="middle" dominant-baseline="central" fill="${css(ink)}" stroke="${css(paper)}" stroke-width="4" stroke-linejoin="round" paint-order="stroke">${texts.join("\n")}</g>
</svg>
`;
  return new Blob([svg], { type: "image/svg+xml" });
}

/** The bytes of a file as text. */
export async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192) {
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  }
  return btoa(pieces.join(""));
}
