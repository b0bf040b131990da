import type { MethodGroups, RunRecord, SideBySide } from "../../experiment/index.ts";
import { decimal, percent, quantity, slug } from "../../presentation/index.ts";
import { type Columns, smallConfusionChart } from "../charts/small-confusion.ts";
import { className, scoredSource } from "../clusters.ts";
import { type ConfusionTable, trimTable } from "../confusion.ts";
import { type Html, html, trusted } from "../html.ts";
import type { Figure, Part } from "../part.ts";
import { numbersTable } from "./confusion.ts";

// What a small picture can hold: beyond, the largest clusters and the most frequent classes are drawn.
const mostRows = 100;
const mostColumns = 100;

/** Names of the groups that the methods are held against: classes, or clusters of the first method by number. */
export function groupNames(
  { reference, nGroups }: SideBySide,
  results: readonly RunRecord[],
): readonly string[] {
  const [first] = results;
  const named = reference === "classes" && first !== undefined ? scoredSource(first) : undefined;
  return Array.from({ length: nGroups }, (_, g) => (named ? className(named, g) : `${g}`));
}

/**
 * The confusion matrices of all methods with the same columns and shades. Without labels, the columns are the clusters
 * of the first method, and every other method has a matrix against them.
 */
export function sideBySidePart(shared: SideBySide, results: readonly RunRecord[]): Part {
  const names = groupNames(shared, results);
  const [first] = shared.methods;
  const labelled = shared.reference === "classes";
  const columns: Columns = labelled ? "classes" : { clustersOf: first?.method ?? "" };
  const drawn = (labelled ? shared.methods : shared.methods.slice(1)).map((groups, m) => {
    const table = tableOf(groups, names);
    const chart = smallConfusionChart(trimTable(table, mostRows, mostColumns), columns);
    const figure: Figure = { name: `side-by-side-${m + 1}-${slug(groups.method)}.svg`, content: chart.file };
    const markup = html`<li><figure class="multiple"><figcaption><b>${groups.method}</b><span class="soft">${captionOf(groups, shared, results)}</span></figcaption>${trusted(chart.inline)}</figure></li>`;
    return { figure, markup, table };
  });
  const trimmed = drawn.some(({ table }) => table.rows.length > mostRows) || names.length > mostColumns;
  const body = html`<p>${labelled ? classesWords : clustersWords(first)}${
    trimmed &&
    ` Of very many, the ${mostRows} largest clusters and the ${mostColumns} most frequent columns are drawn.`
  }</p>
${shadesKey()}
<ul class="multiples">${drawn.map(({ markup }) => markup)}</ul>
${
  !labelled &&
  drawn.map(({ table }, m) =>
    numbersTable(
      table,
      `${shared.methods[m + 1]?.method} (rows) against ${first?.method} (columns), as numbers`,
    ),
  )
}`;
  return {
    section: {
      id: "side-by-side",
      title: labelled ? "Clusters and classes, side by side" : "Clusters against clusters",
      body,
    },
    figures: drawn.map(({ figure }) => figure),
  };
}

const classesWords =
  "Columns are the true classes, in the same order everywhere; rows are the clusters of each method, in the order of their best match, so that agreement lies on the diagonal. Two dark cells in a row: a cluster that mixes classes. Two in a column: a class that is split.";

function clustersWords(first: MethodGroups | undefined): string {
  return `No labels are known, so all other methods are held against the first: columns are the clusters of ${first?.method} (seed ${first?.seed}), in the same order everywhere; rows are the clusters of the other method, in the order of their best match. A clean diagonal means the same groups; two dark cells in a row, that what ${first?.method} parts is one group here.`;
}

function tableOf({ order, partners, counts }: MethodGroups, classNames: readonly string[]): ConfusionTable {
  const rows = order.map((cluster, r) => {
    const outlined = partners[r] ?? null;
    return { cluster, counts: counts[r] ?? [], ...(outlined !== null && { outlined }) };
  });
  return { classNames, rows };
}

function captionOf(
  { method, seed, ari, order }: MethodGroups,
  { reference, nGroups }: SideBySide,
  results: readonly RunRecord[],
): string {
  const run = results.find((result) => result.method === method && result.seed === seed);
  const { accuracy } = run?.metrics ?? {};
  const clusters = order.length === nGroups ? [] : [quantity(order.length, "cluster")];
  const score =
    reference === "classes" && accuracy !== undefined
      ? `accuracy ${percent(accuracy)}`
      : `adjusted Rand index ${decimal(ari, 2)}`;
  return [score, `seed ${seed}`, ...clusters].join(", ");
}

function shadesKey(): Html {
  const steps = [0.05, 0.25, 0.5, 0.75, 1];
  return html`<p class="shades"><span>Share of the row: 0%</span>${steps.map((step) => html`<i style="opacity:${step}"></i>`)}<span>100%</span></p>`;
}
