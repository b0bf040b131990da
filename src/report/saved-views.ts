/** Views of the explorer that people kept, as a section of a report that is there already. */
import { type Html, html } from "./html.ts";

/** A picture with what a person says of it. */
export interface ShownView {
  readonly caption: string;
  /** When it was kept, ISO 8601. */
  readonly at: string;
  /** PNG in base64. */
  readonly png: string;
  readonly width: number;
  readonly height: number;
}

const begin = "<!-- saved views -->";
const end = "<!-- end of saved views -->";
const between = new RegExp(`${begin}.*?${end}\n?`, "gs");

/**
 * A report with these views, and no others, in its last section; one without any views as it was before.
 *
 * @param report a page that this program wrote
 */
export function withSavedViews(report: string, views: readonly ShownView[]): string {
  const bare = report.replaceAll(between, "");
  if (views.length === 0) return bare;
  const main = bare.lastIndexOf("</main>");
  if (main < 0) return bare;
  const contents = bare.indexOf("</ul></nav>");
  const section = `${begin}${savedViews(views).markup}${end}\n`;
  const link = `${begin}<li><a href="#saved-views">Saved views</a></li>${end}`;
  if (contents < 0 || contents > main) return bare.slice(0, main) + section + bare.slice(main);
  return bare.slice(0, contents) + link + bare.slice(contents, main) + section + bare.slice(main);
}

function savedViews(views: readonly ShownView[]): Html {
  return html`<section id="saved-views"><h2>Saved views</h2>
<p>Pictures that people kept while they looked at the run in the explorer, as the clusters were then.</p>
${views.map(
  ({ caption, at, png, width, height }) =>
    html`<figure><img src="data:image/png;base64,${png}" width="${width}" height="${height}" alt="${caption || "A view of the map"}" style="max-width:100%;height:auto"><figcaption>${caption && `${caption} · `}${at.slice(0, 10)}</figcaption></figure>
`,
)}</section>`;
}
