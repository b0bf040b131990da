import { type Html, html, trusted } from "./html.ts";
import type { Section } from "./part.ts";
import { pageStyle } from "./style.ts";

/** What a page consists of, from top to bottom. */
export interface Page {
  readonly title: string;
  /** What was done and how good it is. */
  readonly sentences: readonly string[];
  /** Figures under the sentences. */
  readonly tiles?: Html | undefined;
  /** What the reader must know before trusting the figures. */
  readonly notices: readonly string[];
  readonly sections: readonly Section[];
  /** What sections want to be run, besides the page's own script. */
  readonly scripts: readonly string[];
  /** Version of the program, where known. */
  readonly version?: string | undefined;
  /** When the runs were made, ISO 8601, where known. */
  readonly createdAt?: string | undefined;
  /** Whether there are grey images, for which ink and paper can be swapped. */
  readonly invertible: boolean;
}

// The script of every page: light and dark by hand. The choice lasts as long as the page is open.
const themeScript = `(function(){var r=document.documentElement,b=document.getElementById("theme");b.hidden=false;
function dark(){return r.dataset.theme?r.dataset.theme==="dark":matchMedia("(prefers-color-scheme:dark)").matches}
function say(){b.textContent=dark()?"Light":"Dark";b.setAttribute("aria-label","Switch to "+(dark()?"light":"dark")+" colours")}
b.addEventListener("click",function(){r.dataset.theme=dark()?"light":"dark";say()});say()})();
function reveal(){var t=location.hash&&document.getElementById(location.hash.slice(1));for(;t;t=t.parentElement)if(t.tagName==="DETAILS")t.open=true}
addEventListener("hashchange",reveal);reveal();`;

/** One complete HTML document that loads nothing. */
export function renderPage(page: Page): string {
  const { title, sections } = page;
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="unlabeled${page.version && ` ${page.version}`}">
<title>${title}</title>
<style>${trusted(pageStyle)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top">
<div class="bar"><span><b>unlabeled</b>${page.createdAt && ` · ${page.createdAt.slice(0, 10)}`}</span><span class="tools">${
    page.invertible && html`<label><input type="checkbox" id="invert">Invert images</label>`
  }<button type="button" id="theme" hidden>Dark</button></span></div>
<div class="title"><h1>${title}</h1><p class="lede">${page.sentences.join(" ")}</p></div>
${page.tiles}
${notices(page.notices)}
<nav aria-label="Contents"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>
<main id="content">
${sections.map((section) => renderSection(section, 2))}
</main>
<footer>Made by unlabeled${page.version && ` ${page.version}`}. This page is complete in itself and loads nothing.</footer>
<script>${trusted([themeScript, ...page.scripts].join("\n"))}</script>
</body>
</html>
`;
  return document.markup;
}

function renderSection(section: Section, level: 2 | 3): Html {
  const { id, title, body, sections = [], folded = false } = section;
  const inner = sections.map((child) => renderSection(child, 3));
  const heading = level === 2 ? html`<h2>${title}</h2>` : html`<h3>${title}</h3>`;
  if (folded) return html`<details id="${id}"><summary>${heading}</summary>${body}${inner}</details>`;
  return html`<section id="${id}">${heading}
${body}${inner}</section>`;
}

// Thirty seeds may have thirty notices; the page should still begin with its figures.
const noticesAtOnce = 5;

function notices(texts: readonly string[]): Html | undefined {
  if (texts.length === 0) return undefined;
  const items = texts.map((text) => html`<li>${text}</li>`);
  const more = items.slice(noticesAtOnce);
  return html`<div class="notices" role="note"><p><b>Please note</b></p><ul>${items.slice(0, noticesAtOnce)}</ul>${
    more.length > 0 && html`<details><summary>${more.length} more</summary><ul>${more}</ul></details>`
  }</div>`;
}
