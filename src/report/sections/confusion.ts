import { count } from "../../presentation/index.ts";
import { confusionChart } from "../charts/confusion.ts";
import { type ConfusionTable, type ConfusionTables, confusionTables, trimTable } from "../confusion.ts";
import { type Html, html } from "../html.ts";
import type { Part } from "../part.ts";
import { scrollBox, viewSwitch, wideChart } from "../pieces.ts";
import type { RunView } from "../view.ts";
import { ofItems } from "../words.ts";

// What a picture can hold and a page can carry: beyond, the largest clusters and most frequent classes are drawn.
const mostRows = 100;
const mostClasses = 60;

/** Confusion matrix, sorted and as it came (seed 003), sorted also by majority class (seed 000); needs labels. */
export function confusionPart(view: RunView): Part | undefined {
  const tables = confusionTables(view.result);
  if (tables === undefined) return undefined;
  const { prefix } = view;
  const matched = confusionChart(trimTable(tables.matched, mostRows, mostClasses));
  const majority = confusionChart(trimTable(tables.majority, mostRows, mostClasses));
  const unsorted = confusionChart(trimTable(tables.unsorted, mostRows, mostClasses));
  const body = html`<p>Rows are clusters, columns are the true classes; the shade is a class’s share of the cluster.${trimmedWords(tables)}</p>
<div class="views pair">
<div>
<p class="minor">Sorted</p>
${viewSwitch(`${prefix}order`, "Rows by", [
  ["matched", "best match"],
  ["majority", "majority class"],
])}
<div class="view matched">${wideChart(matched, "Sorted confusion matrix", ofItems("Outlined: the class that each cluster is matched with, each class once. Their sum, divided by all images, is the accuracy.", view.result.source))}</div>
<div class="view majority">${wideChart(majority, "Confusion matrix by majority class", majorityWords(tables.majority))}</div>
</div>
<div>
<p class="minor">Unsorted</p>
${wideChart(unsorted, "Unsorted confusion matrix", "The same rows in the order in which the clusters were numbered, which means nothing.")}
</div>
</div>
${numbersTable(tables.matched, "The sorted matrix as numbers")}`;
  return {
    section: { id: `${prefix}confusion`, title: "Clusters and classes", body },
    figures: [
      { name: `${prefix}confusion.svg`, content: matched.file },
      { name: `${prefix}confusion-majority.svg`, content: majority.file },
      { name: `${prefix}confusion-unsorted.svg`, content: unsorted.file },
    ],
  };
}

function majorityWords({ rows, classNames }: ConfusionTable): string {
  const found = new Set(rows.flatMap(({ outlined }) => outlined ?? []));
  const missed = classNames.filter((_, l) => !found.has(l));
  const start = "Outlined: the most frequent class of each cluster. ";
  if (missed.length === 0) return `${start}Every class is the most frequent one of some cluster.`;
  const names = missed.length <= 5 ? `: ${missed.join(", ")}` : "";
  return `${start}${count(found.size)} of ${count(classNames.length)} classes are the most frequent one of some cluster; missing${
    names === "" ? ` are ${count(missed.length)}` : names
  }.`;
}

function trimmedWords({ matched }: ConfusionTables): string {
  if (matched.rows.length <= mostRows && matched.classNames.length <= mostClasses) return "";
  return ` Drawn are the ${mostRows} largest clusters and the ${mostClasses} most frequent classes, where there are more.`;
}

/** The matrix for those who read numbers, or listen to them; nothing for a very large one. */
export function numbersTable({ rows, classNames }: ConfusionTable, title: string): Html | undefined {
  if (rows.length * classNames.length > 1500) return undefined;
  const table = html`<table class="numbers"><thead><tr><th scope="col">Cluster</th>${classNames.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    ({ cluster, counts }) =>
      html`<tr><th scope="row">${cluster}</th>${counts.map((n) => html`<td>${n}</td>`)}</tr>`,
  )}</tbody></table>`;
  return html`<details><summary>${title}</summary>${scrollBox(title, table)}</details>`;
}
