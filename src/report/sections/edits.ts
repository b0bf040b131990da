import type { ShownCluster, ShownEdits } from "../../edits/index.ts";
import type { SourceRecord } from "../../experiment/index.ts";
import { imageLength, sliceImages } from "../../images/index.ts";
import { count, percent, quantity, shorten } from "../../presentation/index.ts";
import { className, classWords, indexOfGreatest, scoredSource, sum } from "../clusters.ts";
import { type Html, html } from "../html.ts";
import type { Part } from "../part.ts";
import { imageGrid, scrollBox } from "../pieces.ts";
import { shrinkImages } from "../sprite.ts";
import type { RunView } from "../view.ts";
import { itemOf } from "../words.ts";

/** Examples of one cluster, and bytes of pixels of all together, at most. */
const mostExamples = 16;
const mostBytes = 300_000;

/** Edits that are listed; of more, the last ones. */
const mostEdits = 100;

/** The clusters as people have edited them, and what they did. All other sections speak of those that the run found. */
export function editsPart(view: RunView, { clusters, log }: ShownEdits): Part {
  const source = scoredSource(view.result);
  const items = `${itemOf(source)}s`;
  const done = log.filter(({ undone }) => !undone);
  const body = html`<p>People have edited the clusters of this run: there are ${count(clusters.length)} now, where it found ${count(view.result.clusters)}. What follows after this section, scores and pictures, is of the clusters as the run found them; a name is given there to those that were neither merged nor split.</p>
${clustersTable(clusters, source, items)}
${!source.vectors && examplesOf(clusters)}
<details><summary>What was done: ${quantity(done.length, "edit")}</summary><ol start="${Math.max(1, done.length - mostEdits + 1)}">${done
    .slice(-mostEdits)
    .map(
      ({ at, what }) => html`<li>${what} <span class="soft">${at.slice(0, 16).replace("T", " ")}</span></li>`,
    )}</ol></details>`;
  return { section: { id: `${view.prefix}edits`, title: "Clusters as edited", body }, figures: [] };
}

function clustersTable(clusters: readonly ShownCluster[], source: SourceRecord, items: string): Html {
  const labelled = clusters.some(({ classCounts }) => classCounts !== undefined);
  const noted = clusters.some(({ notes }) => notes !== null);
  const heads = ["Name", items.replace(/^./, (letter) => letter.toUpperCase())];
  if (labelled) heads.push("Most frequent class");
  if (noted) heads.push("Notes");
  const table = html`<table><thead><tr><th scope="col">Cluster</th>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${clusters.map(
    ({ cluster, name, notes, size, classCounts }) =>
      html`<tr><th scope="row">${cluster}</th><td>${name ?? ""}</td><td>${count(size)}</td>${labelled && html`<td>${majorityOf(classCounts, source)}</td>`}${noted && html`<td>${notes ?? ""}</td>`}</tr>`,
  )}</tbody></table>`;
  return scrollBox("Clusters as edited", table);
}

function majorityOf(counts: readonly number[] | undefined, source: SourceRecord): string {
  const total = sum(counts ?? []);
  if (counts === undefined || total === 0) return "";
  const best = indexOfGreatest(counts);
  const words = classWords(shorten(className(source, best), 40));
  return `${percent((counts[best] ?? 0) / total)} ${words}`;
}

function examplesOf(clusters: readonly ShownCluster[]): Html | undefined {
  const shown = clusters.flatMap(({ cluster, name, size, examples }) =>
    examples
      ? [
          {
            cluster,
            name,
            size,
            images: sliceImages(examples.images, 0, Math.min(mostExamples, examples.images.count)),
          },
        ]
      : [],
  );
  if (shown.length === 0) return undefined;
  const bytes = sum(shown.map(({ images }) => images.count * imageLength(images)));
  const shrink = Math.ceil(Math.sqrt(Math.max(1, bytes / mostBytes)));
  const columns = Math.ceil(Math.sqrt(Math.max(...shown.map(({ images }) => images.count))));
  const cards = shown.map(({ cluster, name, size, images }) => {
    const alt = `${count(images.count)} images of cluster ${cluster}`;
    return html`<figure class="card"><figcaption><b>Cluster ${cluster}${name !== null && `: ${name}`}</b> <span class="soft">${quantity(size, "image")}</span></figcaption>${imageGrid(shrinkImages(images, shrink), columns, 174, alt)}</figure>`;
  });
  return html`<div class="cards small">${cards}</div>`;
}
