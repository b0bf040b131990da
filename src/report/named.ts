/** Names of clusters in a report that was written before they had any, and cannot be drawn again. */
import type { ClusterNames } from "./clusters.ts";
import { html } from "./html.ts";

/**
 * The page with the names: beside the numbers of the clusters in their headings, and, with the notes, in a list before the
 * first section. All else stays as it is, byte by byte; a page of another program stays whole.
 */
export function namedReport(page: string, names: ClusterNames): string {
  const named = [...names].sort(([a], [b]) => a - b);
  if (named.length === 0) return page;
  const items = named.map(
    ([cluster, { name, notes }]) =>
      html`<div><dt>Cluster ${cluster}</dt><dd>${name}${notes && html`<span class="soft">${notes}</span>`}</dd></div>`,
  );
  const list = html`<section id="names"><h2>Names of the clusters</h2><dl class="facts">${items}</dl></section>`;
  const listed = page.replace('<main id="content">', (start) => `${start}\n${list.markup}`);
  return named.reduce((text, [cluster, { name }]) => {
    if (name === undefined) return text;
    const heading = `<b>Cluster ${cluster}</b>`;
    return text.replaceAll(heading, () => html`<b>Cluster ${cluster}: ${name}</b>`.markup);
  }, listed);
}
